"""What a step inherits of its table's rounding: the new figures do not show it any more."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from planboard.economy import Array, Economy
from planboard.leontief import all_gaps, rounding_of
from planboard.leontief.rounding import SAME, STEP

Step = Mapping[str, str]


def with_rounding(
    step: Step, economy: Economy, change: Callable[[Array], Mapping[str, float]]
) -> Step:
    """A step of the history that says which gaps of its balances come of the table's rounding.

    Parameters
    ----------
    economy : before the step
    change : from gaps by region and product, shape (R, n), the largest of each new region
    """
    gaps, supply = all_gaps(economy)
    rounding = rounding_of(economy, gaps)
    if rounding is None:
        return step
    is_gap = rounding.explains(gaps) & (np.abs(gaps) > SAME * supply)
    told = rounding.told(change(np.where(is_gap, gaps, 0.0)))
    return {"step": step["step"], STEP: told, "detail": step["detail"]}


def largest(regions: Sequence[str], gaps: Array) -> dict[str, float]:
    """The largest gap of each region, whatever its sign."""
    return dict(zip(regions, np.abs(gaps).max(axis=1, initial=0.0).tolist(), strict=True))
