"""solve: the whole line in one call, from an Economy and a Plan to a verified Solution."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from time import perf_counter

import numpy as np

from planboard.compile import LATTICE, CompiledPlan, compile_program
from planboard.compile.member import Tangents
from planboard.compile.outlooks import has_log_utility
from planboard.conflict import least_room, prove_infeasible
from planboard.economy import Array, Economy
from planboard.errors import NoAnswerError, UnboundedPlanError
from planboard.labels import positions
from planboard.plan import Plan
from planboard.program import LinearProgram, Point
from planboard.solution import Solution
from planboard.solvers import AUTO, SOLVERS, Solver
from planboard.verify import TOLERANCE, Verdict, verify

UTILITY_TOLERANCE = 1e-6  # Of the logarithm, in every region and year: a millionth of consumption.
MOST_REFINEMENTS = 12
# New tangent points, as steps of `LATTICE` from the answer, nearest first.
CLOSER = np.array([0, *(sign * step for step in range(1, 13) for sign in (-1, 1))])
Progress = Callable[[str], None]


def solve(
    economy: Economy,
    plan: Plan,
    *,
    solver: str = "auto",
    tolerance: float = TOLERANCE,
    progress: Progress = lambda step: None,
) -> Solution:
    """Compile a plan, solve it, and verify the answer from the numbers.

    Parameters
    ----------
    economy, plan
        What can be done, and what is wanted.
    solver
        A name of `SOLVERS`, or "auto".
    tolerance
        The largest residual and relative gap of an answer.
    progress
        Called with a few words at every step.

    Raises
    ------
    UnknownNameError, InvalidPlanError
        The plan does not fit the economy.
    InfeasiblePlanError
        The plan is proved impossible; the error names the orders that the proof rests on.
    NoAnswerError
        The solver stopped, or its point is not optimal when verified.
    """
    name = AUTO if solver == "auto" else solver
    positions("solver", [name], list(SOLVERS))
    seconds = {"compile": 0.0, "solve": 0.0, "verify": 0.0}
    tangents: Tangents | None = None
    room = orders_room(economy, plan, SOLVERS[name], progress)
    for round_ in range(MOST_REFINEMENTS):
        with _timed(seconds, "compile"):
            progress("compiling" if round_ == 0 else "refining the utility")
            compiled = compile_program(economy, plan, tangents=tangents, room=room)
        with _timed(seconds, "solve"):
            progress(f"solving {compiled.program.shape[0]:,} rows, round {round_ + 1}")
            point = SOLVERS[name](compiled.program)
        with _timed(seconds, "verify"):
            verdict = judge(compiled, point, tolerance, name)
        tangents = refined(compiled, point)
        if tangents is None:
            return Solution(compiled, point, verdict, seconds)
    raise NoAnswerError(
        f"The utility of plan '{plan.name}' is not exact after {MOST_REFINEMENTS} refinements.",
        [],
        "Try the linear utility, or report this as a fault of Planboard.",
    )


def orders_room(economy: Economy, plan: Plan, solver: Solver, progress: Progress) -> float | None:
    """How far orders must be missed where they come first; None where they must all be met."""
    if not plan.objective.orders_first:
        return None
    progress("seeing how far the orders can be met")
    return least_room(compile_program(economy, plan), solver)


def judge(compiled: CompiledPlan, point: Point, tolerance: float, solver: str) -> Verdict:
    """The verdict on a point that holds; otherwise the error that says why there is none."""
    if "infeasible" in point.status:
        prove_infeasible(compiled, SOLVERS[solver])
    if "unbounded" in point.status:
        raise UnboundedPlanError(
            f"Plan '{compiled.plan.name}' has no bound: its objective can be pushed without end.",
            [f"objective: {compiled.plan.objective.quantity}"],
            "Limit what it uses: a factor without an endowment, an activity without capacity.",
        )
    if point.status != "optimal":
        with suppress(NoAnswerError):  # A solver may be at a loss because there is no plan.
            prove_infeasible(compiled, SOLVERS[solver])
        raise NoAnswerError(
            f"Plan '{compiled.plan.name}' was not solved.",
            [f"{point.solver} stopped with: {point.status}"],
            "Try another solver with --solver.",
        )
    verdict = verify(compiled.program, point)
    if not verdict.is_optimal(tolerance):
        raise NoAnswerError(
            f"The answer to plan '{compiled.plan.name}' is not optimal when verified.",
            [
                f"primal residual {verdict.primal_residual:.1e}, tolerance {tolerance:.0e}",
                f"dual residual   {verdict.dual_residual:.1e}",
                f"relative gap    {verdict.relative_gap:.1e}",
            ],
            "Try another solver with --solver, or a wider --tolerance.",
        )
    return verdict


def refined(compiled: CompiledPlan, point: Point) -> Tangents | None:
    """More tangents round the answer, or None where the utility is exact already."""
    if not has_log_utility(compiled.plan):
        return None
    program = compiled.program
    level, utility = (_values(program, point, name) for name in ("consumption", "utility"))
    finer: dict[str, dict[str, Array]] = {}
    is_exact = True
    for region, categories in compiled.tangents.items():
        finer[region] = {}
        for category, points in categories.items():
            finer[region][category] = points
            if (region, category) not in utility:
                continue
            f, u = level[region, category], utility[region, category]
            if (u - np.log(np.maximum(f, 1e-300))).max() > UTILITY_TOLERANCE:
                finer[region][category] = _closer(points, f)
                is_exact = False
    return None if is_exact else finer


def _closer(points: Array, answer: Array) -> Array:
    """The tangent points of every year with new ones close round its answer, on the lattice.

    Years have as many points: where one needs fewer new ones, those a little further join it.
    """
    least = points.min(axis=1) / 3  # A level of almost nothing is approached step by step.
    centre = np.rint(np.log(np.maximum(answer, least)) / LATTICE).astype(np.int64)
    known = np.rint(np.log(points) / LATTICE).astype(np.int64)
    wanted = max(len(np.setdiff1d(c + CLOSER, k)) for c, k in zip(centre, known, strict=True))
    further = np.arange(CLOSER.max() + 1, CLOSER.max() + known.shape[1] + wanted + 1)
    steps = np.concatenate([CLOSER, np.stack([-further, further], axis=1).ravel()])
    rows = []
    for c, k in zip(centre, known, strict=True):
        new = (c + steps)[~np.isin(c + steps, k)][:wanted]
        rows.append(np.sort(np.concatenate([k, new])))
    return np.asarray(np.exp(np.array(rows) * LATTICE))


def _values(program: LinearProgram, point: Point, name: str) -> Mapping[tuple[str, str], Array]:
    """Values of a family by region and category, each of shape (T,)."""
    found: dict[tuple[str, str], Array] = {}
    for family, span in program.columns.spans():
        if family.name == name:
            keys = list(zip(*(family.index.get_level_values(k) for k in (0, 1)), strict=True))
            values = point.column_value[span]
            for key in dict.fromkeys(keys):
                found[key] = values[[own == key for own in keys]]
    return found


class _timed:
    """Adds the seconds spent inside to an entry."""

    def __init__(self, seconds: dict[str, float], key: str) -> None:
        self.seconds, self.key = seconds, key

    def __enter__(self) -> None:
        self.start = perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds[self.key] += perf_counter() - self.start
