"""The page at the front: what the plan comes to, and the paths of consumption."""

import re
from collections.abc import Sequence

import numpy as np

from planboard.explain import explain_result
from planboard.report.blocks import Block, Card, Cards, Figures, Section, Table, Text, table
from planboard.report.figures import line_figure, region_key, region_lines
from planboard.report.foot import horizon_effect_words
from planboard.report.imputed import imputed_words
from planboard.report.orders import is_missed
from planboard.report.view import IDLE, View, idle_hours, scarce_hours, utilisation
from planboard.report.words import Amounts, capital, counted, number, percent, significant

IMPUTED = re.compile(r"\b(imputed|imputes?|assumed|estimated)\b", re.IGNORECASE)
COUNTED = re.compile(r"(\d[\d,]*) (?:figures?|cells?|numbers?|values?)\b[^.;:]* imputed\b")


def summary(view: View) -> Section:
    """One page of headline figures."""
    cards = [*_consumption_cards(view), *_growth_cards(view)]
    worst = explain_result(view.solution, most=1)
    if worst:
        cards.append(Card("Worst bottleneck", worst[0].sentence, is_wide=True))
    cards += [*_slack_cards(view), _proof_card(view)]
    rests = " ".join(
        [
            *horizon_effect_words(view),
            *(imputed_words(view.economy) or noted_words(view.economy.notes)),
        ]
    )
    blocks: list[Block] = [Text(in_a_sentence(view)), Cards(cards)]
    return Section("summary", "In short", [*blocks, Text(rests)] if rests else blocks)


def noted_words(notes: Sequence[str]) -> list[str]:
    """How much of the accounts is imputed or assumed, as far as their notes say so.

    A note that counts ("1,234 figures are imputed") is quoted; the others are counted themselves.
    """
    told = [note for note in notes if IMPUTED.search(note)]
    figures = [int(n.replace(",", "")) for note in told for n in COUNTED.findall(note)]
    if figures:
        count = counted(sum(figures), "figure", "figures")
        return [f"It rests on {count} that the accounts impute or assume: see Sources."]
    if told:
        count = counted(len(told), "note tells", "notes tell")
        return [f"{count} of figures that the accounts impute or assume: see Sources."]
    return []


def in_a_sentence(view: View) -> str:
    """What was planned, for whom, and to what end."""
    what = counted(len(view.regions), "region")
    activities = counted(len(view.economy.activity_names), "industry", "industries")
    years = f"{view.years[0]} to {view.last}" if len(view.years) > 1 else str(view.last)
    return (
        f"A plan for {what} and {activities}, {years}, from the accounts of {view.base_year}. "
        f"It {objective_words(view)}. {orders_in_brief(view)}"
    )


def objective_words(view: View) -> str:
    """The objective as a sentence goes on: "makes … as large as it can be"."""
    goal = view.plan.objective
    quantity = goal.quantity.replace("_", " ")
    if goal.is_welfare:
        log = "; its logarithm, so that a percent counts the same everywhere"
        return (
            "makes household consumption of all years as large as it can be (later years "
            f"discounted by {percent(goal.discount)} a year{log * (goal.utility == 'log')})"
        )
    if goal.quantity == "plan_ray":
        return "goes as far as it can along stated proportions"
    return f"makes {quantity} as {'small' if goal.minimise else 'large'} as it can be"


def orders_in_brief(view: View) -> str:
    """How many orders it carries out."""
    asked = counted(len(view.plan.order), "order")
    wishes = f" and {counted(len(view.plan.wish), 'wish', 'wishes')}" if view.plan.wish else ""
    if not view.plan.order and not view.plan.wish:
        return "No orders were given."
    found = view.solution.orders
    missed = found.loc[is_missed(found), "order"].nunique()
    return f"It was given {asked}{wishes}; {'all are met' if not missed else f'{missed} missed'}."


def _consumption_cards(view: View) -> list[Card]:
    paths = view.households
    if paths.empty:
        reached = significant(view.solution.objective_in_units, 5)
        return [Card("Objective", reached, view.solution.objective_unit)]
    change = paths[view.last] / paths[view.base_year] - 1
    total = paths[view.last].sum() / paths[view.base_year].sum() - 1
    line = f"{view.last} against {view.base_year}"
    if len(change) > 1:
        line += (
            f"; from {percent(change.min(), '+')} ({view.label(change.idxmin())}) "
            f"to {percent(change.max(), '+')} ({view.label(change.idxmax())})"
        )
    return [Card("Household consumption", percent(total, "+"), line)]


def _growth_cards(view: View) -> list[Card]:
    product = view.account("GDP by production")
    total = product.sum()
    cards = []
    if total[view.base_year] > 0 and total[view.last] > 0:
        years = view.last - view.base_year
        growth = (total[view.last] / total[view.base_year]) ** (1 / years) - 1
        line = f"GDP at base-year prices, {view.base_year} to {view.last}"
        cards.append(Card("Growth of GDP", f"{percent(growth, '+')} a year", line))
    invested = view.investment.sum()
    if len(view.investment) and total[view.last] > 0:
        now, then = (invested[y] / total[y] for y in (view.last, view.base_year))
        line = f"of GDP in {view.last}; {percent(then)} in {view.base_year}"
        cards.append(Card("Investment", percent(now), line))
    return cards


def _slack_cards(view: View) -> list[Card]:
    plans, reported = view.solution.regions, len(view.years)
    count, cards = len(plans) * reported, []
    idle = [idle_hours(plan)[:, :reported] for plan in plans]
    if any(part.size for part in idle):
        some = sum(int((part > 0).any(axis=0).sum()) for part in idle)
        every = sum(int((part > 0).all(axis=0).sum()) for part in idle if part.size)
        offered = sum(float(scarce_hours(plan)[:, :reported].sum()) for plan in plans)
        share = percent(sum(float(part.sum()) for part in idle) / offered)
        line = (
            f"of {count} have hours of some kind idle, {every} of all kinds; {share} of all hours"
        )
        cards.append(Card("Region-years with idle hours", str(some), line))
    used = [utilisation(plan)[:, :reported] for plan in plans]
    known = sum(int(np.isfinite(part).sum()) for part in used)
    if known:
        spare = [part < 1 - IDLE for part in used]
        some = sum(int(part.any(axis=0).sum()) for part in spare)
        line = f"of {count}; {sum(int(p.sum()) for p in spare):,} of {known:,} industry-years"
        cards.append(Card("Region-years with idle capacity", str(some), line))
    return cards


def _proof_card(view: View) -> Card:
    verdict, solution = view.solution.verdict, view.solution
    rows, columns = solution.compiled.program.shape
    seconds = solution.seconds.get("solve")
    line = (
        f"largest of residuals and gap: primal {verdict.primal_residual:.0e}, dual "
        f"{verdict.dual_residual:.0e}, gap {verdict.relative_gap:.0e}; {rows:,} rows × "
        f"{columns:,} columns, {solution.point.solver}"
    )
    time = f", {number(seconds, 1)} s" if seconds else ""
    return Card("Verified to", f"{verdict.worst:.0e}", line + time)


def consumption(view: View) -> Section:
    """Paths of household consumption."""
    paths = view.households
    name, title = "consumption", "Household consumption"
    if paths.empty:
        return Section(name, title, [Text("This economy has no household consumption of its own.")])
    index = paths.div(paths[view.base_year], axis=0)
    drawn = [region for region in view.drawn if region in index.index]
    figure = line_figure(region_lines(view, index, ".3f"), ".2f")
    caption = f"Consumption of households, {view.base_year} = 1, at base-year prices."
    chart = Figures(caption + view.drawn_note, [figure], region_key(view, drawn))
    return Section(name, title, [chart, _consumption_table(view)])


def _consumption_table(view: View) -> Table:
    paths, people = view.households, population(view)
    amounts = Amounts(view.economy.unit, paths.to_numpy().ravel())
    rows = [(view.label(r), paths.loc[r], people.get(str(r), np.nan)) for r in paths.index]
    if len(paths) > 1:
        rows.append((view.whole, paths.sum(), sum(people.values()) if people else np.nan))
    years = view.last - view.base_year
    cells = []
    for name, path, heads in rows:
        then, now = path[view.base_year], path[view.last]
        growth = [percent(now / then - 1, "+"), percent((now / then) ** (1 / years) - 1, "+")]
        a_head = [number(then / heads * 1000, 0)] if people else []
        cells.append([name, amounts.show(then), amounts.show(now), *growth, *a_head])
    head = ["", str(view.base_year), str(view.last), "Change", "A year"]
    caption = f"{capital(amounts.unit)}, base-year prices."
    if people:
        head.append(f"A head, {view.base_year}")
        caption += f" A head: {view.economy.currency} per person of the population."
    return table(caption, head, cells, totals=len(rows) - len(paths))


def population(view: View) -> dict[str, float]:
    """Thousand persons by region; empty unless known for all, and money counted in millions."""
    persons = view.economy.persons
    if persons is None or not view.economy.unit.startswith("million "):
        return {}
    known = persons[persons["measure"] == "population"].set_index("region")["value"]
    found = {region: float(known[region]) for region in view.regions if region in known.index}
    return found if len(found) == len(view.regions) else {}
