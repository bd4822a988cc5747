"""GLORIA, on small matrices laid out as the publisher's: no labels but those of the workbook."""

import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planboard.errors import PlanboardError
from planboard.publishers.format import Request
from planboard.publishers.gloria import GLORIA
from planboard.tables import InputOutputTable

openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")

REGIONS = {"AFG": "Afghanistan", "DYE": "Democratic Republic of Yemen", "ZMB": "Zambia"}
THERE = ["AFG", "ZMB"]
SECTORS = ["Growing wheat", "Growing maize"]
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
SATELLITES = [("Energy", "Coal", "TJ"), ("Emissions (EDGAR)", "co2", "kt"), ("Land", "Coal", "ha")]
PAIRS = [(region, sector) for region in THERE for sector in SECTORS]
SIZE = len(REGIONS) * len(SECTORS)


def parts() -> dict[str, np.ndarray]:
    """Use, final use and value added of all regions in order; the middle one is empty."""
    rng = np.random.default_rng(59)
    empty = np.repeat([region not in THERE for region in REGIONS], len(SECTORS))
    use = rng.integers(1, 80, (SIZE, SIZE)) / 4
    use[empty], use[:, empty] = 0.0, 0.0
    final = rng.integers(1, 80, (SIZE, len(REGIONS) * len(CATEGORIES))) / 2
    final[:, 4::6] -= 15.0
    final[empty] = 0.0
    final[:, 6:12] = 0.0
    added = rng.integers(1, 40, (len(REGIONS) * len(ITEMS), SIZE)) / 4
    for at in range(len(REGIONS)):  # Value added of a region is in its own columns.
        other = np.ones(SIZE, bool)
        other[at * 2 : at * 2 + 2] = False
        added[at * 6 : at * 6 + 6, other] = 0.0
    added[:, empty] = 0.0
    output = use.sum(axis=1) + final.sum(axis=1)
    gap = output - use.sum(axis=0) - added.sum(axis=0)
    for column in range(SIZE):
        added[column // 2 * 6 + 3, column] += gap[column]
    return {"use": use, "final": final, "added": added, "output": output}


def matrices() -> dict[str, np.ndarray]:
    """As published: of each region its industries, then its products."""
    found = parts()
    products = np.tile(np.repeat([False, True], len(SECTORS)), len(REGIONS))
    T = np.zeros((2 * SIZE, 2 * SIZE))
    T[np.ix_(products, ~products)] = found["use"]
    T[np.ix_(~products, products)] = np.diag(found["output"])
    Y = np.zeros((2 * SIZE, found["final"].shape[1]))
    Y[products] = found["final"]
    V = np.zeros((found["added"].shape[0], 2 * SIZE))
    V[:, ~products] = found["added"]
    rng = np.random.default_rng(60)
    TQ = np.zeros((len(SATELLITES), 2 * SIZE))
    TQ[:, ~products] = rng.integers(0, 9, (len(SATELLITES), SIZE)) / 2
    return {"T": T, "Y": Y, "V": V, "TQ": TQ, "YQ": rng.integers(0, 9, (3, 18)) / 2}


def write_labels(folder: Path, release: str = "059") -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, heads, rows in (
        (
            "Regions",
            ["Lfd_Nr", "Region_acronyms", "Region_names"],
            [(n, *p) for n, p in enumerate(REGIONS.items(), 1)],
        ),
        ("Sectors", ["Lfd_Nr", "Sector_names"], list(enumerate(SECTORS, 1))),
        (
            "Value added and final demand",
            ["Lfd_Nr", "Value_added_names", "Final_demand_names"],
            [(n, *p) for n, p in enumerate(zip(ITEMS, CATEGORIES, strict=True), 1)],
        ),
        ("Satellites", ["Sat_head_indicator", "Sat_indicator", "Sat_unit"], SATELLITES),
    ):
        sheet = book.create_sheet(name)
        for row in [heads, *rows]:
            sheet.append(row)
    file = folder / f"GLORIA_ReadMe_{release}.xlsx"
    book.save(file)
    return file


def write(folder: Path, year: int = 2022, release: str = "59", kinds: str = "MRIOs") -> Path:
    """The folder of one kind, unpacked, as the archive holds it."""
    place = folder / f"GLORIA_{kinds}_{'' if kinds == 'MRIOs' else '0'}{release}_{year}"
    place.mkdir()
    for letter in ("T", "Y", "V") if kinds == "MRIOs" else ("TQ", "YQ"):
        name = f"20240111_120secMother_AllCountries_002_{letter}-Results_{year}_0{release}"
        np.savetxt(
            place / f"{name}_Markup001(full).csv", matrices()[letter], fmt="%.10g", delimiter=","
        )
    return place


def pack(folder: Path, inside: str = "") -> Path:
    archive = folder.with_name(f"{folder.name}.zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as content:
        for file in sorted(folder.iterdir()):
            content.write(file, inside + file.name)
            file.unlink()
    folder.rmdir()
    return archive


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "gloria"
    folder.mkdir()
    write_labels(folder)
    write(folder)
    write(folder, kinds="SatelliteAccounts")
    return folder


def read(source: Path, year: int | None = None, **choices: str) -> InputOutputTable:
    table = GLORIA.read(Request(source, year, choices))
    assert isinstance(table, InputOutputTable)
    return table


def refused(source: Path, year: int | None = None, **choices: str) -> str:
    with pytest.raises(PlanboardError) as caught:
        read(source, year, **choices)
    return str(caught.value).replace(str(source.parent), "DIR")


def check_same(one: InputOutputTable, other: InputOutputTable) -> None:
    assert one.publication == other.publication
    for part in ("transactions", "final_use", "value_added"):
        pd.testing.assert_frame_equal(getattr(one, part), getattr(other, part))


# What becomes what --------------------------------------------------------------------------------


def test_flows_are_as_published_and_balance(release: Path) -> None:
    table = read(release)
    published = parts()
    kept = [0, 1, 4, 5]
    assert list(table.transactions.columns) == list(table.transactions.index) == PAIRS
    assert np.array_equal(table.transactions, published["use"][np.ix_(kept, kept)])
    assert np.array_equal(table.gross_output, published["output"][kept])
    items = published["added"].reshape(len(REGIONS), len(ITEMS), SIZE).sum(axis=0)
    assert list(table.value_added.index) == ITEMS
    assert np.allclose(table.value_added, items[:, kept], rtol=1e-9)
    assert abs(table.row_gaps()).max() < 1e-6
    assert abs(table.column_gaps()).max() < 1e-6


@pytest.mark.filterwarnings("ignore:The default engine")
def test_pymrio_gives_the_same_numbers(release: Path) -> None:
    pymrio = pytest.importorskip("pymrio", reason="pymrio is not installed")
    io = pymrio.parse_gloria(release, year=2022, version=59)
    io.calc_system()
    table = read(release, extensions="all")
    assert np.allclose(table.transactions, io.Z.loc[PAIRS, PAIRS], rtol=1e-9)
    assert np.array_equal(table.final_use, io.Y.loc[PAIRS, list(table.final_use.columns)])
    assert np.allclose(table.gross_output, io.x["indout"].loc[PAIRS], rtol=1e-9)
    items = io.VA.F.groupby(level="inputtype", sort=False).sum()
    assert np.allclose(table.value_added, items.loc[ITEMS, PAIRS], rtol=1e-9)
    assert table.factors is not None
    assert np.allclose(table.factors, io.Q.F[PAIRS], rtol=1e-9)


def test_a_region_without_flows_is_left_out_and_told(release: Path) -> None:
    table = read(release)
    assert table.regions == ("AFG", "ZMB")
    assert set(table.final_use.columns.get_level_values("region")) == set(THERE)
    assert table.publication.notes == (
        "Regions without any flow are left out: DYE (Democratic Republic of Yemen).",
    )


def test_what_a_region_without_flows_buys_is_kept_as_exports(release: Path) -> None:
    file = next((release / "GLORIA_MRIOs_59_2022").glob("*_Y-*"))
    sold = matrices()["Y"]
    sold[2, 6] = 7.0
    np.savetxt(file, sold, fmt="%.10g", delimiter=",")
    table = read(release)
    assert table.regions == ("AFG", "ZMB")
    assert table.final_use[("DYE", CATEGORIES[0])].to_list() == [7.0, 0.0, 0.0, 0.0]


def test_the_head_says_what_the_numbers_are(release: Path) -> None:
    table = read(release)
    head = table.publication
    assert (head.name, head.year, head.currency) == ("gloria59-2022", 2022, "USD")
    assert head.title == "World economy 2022, 2 regions x 2 sectors"
    assert (head.unit, head.price_basis, head.coverage) == ("thousand 2022 USD", "basic", "world")
    assert head.labels == {"AFG": "Afghanistan", "ZMB": "Zambia"}
    assert list(table.roles.values()) == [
        "households", "given", "government", "capital_formation", "inventories", "inventories",
    ]  # fmt: skip
    assert table.factors is None


def test_satellite_accounts_follow_when_asked_for(release: Path) -> None:
    table = read(release, extensions="all")
    assert dict(table.factor_units) == {
        "Q|Energy|Coal": "TJ",
        "Q|Emissions (EDGAR)|co2": "kt",
        "Q|Land|Coal": "ha",
    }
    industries = [0, 1, 8, 9]
    assert table.factors is not None
    assert table.factors_final_use is not None
    assert np.array_equal(table.factors, matrices()["TQ"][:, industries])
    uses = [*range(6), *range(12, 18)]
    assert np.array_equal(table.factors_final_use, matrices()["YQ"][:, uses])


def test_archives_and_folders_are_read_alike(release: Path) -> None:
    table = read(release, extensions="all")
    archive = pack(release / "GLORIA_MRIOs_59_2022", "Basic prices/")
    pack(release / "GLORIA_SatelliteAccounts_059_2022")
    check_same(table, read(release, 2022))
    packed = read(archive, extensions="all")
    check_same(table, packed)
    pd.testing.assert_frame_equal(packed.factors, table.factors)


def test_matrices_larger_than_a_batch_join_without_a_seam(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = read(release)
    monkeypatch.setattr("planboard.publishers.pymrio_exchange.dense.BATCH", 100)
    monkeypatch.setattr("planboard.publishers.gloria.TELL", 5)
    said: list[str] = []
    again = GLORIA.read(Request(release, progress=said.append))
    assert isinstance(again, InputOutputTable)
    check_same(table, again)
    assert sum("_T-Results_" in word for word in said) == 2


def test_of_a_folder_the_year_chooses(release: Path) -> None:
    write(release, 2021)
    assert read(release, 2021).publication.name == "gloria59-2021"
    assert refused(release) == (
        "DIR/gloria holds several years of GLORIA, and nobody said which.\n\n"
        "    found: 2021 to 2022\n\n"
        "Name one of them with --year."
    )
    assert refused(release, 2000) == (
        "DIR/gloria does not hold the year 2000 of GLORIA.\n\n"
        "    found: 2021 to 2022\n\n"
        "Name one of them with --year."
    )
    write(release, 2022, "60")
    assert refused(release, 2022) == (
        "DIR/gloria holds several releases of 2022.\n\n"
        "    GLORIA_MRIOs_59_2022\n"
        "    GLORIA_MRIOs_60_2022\n"
        "    GLORIA_SatelliteAccounts_059_2022\n\n"
        "Keep one release in a folder."
    )


# What is refused ----------------------------------------------------------------------------------


def test_labels_of_another_release_are_refused(release: Path) -> None:
    (release / "GLORIA_ReadMe_059.xlsx").unlink()
    write_labels(release, "057")
    assert refused(release) == (
        "DIR/gloria holds no labels for release 59 of GLORIA.\n\n"
        "    not there: GLORIA_ReadMe_059.xlsx\n\n"
        "Put the publisher's workbook beside the archives: the matrices have no labels."
    )


def test_missing_matrices_are_named(release: Path) -> None:
    next((release / "GLORIA_MRIOs_59_2022").glob("*_V-*")).unlink()
    assert refused(release) == (
        "DIR/gloria lacks matrices of GLORIA for 2022.\n\n"
        "    not there: …_V-Results_2022_…_Markup001(full).csv\n\n"
        "Keep GLORIA_MRIOs_… (and GLORIA_SatelliteAccounts_…) in one folder, whole."
    )


@pytest.mark.parametrize(("letter", "rows"), [("T", 12), ("Y", 12), ("V", 18)])
def test_a_matrix_that_is_cut_off_is_refused(release: Path, letter: str, rows: int) -> None:
    file = next((release / "GLORIA_MRIOs_59_2022").glob(f"*_{letter}-*"))
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    for changed, found in ((lines[:-1], rows - 1), ([*lines, lines[0]], rows + 1)):
        file.write_text("".join(changed), encoding="utf-8")
        assert refused(release) == (
            f"{file.name} does not fit the labels of the release.\n\n"
            f"    {found} rows\n"
            f"    labels say {rows}\n\n"
            "Take the file from the publisher again, whole."
        )
    file.write_text("".join(lines)[:-20], encoding="utf-8")
    assert refused(release).startswith(f"{file.name} cannot be read as a table of numbers.\n\n")


def test_flows_where_gloria_has_none_are_refused(release: Path) -> None:
    file = next((release / "GLORIA_MRIOs_59_2022").glob("*_T-*"))
    flows = matrices()["T"]
    flows[0, 3], flows[2, 2] = 1.0, 1.0
    np.savetxt(file, flows, fmt="%.10g", delimiter=",")
    assert refused(release) == (
        f"{file.name} has 2 flows where GLORIA has none.\n\n"
        "    industries that make several products, or products that buy\n\n"
        "The labels are of another release, or the file is: take both from one."
    )


@pytest.mark.parametrize(
    ("letter", "row", "column", "told"),
    [
        ("Y", 0, 1, "final use of industries, which sell products alone"),
        ("V", 0, 2, "value added of products, which have none"),
        ("TQ", 1, 3, "satellite accounts of products, which have none"),
    ],
)
def test_numbers_that_would_be_dropped_are_refused(
    release: Path, letter: str, row: int, column: int, told: str
) -> None:
    file = next(release.rglob(f"*_{letter}-*"))
    values = matrices()[letter]
    values[row, column] = 7.0
    np.savetxt(file, values, fmt="%.10g", delimiter=",")
    assert refused(release, extensions="all") == (
        f"{file.name} has 1 flows where GLORIA has none.\n\n    {told}\n\n"
        "The labels are of another release, or the file is: take both from one."
    )


@pytest.mark.parametrize(
    ("sheet", "cell"), [("Regions", "C3"), ("Satellites", "C2"), ("Satellites", "A3")]
)
def test_labels_side_by_side_have_no_gaps(release: Path, sheet: str, cell: str) -> None:
    """Names would slip to the code above."""
    file = release / "GLORIA_ReadMe_059.xlsx"
    book = openpyxl.load_workbook(file)
    book[sheet][cell] = None
    book.save(file)
    assert refused(release, extensions="all") == (
        "DIR/gloria/GLORIA_ReadMe_059.xlsx has empty cells where codes must stand.\n\n"
        f"    sheet '{sheet}', cell {cell}\n\n"
        "Write the code, or take the row or column out."
    )


def test_two_workbooks_of_labels_are_refused(release: Path) -> None:
    write_labels(release, "059a")
    assert refused(release) == (
        "DIR/gloria holds labels of release 59 of GLORIA more than once.\n\n"
        "    GLORIA_ReadMe_059.xlsx\n    GLORIA_ReadMe_059a.xlsx\n\n"
        "Keep the workbook that belongs to the matrices: 59 and 59a call theirs alike."
    )


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    assert refused(tmp_path / "none") == (
        "DIR/none holds no year of GLORIA.\n\n"
        "Take the publisher's files as they are, and leave their names."
    )


def test_a_cell_without_a_number_is_refused(release: Path) -> None:
    file = next((release / "GLORIA_MRIOs_59_2022").glob("*_T-*"))
    lines = file.read_text(encoding="utf-8").splitlines()
    cells = lines[2].split(",")
    cells[0] = ""
    file.write_text("\n".join([*lines[:2], ",".join(cells), *lines[3:]]), encoding="utf-8")
    assert "has cells without a finite number" in refused(release)


def test_an_archive_that_is_cut_off_is_refused(release: Path) -> None:
    archive = pack(release / "GLORIA_MRIOs_59_2022")
    archive.write_bytes(archive.read_bytes()[:-200])
    assert refused(release) == (
        "DIR/gloria/GLORIA_MRIOs_59_2022.zip is a damaged zip archive.\n\n"
        "    its table of contents is missing or broken: the file was cut off\n\n"
        "Take the file from the publisher again, whole."
    )
