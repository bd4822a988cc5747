"""report.html: one file, readable, escaped, and the same for any economy and plan."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

import economies
import planboard as pb
from planboard.compare import industries_that_leapt
from planboard.horizon import HorizonEffect
from planboard.plan import Wish
from planboard.report import production, words
from planboard.report.blocks import Cell, chart_label
from planboard.report.colours import themes
from planboard.report.figures import numbers
from planboard.report.html import render_report, script_json, write_report
from planboard.report.production import leaps
from planboard.report.view import View, idle_hours, utilisation
from planboard.solution.worth import SOURCE, WORTH

YEARS = (2001, 2002, 2003)
HOSTILE = '</script><script>alert("x")</script> & <b>Corn</b>'
HEADINGS = [
    "In short", "Household consumption", "Output by industry", "Where capacity binds", "Prices",
    "Hours", "Wages", "Investment", "Trade", "What binds", "What the plan is worth, and why",
    "The plan against what happened", "Industries that leapt", "Orders",
    "What the plan takes for granted", "Sources", "Verification",
]  # fmt: skip
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """A report, read: its elements, their attributes, and the text of each kind of element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: dict[str, list[str]] = {}
        self.unbalanced: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data):
        if self.open:
            self.texts[self.open[-1]][-1] += data

    @property
    def shown(self) -> str:
        """Every text that a reader sees."""
        hidden = ("script", "style", "title")
        return "\n".join(t for tag, texts in self.texts.items() if tag not in hidden for t in texts)

    def json(self, name: str) -> list:
        """The data of a figure or of the themes."""
        names = [value for tag, key, value in self.attributes if (tag, key) == ("script", "id")]
        return json.loads(self.texts["script"][names.index(name)])


def folder(regions: int = 2, seed: int = 7) -> economies.Folder:
    return economies.random_folder(economies.Shape(regions, 3, False, seed))


def without(given: economies.Folder, *names: str) -> economies.Folder:
    tables = {name: table for name, table in given.tables.items() if name not in names}
    return replace(given, tables=tables)


def plan(name: str = "small", **sections) -> pb.Plan:
    return pb.Plan(name, years=YEARS, **sections)


@pytest.fixture(scope="module")
def solution() -> pb.Solution:
    """A plan whose every text is hostile, with orders, assumptions, a line and an embargo."""
    given = folder()
    economy = replace(
        given.economy(),
        title=HOSTILE,
        source=HOSTILE,
        notes=(HOSTILE,),
        history=({"step": HOSTILE, "detail": HOSTILE},),
        labels={"north": HOSTILE, "corn": HOSTILE, "steel": "x\u2028y"},
    )
    ordered = plan(
        HOSTILE,
        order=[
            pb.Order(
                id="bread<i>",
                quantity="household_consumption",
                region=("north",),
                year=2003,
                change="+1%",
                issued_by="Assembly & Sons",
                because=HOSTILE,
            ),
            pb.Order(id="idle", quantity="output", product=("corn",), at_least=1.0),
        ],
        assumption=[pb.Assumption(quantity="utilisation", value=0.999, because=HOSTILE)],
        line=[pb.Line(name=HOSTILE, seller="north", buyer="south", product=("corn",), at_most=1.0)],
        embargo=[pb.Embargo(seller=("north",), buyer=("south",), product=("steel",))],
    )
    return pb.solve(economy, ordered)


@pytest.fixture(scope="module")
def html(solution) -> str:
    return render_report(solution)


@pytest.fixture(scope="module")
def page(html) -> Page:
    return Page(html)


def section(page_html: str, name: str) -> str:
    """The HTML of one section."""
    return page_html.partition(f'<section id="{name}">')[2].partition("</section>")[0]


def test_every_section_stands_in_its_place(page):
    assert [text.strip() for text in page.texts["h2"]] == HEADINGS


def test_it_is_one_file_that_loads_nothing(page, html):
    links = [value for _, name, value in page.attributes if name in ("href", "data", "action")]
    assert links
    assert all(link.startswith("#") or link == "data:," for link in links)
    assert not any(name == "src" for _, name, _ in page.attributes)
    style = "".join(page.texts["style"])
    assert "@import" not in style
    assert "url(" not in style
    own_script = page.texts["script"][-1]
    assert "http" not in own_script
    assert "fetch" not in own_script
    assert html.count("plotly.js v") == 1


def test_its_elements_are_closed_in_order(page):
    assert page.unbalanced == []
    assert page.open == []


def test_hostile_names_are_text_and_nothing_else(page, html):
    assert page.tags.count("script") == 4
    assert "b" not in page.tags
    assert page.shown.count(HOSTILE) > 10
    assert "bread<i>" in page.shown
    assert "<script>alert" not in html


def test_hostile_names_are_escaped_for_charts_too(page):
    figures = page.json("figures")
    names = [trace["name"] for figure in figures for trace in figure["data"] if "name" in trace]
    assert any("&lt;/script&gt;" in name for name in names)
    assert not any("<b>" in json.dumps(figure) for figure in figures)


def test_json_cannot_end_its_script():
    text = script_json({"label": "</script><!-- & \u2028"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"label": "</script><!-- & \u2028"}
    with pytest.raises(ValueError, match="JSON"):
        script_json([float("nan")])


def test_every_canvas_has_its_figure_and_every_colour_is_in_both_themes(page):
    figures = page.json("figures")
    places = [int(value) for _, name, value in page.attributes if name == "data-figure"]
    assert places == list(range(len(figures)))
    tokens = set(re.findall(r'"@(\w+)"', json.dumps(figures)))
    legend = set(re.findall(r"--colour:var\(--(\w+)\)", render_style(page)))
    for theme in themes().values():
        assert tokens | legend <= set(theme)
    assert {"region0", "scarcity"} <= tokens


def render_style(page: Page) -> str:
    return " ".join(value for _, name, value in page.attributes if name == "style")


def test_light_and_dark_name_the_same_colours():
    light, dark = themes()["light"], themes()["dark"]
    assert list(light) == list(dark)
    for theme in (light, dark):
        regions = [value for name, value in theme.items() if name.startswith("region")]
        assert len(set(regions)) == 10


def test_orders_are_told_with_issuer_and_reason(html):
    text = section(html, "orders")
    assert "Assembly &amp; Sons" in text
    assert "At least" not in text
    assert "at least +1% on the base year" in text
    assert "All of them are met." in text
    assert text.count("not said") == 2


def test_assumptions_lines_and_embargoes_are_told(html):
    text = section(html, "assumptions")
    assert "0.999" in text
    assert "Treaty" in text
    assert "Embargo" in text
    assert "at most 20.0\u00a0% a year" in text
    assert "at most 30\u00a0% above" in text


def test_the_effect_of_the_horizon_is_told_where_it_is_known(solution, html):
    effect = HorizonEffect(3, 0, 2003, -0.02, "south", 0.004)
    text = section(render_report(solution, horizon=effect), "assumptions")
    told = "Solved with no year beyond the last instead of 3 years, household consumption of 2003"
    told += " would change by +0.4\u00a0%"
    assert f"{told}, south most (−2.0\u00a0%)." in text
    assert "would change by" not in section(html, "assumptions")


def test_headline_figures_are_the_plans(solution, html):
    view = View(solution)
    paths = view.households
    total = paths[2003].sum() / paths[2000].sum() - 1
    text = section(html, "summary")
    assert words.percent(total, "+") in text
    product = view.account("GDP by production").sum()
    assert words.percent((product[2003] / product[2000]) ** (1 / 3) - 1, "+") in text
    assert f"{solution.verdict.worst:.0e}" in text


def test_the_last_sentence_says_that_prices_need_not_be_unique(html):
    assert "Scarcity prices need not be unique" in section(html, "verification")


def test_worth_and_sources_are_equal_in_print(solution, html):
    rows = re.findall(r'<tr class="total">(.*?)</tr>', section(html, "worth"))
    sources, worth = (re.findall(r"<td>(.*?)</td>", row) for row in rows)
    assert sources == worth
    found = solution.value
    sides = found.groupby(["side", "member"])["value"].sum()
    shown = [float(value.replace("−", "-").replace(",", "")) for value in worth]
    for member, value in zip(solution.economy.region_names, shown, strict=False):
        assert value == pytest.approx(sides[WORTH, member], abs=1e-2)
        assert sides[SOURCE, member] == pytest.approx(sides[WORTH, member], rel=1e-6)


def test_the_report_is_written_where_it_is_asked_for(solution, html, tmp_path):
    file = write_report(solution, tmp_path / "report.html")
    assert file.read_text(encoding="utf-8") == html


# Any economy, any plan ------------------------------------------------------------------------


def no_factors() -> economies.Folder:
    given = without(folder(), "factor_use", "endowment")
    return replace(given, head={k: v for k, v in given.head.items() if k != "factors"})


def two_kinds() -> economies.Folder:
    both = {"capital": "house", "capital_required": "house"}
    return folder().changed(
        **{
            name: lambda table, kind=kind: pd.concat([table, table.assign(kind=kind)])
            for name, kind in both.items()
        }
    )


def many_regions() -> economies.Folder:
    """Twelve regions: four copies of three that trade among themselves."""
    parts = [
        folder(3, seed).each(
            lambda _, table, seed=seed: table.assign(
                **{
                    axis: table[axis] + str(seed)
                    for axis in ("region", "origin", "destination")
                    if axis in table
                }
            )
        )
        for seed in range(4)
    ]
    tables = {name: pd.concat([part.tables[name] for part in parts]) for name in parts[0].tables}
    return replace(parts[0], tables=tables)


def leontief() -> economies.Folder:
    """Final demand to be met with least labour: no households, trade, capital or value added."""
    r, flow = economies.rows, "region product activity value"
    tables = {
        "activity": r("region activity level", ("land", "corn", 10), ("land", "iron", 20)),
        "supply": r(flow, ("land", "corn", "corn", 10), ("land", "iron", "iron", 20)),
        "use": r(flow, ("land", "corn", "iron", 5), ("land", "iron", "corn", 2)),
        "factor_use": r(
            "region factor activity value",
            ("land", "labour", "corn", 7),
            ("land", "labour", "iron", 14),
        ),
        "final_use": r(
            "region product category value",
            ("land", "corn", "demand", 5),
            ("land", "iron", "demand", 18),
        ),
    }
    return economies.made(tables, factors={"labour": {"unit": "hour", "role": "labour"}})


KEPT = {"growth": {"government": 0.0}, "consumption": {"floor": 0.5, "may_fall": True}}
DEMAND = [
    pb.Order(id=f"more {product}", quantity="final_use", product=(product,), at_least=amount)
    for product, amount in (("corn", 6.0), ("iron", 15.0))
]
CASES = {
    "one region": (folder(1), plan(), ["This plan has no trade."]),
    "a part of the world": (folder(), plan(regions=("north",)), ["base-year terms"]),
    "one year": (folder(), pb.Plan("short", years=(2001,)), []),
    "no value added": (without(folder(), "value_added"), plan(), ["Cost prices are not known"]),
    "no factors": (no_factors(), plan(), ["counts no hours and no other factor"]),
    "several kinds of capital": (two_kinds(), plan(**KEPT), []),
    "nothing built": (
        folder(),
        plan(building={"allowed": False}, **KEPT),
        ["Nothing may be built"],
    ),
    "many regions": (many_regions(), plan(), ["the 10 largest of 12 regions"]),
    "least hours": (
        folder(),
        plan(objective={"minimise": "hours"}),
        ["hours as small as it can"],
    ),
    "a wish missed": (
        folder(),
        plan(
            objective={"minimise": "deviation"},
            wish=[Wish(id="twice", quantity="output", product=("corn",), aim="+100%")],
        ),
        ["1 order or wish is not met in full", "as near as can be to +100%"],
    ),
    "final demand alone": (
        leontief(),
        plan(
            objective={"minimise": "factor_use"},
            order=DEMAND,
            horizon={"provide": False},
            pace={"decline": 1.0},
        ),
        [
            "no household consumption of its own",
            "No activity of this plan is limited by capacity.",
            "Nothing is built in this plan.",
            "holds the plan back",
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_any_economy_and_plan_has_its_report(case):
    given, wanted, sentences = CASES[case]
    page = Page(render_report(pb.solve(given.economy(), wanted)))
    assert [text.strip() for text in page.texts["h2"]] == HEADINGS
    assert page.unbalanced == []
    for sentence in sentences:
        assert sentence in page.shown, sentence
    assert not re.search(r"\b(nan|inf|None(?!:)|Undefined)\b", page.shown)
    assert "does not say what happened" in page.shown


def test_the_bundled_world_fills_every_section(world_solution):
    html = render_report(world_solution)
    page = Page(html)
    assert len(page.json("figures")) > 30
    assert "This economy does not say what happened" not in page.shown
    assert "Central and Eastern Europe" in section(html, "consumption")
    assert world_solution.economy.attribution[:40] in page.shown
    assert len(json.dumps(page.json("figures"))) < 300_000
    for accounts in world_solution.economy.regions:
        assert world_solution.economy.label(accounts.region) in section(html, "outcome")


def test_many_leaps_are_counted_not_all_told(world_solution, monkeypatch):
    leapt = industries_that_leapt(world_solution, above=1.25, below=0.8)
    assert len(leapt) > 3
    monkeypatch.setattr(production, "industries_that_leapt", lambda solution: leapt)
    monkeypatch.setattr(production, "MOST_LEAPS", 2)
    told, others = (block.sentences for block in leaps(View(world_solution)).blocks[1::2])
    assert list(told) == list(leapt["explanation"][:2])
    assert not set(others) & set(leapt["explanation"])
    first = leaps(View(world_solution)).blocks[0].words
    assert first.endswith(f"The 2 farthest of {len(leapt)}:")


# What a report reads --------------------------------------------------------------------------


def plans(solution: pb.Solution) -> Iterator[tuple]:
    yield from ((plan, plan.outlook) for plan in solution.regions)


def test_idle_hours_are_offered_less_used(solution):
    for plan_, o in plans(solution):
        offered, used = o.endowment[0], plan_.factor_use()[0]
        expected = np.where(offered - used > 1e-5 * offered, offered - used, 0.0)
        np.testing.assert_allclose(idle_hours(plan_)[0], expected)


def test_utilisation_is_activity_over_usable_capacity(solution):
    for plan_, o in plans(solution):
        expected = plan_.activity / (o.utilisation * plan_.capacity[0])
        np.testing.assert_allclose(utilisation(plan_), expected)
        assert (utilisation(plan_) <= 1 + 1e-7).all()


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (words.percent(0.1234), "12.3\u00a0%"),
        (words.percent(-0.1234, "+"), "−12.3\u00a0%"),
        (words.percent(-0.0001, "+"), "+0.0\u00a0%"),
        (words.percent(float("nan")), "–"),
        (words.number(-0.001), "0.00"),
        (words.number(12345.678, 1), "12,345.7"),
        (words.significant(0.00123456), "0.00123"),
        (words.significant(123456.0), "123,456"),
        (words.significant(2e-9), "2e-09"),
        (words.Amounts("million USD", [20_000.0, 500.0]).show(20_000.0), "20.0"),
        (words.Amounts("million USD", [20_000.0, 500.0]).unit, "billion USD"),
        (words.Amounts("million USD", [20_000.0, 5.0]).show(20_000.0), "20,000"),
        (words.Amounts("million USD", [20_000.0, 450.0, 450.0]).show(450.0), "450"),
        (words.Amounts("million USD", [5.0, *[20_000.0] * 4]).unit, "billion USD"),
        (words.Amounts("million USD", [20_000.0, 1e-6, 1e-6]).unit, "billion USD"),
        (words.Amounts("million USD", [0.0]).show(0.0), "0.00"),
        (" ".join(words.fixed([31.9, -0.0004, 2.0])), "31.900 0.000 2.000"),
        (words.listing(["a", "b", "c"]), "a, b and c"),
        (words.counted(1, "industry", "industries"), "1 industry"),
        (words.counted(2, "industry", "industries"), "2 industries"),
    ],
)
def test_numbers_are_written_as_people_read_them(shown, expected):
    assert shown == expected


def test_a_missing_number_of_a_figure_stays_missing():
    assert numbers([np.nan, 1.23456789, np.inf, 0.0]) == [None, 1.2346, None, 0.0]


def test_a_tint_has_five_shades_on_either_side():
    shades = [Cell("", tint).shade for tint in (-9.0, -0.5, 0.0, 0.05, 0.2, 1.0)]
    assert shades == ["low5", "low2", "", "", "high1", "high5"]


def test_a_chart_label_is_escaped_and_broken_into_lines():
    assert chart_label("Southern Europe <and> Turkey") == "Southern Europe<br>&lt;and&gt; Turkey"
