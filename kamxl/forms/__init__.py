"""What stands where in each workbook: one room per workbook, over tables and paper.

Adapters and use cases come in; a workbook only through the doors that a test names.
"""
