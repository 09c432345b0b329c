"""The adapter to Excel: draws and reads workbooks; knows nothing of accounts."""
