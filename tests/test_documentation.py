"""The documentation is run: every block of README.md and docs/, in order, one empty folder a page.

How a block is written (the marks are remarks of HTML, so a reader does not see them):

    ```console          lines with `$ ` are run, the lines below each are what it must print
    ```python           is run; an ```output block right after it is what it must print
    ```toml             is a plan file, or a part of one: it must fit the bundled economy
    <!-- file: NAME --> before a block of any kind: the block is that file from here on
    <!-- not run: … --> before a block: it is not run, for the reason given

In what must be printed, `...` stands for anything; a number may differ by two in its last digit.
"""

import contextlib
import importlib
import io
import os
import re
import signal
import subprocess
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from itertools import pairwise
from pathlib import Path

import click
import pytest

import planboard as pb
from planboard import cli, errors
from planboard.compile import compile_program
from planboard.economy_folder.writing import economy_tables
from planboard.plan_file import BUNDLED, SECTIONS, parse_plan

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(p for p in DOCS.rglob("*.md") if "_build" not in p.parts)]
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)
MARK = re.compile(r"<!-- (file|not run): ([^\n>]+?) -->\s*\Z")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?")
RUN = ("python", "console")
SHOWN = ("", "text", "output", "toml", "json", "csv", "mermaid")
WIDTH = "80"  # Of the terminal that the pages show.


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: its language, text, line, and the mark before it."""

    language: str
    text: str
    line: int
    file: str | None
    reason: str | None


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    found = []
    for match in FENCE.finditer(text):
        mark = MARK.search(text[: match.start()])
        marked = {mark[1]: mark[2]} if mark else {}
        line = text.count("\n", 0, match.start()) + 1
        file, reason = marked.get("file"), marked.get("not run")
        found.append(Block(match[1], match[2], line, file, reason))
    return found


def ids(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_block_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", WIDTH)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    space: dict[str, object] = {"__name__": "__main__"}
    printed = ""
    for block in blocks(page):
        where = f"{ids(page)}, line {block.line}"
        assert block.language in (*RUN, *SHOWN), f"{where}: a block of '{block.language}'"
        if block.reason is not None:
            continue
        if block.file is not None:
            Path(block.file).parent.mkdir(parents=True, exist_ok=True)
            Path(block.file).write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            run_console(block, where)
        elif block.language == "python":
            printed = run_python(block, where, space)
        elif block.language == "output":
            check_printed(block.text, printed, where)
        elif block.language == "toml":
            check_plan(block.text, where)


def run_console(block: Block, where: str) -> None:
    assert block.text.startswith("$ "), f"{where}: a console block begins with a command"
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        code, printed = run_command(command)
        may_fail = re.match(r"\s*\w+Error: ", expected)
        assert code == 0 or may_fail, f"{where}: {command}\nexit code {code}\n{printed}"
        if expected.strip():
            check_printed(expected, printed, f"{where}: {command}")


def run_command(command: str) -> tuple[int, str]:
    """A plain command of ours in this process, to save time; any other in a shell."""
    words = command.split()
    if words[0] == "planboard" and not set("|>&;") & set(command):
        return run_planboard(words[1:])
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def run_planboard(arguments: list[str]) -> tuple[int, str]:
    """What a terminal would show: output and messages, in the order in which they come."""
    shown = io.StringIO()
    before, handler = sys.argv, signal.getsignal(signal.SIGTERM)
    sys.argv = ["planboard", *arguments]
    try:
        with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(shown):
            cli.main()
    except SystemExit as end:
        return int(end.code or 0), shown.getvalue()
    finally:
        sys.argv = before
        signal.signal(signal.SIGTERM, handler)


def run_python(block: Block, where: str, space: dict[str, object]) -> str:
    shown = io.StringIO()
    padded = "\n" * block.line + block.text  # So that a traceback tells the line of the page.
    with contextlib.redirect_stdout(shown):
        exec(compile(padded, where, "exec"), space)
    return shown.getvalue()


@cache
def world() -> pb.Economy:
    return pb.read_economy(BUNDLED)


def check_plan(text: str, where: str) -> None:
    """A plan file or a part of one fits the bundled economy, or is read where it names another."""
    head = text.partition("[")[0]
    named = text if re.search(r"^name\s*=", head, re.MULTILINE) else f'name = ""\n{text}'
    plan = parse_plan(named, where)
    if plan.economy == BUNDLED:
        compile_program(world(), plan)


def check_printed(expected: str, printed: str, where: str) -> None:
    want, have = tidy(expected), tidy(printed)
    assert fits(want, have), f"{where}\n\nexpected:\n{expected}\nprinted:\n{printed}"


def tidy(text: str) -> list[str]:
    """Lines without blanks at either end, runs of blanks as one, empty lines left out."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def fits(want: list[str], have: list[str]) -> bool:
    """Whether printed lines are those expected; a line `...` stands for any number of lines."""
    if not want:
        return not have
    if want[0] == "...":
        return any(fits(want[1:], have[n:]) for n in range(len(have) + 1))
    return bool(have) and line_fits(want[0], have[0]) and fits(want[1:], have[1:])


def line_fits(want: str, have: str) -> bool:
    if "..." in want:
        return bool(re.fullmatch(".*".join(map(re.escape, want.split("..."))), have))
    if NUMBER.sub("#", want) != NUMBER.sub("#", have):
        return False
    pairs = zip(NUMBER.findall(want), NUMBER.findall(have), strict=True)
    return all(abs(number(a) - number(b)) <= 2.001 * last_digit(a) for a, b in pairs)


def number(text: str) -> float:
    return float(text.replace(",", ""))


def last_digit(text: str) -> float:
    """One unit of the last digit shown; whole numbers are exact."""
    decimals = text.partition(".")[2]
    return 10.0 ** -len(decimals) if decimals else 0.0


def test_comparison_of_what_is_printed_can_fail() -> None:
    assert fits(["a 1.23 b"], ["a 1.24 b"])
    assert fits(["a", "...", "z"], ["a", "b", "c", "z"])
    assert fits(["took ... seconds"], ["took 1.5 seconds"])
    assert not fits(["a 1.23 b"], ["a 1.29 b"])
    assert not fits(["a 12 b"], ["a 13 b"])
    assert not fits(["a", "z"], ["a", "b", "z"])
    assert not fits(["a"], [])


def test_an_output_block_follows_the_block_that_prints_it() -> None:
    for page in PAGES:
        for before, after in pairwise([Block("", "", 0, None, None), *blocks(page)]):
            if after.language == "output":
                assert before.language == "python", f"{ids(page)}, line {after.line}"


def test_the_reader_is_told_the_name_of_every_file() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for mark in re.finditer(r"<!-- file: (\S+) -->", text):
            before = text[: mark.start()].rpartition("```")[2]
            assert f"`{mark[1]}`" in before, f"{ids(page)}: nothing names {mark[1]}"


def test_links_lead_to_pages_and_headings_that_exist() -> None:
    for page in PAGES:
        text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if not re.match(r"https?://", target):
                name, _, anchor = target.partition("#")
                other = (page.parent / name) if name else page
                assert other.exists(), f"{ids(page)}: {target}"
                assert not anchor or anchor in anchors(other), f"{ids(page)}: {target}"


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, made as MyST makes them, and of those named."""
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    made = {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in headings}
    return made | set(re.findall(r"^\((.+)\)=$", text, re.MULTILINE))


@cache
def generator() -> types.ModuleType:
    """The script that writes the reference; its pages lie beside it."""
    sys.path.insert(0, str(DOCS))
    try:
        return importlib.import_module("generate_reference")
    finally:
        sys.path.remove(str(DOCS))


def test_the_reference_is_what_the_code_says() -> None:
    for name, text in generator().pages().items():
        there = (DOCS / "reference" / name).read_text(encoding="utf-8")
        assert there == text, f"docs/reference/{name} is old: python docs/generate_reference.py"


def reference(name: str) -> str:
    return (DOCS / "reference" / name).read_text(encoding="utf-8")


def by_hand() -> str:
    """Everything that is written by hand: README, tutorial, guide, theory."""
    pages = [page for page in PAGES if "reference" not in page.parts]
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)


def commands(group: click.Group, path: str = "planboard") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}"


def test_every_command_is_in_the_reference_and_used_in_a_page() -> None:
    told = by_hand()
    for command in commands(cli.cli):
        assert f"## {command}\n" in reference("commands.md"), command
        assert command in told, f"no tutorial or guide shows '{command}'"


def test_every_column_of_an_economy_folder_is_in_the_reference() -> None:
    page = reference("economy-folder.md")
    for name, table in economy_tables(world()).items():
        section = page.partition(f"### {name}\n")[2].partition("### ")[0]
        for column in table.columns:
            assert f"| `{column}` |" in section, f"{name}.{column}"


def test_every_public_name_is_in_the_reference() -> None:
    for name in pb.__all__:
        assert f"### {name}\n" in reference("python.md"), name


def test_every_error_is_in_the_reference() -> None:
    classes = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, Exception)]
    for error in classes:
        assert f"`{error.__name__}`" in reference("errors.md"), error


def test_every_key_of_the_plan_file_is_in_the_reference_and_every_section_in_a_page() -> None:
    told = by_hand()
    for section, record in SECTIONS.items():
        assert re.search(rf"\[\[?{section}[.\]]", told), f"no page shows [{section}]"
        for key in fields(record):
            assert f"| `{key.name}` |" in reference("plan-file.md"), f"{section}.{key.name}"


def test_the_pages_build_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("sphinx", reason="Sphinx is not installed: it comes with the extra 'docs'")
    build = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", str(DOCS), str(tmp_path)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
