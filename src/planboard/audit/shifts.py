"""Have figures slipped along their labels?"""

import numpy as np

from planboard.economy import Array
from planboard.robust import middle

FARTHEST = 3  # Places that a column is moved by; farther, nobody slips.
FEWEST = 8  # Figures from which a slip can be told from chance.
# Labels -> misfit after moving over misfit before. Of figures that are as much noise as pattern,
# less than one case in a hundred falls below this by chance.
FITS = ((30, 0.5), (20, 0.4), (14, 0.25), (0, 0.12))
APART = np.log(1.5)  # Misfit before: below, figures fit as they are.


def slipped(figures: Array, expected: Array) -> int:
    """By how many places figures have slipped along their labels; 0 if they fit as they stand.

        misfit(k) = median_j |d_j − median d|,    d_j = figures[j + k] − expected[j]

    Positive: what belongs to a label stands that many labels further on.

    Parameters
    ----------
    figures, expected : logarithms in the order of the labels, shape (m,), NaN where not known
    """
    moves = [k for k in range(-FARTHEST, FARTHEST + 1) if k]
    before = misfit(figures, expected, 0)
    if not before > APART:
        return 0
    after = {k: misfit(figures, expected, k) for k in moves}
    best = min(moves, key=lambda k: (np.nan_to_num(after[k], nan=np.inf), abs(k)))
    known = int((np.isfinite(figures) & np.isfinite(expected)).sum())
    fit = next(fit for fewest, fit in FITS if known >= fewest)
    return best if after[best] < fit * before else 0


def misfit(figures: Array, expected: Array, places: int) -> float:
    """Median distance of figures from what is expected once they are moved back by some places."""
    n = len(figures)
    moved = np.full(n, np.nan)
    at = np.arange(max(0, -places), min(n, n - places))
    moved[at] = figures[at + places]
    difference = moved - expected
    if np.isfinite(difference).sum() < FEWEST:
        return np.nan
    return middle(np.abs(difference - middle(difference)))
