"""Concordances: how files are read, and what is told of those that are wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from economies import Shape, random_folder
from planboard.economy_folder import economy_of
from planboard.errors import (
    InvalidTableError,
    PlanboardError,
    UnknownNameError,
    UnreadableFileError,
)
from planboard.reshape import Concordance, aggregate, concordance_of, read_concordance

LISTED = """\
# From nowhere
axis,source,target,label,weight
region,north,A,The whole,
region,south,A,,
sector,corn,x,,0.25
sector,corn,y,,0.75
"""
FOLDER = random_folder(Shape(2, 2, False, 5))
ECONOMY = economy_of(FOLDER.head, FOLDER.tables)


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    monkeypatch.chdir(tmp_path)

    def written(text: str) -> Path:
        file = Path("links.csv")
        file.write_text(text, encoding="utf-8")
        return file

    return written


Write = Callable[[str], Path]


def message(error: pytest.ExceptionInfo[PlanboardError]) -> str:
    return str(error.value)


def test_a_list_of_links(write: Write) -> None:
    found = read_concordance(write("\ufeff" + LISTED.partition("\n")[2]))
    assert found.on("region") == {"north": {"A": 1.0}, "south": {"A": 1.0}}
    assert found.on("sector") == {"corn": {"x": 0.25, "y": 0.75}}
    assert found.labels == {("region", "A"): "The whole"}
    assert found.axes == ("region", "sector")
    assert found.text() == "region: A = north + south. sector: x = 0.25 corn; y = 0.75 corn"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_two_columns_of_an_axis_that_the_caller_names(write: Write, separator: str) -> None:
    lines = ["wiod,ours", "north,A", '"south",A']
    file = write("\n".join(line.replace(",", separator) for line in lines))
    assert read_concordance(file, axis="region").on("region") == {
        "north": {"A": 1.0}, "south": {"A": 1.0},
    }  # fmt: skip


def test_a_publisher_s_matrix(write: Write) -> None:
    file = write("code,A,B,C\nnorth,1,0,0\nsouth,0,,1\nwest,0.5,0.5,0\n")
    assert read_concordance(file, axis="region").on("region") == {
        "north": {"A": 1.0}, "south": {"C": 1.0}, "west": {"A": 0.5, "B": 0.5},
    }  # fmt: skip


def test_weights_as_printed_are_scaled_to_one() -> None:
    found = concordance_of({"product": {"a": {"x": 0.3333333, "y": 0.3333333, "z": 0.3333333}}})
    assert sum(found.on("product")["a"].values()) == pytest.approx(1, abs=1e-15)


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(UnreadableFileError) as error:
        read_concordance("nowhere.csv")
    assert message(error) == (
        "The file nowhere.csv cannot be read.\n\n"
        "    No such file or directory\n\n"
        "It must be CSV in UTF-8."
    )


def test_a_spreadsheet_is_no_csv(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(UnreadableFileError, match="It must be CSV in UTF-8"):
        read_concordance(file, axis="region")


def test_an_empty_file(write: Write) -> None:
    with pytest.raises(UnreadableFileError) as error:
        read_concordance(write("source,target\n"), axis="region")
    assert message(error) == (
        "The file links.csv is empty.\n\nIt needs a line of column names, and lines below."
    )


WRONG = {
    "no axis": (
        "source,target\na,b\n",
        "links.csv does not say what its codes are.\n\n"
        "    no column 'axis'\n\n"
        "Add the column, or name the axis: region, sector, product, activity, factor, category.",
    ),
    "cells": (
        "axis,source,target\nregion,a,b\nregion,a\n",
        "Lines of links.csv do not fit its column names.\n\n"
        "    line 3: 2 cells, 3 column names\n\n"
        "Put a code that holds the separator in quotation marks.",
    ),
    "number": (
        'axis,source,target,weight\nregion,a,b,"0,5"\n',
        "links.csv holds what is not a number.\n\n"
        "    line 2, weight: '0,5'\n\n"
        "Write a number with a decimal point.",
    ),
    "blank": (
        "axis,source,target\nregion,a,\n",
        "links.csv contradicts itself.\n\n"
        "    line 2: region without a target\n\n"
        "Write a source and a target in every line.",
    ),
    "twice": (
        "axis,source,target\nregion,a,x\nregion,b,x\nregion,a,y\nregion,b,x\n",
        "links.csv contradicts itself.\n\n"
        "    lines 2, 4: region 'a' goes to x and y\n"
        "    lines 3, 5: region 'b' goes to x and x\n\n"
        "Remove one of each pair, or give both weights.",
    ),
    "weights": (
        "axis,source,target,weight\nregion,a,x,0.5\nregion,a,y,0.4\nregion,b,y,-1\n",
        "links.csv contradicts itself.\n\n"
        "    line 2: region 'a': 0.5 + 0.4 = 0.9\n"
        "    line 4: region 'b': -1 = -1\n\n"
        "The weights of a source must be positive and sum to one.",
    ),
    "labels": (
        "axis,source,target,label\nregion,a,x,One\nregion,b,x,Other\n",
        "links.csv contradicts itself.\n\n"
        "    line 3: region 'x' is called 'Other', earlier 'One'\n\n"
        "Give every target one label.",
    ),
    "axes": (
        "axis,source,target\nsector,a,x\nproduct,b,x\n",
        "links.csv contradicts itself.\n\n"
        "    axes sector and product: a sector is a product and an activity\n\n"
        "Name sectors, or products and activities.",
    ),
}


@pytest.mark.parametrize("fault", WRONG)
def test_what_is_told_of_a_file_that_contradicts_itself(write: Write, fault: str) -> None:
    text, told = WRONG[fault]
    with pytest.raises(InvalidTableError) as error:
        read_concordance(write(text))
    assert message(error) == told


def test_an_axis_and_a_column_that_do_not_exist(write: Write) -> None:
    with pytest.raises(UnknownNameError) as error:
        read_concordance(write("axis,source,target\nregio,a,x\n"))
    assert message(error) == (
        "There is no axis 'regio' (links.csv, line 2).\n\n"
        "Closest names: 'region' (6 in all).\n\n"
        "Names must match to the letter, capitals and spaces included."
    )
    with pytest.raises(UnknownNameError, match=r"no column 'wieght' \(links.csv, line 1\)"):
        read_concordance(write("axis,source,target,wieght\nregion,a,x,1\n"))


def test_a_matrix_with_an_empty_row_or_two_equal_columns(write: Write) -> None:
    with pytest.raises(InvalidTableError) as error:
        read_concordance(write("code,A,B\nnorth,0,0\n"), axis="region")
    assert message(error) == (
        "Rows of links.csv go to no target.\n\n"
        "    line 2: region 'north'\n\n"
        "Write 1 in one column of each row."
    )
    with pytest.raises(InvalidTableError, match="has columns of the same name"):
        read_concordance(write("code,A,A\nnorth,1,0\n"), axis="region")


# Held against an economy --------------------------------------------------------------------------


def told(concordance: Concordance, **options: bool) -> str:
    with pytest.raises((InvalidTableError, UnknownNameError)) as error:
        aggregate(ECONOMY, concordance, **options)
    return message(error)


def test_codes_that_the_economy_does_not_have(write: Write) -> None:
    file = write("axis,source,target\nregion,noth,A\nregion,South,A\nsector,zzz,x\n")
    assert told(read_concordance(file)) == (
        "links.csv names codes that 'made' does not have.\n\n"
        "    line 2: region 'noth'; closest: 'north', 'south'\n"
        "    line 3: region 'South'; closest: 'south', 'north'\n"
        "    line 4: sector 'zzz'\n\n"
        "Names must match to the letter, capitals and spaces included."
    )


def test_codes_that_are_left_out_are_all_told() -> None:
    some = concordance_of({"region": {"north": "A"}, "sector": {"corn": "x"}})
    assert told(some) == (
        "a mapping leaves out codes of 'made'.\n\n"
        "    region: south\n"
        "    sector: steel\n\n"
        "Give each a line (a code may go to itself), or ask that all others are kept."
    )
    made = aggregate(ECONOMY, some, keep_others=True)
    assert made.region_names == ("A", "south")
    assert made.product_names == ("x", "steel")


def test_a_target_that_is_there_already() -> None:
    clash = concordance_of({"region": {"north": "south"}})
    assert told(clash, keep_others=True) == (
        "Targets of a mapping collide with codes of 'made'.\n\n"
        "    region 'south' is there already, and not a source\n\n"
        "Call the target otherwise, or let that code go into it with a line of its own."
    )


def test_roles_and_units_that_differ() -> None:
    clash = concordance_of({"category": {"households": "c", "government": "c"}})
    assert told(clash, keep_others=True) == (
        "a mapping puts together what differs in kind.\n\n"
        "    category 'c', role: households households, government government\n\n"
        "Keep them apart, or bring them to one unit and role first."
    )


def test_a_partner_without_accounts_stays_apart() -> None:
    part = ECONOMY.part(["north"])
    both = concordance_of({"region": {"north": "A", "south": "A"}})
    with pytest.raises(InvalidTableError) as error:
        aggregate(part, both)
    assert message(error) == (
        "a mapping puts regions with and without accounts together.\n\n"
        "    region 'A': no accounts of south\n\n"
        "Keep partners without accounts apart."
    )
    renamed = aggregate(part, concordance_of({"region": {"north": "A", "south": "outside"}}))
    assert renamed.region_names == ("A",)
    assert renamed.partners == ("A", "outside")
    assert renamed.regions[0].imports.sum() == pytest.approx(part.regions[0].imports.sum())
