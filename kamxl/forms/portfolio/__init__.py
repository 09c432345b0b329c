"""Portfolio.xlsx: one module per sheet, and the words that the page shares with it.

Use cases and ``report`` come in.
"""
