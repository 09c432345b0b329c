"""Excel while it is open: a running program and its workbooks, reached through xlwings."""
