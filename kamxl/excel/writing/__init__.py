"""From a book's description to bytes: a layout is drawn once by openpyxl, then only filled.

Knows nothing of accounts. Use cases come in; ``live`` and ``proof`` borrow its terms.
"""
