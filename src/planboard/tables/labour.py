"""Labour of the base year: hours by skill, or pay; and value added split into incomes."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from planboard.tables.base_year import ALL, BaseYear, Filled
from planboard.tables.books import HOURS, Head, Tables

# How publishers call the pay of labour: by name, or by code (ESA D1, BEA V001).
COMPENSATION = re.compile(r"compensation of employees|\bwages\b|^labour|\bD1\b", re.IGNORECASE)
VALUE_ADDED = re.compile(r"^(value[_ ]added|VA\b|VALU\b)", re.IGNORECASE)


def with_compensation(
    base: BaseYear, value_added: pd.DataFrame, labels: Mapping[str, str]
) -> BaseYear:
    """Income of labour as the table itself states it, where it has an item of that kind.

    A region that states it for some activities states none for the others: books leave zeros out.
    """
    items = value_added["item"].unique()
    own = [item for item in items if COMPENSATION.search(f"{item} {labels.get(item, '')}")]
    if not own:
        return base
    paid = value_added[value_added["item"].isin(own)]
    income = paid.groupby(["region", "activity"])["value"].sum().reindex(base.output.index)
    states = base.output.index.isin(paid["region"].unique(), level="region")
    income = income.mask(income.isna() & states, 0.0)
    data = base.data.assign(labour_income=base.data["labour_income"].fillna(income))
    return replace(base, data=data)


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
    below = base.output.index[base.data["labour_income"] < 0]
    method = "pay below zero: no labour"
    told += [(region, activity, "hours", method, "") for region, activity in below]
    return factors, pd.concat([paid[own.columns], own], ignore_index=True), told


def hours_table(base: BaseYear) -> pd.DataFrame:
    """Hours by skill and activity: region, factor, activity, value."""
    names = [name for name in base.data if name in HOURS]
    long = base.data[names].reset_index().melt(["region", "activity"], var_name="factor")
    long = long[long["value"].fillna(0.0) != 0]
    return long[["region", "factor", "activity", "value"]].reset_index(drop=True)


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
    told: pd.DataFrame = long.loc[long["value"] != 0, ["region", "item", "activity", "value"]]
    return told.reset_index(drop=True)
