"""What a plan needs beside a table: hours, capital, incomes, growth, and what happened."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planboard.errors import InvalidTableError
from planboard.tables.accounts import KEYS, Accounts
from planboard.tables.base_year import (
    ALL,
    STEPS,
    BaseYear,
    from_bundled,
    from_donors,
    hours_measures,
    published,
    with_depreciation,
    with_formation,
    with_utilisation,
    without_disposals,
)
from planboard.tables.books import Head, Tables
from planboard.tables.capital import KIND, capital_required_table, capital_table
from planboard.tables.history import actual_table, growth_table, persons_table
from planboard.tables.labour import labour_table, with_compensation, with_incomes
from planboard.tables.public_use import government_growth

# Measures that are filled in before the others, and when stocks are known.
OTHERWISE = ("depreciation", "investment", "utilisation")


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
    accounts = with_prices(accounts or NO_ACCOUNTS)
    base = base_year_of(head, tables, accounts, donor)
    capital, filled = capital_table(base)
    mix = _formation(head, tables)
    required, ratios = capital_required_table(mix, capital)
    factors, factor_use, told = labour_table(head, tables, base)
    filled = [*base.filled, *filled, *told]
    made: Tables = {
        "factor_use": factor_use,
        "endowment": _endowment(factor_use, factors | head.get("factors", {})),
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
        "notes": [*head["notes"], *_notes(accounts, ratios), *_idle_notes(accounts, base)],
        "history": [*head["history"], _step(accounts, made["imputed"])],
    }
    return head, tables


NO_ACCOUNTS = Accounts(
    source="",
    licence="",
    data=pd.DataFrame(index=pd.MultiIndex.from_arrays([[], [], []], names=KEYS)),
    units={},
)


def with_prices(accounts: Accounts) -> Accounts:
    """Accounts whose capital has a price: at base-year prices, where none is given."""
    data = accounts.data
    if "capital_stock" not in data or "investment_price" in data:
        return accounts
    method = "no price of investment is given: stocks and investment count as at base-year prices"
    told = [(str(region), ALL, "investment_price", method, "") for region in data.index.unique(0)]
    return accounts.with_imputed(data.assign(investment_price=100.0), told)


def base_year_of(head: Head, tables: Tables, accounts: Accounts, donor: str) -> BaseYear:
    """Hours and capital of the base year on the activities of the tables, nothing unknown."""
    known = set(accounts.data.index.unique("region"))
    everybody = [region for region in head["regions"] if region in known]
    level = tables["activity"].set_index(["region", "activity"])["level"]
    base = published(accounts, level, int(head["base_year"]))
    base = with_compensation(base, tables["value_added"], head["labels"])
    rate, others = ["depreciation"], [str(name) for name in base.data if name not in OTHERWISE]
    base = from_bundled(with_depreciation(base, accounts), rate, head["labels"], donor)
    for step in STEPS:
        base = step(base, accounts)
    for measures in (others, ["investment"]):
        if measures == ["investment"]:
            formed = _formation(head, tables)
            base = with_formation(base, formed.groupby("region")["value"].sum())
        base = from_donors(base, measures, accounts, everybody)
        base = from_bundled(base, measures, head["labels"], donor)
    return with_utilisation(without_disposals(base))


def _formation(head: Head, tables: Tables) -> pd.DataFrame:
    """Capital formation of the table: its rows of final use."""
    categories = categories_of(head, "capital_formation")
    if not categories:
        raise InvalidTableError(
            f"No category of final use of table '{head['name']}' is capital formation.",
            [f"{name}: {about['role']}" for name, about in head["categories"].items()],
            "Give one the role 'capital_formation': it says what building takes.",
        )
    final = tables["final_use"]
    return final[final["category"].isin(categories)]


def _endowment(factor_use: pd.DataFrame, factors: Mapping[str, Any]) -> pd.DataFrame:
    """Labour that the base year used: nobody publishes how much of other factors there is."""
    labour = [name for name, about in factors.items() if about.get("role") == "labour"]
    used = factor_use[factor_use["factor"].isin(labour)]
    return used.groupby(["region", "factor"], sort=False)["value"].sum().reset_index()


def _of_regions(table: pd.DataFrame, head: Head) -> pd.DataFrame:
    return table[table["region"].isin(list(head["regions"]))].reset_index(drop=True)


def _with_public_use(head: Head, tables: Tables) -> Tables:
    """With the growth of use by government that the first year's capacity can serve."""
    known = [tables[name] for name in ("growth",) if name in tables]
    rates = [table for table in (*known, government_growth(head, tables)) if len(table)]
    return {**tables, "growth": pd.concat(rates, ignore_index=True)} if rates else tables


def _notes(accounts: Accounts, ratios: pd.Series) -> list[str]:
    told = ", ".join(f"{region} {ratio:.3f}" for region, ratio in ratios.dropna().items())
    free = ", ".join(str(region) for region in ratios.index[ratios.isna()])
    source = f"Hours, capital and incomes: {accounts.source} ({accounts.licence})."
    notes = [
        *([source] if accounts.source else []),
        "Published capital is at the end of the year: the stock that served base-year output is "
        "(stock - investment) / (1 - depreciation).",
        "Assumed, for want of data: what is built in one year is productive in the next (gestation "
        "1). Utilisation, where it is not published: full, except where the stock shrank in the "
        "base year; what was left of it is then taken to serve base-year output.",
    ]
    if told:
        notes.append(f"Capital formation in the table over investment in the accounts: {told}.")
    if free:
        notes.append(f"Building takes nothing where the table forms no capital: {free}.")
    return notes


def _idle_notes(accounts: Accounts, base: BaseYear) -> list[str]:
    """Hours of activities without output, which no plan can use; activities without capital."""
    found = accounts.of_year(base.year, base.output.index)
    names = [name for name in hours_measures(accounts) if name in found]
    hours = found[names].sum(axis=1)[base.output == 0]
    left = hours[hours > 0]
    told = [f"{' '.join(key)} {h:,.4g}" for key, h in zip(left.index.to_list(), left, strict=True)]
    notes = []
    if told:
        notes.append(f"Hours of activities without output, left out (million): {', '.join(told)}.")
    bare = [" ".join(key) for key in base.output.index[base.data["stock"] == 0].to_list()]
    if bare:
        notes.append(f"No capital, for want of investment and of a stock: {', '.join(bare)}.")
    return notes


def _step(accounts: Accounts, imputed: pd.DataFrame) -> dict[str, str]:
    cells = f"{len(imputed)} cell groups imputed, listed in the table 'imputed'."
    source = f"From {accounts.source}." if accounts.source else "No accounts were given."
    return {"step": "hours and capital", "detail": f"{source} {cells}"}


def categories_of(head: Head, *roles: str) -> list[str]:
    """Categories of final use that play one of these roles."""
    return [name for name, about in head["categories"].items() if about["role"] in roles]
