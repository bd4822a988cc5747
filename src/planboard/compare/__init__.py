"""compare: a plan beside its base year, and beside what happened."""

from planboard.compare.actual import ActualComparison, against_actual
from planboard.compare.base import since_base
from planboard.compare.moves import industries_that_leapt, industry_ratios, largest_moves

__all__ = [
    "ActualComparison",
    "against_actual",
    "industries_that_leapt",
    "industry_ratios",
    "largest_moves",
    "since_base",
]
