"""To and from pymrio, in memory and on disk: every number, name and order comes back."""

import copy
import io as streams
import json
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planboard.errors import (
    InvalidTableError,
    OutputFolderError,
    PlanboardError,
    UnknownNameError,
    UnreadableFileError,
)
from planboard.publishers import parquet
from planboard.publishers.format import Request
from planboard.publishers.pymrio_exchange import (
    PYMRIO,
    dense,
    disk,
    from_pymrio,
    read_pymrio,
    to_pymrio,
    write_pymrio,
)
from planboard.publishers.pymrio_exchange.dense import TextLayout, read_text_matrix
from planboard.tables import InputOutputTable, Publication

pymrio = pytest.importorskip("pymrio", reason="pymrio is not installed")

STATED: Any = {"price_basis": "basic", "year": 2010, "currency": "USD", "unit": "million USD"}
PARTS = (
    "transactions", "final_use", "value_added", "final_use_taxes", "factors", "factors_final_use",
)  # fmt: skip
SAVED = 1e-11  # pymrio saves text with 12 digits.


@pytest.fixture(scope="module")
def loaded() -> Any:
    """pymrio's own test system: 6 regions, 8 sectors, 7 categories, 2 extensions."""
    return pymrio.load_test()


@pytest.fixture
def system(loaded: Any) -> Any:
    """A copy of it for every test."""
    return copy.deepcopy(loaded)


@pytest.fixture
def national() -> InputOutputTable:
    """Two regions that buy from and sell to a third without accounts, in no tidy order."""
    columns = labels("region", "sector", [("A", "x"), ("A", "y"), ("B", "x"), ("B", "y")])
    rows = labels(
        "region",
        "sector",
        [("ROW", "x"), ("A", "x"), ("A", "y"), ("ROW", "z"), ("B", "y"), ("B", "x")],
    )
    sold = labels(
        "region", "category", [("A", "homes"), ("ROW", "sales"), ("B", "homes"), ("B", "state")]
    )
    return InputOutputTable(
        publication=Publication(
            name="two",
            title="Two regions",
            source="made up",
            licence="none",
            year=2000,
            currency="EUR",
            unit="million EUR",
            price_basis="basic",
            labels={"A": "Aland"},
            notes=("a note",),
            history=({"step": "published table", "detail": "as it was"},),
        ),
        transactions=numbers(rows, columns),
        final_use=numbers(rows, sold),
        gross_output=numbers(columns, ["x"])["x"],
        value_added=numbers(["wages", "taxes"], columns),
        final_use_taxes=numbers(["taxes", "duties"], sold),
        factors=numbers(["hours_high", "emissions|CO2", "land"], columns),
        factors_final_use=numbers(["emissions|CO2"], sold),
        factor_units={"hours_high": "million hours", "emissions|CO2": "kg", "land": "km2"},
        roles={"homes": "households", "state": "government"},
    )


def labels(first: str, second: str, pairs: list[tuple[str, str]]) -> pd.MultiIndex:
    return pd.MultiIndex.from_tuples(pairs, names=[first, second])


def numbers(rows: Any, columns: Any) -> pd.DataFrame:
    values = np.random.default_rng(len(rows) * 10 + len(columns)).random((len(rows), len(columns)))
    return pd.DataFrame(values, index=rows, columns=columns)


def check_same(one: Any, other: Any, tolerance: float = 0.0) -> None:
    """Equal numbers, labels, order and level names; pymrio's whole numbers may come as floats."""
    if one is None or other is None:
        assert one is other
    else:
        exact = {"check_exact": True} if not tolerance else {"rtol": tolerance}
        pd.testing.assert_frame_equal(one, other, check_dtype=False, **exact)


def check_same_systems(one: Any, other: Any) -> None:
    for name in ("Z", "Y", "unit", "population"):
        check_same(getattr(one, name), getattr(other, name))
    assert list(one.get_extensions()) == list(other.get_extensions())
    pairs = zip(one.get_extensions(data=True), other.get_extensions(data=True), strict=True)
    for mine, theirs in pairs:
        assert mine.name == theirs.name
        for name in ("F", "F_Y", "unit"):
            check_same(getattr(mine, name), getattr(theirs, name))


def check_same_tables(one: InputOutputTable, other: InputOutputTable, tolerance: float = 0) -> None:
    for part in PARTS:
        check_same(getattr(one, part), getattr(other, part), tolerance)
    pd.testing.assert_series_equal(one.gross_output, other.gross_output)
    assert one.roles == other.roles
    assert one.factor_units == other.factor_units


# In memory ----------------------------------------------------------------------------------------


def test_a_system_becomes_a_table_with_named_parts(system: Any) -> None:
    table = from_pymrio(system, **STATED)
    check_same(table.transactions, system.Z)
    check_same(table.final_use, system.Y)
    sold = system.Z.sum(axis=1) + system.Y.sum(axis=1)
    assert np.array_equal(table.gross_output, sold)
    assert list(table.value_added.index) == ["Value Added"]
    assert np.array_equal(table.value_added.loc["Value Added"], system.factor_inputs.F.iloc[0])
    assert dict(table.factor_units) == {
        "emissions|emission_type1|air": "kg",
        "emissions|emission_type2|water": "kg",
    }
    assert table.roles == {
        "Final consumption expenditure by households": "households",
        "Final consumption expenditure by non-profit organisations serving households (NPISH)": (
            "given"
        ),
        "Final consumption expenditure by government": "government",
        "Gross fixed capital formation": "capital_formation",
        "Changes in inventories": "inventories",
        "Changes in valuables": "inventories",
        "Export": "given",
    }
    head = table.publication
    assert (head.name, head.title) == ("testmrio", "test mrio for pymrio")
    assert head.source == "pymrio system 'testmrio', version v1"
    assert "not stated" in head.licence


def test_a_system_comes_back_from_a_table_with_nothing_lost(system: Any) -> None:
    back = to_pymrio(from_pymrio(system, **STATED))
    check_same_systems(system, back)
    kept = dict(back.meta.metadata)
    kept.pop("planboard")
    assert kept == dict(system.meta.metadata)


def test_a_table_comes_back_from_a_system_with_nothing_lost(national: InputOutputTable) -> None:
    back = from_pymrio(to_pymrio(national))
    check_same_tables(national, back)
    assert back.publication == national.publication


def test_a_table_with_an_outside_is_square_and_balanced_in_pymrio(
    national: InputOutputTable,
) -> None:
    io = to_pymrio(national)
    assert io.Z.index.equals(io.Z.columns)
    own = national.transactions.index.isin(national.transactions.columns)
    sold = (national.transactions.sum(axis=1) + national.final_use.sum(axis=1))[own]
    same = (io.Z.sum(axis=1) + io.Y.sum(axis=1)).reindex(sold.index)
    assert np.allclose(same, sold, rtol=1e-15)
    assert set(io.Y.columns.get_level_values("region")) == {"A", "B"}
    assert list(io.imports.F.index) == [("ROW", "x"), ("ROW", "z")]
    io.x = None
    io.calc_all()
    assert np.isfinite(io.imports.D_cba.to_numpy()).all()


def test_numbers_are_shared_until_one_side_writes(system: Any) -> None:
    system.Z = numbers(system.Z.index, system.Z.columns)
    table = from_pymrio(system, **STATED)
    io = to_pymrio(table)
    assert np.shares_memory(io.Z.to_numpy(), table.transactions.to_numpy())
    before = table.transactions.iloc[0, 0]
    io.Z.iloc[0, 0] = -1.0
    assert table.transactions.iloc[0, 0] == before


def test_rows_of_the_same_name_in_several_extensions_are_told_apart(system: Any) -> None:
    system.emissions_again = system.emissions.copy()
    system.va = pymrio.Extension(
        "VA", F=system.factor_inputs.F * 2, unit=system.factor_inputs.unit.copy()
    )
    table = from_pymrio(system, **STATED)
    assert table.factors is not None
    assert [name.partition("|")[0] for name in table.factors.index] == [
        "emissions", "emissions", "emissions_again", "emissions_again",
    ]  # fmt: skip
    assert list(table.value_added.index) == ["factor_inputs|Value Added", "va|Value Added"]
    check_same_systems(system, to_pymrio(table))


def test_rows_of_value_added_in_another_unit_are_factors(system: Any) -> None:
    hours = pd.DataFrame([[1.0] * 48], index=pd.Index(["hours"], name="inputtype"))
    hours.columns = system.Z.columns
    inputs = system.factor_inputs
    inputs.F = pd.concat([hours, inputs.F])
    inputs.unit = pd.DataFrame({"unit": ["million hours", "Mill USD"]}, index=inputs.F.index)
    table = from_pymrio(system, **STATED)
    assert list(table.value_added.index) == ["Value Added"]
    assert table.factor_units["factor_inputs|hours"] == "million hours"
    check_same_systems(system, to_pymrio(table))


def test_level_names_of_their_own_come_back(system: Any) -> None:
    system.Z.index.names = system.Z.columns.names = ["country", "industry"]
    system.Y.index.names = ["country", "industry"]
    system.Y.columns.names = ["country", "use"]
    table = from_pymrio(system, **STATED)
    assert list(table.transactions.index.names) == ["region", "sector"]
    assert list(table.final_use.columns.names) == ["region", "category"]
    check_same(to_pymrio(table).Z, system.Z)
    check_same(to_pymrio(table).Y, system.Y)


def test_what_was_changed_since_is_what_pymrio_gets(system: Any) -> None:
    """Rows taken out and put in are followed."""
    table = from_pymrio(system, **STATED)
    assert table.factors is not None
    assert table.factors_final_use is not None
    less = table.with_step(
        "fewer factors",
        "one",
        factors=pd.concat([table.factors.iloc[:1], numbers(["land"], table.factors.columns)]),
        factors_final_use=table.factors_final_use.iloc[:1],
        factor_units={"emissions|emission_type1|air": "kg", "land": "km2"},
    )
    io = to_pymrio(less)
    assert list(io.emissions.F.index) == [("emission_type1", "air")]
    assert list(io.factors.F.index) == ["land"]
    check_same(from_pymrio(io).factors, less.factors)
    assert from_pymrio(io).publication.history[-1] == {"step": "fewer factors", "detail": "one"}


def test_the_population_of_other_regions_is_left_out(system: Any) -> None:
    table = from_pymrio(system, **STATED)
    columns = table.transactions.columns[:16]
    less = table.with_step(
        "two regions",
        "of six",
        transactions=table.transactions.loc[columns, columns],
        final_use=table.final_use.loc[columns].iloc[:, :14],
        gross_output=table.gross_output[columns],
        value_added=table.value_added[columns],
        factors=None,
        factors_final_use=None,
    )
    assert to_pymrio(less).population is None
    assert to_pymrio(table).population is not None


def test_roles_may_be_stated_where_names_do_not_tell(national: InputOutputTable) -> None:
    io = to_pymrio(national)
    io.meta.metadata.pop("planboard")
    roles = {"homes": "households", "state": "government", "sales of ROW": "given"}
    assert from_pymrio(io, roles=roles, **STATED).roles == roles


# On disk ------------------------------------------------------------------------------------------


def test_our_own_head_is_what_counts(system: Any, tmp_path: Path) -> None:
    """pymrio's metadata hold it too, for those who load the folder with pymrio."""
    write_pymrio(from_pymrio(system, **STATED), tmp_path / "published")
    file = tmp_path / "published" / "planboard.json"
    head = json.loads(file.read_text(encoding="utf-8"))
    head["publication"]["licence"] = "ask"
    file.write_text(json.dumps(head), encoding="utf-8")
    assert read_pymrio(tmp_path / "published").publication.licence == "ask"


def test_pymrio_reads_what_we_write(system: Any, tmp_path: Path) -> None:
    write_pymrio(from_pymrio(system, **STATED), tmp_path / "published")
    check_same_systems(system, pymrio.load_all(tmp_path / "published"))


@pytest.mark.parametrize("of", ["system", "national"])
def test_a_table_comes_back_from_a_folder(
    of: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    found = request.getfixturevalue(of)
    table = from_pymrio(found, **STATED) if of == "system" else found
    write_pymrio(table, tmp_path / "published")
    back = read_pymrio(tmp_path / "published")
    check_same_tables(table, back)
    assert back.publication == table.publication
    check_same_systems(to_pymrio(table), to_pymrio(back))
    check_same_tables(table, from_pymrio(pymrio.load_all(tmp_path / "published")))


@pytest.mark.parametrize(("kind", "tolerance"), [("parquet", 0.0), ("txt", SAVED)])
@pytest.mark.parametrize("packed", [False, True])
def test_we_read_what_pymrio_saves(
    system: Any, tmp_path: Path, kind: str, tolerance: float, packed: bool
) -> None:
    folder = tmp_path / "saved"
    system.calc_all()
    system.save_all(folder, table_format=kind)
    if packed:
        pymrio.archive(folder, tmp_path / "saved.zip")
    back = read_pymrio(tmp_path / ("saved.zip" if packed else "saved"), **STATED)
    check_same_tables(from_pymrio(system, **STATED), back, tolerance)


def test_tables_are_compressed_parquet_that_others_read(
    national: InputOutputTable, tmp_path: Path
) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415

    write_pymrio(national, tmp_path / "published")
    flows = pq.ParquetFile(tmp_path / "published" / "Z.parquet")
    assert flows.metadata.row_group(0).column(0).compression == "ZSTD"
    check_same(
        pd.read_parquet(tmp_path / "published" / "Y.parquet"),
        to_pymrio(national).Y,
    )


def test_groups_of_rows_and_columns_join_without_a_seam(
    national: InputOutputTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a table of thousands of rows is written and read."""
    monkeypatch.setattr("planboard.publishers.pymrio_exchange.dense.GROUP", 3)
    monkeypatch.setattr("planboard.publishers.pymrio_exchange.dense.CELLS", 8)
    write_pymrio(national, tmp_path / "published")
    check_same_tables(national, read_pymrio(tmp_path / "published"))
    check_same(pymrio.load_all(tmp_path / "published").Z, to_pymrio(national).Z)


def test_a_folder_that_holds_anything_is_not_overwritten(
    national: InputOutputTable, tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputFolderError):
        write_pymrio(national, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_the_format_takes_price_basis_and_year_from_choices(system: Any, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    system.unit["unit"] = "millions"
    system.factor_inputs.unit["unit"] = "millions"
    system.save_all(folder, table_format="parquet")
    request = Request(folder, 2010, {"price_basis": "basic", "coverage": "world"})
    with pytest.raises(InvalidTableError) as caught:
        PYMRIO.read(request)
    assert told(caught.value, tmp_path) == (
        "The pymrio system 'testmrio' does not say all that a table must say.\n\n"
        "    nobody states: currency\n\n"
        "pymrio does not keep them. State them as you read the system, such as "
        'price_basis="basic", year=2010, currency="USD".'
    )
    system.unit["unit"] = "M.USD"
    system.factor_inputs.unit["unit"] = "M.USD"
    system.save_all(folder, table_format="parquet")
    table = PYMRIO.read(request)
    head = table.publication
    assert (head.year, head.currency, head.unit) == (2010, "USD", "M.USD")
    assert (head.price_basis, head.coverage) == ("basic", "world")
    write_pymrio(table, tmp_path / "ours")  # type: ignore[arg-type]
    assert PYMRIO.read(Request(tmp_path / "ours")).publication == head


# What is refused ----------------------------------------------------------------------------------


def told(error: PlanboardError, folder: Path) -> str:
    return str(error).replace(str(folder), "DIR")


def refused(system: Any) -> str:
    with pytest.raises(PlanboardError) as caught:
        from_pymrio(system, **STATED)
    return str(caught.value)


def test_a_system_that_does_not_state_its_prices_is_refused(system: Any) -> None:
    with pytest.raises(InvalidTableError) as caught:
        from_pymrio(system)
    assert str(caught.value) == (
        "The pymrio system 'testmrio' does not say all that a table must say.\n\n"
        "    nobody states: price_basis, year\n\n"
        "pymrio does not keep them. State them as you read the system, such as "
        'price_basis="basic", year=2010, currency="USD".'
    )
    system.meta.metadata["price_basis"] = "producers"
    system.meta.metadata["year"] = "2007"
    head = from_pymrio(system).publication
    assert (head.price_basis, head.year, head.currency) == ("producers", 2007, "USD")


def test_a_field_that_no_publication_has_is_refused(system: Any) -> None:
    with pytest.raises(UnknownNameError) as caught:
        from_pymrio(system, **STATED, pricebasis="basic")
    assert str(caught.value) == (
        "There is no field of a publication 'pricebasis'.\n\n"
        "Closest names: 'price_basis' (13 in all).\n\n"
        "Names must match to the letter, capitals and spaces included."
    )


def test_categories_whose_role_cannot_be_told_are_refused(system: Any) -> None:
    system.rename_Y_categories({"Export": "Z1", "Changes in valuables": "Z2"})
    assert refused(system) == (
        "Table 'testmrio' has categories of final use whose role cannot be told.\n\n"
        "    'Z2'\n"
        "    'Z1'\n\n"
        "Say which role each plays: households, government, given, capital_formation, "
        "inventories, ordered."
    )


def test_flows_in_several_units_are_refused(system: Any) -> None:
    system.unit.iloc[:3] = "tonnes"
    assert refused(system) == (
        "The flows of the pymrio system 'testmrio' are in 2 units.\n\n"
        "    'Mill USD': 45 rows\n"
        "    'tonnes': 3 rows\n\n"
        "A table is in one unit: bring all flows to one money first."
    )


def test_a_system_without_flows_is_refused(system: Any) -> None:
    system.calc_all()
    system.Z, system.emissions.F = None, None
    assert refused(system) == (
        "The pymrio system 'testmrio' has no flows.\n\n"
        "    not there: Z, emissions.F\n\n"
        "Calculate them in pymrio first: io.calc_all()."
    )


def test_a_system_that_is_not_square_is_refused(system: Any) -> None:
    system.Z = system.Z.iloc[:-1]
    assert refused(system) == (
        "The pymrio system 'testmrio' is not a square table of regions and sectors.\n\n"
        "    Z: rows and columns differ\n"
        "    Y: other rows than Z\n\n"
        "Rows and columns need the same labels (region, sector) in the same order."
    )
    system.Z = system.Z.droplevel("region")
    assert "Z: 1 level(s) where there should be 2" in refused(system)


def test_an_extension_that_does_not_fit_is_refused(system: Any) -> None:
    whole = system.emissions.F
    system.emissions.F = pd.concat([whole, whole.iloc[:1]])
    assert refused(system) == (
        "The extension 'emissions' of the pymrio system 'testmrio' does not fit together.\n\n"
        "    F: 1 rows stand twice\n\n"
        "Mend it in pymrio: every row needs one label, the same in F, F_Y and unit."
    )
    system.emissions.F, system.emissions.unit = whole.iloc[:1], None
    assert "F_Y: 1 rows that F lacks" in refused(system)
    system.emissions.F, system.emissions.unit = whole, pd.DataFrame({"units": []})
    assert "unit: not one for every row of F, in a column 'unit'" in refused(system)
    system.emissions.unit = pd.DataFrame({"unit": ["kg", "t"]}, index=whole.index).iloc[::-1]
    assert list(from_pymrio(system, **STATED).factor_units.values()) == ["kg", "t"]
    system.emissions.F, system.emissions.F_Y = whole.iloc[:, 1:], None
    assert refused(system) == (
        "The extension 'emissions' of the pymrio system 'testmrio' has other columns.\n\n"
        "    reg1, food\n\n"
        "Every extension needs the columns of Z, and its final use those of Y."
    )
    system.emissions.F = whole[whole.columns[::-1]]
    check_same(from_pymrio(system, **STATED).factors.set_axis(whole.index), whole)


def test_rows_that_cannot_be_told_apart_are_refused(system: Any) -> None:
    emissions = system.emissions
    emissions.F = emissions.F.set_axis(pd.MultiIndex.from_tuples([("a|b", "c"), ("a", "b|c")]))
    emissions.F_Y, emissions.unit = None, None
    assert refused(system) == (
        "The pymrio system 'testmrio' has rows that cannot be told apart.\n\n"
        "    'emissions|a|b|c': 2 times\n\n"
        "Give every row of an extension a label of its own."
    )


def test_an_output_that_does_not_fit_is_refused(system: Any) -> None:
    system.calc_all()
    system.x = system.x.iloc[1:]
    assert refused(system) == (
        "The output of the pymrio system 'testmrio' does not fit its flows.\n\n"
        "    x: other rows than Z, or more than one column\n\n"
        "Calculate it anew in pymrio (calc_all), or leave it out."
    )


def test_a_sector_that_buys_and_has_no_row_is_refused(national: InputOutputTable) -> None:
    rows = national.transactions.index[:-1]
    table = national.with_step(
        "x",
        "y",
        transactions=national.transactions.loc[rows],
        final_use=national.final_use.loc[rows],
    )
    with pytest.raises(InvalidTableError) as caught:
        to_pymrio(table)
    assert str(caught.value) == (
        "Table 'two' has sectors that buy and have no row.\n\n"
        "    B, x\n\n"
        "pymrio takes square tables: give each of them a row, of zeros if it sells nothing."
    )


@pytest.fixture
def saved(system: Any, tmp_path: Path) -> Path:
    system.save_all(tmp_path / "saved", table_format="txt")
    return tmp_path / "saved"


def unread(folder: Path) -> str:
    with pytest.raises(UnreadableFileError) as caught:
        read_pymrio(folder, **STATED)
    return told(caught.value, folder.parent)


def test_pickled_tables_are_refused(system: Any, tmp_path: Path) -> None:
    system.save_all(tmp_path / "saved", table_format="pickle")
    assert unread(tmp_path / "saved") == (
        "DIR/saved holds pickled tables; to load one is to run whatever is in it.\n\n"
        "    DIR/saved/Z.pickle\n"
        "    DIR/saved/Y.pickle\n"
        "    DIR/saved/unit.pickle\n"
        "    DIR/saved/population.pickle\n\n"
        'Save the system again in pymrio: io.save_all(folder, table_format="parquet").'
    )


def test_a_folder_without_a_system_is_refused(tmp_path: Path) -> None:
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "table.csv").write_text("", encoding="utf-8")
    assert unread(tmp_path / "saved") == (
        "DIR/saved holds no file_parameters.json of a pymrio system.\n\n"
        "    found: table.csv\n\n"
        "Name a folder that pymrio saved."
    )


def test_a_file_that_is_missing_is_named(saved: Path) -> None:
    (saved / "Y.txt").unlink()
    assert unread(saved) == (
        "DIR/saved holds no file 'Y.txt' for table Y.\n\n"
        "    found: Z.txt, file_parameters.json, metadata.json, population.txt\n\n"
        "Take the file from the publisher again, whole."
    )


def test_a_file_elsewhere_is_not_read(saved: Path) -> None:
    (saved.parent / "other.txt").write_text("region", encoding="utf-8")
    parameters = json.loads((saved / "file_parameters.json").read_text(encoding="utf-8"))
    parameters["files"]["Y"]["name"] = "../other.txt"
    (saved / "file_parameters.json").write_text(json.dumps(parameters), encoding="utf-8")
    assert unread(saved).startswith("DIR/saved holds no file '../other.txt' for table Y.")


def test_a_table_that_is_cut_off_is_refused(saved: Path) -> None:
    text = (saved / "Z.txt").read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    (saved / "Z.txt").write_text("".join(lines[:-2]), encoding="utf-8")
    assert unread(saved) == (
        "DIR/saved/Z.txt is not a square table.\n\n"
        "    48 columns, 46 rows\n\n"
        "Take the file from the publisher again, whole."
    )
    (saved / "Z.txt").write_text(text[:-300], encoding="utf-8")
    assert unread(saved).startswith("DIR/saved/Z.txt cannot be read as a table of numbers.\n\n")
    (saved / "Z.txt").write_text("region", encoding="utf-8")
    assert unread(saved).startswith("DIR/saved/Z.txt does not begin with lines of labels.\n\n")


def test_a_cell_that_is_no_number_is_refused(saved: Path) -> None:
    lines = (saved / "Z.txt").read_text(encoding="utf-8").splitlines()
    cells = lines[5].split("\t")
    cells[4] = "106490,98"
    lines[5] = "\t".join(cells)
    (saved / "Z.txt").write_text("\n".join(lines), encoding="utf-8")
    message = unread(saved)
    assert message.startswith("DIR/saved/Z.txt cannot be read as a table of numbers.\n\n")
    assert "106490,98" in message


def test_a_cell_that_is_empty_is_refused(saved: Path) -> None:
    lines = (saved / "Z.txt").read_text(encoding="utf-8").splitlines()
    cells = lines[5].split("\t")
    cells[4] = ""
    lines[5] = "\t".join(cells)
    (saved / "Z.txt").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InvalidTableError) as caught:
        read_pymrio(saved, **STATED)
    assert "has cells without a finite number" in str(caught.value)


def test_parameters_that_are_not_json_are_refused(saved: Path) -> None:
    (saved / "file_parameters.json").write_text("{", encoding="utf-8")
    assert unread(saved).startswith("DIR/saved/file_parameters.json is not JSON.\n\n")
    (saved / "file_parameters.json").write_text("[]", encoding="utf-8")
    assert unread(saved).startswith("DIR/saved/file_parameters.json holds no keys.\n\n")


def test_a_parquet_file_that_is_cut_off_is_refused(system: Any, tmp_path: Path) -> None:
    system.save_all(tmp_path / "saved", table_format="parquet")
    whole = (tmp_path / "saved" / "Z.parquet").read_bytes()
    (tmp_path / "saved" / "Z.parquet").write_bytes(whole[:-100])
    assert unread(tmp_path / "saved").startswith("DIR/saved/Z.parquet cannot be read.\n\n")


def test_an_archive_with_two_systems_asks_which(system: Any, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        for name in ("a", "b"):
            system.save_all(tmp_path / name, table_format="txt")
            for file in (tmp_path / name).rglob("*"):
                archive.write(file, file.relative_to(tmp_path))
    assert unread(tmp_path / "two.zip") == (
        "DIR/two.zip holds 2 systems, and nobody said which.\n\n"
        "    a\n"
        "    b\n\n"
        "Name the folder of one of them."
    )


def with_text(file: Path, row: int, column: int, cell: str) -> None:
    lines = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    lines[row][column] = cell
    text = "\n".join("\t".join(line) for line in lines)
    file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "place", "told"),
    [
        ("Y.txt", (5, 5), "Y, column reg1 Gross fixed capital formation: 'n/a'"),
        ("emissions/F.txt", (4, 4), "emissions.F, column reg1 manufactoring: 'n/a'"),
        ("emissions/F_Y.txt", (4, 3), "emissions.F_Y, column reg1"),
        ("factor_inputs/F.txt", (3, 2), "factor_inputs.F, column reg1 mining: 'n/a'"),
    ],
)
def test_cells_of_smaller_tables_must_be_numbers(
    saved: Path, file: str, place: tuple[int, int], told: str
) -> None:
    with_text(saved / file, *place, "n/a")
    with pytest.raises(InvalidTableError) as error:
        read_pymrio(saved, **STATED)
    said = str(error.value)
    assert said.startswith(
        f"The pymrio system 'testmrio' has cells that are no numbers.\n\n    {told}"
    )
    assert said.endswith(
        "'n/a'\n\nWrite numbers with decimal points into them, and save the system again."
    )


def test_cells_of_extensions_must_not_be_empty(saved: Path) -> None:
    with_text(saved / "emissions" / "F_Y.txt", 4, 3, "")
    with pytest.raises(InvalidTableError) as error:
        read_pymrio(saved, **STATED)
    assert "    factors_final_use: 1" in str(error.value)


def test_final_use_of_an_extension_that_stands_twice_is_refused(system: Any) -> None:
    emissions = system.emissions
    emissions.F_Y = pd.concat([emissions.F_Y, emissions.F_Y.iloc[:1]])
    assert "    F_Y: 1 rows stand twice\n" in refused(system)


def test_flows_without_a_unit_are_refused(system: Any) -> None:
    system.unit = system.unit.iloc[:0]
    assert refused(system) == (
        "The pymrio system 'testmrio' has cells that are no numbers.\n\n"
        "    unit: not one for every row of Z, in a column 'unit'\n\n"
        "Write numbers with decimal points into them, and save the system again."
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"files": []}, "files: no table -> file"),
        ({"files": {"Z": "Z.txt"}}, "files: no table -> file"),
        (
            {"files": {"Z": {"name": "Z.txt", "nr_header": "x", "nr_index_col": "99999999"}}},
            "table Z: nr_header is 'x'\n    table Z: nr_index_col is '99999999'",
        ),
        (
            {"files": {"Y": {"name": "Y.txt", "nr_header": None, "nr_index_col": [2]}}},
            "table Y: nr_header is None\n    table Y: nr_index_col is [2]",
        ),
    ],
)
def test_parameters_that_say_no_layout_are_refused(
    saved: Path, change: dict[str, Any], told: str
) -> None:
    file = saved / "file_parameters.json"
    parameters = json.loads(file.read_text(encoding="utf-8")) | change
    file.write_text(json.dumps(parameters), encoding="utf-8")
    assert unread(saved) == (
        "DIR/saved/file_parameters.json does not say where tables are and how they begin.\n\n"
        f"    {told}\n\n"
        'Save the system again in pymrio: io.save_all(folder, table_format="parquet").'
    )


def test_parameters_nested_without_end_are_refused(saved: Path) -> None:
    (saved / "file_parameters.json").write_text("[" * 100_000, encoding="utf-8")
    assert unread(saved).startswith("DIR/saved/file_parameters.json is not JSON.\n\n")


def test_parameters_that_are_too_long_are_refused(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "LONGEST", 10)
    assert unread(saved).endswith(
        "/file_parameters.json is too large.\n\n    at most 10 bytes are read\n\n"
        "Take the file from the publisher again, whole."
    )


@pytest.mark.parametrize(
    ("start", "told"),
    [("\n", "labels in them: 0, 50"), ("region\t\t\n", "labels in them: 3, 50")],
)
def test_lines_of_labels_of_other_lengths_are_refused(saved: Path, start: str, told: str) -> None:
    text = (saved / "Z.txt").read_text(encoding="utf-8")
    (saved / "Z.txt").write_text(start + text, encoding="utf-8")
    assert unread(saved) == (
        f"DIR/saved/Z.txt does not begin with lines of labels.\n\n    {told}\n\n"
        "Take the file from the publisher again, whole."
    )


def test_a_matrix_too_large_for_the_machine_is_refused(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(shape: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(dense, "np", SimpleNamespace(empty=full))
    assert unread(saved) == (
        "DIR/saved/Z.txt is too large for the memory of this machine.\n\n"
        "    48 rows and columns: 0.0 GB\n\n"
        "Read it on a machine with more, or aggregate it first."
    )


def test_a_parquet_file_that_is_not_square_is_refused(system: Any, tmp_path: Path) -> None:
    """A few bytes can stand for as many rows as one likes: none is laid out."""
    system.save_all(tmp_path / "saved", table_format="parquet")
    pd.concat([system.Z] * 2).to_parquet(tmp_path / "saved" / "Z.parquet")
    assert unread(tmp_path / "saved") == (
        "DIR/saved/Z.parquet is not a square table.\n\n    48 columns, 96 rows\n\n"
        "Take the file from the publisher again, whole."
    )


def test_a_smaller_parquet_file_that_would_fill_the_memory_is_refused(
    system: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system.save_all(tmp_path / "saved", table_format="parquet")
    monkeypatch.setattr(parquet, "MOST_CELLS", 100)
    monkeypatch.setattr(pd, "read_parquet", None)
    assert unread(tmp_path / "saved") == (
        "DIR/saved/Y.parquet holds more than any published table.\n\n"
        "    48 rows of 44 columns, at most 100 cells are read\n\n"
        "Take it from the publisher again."
    )


def test_a_parquet_file_of_texts_is_refused(system: Any, tmp_path: Path) -> None:
    system.save_all(tmp_path / "saved", table_format="parquet")
    system.Z.astype(str).replace("0.0", "none").add("x").to_parquet(
        tmp_path / "saved" / "Z.parquet"
    )
    assert unread(tmp_path / "saved").startswith("DIR/saved/Z.parquet cannot be read.\n\n")


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("layout", [], "AttributeError: 'list' object has no attribute 'get'"),
        ("outside", {}, "KeyError: 'regions'"),
        ("names", {}, "KeyError: 'items'"),
        ("publication", {"newer": 1}, "TypeError: Publication.__init__() got an unexpected"),
    ],
)
def test_a_head_that_does_not_fit_is_refused(
    system: Any, tmp_path: Path, key: str, value: Any, told: str
) -> None:
    """Such as that of a later version, or of another table."""
    write_pymrio(from_pymrio(system, **STATED), tmp_path / "ours")
    file = tmp_path / "ours" / "planboard.json"
    head = json.loads(file.read_text(encoding="utf-8")) | {key: value}
    file.write_text(json.dumps(head), encoding="utf-8")
    with pytest.raises(InvalidTableError) as error:
        read_pymrio(tmp_path / "ours", **STATED)
    said = str(error.value)
    assert said.startswith(
        f"What Planboard once left in the pymrio system 'testmrio' does not fit it.\n\n    {told}"
    )
    assert said.endswith(
        "Take the folder again as it was written; or leave planboard.json out, and state what it "
        "said: price basis, year, currency."
    )


def test_an_ending_in_capitals_is_text_too(saved: Path, system: Any) -> None:
    (saved / "Z.txt").rename(saved / "Z.TXT")
    file = saved / "file_parameters.json"
    file.write_text(file.read_text(encoding="utf-8").replace("Z.txt", "Z.TXT"), encoding="utf-8")
    check_same(read_pymrio(saved, **STATED).transactions, system.Z, 1e-9)


def test_a_region_called_na_is_a_region() -> None:
    text = b"region\t\tNA\tDE\nsector\t\tx\tx\nregion\tsector\t\t\nNA\tx\t1\t2\nDE\tx\t3\t4\n"
    found = read_text_matrix(lambda: streams.BytesIO(text), TextLayout(2, 2), "Z.txt")
    assert list(found.index) == list(found.columns) == [("NA", "x"), ("DE", "x")]
    assert found.to_numpy().tolist() == [[1.0, 2.0], [3.0, 4.0]]
