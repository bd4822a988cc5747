"""Eora26, on small archives laid out as the publisher's: matrices without labels, lists beside."""

import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planboard.errors import PlanboardError
from planboard.publishers.eora import DISCREPANCY, EORA26
from planboard.publishers.format import Request
from planboard.tables import InputOutputTable

pymrio = pytest.importorskip("pymrio", reason="pymrio is not installed")

COUNTRIES = {"Afghanistan": "AFG", "Zimbabwe": "ZWE"}
SECTORS = ["Agriculture", "Fishing"]
CATEGORIES = [
    "Household final consumption P.3h",
    "Non-profit institutions serving households P.3n",
    "Government final consumption P.3g",
    "Gross fixed capital formation P.51",
    "Changes in inventories P.52",
    "Acquisitions less disposals of valuables P.53",
]
ITEMS = [
    "Compensation of employees D.1",
    "Taxes on production D.29",
    "Subsidies on production D.39",
    "Net operating surplus B.2n",
    "Net mixed income B.3n",
    "Consumption of fixed capital K.1",
]
SATELLITES = ["Energy Usage (TJ)\tNatural Gas", "Energy Usage (TJ)\tCoal", "Land (ha)\tCropland"]
PAIRS = [(code, sector) for code in COUNTRIES.values() for sector in SECTORS]
ROWS = len(PAIRS)  # The last row and column of each matrix is that of the discrepancies.


def matrices(shift: float = 0.0) -> dict[str, np.ndarray]:
    """Balanced: output by row and by column is the same, discrepancies included."""
    rng = np.random.default_rng(26)
    T = rng.integers(1, 60, (ROWS + 1, ROWS + 1)) / 4 + shift
    FD = rng.integers(1, 60, (ROWS + 1, len(CATEGORIES) * 3)) / 2
    FD[:, 4::6] -= 12.0
    VA = rng.integers(1, 30, (len(ITEMS), ROWS + 1)) / 4
    made, sold = T.sum(axis=0) + VA.sum(axis=0), T.sum(axis=1) + FD.sum(axis=1)
    VA[3] += sold - made
    Q = rng.integers(0, 9, (len(SATELLITES), ROWS + 1)) / 2
    QY = rng.integers(0, 9, (len(SATELLITES), len(CATEGORIES) * 3)) / 2
    return {"T": T, "FD": FD, "VA": VA, "Q": Q, "QY": QY}


def lists() -> dict[str, str]:
    """Lists of labels; the publisher ends every line with a tab."""
    countries = [*COUNTRIES.items(), ("Statistical Discrepancies", "ROW")]
    sold = [f"{n}\t{c}\tFinal demand\t{use}\t" for n, c in countries for use in CATEGORIES]
    made = [f"{n}\t{c}\tIndustries\t{s}\t" for n, c in COUNTRIES.items() for s in SECTORS]
    return {
        "T": "\n".join([*made, "Statistical Discrepancies\tROW\tIndustries\tTOTAL\t"]) + "\n",
        "FD": "\n".join(sold) + "\n",
        "VA": "\n".join(f"Primary inputs\t{item}\t" for item in ITEMS) + "\n",
        "Q": "\n".join(f"{row}\t" for row in SATELLITES) + "\n",
    }


def write(folder: Path, year: int = 2015, price: str = "bp", labelled: bool = True) -> Path:
    folder = folder / f"Eora26_{year}_{price}"
    folder.mkdir(parents=True)
    for name, values in matrices().items():
        np.savetxt(
            folder / f"Eora26_{year}_{price}_{name}.txt", values, fmt="%.10g", delimiter="\t"
        )
    if labelled:
        write_lists(folder)
    return folder


def write_lists(folder: Path) -> None:
    for name, text in lists().items():
        (folder / f"labels_{name}.txt").write_text(text, encoding="utf-8")


def pack(folder: Path, archive: Path | None = None, inside: str = "") -> Path:
    archive = archive or folder.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as content:
        for file in sorted(folder.iterdir()):
            content.write(file, inside + file.name)
    return archive


def read(source: Path, year: int | None = None, **choices: str) -> InputOutputTable:
    table = EORA26.read(Request(source, year, choices))
    assert isinstance(table, InputOutputTable)
    return table


def refused(source: Path, year: int | None = None, **choices: str) -> str:
    with pytest.raises(PlanboardError) as caught:
        read(source, year, **choices)
    return str(caught.value).replace(str(source.parent), "DIR")


def check_same(one: InputOutputTable, other: InputOutputTable) -> None:
    assert one.publication == other.publication
    for part in ("transactions", "final_use", "value_added", "final_use_taxes"):
        pd.testing.assert_frame_equal(getattr(one, part), getattr(other, part))


# What becomes what --------------------------------------------------------------------------------


def test_rows_and_columns_add_up_with_the_discrepancies(tmp_path: Path) -> None:
    table = read(write(tmp_path))
    published = matrices()
    assert np.array_equal(table.transactions, published["T"][:-1, :-1])
    assert list(table.transactions.columns) == PAIRS
    assert np.array_equal(table.gross_output, (published["T"].sum(1) + published["FD"].sum(1))[:-1])
    assert abs(table.row_gaps()).max() < 1e-9
    assert abs(table.column_gaps()).max() < 1e-9


@pytest.mark.filterwarnings("ignore::pandas.errors.PerformanceWarning")
def test_pymrio_gives_the_same_numbers_without_the_discrepancies(tmp_path: Path) -> None:
    folder = write(tmp_path)
    io = pymrio.parse_eora26(folder, year=2015, price="bp")
    table = read(folder)
    pd.testing.assert_frame_equal(table.transactions, io.Z)
    assert np.array_equal(table.final_use[list(io.Y.columns)], io.Y)
    assert np.array_equal(table.value_added.loc[ITEMS], io.VA.F)


def test_the_discrepancies_are_value_added_and_a_category(tmp_path: Path) -> None:
    published = matrices()
    table = read(write(tmp_path))
    assert list(table.value_added.index) == [*ITEMS, DISCREPANCY]
    assert np.array_equal(table.value_added.loc[DISCREPANCY], published["T"][-1, :-1])
    taken = published["T"][:-1, -1] + published["FD"][:-1, 12:].sum(axis=1)
    own = [table.final_use.loc[pair, (pair[0], DISCREPANCY)] for pair in PAIRS]
    assert np.allclose(own, taken, rtol=1e-15)
    assert table.final_use.loc[("AFG", "Fishing"), ("ZWE", DISCREPANCY)] == 0.0
    assert table.final_use_taxes is not None
    published_uses = table.final_use_taxes.drop(columns=DISCREPANCY, level="category")
    assert np.array_equal(published_uses.loc[DISCREPANCY], published["FD"][-1, :12])
    left = published["T"][-1, -1] + published["FD"][-1, 12:].sum() + published["VA"][:, -1].sum()
    assert table.publication.notes == (
        "Eora's statistical discrepancies (ROW) are kept: as an item of value added, and as a "
        f"category of final use. What stays among them, {left:,.6g}, is left out.",
    )


def test_the_head_says_what_the_numbers_are(tmp_path: Path) -> None:
    table = read(write(tmp_path))
    head = table.publication
    assert (head.name, head.year, head.currency) == ("eora26-2015-bp", 2015, "USD")
    assert head.title == "World economy 2015, 2 regions x 2 sectors"
    assert (head.unit, head.price_basis, head.coverage) == ("thousand 2015 USD", "basic", "world")
    assert read(write(tmp_path, price="pp")).publication.price_basis == "purchasers"
    assert list(table.roles.values()) == [
        "households", "given", "government", "capital_formation", "inventories", "inventories",
        "given",
    ]  # fmt: skip
    assert table.factors is None


def test_satellite_accounts_follow_when_asked_for(tmp_path: Path) -> None:
    table = read(write(tmp_path), extensions="all")
    assert table.factors is not None
    assert table.factors_final_use is not None
    assert dict(table.factor_units) == {
        "Q|Energy Usage|Natural Gas": "TJ",
        "Q|Energy Usage|Coal": "TJ",
        "Q|Land|Cropland": "ha",
    }
    assert np.array_equal(table.factors, matrices()["Q"][:, :-1])
    uses = table.factors_final_use.drop(columns=DISCREPANCY, level="category")
    assert np.array_equal(uses, matrices()["QY"][:, :12])


def test_archive_and_folder_are_read_alike(tmp_path: Path) -> None:
    folder = write(tmp_path)
    table = read(folder)
    check_same(table, read(pack(folder)))
    nested = tmp_path / "nested"
    nested.mkdir()
    archive = pack(folder, nested / "Eora26_2015_bp.zip", "import/simplified/")
    check_same(table, read(archive))


def test_labels_may_come_in_an_archive_of_their_own(tmp_path: Path) -> None:
    table = read(write(tmp_path / "whole"))
    folder = tmp_path / "apart"
    packed = pack(write(folder, labelled=False))
    assert refused(packed) == (
        "DIR/Eora26_2015_bp.zip lacks files of Eora26.\n\n"
        "    not there: labels_T.txt\n"
        "    not there: labels_FD.txt\n"
        "    not there: labels_VA.txt\n"
        "    not there: labels_Q.txt\n\n"
        "Take the year's archive whole; labels are in it, or in indices.zip beside it."
    )
    (tmp_path / "indices").mkdir()
    write_lists(tmp_path / "indices")
    pack(tmp_path / "indices", folder / "indices.zip")
    check_same(table, read(packed))
    check_same(table, read(folder, 2015))


def test_of_a_folder_year_and_price_choose(tmp_path: Path) -> None:
    for year, price in ((2014, "bp"), (2015, "bp"), (2015, "pp")):
        write(tmp_path, year, price)
    assert read(tmp_path, 2014).publication.name == "eora26-2014-bp"
    assert read(tmp_path, 2015, price="pp").publication.name == "eora26-2015-pp"
    assert refused(tmp_path, 2015) == (
        f"DIR/{tmp_path.name} holds 2015 at basic and at purchasers' prices, and nobody said "
        "which.\n\n"
        "    Eora26_2015_bp\n"
        "    Eora26_2015_pp\n\n"
        "Choose a price, bp or pp, or name one archive."
    )
    assert refused(tmp_path, 2001) == (
        f"DIR/{tmp_path.name} does not hold the year 2001 of Eora26.\n\n"
        "    found: 2014 to 2015\n\n"
        "Name one of them with --year."
    )


# What is refused ----------------------------------------------------------------------------------


def test_another_price_or_year_than_named_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path)
    assert refused(folder, price="pp") == (
        "DIR/Eora26_2015_bp holds no table of Eora26 (pp).\n\n"
        "    found: Eora26_2015_bp\n\n"
        "Keep the publisher's names, such as Eora26_2015_bp.zip."
    )
    assert refused(folder, 2014) == (
        "DIR/Eora26_2015_bp does not hold the year 2014 of Eora26.\n\n"
        "    found: 2015\n\n"
        "Name one of them with --year."
    )


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "Eora26_2015_bp_FD.txt").unlink()
    assert refused(folder) == (
        "DIR/Eora26_2015_bp lacks files of Eora26.\n\n"
        "    not there: Eora26_2015_bp_FD.txt\n\n"
        "Take the year's archive whole; labels are in it, or in indices.zip beside it."
    )


def test_a_matrix_that_does_not_fit_its_labels_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path)
    np.savetxt(folder / "Eora26_2015_bp_FD.txt", matrices()["FD"][:-1], delimiter="\t")
    assert refused(folder) == (
        "The files of Eora26 for 2015 do not fit each other.\n\n"
        "    Length mismatch: Expected axis has 4 elements, new values have 5 elements\n\n"
        "Take the file from the publisher again, whole."
    )


def test_cells_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path)
    file = folder / "Eora26_2015_bp_T.txt"
    cells = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    cells[1][2] = "1,5"
    file.write_text("\n".join("\t".join(line) for line in cells), encoding="utf-8")
    assert refused(folder) == (
        "Eora26_2015_bp_T.txt cannot be read as a table of numbers.\n\n"
        "    column ZWE, Agriculture\n\n"
        "Take the file from the publisher again, whole."
    )
    cells[1][2] = ""
    file.write_text("\n".join("\t".join(line) for line in cells), encoding="utf-8")
    assert "has cells without a finite number" in refused(folder)


def with_cell(file: Path, row: int, column: int, cell: str) -> None:
    cells = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    cells[row][column] = cell
    file.write_text("\n".join("\t".join(line) for line in cells), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "place", "cell", "told"),
    [
        ("T", (-1, 1), "", "line 5: could not convert string to float: ''"),
        ("FD", (-1, 1), "nan", "line 5, the row of ROW"),
        ("T", (1, -1), "", "line 2, in a column of ROW"),
        ("VA", (1, -1), "inf", "line 2, in a column of ROW"),
        (
            "FD",
            (1, -1),
            "x",
            "In CSV column #17: CSV conversion error to double: invalid value 'x'",
        ),
        ("Q", (1, 1), "x", "column AFG, Fishing"),
        ("QY", (1, 1), ":", "column AFG, Non-profit institutions serving households P.3n"),
    ],
)
def test_what_pymrio_leaves_out_must_be_numbers_too(
    tmp_path: Path, name: str, place: tuple[int, int], cell: str, told: str
) -> None:
    folder = write(tmp_path)
    with_cell(folder / f"Eora26_2015_bp_{name}.txt", *place, cell)
    assert refused(folder) == (
        f"Eora26_2015_bp_{name}.txt cannot be read as a table of numbers.\n\n    {told}\n\n"
        "Take the file from the publisher again, whole."
    )


def test_lists_of_labels_must_name_the_same_regions(tmp_path: Path) -> None:
    folder = write(tmp_path)
    file = folder / "labels_FD.txt"
    file.write_text(file.read_text(encoding="utf-8").replace("AFG", "afg"), encoding="utf-8")
    assert refused(folder) == (
        "The lists of labels of Eora26 name different regions.\n\n"
        "    AFG: only in labels_T.txt\n    afg: only in labels_FD.txt\n\n"
        "Take labels_T.txt and labels_FD.txt from one release."
    )


def test_a_table_without_discrepancies_is_read(tmp_path: Path) -> None:
    folder = write(tmp_path)
    for name in ("T", "FD"):
        file = folder / f"labels_{name}.txt"
        file.write_text(file.read_text(encoding="utf-8").replace("ROW", "XXX"), encoding="utf-8")
    table = read(folder)
    assert table.regions == ("AFG", "ZWE", "XXX")
    assert not table.value_added.loc[DISCREPANCY].any()


def test_an_archive_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    archive = pack(write(tmp_path))
    archive.write_bytes(archive.read_bytes()[:-300])
    assert refused(archive) == (
        "DIR/Eora26_2015_bp.zip is a damaged zip archive.\n\n"
        "    its table of contents is missing or broken: the file was cut off\n\n"
        "Take the file from the publisher again, whole."
    )
