"""WIOD 2013 as published: every year reads; what is wrong in the files is told by file."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planboard.errors import InvalidTableError, UnreadableFileError
from planboard.publishers.format import Request
from planboard.publishers.wiod2013 import WIOD2013, read_accounts
from planboard.tables import InputOutputTable

CELLS = [("AAA", "x1"), ("AAA", "x2"), ("BBB", "x1"), ("BBB", "x2")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two regions and two industries in the publisher's columns."""
    flows = [(*o, *d, 10 + i + j) for i, o in enumerate(CELLS) for j, d in enumerate(CELLS)]
    final = [(*o, d, c, 50) for o in CELLS for d in ("AAA", "BBB") for c in ("CONS_h", "GFCF")]
    names = ["o_region", "o_sector", "d_region"]
    pd.DataFrame(flows, columns=[*names, "d_sector", "value"]).to_parquet(
        tmp_path / "wiod13_Z_2001.parquet"
    )
    pd.DataFrame(final, columns=[*names, "category", "value"]).to_parquet(
        tmp_path / "wiod13_Y_2001.parquet"
    )
    sold = pd.DataFrame(flows).groupby([0, 1])[4].sum() + 200
    output = [(*cell, 2001, int(sold[cell])) for cell in CELLS]
    pd.DataFrame(output, columns=["region", "sector", "year", "x"]).to_parquet(
        tmp_path / "wiod13_x.parquet"
    )
    return tmp_path


def rewrite(file: Path, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    change(pd.read_parquet(file)).to_parquet(file)


def read(folder: Path, year: int | None = None) -> InputOutputTable:
    return WIOD2013.read(Request(folder, year))


def test_flows_stand_where_their_labels_say(folder: Path) -> None:
    table = read(folder)
    assert table.transactions.loc[("AAA", "x2"), ("BBB", "x1")] == 13
    assert table.publication.price_basis == "basic"
    assert table.publication.unit == "million 2001 USD"
    assert np.abs(table.row_gaps()).max() == 0
    assert np.abs(table.column_gaps()).max() == 0


def test_the_published_world(shared: Path) -> None:
    table = read(shared / "data" / "wiod13", 2000)
    assert (len(table.regions), len(table.sectors)) == (41, 35)
    assert table.row_gaps().abs().max() == 113
    assert (table.gross_output == 0).sum() == 18


def test_hours_by_skill_are_shares_of_all_hours(shared: Path) -> None:
    accounts = read_accounts(Request(shared / "data" / "wiod13"))
    data = accounts.data.xs(2000, level="year")
    skills = data[["hours_high", "hours_medium", "hours_low"]].sum(axis=1, min_count=3)
    np.testing.assert_allclose(skills, data["hours"].where(skills.notna()), rtol=1e-4)


def test_a_year_must_be_there(folder: Path) -> None:
    with pytest.raises(InvalidTableError) as error:
        read(folder, 1999)
    assert str(error.value) == (
        f"{folder} does not hold the year 1999 of WIOD 2013.\n\n"
        "    found: 2001\n\n"
        "Name one of them with --year."
    )


def test_of_several_years_one_must_be_named(folder: Path) -> None:
    (folder / "wiod13_Z_2002.parquet").write_bytes((folder / "wiod13_Z_2001.parquet").read_bytes())
    with pytest.raises(InvalidTableError) as error:
        read(folder)
    assert str(error.value) == (
        f"{folder} holds several years of WIOD 2013, and nobody said which.\n\n"
        "    found: 2001 to 2002\n\n"
        "Name one of them with --year."
    )


def test_a_label_that_the_table_of_output_lacks(folder: Path) -> None:
    file = folder / "wiod13_Z_2001.parquet"
    rewrite(file, lambda table: table.replace({"o_region": {"BBB": "BBQ"}}))
    with pytest.raises(InvalidTableError) as error:
        read(folder)
    assert str(error.value) == (
        f"{file} names o_region, o_sector that the table of output does not.\n\n"
        "    BBQ, x1\n    BBQ, x2\n\n"
        "Take all files from one release."
    )


def test_a_flow_is_stated_once(folder: Path) -> None:
    file = folder / "wiod13_Y_2001.parquet"
    rewrite(file, lambda table: pd.concat([table, table.iloc[[3]]]))
    with pytest.raises(InvalidTableError) as error:
        read(folder)
    assert str(error.value) == (
        f"{file} states 1 flows twice.\n\n"
        "    AAA, x1, BBB, GFCF\n\n"
        "Take the file from the publisher again; a flow is stated once."
    )


def test_an_output_is_stated_once(folder: Path) -> None:
    file = folder / "wiod13_x.parquet"
    rewrite(file, lambda table: pd.concat([table, table.iloc[[3]]]))
    with pytest.raises(InvalidTableError) as error:
        read(folder)
    assert str(error.value) == (
        f"{file} states the output of 1 industries in 2001 twice.\n\n"
        "    BBB, x2\n\n"
        "Take the file from the publisher again; an output is stated once."
    )


@pytest.mark.parametrize(
    ("name", "column"),
    [("wiod13_Z_2001", "value"), ("wiod13_Y_2001", "value"), ("wiod13_x", "x")],
)
def test_text_where_numbers_must_stand(folder: Path, name: str, column: str) -> None:
    file = folder / f"{name}.parquet"
    rewrite(file, lambda table: table.assign(**{column: "many"}))
    with pytest.raises(InvalidTableError) as error:
        read(folder)
    assert str(error.value) == (
        f"{file} has 1 columns of text where numbers must stand.\n\n"
        f"    {column}: ['many']\n\n"
        "Take the file from the publisher again."
    )


def test_a_file_cut_off(folder: Path) -> None:
    file = folder / "wiod13_x.parquet"
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(UnreadableFileError, match=r"wiod13_x.parquet cannot be read"):
        read(folder)


def test_a_table_of_other_columns(folder: Path) -> None:
    file = folder / "wiod13_x.parquet"
    rewrite(file, lambda table: table.rename(columns={"x": "GO"}))
    with pytest.raises(UnreadableFileError) as error:
        read(folder)
    assert str(error.value) == (
        f"The table {file} lacks columns.\n\n"
        "    missing: x\n    found: region, sector, year, GO\n\n"
        "It is another table, or of another release."
    )


def test_a_file_that_is_not_there(folder: Path) -> None:
    (folder / "wiod13_Y_2001.parquet").unlink()
    with pytest.raises(UnreadableFileError, match="no such file"):
        read(folder)
