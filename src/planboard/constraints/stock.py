"""Stock rows: what is stored for the years after the last."""

import numpy as np

from planboard.constraints.layout import Layout
from planboard.constraints.outlook import Outlook
from planboard.constraints.rows import entries, family_rows
from planboard.labels import pick
from planboard.program import Rows


def stock_rows(o: Outlook, layout: Layout) -> list[Rows]:
    """Stocks end no lower than they began.

        s_i,T ≥ s_i,0

    Unit: product unit. Left out where the plan does not provide for the years after.
    """
    storable = np.array([product.storable for product in o.products])
    i = np.nonzero(storable & (o.accounts.initial_stock > 0) & o.provides)[0]
    none = np.zeros(len(i), dtype=int)
    axes = {"region": [o.region], "product": [p.name for p in o.products], "year": o.years[-1:]}
    bound = o.accounts.initial_stock[i]
    parts = [entries(np.arange(len(i)), layout.at["stock"][i, -1], 1.0)]
    return [family_rows("stock_end", pick(axes, [none, i, none]), (bound, np.inf), bound, parts)]
