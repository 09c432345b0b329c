"""The portfolio as one page to read, mail and print: Portfolio.html.

Only the use case of consolidating comes in.
"""
