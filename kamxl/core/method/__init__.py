"""The formulas of the method, one module for each notion of the seed; numbers in, numbers out.

The lowest room of the core beside ids and periods; records, portfolio and forms come in.
"""
