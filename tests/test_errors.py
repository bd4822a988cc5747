"""What people get wrong, and what they are told: messages word for word."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import planboard as pb
from economies import Folder, Shape, random_folder
from planboard.errors import (
    EVIDENCE_LINES,
    InvalidEconomyError,
    InvalidPlanError,
    PlanboardError,
    UnknownNameError,
    UnreadableFileError,
)
from planboard.plan_file import parse_plan

HEAD = 'name = "p"\neconomy = "e"\n'
LETTER = "\n\nNames must match to the letter, capitals and spaces included."


@pytest.fixture(scope="module")
def books() -> Folder:
    return random_folder(Shape(2, 3, False, 1))


def parsed(text: str) -> pb.Plan:
    return parse_plan(HEAD + text, "p.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[horizn]\n",
            "There is no key 'horizn' (p.toml, line 3).\n\nClosest names: 'horizon' (19 in all).",
        ),
        (
            "[trade]\nbnd = 0.3\n",
            "There is no key of [trade] 'bnd' (p.toml, line 4).\n\n"
            "Closest names: 'band' (5 in all).",
        ),
        (
            '[[order]]\nid = "a"\nquantitty = "hours"\nat_most = 1\n',
            "There is no key of [order] 'quantitty' (p.toml, line 5).\n\n"
            "Closest names: 'quantity', 'activity' (18 in all).",
        ),
        (
            "[places]\n",
            "There is no key 'places' (p.toml, line 3).\n\nClosest names: 'pace' (19 in all).",
        ),
    ],
)
def test_an_unknown_key_gets_the_nearest_and_its_line(text: str, message: str) -> None:
    with pytest.raises(UnknownNameError) as told:
        parsed(text)
    assert str(told.value) == message + LETTER


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        (
            "[trade]\nband = nan\n",
            "p.toml, line 4: trade.band: input should be a finite number, not nan",
        ),
        (
            "[trade]\nband = inf\n",
            "p.toml, line 4: trade.band: input should be a finite number, not inf",
        ),
        (
            '[trade]\nband = "3"\n',
            "p.toml, line 4: trade.band: input should be a valid number, not '3'",
        ),
        (
            "[trade]\nband = true\n",
            "p.toml, line 4: trade.band: input should be a valid number, not True",
        ),
        (
            "[trade]\nband = -1\n",
            "p.toml, line 4: trade.band: input should be greater than or equal to 0, not -1",
        ),
        ("years = [2005, 2001]\n", "p.toml, line 3: years: the years run backwards: 2005 to 2001"),
        (
            "years = []\n",
            "p.toml, line 3: years: tuple should have at least 1 item after validation, not 0",
        ),
        (
            "years = [2001, 2003, 2004]\n",
            "p.toml, line 3: years: plan years must follow each other: 2001, 2003, 2004",
        ),
        ("years = 2001.5\n", "p.toml, line 3: years: input should be a valid integer, not 2001.5"),
        (
            "[growth.labour]\nnorth = -1.5\n",
            "p.toml, line 3: growth.labour: a rate of -1.5 a year in north leaves nothing",
        ),
        (
            '[[order]]\nid = "a"\nat_most = 1\n',
            "p.toml, line 3: order 'a': an order needs 'quantity'",
        ),
        (
            '[[order]]\nid = "a"\nquantity = "hours"\n',
            "p.toml, line 3: order 'a': an order needs one of 'change', 'at_least' and 'at_most'",
        ),
        (
            '[[order]]\nid = "a"\nquantity = "hours"\nchange = "more"\n',
            "p.toml, line 6: order 'a', change: 'more' is neither a number nor a change such as "
            '"+30%" or "-5%", not \'more\'',
        ),
        (
            '[objective]\nmaximise = "gdp"\nminimise = "hours"\n',
            "p.toml, line 3: objective: an objective is maximised or minimised, not both",
        ),
    ],
)
def test_a_wrong_value_is_told_with_its_line(text: str, evidence: str) -> None:
    with pytest.raises(InvalidPlanError) as told:
        parsed(text)
    assert told.value.happened == "The plan file p.toml asks for what cannot be."
    assert told.value.evidence == (evidence,)


def test_an_id_given_twice_is_told_with_both_lines() -> None:
    order = '[[order]]\nid = "a"\nquantity = "hours"\nat_most = 1\n'
    with pytest.raises(InvalidPlanError) as told:
        parsed(order + order)
    assert str(told.value) == (
        "The plan file p.toml gives one id to several orders.\n\n"
        "    'a': line 4 and line 8\n\n"
        "Give every order an id of its own."
    )


def test_a_plan_without_a_name_and_a_file_that_is_no_toml() -> None:
    with pytest.raises(InvalidPlanError, match=r"^The plan file p\.toml does not name its plan\."):
        parse_plan("years = 2001\n", "p.toml")
    with pytest.raises(UnreadableFileError, match=r"p\.toml is not well-formed TOML\.\n\n.*line 1"):
        parse_plan("name = x", "p.toml")


ORDER = '[[order]]\nid = "a"\nquantity = "{quantity}"\n{more}\nat_least = 1\n'


@pytest.mark.parametrize(
    ("quantity", "more", "message"),
    [
        ("ouput", "", "There is no quantity 'ouput' (p.toml, line 5)."),
        ("output", 'region = "nord"', "There is no region 'nord' (p.toml, line 6)."),
        ("output", 'product = "korn"', "There is no product 'korn' (p.toml, line 6)."),
        ("output", 'each = ["regions"]', "There is no axis of 'each' 'regions' (p.toml, line 6)."),
        ("hours", 'factor = "hour"', "There is no factor 'hour' (p.toml, line 6)."),
        ("hours", 'product = "corn"', "'hours' is not counted by product (p.toml, line 6)."),
        (
            "output",
            "year = 2009",
            "Order 'a' speaks of years that the plan does not cover (p.toml, line 3).",
        ),
        (
            "stock",
            'product = "corn"',
            "Order 'a' is about something that does not exist (p.toml, line 3).",
        ),
    ],
)
def test_an_order_that_the_economy_does_not_know(
    books: Folder, quantity: str, more: str, message: str
) -> None:
    plan = parsed(ORDER.format(quantity=quantity, more=more))
    with pytest.raises(pb.InputError) as told:
        pb.solve(books.economy(), plan)
    assert told.value.happened == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("years = [1999, 2003]\n", "Plan 'p' does not start in the year after the base year."),
        ("years = [2000, 2003]\n", "Plan 'p' does not start in the year after the base year."),
        ("[growth.labour]\nnord = 0.1\n", "There is no region 'nord' (p.toml, line 4)."),
        ('regions = ["nord"]\n', "There is no region 'nord'."),
        (
            '[[assumption]]\nquantity = "bands"\nvalue = 1\n',
            "There is no assumption on 'bands' (p.toml, line 4).",
        ),
        (
            '[[assumption]]\nquantity = "band"\nfactor = "hours"\nvalue = 1\n',
            "An assumption on 'band' has no factor (p.toml, line 5).",
        ),
        (
            '[[embargo]]\nseller = "north"\nbuyer = "suth"\n',
            "There is no region 'suth' (p.toml, line 3).",
        ),
        ('[objective]\nmaximise = "welfare"\n', "There is no quantity 'welfare' (p.toml, line 4)."),
        ('[objective]\nmaximise = "plan_ray"\n', "A plan ray needs proportions."),
    ],
)
def test_a_plan_that_does_not_fit_its_economy(books: Folder, text: str, message: str) -> None:
    with pytest.raises(pb.InputError) as told:
        pb.solve(books.economy(), parsed(text))
    assert told.value.happened == message


def blank(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype({"value": object}).assign(value=[*table["value"][:-1], "n/a"])


Change = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.mark.parametrize(
    ("table", "change", "message"),
    [
        ("use", blank, "holds what is not a number, in column 'value'."),
        ("use", lambda t: t.drop(columns="product"), "lacks columns."),
        ("use", lambda t: pd.concat([t, t[:1]]), "states the same thing twice."),
        ("use", lambda t: t.assign(product="korn"), "There is no product 'korn'"),
        ("use", lambda t: t.assign(region="nord"), "There is no region 'nord'"),
        ("endowment", lambda t: t.assign(value=-t["value"]), "hold numbers that cannot be planned"),
        ("capital", lambda t: t.assign(depreciation=1.5), "hold numbers that cannot be planned"),
    ],
)
def test_tables_that_cannot_be_planned_with(
    books: Folder, table: str, change: Change, message: str, tmp_path: Path
) -> None:
    products = {name: {} for name in dict.fromkeys(books.tables["supply"]["product"])}
    regions = {name: {} for name in dict.fromkeys(books.tables["supply"]["region"])}
    known = Folder({**books.head, "products": products, "regions": regions}, books.tables)
    folder = known.changed(**{table: change}).write(tmp_path / "e")
    with pytest.raises(pb.InputError) as told:
        pb.read_economy(folder)
    assert message in told.value.happened


def test_an_economy_must_say_where_it_is_from(books: Folder, tmp_path: Path) -> None:
    head = {key: value for key, value in books.head.items() if key != "source"}
    folder = Folder(head, books.tables).write(tmp_path / "e")
    with pytest.raises(InvalidEconomyError) as told:
        pb.read_economy(folder)
    assert told.value.evidence == ("missing: source",)


def test_an_economy_that_is_not_there() -> None:
    with pytest.raises(UnreadableFileError) as told:
        pb.read_economy("world-200")
    assert told.value.happened == "There is no economy 'world-200'."
    assert "Bundled economies: world-2000." in told.value.remedy


def test_a_solver_and_a_result_that_are_not_there(books: Folder, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"^There is no solver 'higs'\."):
        pb.solve(books.economy(), parsed(""), solver="higs")
    with pytest.raises(UnreadableFileError, match="is not a result of Planboard"):
        pb.read_result(tmp_path)


def test_only_the_worst_evidence_is_shown_and_the_rest_counted() -> None:
    error = PlanboardError("Much is wrong.", [f"fault {k}" for k in range(9)], "Mend it.")
    shown = str(error).split("\n")
    assert shown[0] == "Much is wrong."
    assert shown[2 : 2 + EVIDENCE_LINES] == [f"    fault {k}" for k in range(EVIDENCE_LINES)]
    assert shown[2 + EVIDENCE_LINES] == "    … and 4 more"
    assert shown[-1] == "Mend it."
