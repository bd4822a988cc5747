"""EXIOBASE 3's accounts beside the flows: which rows are value added, which factors.

Of over a thousand rows a short list becomes factors: hours by skill (both sexes), energy, land and
carbon dioxide. With all of them asked for, the rest follow as "extension|row".
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from planboard.publishers.pymrio_exchange.layout import FACTOR, SEPARATOR, VALUE, Layout
from planboard.publishers.pymrio_exchange.rows import (
    Numbers,
    factor_units,
    framed,
    groups_of,
    numbers_of,
)
from planboard.publishers.pymrio_exchange.system import System

UNIT = "M.EUR"
DERIVED = "impacts"  # Characterised from the others: its rows are no accounts of their own.


@dataclass(frozen=True)
class Short:
    """A factor of the short list: rows of the publisher that are added up.

    unit : ours; published : the publisher's; rows : their names, as a pattern; least : how many
        there must be
    """

    name: str
    unit: str
    published: str
    rows: str
    least: int = 1


SHORT_LIST = (
    *(
        Short(
            f"hours_{skill.lower()}",
            "million hours",
            "M.hr",
            rf"Employment hours: {skill}-skilled (?:fe)?male",
            least=2,
        )
        for skill in ("High", "Medium", "Low")
    ),
    Short("energy", "TJ", "TJ", r"Energy Carrier Net Total|Energy use - Net"),
    Short("land", "km2", "km2", r".*"),
    Short(
        "co2",
        "kg",
        "kg",
        r"CO2 - (?:combustion|non combustion - .*|agriculture - peat decay|waste - fossil) - air",
    ),
)


@dataclass(frozen=True, eq=False)
class Beside:
    """What goes beside the flows, as an input-output table has it."""

    value_added: pd.DataFrame
    final_use_taxes: pd.DataFrame | None
    factors: pd.DataFrame | None
    factors_final_use: pd.DataFrame | None
    factor_units: Mapping[str, str]
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Rows:
    """Rows of all extensions by "extension|row", with their units."""

    flows: Numbers
    final_use: Numbers
    units: Mapping[str, str]


def beside_of(system: System, *, wants_all: bool) -> Beside:
    """Value added and factors of a system."""
    rows = _rows(system)
    columns, sold = system.transactions.columns, system.final_use.columns
    money = {
        name.partition(SEPARATOR)[2]: (name,)
        for name, unit in rows.units.items()
        if unit == UNIT and not name.startswith(DERIVED)
    }
    chosen = _short(rows)
    notes = [
        f"This release has no rows for {factor.name}."
        for factor in SHORT_LIST
        if factor.name not in chosen
    ]
    units = {factor.name: factor.unit for factor in SHORT_LIST if factor.name in chosen}
    if wants_all:
        taken = {name for parts in (*money.values(), *chosen.values()) for name in parts}
        rest = {name: (name,) for name in rows.units if name not in taken}
        chosen, units = {**chosen, **rest}, units | {name: rows.units[name] for name in rest}
    taxes = _summed(rows.final_use, money)
    used = _summed(rows.final_use, chosen)
    return Beside(
        value_added=framed(_summed(rows.flows, money), None, columns),
        final_use_taxes=framed(taxes, None, sold) if any(v.any() for v in taxes.values()) else None,
        factors=framed(_summed(rows.flows, chosen), None, columns) if chosen else None,
        factors_final_use=framed(used, None, sold) if used else None,
        factor_units=units,
        notes=tuple(notes),
    )


def _rows(system: System) -> _Rows:
    """Every row of every extension, under "extension|row" whatever it is."""
    groups = groups_of(system, UNIT, Layout())
    full = {
        row.name: f"{group.key}{SEPARATOR}{SEPARATOR.join(map(str, row.labels))}"
        for group in groups
        for row in group.rows
    }
    flows: Numbers = {}
    final_use: Numbers = {}
    for kind in (VALUE, FACTOR):
        made, used = numbers_of(groups, system, kind)
        flows |= {full[name]: values for name, values in made.items()}
        final_use |= {full[name]: values for name, values in used.items()}
    stated = factor_units(groups, system)
    return _Rows(flows, final_use, {full[name]: stated.get(name, UNIT) for name in full})


def _short(rows: _Rows) -> dict[str, tuple[str, ...]]:
    """Factor of the short list -> the rows that make it up, where they are all there."""
    found = {}
    for factor in SHORT_LIST:
        parts = tuple(
            name
            for name, unit in rows.units.items()
            if unit == factor.published
            and not name.startswith(DERIVED)
            and re.fullmatch(factor.rows, name.partition(SEPARATOR)[2])
        )
        if len(parts) >= factor.least:
            found[factor.name] = parts
    return found


def _summed(numbers: Numbers, parts: Mapping[str, Sequence[str]]) -> Numbers:
    """Rows added up under new names; those that have none are left out."""
    found: Numbers = {}
    for name, own in parts.items():
        there = [numbers[part] for part in own if part in numbers]
        if there:
            found[name] = sum(there[1:], start=there[0])
    return found
