"""The template of an economy reads, balances and plans as it is, and overwrites nothing."""

import csv
from pathlib import Path

import pytest

import planboard as pb
from planboard.audit import check_economy
from planboard.errors import OutputFolderError
from planboard.new_economy import template_files, write_new_economy


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_new_economy(tmp_path / "mine")


def test_the_template_is_written_whole(folder: Path) -> None:
    assert {file.name for file in folder.iterdir()} == set(template_files())
    assert {"economy.json", "plan.toml", "use.csv"} <= set(template_files())
    assert [other.name for other in folder.parent.iterdir()] == ["mine"]


def test_the_template_holds_no_fault(folder: Path) -> None:
    assert check_economy(folder) == []


def test_the_template_plans_as_it_is(folder: Path) -> None:
    plan = pb.read_plan(folder / "plan.toml")
    solution = pb.solve(pb.read_economy(plan.economy, beside=folder), plan)
    eaten = solution.consumption.query("category == 'households'")["value"].to_numpy()
    assert eaten[0] >= 220 - 1e-6
    assert eaten[-1] > 230
    assert (eaten[1:] >= eaten[:-1] - 1e-6).all()


def test_its_order_can_be_given(folder: Path) -> None:
    """The order in the remarks is one that the plan can carry out."""
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    head, mark, order = text.partition("# [[order]]")
    given = head + (mark + order).replace("\n# ", "\n").removeprefix("# ")
    (folder / "plan.toml").write_text(given, encoding="utf-8")
    plan = pb.read_plan(folder / "plan.toml")
    assert [order.id for order in plan.order] == ["food"]
    solution = pb.solve(pb.read_economy(folder), plan)
    assert solution.orders["value"].iloc[-1] >= 33 - 1e-6


def test_every_table_explains_itself(folder: Path) -> None:
    for file in folder.glob("*.csv"):
        lines = file.read_text(encoding="utf-8").splitlines()
        remarks = [line for line in lines if line.startswith("#")]
        assert lines[: len(remarks)] == remarks
        assert remarks[0].startswith("# source: ")
        assert 2 <= len(remarks) <= 4
        assert len({len(row) for row in csv.reader(lines[len(remarks) :])}) == 1


@pytest.mark.parametrize(
    "table", ["trade", "factor_use", "endowment", "capital", "capital_required", "value_added"]
)
def test_tables_that_may_be_left_out(folder: Path, table: str) -> None:
    """Without a table the economy still reads; what its remarks say of leaving it out is true."""
    (folder / f"{table}.csv").unlink()
    assert pb.read_economy(folder).region_names == ("HOME",)


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    assert pb.read_economy(write_new_economy(tmp_path / "mine")).name == "my-economy"


def test_parents_are_made(tmp_path: Path) -> None:
    assert (write_new_economy(str(tmp_path / "a" / "b")) / "economy.json").is_file()


def test_a_folder_that_holds_something_is_refused(folder: Path) -> None:
    (folder / "use.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputFolderError) as caught:
        write_new_economy(folder)
    assert str(caught.value) == (
        f"{folder} exists already.\n\n"
        "    found: activity.csv, capital.csv, capital_required.csv\n\n"
        "Name a new folder, or an empty one; nothing of yours is overwritten."
    )
    assert (folder / "use.csv").read_text(encoding="utf-8") == "mine"


def test_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputFolderError, match="it is not a folder"):
        write_new_economy(tmp_path / "mine")
    with pytest.raises(OutputFolderError, match="cannot be written"):
        write_new_economy(tmp_path / "mine" / "below")


def test_what_fails_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.rename", full)
    with pytest.raises(OutputFolderError, match="No space left on device"):
        write_new_economy(tmp_path / "mine")
    assert list(tmp_path.iterdir()) == []
