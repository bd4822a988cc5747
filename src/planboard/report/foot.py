"""What the plan takes for granted, where its numbers come from, and how it was verified."""

from planboard.compile.outlooks import government_growth, rate
from planboard.plan import Assumption
from planboard.report.blocks import Block, Points, Row, Section, Table, Text, table, words
from planboard.report.imputed import imputed_blocks
from planboard.report.orders import selection_words
from planboard.report.prices import NOT_UNIQUE
from planboard.report.view import View
from planboard.report.words import counted, listing, number, percent

TAKEN = {"labour": 0.005, "productivity": 0.01}  # Where the plan is silent.


def assumptions(view: View) -> Section:
    """Everything that the plan takes for granted."""
    blocks = [_growth_table(view), Points(rules(view)), *_set_otherwise(view)]
    return Section("assumptions", "What the plan takes for granted", blocks)


def _growth_table(view: View) -> Table:
    growth = view.plan.growth
    rows = [
        [
            view.label(region),
            *(percent(rate(getattr(growth, k), region, v), "+", 2) for k, v in TAKEN.items()),
            percent(government_growth(view.economy, view.plan, region), "+", 2),
        ]
        for region in view.regions
    ]
    head = ["", "Hours that people offer", "Output per hour", "Government and other given use"]
    return table("Growth a year, in every year of the plan.", head, rows)


def rules(view: View) -> list[str]:
    """The plan's rules, a sentence for each."""
    return [*_trade_rules(view), *_pace_rules(view), *_horizon_rules(view), *_use_rules(view)]


def _trade_rules(view: View) -> list[str]:
    trade = view.plan.trade
    if not any(o.exports_most.any() or o.imports_most.any() for o in view.outlooks):
        return ["Nothing is traded: the accounts know no trade that the plan could carry on."]
    over = "over all years together" if trade.balance == "plan" else "every year"
    rules = [
        f"Exports and imports of a product are at most {percent(trade.band, digits=0)} above their "
        f"base-year flow, grown by {percent(trade.growth)} a year; there is no floor.",
        f"A region with a trade deficit may run {number(trade.deficit)} times its base-year "
        f"deficit, grown; one with a surplus keeps at least {number(trade.surplus_kept)} of it, "
        f"grown. This holds {over}.",
    ]
    if view.economy.coverage != "world":
        rules.append("Regions outside the plan buy and sell within these bands at base-year terms.")
    return rules


def _pace_rules(view: View) -> list[str]:
    pace = view.plan.pace
    shrinks = (
        "An industry may shrink without limit."
        if pace.decline >= 1
        else f"An industry shrinks by at most {percent(pace.decline)} a year."
    )
    grows = (
        "Its growth is not limited by a pace."
        if pace.growth is None
        else f"It grows by at most {percent(pace.growth)} a year."
    )
    return [f"{shrinks} {grows}"]


def _horizon_rules(view: View) -> list[str]:
    horizon, beyond = view.plan.horizon, view.plan.horizon.years_beyond
    solved = (
        f"{counted(beyond, 'year')} beyond {view.last} {'is' if beyond == 1 else 'are'} solved and "
        "not reported, so that the end of the plan does not bend the years shown."
        if beyond
        else f"No years beyond {view.last} are solved: the last years lean on the rule for the end."
    )
    left = (
        f"The last year solved builds for growth of {percent(horizon.carry_on)} a year after it, "
        "and stocks end no lower than they began; its utility stands for all years that follow."
        if horizon.provide
        else "Nothing is asked for the years after the plan."
    )
    return [solved, left, *horizon_effect_words(view)]


def horizon_effect_words(view: View) -> list[str]:
    """How much another horizon would move the last year, where that was looked into."""
    effect = view.horizon
    if effect is None:
        return []
    kept, other = (
        counted(years, "year") if years else "no year"
        for years in (effect.years_beyond, effect.other_years_beyond)
    )
    most = f", {view.label(effect.region)} most ({percent(effect.largest, '+')})"
    return [
        f"Solved with {other} beyond the last instead of {kept}, household consumption of "
        f"{effect.year} would change by {percent(effect.overall, '+')}"
        f"{most if len(view.regions) > 1 else ''}."
    ]


def _use_rules(view: View) -> list[str]:
    plan, rules = view.plan, []
    if not view.households.empty:
        falls = "may fall" if plan.consumption.may_fall else "may not fall"
        rules.append(
            f"Household consumption of the first year is at least {number(plan.consumption.floor)} "
            f"times that of {view.base_year}, and {falls} from one year to the next."
        )
    rules.append(
        "Capacity can be added to; what is ordered is productive after its gestation."
        if plan.building.allowed
        else "Nothing may be built: capacity stays, and capital formation is a given use."
    )
    if view.economy.with_role("inventories"):
        rules.append(
            "Inventories of the base year are phased out by the last year."
            if plan.inventories.phase_out
            else "Inventories stay as they were in the base year."
        )
    return rules


def _set_otherwise(view: View) -> list[Block]:
    """Single assumptions, markets, lines and embargoes of the plan file."""
    told = [*_markets(view), *_lines(view), *_embargoes(view)]
    also: list[Block] = [Points(told)] if told else []
    if not view.plan.assumption:
        return [Text("No single assumption was set otherwise than by default."), *also]
    rows = [_assumption_row(view, assumption) for assumption in view.plan.assumption]
    head = ["Assumption", "Set to", "Issued by", "Because"]
    return [table("Set otherwise than by default.", head, rows), *also]


def _assumption_row(view: View, assumption: Assumption) -> Row:
    if assumption.value is not None:
        value = f"{assumption.value:,.10g}"
    elif assumption.add is not None:
        value = f"{assumption.add:+,.10g} on the default"
    else:
        value = f"{assumption.change} on the default"
    gives = "; may give way" if assumption.may_give_way else ""
    what = f"{assumption.quantity.replace('_', ' ')}{selection_words(view, assumption)}"
    reasons = (assumption.issued_by or "not said", assumption.because or "not said")
    return [words(what), words(value + gives), *map(words, reasons)]


def _markets(view: View) -> list[str]:
    return [
        f"Market “{market.name}”: {listing(view.labels(market.region))}"
        + (f"; {listing(view.labels(market.product))}" if market.product else "; all products")
        + (f"; band {percent(market.band, digits=0)}" if market.band is not None else "")
        for market in view.plan.market
    ]


def _lines(view: View) -> list[str]:
    return [
        f"Treaty “{line.name}”: {view.label(line.seller)} sells "
        f"{listing(view.labels(line.product))} to {view.label(line.buyer)}, "
        f"at least {line.at_least:,.10g}"
        + (f" and at most {line.at_most:,.10g}" if line.at_most is not None else "")
        + f" a year, at {number(line.price)} times base-year prices."
        for line in view.plan.line
    ]


def _embargoes(view: View) -> list[str]:
    return [
        f"Embargo on sales from {listing(view.labels(embargo.seller))} to "
        f"{listing(view.labels(embargo.buyer))}: "
        + (listing(view.labels(embargo.product)) if embargo.product else "all products")
        + (f", {listing([str(year) for year in embargo.years])}" if embargo.years else "")
        + ("; flows may take another way." if embargo.rerouting else ".")
        for embargo in view.plan.embargo
    ]


def sources(view: View) -> Section:
    """Where the numbers come from, and what was done to them."""
    economy = view.economy
    facts = [
        f"Economy: {economy.title} ({economy.name}).",
        f"Source: {economy.source}.",
        f"Licence: {economy.licence}.",
        f"Unit: {economy.unit}, {economy.price_basis} prices of {economy.base_year}.",
    ]
    if economy.attribution:
        facts.insert(2, f"Attribution: {economy.attribution}")
    blocks: list[Block] = [Points(facts)]
    if economy.notes:
        told = "What is imputed, derived or assumed in these accounts:"
        blocks += [Text(told), Points(economy.notes)]
    blocks += imputed_blocks(economy)
    if economy.history:
        steps = [": ".join(str(part) for part in step.values()) for step in economy.history]
        blocks += [Text("What was done to the published tables:"), Points(steps)]
    return Section("sources", "Sources", [*blocks, *_codes(view)])


def _codes(view: View) -> list[Table]:
    """Codes with their full names, where they differ."""
    known = dict.fromkeys(
        [*view.regions, *view.economy.product_names, *view.economy.activity_names]
    )
    rows = [[words(code), words(view.label(code))] for code in known if view.label(code) != code]
    return [table("Codes and full names.", ["Code", "Name"], rows)] if rows else []


def verification(view: View) -> Section:
    """The numbers that show the plan to be optimal."""
    solution = view.solution
    verdict, program = solution.verdict, solution.compiled.program
    rows, columns = program.shape
    facts = [
        ["Primal residual", f"{verdict.primal_residual:.1e}"],
        ["Dual residual", f"{verdict.dual_residual:.1e}"],
        ["Relative gap", f"{verdict.relative_gap:.1e}"],
        ["Objective", f"{solution.objective_in_units:,.8g}"],
        ["Objective of the program, minimised and scaled", f"{solution.objective:.10g}"],
        ["Rows, columns, nonzeros", f"{rows:,}, {columns:,}, {program.matrix.nnz:,}"],
        ["Solver", solution.point.solver],
        *([f"Time to {name}", f"{seconds:.2f} s"] for name, seconds in solution.seconds.items()),
    ]
    intro = (
        "The solver proposes; these numbers decide. They were recomputed from the program and the "
        f"answer alone. Unit of the objective: {solution.objective_unit}."
    )
    blocks: list[Block] = [Text(intro), table("", ["", ""], facts), Text(NOT_UNIQUE)]
    return Section("verification", "Verification", blocks)
