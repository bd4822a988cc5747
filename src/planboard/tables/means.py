"""What a plan needs beside a table: hours, capital and what it is made of, growth, what happened.

    capacity_j = x_j / utilisation_j         building_j = capacity_j · I₀,j / K₋₁,j
    capital_required[i,j] = λ · (K₋₁,j / capacity_j) · g_i,      λ = Σ_i formation_i / Σ_j I₀,j

K₋₁ is the stock that served base-year output, I₀ investment in the accounts, g the product mix of
the region's capital formation in the table. So the base year's building takes exactly the table's
capital formation. Where a region's investment is imputed, λ says how far it was off.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from planboard.tables.accounts import KEYS, Accounts
from planboard.tables.base_year import (
    ALL,
    STEPS,
    BaseYear,
    Filled,
    from_bundled,
    from_donors,
    hours_measures,
    published,
    with_depreciation,
    with_formation,
    with_utilisation,
    without_disposals,
)
from planboard.tables.books import HOURS, Head, Tables
from planboard.tables.public_use import government_growth
from planboard.tables.stocks import WINDOW, stock_before

KIND = "capital"
LATER = ("investment", "utilisation")  # Filled in when stocks are known.
KEEPING = 0.02  # Growth at which a stock is assumed to stand that its investment would exceed.
# How publishers call the pay of labour: by name, or by code (ESA D1, BEA V001).
COMPENSATION = re.compile(r"compensation of employees|\bwages\b|^labour|\bD1\b", re.IGNORECASE)
VALUE_ADDED = re.compile(r"^(value[_ ]added|VA\b|VALU\b)", re.IGNORECASE)
ACTUAL = {"output": "output_volume", "hours": "hours", "capital": "capital_stock"}


def add_means(
    head: Head, tables: Tables, accounts: Accounts | None, *, donor: str = ""
) -> tuple[Head, Tables]:
    """Head and tables with hours, capital, incomes, persons, growth and the years after.

    Parameters
    ----------
    head, tables
        As `books` gives them: flows without hours and capital.
    accounts
        Beside the table: any years; what they lack is filled in from donors and told. None: there
        are none.
    donor
        The region of the bundled economy whose capital per output serves where nobody else's does;
        "" for all of them together.
    """
    accounts = accounts or NO_ACCOUNTS
    base = base_year_of(head, tables, accounts, donor)
    capital, filled = capital_table(base)
    final = tables["final_use"]
    mix = final[final["category"].isin(categories_of(head, "capital_formation"))]
    required, ratios = capital_required_table(mix, capital)
    factors, factor_use, told = labour_table(head, tables, base)
    filled = [*base.filled, *filled, *told]
    made: Tables = {
        "factor_use": factor_use,
        "endowment": _endowment(factor_use),
        "capital": capital.drop(columns="stock_before"),
        "capital_required": required,
        "value_added": with_incomes(tables["value_added"], base),
        "persons": persons_table(base, accounts),
        "growth": growth_table(accounts, list(head["regions"]), base.year),
        "actual": actual_table(accounts, base, head),
        "series": _of_regions(accounts.series(), head),
        "imputed": _of_regions(accounts.with_imputed(accounts.data, filled).imputed, head),
    }
    tables = {**tables, **{name: table for name, table in made.items() if len(table)}}
    tables = _with_public_use(head, tables)
    head = head | {
        "factors": {**factors, **head.get("factors", {})},
        "kinds": {KIND: {"label": "Fixed capital"}},
        "notes": [*head["notes"], *_notes(accounts, ratios), *_idle_note(accounts, base)],
        "history": [*head["history"], _step(accounts, made["imputed"])],
    }
    return head, tables


NO_ACCOUNTS = Accounts(
    source="",
    licence="",
    data=pd.DataFrame(index=pd.MultiIndex.from_arrays([[], [], []], names=KEYS)),
    units={},
)


def base_year_of(head: Head, tables: Tables, accounts: Accounts, donor: str) -> BaseYear:
    """Hours and capital of the base year on the activities of the tables, nothing unknown."""
    known = set(accounts.data.index.unique("region"))
    everybody = [region for region in head["regions"] if region in known]
    level = tables["activity"].set_index(["region", "activity"])["level"]
    base = published(accounts, level, int(head["base_year"]))
    base = with_compensation(base, tables["value_added"], head["labels"])
    rate, others = ["depreciation"], [n for n in base.data if n not in LATER]
    base = from_bundled(with_depreciation(base, accounts), rate, head["labels"], donor)
    for step in STEPS:
        base = step(base, accounts)
    final = tables["final_use"]
    formed = final[final["category"].isin(categories_of(head, "capital_formation"))]
    for measures in (others, ["investment"]):
        if measures == ["investment"]:
            base = with_formation(base, formed.groupby("region")["value"].sum())
        base = from_donors(base, measures, accounts, everybody)
        base = from_bundled(base, measures, head["labels"], donor)
    return with_utilisation(without_disposals(base))


def with_compensation(
    base: BaseYear, value_added: pd.DataFrame, labels: Mapping[str, str]
) -> BaseYear:
    """Income of labour as the table itself states it, where it has an item of that kind."""
    items = value_added["item"].unique()
    own = [item for item in items if COMPENSATION.search(f"{item} {labels.get(item, '')}")]
    if not own:
        return base
    paid = value_added[value_added["item"].isin(own)]
    income = paid.groupby(["region", "activity"])["value"].sum().reindex(base.output.index)
    data = base.data.assign(labour_income=base.data["labour_income"].fillna(income))
    return replace(base, data=data)


def categories_of(head: Head, *roles: str) -> list[str]:
    """Categories of final use that play one of these roles."""
    return [name for name, about in head["categories"].items() if about["role"] in roles]


def labour_table(
    head: Head, tables: Tables, base: BaseYear
) -> tuple[dict[str, dict[str, str]], pd.DataFrame, list[Filled]]:
    """What labour is counted in, its use by activity beside other factors, and what was assumed.

    Hours of the accounts; else hours that the table has among its factors; else base-year
    compensation: then a unit of labour is what a unit of money pays.
    """
    own = tables.get("factor_use", pd.DataFrame(columns=["region", "factor", "activity", "value"]))
    has_hours = any(name in HOURS for name in own["factor"].unique())
    hours = hours_table(base)
    if len(hours) and not has_hours:
        names = [name for name in HOURS if name in set(hours["factor"])]
        factors = {n: {"label": HOURS[n], "unit": "million hours", "role": "labour"} for n in names}
        return factors, pd.concat([hours, own], ignore_index=True), []
    if has_hours:
        return {}, own, []
    paid = base.data["labour_income"].clip(lower=0.0).rename("value").reset_index()
    paid = paid[paid["value"].fillna(0.0) > 0].assign(factor="labour")
    unit = f"{head['unit']} of compensation"
    factors = {"labour": {"label": "Labour, at base-year pay", "unit": unit, "role": "labour"}}
    method = "no hours are published: labour is counted in base-year compensation"
    told = [(region, ALL, "hours", method, "") for region in head["regions"]]
    return factors, pd.concat([paid[own.columns], own], ignore_index=True), told


def _with_public_use(head: Head, tables: Tables) -> Tables:
    """With the growth of use by government that the first year's capacity can serve."""
    known = [tables[name] for name in ("growth",) if name in tables]
    rates = [table for table in (*known, government_growth(head, tables)) if len(table)]
    return {**tables, "growth": pd.concat(rates, ignore_index=True)} if rates else tables


def _of_regions(table: pd.DataFrame, head: Head) -> pd.DataFrame:
    return table[table["region"].isin(list(head["regions"]))].reset_index(drop=True)


def capital_table(base: BaseYear) -> tuple[pd.DataFrame, list[Filled]]:
    """Capacity, depreciation and building of every activity with capital; and what was assumed.

    `stock_before` is K₋₁ at base-year prices. Where investment exceeds the whole stock, K₋₁ is the
    stock that this investment would keep growing at `KEEPING` a year: I₀ / (δ + `KEEPING`).
    """
    data, output = base.data, base.output
    before = stock_before(data["stock"], data["investment"], data["depreciation"])
    runs = (output > 0) & (data["stock"] > 0)
    assumed = before.isna() & runs
    before = before.where(~assumed, data["investment"] / (data["depreciation"] + KEEPING))
    at = runs & (before > 0)
    capacity = output / data["utilisation"]
    table = pd.DataFrame(
        {
            "kind": KIND,
            "stock_before": before,
            "stock": data["stock"],
            "investment": data["investment"],
            "depreciation": data["depreciation"],
            "capacity": capacity,
            "building": capacity * data["investment"] / before,
            "gestation": 1.0,
            "utilisation": 1.0,
        }
    )[at]
    method = f"investment exceeds the stock: it is assumed to grow by {KEEPING:.0%} a year"
    filled = [(region, name, "stock", method, "") for region, name in output.index[assumed]]
    return table.reset_index(), filled


def capital_required_table(
    mix: pd.DataFrame, capital: pd.DataFrame
) -> tuple[pd.DataFrame, pd.Series]:
    """Product i per unit of new capacity, and λ of every region."""
    formation = mix.groupby("region", sort=False)["value"].sum()
    invested = capital.groupby("region", sort=False)["investment"].sum()
    ratio = formation.reindex(invested.index) / invested.where(invested > 0)
    per_unit = capital.assign(
        amount=capital["region"].map(ratio) * capital["stock_before"] / capital["capacity"]
    )[["region", "kind", "activity", "amount"]]
    products = mix.groupby(["region", "product"], sort=False)["value"].sum().reset_index()
    products["share"] = products["value"] / products["region"].map(formation)
    table = products[["region", "product", "share"]].merge(per_unit, on="region")
    table["value"] = table["share"] * table["amount"]
    table = table[table["value"] != 0].reset_index(drop=True)
    return table[["region", "product", "kind", "activity", "value"]], ratio


def hours_table(base: BaseYear) -> pd.DataFrame:
    """Hours by skill and activity: region, factor, activity, value."""
    names = [name for name in base.data if name in HOURS]
    long = base.data[names].reset_index().melt(["region", "activity"], var_name="factor")
    long = long[long["value"].fillna(0.0) != 0]
    return long[["region", "factor", "activity", "value"]].reset_index(drop=True)


def _endowment(factor_use: pd.DataFrame) -> pd.DataFrame:
    return factor_use.groupby(["region", "factor"], sort=False)["value"].sum().reset_index()


def with_incomes(value_added: pd.DataFrame, base: BaseYear) -> pd.DataFrame:
    """Value added split into labour, capital and what is left: taxes, margins and the like.

    Labour and capital income are the accounts'. The item that is split is the one called value
    added; a table that states the income of labour itself keeps its own items.
    """
    split = [item for item in value_added["item"].unique() if VALUE_ADDED.search(item)]
    known = base.data[["labour_income", "capital_income"]].notna().any(axis=None)
    if len(split) != 1 or not known:
        return value_added
    is_split = value_added["item"] == split[0]
    total = value_added[is_split].groupby(["region", "activity"])["value"].sum()
    incomes = base.data[["labour_income", "capital_income"]].fillna(0.0)
    items = incomes.set_axis(["labour", "capital"], axis=1)
    left = total.reindex(base.output.index).fillna(0.0) - incomes.sum(axis=1)
    items["taxes_and_margins" if "taxes" in split[0] else "other_value_added"] = left
    long = items.reset_index().melt(["region", "activity"], var_name="item")
    long = pd.concat([long, value_added[~is_split]], ignore_index=True)
    return long[long["value"] != 0][["region", "item", "activity", "value"]].reset_index(drop=True)


def persons_table(base: BaseYear, accounts: Accounts) -> pd.DataFrame:
    """Persons engaged in the base year, thousand."""
    if base.data["persons"].isna().all():
        return pd.DataFrame()
    engaged = base.data["persons"].groupby(level="region", sort=False).sum()
    whole = {region for region, *_ in (f for f in base.filled if f[1:3] == ("all", "persons"))}
    return pd.DataFrame(
        {
            "region": engaged.index,
            "measure": "engaged",
            "value": engaged.to_numpy(),
            "source": [
                "imputed from donors" if region in whole else accounts.source
                for region in engaged.index
            ],
        }
    )


def growth_table(accounts: Accounts, regions: Sequence[str], year: int) -> pd.DataFrame:
    """Mean growth of hours, and of real output per hour, in the `WINDOW` years before.

    Activities that miss a cell in the first or the last year are left out of both.
    """
    data, first = accounts.data, year - WINDOW
    years = set(accounts.years)
    if not {first, year} <= years or not {"hours", "output", "output_price"} <= set(data):
        return pd.DataFrame()
    now = data.xs(year, level="year")
    then = data.xs(first, level="year")
    price = now["output_price"] / then["output_price"]
    parts = pd.DataFrame(
        {
            "hours_now": now["hours"],
            "hours_then": then["hours"],
            "output_now": now["output"],
            "output_then": then["output"] * price,
        }
    )
    sums = parts.replace([np.inf, -np.inf], np.nan).dropna().groupby(level="region").sum()
    hours = sums["hours_now"] / sums["hours_then"]
    per_hour = sums["output_now"] / sums["output_then"] / hours
    rates = {"labour": hours ** (1 / WINDOW) - 1, "productivity": per_hour ** (1 / WINDOW) - 1}
    return pd.DataFrame(
        [
            (region, quantity, float(values[region]), 0)
            for region in regions
            if region in sums.index
            for quantity, values in rates.items()
        ],
        columns=["region", "quantity", "value", "assumed"],
    )


def actual_table(accounts: Accounts, base: BaseYear, head: Head) -> pd.DataFrame:
    """What happened from the base year on: output, hours and capital, base-year prices."""
    data = accounts.data
    now = accounts.of_year(base.year, base.output.index)
    scale = {
        "output": base.output / now["output_volume"] if "output_volume" in now else None,
        "hours": 1.0,
        "capital": base.data["stock"] / now["capital_stock"] if "capital_stock" in now else None,
    }
    frames = []
    for quantity, measure in ACTUAL.items():
        if measure not in data or scale[quantity] is None:
            continue
        wide = data[measure].unstack("year").reindex(base.output.index)
        wide = wide[[y for y in wide if y >= base.year]].mul(scale[quantity], axis=0)
        long = wide.reset_index().melt(["region", "activity"], var_name="year").dropna()
        unit = "million hours" if quantity == "hours" else head["unit"]
        frames.append(long.assign(quantity=quantity, unit=unit))
    if not frames or max(accounts.years) <= base.year:
        return pd.DataFrame()
    table = pd.concat(frames, ignore_index=True).rename(columns={"activity": "name"})
    table = table[np.isfinite(table["value"])]
    return table[["region", "quantity", "name", "year", "value", "unit"]].reset_index(drop=True)


def _notes(accounts: Accounts, ratios: pd.Series) -> list[str]:
    told = ", ".join(f"{region} {ratio:.3f}" for region, ratio in ratios.items())
    source = f"Hours, capital and incomes: {accounts.source} ({accounts.licence})."
    return [
        *([source] if accounts.source else []),
        "Published capital is at the end of the year: the stock that served base-year output is "
        "(stock - investment) / (1 - depreciation).",
        "Assumed, for want of data: what is built in one year is productive in the next (gestation "
        "1). Utilisation, where it is not published: full, except where the stock shrank in the base "
        "year; what was left of it is then taken to serve base-year output.",
        f"Capital formation in the table over investment in the accounts: {told}.",
    ]


def _idle_note(accounts: Accounts, base: BaseYear) -> list[str]:
    """Hours that the accounts state for activities without output: no plan can use them."""
    found = accounts.of_year(base.year, base.output.index)
    names = [name for name in hours_measures(accounts) if name in found]
    hours = found[names].sum(axis=1)[base.output == 0]
    told = [f"{region} {name} {h:,.4g}" for (region, name), h in hours[hours > 0].items()]
    if not told:
        return []
    return [f"Hours of activities without output, left out (million): {', '.join(told)}."]


def _step(accounts: Accounts, imputed: pd.DataFrame) -> dict[str, str]:
    cells = f"{len(imputed)} cell groups imputed, listed in the table 'imputed'."
    source = f"From {accounts.source}." if accounts.source else "No accounts were given."
    return {"step": "hours and capital", "detail": f"{source} {cells}"}
