"""The head of a table that comes from pymrio, which knows no price basis."""

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypedDict

from planboard.errors import InvalidTableError
from planboard.labels import unknown_name
from planboard.publishers.pymrio_exchange.system import System
from planboard.tables import Publication

NEEDED = ("price_basis", "year", "currency")  # What nothing in pymrio's files stands in for.
NO_LICENCE = "not stated in pymrio's files; whoever published the table knows"


class Stated(TypedDict, total=False):
    """What a caller may state of a pymrio system: the fields of `Publication`."""

    name: str
    title: str
    source: str
    licence: str
    year: int
    currency: str
    unit: str
    price_basis: str
    coverage: str
    attribution: str
    labels: Mapping[str, str]
    notes: tuple[str, ...]
    history: tuple[Mapping[str, str], ...]


def publication_of(
    system: System, stated: Mapping[str, Any], kept: Mapping[str, Any]
) -> Publication:
    """What the caller states, else what our own head kept, else what pymrio's metadata say.

    Raises
    ------
    InvalidTableError
        Something that no table can go without is said by nobody.
    UnknownNameError
        A stated field that no publication has.
    """
    known = [field.name for field in fields(Publication)]
    for key in stated:
        if key not in known:
            raise unknown_name("field of a publication", key, known)
    told = {**_from_meta(system), **_lists(kept), **stated}
    lacking = [key for key in NEEDED if key not in told]
    if lacking:
        raise InvalidTableError(
            f"The pymrio system '{system.name}' does not say all that a table must say.",
            [f"nobody states: {', '.join(lacking)}"],
            "pymrio does not keep them. State them as you read the system, such as "
            'price_basis="basic", year=2010, currency="USD".',
        )
    return Publication(**told)


def _from_meta(system: System) -> dict[str, Any]:
    """What metadata.json and the units say."""
    meta, unit = system.meta, _unit(system)
    version = f", version {meta['version']}" if meta.get("version") else ""
    name = re.sub(r"[^a-z0-9]+", "-", system.name.lower()).strip("-") or "pymrio"
    found: dict[str, Any] = {
        "name": name,
        "title": str(meta.get("description") or system.name),
        "source": f"pymrio system '{system.name}'{version}",
        "licence": NO_LICENCE,
        "unit": unit,
    }
    if meta.get("price_basis"):
        found["price_basis"] = str(meta["price_basis"])
    if re.fullmatch(r"\d{4}", str(meta.get("year") or "")):
        found["year"] = int(meta["year"])
    currency = re.search(r"\b[A-Z]{3}\b", unit)
    return found | ({"currency": currency[0]} if currency else {})


def _unit(system: System) -> str:
    if system.unit is None or not len(system.unit):
        return ""
    return str(system.unit["unit"].iloc[0])


def _lists(kept: Mapping[str, Any]) -> dict[str, Any]:
    """A publication kept as JSON, its lists as tuples again."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in kept.items()}
