"""Every example is run from its files and compared with its figures."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import planboard as pb
from planboard import leontief
from planboard.audit import check_economy

EXAMPLES = Path(__file__).parents[1] / "examples"
FOLDERS = sorted(path for path in EXAMPLES.iterdir() if path.is_dir())
PLANS = sorted(EXAMPLES.glob("*/*.toml"))
SAME = 1e-6  # Relative: points are verified to 1e-8, and a program may magnify that somewhat.


def name_of(path: Path) -> str:
    return str(path.relative_to(EXAMPLES))


def expected(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "expected.json").read_text(encoding="utf-8"))


def number(written: float | str) -> float:
    """A number, or a fraction in a text such as "260/3"."""
    return float(Fraction(written)) if isinstance(written, str) else float(written)


def close(written: float | str, tolerance: float = SAME) -> Any:
    return pytest.approx(number(written), rel=tolerance, abs=tolerance)


def run(plan_file: Path) -> pb.Solution:
    plan = pb.read_plan(plan_file)
    return pb.solve(pb.read_economy(plan.economy, beside=plan_file.parent), plan)


# What the examples say of themselves --------------------------------------------------------------


@pytest.mark.parametrize("plan_file", PLANS, ids=name_of)
def test_an_example_gives_its_figures(plan_file: Path) -> None:
    figures = expected(plan_file.parent)
    tolerance = figures["relative_tolerance"]
    wanted = figures["plans"][plan_file.name]
    solution = run(plan_file)
    assert solution.objective_in_units == close(wanted["objective_in_units"], tolerance)
    for figure in wanted.get("figures", ()):
        table = getattr(solution, figure["table"])
        for column, label in figure["where"].items():
            table = table[table[column] == label]
        assert len(table), figure
        assert table["value"].sum() == close(figure["value"], tolerance), figure


@pytest.mark.parametrize("plan_file", PLANS, ids=name_of)
def test_an_example_writes_its_result(plan_file: Path, tmp_path: Path) -> None:
    """Tables and report too: small economies have rows, columns and prices of nothing but zeros."""
    pb.write_result(run(plan_file), tmp_path / "result")
    assert (tmp_path / "result" / "report.html").is_file()


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_an_example_is_complete(folder: Path) -> None:
    """It has a page and expects something of every plan, no other; its books name a source."""
    assert (folder / "README.md").read_text(encoding="utf-8").startswith("# ")
    assert set(expected(folder)["plans"]) == {plan.name for plan in folder.glob("*.toml")}
    for table in folder.glob("*/*.csv"):
        assert table.read_text(encoding="utf-8").startswith("# source: "), table


@pytest.mark.parametrize("economy", sorted(EXAMPLES.glob("*/economy*")), ids=name_of)
def test_the_books_of_an_example_hold_no_contradiction(economy: Path) -> None:
    found = check_economy(economy)
    assert [finding for finding in found if finding.severity == "error"] == []
    assert "zero_output" not in {finding.code for finding in found}  # Clearing opens up land.


LEONTIEF = [folder for folder in FOLDERS if "leontief" in expected(folder)]


@pytest.mark.parametrize("folder", LEONTIEF, ids=name_of)
def test_an_example_gives_its_figures_without_a_plan(folder: Path) -> None:
    economy = pb.read_economy(folder / "economy")
    wanted = expected(folder)["leontief"]
    output = leontief.gross_output(economy, wanted["final_demand"]).droplevel("region")
    prices = leontief.prices(economy, wanted.get("change")).droplevel("region")
    inverse = leontief.leontief_inverse(economy).droplevel("region").droplevel("region", axis=1)
    assert {i: output[i] for i in output.index} == {
        i: close(amount) for i, amount in wanted["gross_output"].items()
    }
    for i, amount in wanted.get("prices", {}).items():
        assert prices[i] == close(amount)
    for i, line in wanted.get("inverse", {}).items():
        assert dict(inverse.loc[i]) == {j: close(amount) for j, amount in line.items()}


def test_chickens_grow_threefold_and_products_twofold() -> None:
    """The growth factor is the ratio of what one more year gives."""
    for folder, fewer, more, factor in (
        ("growth_chickens", "four_years", "five_years", 3.0),
        ("growth_leontief", "five_years", "six_years", 2.0),
    ):
        first, second = (run(EXAMPLES / folder / f"{name}.toml") for name in (fewer, more))
        ratio = second.objective_in_units / first.objective_in_units
        assert ratio == pytest.approx(factor, rel=SAME)
