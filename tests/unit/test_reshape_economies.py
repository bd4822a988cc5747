"""Economies that hold everything reshaping must carry along, and how two of them are compared."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import planboard as pb
from economies import Folder, Shape, random_folder, shapes
from planboard.economy import CARRIED
from planboard.economy_folder import economy_head, economy_of, economy_tables

BASE = 2000
YEARS = (1999, 2000, 2001)
MONEY = ("output", "value_added", "labour_income", "investment")
CLOSE = 1e-12  # Relative to the greatest number in a table: sums in another order.


def rich_folder(shape: Shape) -> Folder:
    """A random economy with utilisation, orders under way, persons, growth, series and the like.

    Series are in local money, prices are 100 in the base year, and each region has its own rate.
    """
    folder = random_folder(shape)
    rng = np.random.default_rng(shape.seed + 1)
    tables = dict(folder.tables)
    capital = tables["capital"]
    used = rng.uniform(0.7, 1, len(capital))
    tables["capital"] = capital.assign(
        capacity=capital["capacity"] / used,
        building=capital["building"] * rng.uniform(0, 2, len(capital)),
        utilisation=used,
        gestation=2,
    )
    tables["under_construction"] = capital[["region", "activity", "kind"]].assign(
        year=BASE - 1, value=capital["building"]
    )
    required = tables["capital_required"]
    tables["capital_required"] = required.assign(
        value=required["value"] * rng.uniform(0.5, 2, len(required))
    )
    tables["factor_use_building"] = capital[["region", "activity", "kind"]].assign(
        factor="hours", value=rng.uniform(0.1, 1, len(capital))
    )
    level = tables["activity"]
    tables |= carried(level, rng)
    products = dict.fromkeys(tables["supply"]["product"])
    head = {**folder.head, "products": {name: {"storable": True} for name in products}}
    tables["stock"] = pd.DataFrame(
        [
            # Nothing of the first product is in stock; what would spoil of it is known.
            (region, product, rng.uniform(1, 5) if place else 0.0, rng.uniform(0, 0.1))
            for region in dict.fromkeys(level["region"])
            for place, product in enumerate(products)
        ],
        columns=["region", "product", "value", "loss"],
    )
    return Folder(head, tables)


def carried(level: pd.DataFrame, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Persons, growth, what happened, series and what was imputed, of random numbers."""
    regions = list(dict.fromkeys(level["region"]))
    rates = {region: rng.uniform(0.5, 2) for region in regions}
    series, actual = [], []
    for region, activity, x in level[["region", "activity", "level"]].itertuples(index=False):
        for year in YEARS:
            amounts = {name: x * rng.uniform(0.1, 1) for name in MONEY}
            prices = {
                name: 100.0 if year == BASE else rng.uniform(80, 120)
                for name in ("output_price", "investment_price", "output_volume")
            }
            rest = {
                "capital_stock": x * rng.uniform(1, 3),
                "hours": x * rng.uniform(0.5, 2),
                "depreciation": rng.uniform(0.02, 0.1),
                "utilisation": rng.uniform(0.7, 1),
                "exchange_rate": rates[region] * (1 + 0.01 * (year - BASE)),
            }
            for name, value in (amounts | prices | rest).items():
                series.append((region, activity, name, year, value, unit_of(name)))
            for name in ("output", "capital"):
                told = (region, name, activity, year, x * rng.uniform(1, 2), "million USD")
                actual += [told] if year >= BASE else []
    for region in regions:
        actual += [
            (region, "engaged", "all", y, rng.uniform(1, 9), "thousand persons") for y in YEARS
        ]
        actual += [(region, "hours_by_skill", "hours", y, 7.0, "million hours") for y in YEARS]
    persons = [(region, m, rng.uniform(1, 9), "a count") for region in regions for m in PERSONS]
    growth = [(region, q, rng.uniform(0, 0.05), 0) for region in regions for q in GROWTH]
    filled = [(region, "corn", "hours", "a guess", "") for region in regions]
    return {
        "persons": pd.DataFrame(persons, columns=["region", "measure", "value", "source"]),
        "growth": pd.DataFrame(growth, columns=["region", "quantity", "value", "assumed"]),
        "actual": pd.DataFrame(
            actual, columns=["region", "quantity", "name", "year", "value", "unit"]
        ),
        "series": pd.DataFrame(
            series, columns=["region", "activity", "measure", "year", "value", "unit"]
        ),
        "imputed": pd.DataFrame(
            filled, columns=["region", "activity", "measure", "method", "donors"]
        ),
    }


PERSONS = ("engaged", "population")
GROWTH = ("labour", "productivity")


def unit_of(measure: str) -> str:
    if measure in MONEY:
        return "million units of local currency"
    if measure == "capital_stock":
        return f"million units of local currency at {BASE} prices"
    if measure.endswith(("_price", "_volume")):
        return f"{BASE} = 100"
    return {"hours": "million hours"}.get(measure, "1")


def rich_economy(folder: Folder) -> pb.Economy:
    """The economy of a folder, without the way over a disk."""
    return economy_of(folder.head, folder.tables)


def rich(regions: tuple[int, int] = (1, 3), *, joint: bool | None = None) -> st.SearchStrategy:
    """Random economies that hold everything."""
    return shapes(regions, joint=joint).map(rich_folder).map(rich_economy)


def lean(regions: tuple[int, int] = (1, 3), *, joint: bool | None = None) -> st.SearchStrategy:
    """The same without the tables that are carried along."""
    return rich(regions, joint=joint).map(lambda e: replace(e, **dict.fromkeys(CARRIED)))


# A reshaping takes some tenths of a second: a sixth of the usual number of examples.
few = settings(
    max_examples=max(4, settings().max_examples // 6),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


def keyed(economy: pb.Economy) -> dict[str, pd.Series | pd.DataFrame]:
    """Every table with its labels as index, zeros left out, in the order of the labels."""
    found = {}
    for name, table in economy_tables(economy).items():
        numbers = [c for c in table if c not in TEXT and pd.api.types.is_numeric_dtype(table[c])]
        numbers = [c for c in numbers if c != "year"]
        labels = [c for c in table if c not in numbers]
        is_kept = (
            table["value"] != 0 if numbers == ["value"] and name not in CARRIED else slice(None)
        )
        found[name] = table[is_kept].set_index(labels)[numbers].sort_index().astype(float)
    return found


TEXT = ("region", "product", "activity", "factor", "category", "kind", "source", "unit")


def differences(a: pb.Economy, b: pb.Economy, *, but: tuple[str, ...] = ()) -> list[str]:
    """Tables in which two economies differ by more than rounding."""
    mine, theirs = keyed(a), keyed(b)
    assert set(mine) == set(theirs)
    return [name for name in mine if name not in but and not _agree(mine[name], theirs[name])]


def _agree(a: pd.DataFrame, b: pd.DataFrame) -> bool:
    if sorted(a.columns) != sorted(b.columns) or not a.index.equals(b.index):
        return False
    b = b[a.columns]
    scale = np.abs(a.to_numpy()).max(axis=0, initial=1e-300)
    return bool((np.abs(a.to_numpy() - b.to_numpy()) <= CLOSE * scale).all())


def balances(economy: pb.Economy) -> pd.Series:
    """Supply less use by region and product."""
    gaps = {
        (a.region, product): gap
        for a in economy.regions
        for product, gap in zip(
            economy.product_names,
            a.total_supply - a.input @ a.level - a.final_use.sum(axis=1) - a.exports.sum(axis=1),
            strict=True,
        )
    }
    return pd.Series(gaps)


def columns(economy: pb.Economy) -> pd.Series:
    """Worth of output less inputs and value added by region and activity."""
    price = np.array([product.price for product in economy.products])
    gaps = {}
    for a in economy.regions:
        added = np.sum(list(a.value_added.values()), axis=0)
        gap = (price @ a.output - price @ a.input - added) * a.level
        gaps |= {(a.region, name): g for name, g in zip(a.activities, gap, strict=True)}
    return pd.Series(gaps)


def taken(economy: pb.Economy) -> pd.Series:
    """What the base year's building took, by region and product; and hours, by region."""
    found: dict[tuple[str, str], float] = {}
    for a in economy.regions:
        built = a.capital_required @ a.building[0].ravel()
        found |= {(a.region, i): x for i, x in zip(economy.product_names, built, strict=True)}
        hours = (a.factor_use_building * a.building[0]).sum(axis=(1, 2))
        found |= {(a.region, k): x for k, x in zip(economy.factor_names, hours, strict=True)}
    return pd.Series(found)


def worth_of_capital(economy: pb.Economy) -> pd.DataFrame:
    """By region: worth of the capital stock, of orders under way, and of next year's stock."""
    price = np.array([product.price for product in economy.products])
    found: Mapping[str, dict[str, float]] = {}
    for a in economy.regions:
        v = (price @ a.capital_required).reshape(a.capacity.shape)
        found[a.region] = {
            "stock": float((v * a.capacity).sum()),
            "waiting": float((v * a.building).sum()),
            "next": float((v * ((1 - a.depreciation) * a.capacity + a.building[0])).sum()),
        }
    return pd.DataFrame(found).T


@few
@given(rich())
def test_they_balance_and_are_read_back_the_same(economy: pb.Economy) -> None:
    assert np.abs(balances(economy)).max() < 1e-9
    assert np.abs(columns(economy)).max() < 1e-9
    again = rich_economy(Folder(economy_head(economy), economy_tables(economy)))
    assert differences(economy, again) == []


def test_a_difference_is_seen() -> None:
    a = rich_economy(rich_folder(Shape(2, 3, True, 1)))
    b = rich_economy(rich_folder(Shape(2, 3, True, 2)))
    assert "use" in differences(a, b)
    assert "series" in differences(a, b)
