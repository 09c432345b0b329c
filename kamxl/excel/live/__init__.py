"""Excel while it is open: a running program and its workbooks, reached through xlwings.

Only the use cases behind the buttons come in.
"""
