"""Excel while it is open, piece by piece."""
