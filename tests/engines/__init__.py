"""xlwings engines that need no Excel, for the tests of the add-in.

One shell (what xlwings asks of an engine) stands on two back ends: openpyxl in memory, fast and
without calculation, and a real LibreOffice through UNO. The shell behaves as Excel on Windows does
where that has caught people out: what is typed becomes a number or a formula, blocks come back as
tuples, numbers as floats, copying ends with the next entry. What neither can do raises
``NotImplementedError`` with its name, so that no test passes by accident.
"""
