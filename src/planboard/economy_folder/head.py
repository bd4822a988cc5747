"""The head of an economy folder: economy.json, with values of the kind that its keys ask for."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from planboard.economy_folder.format import FORMAT, REQUIRED
from planboard.errors import InvalidEconomyError, UnreadableFileError
from planboard.labels import unknown_name

# What a value should be, in the words of whoever writes JSON by hand; by pydantic's kind of error.
WORDS = {
    "string_type": "a text",
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "names with values, in braces",
    "model_type": "names with values, in braces",
}
STRICT = ConfigDict(strict=True, extra="allow", allow_inf_nan=False)


class Entry(BaseModel):
    """What is said of one region, product, activity …; a region may say more, as its members."""

    model_config = STRICT

    label: str = ""
    unit: str = ""
    role: str = ""
    price: float = 1.0
    storable: bool = False
    exhaustible: bool = False


Entries = dict[str, Entry]


class Head(BaseModel):
    """The keys of economy.json; those that must be there are looked for before."""

    model_config = STRICT

    name: str
    title: str
    source: str
    licence: str
    base_year: int
    currency: str
    unit: str
    price_basis: str
    format: int = FORMAT
    coverage: str = "part"
    regions: Entries = {}
    products: Entries = {}
    activities: Entries = {}
    factors: Entries = {}
    categories: Entries = {}
    kinds: Entries = {}
    labels: dict[str, str] = {}
    partners: list[str] = []
    description: str = ""
    attribution: str = ""
    notes: list[str] = []
    history: list[dict[str, str]] = []


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
        if key not in Head.model_fields:
            raise unknown_name("key", key, list(Head.model_fields), str(file))
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
    try:
        Head.model_validate(head)
    except ValidationError as error:
        raise InvalidEconomyError(
            f"{file} holds values of another kind than its keys ask for.",
            [
                f"{', '.join(map(str, fault['loc']))}: "
                f"{json.dumps(fault['input'], ensure_ascii=False)[:60]} is not "
                f"{WORDS.get(fault['type'], 'what is asked for')}"
                for fault in error.errors(include_url=False)
            ],
            "Write them as the page on economy folders shows.",
        ) from error
