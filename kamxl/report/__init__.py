"""The portfolio as one page to read, mail and print, and account briefs, which a browser prints.

Only the use cases of consolidating and of briefs come in, and guard, which proves a page.
"""
