"""Consumption rows: living standards do not fall, and utility lies under its tangents."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from planboard.constraints.layout import Layout
from planboard.constraints.outlook import Outlook
from planboard.constraints.rows import entries, family_rows
from planboard.labels import pick
from planboard.program import Rows

# The objective weighs log points with up to thirty years' worth, so they are counted in hundredths:
# what a solver lets a row be violated by then hardly moves the objective.
UTILITY_UNIT = 0.01


def steady_rows(o: Outlook, layout: Layout) -> list[Rows]:
    """Household consumption does not fall from one year to the next.

        f_c,t ≥ f_c,t−1

    Unit: base-year baskets. Left out where the plan lets consumption fall.
    """
    level = layout.at["consumption"]
    c = [c for c in o.households() if (level[c] >= 0).all() and not o.may_fall]
    later = np.arange(1, o.horizon)
    row = np.arange(len(c) * len(later)).reshape(len(c), len(later))
    axes = {"region": [o.region], "category": [k.name for k in o.categories], "year": o.years}
    where_c, where_t = np.meshgrid(np.array(c, dtype=int), later, indexing="ij")
    index = pick(axes, [np.zeros(row.size, dtype=int), where_c.ravel(), where_t.ravel()])
    parts = [
        entries(row, level[where_c, where_t], 1.0),
        entries(row, level[where_c, where_t - 1], -1.0),
    ]
    return [family_rows("steady", index, (0.0, np.inf), 1.0, parts)]


def utility_rows(o: Outlook, layout: Layout) -> list[Rows]:
    """Utility lies below every tangent of the logarithm.

        u_c,t ≤ log(p) + (f_c,t − p) / p        for each tangent point p

    Unit: log points. Tangent points are refined round the answer until the utility is exact.
    """
    families = []
    for c in o.households():
        place = layout.at["utility"][c]
        if (place < 0).any():
            continue
        points = o.tangents[o.categories[c].name]
        t, step = (axis.ravel() for axis in np.indices(points.shape))
        axes: Mapping[str, Sequence[Any]] = {
            "region": [o.region],
            "category": [o.categories[c].name],
            "year": o.years,
            "tangent": range(1, points.shape[1] + 1),
        }
        none = np.zeros(points.size, dtype=int)
        row = np.arange(points.size).reshape(points.shape)
        parts = [
            entries(row, place[:, None], 1.0),
            entries(row, layout.at["consumption"][c][:, None], -1 / points),
        ]
        bound = np.log(points) - 1
        index = pick(axes, [none, none, t, step])
        families.append(family_rows("utility", index, (-np.inf, bound), UTILITY_UNIT, parts))
    return families
