"""binding: what each limit is worth in all, so that limits can be ranked."""

import numpy as np
import pandas as pd
import pytest

import planboard as pb
from economies import CLOSE

TOTAL = "total"


def of(solution: pb.Solution, kind: str) -> pd.DataFrame:
    found = solution.binding
    return found[found["kind"] == kind]


def test_a_capacity_is_worth_its_rent_times_what_runs_on_it(world_solution: pb.Solution) -> None:
    """Its row is activity ≤ capacity, with a bound of zero: both sides are what it limits."""
    level = world_solution.activity.set_index(["region", "activity", "year"])["value"]
    found = of(world_solution, "capacity")
    keys = pd.MultiIndex.from_frame(found[["region", "name", "year"]])
    expected = found["value"].to_numpy() * level.reindex(keys).to_numpy()
    assert len(found) > 100
    largest = expected.max()
    assert found[TOTAL].to_numpy() == pytest.approx(expected, rel=CLOSE, abs=CLOSE * largest)


def test_a_factor_is_worth_its_wage_times_its_endowment(world_solution: pb.Solution) -> None:
    found = of(world_solution, "factor")
    used = world_solution.factor_use.set_index(["region", "factor", "year"])["value"]
    keys = pd.MultiIndex.from_frame(found[["region", "name", "year"]])
    expected = found["value"].to_numpy() * used.reindex(keys).to_numpy()
    known = found[TOTAL].to_numpy() > CLOSE * found[TOTAL].max()
    assert found[TOTAL].to_numpy()[known] == pytest.approx(expected[known], rel=1e-4)


@pytest.mark.parametrize("flow", ["exports", "imports"])
def test_trade_that_does_not_pay_is_no_band(world_solution: pb.Solution, flow: str) -> None:
    """A flow of nothing has a reduced cost too, and no limit holds it."""
    found = of(world_solution, f"band of {flow}")
    most = {
        plan.outlook.region: getattr(plan.outlook, f"{flow}_most").sum(axis=0)
        for plan in world_solution.regions
    }
    products = list(world_solution.economy.product_names)
    first = world_solution.plan.years[0]
    bands = np.array(
        [
            most[region][products.index(name), year - first]
            for region, name, year in found[["region", "name", "year"]].to_numpy()
        ]
    )
    assert len(found) > 10
    assert found[TOTAL].to_numpy() == pytest.approx(found["value"].to_numpy() * bands, rel=CLOSE)
