"""Where each entry of a TOML text stands: dotted path -> line number.

The text has been parsed before, so it is well-formed; here only lines are counted. An entry of an
array of tables counts by position: `order.2.quantity`.
"""

import re

TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""'  # strings first: they may hold brackets, marks of comments and lines
    r"|'''.*?'''"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*|\[\[|\]\]|[\[\]{}=\n.,]|[^\s\"'\#\[\]{}=.,]+",
    re.DOTALL,
)


def find_places(text: str) -> dict[str, int]:
    """Line of every table, array entry and key of a well-formed TOML text, counted from 1."""
    places: dict[str, int] = {}
    counts: dict[str, int] = {}
    prefix = ""
    for line, statement in _statements(text):
        if statement[0] in ("[", "[["):
            path = _resolve(
                [part for part in statement if part not in "[]." and part != "[["], counts
            )
            if statement[0] == "[[":
                counts[path] = counts.get(path, -1) + 1
                path = f"{path}.{counts[path]}"
            prefix = path
            places.setdefault(path, line)
        else:
            key = ".".join(part.strip("\"'") for part in statement if part != ".")
            places[f"{prefix}.{key}" if prefix else key] = line
    return places


def _resolve(parts: list[str], counts: dict[str, int]) -> str:
    """A header's path, with the position of the current entry after each array of tables."""
    path = ""
    for number, part in enumerate(parts):
        name = part.strip("\"'")
        path = f"{path}.{name}" if path else name
        if path in counts and number < len(parts) - 1:
            path = f"{path}.{counts[path]}"
    return path


def _statements(text: str) -> list[tuple[int, list[str]]]:
    """Line and tokens of every header, and of every key up to its equals sign."""
    statements: list[tuple[int, list[str]]] = []
    tokens: list[str] = []
    line, start, depth, in_value = 1, 1, 0, False
    for match in TOKEN.finditer(text):
        token = match.group()
        if token == "\n" and depth == 0:
            if tokens:
                statements.append((start, tokens))
            tokens, in_value = [], False
        elif in_value:
            depth += (token in "[{") + 2 * (token == "[[") - (token in "]}") - 2 * (token == "]]")
        elif token == "=":
            in_value = True
        elif not token.startswith("#") and token not in ("]", "]]", "\n"):
            start = start if tokens else line
            tokens.append(token)
        line += token.count("\n")
    if tokens:
        statements.append((start, tokens))
    return statements
