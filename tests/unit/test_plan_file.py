"""Plan files: every key of the right type, unknown ones refused with the nearest and the line."""

from pathlib import Path

import pytest

import planboard as pb
from planboard.errors import InvalidPlanError, UnknownNameError, UnreadableFileError
from planboard.plan_file import bundled_plan_text, parse_plan, read_plan, write_new_plan

HEAD = 'name = "p"\neconomy = "elsewhere"\nyears = [2001, 2005]\n'
ORDER = '[[order]]\nid = "a"\nquantity = "output"\n'


def parsed(text: str) -> pb.Plan:
    return parse_plan(HEAD + text, "p.toml")


def test_years_are_an_inclusive_range_a_list_or_one() -> None:
    assert parsed("").years == (2001, 2002, 2003, 2004, 2005)
    for text, years in (("2001", (2001,)), ("[2001, 2002, 2003]", (2001, 2002, 2003))):
        assert parse_plan(f'name = "p"\neconomy = "e"\nyears = {text}', "p").years == years


def test_rates_are_a_number_or_a_table_by_region() -> None:
    assert parsed("[growth]\nlabour = 0.01").growth.labour == {"": 0.01}
    found = parsed("[growth]\ngovernment = 0.02\n[growth.labour]\nEUE = 0.03").growth
    assert found.labour == {"EUE": 0.03}
    assert found.government == {"": 0.02}


def test_selectors_take_a_code_or_a_list() -> None:
    text = (
        '[[order]]\nid = "a"\nquantity = "output"\nat_least = 1\nregion = "R"\nproduct = ["P", "Q"]'
    )
    (order,) = parsed(text).order
    assert order.region == ("R",)
    assert order.product == ("P", "Q")
    assert order.activity is None


@pytest.mark.parametrize(
    ("lines", "least", "most"),
    [
        ('change = "+30%"', "+30%", None),
        ('change = "-5%"', None, "-5%"),
        ("at_least = 3.5", 3.5, None),
        ('at_most = "-5%"', None, "-5%"),
        ("at_least = 1\nat_most = 2", 1, 2),
        ('change = "+0%"', "+0%", None),
    ],
)
def test_amounts_of_an_order(lines: str, least: object, most: object) -> None:
    (order,) = parsed(f'[[order]]\nid = "a"\nquantity = "output"\n{lines}').order
    assert (order.least, order.most) == (least, most)


def test_other_economies_take_the_general_defaults() -> None:
    plan = parsed("")
    assert plan.horizon.years_beyond == 0
    assert plan.growth.labour == {"": 0.005}
    assert plan.objective.quantity == "household_consumption"


def test_plans_for_the_bundled_economy_take_the_bundled_sections() -> None:
    plan = parse_plan('name = "p"\n[trade]\nband = 0.1\n[growth.labour]\nEUE = 0.5', "p")
    bundled = read_plan()
    assert plan.horizon == bundled.horizon
    assert plan.trade.band == 0.1
    assert plan.trade.surplus_kept == bundled.trade.surplus_kept
    assert plan.growth.labour == {**bundled.growth.labour, "EUE": 0.5}
    assert plan.growth.productivity == bundled.growth.productivity


def test_another_objective_replaces_the_bundled_one() -> None:
    plan = parse_plan('name = "p"\n[objective]\nminimise = "hours"', "p")
    assert plan.objective.minimise == "hours"
    assert plan.objective.maximise is None


@pytest.mark.parametrize(
    ("text", "key", "near", "line"),
    [
        ("[trade]\nbandd = 1", "bandd", "band", 5),
        ("[objectiv]\nutility = 'log'", "objectiv", "objective", 4),
        ("yers = 3", "yers", "years", 4),
        ("[horizon]\ncarry_on = 0.1\nyears_beyound = 1", "years_beyound", "years_beyond", 6),
        ('[[order]]\nid = "a"\nqantity = "output"\nat_least = 1', "qantity", "quantity", 6),
        (
            '[[order]]\nid = "a"\nquantity = "output"\nat_least = 1\n'
            '[[order]]\nid = "b"\nquantity = "output"\nat_lest = 1\nat_most = 2',
            "at_lest",
            "at_least",
            11,
        ),
        ('[[embargo]]\nseller = "a"\nbuyer = "b"\nproducts = "c"', "products", "product", 7),
        ("[pace]\ndecline = 0.1\ndiscount = 3", "discount", "decline", 6),
        ('places = "x"', "places", "", 4),
    ],
)
def test_unknown_keys_name_the_nearest_and_the_line(
    text: str, key: str, near: str, line: int
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        parsed(text)
    found = str(caught.value)
    assert f"'{key}'" in found.splitlines()[0]
    assert f"p.toml, line {line}" in found.splitlines()[0]
    assert f"'{near}'" in found or not near


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[trade]\nband = 'wide'", ("p.toml, line 5", "trade.band", "valid number", "'wide'")),
        ("[trade]\nband = -0.1", ("line 5", "trade.band", "greater than or equal to 0", "-0.1")),
        ("[trade]\nband = nan", ("line 5", "finite number")),
        ("[trade]\nband = inf", ("line 5", "finite number")),
        ("[trade]\nband = true", ("line 5", "valid number")),
        ("[trade]\ngrowth = -1.0", ("line 5", "greater than -1")),
        ("[pace]\ndecline = 1.5", ("line 5", "less than or equal to 1")),
        ("[pace]\ngrowth = -inf", ("line 5", "finite number")),
        ("[horizon]\nyears_beyond = 1.5", ("line 5", "valid integer")),
        ("[horizon]\nyears_beyond = -1", ("line 5", "greater than or equal to 0")),
        ("[horizon]\nprovide = 1", ("line 5", "valid boolean")),
        ("[objective]\ndiscount = 0", ("line 5", "greater than 0")),
        ("[objective]\nutility = 'cubic'", ("line 5", "'log' or 'linear'", "'cubic'")),
        ("[objective]\nmaximise = 'gdp'\nminimise = 'hours'", ("line 4", "not both")),
        ("[growth]\nlabour = -1.0", ("line 5", "leaves nothing")),
        ("[growth.labour]\nEUE = -2", ("growth.labour", "in EUE", "leaves nothing")),
        ("[growth.labour]\nEUE = nan", ("line 5", "finite number")),
        ("[objective.proportions]\ncorn = inf", ("line 5", "finite number")),
        ("[trade]\nbalance = 'never'", ("line 5", "'yearly' or 'plan'")),
    ],
)
def test_values_of_the_wrong_kind_are_told_with_key_and_line(
    text: str, told: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidPlanError) as caught:
        parsed(text)
    assert caught.value.happened == "The plan file p.toml asks for what cannot be."
    for part in told:
        assert part in str(caught.value), str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[order]]\nid = "a"\nquantity = "output"', ("order 'a'", "needs one of", "line 4")),
        ('[[order]]\nquantity = "output"\nat_least = 1', ("order '1'", "needs 'id'", "line 4")),
        ('[[order]]\nid = "a"\nat_least = 1', ("order 'a'", "needs 'quantity'", "line 4")),
        (
            ORDER + 'change = "30%"',
            ("order 'a', change", "neither a number nor a change", "line 7"),
        ),
        (ORDER + 'at_least = "much"', ("order 'a', at_least", "neither a number", "line 7")),
        (ORDER + "at_least = nan", ("order 'a', at_least", "finite number", "line 7")),
        (ORDER + "at_most = inf", ("order 'a', at_most", "finite number", "line 7")),
        (ORDER + "at_least = 1\nyears = [2005, 2001]", ("run backwards: 2005 to 2001", "line 8")),
        (ORDER + "at_least = 1\nyear = 2001.5", ("order 'a', year", "valid integer", "line 8")),
        (ORDER + "at_least = 1\nregion = []", ("order 'a', region", "at least 1 item", "line 8")),
        ("[[assumption]]\nvalue = 1.0", ("needs 'quantity'", "line 4")),
        (
            '[[assumption]]\nquantity = "band"\nvalue = 1.0\nchange = "+1%"',
            ("assumption '1'", "needs one of 'value'", "line 4"),
        ),
    ],
)
def test_faults_of_entries_are_told_by_their_id(text: str, told: tuple[str, ...]) -> None:
    with pytest.raises(InvalidPlanError) as caught:
        parsed(text)
    for part in told:
        assert part in str(caught.value), str(caught.value)


def test_two_orders_of_one_id_are_told_with_both_lines() -> None:
    with pytest.raises(InvalidPlanError) as caught:
        parsed(f"{ORDER}at_least = 1\n{ORDER}at_most = 1")
    assert caught.value.evidence == ("'a': line 5 and line 9",)


def test_year_and_years_at_once_are_refused() -> None:
    with pytest.raises(InvalidPlanError):
        parsed(f"{ORDER}at_least = 1\nyear = 2003\nyears = [2001, 2002]")


@pytest.mark.parametrize("key", ["order", "assumption", "market", "line", "embargo"])
def test_a_number_where_entries_belong_is_refused(key: str) -> None:
    with pytest.raises(InvalidPlanError):
        parsed(f"{key} = 3")


@pytest.mark.parametrize(
    ("years", "told"),
    [
        ("[2005, 2001]", "the years run backwards: 2005 to 2001"),
        ("[2001, 2003, 2004]", "must follow each other: 2001, 2003, 2004"),
        ("[2001, 2001, 2002]", "must follow each other"),
        ("[]", "at least 1 item"),
        ('"soon"', "valid integer"),
    ],
)
def test_years_that_cannot_be(years: str, told: str) -> None:
    with pytest.raises(InvalidPlanError) as caught:
        parse_plan(f'name = "p"\neconomy = "e"\nyears = {years}', "p.toml")
    assert told in str(caught.value)
    assert "p.toml, line 3" in str(caught.value)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(InvalidPlanError) as caught:
        parsed("[trade]\nband = -1\n[pace]\ndecline = 2\n[horizon]\nprovide = 0")
    assert len(caught.value.evidence) == 3


def test_a_plan_without_a_name() -> None:
    with pytest.raises(InvalidPlanError, match="does not name its plan"):
        parse_plan("years = 2001", "p.toml")


@pytest.mark.parametrize("text", ["name = ", "[trade\n", 'name = "a"\nname = "b"', "[[order]\n"])
def test_what_is_not_toml(text: str) -> None:
    with pytest.raises(UnreadableFileError, match="not well-formed TOML"):
        parse_plan(text, "p.toml")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.toml", tmp_path):
        with pytest.raises(UnreadableFileError, match="cannot be read"):
            read_plan(path)
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'name = "caf\xe9"')
    with pytest.raises(UnreadableFileError, match="cannot be read"):
        read_plan(latin)


def test_entries_know_their_place(tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_text(f"{HEAD}{ORDER}at_least = 1\n", encoding="utf-8")
    plan = read_plan(file)
    assert plan.place("order.0.quantity") == f"{file}, line 6"
    assert plan.place("order.0.region") == f"{file}, line 4"
    assert plan.place("trade.band") == ""


def test_a_new_plan_is_the_bundled_one_and_never_overwrites(tmp_path: Path) -> None:
    file = write_new_plan(tmp_path / "new.toml")
    assert file.read_text(encoding="utf-8") == bundled_plan_text()
    assert read_plan(file).with_changes(places={}) == read_plan().with_changes(places={})
    with pytest.raises(pb.InputError, match="exists already"):
        write_new_plan(file)
