"""What stands where in each workbook: sheets, tables, fields, ids, wording keys."""
