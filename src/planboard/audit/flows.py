"""Is trade stated once, between two, and by both alike?"""

import numpy as np

from planboard.audit.finding import ROUNDING, Finding, listed
from planboard.economy import Array, Economy, Integers, RegionAccounts


def own_trade(economy: Economy) -> list[Finding]:
    """Flows of a region to itself: what stays at home is use, not trade."""
    findings = []
    for accounts in economy.regions:
        own = accounts.exports[:, economy.partners.index(accounts.region)]
        if own.any():
            names = [economy.product_names[i] for i in np.nonzero(own)[0]]
            findings.append(
                Finding(
                    "own_trade",
                    "warning",
                    accounts.region,
                    accounts.region,
                    float(np.abs(own).sum() / max(np.abs(accounts.exports).sum(), 1e-300)),
                    f"{accounts.region} trades with itself: {listed(names)}.",
                    "Take the flows out of the table of trade: use counts them already.",
                )
            )
    return findings


def equal_partners(economy: Economy) -> list[Finding]:
    """Partners with the same flow of every product, or one that is the sum of all others."""
    findings = []
    for accounts in economy.regions:
        for direction in ("exports", "imports"):
            flows: Array = getattr(accounts, direction)
            active = np.nonzero((flows != 0).sum(axis=0) > 2)[0].tolist()
            whole, sums = flows.sum(axis=1), flows.sum(axis=0)
            for place, p in enumerate(active):
                others = np.array(active[:place], dtype=np.int64)
                # Most pairs differ in their sum already.
                near = others[np.abs(sums[others] - sums[p]) <= ROUNDING * np.abs(sums[others])]
                same = [economy.partners[q] for q in near if _equal(flows[:, p], flows[:, q])]
                if not same and len(active) > 2 and _equal(flows[:, p], whole - flows[:, p]):
                    same = ["all others together"]
                if same:
                    findings.append(_equal_finding(economy, accounts, direction, p, same[0]))
    return findings


def _equal(first: Array, second: Array) -> bool:
    return bool(np.allclose(first, second, rtol=ROUNDING, atol=0.0))


def _equal_finding(
    economy: Economy, accounts: RegionAccounts, direction: str, p: int, other: str
) -> Finding:
    flows: Array = getattr(accounts, direction)
    return Finding(
        "duplicated_trade",
        "error",
        accounts.region,
        economy.partners[p],
        float(np.abs(flows[:, p]).sum() / np.abs(flows).sum()),
        f"{direction.capitalize()} of {accounts.region} with {economy.partners[p]} equal those "
        f"with {other}, product by product.",
        "Take out one of the two: a flow is stated once.",
    )


def one_sided_trade(economy: Economy) -> list[Finding]:
    """Imports that nobody exports, and exports that nobody imports.

    A partner without accounts sells and buys nothing in an economy that covers the whole world.
    """
    place = {name: r for r, name in enumerate(economy.region_names)}
    sold = {(a.region, p): a.exports[:, k] for a in economy.regions for k, p in _partners(economy)}
    bought = {
        (p, a.region): a.imports[:, k] for a in economy.regions for k, p in _partners(economy)
    }
    findings = []
    for pair in dict.fromkeys([*sold, *bought]):
        if economy.coverage != "world" and not set(pair) <= place.keys():
            continue
        none = np.zeros(len(economy.products))
        excess = bought.get(pair, none) - sold.get(pair, none)
        scale = np.maximum(np.abs(bought.get(pair, none)), np.abs(sold.get(pair, none)))
        share = np.where(scale > 0, excess / np.where(scale > 0, scale, 1.0), 0.0)
        wrong = np.nonzero(np.abs(share) > ROUNDING)[0].astype(np.int64)
        if len(wrong):
            findings.append(_one_sided(economy, pair, excess, share, wrong))
    return findings


def _partners(economy: Economy) -> list[tuple[int, str]]:
    return list(enumerate(economy.partners))


def _one_sided(
    economy: Economy, pair: tuple[str, str], excess: Array, share: Array, wrong: Integers
) -> Finding:
    seller, buyer = pair
    worst = wrong[np.argmax(np.abs(excess[wrong]))]
    names = [economy.product_names[i] for i in wrong]
    is_import = excess[worst] > 0
    first, second = ("buys", "sells") if is_import else ("sells", "buys")
    subject, object_ = (buyer, seller) if is_import else (seller, buyer)
    preposition, other = ("from", "to") if is_import else ("to", "from")
    return Finding(
        "import_without_exporter" if is_import else "export_without_importer",
        "error" if is_import else "warning",
        subject,
        economy.product_names[worst] if len(wrong) == 1 else object_,
        float(share[worst]),
        f"{subject} {first} {preposition} {object_} what {object_} never {second} {other} it: "
        f"{listed(names)} ({abs(float(excess[wrong].sum())):,.6g} in all).",
        'Give the partner accounts, state both sides alike, or let the coverage be "part".',
    )
