"""Every section and key of a plan file, the quantities and the assumptions."""

import ast
import dataclasses
import inspect
import re
import textwrap
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from planboard.compile.assumptions import AXES
from planboard.constraints.quantities import QUANTITIES
from planboard.plan import Order, Plan, Selector
from planboard.plan_file import SECTIONS, bundled_plan_text
from reference_pages.docstring import prose
from reference_pages.markdown import meanings, page, table


def plan_page() -> str:
    """Every section and key of a plan file."""
    intro = (
        "A plan file is TOML. A key that does not exist is an error that names the nearest one and "
        "the line. What a plan for the bundled economy leaves out is taken from the bundled plan "
        "(see its text at the end), section by section, key by key and region by region; what any "
        "other plan leaves out has the default given here.\n\n"
        "- A *code* is a name of the economy, such as `EUE` or `AGR`. Where a key takes codes, "
        "one or a list may be given.\n"
        "- *Years* are one year, a list, or the first and last year of a span: `[2001, 2005]`.\n"
        '- A *change* is a text such as `"+30%"`: a change on the base year.\n'
        "- *Rates* are shares a year: a number for all regions, or a table by region, with the "
        'rate of those not named under `""`.'
    )
    parts = [intro, top_keys(), selectors()]
    for section, record in SECTIONS.items():
        parts.append(section_keys(section, record))
    parts += [quantities(), assumptions(), bundled_plan()]
    return page("Plan file", *parts)


def top_keys() -> str:
    """Keys outside all sections."""
    own = [f for f in dataclasses.fields(Plan) if f.name not in (*SECTIONS, "places")]
    known = meanings("plan.top", [f.name for f in own])
    return "## Top of the file\n\n" + key_table(Plan, own, known)


def selectors() -> str:
    """The keys by which a section says which part of the economy it means."""
    chosen = dataclasses.fields(Selector)
    text = (
        "Orders, wishes, assumptions and objectives say with these keys which part of the economy "
        "they mean. What is left out is not restricted: without `region`, all regions together."
    )
    known = meanings("plan.selector", [f.name for f in chosen])
    return f"## Selectors\n\n{text}\n\n{key_table(Selector, chosen, known)}"


def section_keys(section: str, record: Any) -> str:
    """One section: what it is for, its keys, and the selectors it takes."""
    listed = any(f.name == section for f in dataclasses.fields(Plan)) and is_list(section)
    inherited = {f.name for f in dataclasses.fields(Selector)} if takes_selectors(record) else set()
    if record is not Order and issubclass(record, Order):
        inherited |= {f.name for f in dataclasses.fields(Order)}
    own = [f for f in dataclasses.fields(record) if f.name not in inherited]
    text = prose(inspect.getdoc(record) or "")
    parts = [f"## {'[[' if listed else '['}{section}{']]' if listed else ']'}", text]
    parts.append(key_table(record, own, meanings(f"plan.{section}", [f.name for f in own])))
    if record is not Order and issubclass(record, Order):
        parts.append("Further keys: those of an [order](#order), and the [selectors](#selectors).")
    elif takes_selectors(record):
        parts.append("Further keys: the [selectors](#selectors).")
    return "\n\n".join(parts)


def is_list(section: str) -> bool:
    """Whether a section may stand several times."""
    default = next(f for f in dataclasses.fields(Plan) if f.name == section).default
    return default == ()


def takes_selectors(record: Any) -> bool:
    """Whether a section says which part of the economy is meant."""
    return issubclass(record, Selector)


def key_table(record: Any, fields: Iterable[Any], known: Mapping[str, str]) -> str:
    """Keys with their values, defaults and meanings."""
    types = annotations(record)
    rows = [(f"`{f.name}`", value_type(types[f.name]), default(f), known[f.name]) for f in fields]
    return table(["key", "value", "default", "meaning"], rows)


TYPES = {
    "Names": "codes",
    "Years": "years",
    "Rates": "rates",
    "Amount": "number or change",
    "Change": "change",
    "Share": "number, 0 to 1",
    "Positive": "number, not negative",
    "Number": "number",
    "Whole": "whole number",
    "Flag": "true or false",
    "str": "text",
    "bool": "true or false",
}


def value_type(written: str) -> str:
    """What a key takes, in words, from its type in the source of its class."""
    if "Literal" in written:
        return " or ".join(f"`{word}`" for word in re.findall(r"'([^']+)'", written))
    if written.startswith("dict"):
        return "table"
    for name, word in TYPES.items():
        if re.search(rf"\b{name}\b", written):
            return word
    return written


@cache
def annotations(record: Any) -> dict[str, str]:
    """Every key of a section's own with its type as written."""
    found = {}
    for line in (base for base in reversed(record.__mro__) if dataclasses.is_dataclass(base)):
        tree = ast.parse(textwrap.dedent(inspect.getsource(line)))
        for item in (item for node in tree.body for item in getattr(node, "body", ())):
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                found[item.target.id] = ast.unparse(item.annotation)
    return found


def default(field: Any) -> str:
    """The default of a key, as TOML would have it; nothing where there is none."""
    value = field.default
    factory = field.default_factory
    if value is dataclasses.MISSING and factory is not dataclasses.MISSING:
        value = factory()
        value = value.get("", "") if isinstance(value, dict) else value
    if field.name == "years" and isinstance(value, tuple):
        return f"`[{value[0]}, {value[-1]}]`"
    if value is dataclasses.MISSING or value is None or value in ("", ()):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"


def quantities() -> str:
    """What orders, wishes and objectives may name."""
    known = meanings("quantity", QUANTITIES)
    rows = [(f"`{name}`", text) for name, text in known.items()]
    return "## Quantities\n\nWhat an order, a wish or an objective may be about.\n\n" + table(
        ["quantity", "what it counts"], rows
    )


def assumptions() -> str:
    """What assumptions may set."""
    known = meanings("assumption", AXES)
    rows = [
        (f"`{name}`", ", ".join(["region", *AXES[name], "year"]), text)
        for name, text in known.items()
    ]
    return "## Assumptions\n\nWhat an assumption may set, and by what it may be told apart.\n\n" + (
        table(["quantity", "by", "what it is"], rows)
    )


def bundled_plan() -> str:
    """The bundled plan file, as `planboard new plan` writes it."""
    text = "What `planboard new plan FILE.toml` writes."
    return f"## The bundled plan\n\n{text}\n\n```toml\n{bundled_plan_text().strip()}\n```"
