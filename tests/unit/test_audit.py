"""Audit: books without a fault give no finding; each fault gives its own, named and graded."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import planboard as pb
from economies import Folder, Shape, made, random_folder, rows
from planboard.audit import Finding, check_economy
from planboard.audit.cells import negative_cells
from planboard.audit.finding import part_of, worst_first
from planboard.errors import UnreadableFileError
from planboard.new_economy import write_new_economy

Edit = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.fixture
def books(tmp_path: Path) -> Folder:
    """The template of an economy: HOME with three industries, trading with the outside."""
    folder = write_new_economy(tmp_path / "economy")
    tables = {file.stem: pd.read_csv(file, comment="#") for file in folder.glob("*.csv")}
    return Folder(json.loads((folder / "economy.json").read_text(encoding="utf-8")), tables)


def world(regions: int = 3) -> Folder:
    """Regions that trade with each other alone, their books balanced."""
    return random_folder(Shape(regions, 4, is_joint=False, seed=5))


def setting(value: float, column: str = "value", **where: str) -> Edit:
    """A table with one cell set."""

    def edit(table: pd.DataFrame) -> pd.DataFrame:
        table = table.copy()
        wanted = pd.Series(True, index=table.index)
        for name, label in where.items():
            wanted &= table[name] == label
        assert wanted.sum() == 1
        table[column] = table[column].astype(float)
        table.loc[wanted, column] = value
        return table

    return edit


def without(**where: str) -> Edit:
    """A table without the rows that carry these labels."""

    def edit(table: pd.DataFrame) -> pd.DataFrame:
        wrong = pd.Series(True, index=table.index)
        for name, label in where.items():
            wrong &= table[name] == label
        assert wrong.any()
        return table[~wrong]

    return edit


def with_row(*values: object) -> Edit:
    return lambda table: pd.concat(
        [table, pd.DataFrame([values], columns=table.columns)], ignore_index=True
    )


def findings(folder: Folder) -> dict[str, Finding]:
    """Findings by code; one of each."""
    found = check_economy(folder.economy())
    assert len({finding.code for finding in found}) == len(found), found
    return {finding.code: finding for finding in found}


def only(folder: Folder) -> Finding:
    (finding,) = check_economy(folder.economy())
    return finding


# Nothing to find ----------------------------------------------------------------------------------


def test_the_template_holds_no_fault(books: Folder) -> None:
    assert check_economy(books.economy()) == []


@pytest.mark.parametrize("regions", [1, 2, 3])
@pytest.mark.parametrize("is_joint", [False, True])
def test_balanced_books_hold_nothing_but_negative_inventories(regions: int, is_joint: bool) -> None:
    found = check_economy(random_folder(Shape(regions, 4, is_joint, seed=7)).economy())
    assert {(f.code, f.name, f.severity) for f in found} <= {
        ("negative_cells", "inventories", "note")
    }


def test_the_bundled_economy_holds_what_its_source_holds() -> None:
    """A negative flow from Japan, Korea and Taiwan, farms of Eastern Europe without a surplus.

    Its flows are whole millions, and what it says of the rest of the world is partly assumed.
    """
    found = [(f.severity, f.code, f.name, f.region) for f in check_economy("world-2000")]
    assert found == [
        ("warning", "negative_cells", "exports", "JKT"),
        ("note", "negative_cells", "inventories", "USA"),
        ("note", "assumed_figures", "", "ROW"),
        ("note", "negative_cells", "value added: capital", "EUE"),
        ("note", "rounded_table", "", ""),
    ]


# Balances -----------------------------------------------------------------------------------------


def test_a_product_that_does_not_balance(books: Folder) -> None:
    more = setting(95, product="AGR", activity="AGR")
    level = setting(95, "level", activity="AGR")
    found = findings(books.changed(supply=more, activity=level))
    gap = found["unbalanced_product"]
    assert (gap.severity, gap.region, gap.name) == ("error", "HOME", "AGR")
    assert gap.value == pytest.approx(15 / 100)
    assert gap.message == (
        "AGR in HOME: 15.00% more made and imported than used (gap +15 million USD of 2020)."
    )


@pytest.mark.parametrize(
    ("made_of", "severity", "code"),
    [(342.0, "warning", "unbalanced_product"), (340.1, "note", "rounded_product")],
)
def test_smaller_gaps_are_graded(books: Folder, made_of: float, severity: str, code: str) -> None:
    found = findings(books.changed(supply=setting(made_of, product="SER", activity="SER")))
    assert (found[code].severity, found[code].name) == (severity, "SER")


def test_an_activity_that_does_not_balance(books: Folder) -> None:
    found = only(books.changed(value_added=setting(40, activity="IND", item="labour")))
    assert (found.code, found.severity, found.name) == ("unbalanced_activity", "error", "IND")
    assert found.value == pytest.approx(8 / 260)


def test_columns_are_worth_base_prices(books: Folder) -> None:
    """A product counted in tonnes, at its price, balances as it did in money."""
    unit = {"label": "Agriculture", "unit": "tonne", "price": 2.0}
    head = {**books.head, "products": {**books.head["products"], "AGR": unit}}

    def halved(table: pd.DataFrame) -> pd.DataFrame:
        table = table.copy()
        table["value"] = table["value"].where(table["product"] != "AGR", table["value"] / 2)
        return table

    names = ("supply", "use", "final_use", "trade")
    folder = Folder(head, books.tables).changed(**dict.fromkeys(names, halved))
    assert check_economy(folder.economy()) == []


def test_a_product_that_is_used_and_comes_from_nowhere(books: Folder) -> None:
    head = {**books.head, "products": {**books.head["products"], "ORE": {}}}
    ore = with_row("HOME", "ORE", "IND", 2)
    found = findings(Folder(head, books.tables).changed(use=ore))
    assert found["used_not_made"].name == "ORE"
    assert found["used_not_made"].severity == "error"
    assert "imports miss 2 million USD" in found["used_not_made"].message


def test_books_without_final_use_say_so() -> None:
    tables = {
        "activity": rows("region activity level", ("W", "corn", 10)),
        "supply": rows("region product activity value", ("W", "corn", "corn", 10)),
    }
    found = only(made(tables))
    assert (found.code, found.severity, found.region) == ("no_final_use", "note", "W")


def test_use_of_next_year_is_not_held_against_this_year(books: Folder) -> None:
    lagged = books.changed(
        activity=lambda table: table.assign(
            input_lag=1, level=[80.0, 200.0, 340.0], reference=table["level"]
        )
    )
    assert not [f for f in check_economy(lagged.economy()) if f.code == "unbalanced_product"]


# Trade --------------------------------------------------------------------------------------------


def test_a_flow_that_is_stated_twice_over(books: Folder) -> None:
    """Rows added up twice: what is missing is half of the flow that stands there."""
    found = only(books.changed(trade=setting(110, origin="HOME", product="IND")))
    assert (found.code, found.severity, found.name) == ("duplicated_trade", "error", "IND")
    assert found.message == (
        "Exports of HOME to all partners are counted twice: they are what IND miss to balance."
    )


def test_exports_that_are_final_use_as_well(books: Folder) -> None:
    extra = [("HOME", "AGR", "households", 40.0), ("HOME", "SER", "households", 130.0)]
    twice = books.changed(
        final_use=lambda table: pd.concat(
            [table[~table["product"].isin(["AGR", "SER"]) | (table["category"] != "households")],
             pd.DataFrame(extra, columns=table.columns)]
        )
    )  # fmt: skip
    found = only(twice)
    assert (found.code, found.name) == ("duplicated_trade", "all partners")
    assert "AGR, SER" in found.message


def test_flows_between_two_that_are_doubled_name_both() -> None:
    def doubled(table: pd.DataFrame) -> pd.DataFrame:
        between = (table["origin"] == "north") & (table["destination"] == "south")
        return table.assign(value=table["value"].where(~between, table["value"] * 2))

    found = check_economy(world().changed(trade=doubled).economy())
    twice = {(f.region, f.name) for f in found if f.code == "duplicated_trade"}
    assert twice == {("north", "south"), ("south", "north")}


def test_partners_with_the_same_flows(books: Folder) -> None:
    head = {**books.head, "partners": ["HOME", "GER", "DEU"]}

    def copied(table: pd.DataFrame) -> pd.DataFrame:
        first = table.replace("outside", "GER")
        return pd.concat([first, table.replace("outside", "DEU")], ignore_index=True)

    found = check_economy(Folder(head, books.tables).changed(trade=copied).economy())
    equal = [f for f in found if f.code == "duplicated_trade" and "equal those" in f.message]
    assert {(f.name, f.severity) for f in equal} == {("DEU", "error")}
    assert {f.message.split()[0] for f in equal} == {"Exports", "Imports"}


def test_a_partner_that_is_the_sum_of_the_others() -> None:
    def with_total(table: pd.DataFrame) -> pd.DataFrame:
        sold = table[table["origin"] == "north"].groupby("product")["value"].sum().reset_index()
        return pd.concat([table, sold.assign(origin="north", destination="outside")])

    found = check_economy(world().changed(trade=with_total).economy())
    equal = [f for f in found if "equal those with all others" in f.message]
    assert [(f.region, f.name) for f in equal] == [("north", "outside")]


def test_a_region_that_trades_with_itself(books: Folder) -> None:
    found = findings(books.changed(trade=with_row("HOME", "HOME", "SER", 20)))
    assert found["own_trade"].severity == "warning"
    assert "SER" in found["own_trade"].message


def test_imports_that_nobody_exports() -> None:
    extra = with_row("outside", "south", "steel", 5.0)
    found = check_economy(world().changed(trade=extra).economy())
    (alone,) = [f for f in found if f.code == "import_without_exporter"]
    assert (alone.severity, alone.region, alone.name) == ("error", "south", "steel")
    assert alone.message == (
        "south buys from outside what outside never sells to it: steel (5 in all)."
    )
    extra = with_row("south", "outside", "steel", 5.0)
    found = check_economy(world().changed(trade=extra).economy())
    (alone,) = [f for f in found if f.code == "export_without_importer"]
    assert (alone.severity, alone.region, alone.name) == ("warning", "south", "steel")


# Technology ---------------------------------------------------------------------------------------


def recipes(lag: int, **inputs: dict[str, float]) -> Folder:
    lines = [("W", i, j, amount) for j, line in inputs.items() for i, amount in line.items()]
    levels = [("W", j, 0.0, 1.0, lag) for j in inputs]
    return made(
        {
            "activity": rows("region activity level reference input_lag", *levels),
            "supply": rows("region product activity value", *(("W", j, j, 1.0) for j in inputs)),
            "use": rows("region product activity value", *lines),
        }
    )


COAL_AND_STEEL = {"coal": {"steel": 1.5, "coal": 0.1}, "steel": {"coal": 0.8}, "bread": {"coal": 1}}


def test_an_unproductive_technology_is_named_by_its_circuit() -> None:
    found = findings(recipes(0, **COAL_AND_STEEL))["unproductive_technology"]
    assert (found.severity, found.region, found.name) == ("error", "W", "coal")
    assert found.value > 1
    assert "coal → steel → coal" in found.message
    assert "without imports" in found.message


def test_an_unproductive_technology_with_lags_shrinks() -> None:
    found = findings(recipes(1, **COAL_AND_STEEL))["unproductive_technology"]
    assert found.severity == "warning"
    assert f"shrinks to {1 / found.value:.3g} of itself every year" in found.message


@pytest.mark.parametrize("lag", [0, 1])
def test_a_productive_technology_is_no_finding(lag: int) -> None:
    inputs = {**COAL_AND_STEEL, "steel": {"coal": 0.5}}
    assert "unproductive_technology" not in findings(recipes(lag, **inputs))


@pytest.mark.parametrize(("eaten", "is_found"), [(4.0, False), (13.0, True)])
def test_an_unproductive_technology_with_joint_products(eaten: float, is_found: bool) -> None:
    """Hens that lay eggs and last, eggs that become hens: the feed they need decides."""
    tables = {
        "activity": rows("region activity level", ("W", "laying", 1), ("W", "hatching", 1)),
        "supply": rows(
            "region product activity value",
            ("W", "hen", "laying", 1), ("W", "egg", "laying", 12), ("W", "hen", "hatching", 2),
        ),
        "use": rows(
            "region product activity value",
            ("W", "hen", "laying", 1), ("W", "hen", "hatching", 1), ("W", "egg", "hatching", eaten),
            ("W", "egg", "laying", eaten),
        ),
    }  # fmt: skip
    found = findings(made(tables)).get("unproductive_technology")
    assert (found is not None) == is_found
    if found:
        assert found.severity == "error"
        assert "egg" in found.message


def test_activities_that_make_nothing(books: Folder) -> None:
    idle = books.changed(
        activity=setting(0, "level", activity="AGR"),
        supply=without(activity="AGR"),
        use=without(activity="AGR"),
        factor_use=without(activity="AGR"),
        value_added=without(activity="AGR"),
    )
    found = {finding.code: finding for finding in check_economy(idle.economy())}
    assert found["used_not_made"].name == "AGR"
    assert found["zero_output"].name == "AGR"
    assert found["zero_output"].severity == "warning"
    assert found["zero_output"].message == (
        "1 of 3 activities makes nothing in the base year: AGR in HOME. Their inputs are unknown, "
        "and no plan can start them; their products are used, and nobody makes or imports them."
    )


def test_what_flows_back_is_supply_of_what_nobody_makes(books: Folder) -> None:
    """65 used, 55 imported, and 10 that were exported came back: nothing is missed."""

    def flowing_back(table: pd.DataFrame) -> pd.DataFrame:
        table = setting(-10, origin="HOME", product="AGR")(table)
        return setting(55, destination="HOME", product="AGR")(table)

    names = ("supply", "use", "factor_use", "value_added")
    idle = books.changed(
        activity=setting(0, "level", activity="AGR"),
        trade=flowing_back,
        **dict.fromkeys(names, without(activity="AGR")),
    )
    found = {finding.code: finding for finding in check_economy(idle.economy())}
    assert "used_not_made" not in found
    assert found["zero_output"].severity == "note"


def test_activities_that_make_nothing_and_are_not_missed() -> None:
    """One note on all of them: what is used of their products is imported, or nothing is used."""

    def idle(table: pd.DataFrame) -> pd.DataFrame:
        return table[table["activity"] != "steel"]

    def no_level(table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(level=table["level"].where(table["activity"] != "steel", 0.0))

    folder = random_folder(Shape(2, 4, is_joint=False, seed=5))
    names = ("supply", "use", "factor_use", "value_added", "capital", "capital_required")
    unused = folder.changed(
        activity=no_level, **dict.fromkeys(names, idle), trade=without(product="steel")
    ).changed(use=without(product="steel"), final_use=without(product="steel"))
    (found,) = [f for f in check_economy(unused.economy()) if f.code == "zero_output"]
    assert (found.severity, found.region, found.name) == ("note", "", "steel")
    assert found.message.startswith(
        "2 of 8 activities make nothing in the base year: steel in north, south. "
    )


# Cells --------------------------------------------------------------------------------------------


def test_negative_cells_are_found_by_category(books: Folder) -> None:
    found = findings(books.changed(final_use=setting(-5, product="IND", category="government")))
    cells = found["negative_cells"]
    assert (cells.severity, cells.name, cells.region) == ("warning", "government", "HOME")
    assert cells.message == (
        "1 cell of government below zero (regions: 1), together 0.077 of the total; worst -5 "
        "(IND in HOME)."
    )


@pytest.mark.parametrize(
    ("table", "edit", "name", "severity"),
    [
        ("trade", setting(-1, destination="HOME", product="AGR"), "imports", "warning"),
        (
            "value_added",
            setting(-1, item="capital", activity="AGR"),
            "value added: capital",
            "note",
        ),
    ],
)
def test_negative_cells_of_every_table(
    books: Folder, table: str, edit: Edit, name: str, severity: str
) -> None:
    found = findings(books.changed(**{table: edit}))["negative_cells"]
    assert (found.name, found.severity) == (name, severity)


def test_negative_uses_are_told_as_flows(books: Folder) -> None:
    cell = setting(-4, product="IND", activity="SER")
    found = [f for f in check_economy(books.changed(use=cell).economy()) if f.name == "use"]
    assert [f.message.partition("; ")[2] for f in found] == ["worst -4 (IND in HOME)."]


def test_inputs_at_the_prices_of_another_year_may_be_worth_more_than_output(books: Folder) -> None:
    """Industry takes more than it makes: an error, but where prices have moved."""
    more = setting(300, product="SER", activity="IND")
    for unit, severity, ending in (
        ("million 2020 USD", "error", " for every 1 that its output is worth."),
        (
            "million 1990 USD",
            "warning",
            " for every 1 that its output is worth at the prices of 'million 1990 USD'.",
        ),
    ):
        folder = replace(books, head={**books.head, "unit": unit}).changed(use=more)
        (found,) = [f for f in check_economy(folder.economy()) if f.code == "impossible_input"]
        assert (found.severity, found.name) == (severity, "IND")
        assert found.message.endswith(ending)


def test_dust_below_zero_is_a_note(books: Folder) -> None:
    found = findings(books.changed(final_use=setting(-1e-9, product="IND", category="government")))
    assert found["negative_cells"].severity == "note"


def test_an_item_of_dust_is_no_item(books: Folder) -> None:
    dust = with_row("HOME", "rounding", "IND", -1e-9)
    assert check_economy(books.changed(value_added=dust).economy()) == []


def test_a_little_negative_capital_is_a_warning(books: Folder) -> None:
    economy = books.economy()
    required = economy.regions[0].capital_required.copy()
    required.data[0] = -1e-6
    accounts = replace(economy.regions[0], capital_required=required)
    (found,) = negative_cells(replace(economy, regions=(accounts,)))
    assert (found.name, found.severity) == ("capital_required", "warning")


def test_capital_below_zero_that_follows_its_formation_is_a_warning(books: Folder) -> None:
    """Second-hand goods sold: capital formation is below zero, and what building takes with it."""
    economy = books.economy()
    turned = replace(
        economy.regions[0],
        capital_required=-economy.regions[0].capital_required,
        final_use=-economy.regions[0].final_use,
    )
    found = negative_cells(replace(economy, regions=(turned,)))
    assert {f.severity for f in found if f.name == "capital_required"} == {"warning"}


@pytest.mark.parametrize(
    ("coefficient", "name", "severity"),
    [
        ("input", "use", "warning"),
        ("output", "supply", "error"),
        ("capital_required", "capital_required", "error"),
    ],
)
def test_negative_coefficients(books: Folder, coefficient: str, name: str, severity: str) -> None:
    """A folder that holds them cannot be read; an economy made in Python can."""
    economy = books.economy()
    turned = -getattr(economy.regions[0], coefficient)
    accounts = replace(economy.regions[0], **{coefficient: turned})
    (found,) = negative_cells(replace(economy, regions=(accounts,)))
    assert (found.name, found.severity) == (name, severity)


# Means --------------------------------------------------------------------------------------------


def test_capital_and_hours_that_one_activity_lacks(books: Folder) -> None:
    found = only(books.changed(capital=without(activity="SER")))
    assert (found.code, found.severity, found.name) == ("no_capital", "warning", "SER")
    found = only(books.changed(factor_use=without(activity="SER")))
    assert (found.code, found.severity, found.name) == ("no_hours", "warning", "SER")
    assert found.value == pytest.approx(340 / 680)


def test_what_next_to_nothing_lacks_is_one_note() -> None:
    """Two small activities without hours, of two regions."""

    def small(table: pd.DataFrame) -> pd.DataFrame:
        at = (table["product"] == "corn") & (table["activity"] == "corn")
        return table.assign(value=table["value"].where(~at, table["value"] * 1e-3))

    shrunk = world(2).changed(
        supply=small,
        activity=lambda table: table.assign(
            level=table["level"].where(table["activity"] != "corn", table["level"] * 1e-3)
        ),
        factor_use=without(activity="corn"),
    )
    (found,) = [f for f in check_economy(shrunk.economy()) if f.code == "no_hours"]
    assert (found.severity, found.region, found.name) == ("note", "", "corn")
    assert found.message.startswith("corn in ")
    assert " have no hours, and other activities have: work costs nothing there (" in found.message


def test_capital_and_hours_that_a_region_lacks() -> None:
    missing = world(2).changed(
        capital=without(region="south"),
        capital_required=without(region="south"),
        factor_use=without(region="south"),
    )
    found = {(f.code, f.region, f.name) for f in check_economy(missing.economy())}
    assert {("no_capital", "south", ""), ("no_hours", "south", "")} <= found
    assert not {code for code, region, _ in found if region == "north"} - {"negative_cells"}


def test_fewer_hours_than_the_base_year_worked(books: Folder) -> None:
    found = only(books.changed(endowment=setting(20, factor="hours")))
    assert (found.code, found.severity, found.name) == ("short_endowment", "error", "hours")
    assert found.value == pytest.approx(0.2)
    assert "used 24 million hours, and there are 20" in found.message


def test_less_capacity_than_the_base_year_used(books: Folder) -> None:
    found = only(books.changed(capital=setting(250, "capacity", activity="IND")))
    assert (found.code, found.severity, found.name) == ("short_capacity", "error", "IND")
    assert found.value == pytest.approx(0.04)
    idle = books.changed(capital=lambda table: table.assign(utilisation=0.9))
    short = [f for f in check_economy(idle.economy()) if f.code == "short_capacity"]
    assert [f.name for f in short] == ["AGR", "IND", "SER"]


def test_years_that_stand_for_a_rate(books: Folder) -> None:
    found = only(books.changed(capital=setting(0.7, "depreciation", activity="IND")))
    assert (found.code, found.value, found.name) == ("odd_depreciation", 0.7, "IND")
    half = books.changed(capital=setting(0.5, "depreciation", activity="IND"))
    assert check_economy(half.economy()) == []


def test_capital_that_cannot_be_rebuilt(books: Folder) -> None:
    found = findings(books.changed(capital_required=without(activity="AGR")))
    assert found["capital_not_rebuilt"].name == "AGR"


# Units --------------------------------------------------------------------------------------------


def test_units_that_mix(books: Folder) -> None:
    grain = {"label": "Agriculture", "unit": "tonne"}
    head = {**books.head, "products": {**books.head["products"], "AGR": grain}}
    found = only(Folder(head, books.tables))
    assert (found.code, found.severity, found.name) == ("mixed_units", "warning", "AGR")
    assert "AGR (tonne)" in found.message


def test_hours_and_persons_do_not_add_up(books: Folder) -> None:
    persons = {"label": "Apprentices", "unit": "thousand persons", "role": "labour"}
    head = {**books.head, "factors": {**books.head["factors"], "apprentices": persons}}
    found = only(Folder(head, books.tables))
    assert found.code == "mixed_hours"


# Folders, order and form --------------------------------------------------------------------------


def test_a_folder_that_contradicts_itself_has_that_as_its_finding(
    books: Folder, tmp_path: Path
) -> None:
    twice = books.changed(trade=lambda table: pd.concat([table, table.iloc[[1]]]))
    (found,) = check_economy(twice.write(tmp_path / "twice"))
    assert (found.code, found.severity) == ("contradiction", "error")
    assert "states the same thing twice. HOME, outside, IND" in found.message
    wrong = books.changed(use=with_row("HOME", "AGRI", "IND", 1.0))
    head = {**books.head, "products": {k: {} for k in ("AGR", "IND", "SER")}}
    (found,) = check_economy(Folder(head, wrong.tables).write(tmp_path / "wrong"))
    assert (found.code, found.severity) == ("unknown_name", "error")
    assert "'AGRI'" in found.message


def test_what_is_no_economy_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError):
        check_economy(tmp_path)


def test_worst_first() -> None:
    ranked = [
        Finding("a", "error", "", "", 0.5, "", ""),
        Finding("b", "error", "", "", -0.2, "", ""),
        Finding("c", "warning", "", "", 9.0, "", ""),
        Finding("d", "note", "", "", 1.0, "", ""),
    ]
    assert worst_first(ranked[::-1]) == ranked


def test_a_finding_is_plain_values(books: Folder) -> None:
    found = only(books.changed(endowment=setting(20, factor="hours"))).to_dict()
    assert list(found) == ["code", "severity", "region", "name", "value", "message", "remedy"]
    assert json.loads(json.dumps(found)) == found


def test_every_check_can_be_read_from_the_front() -> None:
    assert check_economy(pb.read_economy("world-2000")) == check_economy("world-2000")


@pytest.mark.parametrize(
    ("share", "words"),
    [(1.0, "all hours"), (0.9999, "nearly all hours"), (0.99, "0.99 of all hours")],
)
def test_a_share_of_all_is_told_as_such(share: float, words: str) -> None:
    assert part_of(share, "hours") == words


def test_trade_below_zero_says_what_a_plan_makes_of_it() -> None:
    found = [f for f in pb.check_economy("world-2000") if f.name == "exports"]
    assert [f.remedy for f in found] == [
        "None is needed for a plan, which counts it as trade the other way; "
        "planboard repair --step negative_exports books it elsewhere."
    ]
