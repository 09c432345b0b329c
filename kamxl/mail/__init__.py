"""The adapter to mail: makes, sends and opens messages; knows nothing of accounts.

Use cases come in.
"""
