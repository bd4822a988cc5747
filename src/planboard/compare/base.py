"""The base year in the words of a plan's accounts, so that the two stand side by side."""

import numpy as np
import pandas as pd

from planboard.constraints.outlook import Outlook
from planboard.economy import Array, Economy
from planboard.solution import Solution


def formation_names(economy: Economy) -> list[str]:
    """Categories of final use that are capital formation, which a plan calls investment."""
    return [economy.categories[c].name for c in economy.with_role("capital_formation")]


def base_entries(o: Outlook) -> dict[str, Array]:
    """Resources (positive) and uses (negative) of every product in the base year, each (n,).

    The names are those of `solution.material_balances`; capital formation is its "investment".
    Unit: product unit. Source: the region's accounts.
    """
    a = o.accounts
    entries = {
        "output": a.gross_output,
        "imports": a.base_imports.sum(axis=1),
        "intermediate use": -np.asarray(a.input @ a.level),
        "exports": -a.base_exports.sum(axis=1),
    }
    for c, category in enumerate(o.categories):
        name = "investment" if category.role == "capital_formation" else category.name
        entries[name] = entries.get(name, 0.0) - a.final_use[:, c]
    return entries


def base_hours(o: Outlook) -> Array:
    """Hours of the base year by activity, in production and in building, shape (m,)."""
    a = o.accounts
    labour = [k for k, factor in enumerate(o.factors) if factor.role == "labour"]
    running = a.factor_use[labour].sum(axis=0) * a.level
    building = np.einsum("khj,hj->j", a.factor_use_building[labour], a.building[0])
    return np.asarray(running + building)


def base_accounts(o: Outlook) -> dict[str, float]:
    """National accounts of the base year under the names of `solution.accounts`."""
    value = {name: float(o.price @ entry) for name, entry in base_entries(o).items()}
    product = value["output"] + value["intermediate use"]
    uses = {
        name: -entry
        for name, entry in value.items()
        if name not in ("output", "imports", "intermediate use")
    }
    invested = uses.get("investment", 0.0)
    return {
        "GDP by production": product,
        **uses,
        "imports": value["imports"],
        "investment rate": invested / product if product else 0.0,
        "trade balance": uses["exports"] - value["imports"],
        "hours": float(base_hours(o).sum()),
    }


def since_base(solution: Solution) -> pd.DataFrame:
    """The plan's national accounts with the base year before them.

    Returns
    -------
    DataFrame
        region, account, year, value, unit; the accounts of `solution.accounts` that the base year
        has too. Investment of the base year is the capital formation of the table; so it is in
        the plan where nothing may be built and capital formation is a given use.
    """
    formation = dict.fromkeys(formation_names(solution.economy), "investment")
    planned = solution.accounts.replace({"account": formation})
    base = pd.DataFrame(
        [
            (plan.outlook.region, account, value)
            for plan in solution.regions
            for account, value in base_accounts(plan.outlook).items()
        ],
        columns=["region", "account", "value"],
    ).assign(year=solution.economy.base_year)
    keys = ["region", "account"]
    units = planned[[*keys, "unit"]].drop_duplicates(keys)
    base = base.merge(units, on=keys)[planned.columns]
    both = planned.merge(base[keys], on=keys)
    return pd.concat([base, both], ignore_index=True)
