"""Do the books add up? Rows product by product, columns activity by activity.

row       Σ_j output[i,j] x_j + imports_i = Σ_j input[i,j] x_j + Σ_c final_use[i,c] + exports_i
column    Σ_i price_i (output − input)[i,j] = Σ value_added[j]
"""

import numpy as np

from planboard.audit.finding import MATERIAL, ROUNDING, Finding, grade, listed
from planboard.audit.rounding import rounded_table
from planboard.audit.valuation import mixed_price_basis
from planboard.economy import Array, Economy, Integers, RegionAccounts
from planboard.leontief import all_gaps, rounding_of

SAME = 1e-6  # Relative: a gap this close to a flow is that flow.
ALL = "all partners"


def unbalanced_products(economy: Economy) -> list[Finding]:
    """Products of which more is used than there is, or less: made and imported less used."""
    gaps, supply = all_gaps(economy)
    rounding = rounding_of(economy, gaps)
    findings = rounded_table(economy, gaps, supply, rounding) if rounding else []
    is_rounding = rounding.explains(gaps) if rounding else np.zeros(gaps.shape, dtype=bool)
    for r, (accounts, missed, there) in enumerate(zip(economy.regions, gaps, supply, strict=True)):
        if not np.isfinite(missed).all():
            findings.append(_no_final_use(accounts))
            continue
        basis = mixed_price_basis(economy, accounts, missed, there)
        if basis:
            findings += basis
            continue
        gap = np.where(is_rounding[r], 0.0, missed)
        share = _share(gap, np.maximum(there, there - gap))
        wrong = np.nonzero(np.abs(share) > MATERIAL)[0].astype(np.int64)
        twice = _counted_twice(economy, accounts, gap, wrong)
        findings += _duplicated(economy, accounts, share, twice)
        alone = [int(i) for i in wrong if not any(i in found for found in twice.values())]
        findings += [
            _unbalanced(economy, accounts, i, float(gap[i]), float(share[i])) for i in alone
        ]
        findings += _rounded(accounts, list(economy.product_names), share, "product")
    return findings


def unbalanced_activities(economy: Economy) -> list[Finding]:
    """Activities whose output is not worth what they take and what they add."""
    price = np.array([product.price for product in economy.products])
    findings = []
    for accounts in economy.regions:
        if not accounts.value_added:
            continue
        worth = price @ accounts.output
        added = np.sum(list(accounts.value_added.values()), axis=0)
        share = _share(worth - price @ accounts.input - added, np.maximum(worth, added))
        findings += [
            Finding(
                "unbalanced_activity",
                grade(share[j]),
                accounts.region,
                accounts.activities[j],
                float(share[j]),
                f"{accounts.activities[j]} in {accounts.region}: output is worth "
                f"{_more_or_less(share[j])} than inputs and value added together.",
                "Correct the use or value_added of the activity, or name what is missing an item.",
            )
            for j in np.nonzero(np.abs(share) > MATERIAL)[0]
        ]
        findings += _rounded(accounts, list(accounts.activities), share, "activity")
    return findings


def _share(gap: Array, scale: Array) -> Array:
    return np.where(scale > 0, gap / np.where(scale > 0, scale, 1.0), 0.0)


def _more_or_less(share: float) -> str:
    return f"{abs(share):.2%} {'more' if share > 0 else 'less'}"


def _no_final_use(accounts: RegionAccounts) -> Finding:
    return Finding(
        "no_final_use",
        "note",
        accounts.region,
        "",
        0.0,
        f"{accounts.region} states no final use: its balances cannot be checked, and it has no "
        "basket that a plan could raise.",
        "Add a table final_use, or plan with orders alone.",
    )


def _unbalanced(
    economy: Economy, accounts: RegionAccounts, i: int, gap: float, share: float
) -> Finding:
    """One product that does not add up; `used_not_made` where it comes from nowhere."""
    name, unit = economy.product_names[i], economy.products[i].unit
    is_from_nowhere = gap < 0 and accounts.gross_output[i] <= 0
    where = f"{name} in {accounts.region}"
    return Finding(
        "used_not_made" if is_from_nowhere else "unbalanced_product",
        grade(share),
        accounts.region,
        name,
        share,
        f"{where} is used and not made; imports miss {-gap:,.6g} {unit}."
        if is_from_nowhere
        else f"{where}: {_more_or_less(share)} made and imported than used "
        f"(gap {gap:+,.6g} {unit}).",
        "Add its output or imports, or take out the use."
        if is_from_nowhere
        else "Correct the tables, or book the gap as a category of final use.",
    )


def _rounded(accounts: RegionAccounts, names: list[str], share: Array, what: str) -> list[Finding]:
    """One note for all gaps as small as a publisher's rounding."""
    small = np.nonzero((np.abs(share) > ROUNDING) & (np.abs(share) <= MATERIAL))[0]
    if not len(small):
        return []
    order = small[np.argsort(-np.abs(share[small]))]
    worst = float(share[order[0]])
    return [
        Finding(
            f"rounded_{what}",
            "note",
            accounts.region,
            names[order[0]],
            worst,
            f"{accounts.region}: {len(small)} balances by {what} are off by rounding, at most "
            f"{abs(worst):.1e} of supply ({listed([names[k] for k in order])}).",
            "None is needed; balance the tables if a plan must start from them exactly.",
        )
    ]


def _counted_twice(
    economy: Economy, accounts: RegionAccounts, gap: Array, wrong: Integers
) -> dict[tuple[str, str], list[int]]:
    """Gaps that are a flow of trade: (direction, partner) -> products.

    A flow that is in the books once too often, in the table of trade or beside it, leaves a gap of
    the flow itself or of half of what is stated.
    """
    found: dict[tuple[str, str], list[int]] = {}
    for i in map(int, wrong):
        direction = "exports" if gap[i] < 0 else "imports"
        flows = accounts.exports[i] if gap[i] < 0 else accounts.imports[i]
        candidates = {ALL: flows.sum(), **dict(zip(economy.partners, flows, strict=True))}
        for partner, flow in candidates.items():
            if flow > 0 and any(
                abs(abs(gap[i]) - part) <= SAME * flow for part in (flow, flow / 2)
            ):
                found.setdefault((direction, partner), []).append(i)
                break
    return found


def _duplicated(
    economy: Economy,
    accounts: RegionAccounts,
    share: Array,
    twice: dict[tuple[str, str], list[int]],
) -> list[Finding]:
    findings = []
    for (direction, partner), products in twice.items():
        worst = max(products, key=lambda i: abs(share[i]))
        names = [economy.product_names[i] for i in products]
        towards = "to" if direction == "exports" else "from"
        findings.append(
            Finding(
                "duplicated_trade",
                grade(float(share[worst])),
                accounts.region,
                names[0] if len(names) == 1 else partner,
                float(share[worst]),
                f"{direction.capitalize()} of {accounts.region} {towards} {partner} are counted "
                f"twice: they are what {listed(names)} miss to balance.",
                "State each flow once: in the table of trade, and not in final use as well.",
            )
        )
    return findings
