"""compile_program: an Economy and a Plan become a LinearProgram, member by member, then joined."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planboard.compile.assumptions import check_assumptions
from planboard.compile.member import Tangents, compile_member
from planboard.compile.room import rows_of, within_room
from planboard.compile.terms import Terms, board_terms
from planboard.constraints.orders import OrderRows
from planboard.constraints.outlook import Outlook
from planboard.economy import Array, Economy
from planboard.errors import InvalidPlanError
from planboard.labels import positions
from planboard.plan import Plan
from planboard.program import LinearProgram, join

# Tangent points of the utility are whole multiples of this, as logarithms: two that nearly coincide
# would make rows that a solver can hardly tell apart. Between neighbours the logarithm is missed by
# at most 0.0025² / 8 = 8e-7.
LATTICE = 0.0025
# First tangents: baskets from a half to four times the base year's, 8 % apart, and a few below for
# plans that let consumption fall.
FIRST_STEPS = np.array([-1200, -920, -640, -420, *range(-288, 576, 32)])
FIRST_TANGENTS = np.exp(FIRST_STEPS * LATTICE)


@dataclass(frozen=True, eq=False)
class CompiledPlan:
    """The program of a plan with what it was compiled from."""

    economy: Economy
    plan: Plan
    terms: Terms
    outlooks: tuple[Outlook, ...]
    orders: tuple[OrderRows, ...]
    tangents: Tangents
    room: float | None
    program: LinearProgram


def compile_program(
    economy: Economy,
    plan: Plan,
    *,
    tangents: Tangents | None = None,
    room: float | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> CompiledPlan:
    """Compile a plan for an economy.

    Parameters
    ----------
    economy, plan
        The two vocabularies that meet here.
    tangents
        Points where the logarithm is bounded from above; by default a coarse grid.
    room
        By how much, in all and as shares of their amounts, orders may be missed; None: not at all.
    progress
        Called with the name of each member before it is compiled.

    Raises
    ------
    UnknownNameError, InvalidPlanError
        The plan names what the economy does not have, or contradicts it.
    """
    planned = economy.part(plan.regions) if plan.regions else economy
    check_plan(planned, plan)
    points = tangents if tangents is not None else first_tangents(planned, plan)
    terms = board_terms(planned, plan)
    compiled = []
    for member in terms.members:
        progress(member)
        compiled.append(compile_member(planned, plan, terms, member, points))
    program = join(terms.board, [part.program for part in compiled], terms.objective_unit)
    if room is not None:
        program = within_room(program, rows_of(program, "order"), room)
    by_region = {outlook.region: outlook for part in compiled for outlook in part.outlooks}
    outlooks = tuple(by_region[region] for region in planned.region_names)
    shared = [rows for _, rows in terms.shared_orders]
    orders = (*(rows for part in compiled for rows in part.orders), *shared)
    return CompiledPlan(planned, plan, terms, outlooks, orders, points, room, program)


def first_tangents(economy: Economy, plan: Plan) -> dict[str, dict[str, Array]]:
    """The coarse grid of tangent points for every region, category of households and year."""
    years = len(plan.solved_years)
    names = [economy.categories[c].name for c in economy.with_role("households")]
    points = np.tile(FIRST_TANGENTS, (years, 1))
    return {region: dict.fromkeys(names, points) for region in economy.region_names}


def check_plan(economy: Economy, plan: Plan) -> None:
    """Refuse a plan that starts in the past or names what the economy does not have."""
    if plan.years[0] != economy.base_year + 1:
        raise InvalidPlanError(
            f"Plan '{plan.name}' does not start in the year after the base year.",
            [
                f"first plan year: {plan.years[0]} ({plan.where('years', 'years')})",
                f"base year of '{economy.name}': {economy.base_year}",
            ],
            f"Let the years begin with {economy.base_year + 1}.",
        )
    for name in ("labour", "productivity", "government"):
        named = [region for region in getattr(plan.growth, name) if region]
        where = plan.where(f"growth.{name}", f"growth.{name}")
        for region in named:
            positions("region", [region], economy.partners, where.at(region))
    check_assumptions(plan, economy.region_names)
