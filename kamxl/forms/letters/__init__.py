"""Mails and lists: what a letter may say, who gets one, what is wrong in a workbook.

Use cases come in.
"""
