"""An economy of two sectors and two regions that has something of everything, small enough to read.

Units are tonnes and hours. `home` alone stores corn, digs ore and turns mills into farms.
"""

import numpy as np

from economies import BASE_YEAR, Folder, made, rows
from planboard.compile import CompiledPlan, compile_program
from planboard.plan import Growth, Objective, Order, Pace, Plan, Trade, Wish

YEARS = (BASE_YEAR + 1, BASE_YEAR + 2)


def two_sectors() -> Folder:
    """Corn and steel: 100 and 50 made in each region, capacity as much."""
    regions = ("home", "abroad")
    tables = {
        "activity": rows(
            "region activity level",
            *((r, a, x) for r in regions for a, x in (("farm", 100), ("mill", 50))),
        ),
        "supply": rows(
            "region product activity value",
            *(
                (r, *line)
                for r in regions
                for line in (("corn", "farm", 100), ("steel", "mill", 50))
            ),
        ),
        "use": rows(
            "region product activity value",
            *(
                (r, *line)
                for r in regions
                for line in (
                    ("corn", "farm", 10),
                    ("steel", "farm", 5),
                    ("corn", "mill", 20),
                    ("steel", "mill", 10),
                )
            ),
        ),
        "trade": rows(
            "origin destination product value",
            ("home", "abroad", "corn", 10),
            ("abroad", "home", "steel", 8),
        ),
        "final_use": rows(
            "region product category value",
            ("home", "corn", "households", 50),
            ("home", "steel", "households", 20),
            ("home", "corn", "government", 5),
            ("home", "steel", "government", 5),
            ("home", "steel", "capital_formation", 13),
            ("home", "corn", "inventories", 5),
            ("home", "steel", "inventories", 5),
            ("abroad", "corn", "households", 70),
            ("abroad", "steel", "households", 12),
            ("abroad", "corn", "government", 5),
            ("abroad", "steel", "government", 3),
            ("abroad", "steel", "capital_formation", 12),
            ("abroad", "corn", "inventories", 5),
        ),
        "factor_use": rows(
            "region factor activity value",
            *((r, "hours", a, x) for r in regions for a, x in (("farm", 200), ("mill", 50))),
            ("home", "ore", "mill", 100),
            ("home", "land", "farm", 110),
        ),
        "factor_use_building": rows(
            "region factor kind activity value",
            *((r, "hours", "plant", a, 0.5) for r in regions for a in ("farm", "mill")),
        ),
        "factor_supply": rows("region factor activity value", ("home", "land", "mill", 0.25)),
        "endowment": rows(
            "region factor value",
            ("home", "hours", 260),
            ("abroad", "hours", 260),
            ("home", "ore", 300),
            ("home", "land", 120),
        ),
        "capital": rows(
            "region kind activity capacity depreciation building gestation utilisation",
            ("home", "plant", "farm", 125, 0.1, 13, 1, 0.8),
            ("home", "plant", "mill", 50, 0.1, 6, 2, 1),
            ("abroad", "plant", "farm", 100, 0.1, 11, 1, 1),
            ("abroad", "plant", "mill", 50, 0.1, 6, 1, 1),
        ),
        "under_construction": rows(
            "region kind activity year value", ("home", "plant", "mill", BASE_YEAR - 1, 5)
        ),
        "capital_required": rows(
            "region product kind activity value",
            *((r, "steel", "plant", a, 0.7) for r in regions for a in ("farm", "mill")),
        ),
        "conversion": rows(
            "region kind source target share delay", ("home", "plant", "mill", "farm", 0.6, 1)
        ),
        "conversion_required": rows(
            "region product kind source target value",
            ("home", "steel", "plant", "mill", "farm", 0.2),
        ),
        "stock": rows("region product value loss", ("home", "corn", 8, 0.05)),
    }
    return made(
        tables,
        coverage="world",
        unit="tonne",
        products={"corn": {"storable": True}, "steel": {"price": 2.0}},
        factors={
            "hours": {"unit": "hour", "role": "labour"},
            "ore": {"unit": "tonne", "exhaustible": True},
            "land": {"unit": "hectare"},
        },
    )


def plan(goal: Objective, **sections: object) -> Plan:
    orders = (
        Order(id="bread", quantity="household_consumption", region="home", product="corn",
              year=YEARS[1], at_least=55),
        Order(id="leisure", quantity="hours", change="-0%"),
    )  # fmt: skip
    return Plan(
        "Two sectors",
        economy="made",
        years=YEARS,
        objective=goal,
        growth=Growth(labour=0.01, productivity=0.02, government=0.03),
        trade=Trade(band=0.5, growth=0.1),
        pace=Pace(decline=0.2, growth=0.25),
        order=orders,
        **sections,
    )


def compiled() -> tuple[CompiledPlan, ...]:
    """Programs that have, among them, every family of rows."""
    economy = two_sectors().economy()
    coarse = {r: {"households": np.array([[0.8, 1.25]] * 2)} for r in economy.region_names}
    ray = Objective(maximise="plan_ray", proportions={"corn": 3.0, "steel": {str(YEARS[1]): 1.0}})
    wish = Wish(id="full stores", quantity="stock", region="home", product="corn", aim=20.0,
                year=YEARS[0], weight=2.0)  # fmt: skip
    return (
        compile_program(economy, plan(Objective()), tangents=coarse, room=0.5),
        compile_program(economy, plan(ray)),
        compile_program(economy, plan(Objective(minimise="deviation"), wish=(wish,))),
    )
