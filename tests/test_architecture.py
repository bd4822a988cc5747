"""The import rule, layers, sizes and public names (style, section 2 and 4)."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import planboard as pb

PACKAGE = Path(pb.__file__).parent
STUB = PACKAGE / "__init__.pyi"

# A module imports only from layers higher in this list. A module is a file or folder beside
# __init__.py; what is in a folder may import from that folder. Those not written yet stand here
# already, so that they find their place.
LAYERS = [
    {"errors", "places", "units"},
    {"labels"},
    {"economy", "plan", "program"},  # three vocabularies, strangers to one another
    {"robust"},
    {"economy_folder", "plan_file", "constraints", "verify"},
    {"tables"},
    {"leontief"},
    {"audit", "compile", "new_economy", "publishers", "repairs", "reshape", "solvers"},
    {"solution", "conflict"},
    {"engine"},
    {"explain", "pricing", "export", "compare", "horizon"},
    {"union"},
    {"report"},
    {"results"},  # a result folder holds its report
    {"cli", "web"},
    {"__main__"},
]
FRONT_DOOR = {"cli", "web", "__main__"}  # These alone may use the public names, as a user would.
NO_ECONOMICS = {"program", "solvers", "verify"}
HOMELESS = {"utils", "util", "common", "helpers", "core", "misc"}
LONGEST_FILE, LONGEST_FUNCTION = 400, 40

FILES = sorted(PACKAGE.rglob("*.py"))
files = pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PACKAGE)))


def module_of(file: Path) -> str:
    """The module at the top of the package that a file belongs to."""
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(tree: ast.AST) -> Iterator[str]:
    """Every module of ours, or "" for the front door, that a piece of code imports from."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "planboard":
            asked = [alias.name for alias in node.names if alias.name != "__version__"]
            names = [f"planboard.{name}" if is_module(name) else "planboard" for name in asked]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            if name == "planboard" or name.startswith("planboard."):
                yield (*name.split("."), "")[1]


def is_module(name: str) -> bool:
    return (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").is_file()


def import_graph() -> dict[str, set[str]]:
    """Module -> the other modules of ours that it imports from."""
    graph: dict[str, set[str]] = {}
    for file in FILES:
        module = module_of(file)
        found = set(imported(ast.parse(file.read_text(encoding="utf-8"))))
        graph.setdefault(module, set()).update(found - {module})
    graph.pop("__init__")
    return graph


def wrong_imports(graph: dict[str, set[str]], layers: list[set[str]]) -> list[str]:
    """Every import that does not go up the list, and every module without a layer."""
    level = {module: n for n, layer in enumerate(layers) for module in layer}
    faults = [f"{module} has no layer" for module in graph if module not in level]
    for module, targets in graph.items():
        for target in targets:
            if target == "" and module not in FRONT_DOOR:
                faults.append(f"{module} uses the front door")
            if target and level.get(target, 99) >= level.get(module, -1):
                faults.append(f"{module} imports {target}")
    return faults


def test_modules_import_only_from_layers_above() -> None:
    assert wrong_imports(import_graph(), LAYERS) == []


def test_every_layer_is_listed_once() -> None:
    listed = [module for layer in LAYERS for module in layer]
    assert len(listed) == len(set(listed))


def test_the_import_rule_sees_what_it_forbids() -> None:
    layers = [{"errors"}, {"economy", "plan"}, {"engine"}]
    assert wrong_imports({"economy": {"errors"}, "engine": {"plan", "errors"}}, layers) == []
    assert wrong_imports({"economy": {"plan"}}, layers) == ["economy imports plan"]
    assert wrong_imports({"plan": {"engine"}}, layers) == ["plan imports engine"]
    assert wrong_imports({"stray": set()}, layers) == ["stray has no layer"]
    assert wrong_imports({"engine": {""}}, layers) == ["engine uses the front door"]
    code = (
        "import planboard.plan\nfrom planboard.economy import Economy\nfrom planboard import solve"
    )
    assert set(imported(ast.parse(code))) == {"plan", "economy", ""}


def test_programs_know_no_economics() -> None:
    for module in NO_ECONOMICS:
        assert import_graph()[module] <= NO_ECONOMICS | {"errors", "labels"}


def test_an_economy_and_a_plan_meet_in_compile() -> None:
    """Families of rows see an outlook and selectors, never a whole Economy or Plan."""
    for file in (PACKAGE / "constraints").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert not {alias.name for alias in node.names} & {"Economy", "Plan"}, file.name


@files
def test_no_module_of_ours_is_imported_inside_a_function(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    inside = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert not [name for function in inside for name in imported(function)]


@files
def test_no_relative_imports(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert not [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level]


@files
def test_names_of_files_say_what_is_in_them(file: Path) -> None:
    assert not {part.removesuffix(".py") for part in file.relative_to(PACKAGE).parts} & HOMELESS


@files
def test_files_are_short(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


def length(function: ast.FunctionDef) -> int:
    """Lines of a function, its docstring apart."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    if ast.get_docstring(function) is None:
        return lines
    text = function.body[0]
    return lines - ((text.end_lineno or 0) - text.lineno + 1)


@files
def test_functions_are_short(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    long = {f.name: length(f) for f in functions if length(f) > LONGEST_FUNCTION}
    assert not long


@files
def test_every_file_says_what_it_is(file: Path) -> None:
    assert ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))


# Public names -------------------------------------------------------------------------------------


def public_names() -> list[tuple[str, str]]:
    """(name, module) of everything that the front door offers, in the order of the stub."""
    tree = ast.parse(STUB.read_text(encoding="utf-8"))
    return [
        (alias.asname or alias.name, node.module or "")
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]


def test_public_names_are_sorted_by_module_and_name() -> None:
    places = [(module, name) for name, module in public_names()]
    assert places == sorted(places)


def test_the_front_door_offers_what_its_stub_says() -> None:
    offered = {name for name, _ in public_names()}
    assert set(pb.__all__) - {"__version__"} == offered
    assert len(offered) == len(public_names())


@pytest.mark.parametrize(("name", "module"), public_names())
def test_public_names_are_documented_where_they_live(name: str, module: str) -> None:
    assert getattr(pb, name) is getattr(importlib.import_module(f"planboard.{module}"), name)
    assert (getattr(pb, name).__doc__ or "").strip()
    assert not is_module(name), "a public name hides a module"
