"""Trade rows: what a region may owe the others. Bands are bounds of the trade columns."""

import numpy as np

from planboard.constraints.layout import Layout
from planboard.constraints.outlook import Outlook
from planboard.constraints.rows import entries, family_rows
from planboard.labels import grid
from planboard.program import Rows


def external_rows(o: Outlook, layout: Layout) -> list[Rows]:
    """Imports exceed exports, at base-year prices, by no more than the allowed deficit.

        Σ_i price_i (m_i − e_i) ≤ deficit_t        or, over the whole plan, the same summed over t

    Unit: money. A region without trade has no row.
    """
    if not o.markets or not np.isfinite(o.deficit).all():
        return []
    if not ((layout.at["imports"] >= 0).any() or (layout.at["exports"] >= 0).any()):
        return []
    over_plan = o.balance_over_plan
    row = np.zeros(o.horizon, dtype=np.int64) if over_plan else np.arange(o.horizon)
    years = [o.years[o.reported - 1]] if over_plan else o.years
    bound = np.atleast_1d(o.deficit.sum()) if over_plan else o.deficit
    value = (o.terms_of_trade[:, None] * o.price)[..., None]
    parts = [
        entries(row, layout.at["imports"], value),
        entries(row, layout.at["exports"], -value),
    ]
    unit = max(float((o.price @ o.accounts.imports).sum()), float(o.price @ o.supply_unit) * 1e-3)
    index = grid({"region": [o.region], "year": years})
    return [family_rows("external", index, (-np.inf, bound), unit, parts)]
