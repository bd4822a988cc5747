"""A change of unit, checked: the words say by how much, or a rate is stated."""

from dataclasses import replace

import numpy as np

from planboard.economy import Array, Economy, Product
from planboard.errors import InvalidTableError
from planboard.labels import unknown_name
from planboard.reshape.deflation import with_money
from planboard.reshape.record import without_record
from planboard.reshape.revaluation import revalued
from planboard.reshape.rounding import Step, largest, with_rounding
from planboard.units import Unit, parse_unit

LABOUR = "labour"  # The role, and all factors that play it.
SAME = 1e-12  # Relative: a stated factor this close to what the words say is the same.


def rescale_unit(
    economy: Economy,
    unit: str,
    factor: float | None = None,
    *,
    of: str | None = None,
    rate: float | None = None,
) -> Economy:
    """The economy in another unit: quantities change, what they stand for does not.

    Parameters
    ----------
    unit
        The new unit in words, such as "billion 2000 USD".
    factor
        Old units in one new unit; left out, what the words say ("million" to "billion": 1000).
    of
        A product with a unit of its own, or a factor, or "labour" for all hours together; left out,
        the money of the economy.
    rate
        Units of the new currency for one of the old, where the currency's word changes.

    Raises
    ------
    InvalidTableError
        The factor contradicts the words, or the words do not say by how much; or the year of the
        prices changes, which is no change of unit.
    """
    economy, unrecorded = without_record(economy)
    old_text = _old_unit(economy, of)
    old, new = parse_unit(old_text), parse_unit(unit)
    _check_year(old, new, old_text, unit)
    times = _factor(old, new, factor, rate, f"{old_text} to {unit}")
    what = "money" if of is None else of
    detail = f"{what} from {old_text} to {unit}: divided by {times!r}"
    detail += "" if rate is None else f" (rate {rate!r})"
    regions = economy.region_names
    step: Step = {"step": "unit", "detail": f"{detail}.{unrecorded}"}
    if of is None:
        prices = np.full((len(economy.partners), len(economy.products)), times)
        currency = economy.currency if rate is None else new.counted
        found = revalued(economy, prices)
        made = with_money(economy, found, prices, unit, currency)
        step = with_rounding(step, economy, lambda gaps: largest(regions, found.divided(gaps)))
    elif of == LABOUR or of in economy.factor_names:
        made = _rescaled_factors(economy, _factors(economy, of), unit, times)
    else:
        made = _rescaled_product(economy, of, unit, times)
        rows = _rows(economy, of, times)
        step = with_rounding(step, economy, lambda gaps: largest(regions, gaps / rows))
    return replace(made, history=(*economy.history, step))


def _old_unit(economy: Economy, of: str | None) -> str:
    if of is None:
        return economy.unit
    own = {p.name: p.unit for p in economy.products if p.unit != economy.unit}
    units = own | {factor.name: factor.unit for factor in economy.factors}
    hours = {factor.unit for factor in economy.factors if factor.role == LABOUR}
    if len(hours) == 1:
        units.setdefault(LABOUR, hours.pop())
    if of not in units:
        raise unknown_name(
            "factor, or product with a unit of its own,", of, list(units), economy.name
        )
    return units[of]


def _check_year(old: Unit, new: Unit, old_text: str, text: str) -> None:
    if old.year != new.year:
        raise InvalidTableError(
            f"From '{old_text}' to '{text}' the year of the prices changes.",
            [f"{old.year or 'no year'} to {new.year or 'no year'}"],
            "That is no change of unit: deflate the economy, which takes the prices of both years.",
        )


def _factor(old: Unit, new: Unit, factor: float | None, rate: float | None, words: str) -> float:
    """Old units in one new unit."""
    scale = new.scale / old.scale
    is_same = old.counted.casefold() == new.counted.casefold()
    if rate is not None and not (np.isfinite(rate) and rate > 0):
        raise InvalidTableError(f"The rate {rate:g} is not positive.", [], "State a positive one.")
    if is_same and rate is not None:
        raise InvalidTableError(
            f"A rate was stated, and {words} changes no currency.",
            [f"rate {rate:g}"],
            "Leave the rate out, or name the new currency.",
        )
    if not is_same and factor is None and rate is None:
        raise InvalidTableError(
            f"The words do not say how many units go from {words}.",
            [f"'{old.counted}' and '{new.counted}' are different words"],
            "State a rate (new for one old), or a factor (old in one new).",
        )
    told = scale if rate is None else scale / rate
    if factor is None:
        return told
    if not (np.isfinite(factor) and factor > 0):
        raise InvalidTableError(
            f"The factor {factor:g} is not positive.", [], "State a positive one."
        )
    if (is_same or rate is not None) and abs(factor / told - 1) > SAME:
        raise InvalidTableError(
            f"The factor contradicts the words: {words}.",
            [f"stated {factor:g}; the words say {told:g}"],
            "Leave the factor out, or correct the unit.",
        )
    return factor


def _factors(economy: Economy, of: str) -> list[int]:
    """Positions of the factor of this name, or of all labour."""
    if of in economy.factor_names:
        return [economy.factor_names.index(of)]
    return [k for k, factor in enumerate(economy.factors) if factor.role == LABOUR]


def _rescaled_factors(economy: Economy, chosen: list[int], unit: str, times: float) -> Economy:
    old = economy.factors[chosen[0]].unit
    factors = tuple(
        replace(factor, unit=unit) if k in chosen else factor
        for k, factor in enumerate(economy.factors)
    )
    rows = np.ones(len(factors))
    rows[chosen] = times
    regions = tuple(
        replace(
            a,
            factor_use=a.factor_use / rows[:, None],
            factor_supply=a.factor_supply / rows[:, None],
            factor_use_building=a.factor_use_building / rows[:, None, None],
            endowment=a.endowment / rows,
        )
        for a in economy.regions
    )
    actual = economy.actual
    if actual is not None:
        labour = _factors(economy, LABOUR)
        own = actual["name"].isin([factors[k].name for k in chosen])
        if set(labour) <= set(chosen):  # Hours by activity are those of all labour.
            own |= actual["quantity"] == "hours"
        own &= actual["unit"] == old
        value = actual["value"].where(~own, actual["value"] / times)
        actual = actual.assign(value=value, unit=actual["unit"].where(~own, unit))
    return replace(economy, regions=regions, factors=factors, actual=actual)


def _rescaled_product(economy: Economy, name: str, unit: str, times: float) -> Economy:
    products = tuple(
        _priced(product, unit, times) if product.name == name else product
        for product in economy.products
    )
    rows = _rows(economy, name, times)

    def divided(values: Array) -> Array:
        return values / rows[:, None]

    regions = tuple(
        replace(
            a,
            input=(a.input.multiply(1 / rows[:, None])).tocsr(),
            output=(a.output.multiply(1 / rows[:, None])).tocsr(),
            capital_required=(a.capital_required.multiply(1 / rows[:, None])).tocsr(),
            final_use=divided(a.final_use),
            initial_stock=a.initial_stock / rows,
            exports=divided(a.exports),
            imports=divided(a.imports),
            conversions=replace(a.conversions, required=divided(a.conversions.required)),
        )
        for a in economy.regions
    )
    return replace(economy, regions=regions, products=products)


def _rows(economy: Economy, name: str, times: float) -> Array:
    """By what each product is divided, shape (n,): all but one by one."""
    return np.where(np.array(economy.product_names) == name, times, 1.0)


def _priced(product: Product, unit: str, times: float) -> Product:
    return replace(product, unit=unit, price=product.price * times)
