"""The comparison in the terminal and as a page: for any plans, with numbers of the comparison."""

import io
import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from test_compare import as_planned, knowing, times
from test_compare_plans import faster, folder, plan, without
from test_report import Page, section

import economies
import planboard as pb
from planboard.compare.welfare import ALL
from planboard.report import words
from planboard.report.colours import themes
from planboard.report.comparison import print_comparison, render_comparison


def households_apart(made: economies.Folder) -> economies.Folder:
    """The same economy, its households a given use."""
    made = made.changed(final_use=lambda t: t.replace({"category": {"households": "others"}}))
    roles = {**made.head["categories"], "others": {"role": "government"}}
    return replace(made, head={**made.head, "categories": roles})


def hourless() -> economies.Folder:
    made = without(folder(), "factor_use", "endowment")
    return replace(made, head={k: v for k, v in made.head.items() if k != "factors"})


LEAST_HOURS = {"objective": {"minimise": "hours"}, "growth": {"government": 0.0}}
CASES = {
    "two regions": (folder(), plan(), faster()),
    "one region": (folder(1), plan(), faster()),
    "no hours": (hourless(), plan(), faster()),
    "no households": (
        households_apart(folder(1)),
        plan("slow", **LEAST_HOURS),
        plan("quick", **{**LEAST_HOURS, "growth": {"government": 0.005}}),
    ),
    "no incomes": (without(folder(), "value_added"), plan(), faster()),
    "one year": (folder(), plan(years=(2001,)), faster((2001,))),
    "one and the same": (folder(), plan(), plan()),
}
HEADINGS = ["At a glance", "Household consumption", "Region by region", "Why output differs",
            "Where they differ most", "What makes the difference"]  # fmt: skip


@pytest.fixture(scope="module", params=CASES)
def case(request) -> tuple[str, list[pb.Solution]]:
    made, *plans = CASES[request.param]
    economy = made.economy()
    return request.param, [pb.solve(economy, wanted) for wanted in plans]


@pytest.fixture(scope="module")
def solutions() -> list[pb.Solution]:
    economy = folder().economy()
    return [pb.solve(economy, wanted) for wanted in (plan(), faster())]


def printed(*calls) -> str:
    console = Console(file=io.StringIO(), width=100)
    for function, *given in calls:
        function(*given, console)
    return console.file.getvalue()


def test_any_two_plans_have_their_page(case):
    name, solutions = case
    comparison = pb.compare_results(solutions)
    steps = pb.explain_difference(*solutions)
    page = Page(render_comparison(solutions, comparison, steps, actual=True))
    headings = [text.strip() for text in page.texts["h2"]]
    expected = [h for h in HEADINGS if name != "no households" or h != "Household consumption"]
    assert headings[:-2] == expected
    assert all(heading.endswith("against what happened") for heading in headings[-2:])
    assert page.unbalanced == []
    assert not re.search(r"\b(nan|inf|None|Undefined)\b", page.shown)
    assert page.shown.count("does not say what happened") == 2


def test_any_two_plans_are_printed(case):
    name, solutions = case
    comparison = pb.compare_results(solutions)
    economy = solutions[0].economy
    steps = pb.explain_difference(*solutions)
    text = printed(
        (print_comparison, comparison, economy),
        (pb.print_steps, steps),
        (pb.print_actual, pb.against_actual(solutions[0]), economy),
    )
    assert comparison.names[1] in text
    assert not re.search(r"\b(nan|inf|None)\b", text)
    assert ("welfare" in text.split("Why they differ")[0]) == (name != "no households")
    assert ("Why output differs" in text) == (name not in ("no hours", "no incomes"))
    assert "does not say what happened" in text
    if name == "one and the same":
        assert "They do not" in text


def test_one_plan_alone_is_told_by_its_growth(solutions):
    alone = pb.compare_results(solutions[:1])
    text = printed((print_comparison, alone, solutions[0].economy))
    growth = alone.regions.set_index(["region", "measure", "year"])["growth"]
    assert words.percent(growth["north", "GDP", 2003], "+") in text
    page = Page(render_comparison(solutions[:1], alone))
    assert [h.strip() for h in page.texts["h2"]] == HEADINGS[:3]


def test_three_plans_have_three_colours(solutions):
    three = [*solutions, solutions[0]]
    page = Page(render_comparison(three, pb.compare_results(three)))
    paths = page.json("figures")[0]["data"]
    assert [trace["name"] for trace in paths] == ["first", "faster", "first (2)"]
    assert len({trace["line"]["color"] for trace in paths}) == 3
    tokens = set(re.findall(r'"@(\w+)"', json.dumps(page.json("figures"))))
    assert tokens <= set(themes()["light"])


def test_paths_begin_with_one_and_end_with_what_is_consumed(solutions):
    page = Page(render_comparison(solutions, pb.compare_results(solutions)))
    figures = page.json("figures")[:2]
    for solution, place in zip(solutions, (0, 1), strict=True):
        used = solution.consumption
        last = used[(used["category"] == "households") & (used["year"] == 2003)]
        for figure, region in zip(figures, ("north", "south"), strict=True):
            base = solution.economy.region(region).final_use[:, 0].sum()
            ratio = last.set_index("region")["value"][region] / base
            assert figure["data"][place]["x"] == [2000, 2001, 2002, 2003]
            assert figure["data"][place]["y"][0] == 1.0
            assert figure["data"][place]["y"][-1] == pytest.approx(ratio, rel=1e-4)


def test_headline_figures_are_those_of_the_comparison(solutions):
    comparison = pb.compare_results(solutions)
    html = render_comparison(solutions, comparison)
    worth = comparison.welfare.set_index("region")["value"]
    summary = section(html, "summary")
    for region in ("north", "south", ALL):
        assert words.percent(worth[region], "+") in summary
    made = comparison.industries[comparison.industries["year"] == 2003]
    sums = made.groupby("plan")["value"].sum()
    change = words.percent(abs(sums["faster"] / sums["first"] - 1))
    assert f"Output of 2003 is higher by {change} in all." in summary
    total = comparison.regions
    total = total[(total["measure"] == "hours") & (total["year"] == 2003)]
    both = total.groupby("plan")["value"].sum()
    assert words.percent(both["faster"] / both["first"] - 1, "+") in section(html, "regions")


def test_steps_are_told_with_their_sum(solutions):
    steps = pb.explain_difference(*solutions)
    html = render_comparison(solutions, pb.compare_results(solutions), steps)
    text = section(html, "steps")
    whole = steps[steps["region"] == ALL]
    for share in [*whole["output"], whole["output"].sum(), whole["welfare"].sum()]:
        assert words.percent(share, "+") in text
    assert re.search(r'class="total"><th scope="row">Together', text)
    missing = steps.assign(output=np.nan, welfare=np.nan)
    told = section(render_comparison(solutions, pb.compare_results(solutions), missing), "steps")
    assert "nan" not in told
    assert "impossible alone" in printed((pb.print_steps, missing))


def test_plans_of_other_regions_say_over_how_many_they_are_compared(solutions):
    economy = solutions[0].economy
    alone = pb.solve(economy, plan("alone", regions=("north",)))
    pair = [solutions[0], alone]
    html = render_comparison(pair, pb.compare_results(pair))
    assert "Compared over 1 region of the 2 of the first plan, 2001 to 2003" in html


def test_names_and_labels_are_text_and_nothing_else(solutions):
    hostile = "</script><b>[bold]"
    economy = replace(solutions[0].economy, labels={"north": hostile, "corn": hostile})
    named = [
        replace(s, compiled=replace(s.compiled, economy=economy,
                                    plan=s.plan.with_changes(name=hostile + s.plan.name)))
        for s in solutions
    ]  # fmt: skip
    comparison = pb.compare_results(named)
    html = render_comparison(named, comparison, pb.explain_difference(*solutions), actual=True)
    page = Page(html)
    assert page.tags.count("script") == 4
    assert "b" not in page.tags
    assert hostile in page.shown
    assert hostile in printed((print_comparison, comparison, economy))


# Against fact -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def known(solutions) -> pb.Solution:
    """What happened as planned, except that a fifth less was made in 2003."""
    table = times(as_planned(solutions[0]), "output", 0.8, since=2003)
    return knowing(solutions[0], table)


def test_the_page_holds_each_plan_against_fact_when_asked(known):
    comparison = pb.compare_results([known, known])
    html = render_comparison([known, known], comparison, actual=True)
    for place in (1, 2):
        text = section(html, f"outcome{place}")
        assert "In 2003 the plan makes 25.0\u00a0% more than was made" in text
        assert "Industries farthest from fact in 2003" in text
        assert text.count("+25.0\u00a0%") >= 6
    assert "outcome1" not in render_comparison([known, known], comparison)


def test_the_terminal_says_how_far_from_fact_and_where(known):
    found = pb.against_actual(known)
    text = printed((pb.print_actual, found, known.economy))
    flat = " ".join(text.split())
    assert "In 2003 the plan makes 25.0 % more than was made" in flat
    assert "Productivity weighs most in 2 of 2 regions" in flat
    rows = found.industries[found.industries["year"] == 2003]
    worst = rows.assign(size=(rows["plan"] - rows["actual"]).abs()).nlargest(1, "size").iloc[0]
    assert f"{worst['region']}: {worst['activity']}" in text.split("farthest from fact")[1]
    assert text.split("farthest from fact")[1].count("+25.0\u00a0%") == len(rows)


@pytest.mark.parametrize(("quantity", "until"), [("hours", 2002), ("capital", 2001)])
def test_causes_are_told_of_the_last_year_in_which_all_are_known(known, quantity, until):
    """Capital at the end of 2001 serves 2002.

    WIOD 2013 publishes output until 2009 or later, capital of some regions until 2007 alone.
    """
    table = known.economy.actual
    shorter = knowing(known, table[(table["quantity"] != quantity) | (table["year"] <= until)])
    html = render_comparison([shorter], pb.compare_results([shorter]), actual=True)
    text = section(html, "outcome1")
    assert "In 2003 the plan makes 25.0\u00a0% more than was made" in text
    assert "Why output of 2002 in the plan differs from what happened" in text
    told = printed((pb.print_actual, pb.against_actual(shorter), shorter.economy))
    assert "In 2003 the plan makes 25.0 % more than was made" in " ".join(told.split())


def test_a_table_of_what_happened_without_industries_is_told_as_far_as_it_goes(solutions):
    table = as_planned(solutions[0])
    bare = knowing(solutions[0], pd.DataFrame(table[table["quantity"] == "final_use"]))
    text = printed((pb.print_actual, pb.against_actual(bare), bare.economy))
    assert "The plan against what happened" in text
    html = render_comparison([bare], pb.compare_results([bare]), actual=True)
    assert "Household consumption" in section(html, "outcome1")
