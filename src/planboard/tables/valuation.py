"""Use at purchasers' prices -> use at basic prices: margins to their products, taxes to a row.

    basic_iu = use_iu − Σ_k margin_k,iu − Σ_t tax_t,iu            u: an industry or a category

Where the publisher does not say what each use carries, the amount of a product is spread over its
uses in proportion to their value w_u · max(use_iu, 0) (w_u = 1 but for the conventions `MARGINS`
and `TAXES`), and the margin of a use is provided by the margin products in proportion to what they
provide in all. Source: Eurostat (2008), *Manual of Supply, Use and Input-Output Tables*, ch. 6;
United Nations (2018), *Handbook on Supply and Use Tables and Input-Output Tables*, ch. 7.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from planboard.errors import InvalidTableError
from planboard.tables.supply_use import EXPORTS, SupplyUseTable

# Weight of a use by its code or its role; 1 where nothing is stated. Exports are fob: they carry
# margins as far as the border, and no taxes on products, which are refunded or not levied.
# Inventories carry neither: they are held for the greater part before trade and tax. A use below
# zero, such as used goods that are sold, is worth what the seller gets, and carries nothing.
MARGINS: Mapping[str, float] = {"inventories": 0.0}
TAXES: Mapping[str, float] = {EXPORTS: 0.0, "inventories": 0.0}

NOISE = 1e-11  # Relative: what is smaller is no gap but the arithmetic.
ROUNDING = "rounding"  # The category and the item that a publisher's rounding is booked under.
Flows = Mapping[str, pd.DataFrame]


def at_basic_prices(
    table: SupplyUseTable,
    *,
    margins: Mapping[str, float] = MARGINS,
    taxes: Mapping[str, float] = TAXES,
) -> SupplyUseTable:
    """The table with use at basic prices, cif/fob adjusted and balanced product by product.

    Output and imports equal use, final use and exports for every product afterwards: what the
    publisher's rounding leaves is a category of final use, `ROUNDING`, and an item of value added.

    Parameters
    ----------
    table : at purchasers' or producers' prices; one at basic prices is adjusted and balanced only
    margins, taxes : weights of uses, by code or role, for what the publisher does not give by use
        (`SupplyUseTable.valuation`). Where they leave a product no use to carry its margins and
        taxes, or would take more from a use than it is worth, all its uses carry them alike.

    Raises
    ------
    InvalidTableError
        Supply and use differ by more than rounding; a margin that no product provides; a product
        that bears margins or taxes and has no use; matrices that do not add up to their columns.
    """
    if table.publication.price_basis != "basic":
        table = _revalued(table, margins, taxes)
    return with_rounding_booked(with_cif_fob_as_exports(table))


def _revalued(
    table: SupplyUseTable, margins: Mapping[str, float], taxes: Mapping[str, float]
) -> SupplyUseTable:
    _check_given(table)
    weights = {"margins": _weights(table, margins), "taxes": _weights(table, taxes)}
    found = _matrices(table, weights)
    flipped = _flipped(table, found)
    if len(flipped):
        alike = {name: weight.copy() for name, weight in weights.items()}
        for weight in alike.values():
            weight.loc[flipped] = 1.0
        found = _matrices(table, alike)
    basic = table.all_use - sum(found.values(), start=0.0 * table.all_use)
    items = {} if table.taxes is None else {str(t): found[str(t)].sum() for t in table.taxes}
    by_item = pd.DataFrame(items, index=table.uses).T
    publication = replace(table.publication, price_basis="basic")
    return replace(
        table,
        publication=publication.with_step(
            "basic prices", _told(table, [*map(str, flipped), *_alike(table, weights, flipped)])
        ),
        use=basic[list(table.industries)],
        final_use=basic[list(table.final_use.columns)],
        value_added=pd.concat([table.value_added, by_item[list(table.industries)]]),
        final_use_taxes=by_item[list(table.final_use.columns)],
        margins=None,
        taxes=None,
        valuation={},
    )


def _weights(table: SupplyUseTable, stated: Mapping[str, float]) -> pd.DataFrame:
    """What a unit of each use carries, relative to others: product x use."""
    by_use = {u: stated.get(u, stated.get(table.roles.get(u, ""), 1.0)) for u in table.uses}
    row = pd.Series(by_use, dtype=float)
    return pd.DataFrame(
        np.tile(row.to_numpy(), (len(table.products), 1)),
        index=table.supply.index,
        columns=table.uses,
    )


def _matrices(table: SupplyUseTable, weights: Flows) -> dict[str, pd.DataFrame]:
    """Kind of margin or item of taxes -> what of it each use of each product carries."""
    found = {}
    for name in ("margins", "taxes"):
        part: pd.DataFrame | None = getattr(table, name)
        for kind in () if part is None else part.columns:
            amount = part[kind]  # type: ignore[index]
            if kind in table.valuation:
                found[str(kind)] = table.valuation[kind]
            elif name == "taxes":
                found[str(kind)] = spread(table, str(kind), amount, weights[name])
            else:
                found[str(kind)] = _margin(table, str(kind), amount, weights[name])
    return found


def spread(
    table: SupplyUseTable, what: str, amount: "pd.Series[float]", weights: pd.DataFrame
) -> pd.DataFrame:
    """An amount by product over its uses above zero, in proportion to weighted use: product x use.

    Where weighted use is nothing, or smaller than the amount, all uses weigh alike.
    """
    use = table.all_use.clip(lower=0.0)
    base = use * weights
    poor = _is_beyond(amount, base)
    base[poor] = use[poor]
    total = base.sum(axis=1)
    nowhere = (amount != 0) & (total <= 0)
    if nowhere.any():
        raise InvalidTableError(
            f"Products of table '{table.publication.name}' bear {what} and have no use.",
            [f"{i}: {what} {amount[i]:,.0f}, use {total[i]:,.0f}" for i in use.index[nowhere]],
            "Correct the columns of the supply table, or add the use that carries them.",
        )
    share = np.where(amount != 0, amount / total.where(total > 0, 1.0), 0.0)
    return base.mul(share, axis=0)


def _is_beyond(amount: "pd.Series[float]", base: pd.DataFrame) -> "pd.Series[bool]":
    """Products whose weighted uses are nothing, or worth less than what they should carry."""
    worth = base.sum(axis=1)
    return (amount != 0) & ((worth <= 0) | (worth < amount))


def _alike(table: SupplyUseTable, weights: Flows, but: pd.Index) -> list[str]:
    """Product and kind where all uses carry alike, against the weights; without the products `but`.

    Margins of those who provide them are no uses' burden.
    """
    use, found = table.all_use.clip(lower=0.0), []
    for name in ("margins", "taxes"):
        part: pd.DataFrame | None = getattr(table, name)
        base = use * weights[name]
        spared = (base.sum(axis=1) < use.sum(axis=1)) & ~use.index.isin(but)
        for kind in [k for k in (() if part is None else part.columns) if k not in table.valuation]:
            amount = part[kind].clip(lower=0.0) if name == "margins" else part[kind]  # type: ignore[index]
            found += [f"{i} ({kind})" for i in use.index[_is_beyond(amount, base) & spared]]
    return found


def _margin(
    table: SupplyUseTable, kind: str, amount: "pd.Series[float]", weights: pd.DataFrame
) -> pd.DataFrame:
    """A margin by use: above zero where it is in the price, below zero where it is provided."""
    provided = -amount.clip(upper=0.0)
    borne = spread(table, kind, amount.clip(lower=0.0), weights)
    if provided.sum() == 0 and borne.to_numpy().any():
        raise InvalidTableError(
            f"No product of table '{table.publication.name}' provides the margin '{kind}'.",
            [f"borne by {int((amount > 0).sum())} products, {amount.sum():,.0f} in all"],
            "The column must be below zero for the products that provide it, such as retail trade.",
        )
    share = provided / (provided.sum() or 1.0)
    taken = pd.DataFrame(
        np.outer(share, borne.sum(axis=0)), index=borne.index, columns=borne.columns
    )
    return borne - taken


def _flipped(table: SupplyUseTable, found: Flows) -> pd.Index:
    """Products of which some use above zero would be worth less than nothing at basic prices."""
    use = table.all_use
    basic = use - sum(found.values(), start=0.0 * use)
    own = table.margins is None or (table.margins >= 0).all(axis=1)
    wrong = ((use > 0) & (basic < 0)).any(axis=1) & own
    given = bool(found) and set(found) <= set(table.valuation)
    return use.index[:0] if given else use.index[wrong]


def _check_given(table: SupplyUseTable) -> None:
    """Matrices of margins and taxes must add up to the columns of the supply table."""
    columns = [part for part in (table.margins, table.taxes) if part is not None]
    stated = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=table.supply.index)
    faults = [
        f"{kind}: no such column in the supply table"
        for kind in table.valuation
        if kind not in stated
    ]
    for kind, matrix in table.valuation.items():
        if kind not in stated:
            continue
        gap = matrix.sum(axis=1) - stated[kind]
        cells = (matrix != 0).sum(axis=1)
        wrong = gap.abs() > allowance(table.rounding, cells, stated[kind])
        faults += [
            f"{i}: {kind} {stated.loc[i, kind]:,.0f} in the supply table, "
            f"{matrix.loc[i].sum():,.0f} over all uses"
            for i in gap.index[wrong]
        ]
    borne = [] if table.margins is None else [k for k in table.valuation if k in table.margins]
    for kind in borne:
        matrix = table.valuation[kind]
        left = matrix.sum(axis=0)
        cells, size = (matrix != 0).sum(axis=0), matrix.abs().sum(axis=0)
        wrong = left.abs() > allowance(table.rounding, cells, size)
        faults += [
            f"{u}: {kind} {left[u]:+,.0f} more borne than provided" for u in left.index[wrong]
        ]
    if faults:
        raise InvalidTableError(
            f"Margins or taxes by use of table '{table.publication.name}' do not add up.",
            faults,
            "Take all tables from one release.",
        )


def with_cif_fob_as_exports(table: SupplyUseTable) -> SupplyUseTable:
    """The cif/fob adjustment of supply as trade: the balance of trade and of products stays.

    Below zero stands what residents earn by carrying and insuring imports. It is in their output
    and once more in imports cif, and is booked as exports; what stands above zero, as imports.
    Source: United Nations (2018), *Handbook*, ch. 5; SNA 2008, 14.70-14.78.
    """
    if table.adjustments is None:
        return table
    change = table.adjustments.sum(axis=1)
    final, sold = table.final_use.copy(), table.with_role(EXPORTS)
    earned = -change.clip(upper=0.0)
    if earned.any() and not sold:
        raise InvalidTableError(
            f"Table '{table.publication.name}' has a cif/fob adjustment and no exports.",
            [f"{i}: {change[i]:,.0f}" for i in change.index[change < 0]],
            "Give a category of final use the role 'exports'.",
        )
    if sold:
        final[sold[0]] += earned
    return table.with_step(
        "cif/fob",
        f"Services of residents within imports cif, {earned.sum():,.0f} {table.publication.unit}, "
        "are booked as exports; the balance of trade stays.",
        final_use=final,
        imports=table.imports + change.clip(lower=0.0),
        adjustments=None,
    )


def with_rounding_booked(table: SupplyUseTable) -> SupplyUseTable:
    """Gaps of rounding in the open: a category of final use, and an item of value added.

    Raises
    ------
    InvalidTableError
        A gap is larger than rounding explains.
    """
    products = _without_noise(table.product_gaps(), table.total_supply.abs() + table.total_use)
    industries = _without_noise(table.industry_gaps(), table.industry_output)
    _check_gaps(table, products, industries)
    if not (products.any() or industries.any()):
        return table
    final = table.final_use.assign(**{ROUNDING: products + table.final_use.get(ROUNDING, 0.0)})
    added = table.value_added.copy()
    added.loc[ROUNDING] = industries + (added.loc[ROUNDING] if ROUNDING in added.index else 0.0)
    changes: dict[str, object] = {"final_use": final, "value_added": added}
    for name in ("final_use_taxes", "imported_final_use"):
        part: pd.DataFrame | None = getattr(table, name)
        if part is not None and ROUNDING not in part:
            changes[name] = part.assign(**{ROUNDING: 0.0})
    return table.with_step(
        "rounding",
        f"Gaps of rounding are booked as '{ROUNDING}': at most {products.abs().max():,.6g} of a "
        f"product and {industries.abs().max():,.6g} of an industry "
        f"({table.publication.unit}).",
        roles={**table.roles, ROUNDING: "inventories"},
        **changes,
    )


def _without_noise(gaps: "pd.Series[float]", scale: "pd.Series[float]") -> "pd.Series[float]":
    """Gaps without what sums in double precision are off by."""
    return gaps.where(gaps.abs() > NOISE * scale.abs(), 0.0)


def _check_gaps(
    table: SupplyUseTable, products: "pd.Series[float]", industries: "pd.Series[float]"
) -> None:
    use, supply = table.all_use != 0, table.supply != 0
    added = (table.value_added != 0).sum(axis=0)
    allowed = {
        "product": allowance(table.rounding, use.sum(axis=1) + supply.sum(axis=1) + 6),
        "industry": allowance(
            table.rounding, (table.use != 0).sum(axis=0) + supply.sum(axis=0) + added
        ),
    }
    faults = []
    for what, gaps in (("product", products), ("industry", industries)):
        wrong = gaps.abs() > allowed[what]
        faults += [
            (
                abs(gaps[i]),
                f"{what} {i}: {gaps[i]:+,.6g}, rounding explains {allowed[what][i]:,.2g}",
            )
            for i in gaps.index[wrong]
        ]
    if faults:
        raise InvalidTableError(
            f"Table '{table.publication.name}' does not balance: {len(faults)} gaps are larger "
            f"than its rounding ({table.publication.unit}).",
            [line for _, line in sorted(faults, key=lambda fault: -fault[0])],
            "Correct the table, or book the gap in the open as a category of final use.",
        )


def allowance(
    rounding: float, cells: "pd.Series[int]", size: "pd.Series[float] | None" = None
) -> "pd.Series[float]":
    """What a sum of rounded cells may be off by: one unit and five standard deviations.

        rounding · (1 + 5 √(cells/12))

    A rounding error is uniform on half a unit either way, of variance 1/12. Sums in double
    precision may be off by `NOISE` of their size besides.
    """
    allowed = rounding * (1 + 5 * (cells / 12) ** 0.5)
    return allowed if size is None else allowed + NOISE * size.abs()


def _told(table: SupplyUseTable, alike: list[str]) -> str:
    """What was done, in words and amounts; `alike`: of whom all uses carry the same."""
    parts = []
    for name, part in (("margins", table.margins), ("taxes on products", table.taxes)):
        if part is None:
            continue
        amounts = part.clip(lower=0.0) if name == "margins" else part
        told = ", ".join(f"{kind} {amounts[kind].sum():,.0f}" for kind in part)
        given = all(kind in table.valuation for kind in part)
        how = "as published by use" if given else "in proportion to use"
        parts.append(f"{name} ({told}) taken off {how}")
    ending = f" All uses alike for {', '.join(alike)}." if alike else ""
    sentence = "; ".join(parts) or "no margins or taxes"
    basis = table.publication.price_basis
    return f"From {basis}' prices, {table.publication.unit}: {sentence}.{ending}"
