"""Pace rows: plants and people do not vanish."""

import numpy as np
from numpy.typing import NDArray

from planboard.constraints.layout import ABSENT, Layout
from planboard.constraints.outlook import Outlook
from planboard.constraints.rows import entries, family_rows
from planboard.economy import Array
from planboard.labels import pick
from planboard.program import Rows


def pace_rows(o: Outlook, layout: Layout) -> list[Rows]:
    """An activity shrinks by at most `decline` a year and, if the plan says so, grows so much.

        (1 − decline_j,t) x_j,t−1 ≤ x_j,t ≤ (1 + growth_j,t) x_j,t−1,    x_j,0 the base-year level

    Unit: activity unit. Output that was decided before the plan is not held to it, nor is the
    growth of an activity that the base year does not know.
    """
    decided = np.arange(o.horizon)[None, :] < o.accounts.input_lag[:, None]
    is_known = (o.accounts.level > 0)[:, None]
    kept = 1 - o.decline
    shrinks = (kept > 0) & ~decided & (is_known | (np.arange(o.horizon) > 0))
    grows = np.isfinite(o.growth) & ~decided & is_known
    return [
        _pace(o, layout, "pace", kept, shrinks),
        _pace(o, layout, "pace_growth", 1 + o.growth, grows),
    ]


def _pace(o: Outlook, layout: Layout, name: str, factor: Array, wanted: NDArray[np.bool_]) -> Rows:
    """Rows x_t − factor · x_t−1, at least zero ("pace") or at most zero."""
    row = np.full(wanted.shape, ABSENT)
    row[wanted] = np.arange(int(wanted.sum()))
    factor = np.where(wanted, factor, 0.0)
    bound = np.zeros(wanted.shape)
    bound[:, 0] = factor[:, 0] * o.accounts.level
    j, t = np.nonzero(wanted)
    axes = {"region": [o.region], "activity": o.activities, "year": o.years}
    index = pick(axes, [np.zeros(len(j), dtype=int), j, t])
    unit = np.broadcast_to(o.activity_unit[:, None], wanted.shape)[wanted]
    activity, kept = layout.at["activity"], bound[wanted]
    parts = [entries(row, activity, 1.0), entries(row[:, 1:], activity[:, :-1], -factor[:, 1:])]
    bounds = (kept, np.inf) if name == "pace" else (-np.inf, kept)
    return family_rows(name, index, bounds, unit, parts)
