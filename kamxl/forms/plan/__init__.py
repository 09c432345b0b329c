"""The account plan: its tables, live figures, pages; reading it back.

Use cases come in.
"""
