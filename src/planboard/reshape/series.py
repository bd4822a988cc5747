"""Published series, when activities or regions are put together.

Letters: part j of a target, year t, base year 0, P price index, X exchange rate (money of the table
per money of the accounts), K real stock.

    money      Σ_j value_j,t (· X_j,t where regions of different money are put together)
    price      100 Σ_j value_j,t / Σ_j volume_j,t,   volume_j,t = value_j,t P_j,0 / P_j,t (· X_j,0)
    volume     100 Σ_j value_j,0 Q_j,t / Q_j,0 / Σ_j value_j,0
    stock      Σ_j K_j,t P_j,0 / 100 (· X_j,0)
    rates      depreciation weighted with the real stock, utilisation with output

Volumes are at base-year prices and exchange rates, as all of an economy is, and so two steps give
the same as one, which a chained (Törnqvist) index would not. Where anything is put together, all
indices are 100 in the base year, and all stocks at base-year prices.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planboard.reshape.books import Table
from planboard.reshape.complete import complete_sums
from planboard.reshape.merging import Merging, listed
from planboard.reshape.once import check_once
from planboard.units import parse_unit

MONEY = ("output", "value_added", "labour_income", "capital_income", "investment")
COUNTS = ("persons", "hours", "hours_high", "hours_medium", "hours_low")
PRICES = {"output_price": "output", "investment_price": "investment"}
INDICES = (*PRICES, "output_volume")
OLD = ["old_region", "old_name"]
KEYS = ["region", "activity", "measure", "unit"]
ABOVE, BELOW = "above:", "below:"  # Numerator and denominator of what is a ratio of sums.


def aggregated_series(merging: Merging, table: Table) -> tuple[Table, list[str]]:
    """The series under the new labels, and what was left out of them."""
    check_once(table)
    region, activity = merging.target_of("region"), merging.target_of("activity")
    new = table.assign(
        old_region=table["region"],
        old_name=table["activity"],
        region=table["region"].map(region),
        activity=table["activity"].map(lambda name: activity.get(name, name)),
    )
    has = [region[code] for code in merging.books.regions]
    several = {code for code in has if has.count(code) > 1}
    if not several and len(set(activity.values())) == len(activity):
        return new[list(table.columns)], []
    parts = _Parts.of(new, several, int(merging.books.head["base_year"]))
    long = _long(parts, str(merging.books.head["unit"]))
    sums, _ = complete_sums(merging, long, KEYS, "activity", "measure")
    made: Table = _ratios(sums)[list(table.columns)]
    return made, _left(new, made)


def _left(before: Table, after: Table) -> list[str]:
    """A note on the figures that the parts have, and their targets have not."""
    keys = ["region", "activity", "measure", "year"]
    had = before[keys].drop_duplicates()
    has = pd.MultiIndex.from_frame(after[keys])
    gone = had[~pd.MultiIndex.from_frame(had).isin(has)]
    sizes = gone.groupby(["region", "measure"], sort=False).size()
    names = [" ".join(pair) for pair in sizes.index.tolist()]
    told = [f"{name} ({count} figures)" for name, count in zip(names, sizes, strict=True)]
    return [f"Series left out where a part is not known: {listed(told, 20)}"] if told else []


@dataclass(frozen=True, eq=False)
class _Parts:
    """Series of all parts, wide: one row for each part and year, one column for each measure.

    units : by (old_region, old_name, measure)
    converted : whether money becomes the table's; rate : at which exchange rate (else 1)
    """

    wide: Table
    units: "pd.Series[str]"
    base_year: int
    converted: bool
    rate: "pd.Series[float]"

    @classmethod
    def of(cls, rows: Table, several: set[str], base_year: int) -> "_Parts":
        """The parts that these rows are about; `several` are regions made of more than one.

        Where regions of different exchange rates are put together, all money becomes the table's:
        regions are held beside each other.
        """
        keys = [*OLD, "region", "activity", "year"]
        table = rows.pivot(index=keys, columns="measure", values="value").reset_index()
        units = rows.drop_duplicates([*OLD, "measure"]).set_index([*OLD, "measure"])["unit"]
        converted = "exchange_rate" in table and bool(several & _moneys_differ(table))
        rate = table["exchange_rate"] if converted else pd.Series(1.0, index=table.index)
        return cls(table, units, base_year, converted, rate)

    def __contains__(self, measure: str) -> bool:
        return measure in self.wide

    def __getitem__(self, measure: str) -> "pd.Series[float]":
        return self.wide[measure]

    def base(self, values: "pd.Series[float]") -> "pd.Series[float]":
        """What a part's values were in the base year, in every row of it."""
        then = values.where(self.wide["year"] == self.base_year)
        return then.groupby([self.wide[name] for name in OLD]).transform("first")

    def money(self, measure: str) -> "pd.Series[float]":
        """A measure in money, of the table where regions are put together."""
        return self[measure] * self.rate


def _moneys_differ(table: Table) -> set[str]:
    """Regions whose parts do not have the same exchange rate in every year."""
    rates = table.groupby(["region", "year"])["exchange_rate"].nunique(dropna=False)
    return set(rates.index[rates > 1].get_level_values("region"))


def _components(parts: _Parts) -> dict[str, "pd.Series[float]"]:
    """What is to be summed: amounts, and the two sides of each ratio."""
    found = {name: parts.money(name) for name in MONEY if name in parts}
    found |= {name: parts[name] for name in COUNTS if name in parts}
    ratios: dict[str, tuple[pd.Series[float], pd.Series[float]]] = {}
    rate = parts.base(parts.rate)
    for price, amount in PRICES.items():
        if price in parts and amount in parts:
            volume = parts[amount] * parts.base(parts[price]) / parts[price] * rate
            ratios[price] = parts.money(amount), volume
    stock = _stock(parts)
    if stock is not None:
        found["capital_stock"] = stock
    if "exchange_rate" in parts:
        one = pd.Series(1.0, index=parts.wide.index)
        ratios["exchange_rate"] = (one if parts.converted else parts["exchange_rate"]), one
    ratios |= _weighted(parts, stock)
    for name, (above, below) in ratios.items():
        is_known = np.isfinite(above) & np.isfinite(below)
        found |= {ABOVE + name: above.where(is_known), BELOW + name: below.where(is_known)}
    return found


def _weighted(
    parts: _Parts, stock: "pd.Series[float] | None"
) -> dict[str, tuple["pd.Series[float]", "pd.Series[float]"]]:
    """Volumes and rates: what they are weighted with, above and below."""
    ratios = {}
    weight = parts.money("output") if "output" in parts else None
    if "output_volume" in parts and weight is not None:
        quantity, value = parts["output_volume"], parts.base(weight)
        ratios["output_volume"] = value * quantity / parts.base(quantity), value
    for rate, weighed in (("utilisation", weight), ("depreciation", stock)):
        by = weight if weighed is None else weighed
        if rate in parts and by is not None:
            ratios[rate] = parts[rate] * by, by
    return ratios


def _stock(parts: _Parts) -> "pd.Series[float] | None":
    """Real stocks at base-year prices, and in the money of the table where regions are merged."""
    if "capital_stock" not in parts:
        return None
    if "investment_price" not in parts:
        return None if parts.converted else parts["capital_stock"]
    price = parts.base(parts["investment_price"]) / 100
    return parts["capital_stock"] * price * parts.base(parts.rate)


def _long(parts: _Parts, table_unit: str) -> Table:
    """All components as rows: region, activity, measure, unit, year, value, and the old labels."""
    frames: list[Table] = []
    for name, values in _components(parts).items():
        measure = name.removeprefix(ABOVE).removeprefix(BELOW)
        units = _units(parts, measure, table_unit)
        rows = parts.wide[[*OLD, "region", "activity", "year"]].assign(value=values, unit=units)
        frames.append(rows[np.isfinite(rows["value"])].assign(measure=name))
    return pd.concat(frames, ignore_index=True)


def _units(parts: _Parts, measure: str, table_unit: str) -> "pd.Series[str]":
    at = pd.MultiIndex.from_frame(parts.wide[OLD].assign(measure=measure))
    own = pd.Series(parts.units.reindex(at).to_numpy(), index=parts.wide.index).fillna("1")
    year = parts.base_year
    money = parse_unit(table_unit).without_year
    is_rebased = measure == "capital_stock" and "investment_price" in parts
    if measure in INDICES:
        return pd.Series(f"{year} = 100", index=own.index, dtype="str")
    if is_rebased and not parts.converted:
        return own.str.replace(r"\b(19|20)\d\d\b", str(year), regex=True)
    if not parts.converted:
        return own
    told = {"exchange_rate": "1", "capital_stock": f"{money} at {year} prices"}
    told |= dict.fromkeys(MONEY, money)
    return pd.Series(told[measure], index=own.index, dtype="str") if measure in told else own


def _ratios(sums: Table) -> Table:
    """Sums as they are, and ratios of sums: price and volume indices in per cent."""
    is_above = sums["measure"].str.startswith(ABOVE)
    is_below = sums["measure"].str.startswith(BELOW)
    plain = sums[~is_above & ~is_below]
    above = sums[is_above].assign(measure=sums["measure"].str.removeprefix(ABOVE))
    below = sums[is_below].assign(measure=sums["measure"].str.removeprefix(BELOW))
    both = above.merge(below, on=[*KEYS, "year"], suffixes=("", "_below"))
    both = both[both["value_below"] != 0]
    scale = np.where(both["measure"].isin(INDICES), 100.0, 1.0)
    both = both.assign(value=scale * both["value"] / both["value_below"])
    return pd.concat([plain, both.drop(columns="value_below")], ignore_index=True)
