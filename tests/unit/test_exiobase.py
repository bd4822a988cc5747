"""EXIOBASE 3, on small archives laid out as those on Zenodo: names, headers, separators, units."""

import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planboard.errors import PlanboardError
from planboard.publishers.exiobase import EXIOBASE3
from planboard.publishers.format import Request
from planboard.tables import InputOutputTable

REGIONS, SECTORS = ["AT", "WA"], ["Cultivation of paddy rice", "Re-processing of ash, into clinker"]
CATEGORIES = [
    "Final consumption expenditure by households",
    "Final consumption expenditure by non-profit organisations serving households (NPISH)",
    "Final consumption expenditure by government",
    "Gross fixed capital formation",
    "Changes in inventories",
    "Changes in valuables",
    "Exports: Total (fob)",
]
ADDED = [
    "Taxes less subsidies on products purchased: Total",
    "Other net taxes on production",
    "Compensation of employees; wages, salaries, & employers' social contributions: Low-skilled",
    "Compensation of employees; wages, salaries, & employers' social contributions: Medium-skilled",
    "Compensation of employees; wages, salaries, & employers' social contributions: High-skilled",
    "Operating surplus: Consumption of fixed capital",
    "Operating surplus: Rents on land",
    "Operating surplus: Royalties on resources",
    "Operating surplus: Remaining net operating surplus",
]
SEXES = ("male", "female")
SKILLS = [f"{skill}-skilled {sex}" for skill in ("Low", "Medium", "High") for sex in SEXES]
HOURS = [f"Employment hours: {skill}" for skill in SKILLS]
PEOPLE = [row.replace("hours", "people") for row in HOURS]
AIR = [
    "CO2 - combustion - air",
    "CO2_bio - combustion - air",
    "CO2 - non combustion - Cement production - air",
    "CO2 - agriculture - peat decay - air",
    "CO2 - waste - biogenic - air",
    "CO2 - waste - fossil - air",
    "CH4 - combustion - air",
]
LAND = ["Cropland - Sugar cane, sugar beet", "Other land Use: Total"]
UNITS = {
    **dict.fromkeys(ADDED, "M.EUR"),
    **dict.fromkeys(PEOPLE, "1000 p."),
    **dict.fromkeys([*HOURS, "Employment hours: Vulnerable employment"], "M.hr"),
    **dict.fromkeys(AIR, "kg"),
    **dict.fromkeys(["Energy Carrier Net Total", "Energy Carrier Use: Total"], "TJ"),
    **dict.fromkeys(LAND, "km2"),
}
IMPACTS = {"Value Added": "M.EUR", "Land use": "km2", "Employment hours": "M.hr"}
NEWER = {
    "factor_inputs": ADDED,
    "employment": [*PEOPLE, *HOURS],
    "air_emissions": AIR,
    "energy": ["Energy use - Final", "Energy use - Net"],
    "land": ["Artificial Surfaces", "Cropland - cropped area - Wheat"],
}

SECTOR_AXIS = pd.MultiIndex.from_product([REGIONS, SECTORS], names=["region", "sector"])
USE_AXIS = pd.MultiIndex.from_product([REGIONS, CATEGORIES], names=["region", "category"])


def amounts(rows: list[str], columns: pd.MultiIndex) -> pd.DataFrame:
    """A number of its own for every row and column, the same whatever rows stand beside."""
    seeds = [sum(map(ord, row)) for row in rows]
    values = [np.random.default_rng(seed).integers(1, 90, len(columns)) / 4 for seed in seeds]
    return pd.DataFrame(values, index=pd.Index(rows, name="stressor"), columns=columns)


class Model:
    """Balanced flows of two regions and two industries."""

    Z = pd.DataFrame(
        [[10.0, 5, 1, 0.5], [4, 20, 0, 2], [0, 3, 30, 7], [1e-7, 6, 8, 40]],
        index=SECTOR_AXIS,
        columns=SECTOR_AXIS,
    )
    added = amounts(ADDED, SECTOR_AXIS)
    x = (Z.sum(axis=0) + added.sum(axis=0)).rename("indout")
    shares = np.outer([0.75, 0.25], [0.5, 0.01, 0.2, 0.3, -0.02, 0.01, 0.0]).ravel()
    Y = pd.DataFrame(
        np.outer(x.to_numpy() - Z.sum(axis=1).to_numpy(), shares),
        index=SECTOR_AXIS,
        columns=USE_AXIS,
    )


def write_table(folder: Path, name: str, values: pd.DataFrame | pd.Series) -> dict[str, str]:
    frame = values.to_frame() if isinstance(values, pd.Series) else values
    folder.mkdir(parents=True, exist_ok=True)
    frame.to_csv(folder / f"{name}.txt", sep="\t")
    return {
        "name": f"{name}.txt",
        "nr_index_col": str(frame.index.nlevels),
        "nr_header": str(frame.columns.nlevels),
    }


def write_parameters(folder: Path, files: Mapping[str, Any], **kind: str) -> None:
    text = json.dumps({"files": files, **kind})
    (folder / "file_parameters.json").write_text(text, encoding="utf-8")


def write_extension(
    folder: Path, units: Mapping[str, str], name: str = "", final_use: str = "F_Y"
) -> None:
    rows = list(units)
    used = amounts(rows, USE_AXIS)
    used[[unit == "M.EUR" for unit in units.values()]] = 0.0
    unit = pd.DataFrame({"unit": list(units.values())}, index=pd.Index(rows, name="stressor"))
    files = {"F": amounts(rows, SECTOR_AXIS), final_use: used, "unit": unit}
    written = {key: write_table(folder, key, values) for key, values in files.items()}
    write_parameters(folder, written, systemtype="Extension", name=name or folder.name)


def write_core(folder: Path, version: str, system: str, flows: str = "Z") -> None:
    unit = pd.DataFrame({"unit": "M.EUR"}, index=SECTOR_AXIS)
    square = Model.Z if flows == "Z" else Model.Z / Model.x.to_numpy()
    files = {flows: square, "Y": Model.Y, "x": Model.x, "unit": unit}
    written = {name: write_table(folder, name, values) for name, values in files.items()}
    # The archives hold A besides, which is not read where there is a Z.
    written["A"] = written.get("A") or write_table(folder, "A", Model.Z * 0)
    write_parameters(folder, written, systemtype="IOSystem")
    meta = {
        "description": "EXIOBASE 3 monetary tables",
        "name": "EXIO3",
        "system": system,
        "version": version,
        "history": [],
    }
    (folder / "metadata.json").write_text(json.dumps(meta), encoding="utf-8")


def write_older(folder: Path, system: str = "ixi") -> Path:
    """Up to release 3.8: all stressors in `satellite`."""
    write_core(folder, "v3.8.2", system)
    write_extension(folder / "satellite", UNITS, "Satellite Accounts")
    write_extension(folder / "impacts", IMPACTS)
    return folder


def write_newer(folder: Path) -> Path:
    """From release 3.9 on: an extension for each kind."""
    write_core(folder, "3.9.5", "ixi")
    units = {**UNITS, **dict.fromkeys(NEWER["energy"], "TJ"), **dict.fromkeys(NEWER["land"], "km2")}
    for name, rows in NEWER.items():
        write_extension(folder / name, {row: units[row] for row in rows})
    write_extension(folder / "impacts", IMPACTS)
    return folder


def pack(folder: Path) -> Path:
    archive = folder.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as content:
        for file in sorted(folder.rglob("*.*")):
            content.write(file, f"{folder.name}/{file.relative_to(folder).as_posix()}")
    return archive


def read(source: Path, year: int | None = None, **choices: str) -> InputOutputTable:
    table = EXIOBASE3.read(Request(source, year, choices))
    assert isinstance(table, InputOutputTable)
    return table


def refused(source: Path, year: int | None = None, **choices: str) -> str:
    with pytest.raises(PlanboardError) as caught:
        read(source, year, **choices)
    return str(caught.value).replace(str(source.parent), "DIR")


@pytest.fixture
def older(tmp_path: Path) -> Path:
    return write_older(tmp_path / "IOT_2019_ixi")


# What becomes what --------------------------------------------------------------------------------


def test_flows_are_as_published_and_balance(older: Path) -> None:
    table = read(older)
    assert np.array_equal(table.transactions, Model.Z)
    assert np.allclose(table.final_use, Model.Y, rtol=1e-15)
    assert list(table.transactions.columns) == list(SECTOR_AXIS)
    assert list(table.final_use.columns) == list(USE_AXIS)
    scale = float(table.gross_output.sum())
    assert abs(table.row_gaps()).max() < 1e-12 * scale
    assert abs(table.column_gaps()).max() < 1e-12 * scale


def test_the_head_says_what_the_numbers_are(older: Path) -> None:
    table = read(older)
    head = table.publication
    assert head.name == "exiobase3-2019-ixi"
    assert head.title == "World economy 2019, 2 regions x 2 industries"
    assert head.source == "EXIOBASE 3, version 3.8.2, IOT_2019_ixi"
    assert (head.year, head.currency, head.unit) == (2019, "EUR", "million 2019 EUR")
    assert (head.price_basis, head.coverage) == ("basic", "world")
    assert head.labels == {"AT": "Austria", "WA": "Rest of Asia and Pacific"}
    assert list(table.roles.values()) == [
        "households", "given", "government", "capital_formation", "inventories", "inventories",
        "given",
    ]  # fmt: skip


def test_rows_in_money_are_value_added_and_a_short_list_becomes_factors(older: Path) -> None:
    table = read(older)
    F = amounts(list(UNITS), SECTOR_AXIS)
    assert list(table.value_added.index) == ADDED
    assert np.array_equal(table.value_added, F.loc[ADDED])
    assert table.final_use_taxes is None
    assert table.factors is not None
    assert dict(table.factor_units) == {
        "hours_high": "million hours",
        "hours_medium": "million hours",
        "hours_low": "million hours",
        "energy": "TJ",
        "land": "km2",
        "co2": "kg",
    }
    rows = {
        "hours_high": [
            "Employment hours: High-skilled male",
            "Employment hours: High-skilled female",
        ],
        "energy": ["Energy Carrier Net Total"],
        "land": LAND,
        "co2": [AIR[0], AIR[2], AIR[3], AIR[5]],
    }
    used = amounts(list(UNITS), USE_AXIS)
    assert table.factors_final_use is not None
    for factor, parts in rows.items():
        assert np.array_equal(table.factors.loc[factor], F.loc[parts].sum())
        assert np.array_equal(table.factors_final_use.loc[factor], used.loc[parts].sum())


def test_newer_releases_give_the_same_parts(older: Path, tmp_path: Path) -> None:
    newer = read(write_newer(tmp_path / "new" / "IOT_2019_ixi"))
    table = read(older)
    pd.testing.assert_frame_equal(newer.value_added, table.value_added)
    assert newer.factors is not None
    assert table.factors is not None
    assert list(newer.factors.index) == list(table.factors.index)
    same = ["hours_high", "hours_medium", "hours_low", "co2"]
    pd.testing.assert_frame_equal(newer.factors.loc[same], table.factors.loc[same])
    energy = amounts(["Energy use - Net"], SECTOR_AXIS)
    assert np.array_equal(newer.factors.loc[["energy"]], energy)


def test_all_extensions_follow_when_asked_for(older: Path) -> None:
    table = read(older, extensions="all")
    assert table.factors is not None
    short = read(older).factors
    assert short is not None
    pd.testing.assert_frame_equal(table.factors.loc[short.index], short)
    rest = [name for name in table.factors.index if name not in short.index]
    assert "satellite|CO2_bio - combustion - air" in rest
    assert "impacts|Value Added" in rest
    assert "satellite|Employment hours: High-skilled male" not in rest
    assert table.factor_units["satellite|Employment people: Low-skilled male"] == "1000 p."
    assert list(table.value_added.index) == ADDED


def test_what_a_release_lacks_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "IOT_2019_ixi"
    write_core(folder, "v3", "ixi")
    write_extension(folder / "satellite", {row: UNITS[row] for row in [*ADDED, *HOURS[1:], *LAND]})
    table = read(folder)
    assert table.publication.notes == (
        "This release has no rows for hours_low.",
        "This release has no rows for energy.",
        "This release has no rows for co2.",
    )


def test_taxes_on_final_use_are_kept(older: Path) -> None:
    used = amounts(list(UNITS), USE_AXIS)
    write_table(older / "satellite", "F_Y", used)
    table = read(older)
    assert table.final_use_taxes is not None
    assert np.array_equal(table.final_use_taxes, used.loc[ADDED])


def test_archive_and_folder_are_read_alike(older: Path) -> None:
    table, packed = read(older), read(pack(older))
    assert packed.publication == table.publication
    for part in ("transactions", "final_use", "value_added", "factors", "factors_final_use"):
        pd.testing.assert_frame_equal(getattr(packed, part), getattr(table, part))


def test_pymrio_reads_the_same_numbers(older: Path) -> None:
    pymrio = pytest.importorskip("pymrio", reason="pymrio is not installed")
    io = pymrio.parse_exiobase3(pack(older))
    table = read(older)
    pd.testing.assert_frame_equal(table.transactions, io.Z, check_dtype=False)
    pd.testing.assert_frame_equal(table.final_use, io.Y)
    pd.testing.assert_series_equal(table.gross_output, io.x["indout"])
    F = io.satellite.F
    assert np.array_equal(table.value_added, F.loc[ADDED])


def test_without_flows_coefficients_are_scaled(tmp_path: Path) -> None:
    folder = tmp_path / "IOT_2011_pxp"
    write_core(folder, "v3.4", "pxp", flows="A")
    write_extension(folder / "satellite", UNITS, final_use="F_hh")
    table = read(folder)
    assert np.allclose(table.transactions, Model.Z, rtol=1e-12)
    assert table.factors_final_use is not None
    assert table.publication.title == "World economy 2011, 2 regions x 2 products"


OLD = {"AT": "AUT", "WA": "WWA"}


def test_old_codes_of_regions_are_mended(older: Path) -> None:
    for file in older.rglob("*.txt"):
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"\b(AT|WA)\b", lambda m: OLD[m[1]], text), encoding="utf-8")
    table = read(older)
    assert table.regions == ("AT", "WA")
    assert list(table.final_use.columns) == list(USE_AXIS)
    assert table.factors is not None


def test_of_a_folder_of_archives_year_and_system_choose(tmp_path: Path) -> None:
    for name in ("IOT_2018_ixi", "IOT_2019_ixi", "IOT_2019_pxp"):
        pack(write_older(tmp_path / name, name[-3:]))
        for file in sorted((tmp_path / name).rglob("*"), reverse=True):
            file.unlink() if file.is_file() else file.rmdir()
        (tmp_path / name).rmdir()
    assert read(tmp_path, 2018).publication.name == "exiobase3-2018-ixi"
    assert read(tmp_path, 2019, system="pxp").publication.name == "exiobase3-2019-pxp"
    assert refused(tmp_path, 2019) == (
        f"DIR/{tmp_path.name} holds several tables of 2019, and nobody said which.\n\n"
        "    IOT_2019_ixi.zip\n"
        "    IOT_2019_pxp.zip\n\n"
        "Choose a system, ixi or pxp, or name one archive."
    )
    assert refused(tmp_path, 2017).startswith(
        f"DIR/{tmp_path.name} does not hold the year 2017 of EXIOBASE 3."
    )


def test_year_and_system_are_taken_from_metadata_where_names_do_not_tell(tmp_path: Path) -> None:
    folder = write_older(tmp_path / "mine")
    assert read(folder, 2019).publication.name == "exiobase3-2019-ixi"
    meta = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    meta |= {"description": "EXIOBASE version 3.x.x - ixi for 2011", "system": None}
    (folder / "metadata.json").write_text(json.dumps(meta), encoding="utf-8")
    assert read(folder, system="pxp").publication.name == "exiobase3-2011-pxp"
    assert refused(folder) == (
        "DIR/mine does not say whether it is by industries or by products.\n\n"
        "Keep the publisher's name, such as IOT_2019_pxp.zip, or choose a system."
    )


# What is refused ----------------------------------------------------------------------------------


def test_another_system_or_year_than_named_is_refused(older: Path) -> None:
    assert refused(older, system="pxp") == (
        "DIR/IOT_2019_ixi is a table by industries (ixi), not by products.\n\n"
        "Name the archive of pxp."
    )
    assert refused(older, 2018) == (
        "DIR/IOT_2019_ixi does not hold the year 2018 of EXIOBASE 3.\n\n"
        "    found: 2019\n\n"
        "Name one of them with --year."
    )


def test_another_publishers_table_is_refused(older: Path) -> None:
    unit = pd.DataFrame({"unit": "tonnes"}, index=SECTOR_AXIS)
    write_table(older, "unit", unit)
    for file in (older / "satellite").iterdir():
        file.unlink()
    assert refused(older) == (
        "DIR/IOT_2019_ixi is no monetary table of EXIOBASE 3.\n\n"
        "    its flows are in tonnes, not M.EUR\n"
        "    extensions: none\n\n"
        "Other systems that pymrio saved are read as format pymrio."
    )


def test_a_cell_that_is_no_number_is_named(older: Path) -> None:
    file = older / "satellite" / "F.txt"
    lines = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    lines[3][2] = "n/a"
    file.write_text("\n".join("\t".join(line) for line in lines), encoding="utf-8")
    column = " ".join(SECTOR_AXIS[1])
    assert refused(older) == (
        "The pymrio system 'EXIO3' has cells that are no numbers.\n\n"
        f"    satellite.F, column {column}: 'n/a'\n\n"
        "Write numbers with decimal points into them, and save the system again."
    )


def test_a_truncated_archive_is_refused(older: Path) -> None:
    archive = pack(older)
    archive.write_bytes(archive.read_bytes()[:-400])
    assert refused(archive) == (
        "DIR/IOT_2019_ixi.zip is a damaged zip archive.\n\n"
        "    its table of contents is missing or broken: the file was cut off\n\n"
        "Take the file from the publisher again, whole."
    )


def test_a_missing_table_is_named(older: Path) -> None:
    (older / "Y.txt").unlink()
    assert refused(older) == (
        "DIR/IOT_2019_ixi holds no file 'Y.txt' for table Y.\n\n"
        "    found: A.txt, Z.txt, file_parameters.json, metadata.json\n\n"
        "Take the file from the publisher again, whole."
    )


def test_an_archive_without_a_system_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "IOT_2019_ixi"
    folder.mkdir()
    (folder / "readme.txt").write_text("nothing", encoding="utf-8")
    assert refused(pack(folder)) == (
        "DIR/IOT_2019_ixi.zip holds no file_parameters.json of a pymrio system.\n\n"
        "Name a folder that pymrio saved."
    )
