"""Small supply and use tables: one by hand, and random ones of which the basic prices are known."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from planboard.tables import Publication
from planboard.tables.supply_use import SupplyUseTable
from planboard.tables.valuation import MARGINS, TAXES

ROLES = {
    "households": "households",
    "government": "government",
    "formation": "capital_formation",
    "stocks": "inventories",
    "sold": "exports",
}


def publication(basis: str = "purchasers", **changes: Any) -> Publication:
    about = Publication(
        name="small",
        title="A small country",
        source="by hand",
        licence="CC0",
        year=2020,
        currency="EUR",
        unit="million EUR",
        price_basis=basis,
    )
    return replace(about, **changes)


def frame(rows: dict[str, list[float]], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, index=columns, dtype=float).T


def small_table(**changes: Any) -> SupplyUseTable:
    """Grain, trade and shipping at purchasers' prices; the farm trades too; all figures whole."""
    industries, categories = ["farms", "shops", "ships"], ["households", "stocks", "sold"]
    parts: dict[str, Any] = {
        "publication": publication(labels={"grain": "Grain", "farms": "Farming"}),
        "region": "LAND",
        "supply": frame(
            {"grain": [90, 10, 0], "trade": [0, 60, 0], "shipping": [0, 0, 20]}, industries
        ),
        "use": frame({"grain": [20, 10, 0], "trade": [5, 5, 2], "shipping": [0, 4, 0]}, industries),
        "final_use": frame(
            {"grain": [120, -2, 32], "trade": [8, 0, 0], "shipping": [2, 0, 4]}, categories
        ),
        "imports": pd.Series({"grain": 30.0, "trade": 0.0, "shipping": 0.0}),
        "value_added": frame({"labour": [30, 30, 10], "capital": [35, 21, 8]}, industries),
        "roles": {name: ROLES[name] for name in categories},
        "adjustments": frame({"grain": [0], "trade": [0], "shipping": [-5]}, ["cif_fob"]),
        "margins": frame(
            {"grain": [40, 5], "trade": [-40, 0], "shipping": [0, -5]}, ["retail", "transport"]
        ),
        "taxes": frame({"grain": [6, -1], "trade": [0, 0], "shipping": [0, 0]}, ["vat", "subsidy"]),
    }
    return SupplyUseTable(**(parts | changes))


def basic_table(seed: int, goods: int = 4, industries: int = 3) -> SupplyUseTable:
    """A random balanced table at basic prices: goods, trade, transport; none of it negative."""
    random = np.random.default_rng(seed)
    products = [*(f"good{i}" for i in range(goods)), "trade", "transport"]
    names, categories = [f"industry{j}" for j in range(industries)], list(ROLES)
    use = random.uniform(0, 10, (len(products), industries))
    final = random.uniform(1, 10, (len(products), len(categories)))
    final[:, 3] = random.uniform(0, 1, len(products))
    final[:, 4] = random.uniform(0, 0.3, len(products)) * use.sum(axis=1)
    imports = random.uniform(0.05, 0.6, len(products)) * (use.sum(axis=1) + final[:, 0])
    output = use.sum(axis=1) + final.sum(axis=1) - imports
    shares = random.dirichlet(np.ones(industries), len(products))
    supply = shares * output[:, None]
    labour = random.uniform(0, 1, industries)
    return SupplyUseTable(
        publication=publication("basic"),
        region="LAND",
        supply=pd.DataFrame(supply, products, names),
        use=pd.DataFrame(use, products, names),
        final_use=pd.DataFrame(final, products, categories),
        imports=pd.Series(imports, products),
        value_added=pd.DataFrame(
            [labour, supply.sum(axis=0) - use.sum(axis=0) - labour], ["labour", "capital"], names
        ),
        roles=ROLES,
    )


def square_table(seed: int, size: int = 4) -> SupplyUseTable:
    """A random table at basic prices with as many industries as products, each with a main one."""
    table = basic_table(seed, goods=size - 2, industries=size)
    random = np.random.default_rng(seed)
    share = np.eye(size) + random.uniform(0, 0.4 / size, (size, size))
    share /= share.sum(axis=1, keepdims=True)
    supply = pd.DataFrame(
        share * table.output.to_numpy()[:, None], table.supply.index, table.supply.columns
    )
    added = table.value_added.copy()
    added.loc["capital"] = supply.sum() - table.use.sum() - added.loc["labour"]
    return replace(table, supply=supply, value_added=added)


def at_purchasers_prices(table: SupplyUseTable, seed: int) -> tuple[SupplyUseTable, Any]:
    """The same table with use at purchasers' prices, by rates that every use of a good shares.

    The conventions of `MARGINS` and `TAXES` hold. Returns the table, and what each use carries.
    """
    random = np.random.default_rng(seed)
    basic, roles = table.all_use, table.roles
    goods = [i for i in table.products if i.startswith("good")]
    weights = {
        kind: pd.Series({u: stated.get(roles.get(str(u), ""), 1.0) for u in table.uses})
        for kind, stated in (("margins", MARGINS), ("taxes", TAXES))
    }
    rates = {
        kind: pd.Series(0.0, table.supply.index).add(
            pd.Series(random.uniform(0, 0.2, len(goods)), goods), fill_value=0.0
        )[list(table.products)]
        for kind in ("retail", "freight", "vat")
    }
    taken = {
        kind: np.outer(rate, weights["taxes" if kind == "vat" else "margins"])
        for kind, rate in rates.items()
    }
    paid = basic / (1 - sum(taken.values()))
    carried = {kind: paid * share for kind, share in taken.items()}
    for kind, provider in (("retail", "trade"), ("freight", "transport")):
        carried[kind].loc[provider] = -carried[kind].sum()
    # What trade and transport provide as margins is part of their use at basic prices only.
    served = basic.copy()
    for kind, provider in (("retail", "trade"), ("freight", "transport")):
        served.loc[provider] -= carried[kind].loc[provider]
    paid = served + sum(carried.values())
    industries, categories = list(table.industries), list(table.final_use.columns)
    margins = pd.DataFrame({kind: carried[kind].sum(axis=1) for kind in ("retail", "freight")})
    supply, added = table.supply.copy(), table.value_added.copy()
    more = served.sum(axis=1) - basic.sum(axis=1)
    supply[industries[0]] += more
    vat = carried["vat"].sum()
    added.loc["capital"] = supply.sum() - paid[industries].sum() - added.loc["labour"]
    known = {"use": served[industries], "final_use": served[categories], "vat": vat, **carried}
    purchasers = replace(
        table,
        publication=publication(),
        supply=supply,
        use=paid[industries],
        final_use=paid[categories],
        value_added=added,
        margins=margins,
        taxes=pd.DataFrame({"vat": carried["vat"].sum(axis=1)}),
    )
    return purchasers, known
