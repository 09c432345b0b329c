"""Tables, declared once: columns, what may stand in a cell, finding them again, reading them.

The forms of workbooks come in.
"""
