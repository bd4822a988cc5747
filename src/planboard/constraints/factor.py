"""Factor rows: hours, land, emissions are used within what there is of them."""

import numpy as np

from planboard.constraints.layout import ABSENT, Layout
from planboard.constraints.outlook import Outlook
from planboard.constraints.rows import Entries, entries, family_rows
from planboard.economy import Integers
from planboard.labels import pick
from planboard.program import Rows


def factor_rows(o: Outlook, layout: Layout) -> list[Rows]:
    """Use of factor k in production and building stays within the endowment.

        Σ_j factor_use[k,j,t] x_j + Σ_h,j factor_use_building[k,h,j] v_h,j
            ≤ endowment[k,t] + Σ_j factor_supply[k,j] Σ_s<t x_j,s

    An exhaustible factor has one row, over all years, with the endowment of the first, labelled
    with the last year reported. An unlimited factor has none. Unit: factor unit.
    """
    limited = np.isfinite(o.endowment)
    exhaustible = np.array([factor.exhaustible for factor in o.factors], dtype=bool)
    limited[exhaustible, :-1] = False
    row = np.full(limited.shape, ABSENT)
    row[limited] = np.arange(int(limited.sum()))
    row[exhaustible] = row[exhaustible, -1:]
    k, t = np.nonzero(limited)
    t = np.where(exhaustible[k], o.reported - 1, t)
    codes = [np.zeros(len(k), dtype=int), k, t]
    names = [factor.name for factor in o.factors]
    index = pick({"region": [o.region], "factor": names, "year": o.years}, codes)
    bound = np.where(exhaustible[k], o.endowment[k, 0], o.endowment[k, t])
    unit = np.where(bound > 0, bound, 1.0)
    parts = [*_use(o, layout, row), *_supply(o, layout, row)]
    return [family_rows("factor", index, (-np.inf, bound), unit, parts)]


def _use(o: Outlook, layout: Layout, row: Integers) -> list[Entries]:
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


def _supply(o: Outlook, layout: Layout, row: Integers) -> list[Entries]:
    """What an activity opens up is there in every later year."""
    k, j = np.nonzero(o.accounts.factor_supply)
    supply = -o.accounts.factor_supply[k, j][:, None]
    last = o.horizon - 1
    is_last_only = np.array([factor.exhaustible for factor in o.factors], dtype=bool)[k]
    return [
        entries(
            np.where(is_last_only & (t < last), ABSENT, row[k, t])[:, None],
            layout.at["activity"][j, :t],
            supply,
        )
        for t in range(1, o.horizon)
    ]
