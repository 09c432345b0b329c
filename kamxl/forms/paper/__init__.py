"""The terms in which workbooks are described and read: cells, styles, sheets, raw cells.

Every form and every adapter comes in; it needs nobody.
"""
