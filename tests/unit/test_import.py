"""Importing: by the name of a format, into a folder that is there whole or not at all."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import planboard as pb
from planboard.economy import Economy
from planboard.errors import (
    InvalidTableError,
    OutputFolderError,
    UnknownNameError,
    UnreadableFileError,
)
from planboard.publishers import FORMATS, folder, reading
from planboard.publishers.format import Format, Request
from planboard.tables import Accounts, InputOutputTable
from tables import small_accounts, small_table


def read_small(request: Request) -> InputOutputTable:
    if request.source.read_text(encoding="utf-8") != "whole":
        raise InvalidTableError("cut off")
    return small_table()


def small_beside(request: Request) -> Accounts:
    return small_accounts(small_table())


SMALL = Format(
    name="small",
    title="A small table",
    needs="a file",
    published="nowhere",
    met="model",
    read=read_small,
    choices={"system": ("ixi", "pxp")},
    read_accounts=small_beside,
    accounts_beside=True,
)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(reading, "FORMATS", (SMALL,))
    file = tmp_path / "source.txt"
    file.write_text("whole", encoding="utf-8")
    return file


def test_what_is_written_reads_back(source: Path, tmp_path: Path) -> None:
    made = pb.import_economy("small", source, tmp_path / "out")
    back = pb.read_economy(tmp_path / "out")
    for first, second in zip(made.regions, back.regions, strict=True):
        np.testing.assert_allclose(first.input.toarray(), second.input.toarray(), rtol=1e-15)
        np.testing.assert_allclose(first.capacity, second.capacity, rtol=1e-15)
    assert back.history == made.history
    assert made.series is not None
    assert back.series is not None
    assert len(back.series) == len(made.series)


def test_the_plan_that_comes_with_it_can_be_solved(source: Path, tmp_path: Path) -> None:
    economy = pb.import_economy("small", source, tmp_path / "out")
    plan = pb.read_plan(tmp_path / "out" / "plan.toml")
    assert plan.years == tuple(range(2006, 2011))
    assert pb.solve(economy, plan).verdict.is_optimal(1e-8)


def test_the_published_table_stays_beside_the_economy(source: Path, tmp_path: Path) -> None:
    pb.import_economy("small", source, tmp_path / "out")
    table = pb.read_published(tmp_path / "out")
    assert isinstance(table, InputOutputTable)
    np.testing.assert_array_equal(table.transactions, small_table().transactions)
    assert isinstance(pb.read_published("world-2000"), Economy)


def test_a_source_at_fault_leaves_nothing(source: Path, tmp_path: Path) -> None:
    source.write_text("cut", encoding="utf-8")
    with pytest.raises(InvalidTableError):
        pb.import_economy("small", source, tmp_path / "out")
    assert list(tmp_path.iterdir()) == [source]


def test_a_fault_while_writing_leaves_nothing(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder, "write_pymrio", full)
    with pytest.raises(OutputFolderError, match="No space left on device"):
        pb.import_economy("small", source, tmp_path / "out")
    assert list(tmp_path.iterdir()) == [source]


def test_a_folder_that_holds_something_is_refused_first(source: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("mine", encoding="utf-8")
    source.write_text("cut", encoding="utf-8")
    with pytest.raises(OutputFolderError, match="nothing of yours is overwritten"):
        pb.import_economy("small", source, tmp_path / "out")


def test_a_format_that_there_is_not(source: Path) -> None:
    with pytest.raises(UnknownNameError) as error:
        pb.read_table("smal", source)
    assert str(error.value) == (
        "There is no format 'smal' (`planboard import --list` shows them all).\n\n"
        "Closest names: 'small' (1 in all).\n\n"
        "Names must match to the letter, capitals and spaces included."
    )


def test_a_choice_that_there_is_not(source: Path) -> None:
    with pytest.raises(UnknownNameError, match="There is no choice 'sistem'"):
        pb.read_table("small", source, choices={"sistem": "pxp"})
    with pytest.raises(UnknownNameError, match="There is no system 'pxi'"):
        pb.read_table("small", source, choices={"system": "pxi"})


def test_a_source_that_is_not_there(source: Path, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError) as error:
        pb.read_table("small", tmp_path / "none")
    assert str(error.value) == (
        f"There is no {tmp_path / 'none'}.\n\n    format small needs a file\n\nName it."
    )


def test_a_donor_that_there_is_not(source: Path) -> None:
    with pytest.raises(UnknownNameError, match="There is no donor 'USB'"):
        pb.import_economy("small", source, donor="USB")


def test_population_joins_the_persons(source: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("# a census\nregion,value\nAAA,120\nBBB,80\n", encoding="utf-8")
    economy = pb.import_economy("small", source, population=file)
    assert economy.persons is not None
    rows = economy.persons[economy.persons["measure"] == "population"]
    assert rows[["region", "value", "source"]].to_numpy().tolist() == [
        ["AAA", 120, "a census"],
        ["BBB", 80, "a census"],
    ]


def test_population_must_say_its_source(source: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("region,value\nAAA,120\nAAA,-3\n", encoding="utf-8")
    with pytest.raises(InvalidTableError) as error:
        pb.import_economy("small", source, population=file)
    assert str(error.value) == (
        f"The file {file} is no table of population.\n\n"
        "    no source in its first line\n    line 3: AAA, -3\n\n"
        "First a line '# SOURCE', then region,value; each region once, thousand persons."
    )


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_every_format_says_what_it_needs(format: Format) -> None:
    assert format.title
    assert format.needs
    assert format.published
    assert format.met in ("real", "model")
    assert format.read_accounts or not format.accounts_beside


def test_formats_are_named_once() -> None:
    names = [format.name for format in FORMATS]
    assert len(names) == len(set(names))


def people(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    file = folder / "people.csv"
    file.write_text(text, encoding=encoding)
    return file


def test_population_from_a_spreadsheet_program(source: Path, tmp_path: Path) -> None:
    """With a mark of its encoding, its own ends of lines, and empty rows beneath."""
    file = people(tmp_path, "# a census\r\nregion,value\r\nAAA,120\r\n,\r\n", "utf-8-sig")
    economy = pb.import_economy("small", source, population=file)
    assert economy.persons is not None
    assert economy.persons["source"].iloc[-1] == "a census"
    assert "" not in set(economy.persons["region"])


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("AAA,inf\n", "line 3: AAA, inf"),
        ("# old: 110\nAAA,\n", "line 4: AAA, "),
        (",120\n", "line 3: , 120"),
        ('AAA,"1,200"\n', "line 3: AAA, 1,200"),
        ("", "no region"),
    ],
)
def test_population_must_be_numbers_of_regions(
    source: Path, tmp_path: Path, rows: str, told: str
) -> None:
    file = people(tmp_path, f"# a census\nregion,value\n{rows}")
    with pytest.raises(InvalidTableError) as error:
        pb.import_economy("small", source, population=file)
    assert str(error.value) == (
        f"The file {file} is no table of population.\n\n    {told}\n\n"
        "First a line '# SOURCE', then region,value; each region once, thousand persons."
    )


def test_a_region_called_na_is_a_name(source: Path, tmp_path: Path) -> None:
    file = people(tmp_path, "# a census\nregion,value\nNA,120\n")
    with pytest.raises(UnknownNameError, match="There is no region 'NA'"):
        pb.import_economy("small", source, population=file)


def test_a_factor_that_is_no_number_is_refused(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An infinite factor would be planned with later."""
    table = small_table()
    factors = pd.DataFrame(1.0, index=["hours"], columns=table.transactions.columns)
    factors.iloc[0, :2] = np.inf, np.nan
    broken = replace(table, factors=factors)
    monkeypatch.setattr(reading, "FORMATS", (replace(SMALL, read=lambda request: broken),))
    for read in (pb.read_table, pb.import_economy):
        with pytest.raises(InvalidTableError) as error:
            read("small", source)
        assert str(error.value) == (
            f"Table '{table.publication.name}' has cells without a finite number.\n\n"
            f"    factors: 2, first hours x {' '.join(factors.columns[0])}: inf\n\n"
            "A missing number is not zero: correct the file, or write the zeros."
        )
