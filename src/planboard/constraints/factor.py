"""Factor rows: hours, land, emissions are used within what there is of them."""

import numpy as np

from planboard.constraints.layout import Layout
from planboard.constraints.outlook import Outlook
from planboard.constraints.rows import Entries, entries, family_rows
from planboard.labels import pick
from planboard.program import Rows


def factor_rows(o: Outlook, layout: Layout) -> list[Rows]:
    """Use of factor k in production and building stays within the endowment.

        Σ_j factor_use[k,j,t] x_j + Σ_h,j factor_use_building[k,h,j] v_h,j ≤ endowment[k,t]

    Unit: factor unit. An unlimited factor has no row.
    """
    limited = np.isfinite(o.endowment)
    row = np.full(limited.shape, -1, dtype=np.int64)
    row[limited] = np.arange(int(limited.sum()))
    k, t = np.nonzero(limited)
    codes = [np.zeros(len(k), dtype=int), k, t]
    names = [factor.name for factor in o.factors]
    index = pick({"region": [o.region], "factor": names, "year": o.years}, codes)
    bound = o.endowment[limited]
    unit = np.where(bound > 0, bound, 1.0)
    return [family_rows("factor", index, (-np.inf, bound), unit, _use(o, layout, row))]


def _use(o: Outlook, layout: Layout, row: np.ndarray) -> list[Entries]:
    use_year, weight = o.use_year()
    column = layout.at["activity"][np.arange(len(o.activities))[:, None], use_year]
    k, j = np.nonzero((o.factor_use != 0).any(axis=2))
    built_k, built_h, built_j = np.nonzero((o.factor_use_building != 0).any(axis=3))
    return [
        entries(row[k], column[j], o.factor_use[k, j] * weight[j]),
        entries(
            row[built_k],
            layout.at["building"][built_h, built_j],
            o.factor_use_building[built_k, built_h, built_j],
        ),
    ]
