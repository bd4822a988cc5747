"""The head of an economy folder: economy.json, with values of the kind that its keys ask for."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from planboard.economy_folder.format import FORMAT, KNOWN, REQUIRED
from planboard.errors import InvalidEconomyError, UnreadableFileError
from planboard.labels import unknown_name

Kind = tuple[str, Callable[[Any], bool]]  # In words, and whether a value is of it.

TEXT: Kind = ("a text", lambda value: isinstance(value, str))
NUMBER: Kind = (
    "a number",
    lambda value: isinstance(value, int | float) and not isinstance(value, bool),
)
WHOLE_NUMBER: Kind = (
    "a whole number",
    lambda value: isinstance(value, int) and not isinstance(value, bool),
)
YES_OR_NO: Kind = ("true or false", lambda value: isinstance(value, bool))
TEXTS: Kind = ("a list of texts", lambda value: _are(value, list, str))
NAMES_WITH_TEXTS: Kind = ("names with texts", lambda value: _are(value, dict, str))
NAMES_WITH_KEYS: Kind = ("names, each with its keys in braces", lambda v: _are(v, dict, dict))
STEPS: Kind = (
    "a list of steps, each with its keys in braces",
    lambda value: _are(value, list, dict) and all(_are(step, dict, str) for step in value),
)

SECTIONS = ("regions", "products", "activities", "factors", "categories", "kinds")
KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(KNOWN, TEXT),
    **dict.fromkeys(("base_year", "format"), WHOLE_NUMBER),
    **dict.fromkeys(SECTIONS, NAMES_WITH_KEYS),
    "labels": NAMES_WITH_TEXTS,
    "partners": TEXTS,
    "notes": TEXTS,
    "history": STEPS,
}
# Keys of the entries of a section. A region may say more, such as its members.
KINDS_OF_ENTRIES: Mapping[str, Kind] = {
    **dict.fromkeys(("label", "unit", "role"), TEXT),
    "price": NUMBER,
    "storable": YES_OR_NO,
    "exhaustible": YES_OR_NO,
}


def read_head(file: Path) -> dict[str, Any]:
    """What economy.json says, checked for its keys and the kind of their values.

    Raises
    ------
    UnreadableFileError, UnknownNameError, InvalidEconomyError
        With the file and the keys at fault.
    """
    try:
        head = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UnreadableFileError(
            f"The file {file} cannot be read.", [str(error)], "It must be JSON in UTF-8."
        ) from error
    if not isinstance(head, dict):
        raise UnreadableFileError(
            f"The file {file} cannot be read.",
            [f"it holds a {type(head).__name__}"],
            "It must be one JSON object: names with their values.",
        )
    missing = [key for key in REQUIRED if key not in head]
    if missing:
        raise InvalidEconomyError(
            f"{file} does not say everything that an economy must say.",
            [f"missing: {key}" for key in missing],
            "Add the missing keys.",
        )
    for key in head:
        if key not in KNOWN:
            raise unknown_name("key", key, KNOWN, str(file))
    _check_values(head, file)
    if head.get("coverage", "part") not in ("world", "part"):
        raise unknown_name("coverage", str(head["coverage"]), ("world", "part"), str(file))
    if head.get("format", FORMAT) > FORMAT:
        raise UnreadableFileError(
            f"{file} was written by a later version of Planboard.",
            [f"format {head['format']}; this version reads up to {FORMAT}"],
            "Upgrade Planboard.",
        )
    return head


def _check_values(head: Mapping[str, Any], file: Path) -> None:
    """Refuse values that are not of the kind that their keys ask for, all of them at once."""
    faults = [
        f"{place}: {json.dumps(value, ensure_ascii=False)[:60]} is not {words}"
        for place, value, (words, is_so) in _values(head)
        if not is_so(value)
    ]
    if faults:
        raise InvalidEconomyError(
            f"{file} holds values of another kind than its keys ask for.",
            faults,
            "Write them as the page on economy folders shows.",
        )


def _values(head: Mapping[str, Any]) -> Iterator[tuple[str, Any, Kind]]:
    """Every value with its place and the kind it should be of; entries of sections too."""
    for key, value in head.items():
        yield key, value, KINDS[key]
        if key in SECTIONS and NAMES_WITH_KEYS[1](value):
            for name, entry in value.items():
                for part in KINDS_OF_ENTRIES.keys() & entry.keys():
                    yield f"{key}, {name}, {part}", entry[part], KINDS_OF_ENTRIES[part]


def _are(value: Any, outer: type, inner: type) -> bool:
    """Whether a value is a list, or an object, of values of one type."""
    parts = list(value.values()) if isinstance(value, dict) else value
    return isinstance(value, outer) and all(isinstance(part, inner) for part in parts)
