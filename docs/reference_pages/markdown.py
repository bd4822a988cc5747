"""What all reference pages share: titles, tables, and what names mean in words."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

WORDS: dict[str, Any] = tomllib.loads(
    (Path(__file__).parents[1] / "meanings.toml").read_text(encoding="utf-8")
)
GENERATED = "<!-- Written by docs/generate_reference.py; do not edit. -->"
WIDTH = 80  # Of help texts and signatures.


def page(title: str, *parts: str) -> str:
    """A page with its title and parts."""
    return "\n\n".join([GENERATED, f"# {title}", *(part.strip("\n") for part in parts)]) + "\n"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    names = list(head)
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def meanings(section: str, names: Iterable[str], *besides: str) -> dict[str, str]:
    """What the names of a section mean; exactly these must be explained."""
    found: Mapping[str, Any] = WORDS
    for part in section.split("."):
        found = found[part]
    wanted = [*names, *besides]
    missing, extra = set(wanted) - set(found), set(found) - set(wanted)
    if missing or extra:
        raise KeyError(f"meanings.toml [{section}]: missing {missing or '-'}, extra {extra or '-'}")
    return {name: str(found[name]) for name in wanted}
