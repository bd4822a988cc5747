"""A table whose figures are rounded: what that hides, and which gaps come of it."""

import numpy as np

from planboard.audit.finding import GRAVE, ROUNDING, Finding, listed
from planboard.economy import Array, Economy
from planboard.leontief import Rounding
from planboard.leontief.rounding import SMALL


def rounded_table(
    economy: Economy, gaps: Array, supply: Array, rounding: Rounding
) -> list[Finding]:
    """One finding on the unit of rounding, what it hides and what it unbalances."""
    explained = rounding.explains(gaps)
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
            f"{_what(rounding)}. {balances}.",
            "Balance the tables if a plan must start from them exactly; small flows are known to "
            "one digit or none.",
        )
    ]


def _what(rounding: Rounding) -> str:
    """What is rounded, and what is lost by it."""
    if not rounding.flows:
        return f"Flows were rounded to {rounding.unit} before they came to what they are"
    return (
        f"All {rounding.flows:,} flows are whole multiples of {rounding.unit}: what is under half "
        f"of that is lost, and {rounding.small:.0%} of the flows are {SMALL:g} or less of it"
    )
