"""All ways to the same number: Python's records, JSON, the workbook recalculated, the page."""
