"""Register.xlsx: its sheets, live help and pictures; reading it back, every mistake at once.

Use cases come in; the plan shares its columns of people and requirements.
"""
