"""How coarsely a table is written, and which gaps that alone explains.

A publisher who rounds every flow to a whole unit u loses all flows under u/2. What a product
misses to balance is then at most u/2 for each flow that could be in its row, and in fact as much as
other products of the same table miss.
"""

from dataclasses import dataclass

import numpy as np

from planboard.audit.finding import GRAVE, ROUNDING, Finding, listed
from planboard.audit.robust import middle, spread
from planboard.economy import Array, Economy, RegionAccounts

FEWEST = 200  # Flows from which it is no chance that all are whole.
SAME = 1e-9  # Relative: sums of whole numbers are whole but for this.
COARSEST = 12  # Powers of ten that are tried.
SPREADS = 6.0  # Above the usual gap of a rounded table, a gap has another reason.
SMALL = 10.0  # Units: flows so small are known to a digit or less.


@dataclass(frozen=True, eq=False)
class Rounding:
    """The unit that all flows are whole multiples of, and the gaps it explains.

    unit : 0 where flows are not rounded, or too few to tell
    limit : the largest gap that rounding explains, in the unit of the flows
    flows : how many flows were looked at; small : the share of them within `SMALL` units
    """

    unit: float
    limit: float
    flows: int
    small: float


def rounding_of(economy: Economy, gaps: Array) -> Rounding:
    """How an economy's flows are rounded, given what its products miss to balance.

    gaps : shape (R, n); NaN where a region states no final use
    """
    apart = [p for p, name in enumerate(economy.partners) if name not in economy.region_names]
    flows = np.concatenate([_flows(accounts, apart) for accounts in economy.regions])
    flows = np.abs(flows[flows != 0])
    unit = _unit(flows) if len(flows) >= FEWEST else 0.0
    if not unit:
        return Rounding(0.0, 0.0, len(flows), 0.0)
    size = np.abs(gaps)
    usual = middle(size) + SPREADS * max(spread(size), unit)
    users = max(len(accounts.activities) for accounts in economy.regions)
    cells = len(economy.partners) * (users + len(economy.categories))
    return Rounding(
        unit, min(usual, unit / 2 * cells), len(flows), float((flows <= SMALL * unit).mean())
    )


def rounded_table(
    economy: Economy, gaps: Array, supply: Array, rounding: Rounding
) -> list[Finding]:
    """One finding on the unit of rounding, what it hides and what it unbalances."""
    if not rounding.unit:
        return []
    explained = np.abs(np.nan_to_num(gaps)) <= rounding.limit
    counts = np.abs(np.nan_to_num(gaps)) > ROUNDING * supply  # less is how numbers are written
    gap = np.where(explained & counts, np.nan_to_num(gaps), 0.0)
    share = np.where(supply > 0, gap / np.where(supply > 0, supply, 1.0), 0.0)
    r, i = np.unravel_index(int(np.abs(gap).argmax()), gap.shape)
    total = float(np.abs(gap).sum() / supply.sum())
    many = np.abs(share) > GRAVE
    order = np.argsort(-np.abs(share), axis=None)[: many.sum()]
    worst = [
        f"{economy.product_names[k % gap.shape[1]]} in {economy.region_names[k // gap.shape[1]]} "
        f"{abs(share.flat[k]):.0%}"
        for k in order
    ]
    balances = (
        f"Products miss up to {abs(gap[r, i]):,.4g} to balance ({economy.product_names[i]} in "
        f"{economy.region_names[r]}), {total:.2g} of all supply together"
        + (f"; {len(worst)} miss over {GRAVE:.0%} of their own ({listed(worst, 3)})" * bool(worst))
        if gap.any()
        else "All products balance"
    )
    return [
        Finding(
            "rounded_table",
            "warning" if worst else "note",
            "",
            "",
            total,
            f"All {rounding.flows:,} flows are whole multiples of {rounding.unit:,.6g} "
            f"{economy.unit}: what is under half of that is lost, and {rounding.small:.0%} of the "
            f"flows are {SMALL:g} or less of it. {balances}.",
            "Balance the tables if a plan must start from them exactly; small flows are known to "
            "one digit or none.",
        )
    ]


def _flows(accounts: RegionAccounts, apart: list[int]) -> Array:
    """Every flow of one region's books; imports only from partners without books (`apart`)."""
    use = accounts.input * accounts.level
    imports = accounts.imports[:, apart]
    return np.concatenate(
        [use.data, accounts.final_use.ravel(), accounts.exports.ravel(), imports.ravel()]
    )


def _unit(flows: Array) -> float:
    """The largest power of ten of which all flows are whole multiples, and at least one; or 0."""
    found = 0.0
    for power in range(COARSEST):
        parts = flows / 10.0**power
        if (np.abs(parts - np.round(parts)) > SAME * np.maximum(parts, 1.0)).any():
            break
        found = 10.0**power
    return found
