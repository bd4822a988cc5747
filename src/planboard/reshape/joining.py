"""Joining years: one economy of a base year, and what happened after and before it.

The tables of other years are brought to base-year prices; later ones become the table `actual`, the
earliest one gives the growth rates of the past.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd

from planboard.economy import Array, Economy, RegionAccounts
from planboard.errors import InvalidTableError
from planboard.labels import nearest
from planboard.reshape.deflation import deflate
from planboard.reshape.deflators import Donors, series_deflators
from planboard.reshape.once import check_once
from planboard.units import parse_unit

ACTUAL = ["region", "quantity", "name", "year", "value", "unit"]
GROWTH = ["region", "quantity", "value", "assumed"]
AXES = ("region", "product", "activity", "factor", "category")


def join_years(
    economies: Sequence[Economy],
    base_year: int,
    *,
    deflators: pd.DataFrame | str = "series",
    donors: Donors | None = None,
) -> Economy:
    """The economy of the base year with what the others say of the years around it.

    Parameters
    ----------
    economies
        The same tables of several years: all codes must be the same.
    base_year
        The year that plans start from; one of theirs.
    deflators
        "series": each year's own prices (see `series_deflators`); or a table with columns region,
        product, year, value, source: money of that year per money of the base year.
    donors
        Region without prices -> regions whose mean change stands in.

    Returns
    -------
    Economy
        Of the base year. `actual`: output, hours, capital and investment by activity, hours by
        skill, persons engaged, final use by category/product, from the base year on, money at
        base-year prices. `growth`: of hours and of real output per hour since the earliest year.

    Raises
    ------
    InvalidTableError
        Codes, money or price basis differ between the years, or a deflator is missing.
    """
    by_year = _by_year(economies, base_year)
    base = by_year[base_year]
    _check_same(base, [by_year[year] for year in by_year if year != base_year])
    constant = {
        year: economy
        if year == base_year
        else deflate(economy, _deflators(economy, base_year, deflators, donors), to_year=base_year)
        for year, economy in by_year.items()
    }
    later = [year for year in by_year if year >= base_year]
    earlier = [year for year in by_year if year < base_year]
    actual = base.actual
    if len(later) > 1:
        frames = [_happened(constant[year], year, base.unit) for year in later]
        frames.append(_from_series(base, later))
        actual = pd.concat([f for f in frames if len(f)], ignore_index=True)[ACTUAL]
    growth = base.growth
    if earlier:
        growth = _growth(constant[earlier[0]], base, base_year - earlier[0])
    step = {"step": "years joined", "detail": _detail(constant, base_year, later, earlier)}
    return replace(base, actual=actual, growth=growth, history=(*base.history, step))


def _by_year(economies: Sequence[Economy], base_year: int) -> dict[int, Economy]:
    years = sorted(economy.base_year for economy in economies)
    twice = sorted({a for a, b in pairwise(years) if a == b})
    faults = [f"twice: {year}" for year in twice]
    faults += [] if base_year in years else [f"no table of the base year {base_year}"]
    if faults or len(years) < 2:
        raise InvalidTableError(
            "These economies cannot be joined.",
            faults or [f"years: {', '.join(map(str, years)) or 'none'}"],
            "Give one economy for each year, at least two, one of them of the base year.",
        )
    return {economy.base_year: economy for economy in sorted(economies, key=lambda e: e.base_year)}


def _codes(economy: Economy, axis: str) -> tuple[str, ...]:
    return tuple(getattr(economy, f"{axis}_names"))


def _check_same(base: Economy, others: Sequence[Economy]) -> None:
    """Refuse codes that differ, with the likeliest pairs; and money that does."""
    faults = []
    for other in others:
        for axis in AXES:
            mine, theirs = _codes(base, axis), _codes(other, axis)
            gone = [code for code in mine if code not in theirs]
            new = [code for code in theirs if code not in mine]
            faults += _pairs(axis, (gone, base.base_year), (new, other.base_year))
        for what, ours, other_ones in (
            ("price basis", base.price_basis, other.price_basis),
            ("currency", base.currency, other.currency),
            ("coverage", base.coverage, other.coverage),
            ("unit", _money(base), _money(other)),
            *_units(base, other),
        ):
            if ours != other_ones:
                faults.append(
                    f"{what}: '{ours}' in {base.base_year}, '{other_ones}' in {other.base_year}"
                )
    if faults:
        raise InvalidTableError(
            "The tables of these years do not fit each other.",
            faults,
            "Bring them to the same codes (aggregate renames), money and price basis first.",
        )


def _units(base: Economy, other: Economy) -> Iterator[tuple[str, str, str]]:
    """Units of the products and factors of both, but of products that both count in money."""
    mine, theirs = (
        {p.name: p.unit for p in e.products} | {f.name: f.unit for f in e.factors}
        for e in (base, other)
    )
    for name in mine:
        if name in theirs and (mine[name], theirs[name]) != (base.unit, other.unit):
            yield f"unit of {name}", mine[name], theirs[name]


def _money(economy: Economy) -> str:
    return parse_unit(economy.unit).without_year


def _pairs(axis: str, gone: tuple[list[str], int], new: tuple[list[str], int]) -> list[str]:
    """Codes of one year alone: pairs that look like the same thing renamed, then the rest."""
    (old, year), (left, other) = gone, (list(new[0]), new[1])
    told = []
    for code in old:
        close = nearest(code, left)
        if close:
            left.remove(close[0])
            told.append(f"{axis}: '{code}' in {year}, '{close[0]}' in {other}")
        else:
            told.append(f"{axis}: '{code}' in {year} alone")
    return told + [f"{axis}: '{code}' in {other} alone" for code in left]


def _deflators(
    economy: Economy, base_year: int, deflators: pd.DataFrame | str, donors: Donors | None
) -> pd.DataFrame | str:
    if not isinstance(deflators, pd.DataFrame):
        return series_deflators(economy, base_year, donors)
    if "year" not in deflators:
        raise InvalidTableError(
            "The deflators do not say of which year they are.", [], "Add a column 'year'."
        )
    own = deflators[deflators["year"].astype(int) == economy.base_year]
    return own.drop(columns="year").reset_index(drop=True)


def _labour(economy: Economy) -> list[int]:
    return [k for k, factor in enumerate(economy.factors) if factor.role == "labour"]


def _hours(economy: Economy, a: RegionAccounts) -> Array:
    """Hours of every activity, all kinds of labour together, shape (m,)."""
    return np.asarray((a.factor_use[_labour(economy)] * a.level).sum(axis=0))


def _output(economy: Economy, a: RegionAccounts) -> Array:
    """Money's worth of what every activity made, shape (m,)."""
    price = np.array([product.price for product in economy.products])
    return np.asarray((price @ a.output) * a.level)


def _happened(economy: Economy, year: int, unit: str) -> pd.DataFrame:
    """What the table of one year says, at base-year prices."""
    rows: list[tuple[str, str, str, float, str]] = []
    price = np.array([product.price for product in economy.products])
    labour = _labour(economy)
    hours_unit = economy.factors[labour[0]].unit if labour else ""
    for a in economy.regions:
        r = a.region
        output, hours = _output(economy, a), _hours(economy, a)
        worth = a.final_use * price[:, None]
        rows += [(r, "output", name, x, unit) for name, x in zip(a.activities, output, strict=True)]
        rows += [
            (r, "hours", name, h, hours_unit)
            for name, h in zip(a.activities, hours if labour else (), strict=False)
        ]
        rows += [
            (r, "hours_by_skill", factor.name, float(a.factor_use[k] @ a.level), factor.unit)
            for k, factor in enumerate(economy.factors)
            if k in labour
        ]
        rows += [
            (r, "final_use", f"{category}/{product}", worth[i, c], unit)
            for c, category in enumerate(economy.category_names)
            for i, product in enumerate(economy.product_names)
        ]
    if economy.persons is not None:
        engaged = economy.persons[economy.persons["measure"] == "engaged"]
        rows += [
            (region, "engaged", "all", float(value), "thousand persons")
            for region, value in engaged[["region", "value"]].itertuples(index=False)
        ]
    table = pd.DataFrame(rows, columns=[*ACTUAL[:3], "value", "unit"])
    return table.assign(year=year)[ACTUAL]


def _from_series(base: Economy, years: Sequence[int]) -> pd.DataFrame:
    """Capital and investment at base-year prices, in the money of the table, from the series.

    capital     K_t P_0 / 100 · X_0           investment     I_t P_0 / P_t · X_0
    """
    series = base.series
    empty = pd.DataFrame(columns=ACTUAL)
    needed = {"capital_stock", "investment", "investment_price"}
    if series is None or not needed <= set(series["measure"]):
        return empty
    check_once(series)
    table = series.pivot(
        index=["region", "activity", "year"], columns="measure", values="value"
    ).reset_index()
    table = table[table["year"].isin(years)]
    then = table[table["year"] == base.base_year].set_index(["region", "activity"])
    at = pd.MultiIndex.from_frame(table[["region", "activity"]])
    price = then["investment_price"].reindex(at).to_numpy()
    rate = then["exchange_rate"].reindex(at).to_numpy() if "exchange_rate" in then else 1.0
    found = {
        "capital": table["capital_stock"] * price / 100 * rate,
        "investment": table["investment"] * price / table["investment_price"] * rate,
    }
    frames = [
        table[["region", "activity", "year"]]
        .rename(columns={"activity": "name"})
        .assign(quantity=quantity, value=value, unit=base.unit)
        for quantity, value in found.items()
    ]
    made = pd.concat(frames, ignore_index=True)
    return made[np.isfinite(made["value"].astype(float))][ACTUAL]


def _growth(then: Economy, now: Economy, years: int) -> pd.DataFrame:
    """Mean yearly growth of hours and of output per hour by region, both tables at equal prices."""
    rows = []
    for after in now.regions:
        region = after.region
        hours = [_hours(then, then.region(region)).sum(), _hours(now, after).sum()]
        output = [_output(then, then.region(region)).sum(), _output(now, after).sum()]
        assumed = float(_is_imputed(then, region) or _is_imputed(now, region))
        if min(hours) > 0 and min(output) > 0:
            labour = hours[1] / hours[0]
            per_hour = output[1] / output[0] / labour
            rows.append((region, "labour", labour ** (1 / years) - 1, assumed))
            rows.append((region, "productivity", per_hour ** (1 / years) - 1, assumed))
    return pd.DataFrame(rows, columns=GROWTH)


def _is_imputed(economy: Economy, region: str) -> bool:
    """Whether all hours of a region were filled in."""
    table = economy.imputed
    if table is None or table.empty:
        return False
    own = table[(table["region"] == region) & (table["activity"] == "all")]
    return bool(own["measure"].astype(str).str.startswith("hours").any())


def _detail(
    constant: Mapping[int, Economy], base_year: int, later: list[int], earlier: list[int]
) -> str:
    told = [
        f"{year}, {economy.source}: {economy.history[-1]['detail']}"
        for year, economy in constant.items()
        if year != base_year
    ]
    parts = []
    if len(later) > 1:
        parts.append(f"what happened {later[0]}-{later[-1]} from the tables of those years")
    if earlier:
        parts.append(f"growth {earlier[0]}-{base_year}")
    return f"Base year {base_year}; {'; '.join(parts)}. {' '.join(told)}"
