"""Tables, declared once: columns, what may stand in a cell, drawing, finding, reading them.

The forms of workbooks come in.
"""
