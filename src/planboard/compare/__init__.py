"""compare: a plan beside its base year, and beside what happened."""

from planboard.compare.actual import ActualComparison, against_actual
from planboard.compare.backtest import with_hindsight
from planboard.compare.base import since_base
from planboard.compare.distance import farthest_industries, how_far
from planboard.compare.moves import industries_that_leapt, industry_ratios, largest_moves
from planboard.compare.plans import PlanComparison, compare_results
from planboard.compare.steps import explain_difference

__all__ = [
    "ActualComparison",
    "PlanComparison",
    "against_actual",
    "compare_results",
    "explain_difference",
    "farthest_industries",
    "how_far",
    "industries_that_leapt",
    "industry_ratios",
    "largest_moves",
    "since_base",
    "with_hindsight",
]
