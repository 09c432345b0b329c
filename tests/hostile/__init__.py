"""Files nobody should have made, and what becomes of each."""
