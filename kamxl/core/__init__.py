"""The method: immutable records and pure functions. No file, no label, no clock; only Python."""
