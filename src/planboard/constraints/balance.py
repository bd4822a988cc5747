"""Balance rows: what is made or brought in covers what is used, product by product."""

import numpy as np

from planboard.constraints.layout import Layout
from planboard.constraints.outlook import Outlook
from planboard.constraints.rows import Entries, entries, family_rows
from planboard.labels import grid
from planboard.program import Rows


def balance_rows(o: Outlook, layout: Layout) -> list[Rows]:
    """Supply less use of product i in year t covers building, final use and inventories.

        Σ_j (output − input)[i,j] x_j + m_i − e_i + s_i,t−1 − s_i
            ≥ Σ_h,j capital_required[i,h,j] v_h,j + Σ_v required[i,v] c_v
              + Σ_c (basket[i,c] f_c + d_i,c) + inventories_i

    Unit: product unit. An activity with an input lag takes its inputs that much earlier.
    """
    n, horizon = len(o.products), o.horizon
    row = np.arange(n * horizon).reshape(n, horizon)
    bound = o.inventories.copy()
    bound[:, 0] -= np.where(_storable(o), stock_carried(o), 0.0)
    parts = [
        *_activity_entries(o, layout, row),
        *_use_entries(o, layout, row),
        *(
            entries(row[None], layout.at[flow], sign)
            for flow, sign in (("imports", 1.0), ("exports", -1.0))
        ),
        entries(row, layout.at["stock"], -1.0),
        entries(row[:, 1:], layout.at["stock"][:, :-1], 1 - o.accounts.storage_loss[:, None]),
    ]
    index = grid({"region": [o.region], "product": [p.name for p in o.products], "year": o.years})
    unit = np.repeat(o.supply_unit, horizon)
    return [family_rows("balance", index, (bound, np.inf), unit, parts)]


def stock_carried(o: Outlook) -> np.ndarray:
    """What is left in the first year of the stock that the base year ended with, shape (n,)."""
    return np.asarray(o.accounts.initial_stock * (1 - o.accounts.storage_loss))


def _storable(o: Outlook) -> np.ndarray:
    return np.array([product.storable for product in o.products])


def _activity_entries(o: Outlook, layout: Layout, row: np.ndarray) -> list[Entries]:
    activity = layout.at["activity"]
    use_year, weight = o.use_year()
    j_axis = np.arange(len(o.activities))[:, None]
    used = activity[j_axis, use_year]
    made_i, made_j = np.nonzero((o.output != 0).any(axis=2))
    used_i, used_j = np.nonzero((o.input != 0).any(axis=2))
    return [
        entries(row[made_i], activity[made_j], o.output[made_i, made_j]),
        entries(row[used_i], used[used_j], -o.input[used_i, used_j] * weight[used_j]),
    ]


def _use_entries(o: Outlook, layout: Layout, row: np.ndarray) -> list[Entries]:
    i, h, j = np.nonzero((o.capital_required != 0).any(axis=3))
    basket_i, basket_c = np.nonzero((o.basket != 0).any(axis=2))
    spent, v = np.nonzero(o.accounts.conversions.required)
    return [
        entries(row[i], layout.at["building"][h, j], -o.capital_required[i, h, j]),
        entries(
            row[spent],
            layout.at["conversion"][v],
            -o.accounts.conversions.required[spent, v][:, None],
        ),
        entries(row[basket_i], layout.at["consumption"][basket_c], -o.basket[basket_i, basket_c]),
        entries(row[None], layout.at["deliveries"], -1.0),
    ]
