"""The method: immutable records and pure functions. Standard library only; no file, no label, no clock."""
