"""The planners' own tables: material balances, national accounts, and where value comes from."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planboard.compile import CompiledPlan
from planboard.economy import Array
from planboard.solution.values import RegionPlan, table


def balance_entries(plan: RegionPlan, exports: Array, imports: Array) -> dict[str, Array]:
    """Resources (positive) and uses (negative) of every product, each of shape (n, T).

    `exports` and `imports` are summed over markets. What is made and not used is "unused", so that
    each product's entries sum to zero.
    """
    o = plan.outlook
    kept = 1 - o.accounts.storage_loss
    before = np.column_stack([o.accounts.initial_stock, plan.stock[:, :-1]]) * kept[:, None]
    storable = np.array([product.storable for product in o.products])[:, None]
    use = plan.final_use()
    found = {
        "output": np.einsum("ijt,jt->it", o.output, plan.activity),
        "imports": imports,
        "from stock": before * storable,
        "intermediate use": -np.einsum("ijt,jt->it", o.input, plan.used_activity()),
        "investment": -plan.investment().sum(axis=1),
        "exports": -exports,
        "to stock": -plan.stock,
    }
    for c, category in enumerate(o.categories):  # A category may share the name of an entry.
        found[category.name] = found.get(category.name, 0.0) - use[c]
    given = next((k.name for k in o.categories if k.role == "inventories"), "inventories")
    found[given] = found.get(given, 0.0) - o.inventories
    entries = {name: values for name, values in found.items() if np.any(values)}
    entries["unused"] = -np.sum(list(found.values()), axis=0)
    return entries


def material_balances(
    plans: Sequence[RegionPlan], compiled: CompiledPlan, exports: Array, imports: Array
) -> pd.DataFrame:
    """Resources and uses by region and product; every product's entries sum to zero."""
    names = [product.name for product in compiled.economy.products]
    units = [product.unit for product in compiled.economy.products]
    frames = []
    for r, plan in enumerate(plans):
        entries = balance_entries(plan, exports[r].sum(axis=0), imports[r].sum(axis=0))
        values = np.array(list(entries.values())).swapaxes(0, 1)
        labels = {"product": names, "entry": list(entries)}
        frame = table(labels, compiled.plan.years, values, units)
        frame.insert(0, "region", plan.outlook.region)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def accounts(
    plans: Sequence[RegionPlan], compiled: CompiledPlan, exports: Array, imports: Array
) -> pd.DataFrame:
    """GDP both ways, its uses, trade balance, hours and persons engaged, by region and year."""
    frames = []
    for r, plan in enumerate(plans):
        entries = balance_entries(plan, exports[r].sum(axis=0), imports[r].sum(axis=0))
        frames.append(_region_accounts(compiled, plan, entries))
    return pd.concat(frames, ignore_index=True)


def _region_accounts(
    compiled: CompiledPlan, plan: RegionPlan, entries: dict[str, Array]
) -> pd.DataFrame:
    o, money = plan.outlook, compiled.economy.unit
    value = {name: o.price @ values for name, values in entries.items()}
    zero = np.zeros(o.horizon)
    production = value.get("output", zero) + value.get("intermediate use", zero)
    uses = {name: -v for name, v in value.items() if name not in _RESOURCES}
    lines: dict[str, tuple[Array, str]] = {"GDP by production": (production, money)}
    expenditure = (
        sum(uses.values(), zero) - value.get("imports", zero) - value.get("from stock", zero)
    )
    lines["GDP by expenditure"] = (expenditure, money)
    lines.update({name: (use, money) for name, use in uses.items()})
    lines["imports"] = (value.get("imports", zero), money)
    formation = [k.name for k in o.categories if k.role == "capital_formation"]
    invested = sum((uses.get(name, zero) for name in {"investment", *formation}), zero)
    lines["investment rate"] = (
        np.divide(invested, production, where=production != 0, out=zero.copy()),
        "share of GDP",
    )
    lines["trade balance"] = (uses.get("exports", zero) - value.get("imports", zero), money)
    lines.update(_hours(compiled, plan))
    frames = [
        table(
            {"region": [o.region], "account": [name]}, compiled.plan.years, values[None, None], unit
        )
        for name, (values, unit) in lines.items()
    ]
    return pd.concat(frames, ignore_index=True)


_RESOURCES = ("output", "imports", "from stock", "intermediate use")


def _hours(compiled: CompiledPlan, plan: RegionPlan) -> dict[str, tuple[Array, str]]:
    """Hours worked and offered, and the persons whose hours they are at base-year hours a head."""
    o = plan.outlook
    labour = [k for k, factor in enumerate(o.factors) if factor.role == "labour"]
    if not labour:
        return {}
    worked = plan.factor_use()[labour].sum(axis=0)
    lines = {"hours": (worked, o.factors[labour[0]].unit)}
    offered = o.endowment[labour].sum(axis=0)
    if np.isfinite(offered).all():
        lines["idle hours"] = (offered - worked, o.factors[labour[0]].unit)
    base = float((o.accounts.factor_use[labour] @ o.accounts.level).sum())
    persons = compiled.economy.persons
    if persons is not None and base > 0:
        mine = persons[(persons["region"] == o.region) & (persons["measure"] == "engaged")]
        if len(mine):
            engaged = float(mine["value"].iloc[0]) * worked / base
            lines["persons engaged"] = (engaged, "thousand persons, at base-year hours a head")
    return lines
