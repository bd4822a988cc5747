"""Every public name with its docstring."""

import ast
import inspect
import re
import textwrap
from typing import Any

import planboard as pb
from planboard.plan_file import SECTIONS
from reference_pages.docstring import markdown, prose
from reference_pages.markdown import WIDTH, page, table

GROUPS = {
    "Read": ("read_", "import_", "check_economy"),
    "Solve": ("solve", "horizon", "export"),
    "Explain and compare": ("explain", "price_parts", "cost_parts", "compare", "multipliers"),
    "Write": ("write_", "check_output", "new_"),
    "Print": ("print_",),
}


def python_page() -> str:
    """Every public name with its docstring."""
    intro = (
        "What `import planboard as pb` offers. What is not named here may change. Tables are "
        "pandas DataFrames: labels first, then `year`, `value`, `unit`."
    )
    names = [name for name in pb.__all__ if not name.startswith("_")]
    left = dict.fromkeys(names)
    parts = [intro]
    for group, starts in GROUPS.items():
        found = [n for n in left if n.startswith(starts) and not isinstance(named(n), type)]
        left = {n: None for n in left if n not in found}
        if found:
            parts += [f"## {group}", *map(described, found)]
    classes = [n for n in left if isinstance(named(n), type)]
    nouns = [n for n in classes if not issubclass(named(n), Exception)]
    faults = [n for n in classes if issubclass(named(n), Exception)]
    others = [n for n in left if n not in classes]
    if others:
        parts += ["## Other", *map(described, others)]
    parts += ["## Nouns", *map(described, nouns)]
    parts += ["## Errors", "The whole tree is in [Errors](errors.md).", *map(described, faults)]
    return page("Python", *parts)


def named(name: str) -> Any:
    """The public object of this name."""
    return getattr(pb, name)


def described(name: str) -> str:
    """One public name: its signature, docstring and, for a class, what it offers."""
    thing = named(name)
    text = markdown(inspect.getdoc(thing) or "")
    if not isinstance(thing, type):
        return f"### {name}\n\n```text\n{signature(thing)}\n```\n\n{text}"
    section = next((key for key, record in SECTIONS.items() if record is thing), None)
    if section is not None:
        text += f"\n\nIts fields are the keys of [{section}](plan-file.md#{section})."
    elif issubclass(thing, Exception):
        text += f"\n\nExit code {thing.exit_code}." if hasattr(thing, "exit_code") else ""
    elif members := offered(thing):
        text += "\n\n" + table(["", ""], [(f"`{key}`", line) for key, line in members.items()])
    return f"### {name}\n\n{text}"


def offered(thing: type) -> dict[str, str]:
    """The public properties and methods of a class with the first line of each docstring."""
    found = {}
    for key, member in vars(thing).items():
        function = getattr(member, "func", getattr(member, "fget", member))
        if not key.startswith("_") and inspect.isfunction(function):
            is_method = function is member
            first = (inspect.getdoc(function) or "").partition("\n")[0]
            found[f"{key}(…)" if is_method else key] = prose(first)
    return found


def signature(function: Any) -> str:
    """A function's signature as written, a line for each parameter where it is long."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    written = ast.unparse(tree.args).replace("=lambda step: None", "=…")
    written = re.sub(r"(?<=[\w\]'])=(?=\S)", " = ", written)
    returns = f" -> {ast.unparse(tree.returns)}" if tree.returns else ""
    line = f"{function.__name__}({written}){returns}"
    if len(line) <= WIDTH:
        return line
    inner = ",\n    ".join(split_parameters(written))
    return f"{function.__name__}(\n    {inner},\n){returns}"


def split_parameters(written: str) -> list[str]:
    """Parameters of a signature, split at the commas outside brackets."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(written):
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and depth == 0:
            parts.append(written[start:place].strip())
            start = place + 1
    return [*parts, written[start:].strip()]
