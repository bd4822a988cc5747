"""Names that are one name written twice, and names that other tables no longer use."""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence

import pandas as pd

from planboard.audit.finding import Finding, listed
from planboard.audit.panel import MEASURE_KEYS
from planboard.economy import Category, Economy, Factor, Product
from planboard.labels import nearest
from planboard.tables.accounts import MEASURES

# Codes that ISO 3166-1 alpha-3 gave up: what took their place, and when.
# Source: ISO 3166-3 (formerly used names of countries); ROM: ISO 3166-1 newsletter V-4, 2002.
WITHDRAWN = {
    "ANT": ("BES, CUW, SXM", 2010),
    "BUR": ("MMR", 1989),
    "BYS": ("BLR", 1992),
    "CSK": ("CZE, SVK", 1993),
    "DDR": ("DEU", 1990),
    "HVO": ("BFA", 1984),
    "ROM": ("ROU", 2002),
    "SCG": ("MNE, SRB", 2006),
    "SUN": ("RUS and others", 1992),
    "TMP": ("TLS", 2002),
    "YMD": ("YEM", 1990),
    "YUG": ("SRB, MNE and others", 2003),
    "ZAR": ("COD", 1997),
}


TOTALS = ("tot", "total", "totals", "all", "sum")


def odd_labels(economy: Economy) -> list[Finding]:
    """Codes that differ in writing alone, full names given twice, and codes withdrawn."""
    findings = []
    for axis, codes in _axes(economy).items():
        names = {code: _full_name(economy, axis, code) for code in codes}
        findings += [_alike(axis, group) for group in _groups(codes, _plain)]
        findings += [
            _same_name(axis, group, names[group[0]]) for group in _groups(codes, names.__getitem__)
        ]
    return [*findings, *_withdrawn(economy)]


def stray_series(economy: Economy) -> list[Finding]:
    """Rows of the published series that find no place: unknown names, and things said twice."""
    table = economy.series
    if table is None or table.empty:
        return []
    return [*_unknown(economy, table), *_twice(table)]


def _axes(economy: Economy) -> dict[str, Sequence[str]]:
    return {
        "region": list(dict.fromkeys([*economy.region_names, *economy.partners])),
        "product": economy.product_names,
        "activity": economy.activity_names,
        "factor": economy.factor_names,
        "category": economy.category_names,
    }


def _groups(codes: Sequence[str], key: Callable[[str], Hashable]) -> list[list[str]]:
    """Codes that share a key, two or more of them; codes without a key are left out."""
    found: dict[Hashable, list[str]] = {}
    for code in codes:
        if key(code):
            found.setdefault(key(code), []).append(code)
    return [group for group in found.values() if len(group) > 1]


def _plain(code: str) -> tuple[str, ...]:
    """A code as words and numbers, whatever its case, spaces, dashes and leading zeros."""
    parts = re.findall(r"[^\W\d_]+|\d+", code.casefold())
    return tuple(part.lstrip("0") or "0" if part.isdigit() else part for part in parts)


def _full_name(economy: Economy, axis: str, code: str) -> str:
    """The full name of a code as people read it; empty where the code is all there is."""
    given: Mapping[str, Sequence[Product | Factor | Category]] = {
        "product": economy.products,
        "factor": economy.factors,
        "category": economy.categories,
    }
    labels = {entry.name: entry.label for entry in given.get(axis, ())}
    name = labels.get(code, code)
    name = economy.label(code) if name == code else name
    return "" if name == code else " ".join(name.casefold().split())


def _alike(axis: str, group: list[str]) -> Finding:
    quoted = [f"'{code}'" for code in group]
    return _odd(
        axis,
        group,
        f"These codes of {axis} are one but for case, spaces, dashes or zeros: {listed(quoted)}.",
        "Give both the same code if they are one; else codes that nobody can confuse.",
    )


def _same_name(axis: str, group: list[str], name: str) -> Finding:
    return _odd(
        axis,
        group,
        f"The {axis} codes {listed(group)} have the same full name, '{name}'.",
        "Put them together if they are one; else say in the name what sets them apart.",
    )


def _odd(axis: str, group: list[str], message: str, remedy: str) -> Finding:
    """The finding on a group of codes, at the first of them."""
    where = (group[0], "") if axis == "region" else ("", group[0])
    return Finding("odd_labels", "warning", *where, 1.0, message, remedy)


def _withdrawn(economy: Economy) -> list[Finding]:
    """Regions under a code that ISO 3166-1 has withdrawn, and those that stand under both."""
    names = list(dict.fromkeys([*economy.region_names, *economy.partners]))
    findings = []
    for code in [name for name in names if name in WITHDRAWN]:
        now, year = WITHDRAWN[code]
        both = [name for name in now.split(", ") if name in names]
        beside = f"; {', '.join(both)} is in the economy as well" if both else ""
        findings.append(
            Finding(
                "odd_labels",
                "warning" if both else "note",
                code,
                "",
                1 / len(names),
                f"{code} is no code of ISO 3166-1 since {year}: it is {now} now{beside}.",
                f"A table that says {now} needs a concordance to be joined with this one.",
            )
        )
    return findings


def _unknown(economy: Economy, table: pd.DataFrame) -> list[Finding]:
    """Activities that no region has, such as totals, and measures that nobody knows."""
    findings = []
    for axis, known in (("activity", economy.activity_names), ("measure", tuple(MEASURES))):
        strange = table[~table[axis].isin(known)]
        for name, rows in strange.groupby(axis, sort=False):
            is_total = str(name).casefold() in TOTALS
            close = nearest(str(name), known) if len(str(name)) > 3 else []
            hint = f"; the closest name is {close[0]}" if close and not is_total else ""
            findings.append(
                Finding(
                    "stray_series",
                    "note" if is_total else "warning",
                    "",
                    str(name),
                    len(rows) / len(table),
                    f"{len(rows):,} figures of the published series are of the {axis} '{name}', "
                    f"which {'no region has' if axis == 'activity' else 'is not known'}{hint}. "
                    "They are left out of this audit.",
                    "None is needed for totals; else give the rows the name they should have.",
                )
            )
    return findings


def _twice(table: pd.DataFrame) -> list[Finding]:
    """Series that state the same thing twice."""
    twice = table[table.duplicated(MEASURE_KEYS, keep="first")]
    if twice.empty:
        return []
    places = [", ".join(map(str, row)) for row in twice[MEASURE_KEYS].head(3).to_numpy()]
    return [
        Finding(
            "duplicated_series",
            "warning",
            str(twice["region"].iloc[0]) if twice["region"].nunique() == 1 else "",
            str(twice["activity"].iloc[0]) if twice["activity"].nunique() == 1 else "",
            len(twice) / len(table),
            f"{len(twice):,} figures of the published series stand twice, such as "
            f"{'; '.join(places)}; the last of each counts.",
            "Remove one of each pair, or add them up.",
        )
    ]
