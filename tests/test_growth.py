"""Closed forms of growth: one product that makes itself, and closed models in print."""

import numpy as np
import pytest

import planboard as pb
from economies import BASE_YEAR, CLOSE, Folder, made, rows
from planboard.plan import Assumption, Growth, Horizon, Objective, Pace, Plan

NEXT = BASE_YEAR + 1
FREE = {"growth": Growth(0.0, 0.0, 0.0), "pace": Pace(decline=1.0)}
INPUT, REQUIRED, UTILISATION, CAPACITY = 0.4, 2.0, 0.9, 100.0


def one_sector(gestation: int, depreciation: float, ordered: list[float]) -> Folder:
    """Corn from corn and plant; `ordered[g]` plant was ordered g years before the base year's end.

    A unit of corn takes `INPUT` of corn; a unit of plant takes `REQUIRED` of corn and makes
    `UTILISATION` a year.
    """
    level = UTILISATION * CAPACITY
    earlier = [
        ("W", "plant", "corn", BASE_YEAR - ago, amount) for ago, amount in enumerate(ordered) if ago
    ]
    plant = ("W", "plant", "corn", CAPACITY, depreciation, ordered[0], gestation, UTILISATION)
    tables = {
        "activity": rows("region activity level", ("W", "corn", level)),
        "supply": rows("region product activity value", ("W", "corn", "corn", level)),
        "use": rows("region product activity value", ("W", "corn", "corn", INPUT * level)),
        "capital": rows(
            "region kind activity capacity depreciation building gestation utilisation", plant
        ),
        "capital_required": rows(
            "region product kind activity value", ("W", "corn", "plant", "corn", REQUIRED)
        ),
    }
    if earlier:
        tables["under_construction"] = rows("region kind activity year value", *earlier)
    return made(tables, categories={"table": {"role": "ordered"}})


def plan(years: int, objective: Objective, horizon: Horizon) -> Plan:
    span = (NEXT, BASE_YEAR + years) if years > 1 else NEXT
    return Plan("Growth", economy="made", years=span, objective=objective, horizon=horizon, **FREE)


def growth_factor(gestation: int, depreciation: float) -> float:
    """The greatest root of  γ^g = (1 − δ) γ^(g−1) + s,  with s = u (1 − a) / κ.

    What is left over of output, (1 − a) u q_t, buys s q_t of plant, which arrives g years later:
    q_t+1 = (1 − δ) q_t + s q_t+1−g; a path q_t = γ^t solves it.
    """
    saved = UTILISATION * (1 - INPUT) / REQUIRED
    powers = np.zeros(gestation + 1)
    powers[0], powers[1] = 1.0, -(1 - depreciation)
    powers[-1] -= saved
    return float(max(root.real for root in np.roots(powers) if abs(root.imag) < 1e-12))


@pytest.mark.parametrize("depreciation", [0.0, 0.1])
@pytest.mark.parametrize("gestation", [1, 2, 3])
def test_fastest_growth_of_one_sector(gestation: int, depreciation: float) -> None:
    """Capacity after six years is γ⁶ times the base year's, if the past was on that path too."""
    factor = growth_factor(gestation, depreciation)
    saved = UTILISATION * (1 - INPUT) / REQUIRED
    ordered = [saved * CAPACITY * factor**-ago for ago in range(gestation)]
    goal = Objective(maximise="capacity", year=BASE_YEAR + 6)
    economy = one_sector(gestation, depreciation, ordered).economy()
    solution = pb.solve(economy, plan(6, goal, Horizon(provide=False)))
    assert solution.objective_in_units == pytest.approx(CAPACITY * factor**6, rel=CLOSE)
    path = solution.capacity["value"].to_numpy()
    assert path == pytest.approx(CAPACITY * factor ** np.arange(1, 7), rel=CLOSE)


RAY = Objective(maximise="plan_ray", proportions={"corn": 1.0})


@pytest.mark.parametrize("gestation", [1, 2, 3])
def test_one_year_provides_for_those_that_follow(gestation: int) -> None:
    """What can be eaten in the only year, with δ wear and n growth to provide for.

    z = (u (1 − a) − κ (n + δ)) q_1,    q_1 = (1 − δ) q_0 + v_1−g
    """
    wear, growth, ordered = 0.1, 0.03, [4.0, 5.0, 6.0][:gestation]
    first = (1 - wear) * CAPACITY + ordered[-1]
    eaten = (UTILISATION * (1 - INPUT) - REQUIRED * (growth + wear)) * first
    economy = one_sector(gestation, wear, ordered).economy()
    solution = pb.solve(economy, plan(1, RAY, Horizon(carry_on=growth)))
    assert solution.objective_in_units == pytest.approx(eaten, rel=CLOSE)


def test_two_years_at_one_level_provide_for_those_that_follow() -> None:
    """The same meal z in both years, plant built between them; with c = u (1 − a) − κ (n + δ):

    z = u (1 − a) q_1 − κ v_1,    z = c q_2,    q_2 = (1 − δ) q_1 + v_1
    so  v_1 = (u (1 − a) − c (1 − δ)) q_1 / (κ + c)
    """
    wear, growth = 0.1, 0.03
    net = UTILISATION * (1 - INPUT)
    left = net - REQUIRED * (growth + wear)
    first = (1 - wear) * CAPACITY + 5.0
    built = (net - left * (1 - wear)) * first / (REQUIRED + left)
    economy = one_sector(1, wear, [5.0]).economy()
    solution = pb.solve(economy, plan(2, RAY, Horizon(carry_on=growth)))
    eaten = left * ((1 - wear) * first + built)
    assert solution.objective_in_units == pytest.approx(eaten, rel=CLOSE)
    assert solution.building["value"].iloc[0] == pytest.approx(built, rel=CLOSE)


def test_inputs_that_lag_are_provided_for() -> None:
    """Seed of one year is next year's harvest; the year after the last sows for carry_on more.

    Two years from a harvest of h: sow a x_2, eat z; then eat z and sow a (1 + n) x_2.
        z = h − a x_2 = x_2 − a (1 + n) x_2,    so  x_2 = h / (1 + a − a (1 + n))
    """
    harvest, growth = 100.0, 0.05
    tables = {
        "activity": rows(
            "region activity level input_lag in_progress", ("W", "corn", 100, 1, harvest)
        ),
        "supply": rows("region product activity value", ("W", "corn", "corn", 100)),
        "use": rows("region product activity value", ("W", "corn", "corn", 100 * INPUT)),
    }
    economy = made(tables, categories={"table": {"role": "ordered"}}).economy()
    second = harvest / (1 + INPUT - INPUT * (1 + growth))
    solution = pb.solve(economy, plan(2, RAY, Horizon(carry_on=growth)))
    assert solution.objective_in_units == pytest.approx(harvest - INPUT * second, rel=CLOSE)


def test_hours_of_what_is_sown_after_the_last_year_are_provided_for() -> None:
    """An hour a year before for each unit: 50 in the only year, for a harvest of (1 + n) x_1.

    x_1 ≤ 50 / 1.05, though the harvest under way would be 100.
    """
    tables = {
        "activity": rows(
            "region activity level input_lag in_progress", ("W", "corn", 100, 1, 100.0)
        ),
        "supply": rows("region product activity value", ("W", "corn", "corn", 100)),
        "factor_use": rows("region factor activity value", ("W", "hours", "corn", 100)),
        "endowment": rows("region factor value", ("W", "hours", 50)),
    }
    economy = made(tables, categories={"table": {"role": "ordered"}}).economy()
    for horizon, most in ((Horizon(carry_on=0.05), 50 / 1.05), (Horizon(provide=False), 100.0)):
        found = pb.solve(economy, plan(1, RAY, horizon)).objective_in_units
        assert found == pytest.approx(most, rel=CLOSE)


@pytest.mark.parametrize(("provide", "eaten"), [(False, 112.9), (True, 12.9)])
def test_stocks_wear_and_end_no_lower_than_they_began(provide: bool, eaten: float) -> None:
    """100 in store, a tenth lost a year, and a harvest of 40 in the third: 100 × 0.9³ + 40.

    Where stocks must end as they began, 100 of it is left.
    """
    tables = {
        "activity": rows("region activity level", ("W", "corn", 40)),
        "supply": rows("region product activity value", ("W", "corn", "corn", 40)),
        "endowment": rows("region factor value", ("W", "field", 40)),
        "factor_use": rows("region factor activity value", ("W", "field", "corn", 40)),
        "stock": rows("region product value loss", ("W", "corn", 100, 0.1)),
    }
    folder = made(
        tables, products={"corn": {"storable": True}}, categories={"table": {"role": "ordered"}}
    )
    goal = Objective(maximise="plan_ray", proportions={"corn": 1.0}, year=NEXT + 2)
    idle = Assumption(quantity="endowment", factor="field", years=(NEXT, NEXT + 1), value=0.0)
    wanted = plan(3, goal, Horizon(provide=provide)).with_changes(assumption=(idle,))
    found = pb.solve(folder.economy(), wanted).objective_in_units
    assert found == pytest.approx(eaten, rel=CLOSE)


# Closed models: everything made is used to make more. ---------------------------------------------

Recipe = tuple[dict[str, float], dict[str, float]]  # What a unit of activity takes, and makes.


def closed(recipes: dict[str, Recipe], stock: dict[str, float]) -> Folder:
    """Inputs of one year give output of the next; the first year has stocks and no output."""

    def table(side: int) -> object:
        lines = [
            ("W", product, activity, amount)
            for activity, recipe in recipes.items()
            for product, amount in recipe[side].items()
        ]
        return rows("region product activity value", *lines)

    tables = {
        "activity": rows(
            "region activity level reference input_lag in_progress",
            *(("W", activity, 0, 1, 1, 0) for activity in recipes),
        ),
        "use": table(0),
        "supply": table(1),
        "stock": rows("region product value", *(("W", *item) for item in stock.items())),
    }
    products = {product: {"storable": True} for product in stock}
    return made(tables, products=products, categories={"delivered": {"role": "ordered"}})


def longest(folder: Folder, proportions: dict[str, float], years: int) -> float:
    """How much can be delivered in the last year, in the proportions."""
    goal = Objective(maximise="plan_ray", proportions=proportions, year=BASE_YEAR + years)
    solution = pb.solve(folder.economy(), plan(years, goal, Horizon(provide=False)))
    return solution.objective_in_units


CHICKENS = {
    "laying": ({"chicken": 1.0}, {"chicken": 1.0, "egg": 12.0}),
    "hatching": ({"chicken": 1.0, "egg": 4.0}, {"chicken": 5.0}),
}


@pytest.mark.parametrize("years", [2, 5])
def test_chickens_and_eggs_grow_threefold(years: int) -> None:
    """Gale (1960), The Theory of Linear Economic Models: the growth factor is 3.

    On the ray half of the chickens lay and half hatch: 2 chickens and 4 eggs become 6 and 12. No
    stock does better: at 6 eggs for a chicken neither activity makes more than thrice its inputs.
    """
    flock = closed(CHICKENS, {"chicken": 2.0, "egg": 4.0})
    found = longest(flock, {"chicken": 1.0, "egg": 2.0}, years)
    assert found == pytest.approx(2 * 3.0 ** (years - 1), rel=CLOSE)


LAGGED = {
    "first": ({"first": 0.2, "second": 0.3}, {"first": 1.0}),
    "second": ({"first": 0.4, "second": 0.1}, {"second": 1.0}),
}


@pytest.mark.parametrize("years", [2, 6])
def test_dynamic_leontief_model_doubles_on_its_ray(years: int) -> None:
    """The dynamic Leontief system with a lag of a year: factor 2, the ray 4:3.

    A (4, 3) = (2, 1.5): half of what is made makes it again, so that output doubles every year.
    """
    economy = closed(LAGGED, {"first": 2.0, "second": 1.5})
    found = longest(economy, {"first": 4.0, "second": 3.0}, years)
    assert found == pytest.approx(2.0 ** (years - 2), rel=CLOSE)


def test_dynamic_leontief_model_does_worse_beside_its_ray() -> None:
    """The same value of stocks (at the ray's prices, 1 each) in other proportions yields less."""
    economy = closed(LAGGED, {"first": 1.0, "second": 2.5})
    assert longest(economy, {"first": 4.0, "second": 3.0}, 6) < 16 * (1 - CLOSE)
