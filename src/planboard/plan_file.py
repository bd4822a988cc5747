"""Plan <-> TOML: what a plan file says, checked key by key, with the line of every entry."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from planboard.errors import InputError, InvalidPlanError, OutputFolderError, UnreadableFileError
from planboard.labels import unknown_name
from planboard.places import find_places
from planboard.plan import (
    Assumption,
    Building,
    Consumption,
    Embargo,
    Growth,
    Horizon,
    Inventories,
    Line,
    Market,
    Objective,
    Order,
    Pace,
    Plan,
    Trade,
    Wish,
)

BUNDLED = "world-2000"
SECTIONS: dict[str, Any] = {
    "objective": Objective,
    "growth": Growth,
    "trade": Trade,
    "pace": Pace,
    "horizon": Horizon,
    "consumption": Consumption,
    "building": Building,
    "inventories": Inventories,
    "order": Order,
    "wish": Wish,
    "assumption": Assumption,
    "market": Market,
    "line": Line,
    "embargo": Embargo,
}


def bundled_plan_text() -> str:
    """The plan file that comes with the package, commented."""
    return (resources.files("planboard") / "data" / f"{BUNDLED}.toml").read_text(encoding="utf-8")


def read_plan(path: str | Path | None = None) -> Plan:
    """Read a plan file, or the bundled world plan.

    A plan for the bundled economy takes the bundled plan's value for every key that it leaves out
    of the sections from `objective` to `inventories`; other plans take the general defaults.

    Raises
    ------
    UnreadableFileError, UnknownNameError, InvalidPlanError
        With the file, the line and the nearest key.
    """
    if path is None:
        return parse_plan(bundled_plan_text(), f"{BUNDLED}.toml")
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UnreadableFileError(
            f"The plan file {file} cannot be read.",
            [str(reason)],
            "Name a TOML file in UTF-8; `planboard new plan FILE.toml` writes one to start from.",
        ) from error
    return parse_plan(text, str(file))


def parse_plan(text: str, name: str) -> Plan:
    """The plan that a TOML text states; `name` stands for it in errors."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableFileError(
            f"The plan file {name} is not well-formed TOML.",
            [str(error)],
            "Texts stand in quotes, tables in [brackets], orders under [[order]].",
        ) from error
    places = {path: f"{name}, line {line}" for path, line in find_places(text).items()}
    if "places" in data:
        raise unknown_name("key", "places", _keys(Plan), places["places"])
    if "name" not in data:
        raise InvalidPlanError(
            f"The plan file {name} does not name its plan.", [], 'Begin it with name = "…".'
        )
    _check_ids(data, places, name)
    settings = _with_bundled(data) if data.get("economy", BUNDLED) == BUNDLED else data
    try:
        return TypeAdapter(Plan).validate_python({**settings, "places": places})
    except ValidationError as error:
        raise _fault(error, data, places, name) from error


def write_new_plan(path: str | Path) -> Path:
    """Write the bundled plan to a new file, to start from."""
    file = Path(path)
    try:
        with file.open("x", encoding="utf-8") as target:
            target.write(bundled_plan_text())
    except FileExistsError as error:
        raise OutputFolderError(
            f"The file {file} exists already.", [], "Name a new file, or remove the old one."
        ) from error
    except OSError as error:
        raise OutputFolderError(
            f"The file {file} cannot be written.", [str(error.strerror)], "Name another place."
        ) from error
    return file


def _with_bundled(data: dict[str, Any]) -> dict[str, Any]:
    """The plan's data over the bundled plan's sections, key by key."""
    base = tomllib.loads(bundled_plan_text())
    merged = dict(data)
    for section, record in SECTIONS.items():
        given = data.get(section, {})
        if section not in base or not isinstance(given, dict) or _is_list(record):
            continue
        start = dict(base[section])
        if section == "objective" and given.keys() & {"minimise", "maximise"}:
            start.pop("maximise", None)
        merged[section] = {
            **start,
            **{key: _over(start.get(key), value) for key, value in given.items()},
        }
    return merged


def _over(base: object, given: object) -> object:
    """A table by region over the bundled one, region by region; anything else as it is given."""
    return {**base, **given} if isinstance(base, dict) and isinstance(given, dict) else given


def _check_ids(data: Mapping[str, Any], places: Mapping[str, str], name: str) -> None:
    """Refuse ids that two orders share, with the lines of both."""
    lines: dict[str, list[str]] = {}
    orders = data.get("order", [])
    for n, order in enumerate(orders if isinstance(orders, list) else []):
        if isinstance(order, dict) and "id" in order:
            place = _place(f"order.{n}.id", places)
            lines.setdefault(str(order["id"]), []).append(place.removeprefix(f"{name}, "))
    twice = [f"'{id_}': {' and '.join(found)}" for id_, found in lines.items() if len(found) > 1]
    if twice:
        raise InvalidPlanError(
            f"The plan file {name} gives one id to several orders.",
            twice,
            "Give every order an id of its own.",
        )


def _is_list(record: type) -> bool:
    return record in (Order, Wish, Assumption, Market, Line, Embargo)


def _keys(record: Any) -> list[str]:
    return [field.name for field in fields(record) if field.name != "places"]


def _fault(
    error: ValidationError, data: Mapping[str, Any], places: Mapping[str, str], name: str
) -> InputError:
    """One error for all faults of a plan file; an unknown key goes first."""
    faults = error.errors(include_url=False)
    for fault in faults:
        if fault["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
            *section, key = map(str, fault["loc"])
            record = SECTIONS.get(section[0], Plan) if section else Plan
            within = f" of [{section[0]}]" if section else ""
            where = _place(".".join([*section, key]), places) or name
            return unknown_name(f"key{within}", key, _keys(record), where)
    inner = {fault["loc"][:depth] for fault in faults for depth in range(len(fault["loc"]))}
    lines = [_described(fault, data, places) for fault in faults if fault["loc"] not in inner]
    return InvalidPlanError(
        f"The plan file {name} asks for what cannot be.",
        list(dict.fromkeys(lines)),
        "Correct the value; `planboard new plan FILE.toml` shows every key with its meaning.",
    )


def _described(fault: Any, data: Mapping[str, Any], places: Mapping[str, str]) -> str:
    """One fault in a line: where, which entry, what is wrong."""
    path = [str(part) for part in fault["loc"] if _is_key(str(part))]
    where = _place(".".join(path), places)
    message = str(fault["msg"]).removeprefix("Value error, ")
    given = fault.get("input")
    shown = f", not {given!r}" if isinstance(given, str | int | float) else ""
    entry = _entry(path, data)
    return f"{f'{where}: ' if where else ''}{entry}{message[:1].lower()}{message[1:]}{shown}"


def _is_key(part: str) -> bool:
    """Pydantic adds the names of alternatives to a path; those are no keys."""
    return "[" not in part and "(" not in part and part not in ("float", "str", "int", "dict")


def _entry(path: Sequence[str], data: Mapping[str, Any]) -> str:
    listed = data.get(path[0]) if path else None
    if len(path) >= 2 and path[1].isdigit() and path[0] in SECTIONS and isinstance(listed, list):
        named = listed[int(path[1])]
        label = named.get("id") or named.get("name") or str(int(path[1]) + 1)
        return f"{path[0]} '{label}'{f', {path[2]}' if len(path) > 2 else ''}: "
    return f"{'.'.join(part for part in path if not part.isdigit())}: " if path else ""


def _place(path: str, places: Mapping[str, str]) -> str:
    while path not in places and "." in path:
        path = path.rpartition(".")[0]
    return places.get(path, "")
