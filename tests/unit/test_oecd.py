"""OECD ICIO, on small files laid out as those of releases 2018, 2021, 2023 and 2025."""

import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planboard.errors import PlanboardError
from planboard.publishers.format import Request
from planboard.publishers.oecd import ADDED, OECD_ICIO, TAXES
from planboard.tables import InputOutputTable

pytest.importorskip("pymrio", reason="pymrio is not installed")

INDUSTRIES = {
    "2018": ["01T03", "05T06"],
    "2021": ["01T02", "05T06"],
    "2023": ["A01_02", "B05_06"],
    "2025": ["A01", "A02"],
}
CATEGORIES = ["HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR"]
NAMES = {
    "2018": "ICIO2018_2015.CSV",
    "2021": "ICIO2021_2018.csv",
    "2023": "2020_SML.csv",
    "2025": "2022_SML.csv",
}
YEARS = {"2018": 2015, "2021": 2018, "2023": 2020, "2025": 2022}
WHOLE = ["AUS", "CHN", "MEX", "ROW"]
SPLIT = ["CN1", "CN2", "MX1"]


def model(release: str, split: bool | None = None) -> pd.DataFrame:
    """A balanced table as the publisher lays it out; older releases tell parts of China apart."""
    is_old = release in ("2018", "2021")
    parts = is_old if split is None else split
    codes = INDUSTRIES[release]
    regions = [*WHOLE, *(SPLIT if parts else [])]
    sectors = [f"{region}_{code}" for region in regions for code in codes]
    categories = [c if release != "2018" or c != "DPABR" else "P33" for c in CATEGORIES]
    sold = [f"{region}_{category}" for region in WHOLE for category in categories]
    rng = np.random.default_rng(int(release))
    flows = pd.DataFrame(rng.integers(1, 40, (len(sectors), len(sectors))) / 8, sectors, sectors)
    final = pd.DataFrame(rng.integers(1, 40, (len(sectors), len(sold))) / 4, sectors, sold)
    final[[column for column in sold if "INVNT" in column]] -= 5.0
    if parts:  # Flows stand in the rows and columns of the parts; those of the whole are empty.
        empty = [name for name in sectors if name[:3] in ("CHN", "MEX")]
        flows.loc[empty] = 0.0
        flows[empty] = 0.0
        final.loc[empty] = 0.0
    output = flows.sum(axis=1) + final.sum(axis=1)
    tax = flows.sum(axis=0) / 16
    rows = (
        {f"{region}_TAXSUB": tax * (region == "AUS") for region in WHOLE}
        if is_old
        else {"TLS": tax}
    )
    value = output - flows.sum(axis=0) - tax
    table = pd.concat([flows, pd.DataFrame(rows).T])
    table.loc["VALU" if is_old else "VA"] = value
    table = pd.concat([table, final], axis=1)
    taxed = "AUS_TAXSUB" if is_old else "TLS"
    table.loc[taxed, sold] = [1.0 if column.endswith("HFCE") else 0.0 for column in sold]
    table = table.fillna(0.0)
    table.loc["OUTPUT" if is_old else "OUT"] = table.sum(axis=0)
    table["TOTAL" if release == "2018" else "OUT"] = table.sum(axis=1)
    return table


def write(folder: Path, release: str, name: str = "", split: bool | None = None) -> Path:
    file = folder / (name or NAMES[release])
    label = "" if release == "2018" else "V1"
    model(release, split).to_csv(file, index_label=label)
    return file


def read(source: Path, year: int | None = None, **choices: str) -> InputOutputTable:
    table = OECD_ICIO.read(Request(source, year, choices))
    assert isinstance(table, InputOutputTable)
    return table


def refused(source: Path, year: int | None = None, **choices: str) -> str:
    with pytest.raises(PlanboardError) as caught:
        read(source, year, **choices)
    return str(caught.value).replace(str(source.parent), "DIR")


# What becomes what --------------------------------------------------------------------------------


@pytest.mark.parametrize("release", list(INDUSTRIES))
def test_every_release_balances_by_row_and_column(release: str, tmp_path: Path) -> None:
    table = read(write(tmp_path, release))
    assert table.regions == tuple(WHOLE)
    assert table.sectors == tuple(INDUSTRIES[release])
    scale = float(table.gross_output.max())
    assert abs(table.row_gaps()).max() < 1e-12 * scale
    assert abs(table.column_gaps()).max() < 1e-12 * scale
    assert table.publication.name == f"oecd-icio{release}-{YEARS[release]}"
    published = model(release).loc["VALU" if "VALU" in model(release).index else "VA"]
    flows = [name for name in published.index if name[4:] in INDUSTRIES[release]]
    assert np.isclose(table.value_added.loc[ADDED].sum(), published[flows].sum(), rtol=1e-12)


def test_flows_are_as_published(tmp_path: Path) -> None:
    published = model("2023")
    table = read(write(tmp_path, "2023"))
    flows = table.transactions.copy()
    flows.index = flows.columns = ["_".join(pair) for pair in flows.columns]
    pd.testing.assert_frame_equal(flows, published.loc[flows.index, flows.columns])
    final = table.final_use.copy()
    final.index, final.columns = flows.index, ["_".join(pair) for pair in final.columns]
    pd.testing.assert_frame_equal(final, published.loc[final.index, final.columns])
    assert np.array_equal(table.gross_output, published.loc[flows.index, "OUT"])
    assert np.array_equal(table.value_added.loc[TAXES], published.loc["TLS", flows.columns])
    assert np.array_equal(table.value_added.loc[ADDED], published.loc["VA", flows.columns])


def test_the_head_says_what_the_numbers_are(tmp_path: Path) -> None:
    table = read(write(tmp_path, "2023"))
    head = table.publication
    assert (head.name, head.year, head.currency) == ("oecd-icio2023-2020", 2020, "USD")
    assert head.title == "World economy 2020, 4 regions x 2 industries"
    assert head.source == "OECD Inter-Country Input-Output tables, release 2023, 2020"
    assert (head.unit, head.price_basis, head.coverage) == ("million 2020 USD", "basic", "world")
    assert head.labels["A01_02"] == "Agriculture, hunting and forestry"
    assert head.labels["DPABR"] == "Direct purchases abroad by residents"
    assert table.roles == {
        "DPABR": "households",
        "GFCF": "capital_formation",
        "GGFC": "government",
        "HFCE": "households",
        "INVNT": "inventories",
        "NPISH": "given",
    }


@pytest.mark.parametrize("release", ["2018", "2023"])
def test_taxes_on_final_use_are_kept(release: str, tmp_path: Path) -> None:
    table = read(write(tmp_path, release))
    assert table.final_use_taxes is not None
    assert list(table.final_use_taxes.index) == [TAXES]
    of_households = table.final_use.columns.get_level_values("category") == "HFCE"
    assert np.array_equal(table.final_use_taxes.loc[TAXES], of_households * 1.0)


@pytest.mark.parametrize("release", ["2018", "2021", "2023"])
def test_parts_of_china_and_mexico_are_added_up(release: str, tmp_path: Path) -> None:
    published = model(release, split=True)
    table = read(write(tmp_path, release, split=True))
    assert table.regions == tuple(WHOLE)
    code = INDUSTRIES[release][0]
    own = [f"{region}_{code}" for region in ("CHN", "CN1", "CN2")]
    assert (
        table.transactions.loc[("CHN", code), ("CHN", code)] == published.loc[own, own].sum().sum()
    )
    assert (
        table.final_use.loc[("CHN", code), ("AUS", "HFCE")] == published.loc[own, "AUS_HFCE"].sum()
    )
    total = "TOTAL" if release == "2018" else "OUT"
    assert table.gross_output[("CHN", code)] == published.loc[own, total].sum()


def test_of_an_archive_or_folder_the_year_chooses(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    files = [write(inner, "2023", name) for name in ("2019_SML.csv", "2020_SML.csv")]
    with zipfile.ZipFile(tmp_path / "2016-2020_SML.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
    table = read(files[1])
    for source in (tmp_path / "2016-2020_SML.zip", inner):
        same = read(source, 2020)
        pd.testing.assert_frame_equal(same.transactions, table.transactions)
        assert same.publication == table.publication
    assert refused(tmp_path / "2016-2020_SML.zip") == (
        "DIR/2016-2020_SML.zip holds several years of OECD ICIO, and nobody said which.\n\n"
        "    found: 2019 to 2020\n\n"
        "Name one of them with --year."
    )
    assert refused(inner, 2012) == (
        "DIR/inner does not hold the year 2012 of OECD ICIO.\n\n"
        "    found: 2019 to 2020\n\n"
        "Name one of them with --year."
    )
    write(inner, "2023", "2020.csv")
    assert refused(inner, 2020) == (
        "DIR/inner holds several tables of 2020, and nobody said which.\n\n"
        "    2020.csv\n"
        "    2020_SML.csv\n\n"
        "Name one file."
    )


# What is refused ----------------------------------------------------------------------------------


def test_another_release_than_named_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, "2023")
    assert read(file, release="2023").publication.year == 2020
    message = (
        "DIR/{} is of release 2023 of OECD ICIO, not of {}.\n\n"
        "    industries: A01_02, B05_06\n\n"
        "Name the file of the release that you want, or do not choose a release."
    )
    assert refused(file, release="2025") == message.format("2020_SML.csv", "2025")
    renamed = write(tmp_path, "2023", "ICIO2021_2018.csv")
    assert refused(renamed) == message.format("ICIO2021_2018.csv", "2021")


def test_a_file_that_is_no_icio_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "2020.csv"
    file.write_text("V1,AUS_X,AUS_HFCE,OUT\nAUS_X,1,2,3\nVA,2,0,2\nOUT,3,2,5\n", encoding="utf-8")
    assert refused(file) == (
        "DIR/2020.csv is no table of a known release of OECD ICIO.\n\n"
        "    industries: X\n"
        "    last row: OUT\n\n"
        "Known releases: 2018, 2021, 2023, 2025."
    )


def test_a_file_without_a_year_is_refused(tmp_path: Path) -> None:
    assert refused(write(tmp_path, "2023", "table.csv"), 2020) == (
        "DIR/table.csv holds no year of OECD ICIO.\n\n"
        "Take the publisher's files as they are, and leave their names."
    )


def test_cells_without_a_number_are_refused(tmp_path: Path) -> None:
    table = model("2023").astype(object)
    table.loc["AUS_A01_02", "CHN_B05_06"] = ""
    table.loc["VA", "AUS_B05_06"] = ""
    table.loc["VA", "AUS_HFCE"] = ""
    table.to_csv(tmp_path / "2020_SML.csv", index_label="V1")
    assert refused(tmp_path / "2020_SML.csv") == (
        "2020_SML.csv has 2 cells without a number.\n\n"
        "    row VA, column AUS_B05_06\n"
        "    row AUS_A01_02, column CHN_B05_06\n\n"
        "A missing number is not zero: take the file from the publisher again."
    )
    table = model("2023").astype(object)
    table.loc["VA", [c for c in table.columns if c.endswith(("HFCE", "OUT"))]] = ""
    table.to_csv(tmp_path / "2020_SML.csv", index_label="V1")
    pd.testing.assert_frame_equal(
        read(tmp_path / "2020_SML.csv").value_added, read(write(tmp_path, "2023")).value_added
    )


LABELS = "The labels of 2020_SML.csv are not those of a table of OECD ICIO.\n\n{}" + (
    "\n\nTake the file from the publisher again, whole."
)


@pytest.mark.parametrize(
    ("columns", "rows", "told"),
    [
        # In alphabetical order the two stand where the right ones would: position is no proof.
        (
            {"AUS_A01_02": "AUS_A01_03"},
            {},
            "    'AUS_A01_03': a column, and no row\n    'AUS_A01_02': a row, and no column",
        ),
        (
            {},
            {"CHN_B05_06": "CHN"},
            "    'CHN_B05_06': a column, and no row\n    'CHN': an unknown row",
        ),
        ({"AUS_B05_06": "AUS_A01_02"}, {}, "    'AUS_A01_02': two columns"),
        ({}, {"AUS_B05_06": "AUS_A01_02"}, "    'AUS_A01_02': two rows\n"),
        (
            {"MEX_GFCF": "MEX_DISC"},
            {},
            "    'MEX_DISC': a column, and no row\n    MEX: no column GFCF",
        ),
    ],
)
def test_rows_and_columns_must_be_the_same(
    tmp_path: Path, columns: dict[str, str], rows: dict[str, str], told: str
) -> None:
    table = model("2023").rename(columns=columns, index=rows)
    table.to_csv(tmp_path / "2020_SML.csv", index_label="V1")
    said = refused(tmp_path / "2020_SML.csv")
    assert said.startswith(LABELS.partition("{}")[0] + told)
    assert said.endswith(LABELS.partition("{}")[2])


def test_final_use_that_is_missing_everywhere_is_refused(tmp_path: Path) -> None:
    table = model("2023")
    table = table[[name for name in table if not name.endswith("_GFCF")]]
    table.to_csv(tmp_path / "2020_SML.csv", index_label="V1")
    assert refused(tmp_path / "2020_SML.csv") == LABELS.format(
        "\n".join(f"    {region}: no column GFCF" for region in WHOLE)
    )


@pytest.mark.parametrize(
    ("release", "row", "column"),
    [("2023", "TLS", "AUS_B05_06"), ("2018", "CN1_01T03", "CN1_01T03")],
)
@pytest.mark.parametrize("cell", ["nan", "inf"])
def test_words_for_a_missing_number_are_no_zero(
    tmp_path: Path, release: str, row: str, column: str, cell: str
) -> None:
    """pymrio would add them up as if they were none."""
    table = model(release).astype(object)
    table.loc[row, column] = cell
    table.to_csv(tmp_path / NAMES[release], index_label="V1")
    found = f"    row {row}, column {column}\n\n"
    assert refused(tmp_path / NAMES[release]) == (
        f"{NAMES[release]} has 1 cells without a number.\n\n{found}"
        "A missing number is not zero: take the file from the publisher again."
    )


def test_a_file_with_labels_alone_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, "2023")
    file.write_text(file.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert refused(file) == (
        "DIR/2020_SML.csv is no table of a known release of OECD ICIO.\n\n"
        "    industries: \n    last row: none\n\n"
        "Known releases: 2018, 2021, 2023, 2025."
    )


def test_labels_in_another_encoding_are_refused(tmp_path: Path) -> None:
    file = write(tmp_path, "2023")
    file.write_bytes(file.read_bytes().replace(b"AUS_HFCE", b"AUS\xe9HFCE"))
    assert refused(file).startswith(
        "2020_SML.csv cannot be read as a table of numbers.\n\n    'utf-8' codec can't decode byte"
    )


def test_a_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, "2023")
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: len(text) // 2].rpartition(",")[0], encoding="utf-8")
    assert refused(file).startswith("2020_SML.csv cannot be read as a table of numbers.\n\n")
    lines = text.splitlines()
    file.write_text("\n".join(lines[:-3]), encoding="utf-8")
    assert refused(file) == (
        "DIR/2020_SML.csv is no table of a known release of OECD ICIO.\n\n"
        "    industries: A01_02, B05_06\n"
        "    last row: ROW_B05_06\n\n"
        "Known releases: 2018, 2021, 2023, 2025."
    )


def test_decimal_commas_are_refused(tmp_path: Path) -> None:
    file = write(tmp_path, "2023")
    model("2023").to_csv(file, index_label="V1", sep=";", decimal=",")
    assert refused(file).startswith("2020_SML.csv cannot be read as a table of numbers.\n\n")


def test_parts_without_their_whole_are_refused(tmp_path: Path) -> None:
    table = model("2023", split=True)
    whole = [name for name in table.index if name.startswith("CHN_") and name in table.columns]
    table.drop(index=whole, columns=whole).to_csv(tmp_path / "2020.csv", index_label="V1")
    assert refused(tmp_path / "2020.csv") == (
        "DIR/2020.csv has regions of flows that final use does not, or the reverse.\n\n"
        "    CHN, CN1, CN2\n\n"
        "Parts of a region are added up only where the file has rows of the whole region; "
        "take the smaller file of the same year (…_SML.csv)."
    )


def test_an_archive_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, "2023")
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(file, file.name)
    (tmp_path / "x.zip").write_bytes((tmp_path / "x.zip").read_bytes()[:-50])
    assert refused(tmp_path / "x.zip") == (
        "DIR/x.zip is a damaged zip archive.\n\n"
        "    its table of contents is missing or broken: the file was cut off\n\n"
        "Take the file from the publisher again, whole."
    )
