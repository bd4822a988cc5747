"""Published results, to the digits in print, through the public API: an economy folder and a plan.

Compared are objective values and prices that are unique, never the path of a degenerate plan.
"""

import numpy as np
import pytest

import planboard as pb
from economies import Folder, made, rows, table_of
from planboard.plan import Assumption, Growth, Horizon, Objective, Order, Pace, Plan

PRINTED = 1e-6  # Relative: the sources print seven digits or more.
FREE = {
    "growth": Growth(0.0, 0.0, 0.0),
    "pace": Pace(decline=1.0),
    "horizon": Horizon(provide=False),
}


def matrix(columns: tuple[str, ...], **lines: tuple[float, ...]) -> dict[str, dict[str, float]]:
    """A printed table: a line for each name, under the heads of its columns."""
    return {name: dict(zip(columns, line, strict=True)) for name, line in lines.items()}


# Williams, Model Building in Mathematical Programming (5th ed. 2013), problem 12.9 "Economic
# planning"; also SAS/OR example mpex09. Inputs of year t give output in t + 1, inputs to capacity
# in year t permanent capacity in t + 2. Year 0 has stocks and no production: it is the first plan
# year, 2000, so that Williams's year t is 2000 + t.

INDUSTRIES = ("coal", "steel", "transport")
FINAL_DEMAND = (60.0, 60.0, 30.0)
PRODUCTION = matrix(
    INDUSTRIES,
    coal=(0.1, 0.5, 0.4),
    steel=(0.1, 0.1, 0.2),
    transport=(0.2, 0.1, 0.2),
    manpower=(0.6, 0.3, 0.2),
)
CAPACITY = matrix(
    INDUSTRIES,
    coal=(0.0, 0.7, 0.9),
    steel=(0.1, 0.1, 0.2),
    transport=(0.2, 0.1, 0.2),
    manpower=(0.4, 0.2, 0.1),
)
STATIC_PRODUCTION = (166.397, 105.668, 92.308)


def products_only(table: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    return {name: line for name, line in table.items() if name != "manpower"}


def manpower_only(table: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    return {"manpower": table["manpower"]}


@pytest.fixture(scope="module")
def williams() -> pb.Economy:
    required = table_of("UK", "region product activity value", products_only(CAPACITY))
    building = table_of("UK", "region factor activity value", manpower_only(CAPACITY))
    tables = {
        "activity": rows(
            "region activity level reference input_lag in_progress",
            *(("UK", name, 0, 1, 1, 0) for name in INDUSTRIES),
        ),
        "supply": table_of("UK", "region product activity value", {i: {i: 1} for i in INDUSTRIES}),
        "use": table_of("UK", "region product activity value", products_only(PRODUCTION)),
        "factor_use": table_of("UK", "region factor activity value", manpower_only(PRODUCTION)),
        "factor_use_building": building.assign(kind="plant"),
        "endowment": rows("region factor value", ("UK", "manpower", 470)),
        "stock": rows(
            "region product value", *zip(["UK"] * 3, INDUSTRIES, (150, 80, 100), strict=True)
        ),
        "capital": rows(
            "region activity kind capacity depreciation gestation",
            *(
                ("UK", i, "plant", c, 0, 2)
                for i, c in zip(INDUSTRIES, (300, 350, 280), strict=True)
            ),
        ),
        "capital_required": required.assign(kind="plant"),
    }
    return made(
        tables,
        base_year=1999,
        products={name: {"unit": "million pounds", "storable": True} for name in INDUSTRIES},
        categories={"final demand": {"role": "ordered"}},
        factors={"manpower": {"unit": "million pounds", "role": "labour"}},
    ).economy()


def static_production() -> np.ndarray:
    inputs = np.array([list(PRODUCTION[name].values()) for name in INDUSTRIES])
    return np.linalg.solve(np.eye(3) - inputs, FINAL_DEMAND)


def williams_plan(objective: Objective, *, demand: bool = True, limited: bool = True) -> Plan:
    """Production of year 6 at least the static one; no capacity arrives in years 6 and 7."""
    wanted = [
        Order(
            id=f"{i} wanted", quantity="final_use", product=i, years=(2001, 2005), at_least=amount
        )
        for i, amount in zip(INDUSTRIES, FINAL_DEMAND, strict=True)
    ]
    after = [
        Order(id=f"{i} after", quantity="output", product=i, year=2006, at_least=float(amount))
        for i, amount in zip(INDUSTRIES, static_production(), strict=True)
    ]
    late = Order(id="too late", quantity="building", years=(2004, 2006), at_most=0.0)
    plenty = Assumption(quantity="endowment", factor="manpower", value=1e5)
    return Plan(
        "Economic planning",
        economy="made",
        years=(2000, 2006),
        objective=objective,
        order=(*(wanted if demand else ()), *after, late),
        assumption=() if limited else (plenty,),
        **FREE,
    )


def test_williams_static_production() -> None:
    """Table of the solution: the production that sustains final demand."""
    assert static_production() == pytest.approx(STATIC_PRODUCTION, rel=1e-5)


def test_williams_greatest_capacity_in_year_5(williams: pb.Economy) -> None:
    plan = williams_plan(Objective(maximise="capacity", year=2005))
    assert pb.solve(williams, plan).objective_in_units == pytest.approx(2141.875197, rel=PRINTED)


def test_williams_greatest_production_in_years_4_and_5(williams: pb.Economy) -> None:
    plan = williams_plan(Objective(maximise="output", years=(2004, 2005)), demand=False)
    assert pb.solve(williams, plan).objective_in_units == pytest.approx(2618.579115, rel=PRINTED)


def test_williams_greatest_manpower(williams: pb.Economy) -> None:
    """Counted over the years 1 to 5, the limit on manpower dropped."""
    plan = williams_plan(Objective(maximise="hours", years=(2001, 2005)), limited=False)
    assert pb.solve(williams, plan).objective_in_units == pytest.approx(2450.026623, rel=PRINTED)


# P. Cockshott, 5yearplan: the worked example of its documentation and its bundled files. Capital of
# each kind is bound to its industry; the sum over years of the least fulfilment is maximised. Year
# 1 works with the stated stocks: what wears out before it is replaced by the base year's building.

GOODS = ("iron", "coal", "corn", "bread")
FLOWS = matrix(
    GOODS, iron=(0.1, 0, 0, 0), coal=(2, 1, 0.04, 0.2), corn=(0, 0, 1, 1), bread=(0, 0, 0, 0)
)
WORKERS = matrix(GOODS, labour=(0.3, 1, 2, 0.1))
STOCKS = matrix(GOODS, iron=(10, 7, 1.4, 1), coal=(2, 1, 0.04, 0.1), corn=(0, 0, 1, 0))
WEAR = matrix(GOODS, iron=(0.07, 0.07, 0.07, 0.06), coal=(0.5,) * 4, corn=(0, 0, 0.5, 0))
TARGETS = {  # iron, coal, bread (none for corn), labour
    2001: (0.1, 3, 2.0, 3.0),
    2002: (0.1, 3, 2.01, 3.01),
    2003: (0.1, 3, 2.02, 3.02),
    2004: (0.1, 3.1, 2.1, 3.03),
    2005: (0.1, 3.1, 2.1, 3.07),
}


def cockshott(coal: float) -> Folder:
    """The economy, with the output of coal that its flows and stocks are for."""
    output = {"iron": 10.0, "coal": coal, "corn": 10.0, "bread": 1.0}
    kept = [(k, j) for k, line in STOCKS.items() for j, amount in line.items() if amount]
    tables = {
        "activity": rows("region activity level", *(("P", j, output[j]) for j in GOODS)),
        "supply": table_of(
            "P", "region product activity value", {j: {j: output[j]} for j in GOODS}
        ),
        "use": table_of("P", "region product activity value", FLOWS),
        "factor_use": table_of("P", "region factor activity value", WORKERS),
        "endowment": rows("region factor value", ("P", "labour", 3.0)),
        "capital": rows(
            "region kind activity capacity depreciation building",
            *(("P", k, j, output[j], WEAR[k][j], WEAR[k][j] * output[j]) for k, j in kept),
        ),
        "capital_required": rows(
            "region product kind activity value",
            *(("P", k, k, j, STOCKS[k][j] / output[j]) for k, j in kept),
        ),
    }
    return made(
        tables,
        categories={"target": {"role": "ordered"}},
        factors={"labour": {"unit": "workers", "role": "labour"}},
    )


def cockshott_plan() -> Plan:
    wanted = {
        name: {str(year): float(line[place]) for year, line in TARGETS.items()}
        for place, name in enumerate(("iron", "coal", "bread"))
    }
    workers = [
        Assumption(quantity="endowment", factor="labour", year=year, value=float(line[3]))
        for year, line in TARGETS.items()
    ]
    return Plan(
        "Five-year plan",
        economy="made",
        years=(2001, 2005),
        objective=Objective(maximise="plan_ray", by_year=True, proportions=wanted),
        assumption=tuple(workers),
        **FREE,
    )


@pytest.mark.parametrize(("coal", "printed"), [(6, 8.797299129), (5, 7.33645)])
def test_cockshott_five_year_plan(coal: float, printed: float) -> None:
    solution = pb.solve(cockshott(coal).economy(), cockshott_plan())
    assert solution.objective_in_units == pytest.approx(printed, rel=PRINTED)


def test_cockshott_fulfilment_by_year() -> None:
    """The least ratio of what is delivered to what was the target, year by year."""
    solution = pb.solve(cockshott(6).economy(), cockshott_plan())
    given = solution.material_balances.query("entry == 'target'").set_index(["product", "year"])
    least = [
        min(
            -given.value[name, year] / line[place]
            for place, name in enumerate(("iron", "coal", "bread"))
        )
        for year, line in TARGETS.items()
    ]
    printed = (0.5, 2.0618666, 2.039321, 1.986849, 2.2092624)
    assert least == pytest.approx(printed, rel=PRINTED)


# L.V. Kantorovich (1939), in English in Management Science 6 (4), 1960: milling machines, turret
# lathes and an automatic make two parts, as many of the one as of the other.

MACHINES = {"milling": (3, 10, 20), "turret": (3, 20, 30), "automatic": (1, 30, 80)}


def kantorovich() -> Folder:
    parts = ("first", "second")
    ways = [
        (f"{machine} {part}", machine, part, MACHINES[machine][1 + place])
        for machine in MACHINES
        for place, part in enumerate(parts)
    ]
    tables = {
        "activity": rows(
            "region activity level reference", *(("K", way, 0, 1) for way, *_ in ways)
        ),
        "supply": rows(
            "region product activity value",
            *(("K", part, way, made) for way, _, part, made in ways),
        ),
        "factor_use": rows(
            "region factor activity value", *(("K", machine, way, 1) for way, machine, *_ in ways)
        ),
        "endowment": rows(
            "region factor value", *(("K", m, line[0]) for m, line in MACHINES.items())
        ),
    }
    factors = {machine: {"unit": "machine day"} for machine in MACHINES}
    return made(tables, categories={"sets": {"role": "ordered"}}, factors=factors, unit="part")


@pytest.fixture(scope="module")
def machines() -> pb.Solution:
    goal = Objective(maximise="plan_ray", proportions={"first": 1.0, "second": 1.0})
    plan = Plan("Plywood trust", economy="made", years=2001, objective=goal)
    return pb.solve(kantorovich().economy(), plan)


def test_kantorovich_sets_per_day(machines: pb.Solution) -> None:
    assert machines.objective_in_units == pytest.approx(260 / 3, rel=PRINTED)


def test_kantorovich_part_prices(machines: pb.Solution) -> None:
    """Objectively determined valuations, in sets."""
    prices = machines.prices.set_index("product")["value"]
    assert prices["first"] == pytest.approx(2 / 3, rel=PRINTED)
    assert prices["second"] == pytest.approx(1 / 3, rel=PRINTED)


def test_kantorovich_value_of_a_machine_day(machines: pb.Solution) -> None:
    values = machines.wages.set_index("factor")["value"]
    printed = {"milling": 20 / 3, "turret": 40 / 3, "automatic": 80 / 3}
    assert dict(values) == pytest.approx(printed, rel=PRINTED)


# Miller and Blair (2009), Input-Output Analysis, 2nd ed., chapter 2, Table 2.3 and after; printed
# to four or six digits, which is how far they are compared.

SECTORS = ("agriculture", "manufacturing")
TRANSACTIONS = matrix(SECTORS, agriculture=(150, 500), manufacturing=(200, 100))
GROSS_OUTPUT = {"agriculture": 1000.0, "manufacturing": 2000.0}


def miller_blair() -> Folder:
    """Hours stand for the cost of labour: 0.30 and 0.25 of output, value added 0.65 and 0.70."""
    labour = {"agriculture": 300.0, "manufacturing": 500.0}
    others = {"agriculture": 350.0, "manufacturing": 900.0}
    tables = {
        "activity": rows("region activity level", *(("W", j, x) for j, x in GROSS_OUTPUT.items())),
        "supply": table_of(
            "W", "region product activity value", {j: {j: x} for j, x in GROSS_OUTPUT.items()}
        ),
        "use": table_of("W", "region product activity value", TRANSACTIONS),
        "factor_use": table_of("W", "region factor activity value", {"labour": labour}),
        "value_added": table_of(
            "W", "region item activity value", {"labour": labour, "others": others}
        ),
    }
    return made(
        tables,
        categories={"final demand": {"role": "ordered"}},
        factors={"labour": {"unit": "hours", "role": "labour"}},
    )


def miller_blair_plan(demand: dict[str, float], **sections: object) -> Plan:
    orders = [
        Order(id=name, quantity="final_use", product=name, at_least=amount)
        for name, amount in demand.items()
    ]
    goal = Objective(minimise="hours")
    still = Growth(0.0, 0.0, 0.0)
    return Plan("Demand", economy="made", years=2001, objective=goal, growth=still, order=orders,
                pace=Pace(decline=1.0), **sections)  # fmt: skip


def test_miller_blair_output_for_new_demand() -> None:
    plan = miller_blair_plan({"agriculture": 600.0, "manufacturing": 1500.0})
    output = pb.solve(miller_blair().economy(), plan).output["value"]
    assert list(output) == pytest.approx([1247.52, 1841.58], rel=1e-5)


@pytest.mark.parametrize(("sector", "column"), [(0, (1.2541, 0.2640)), (1, (0.3300, 1.1221))])
def test_miller_blair_leontief_inverse(sector: int, column: tuple[float, float]) -> None:
    plan = miller_blair_plan({SECTORS[sector]: 1.0})
    output = pb.solve(miller_blair().economy(), plan).output["value"]
    assert list(output) == pytest.approx(column, abs=5e-5)


def test_miller_blair_prices_when_labour_costs_30_percent_more() -> None:
    dearer = Assumption(quantity="factor_use", factor="labour", change="+30%")
    plan = miller_blair_plan({"agriculture": 600.0, "manufacturing": 1500.0}, assumption=(dearer,))
    prices = pb.solve(miller_blair().economy(), plan).cost_prices["value"]
    assert list(prices) == pytest.approx([1.1327, 1.1139], abs=5e-5)
