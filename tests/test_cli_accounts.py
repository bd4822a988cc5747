"""Commands about accounts, from the template to a plan: each writes what it says, or nothing."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import planboard as pb
from planboard.cli import cli


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An economy imported from the template."""
    monkeypatch.chdir(tmp_path)
    run("new", "table", "mine.xlsx")
    told = run("import", "planboard", "mine.xlsx", "--out", "mine")
    assert "Written: mine: One region, three sectors, million USD, basic prices." in told
    return tmp_path / "mine"


def run(*arguments: str, fails: bool = False) -> str:
    result = CliRunner().invoke(cli, list(arguments), catch_exceptions=fails)
    assert (result.exit_code != 0) is fails
    return result.output


def test_every_format_is_listed() -> None:
    told = run("import", "--list")
    for format in ("wiod2013", "wiod2016", "wiod2016-national", "exiobase3", "oecd-icio", "eora26",
                   "gloria", "figaro", "adb-mrio", "bea-sut", "eurostat-sut", "pymrio",
                   "planboard"):  # fmt: skip
        assert format in told


def test_an_import_needs_its_three_words() -> None:
    told = run("import", "planboard", fails=True)
    assert "FORMAT, SOURCE and --out are needed; or --list to see the formats." in told


def test_a_choice_has_a_key_and_a_value(mine: Path) -> None:
    told = run("import", "planboard", "mine.xlsx", "--choice", "decimal", "--out", "x", fails=True)
    assert "'decimal' is not KEY=VALUE, such as system=pxp." in told


def test_what_is_imported_can_be_checked_and_planned(mine: Path) -> None:
    assert "error" not in run("check", "mine")
    told = run("plan", "mine/plan.toml")
    assert "verified: worst residual" in told
    assert "Report: results/mine/report.html" in told


def test_another_plan_of_an_economy_has_a_folder_of_its_own(mine: Path) -> None:
    (mine / "plan.toml").rename(mine / "frugal.toml")
    assert "Report: results/frugal/report.html" in run("plan", "mine/frugal.toml")


def test_answers_of_the_published_table(mine: Path) -> None:
    told = run("multipliers", "mine", "--out", "answers")
    assert "Agriculture" in told
    table = pd.read_parquet("answers/multipliers.parquet")
    assert {"region", "sector", "multiplier", "value", "unit"} <= set(table)


def test_every_repair_is_listed_with_its_options() -> None:
    told = " ".join(run("repair", "--list").split())
    assert "gras balances products and activities, every cell keeping its sign" in told
    assert "activities=kept: what becomes of the activities (kept or dropped)" in told


def test_a_repair_needs_an_economy_steps_and_a_folder(mine: Path) -> None:
    told = run("repair", "mine", "--step", "gras", fails=True)
    assert "ECONOMY, --step and --out are needed; or --list to see the steps." in told


def test_repairs_are_recorded(mine: Path) -> None:
    told = run("repair", "mine", "--step", "inventories", "--out", "mended")
    assert told.startswith("repair: inventories")
    mended = pb.read_economy("mended")
    assert mended.history[-1]["step"] == "repair: inventories"
    assert mended.repairs is not None
    assert len(mended.repairs) > 0
    inventories = [c for c, about in enumerate(mended.categories) if about.role == "inventories"]
    assert not mended.regions[0].final_use[:, inventories].any()


def test_industries_are_added_up_by_a_concordance(mine: Path) -> None:
    Path("codes.csv").write_text("source,target\nAGR,GOODS\nIND,GOODS\nSER,SER\n")
    run("reshape", "aggregate", "mine", "codes.csv", "--axis", "sector", "--out", "two")
    two, three = pb.read_economy("two"), pb.read_economy("mine")
    assert two.product_names == ("GOODS", "SER")
    assert two.regions[0].level.sum() == pytest.approx(three.regions[0].level.sum())


def test_an_industry_is_split_by_shares(mine: Path) -> None:
    Path("shares.csv").write_text("part,share\nIND1,0.25\nIND2,0.75\n")
    run("reshape", "split", "mine", "--industry", "IND", "--shares", "shares.csv", "--out", "four")
    assert pb.read_economy("four").product_names == ("AGR", "IND1", "IND2", "SER")


def test_a_unit_changes_by_its_words(mine: Path) -> None:
    run("reshape", "rescale", "mine", "--unit", "billion USD", "--out", "billions")
    small, large = pb.read_economy("billions"), pb.read_economy("mine")
    assert small.unit == "billion USD"
    assert small.regions[0].level * 1000 == pytest.approx(large.regions[0].level)


def test_a_place_that_holds_something_is_refused(mine: Path) -> None:
    for command in (
        ("repair", "mine", "--step", "gras", "--out", "mine"),
        ("reshape", "rescale", "mine", "--unit", "billion USD", "--out", "mine"),
        ("multipliers", "mine", "--out", "mine"),
    ):
        result = CliRunner().invoke(cli, list(command))
        assert isinstance(result.exception, pb.PlanboardError)
        assert "nothing of yours is overwritten" in str(result.exception)
