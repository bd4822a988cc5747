"""Is use at other prices than supply?

At purchasers' prices a good carries its trade and transport margins and its taxes. Held against
supply at basic prices, goods are used for more than there is of them, and the few products that are
margins (wholesale, retail, transport) for next to nothing:

    gap_i = supply_i − use_i < 0 for goods,    ≫ 0 for margins,    Σ_i gap_i = − taxes on products

Source: Eurostat (2008), *Manual of Supply, Use and Input-Output Tables*, ch. 6.
"""

import numpy as np
from numpy.typing import NDArray

from planboard.audit.finding import GRAVE, Finding, listed
from planboard.economy import Array, Economy, RegionAccounts

LARGE = 0.05  # Gaps together, as a share of supply: rounding and errors are far below.
GOODS = 0.4  # At least this share of products is used for more than there is …
MARGINS = 0.25  # … and at most this share for less, …
CARRIED = 0.25  # … which carry at least this share of all gaps.


def mixed_price_basis(
    economy: Economy, accounts: RegionAccounts, gap: Array, supply: Array
) -> list[Finding]:
    """A finding where supply is at basic prices and use at purchasers', or the other way round."""
    total = float(np.abs(gap).sum())
    if total <= LARGE * float(supply.sum()):
        return []
    for sign, cheap, dear in ((1, "supply", "use"), (-1, "use", "supply")):
        share = sign * gap / np.maximum(supply, 1e-300)
        goods, margins = share < -GRAVE, share > GRAVE
        carried = float(np.abs(gap[margins]).sum()) / total
        if (
            goods.sum() >= GOODS * len(gap)
            and 0 < margins.sum() <= MARGINS * len(gap)
            and carried >= CARRIED
        ):
            return [_mixed(economy, accounts, gap / supply.sum(), (goods, margins), (cheap, dear))]
    return []


def _mixed(
    economy: Economy,
    accounts: RegionAccounts,
    share: Array,
    kinds: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    sides: tuple[str, str],
) -> Finding:
    goods, margins = kinds
    cheap, dear = sides
    order = np.argsort(-np.abs(np.where(margins, share, 0.0)))[: int(margins.sum())]
    names = [economy.product_names[i] for i in order]
    return Finding(
        "mixed_price_basis",
        "error",
        accounts.region,
        "",
        float(np.abs(share).sum()),
        f"{dear.capitalize()} of {accounts.region} looks to be at purchasers' prices and {cheap} "
        f"at basic prices: {int(goods.sum())} of {len(share)} products miss together "
        f"{float(np.abs(share[goods]).sum()):.2g} of all supply, and their margins are left over: "
        f"{listed(names)} ({float(np.abs(share[margins]).sum()):.2g}).",
        "Bring both to basic prices: margins to the products that are margins, taxes to a row.",
    )
