"""The scorecard a customer gets: its sheets, their formulas; reading back what she typed.

Use cases come in; the register asks it how much a card has room for.
"""
