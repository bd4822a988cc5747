"""Trade: bands, embargoes, lines and blocs hold in the plan and in what is derived from it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

import planboard as pb
from economies import BASE_YEAR, CLOSE, EXACT, Folder, Shape, folders, random_folder
from planboard.plan import Embargo, Growth, Line, Market, Plan, Trade

YEARS = (BASE_YEAR + 1, BASE_YEAR + 3)
SELLER, BUYER, THIRD = "north", "south", "west"


def solved(economy: pb.Economy, **sections: object) -> pb.Solution:
    return pb.solve(economy, Plan("Trade", economy="made", years=YEARS, **sections))


def base_flows(folder: Folder) -> "pd.Series[float]":
    table = folder.tables["trade"]
    return table.set_index(["origin", "destination", "product"])["value"]


def flow(solution: pb.Solution, origin: str, destination: str, product: str) -> "pd.Series[float]":
    """A derived bilateral flow by year, zero where there is none."""
    found = solution.trade.set_index(["origin", "destination", "product", "year"])["value"]
    years = solution.plan.years
    return pd.Series({y: found.get((origin, destination, product, y), 0.0) for y in years})


@pytest.fixture(scope="module")
def three() -> Folder:
    """Three regions that trade everything with each other."""
    return random_folder(Shape(regions=3, products=3, is_joint=False, seed=7))


@given(folders((2, 3)))
def test_trade_stays_within_its_bands(folder: Folder) -> None:
    """Band 0.1 on flows that grow by 2 % a year."""
    solution = solved(folder.economy(), trade=Trade(band=0.1, growth=0.02))
    base = base_flows(folder)
    sides = {
        "exports": base.groupby(["origin", "product"]),
        "imports": base.groupby(["destination", "product"]),
    }
    for name, groups in sides.items():
        found = getattr(solution, name)
        most = groups.sum().reindex(list(zip(found["region"], found["product"], strict=True)))
        most = most.to_numpy() * 1.1 * 1.02 ** (found["year"] - BASE_YEAR)
        assert (found["value"] <= most * (1 + CLOSE)).all()


def one_way(folder: Folder) -> tuple[Folder, Folder]:
    """North only sells a product to south; and the same told by its negative."""
    table = folder.tables["trade"]
    product = table["product"].iloc[0]
    back = (table["origin"] == BUYER) & (table["destination"] == SELLER)
    table = table[~(back & (table["product"] == product))]
    told = (table["origin"] == SELLER) & (table["destination"] == BUYER)
    told &= table["product"] == product
    assert told.sum() == 1
    turned = table.rename(columns={"origin": "destination", "destination": "origin"})[told]
    turned = turned.assign(value=-turned["value"])
    opposite = pd.concat([table[~told], turned[list(table)]])
    return tuple(
        replace(folder, tables={**folder.tables, "trade": trade}) for trade in (table, opposite)
    )


def test_a_flow_below_zero_is_one_of_the_other_direction(three: Folder) -> None:
    """Bulgaria sells less than nothing of mining products in WIOD 2013 of 2006: it bought them."""
    growth = Growth(productivity={SELLER: 0.0, BUYER: 0.05, THIRD: 0.02})
    plain, opposite = (solved(folder.economy(), growth=growth) for folder in one_way(three))
    assert opposite.objective == pytest.approx(plain.objective, abs=CLOSE)
    product = three.tables["trade"]["product"].iloc[0]
    assert (flow(opposite, SELLER, BUYER, product) > 0).all()
    for name in ("exports", "imports", "cost_prices"):
        found, expected = getattr(opposite, name)["value"], getattr(plain, name)["value"]
        assert found.to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-4, rel=1e-4)


def assert_flows_add_up(solution: pb.Solution) -> None:
    """Bilateral flows add up to the gross ones, and nothing is bought that nobody sells."""
    size = solution.exports["value"].max()
    for name, side in (("exports", "origin"), ("imports", "destination")):
        gross = getattr(solution, name).set_index(["region", "product", "year"])["value"]
        added = solution.trade.groupby([side, "product", "year"])["value"].sum()
        added = added.reindex(gross.index, fill_value=0.0)
        assert added.to_numpy() == pytest.approx(gross.to_numpy(), abs=CLOSE * size)
    sold, bought = (
        t.groupby(["product", "year"])["value"].sum() for t in (solution.exports, solution.imports)
    )
    assert (sold >= bought - CLOSE * size).all()


@pytest.mark.parametrize(("regions", "seed"), [(2, 7), (3, 0)])
def test_bilateral_flows_of_small_worlds_add_up(regions: int, seed: int) -> None:
    """Also where one region trades with all others."""
    folder = random_folder(Shape(regions, products=2, is_joint=False, seed=seed))
    assert_flows_add_up(solved(folder.economy()))


def test_bilateral_flows_of_the_world_add_up(world_solution: pb.Solution) -> None:
    assert_flows_add_up(world_solution)


@given(folders((2, 3)))
def test_derived_trade_keeps_the_net_that_was_solved(folder: Folder) -> None:
    solution = solved(folder.economy())
    solved_net = np.array([p.exports.sum(axis=0) - p.imports.sum(axis=0) for p in solution.regions])
    told = solution.exports["value"] - solution.imports["value"]
    size = solution.exports["value"].max()
    assert told.to_numpy() == pytest.approx(solved_net.ravel(), abs=EXACT * size)


def test_deficits_are_kept_within_what_is_allowed(three: Folder) -> None:
    """A deficit of at most half the base year's; of a surplus at least three quarters."""
    trade = Trade(growth=0.0, deficit=0.5, surplus_kept=0.75)
    accounts = solved(three.economy(), trade=trade).accounts
    balance = accounts.query("account == 'trade balance'").set_index(["region", "year"])["value"]
    base = base_flows(three)
    surplus = base.groupby("origin").sum() - base.groupby("destination").sum()
    assert (surplus > 0).any()
    assert (surplus < 0).any()
    for (region, _), value in balance.items():
        least = surplus[region] * (0.75 if surplus[region] > 0 else 0.5)
        assert value >= least - CLOSE * abs(least)


def test_balance_over_the_plan_is_looser_than_year_by_year(three: Folder) -> None:
    economy = three.economy()
    yearly, together = (
        solved(economy, trade=Trade(band=1.0, deficit=0.9, balance=b)) for b in ("yearly", "plan")
    )
    assert together.objective_in_units > yearly.objective_in_units
    accounts = together.accounts.query("account == 'trade balance'")
    total = accounts.groupby("region")["value"].sum()
    base = base_flows(three)
    surplus = base.groupby("origin").sum() - base.groupby("destination").sum()
    grown = sum(1.03**t for t in (1, 2, 3))
    least = surplus * surplus.gt(0).map({True: 0.5, False: 0.9}) * grown
    assert (total >= least[total.index] - CLOSE * accounts["value"].abs().max()).all()


@pytest.mark.parametrize("rerouting", [False, True])
def test_an_embargo_stops_the_flow_while_it_lasts(three: Folder, rerouting: bool) -> None:
    embargo = Embargo(SELLER, BUYER, product="corn", years=(2001, 2002), rerouting=rerouting)
    economy = three.economy()
    free, cut = solved(economy), solved(economy, embargo=(embargo,))
    assert (flow(free, SELLER, BUYER, "corn") > 1e-3).all()
    stopped = flow(cut, SELLER, BUYER, "corn")
    assert (stopped[[2001, 2002]] == 0).all()
    assert stopped[2003] > 1e-3
    assert (flow(cut, BUYER, SELLER, "corn") + flow(cut, THIRD, BUYER, "corn") > 1e-3).all()
    assert cut.objective_in_units <= free.objective_in_units + 1e-6


def test_an_embargo_narrows_the_bands_unless_rerouted(three: Folder) -> None:
    """What the seller may sell in all falls by the base flow; with rerouting it does not."""
    economy, base = three.economy(), base_flows(three)
    sold = base[SELLER].groupby("product").sum()["corn"]
    for rerouting, expected in ((False, sold - base[SELLER, BUYER, "corn"]), (True, sold)):
        embargo = Embargo(SELLER, BUYER, product="corn", rerouting=rerouting)
        outlook = solved(economy, embargo=(embargo,)).compiled.outlooks[0]
        assert outlook.region == SELLER
        found = outlook.exports_most[0, economy.product_names.index("corn"), 0]
        assert found == pytest.approx(1.3 * 1.03 * expected, rel=EXACT)


def of_market(solution: pb.Solution, market: str, direction: str) -> dict[str, np.ndarray]:
    """What the plan itself sells or buys in one market: region -> (n, T)."""
    place = [terms.name for terms in solution.compiled.terms.markets].index(market)
    return {p.outlook.region: getattr(p, direction)[place] for p in solution.regions}


def test_a_line_delivers_what_it_promises(three: Folder) -> None:
    economy, base = three.economy(), base_flows(three)[SELLER, BUYER, "corn"]
    line = Line("treaty", SELLER, BUYER, "corn", at_least=2 * base, at_most=3 * base)
    solution = solved(economy, line=(line,))
    corn = economy.product_names.index("corn")
    sold, bought = (of_market(solution, "treaty", name) for name in ("exports", "imports"))
    assert (sold[SELLER][corn] >= 2 * base * (1 - CLOSE)).all()
    assert (sold[SELLER][corn] <= 3 * base * (1 + CLOSE)).all()
    assert bought[BUYER][corn] == pytest.approx(sold[SELLER][corn], rel=CLOSE)
    for traded, party in ((sold, SELLER), (bought, BUYER)):
        others = [values for region, values in traded.items() if region != party]
        assert not np.any(others)
        assert not np.delete(traded[party], corn, axis=0).any()
    assert (flow(solution, SELLER, BUYER, "corn") >= 2 * base * (1 - CLOSE)).all()


def test_a_bloc_clears_by_itself(three: Folder) -> None:
    """Two regions trade between themselves on a market with a band of its own."""
    economy, base = three.economy(), base_flows(three)
    bloc = Market("bloc", region=(SELLER, BUYER), band=0.5)
    solution = solved(economy, market=(bloc,))
    sold, bought = (of_market(solution, "bloc", name) for name in ("exports", "imports"))
    assert not np.any(sold[THIRD])
    assert not np.any(bought[THIRD])
    size = base.max()
    assert (sum(sold.values()) >= sum(bought.values()) - CLOSE * size).all()
    assert sum(map(np.sum, sold.values())) > size
    grown = 1.03 ** np.arange(1, 4)
    for i, product in enumerate(economy.product_names):
        most = 1.5 * base[SELLER, BUYER, product] * grown
        assert (sold[SELLER][i] <= most * (1 + CLOSE)).all()
        assert (bought[BUYER][i] <= most * (1 + CLOSE)).all()


def test_a_line_without_at_most_delivers_what_it_promises(three: Folder) -> None:
    economy, base = three.economy(), base_flows(three)[SELLER, BUYER, "corn"]
    solution = solved(economy, line=(Line("treaty", SELLER, BUYER, "corn", at_least=2 * base),))
    corn = economy.product_names.index("corn")
    sold = of_market(solution, "treaty", "exports")[SELLER][corn]
    assert (sold >= 2 * base * (1 - CLOSE)).all()
