"""The criteria, conditions and weights of *Selection*, as its columns and formulas name them."""

from __future__ import annotations

from kamxl.core.method.gate import Answer, GrowthCondition
from kamxl.core.method.selection import SelectionCriterion
from kamxl.forms.tables.columns import Choices
from kamxl.forms.tables.reckoning import letters

GROWTH = Choices.of("register.choices.growth", Answer)
WEIGHTS_ROW = 9  # the weights, right above the criteria they weigh
WEIGHTS_KEY = "selection:weights"  # by which the row is found again, wherever it was moved
RATINGS = tuple(f"rate_{criterion}" for criterion in SelectionCriterion)
CONDITIONS = tuple(f"grow_{condition}" for condition in GrowthCondition)
LETTERS = letters(GROWTH)  # of the answers, in the column in which they stand together
