"""How coarsely a table is published, and which gaps of its balances that alone explains.

A publisher who rounds every flow to a whole unit u loses all flows under u/2. What a product
misses to balance is then at most u/2 for each flow that could be in its row, and in fact as much as
other products of the same table miss.

Where flows are added up, or divided by prices, nobody could tell from them any more. Such a step of
the history says what it was rounded to, and how large the gaps are that came of it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planboard.economy import Array, Economy, RegionAccounts
from planboard.leontief.balances import all_gaps
from planboard.robust import middle, spread

FEWEST = 200  # Flows from which it is no chance that all are whole.
SAME = 1e-9  # Relative: sums of whole numbers are whole but for this.
WRITTEN = 1e-8  # Relative: limits stand in the history with nine digits.
COARSEST = 12  # Powers of ten that are tried.
SPREADS = 6.0  # Above the usual gap of a rounded table, a gap has another reason.
SMALL = 10.0  # Units: flows so small are known to a digit or less.

STEP = "rounding"  # The key of a step of the history, and what stands there:
TOLD = re.compile(r"of flows rounded to (.+), which leaves gaps of up to (.+)", re.DOTALL)
LIMIT = re.compile(r"(.+) (\d+(?:\.\d+)?(?:e[+-]?\d+)?)")  # Of a region: "EUN 3017".
BETWEEN = "; "  # … and of the next: "USA 259; EUN 3017".


@dataclass(frozen=True, eq=False)
class Rounding:
    """What published flows are whole multiples of, and the gaps that this explains.

    unit : in words, with its number: "1 million USD"
    limits : the largest gap of a product that rounding explains in each region, in the unit of the
        flows, shape (R,)
    flows : how many flows are whole multiples of the unit; 0 where that was so before a later step
    small : the share of them within `SMALL` units
    """

    unit: str
    limits: Array
    flows: int = 0
    small: float = 0.0

    def explains(self, gaps: Array) -> NDArray[np.bool_]:
        """Which gaps, shape (R, n), may come of rounding; not those that are unknown."""
        return np.asarray(np.abs(gaps) <= self.limits[:, None] * (1 + WRITTEN))

    def told(self, limits: Mapping[str, float]) -> str:
        """What a step of the history says of it: gaps of up to these limits come of it."""
        each = BETWEEN.join(f"{region} {limit:.9g}" for region, limit in limits.items())
        return f"of flows rounded to {self.unit}, which leaves gaps of up to {each}"


def rounding_of(economy: Economy, gaps: Array | None = None) -> Rounding | None:
    """How the flows of an economy are or were rounded; None where they were not.

    gaps : of its products where they are known already, shape (R, n)
    """
    return _inherited(economy) or _found(economy, all_gaps(economy)[0] if gaps is None else gaps)


def _inherited(economy: Economy) -> Rounding | None:
    """What the latest step says that knows of a rounding; nothing of regions that it leaves out."""
    for step in reversed(economy.history):
        told = TOLD.fullmatch(step.get(STEP, ""))
        if told:
            found = [LIMIT.fullmatch(part) for part in told[2].split(BETWEEN)]
            limits = {limit[1]: float(limit[2]) for limit in found if limit}
            names = economy.region_names
            return Rounding(told[1], np.array([limits.get(name, 0.0) for name in names]))
    return None


def _found(economy: Economy, gaps: Array) -> Rounding | None:
    """What all flows are whole multiples of, if there are enough of them to tell."""
    apart = [p for p, name in enumerate(economy.partners) if name not in economy.region_names]
    flows = np.concatenate([_flows(accounts, apart) for accounts in economy.regions])
    flows = np.abs(flows[flows != 0])
    unit = _unit(flows) if len(flows) >= FEWEST else 0.0
    if not unit:
        return None
    users = max(len(accounts.activities) for accounts in economy.regions)
    cells = len(economy.partners) * (users + len(economy.categories))
    limit = min(_usual(np.abs(gaps[np.isfinite(gaps)]), unit), unit / 2 * cells)
    small = float((flows <= SMALL * unit).mean())
    limits = np.full(len(economy.regions), limit)
    return Rounding(f"{unit:,.6g} {economy.unit}", limits, len(flows), small)


def _usual(size: Array, unit: float) -> float:
    """Up to what size gaps are usual in a table: the median and some spreads."""
    if not len(size):
        return 0.0
    return middle(size) + SPREADS * max(spread(size), unit)


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
