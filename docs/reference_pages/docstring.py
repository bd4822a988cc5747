"""Docstrings of ours as Markdown."""

import re
import textwrap

HEADED = re.compile(r"^([A-Z]\w+)\n-{3,}\n", re.MULTILINE)


def markdown(docstring: str) -> str:
    """A docstring of ours as Markdown: sections in bold, parameters as a list."""
    first, *rest = HEADED.split(docstring)
    parts = [prose(first)]
    for title, body in zip(rest[::2], rest[1::2], strict=True):
        is_listed = title in ("Parameters", "Returns", "Raises")
        parts.append(f"**{title}**\n\n{listed(body) if is_listed else prose(body)}")
    return "\n\n".join(parts)


def listed(body: str) -> str:
    """Entries of a docstring section, each with the indented lines below it, as a list."""
    entries: list[tuple[str, list[str]]] = []
    for line in body.strip().splitlines():
        if line.startswith(" ") and entries:
            entries[-1][1].append(line.strip())
        elif line.strip():
            entries.append((line.strip(), []))
    return "\n".join(f"- `{head}`: {' '.join(text)}".rstrip(": ") for head, text in entries)


def prose(text: str) -> str:
    """Paragraphs of a docstring: indented ones and lists of names stand as they are."""
    shown = []
    for part in re.split(r"\n\s*\n", text.strip("\n")):
        literal = part.startswith("    ") or re.match(r"^[\w, ]+ : ", part)
        shown.append(f"```text\n{textwrap.dedent(part)}\n```" if literal else part.strip())
    return "\n\n".join(shown)
