"""Consumption rows: living standards do not fall, and utility lies under its tangents."""

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
    """Utility is what the segments of consumption are worth, and they fit into it.

        u_c,t ≤ log(p_1) − 1 + Σ_k s_c,k,t / p_k
        Σ_k s_c,k,t ≤ f_c,t

    with tangent points p_1 < p_2 < … and segments of the widths that `layout.segment_columns`
    says. Slopes fall, so segments fill in their order, and utility is the lowest of all tangents
    log(p) + (f − p) / p. Rows of the tangents themselves would say the same; but near the answer
    they are so nearly parallel that an interior point method stalls, where it tells bounded columns
    apart with ease. Tangent points are refined round the answer until the utility is exact.

    Unit: log points; base-year baskets.
    """
    families = []
    for c in o.households():
        place = layout.at["utility"][c]
        if (place < 0).any():
            continue
        points = o.tangents[o.categories[c].name]
        axes = {"region": [o.region], "category": [o.categories[c].name], "year": o.years}
        t = np.arange(o.horizon)
        index = pick(axes, [np.zeros_like(t), np.zeros_like(t), t])
        segment = layout.at["segment"][c, : points.shape[1]].T
        row = np.broadcast_to(t[:, None], segment.shape)
        worth = [entries(t, place, 1.0), entries(row, segment, -1 / points)]
        fit = [entries(row, segment, 1.0), entries(t, layout.at["consumption"][c], -1.0)]
        bound = np.log(points[:, 0]) - 1
        families += [
            family_rows("utility", index, (-np.inf, bound), UTILITY_UNIT, worth),
            family_rows("segment", index, (-np.inf, 0.0), 1.0, fit),
        ]
    return families
