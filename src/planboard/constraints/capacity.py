"""Capacity and capital rows: what plant allows, and how it comes and goes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planboard.constraints.layout import ABSENT, Layout, capacity_unit
from planboard.constraints.outlook import Outlook
from planboard.constraints.rows import Entries, entries, family_rows
from planboard.economy import Array, Integers
from planboard.labels import pick
from planboard.program import Rows


def capacity_rows(o: Outlook, layout: Layout) -> list[Rows]:
    """No activity beyond what each kind of its capital serves.

        x_j ≤ utilisation_j · q_h,j

    Unit: activity unit.
    """
    row, index, unit = _numbered(o, _every_year(o))
    parts = [
        entries(row, layout.at["activity"][None], 1.0),
        entries(row, layout.at["capacity"], -o.utilisation[None]),
    ]
    return [family_rows("capacity", index, (-np.inf, 0.0), unit, parts)]


def capital_rows(o: Outlook, layout: Layout) -> list[Rows]:
    """Capacity carries over, less depreciation, plus what was ordered `gestation` years ago.

        q_h,j,t+1 − (1 − depreciation) q_h,j,t − v_h,j,t+1−gestation = arriving_h,j,t+1

    Conversion takes c from the source's row of the next year and puts share · c into the target's
    row `delay` years on. `arriving` was ordered before the plan; q at t = 1 adds to it what is left
    of the base year's capacity. Unit: activity unit.
    """
    row, index, unit = _numbered(o, _every_year(o))
    capacity, building = layout.at["capacity"], layout.at["building"]
    left = 1 - o.depreciation
    bound = o.arriving.copy()
    bound[..., 0] += np.where(o.is_limited, left[..., 0] * o.accounts.capacity, 0.0)
    ordered = np.arange(o.horizon) - o.accounts.gestation[..., None]
    h, j = np.ogrid[: row.shape[0], : row.shape[1]]
    source = building[h[..., None], j[..., None], np.maximum(ordered, 0)]
    parts = [
        entries(row, capacity, 1.0),
        entries(row[..., 1:], capacity[..., :-1], -left[..., 1:]),
        entries(np.where(ordered >= 0, row, ABSENT), source, -1.0),
        *_converted(o, layout, row),
    ]
    kept = bound[row >= 0]
    return [family_rows("capital", index, (kept, kept), unit, parts)]


def _converted(o: Outlook, layout: Layout, row: Integers) -> list[Entries]:
    """What conversions take from the source's capacity and add to the target's."""
    c, place = o.accounts.conversions, layout.at["conversion"]
    parts = [entries(row[c.kind, c.source, 1:], place[:, :-1], 1.0)]
    for v in range(len(c)):
        late = int(c.delay[v])
        target = row[c.kind[v], c.target[v], late:]
        parts.append(entries(target, place[v, : len(target)], -c.share[v]))
    return parts


def provision_rows(o: Outlook, layout: Layout) -> list[Rows]:
    """What is ordered last must carry on: replace what wears out, and grow.

        v_h,j,s ≥ (carry_on + depreciation) q_h,j,T    for orders s that arrive after the last year

    Unit: activity unit. Left out where the plan does not provide for the years after.
    """
    late = np.arange(o.horizon) >= o.horizon - o.accounts.gestation[..., None]
    wanted = late & o.is_buildable[..., None] & o.provides
    row, index, unit = _numbered(o, wanted)
    needed = o.carry_on + o.depreciation[..., -1:]
    parts = [
        entries(row, layout.at["building"], 1.0),
        entries(row, layout.at["capacity"][..., -1:], -needed),
    ]
    return [family_rows("provision", index, (0.0, np.inf), 0.1 * unit, parts)]


def _numbered(o: Outlook, wanted: NDArray[np.bool_]) -> tuple[Integers, pd.MultiIndex, Array]:
    """Rows for the (kind, activity, year) wanted: their places (or absent), labels and units."""
    row = np.full(wanted.shape, ABSENT, dtype=np.int64)
    row[wanted] = np.arange(int(wanted.sum()))
    h, j, t = np.nonzero(wanted)
    axes: Mapping[str, Sequence[Any]] = {
        "region": [o.region],
        "kind": o.kinds,
        "activity": o.activities,
        "year": o.years,
    }
    unit = np.broadcast_to(capacity_unit(o), wanted.shape)[wanted]
    return row, pick(axes, [np.zeros(len(h), dtype=int), h, j, t]), unit


def _every_year(o: Outlook) -> NDArray[np.bool_]:
    return np.repeat(o.is_limited[..., None], o.horizon, axis=2)
