"""Revaluation: the same accounts at other prices, or in another unit of money.

Letters: region r, product i, activity j; d[r,i] price of what r makes, old money per new money;
q[r,i] = d[r,i] for products counted in money, 1 for those in units of their own.

    supply, exports       / q[r,i]
    imports               / q[o,i] of their origins o
    what r uses of i      / s[r,i], the mean of q[r,i] and q[o,i] over domestic output and imports:
                          current value over constant value, so that they add up
    level, capacity       · f_j = Σ_i p_i supply_i/q_i / Σ_i p_i supply_i, so a unit of an activity
                          stays what a unit of money buys of its products
    value added           · g_j = Σ_i p_i supply_i/d_i / Σ_i p_i supply_i, item by item
    hours, other factors  as they are

`domestic` is output less exports: origins are pooled, so all users of a product in a region pay the
same price for the same mix. A balance that was exact stays so. Value added deflated with the price
of output is not output less inputs at constant prices (double deflation): the difference becomes an
item of its own. Source: United Nations (2018), *Handbook on Supply and Use Tables and Input-Output
Tables with Extensions and Applications*, ch. 9 (prices and volumes, double deflation).
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from planboard.economy import Array, Category, Economy, RegionAccounts, check_numbers
from planboard.errors import InvalidTableError

RESIDUAL = "deflation_residual"
SMALL = 1e-12  # Relative to output or supply: a residual this small is rounding.
SAME = 1e-9  # Relative: prices of a physical product that differ by less are the same.


@dataclass(frozen=True, eq=False)
class RegionPrices:
    """By what the books of one region are divided.

    made : q, shape (n,); origins : q of the partners, shape (n, P); used : s, shape (n,)
    level : f, shape (m,); added : g, shape (m,)
    """

    made: Array
    origins: Array
    used: Array
    level: Array
    added: Array


@dataclass(frozen=True, eq=False)
class Revalued:
    """An economy at other prices, what is left in its books, and by what they were divided.

    added_residual, use_residual : sums of absolute residuals, in the new money
    output : gross output in the new money
    prices : by region
    """

    economy: Economy
    added_residual: float
    use_residual: float
    output: float
    prices: dict[str, RegionPrices]

    def divided(self, uses: Array) -> Array:
        """Uses by region and product, shape (R, n), at the new prices."""
        return np.asarray(uses / np.array([by.used for by in self.prices.values()]))


def revalued(economy: Economy, prices: Array) -> Revalued:
    """The economy with everything counted in money divided by prices.

    Parameters
    ----------
    prices : d by partner and product, shape (P, n); 1 where a partner does not sell the product

    Raises
    ------
    InvalidTableError
        The price of a product in units of its own would differ between regions.
    """
    is_money = np.array([product.unit == economy.unit for product in economy.products], dtype=bool)
    new_price = _physical_prices(economy, prices, is_money)
    old_price = np.array([product.price for product in economy.products])
    place = {name: position for position, name in enumerate(economy.partners)}
    regions, found, added, used = [], {}, 0.0, []
    for accounts in economy.regions:
        own = prices[place[accounts.region]]
        by = _region_prices(accounts, own, prices, is_money, old_price)
        made = _divided(accounts, by)
        made, left = _with_added_residual(accounts, made, by, old_price, new_price)
        used.append(_use_residual(accounts, made, by))
        regions.append(made)
        found[accounts.region] = by
        added += left
    products = tuple(
        replace(product, price=float(price))
        for product, price in zip(economy.products, new_price, strict=True)
    )
    whole = replace(economy, regions=tuple(regions), products=products)
    whole = _with_use_residual(whole, np.array(used))
    for accounts in whole.regions:
        check_numbers(accounts)
    output = sum(float(new_price @ accounts.gross_output) for accounts in whole.regions)
    residual = float(np.abs(np.array(used)).sum(axis=0) @ new_price)
    return Revalued(whole, added, residual, output, found)


def _physical_prices(economy: Economy, prices: Array, is_money: Array) -> Array:
    """Prices of products in units of their own, divided; those in money keep theirs."""
    old = np.array([product.price for product in economy.products])
    place = [economy.partners.index(name) for name in economy.region_names]
    makes = np.array([accounts.gross_output > 0 for accounts in economy.regions])
    least = np.where(makes, prices[place], np.inf).min(axis=0)
    most = np.where(makes, prices[place], -np.inf).max(axis=0)
    faults = [
        f"{product.name} ({product.unit}): {low:g} to {high:g}"
        for product, money, low, high in zip(economy.products, is_money, least, most, strict=True)
        if not money and high - low > SAME * high
    ]
    if faults:
        raise InvalidTableError(
            "Products in units of their own have one price for all regions.",
            faults,
            "Give each one deflator, the same in every region.",
        )
    return np.where(is_money | ~np.isfinite(least), old, old / np.where(least > 0, least, 1.0))


def _region_prices(
    a: RegionAccounts, own: Array, prices: Array, is_money: Array, price: Array
) -> RegionPrices:
    made = np.where(is_money, own, 1.0)
    origins = np.where(is_money[:, None], prices.T, 1.0)
    output = a.output.toarray()
    return RegionPrices(
        made=made,
        origins=origins,
        used=_use_prices(a, made, origins),
        level=_mean_of(price[:, None] * output, 1 / made),
        added=_mean_of(price[:, None] * output, 1 / own),
    )


def _mean_of(weights: Array, values: Array) -> Array:
    """Means of values over products, weighted column by column; all columns' where one is empty.

    Kept between the least and the greatest value, so that equal values have exactly that mean.
    """
    total = weights.sum(axis=0)
    whole = weights.sum()
    spare = float(values @ weights.sum(axis=1) / whole) if whole > 0 else float(values.mean())
    mean = np.divide(values @ weights, total, out=np.full(len(total), spare), where=total > 0)
    return np.asarray(np.clip(mean, values.min(), values.max()))


def _use_prices(a: RegionAccounts, made: Array, origins: Array) -> Array:
    """s: price of the mix of origins that a region uses; negative parts of it do not count."""
    domestic = a.gross_output - a.exports.sum(axis=1)
    parts = np.maximum(np.column_stack([domestic, a.imports]), 0.0)
    prices = np.column_stack([made, origins])
    current, constant = parts.sum(axis=1), (parts / prices).sum(axis=1)
    mean = np.divide(current, constant, out=made.copy(), where=constant > 0)
    least = np.where(parts > 0, prices, np.inf).min(axis=1)
    most = np.where(parts > 0, prices, -np.inf).max(axis=1)
    return np.where(constant > 0, np.clip(mean, least, most), made)


def _scaled(matrix: sparse.csr_array, rows: Array, columns: Array) -> sparse.csr_array:
    return sparse.csr_array(sparse.diags_array(rows) @ matrix @ sparse.diags_array(columns))


def _divided(a: RegionAccounts, by: RegionPrices) -> RegionAccounts:
    """The accounts of a region, every table divided by the price that it is valued at."""
    f, c = by.level, a.conversions
    kinds = a.capacity.shape[0]
    used = by.used[:, None]
    conversions = replace(
        c,
        share=c.share * f[c.target] / f[c.source],
        required=c.required / used / f[c.source],
    )
    return replace(
        a,
        level=a.level * f,
        in_progress=a.in_progress * f,
        input=_scaled(a.input, 1 / by.used, 1 / f),
        output=_scaled(a.output, 1 / by.made, 1 / f),
        factor_use=a.factor_use / f,
        factor_supply=a.factor_supply / f,
        capacity=a.capacity * f,
        building=a.building * f,
        capital_required=_scaled(a.capital_required, 1 / by.used, np.tile(1 / f, kinds)),
        factor_use_building=a.factor_use_building / f,
        final_use=a.final_use / used,
        initial_stock=a.initial_stock / by.used,
        exports=a.exports / by.made[:, None],
        imports=a.imports / by.origins,
        value_added={item: v * by.added / f for item, v in a.value_added.items()},
        conversions=conversions,
    )


def _with_added_residual(
    old: RegionAccounts, new: RegionAccounts, by: RegionPrices, old_price: Array, new_price: Array
) -> tuple[RegionAccounts, float]:
    """Double deflation: what is left between output, inputs and value added, as an item."""
    if not old.value_added:
        return new, 0.0
    kept = _column_gaps(old, old_price) * by.added / by.level
    residual = _column_gaps(new, new_price) - kept
    scale = np.abs(new_price @ new.output.toarray())
    residual = np.where(np.abs(residual) > SMALL * scale, residual, 0.0)
    if not residual.any():
        return new, 0.0
    known = new.value_added.get(RESIDUAL, 0.0)
    items = {**new.value_added, RESIDUAL: known + residual}
    return replace(new, value_added=items), float(np.abs(residual) @ new.level)


def _column_gaps(a: RegionAccounts, price: Array) -> Array:
    """Worth of output less inputs and value added, per unit of activity."""
    added = np.sum(list(a.value_added.values()), axis=0)
    return np.asarray(price @ a.output - price @ a.input - added)


def _row_gaps(a: RegionAccounts) -> Array:
    """Supply less use of every product."""
    used = a.input @ a.level + a.final_use.sum(axis=1) + a.exports.sum(axis=1)
    return np.asarray(a.total_supply - used)


def _use_residual(old: RegionAccounts, new: RegionAccounts, by: RegionPrices) -> Array:
    """What is left of a product's balance beside the gap that it had, shape (n,)."""
    residual = _row_gaps(new) - _row_gaps(old) / by.used
    scale = np.abs(new.total_supply) + np.abs(new.exports).sum(axis=1)
    return np.where(np.abs(residual) > SMALL * scale, residual, 0.0)


def _with_use_residual(economy: Economy, residual: Array) -> Economy:
    """What is left of the products' balances, as a category of final use like inventories."""
    if not residual.any():
        return economy
    names = economy.category_names
    categories, at = economy.categories, len(names)
    if RESIDUAL in names:
        at = names.index(RESIDUAL)
    else:
        label = "Left by deflation"
        categories = (*categories, Category(RESIDUAL, label, "inventories"))
    regions = []
    for accounts, left in zip(economy.regions, residual, strict=True):
        final = np.zeros((len(left), len(categories)))
        final[:, : accounts.final_use.shape[1]] = accounts.final_use
        final[:, at] += left
        regions.append(replace(accounts, final_use=final))
    return replace(economy, regions=tuple(regions), categories=categories)
