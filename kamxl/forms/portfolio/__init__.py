"""Portfolio.xlsx: one module per sheet, and the words that the page shares with it.

A sheet is a table, whose columns are declared there and nowhere else, and how it is drawn. Use
cases and ``report`` come in.
"""
