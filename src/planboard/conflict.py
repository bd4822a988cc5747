"""Which orders cannot hold together: a proof from the numbers, checked by our own arithmetic.

Orders are given room at a price, everything else is not (physics never gives way). If the least
room needed is not zero, the duals of that program are a proof (Farkas 1902): multiplied by them,
the rows add up to a demand that no plan within the bounds can meet.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planboard.compile import CompiledPlan
from planboard.compile.room import lift, rows_of, with_room
from planboard.economy import Array
from planboard.errors import InfeasiblePlanError, NoAnswerError
from planboard.plan import Order
from planboard.program import Axis, LinearProgram, Point
from planboard.verify import verify

# How a family of rows is told where the assumptions of a plan collide.
LIMITS = {
    "capacity": "capacity",
    "factor": "endowment",
    "external": "external balance",
    "pace": "pace of decline",
    "pace_growth": "pace of growth",
    "provision": "building for the years after",
    "stock_end": "stock for the years after",
    "steady": "consumption may not fall",
}
PROVED = 1e-7  # Of the scaled program: less room than this is rounding, not a conflict.
Solver = Callable[[LinearProgram], Point]


@dataclass(frozen=True, eq=False)
class Conflict:
    """A proof that rows cannot hold together.

    room : by how much the scaled rows would have to give way in all
    multiplier : shape (M,), the proof; rows with a zero are not part of it
    """

    room: float
    multiplier: Array


def find_conflict(
    program: LinearProgram, solver: Solver, gives_way: NDArray[np.bool_]
) -> Conflict | None:
    """The least room that the rows named would need, with its proof; None if none is needed.

    Raises
    ------
    NoAnswerError
        Even with room for these rows there is no plan, or the proof does not hold.
    """
    relaxed = with_room(program, gives_way)
    point = solver(relaxed)
    if point.status != "optimal":
        raise NoAnswerError("There is no plan even with room.", [point.status], "")
    verdict = verify(relaxed, point)
    if verdict.objective <= PROVED:
        return None
    if not is_proof(program, point.row_dual):
        raise NoAnswerError(
            "The proof that the plan is impossible does not hold when checked.",
            [f"residuals {verdict.worst:.1e}"],
            "Try another solver with --solver.",
        )
    return Conflict(verdict.objective, np.where(np.abs(point.row_dual) > 1e-9, point.row_dual, 0))


def is_proof(program: LinearProgram, multiplier: Array) -> bool:
    """Whether no point within the bounds can satisfy the rows added up with these multipliers.

    The rows ask for Σ multiplier · bound; the columns can give at most the largest value of
    multiplierᵀ · matrix · z within their own bounds. Where a bound is infinite, a multiplier that
    leans on it counts as zero if it is at most `PROVED` of the largest, and so does what a column
    adds up to, measured by the largest term of its sum.
    """
    rows, largest = program.rows, np.abs(multiplier).max(initial=0.0)
    leans = ~np.isfinite(np.where(multiplier > 0, rows.lower, rows.upper))
    is_kept = ~(leans & (np.abs(multiplier) <= PROVED * largest))
    multiplier = multiplier * is_kept.astype(float)
    asked = _least(rows, multiplier)
    terms = program.transposed * multiplier[None, :]
    size = np.maximum(abs(terms).max(axis=1).toarray().ravel(), largest)
    reach: Array = np.asarray(terms.sum(axis=1), dtype=float).ravel()
    reach = reach * (np.abs(reach) > PROVED * size)
    return bool(asked > -_least(program.columns, -reach) + PROVED * 1e-2)


def _least(axis: Axis, weight: Array) -> float:
    """Least value of weight · z within the bounds of an axis; −∞ if a bound it leans on is not."""
    used = weight != 0
    bound = np.where(weight > 0, axis.lower, axis.upper)[used]
    return float(weight[used] @ bound) if np.isfinite(bound).all() else -np.inf


def least_room(compiled: CompiledPlan, solver: Solver) -> float:
    """By how much the orders must be missed in all, as shares of their amounts; zero if not at all.

    Raises
    ------
    InfeasiblePlanError
        Even without its orders there is no plan.
    """
    program = compiled.program
    try:
        conflict = find_conflict(program, solver, rows_of(program, "order"))
    except NoAnswerError:
        prove_infeasible(compiled, solver)
        raise
    return conflict.room if conflict is not None else 0.0


def prove_infeasible(compiled: CompiledPlan, solver: Solver) -> None:
    """Raise `InfeasiblePlanError` with the orders that the proof rests on."""
    program = compiled.program
    ordered = rows_of(program, "order")
    try:
        if not ordered.any():
            raise NoAnswerError("There are no orders that could give way.")
        conflict = find_conflict(program, solver, ordered)
    except NoAnswerError:
        bare = lift(program, ordered)
        conflict = find_conflict(bare, solver, np.ones(len(program.rows), dtype=bool))
        if conflict is not None:
            raise _impossible_world(compiled, conflict) from None
    if conflict is None:
        raise NoAnswerError(
            f"Plan '{compiled.plan.name}' was called impossible, but no proof could be found.",
            [],
            "Try another solver with --solver.",
        )
    raise _impossible_orders(compiled, smallest(program, solver, conflict))


def smallest(program: LinearProgram, solver: Solver, conflict: Conflict) -> Conflict:
    """A smallest conflict within one: taking out any of its orders ends it.

    Deletion filter over orders (Chinneck and Dravnieks 1991): each is left out in turn; where the
    others still collide it was not needed.
    """
    for name in named_orders(program, conflict):
        kept = [other for other in named_orders(program, conflict) if other != name]
        if kept == list(named_orders(program, conflict)):
            continue  # An earlier step has left this one out already.
        orders = {key: rows for key, rows in order_rows(program).items() if key not in kept}
        lifted = np.zeros(len(program.rows), dtype=bool)
        for rows in orders.values():
            lifted[rows] = True
        without = find_conflict(lift(program, lifted), solver, rows_of(program, "order"))
        conflict = without or conflict
    return conflict


def order_rows(program: LinearProgram) -> dict[str, slice]:
    """The rows of every order, by its id."""
    return {
        str(family.index[0][0]): span
        for family, span in program.rows.spans()
        if family.name == "order" and len(family.index)
    }


def named_orders(program: LinearProgram, conflict: Conflict) -> tuple[str, ...]:
    """Ids of the orders that a proof rests on."""
    rows = order_rows(program)
    return tuple(name for name, span in rows.items() if conflict.multiplier[span].any())


def _impossible_orders(compiled: CompiledPlan, conflict: Conflict) -> InfeasiblePlanError:
    orders = {order.id: (n, order) for n, order in enumerate(compiled.plan.order)}
    rows = order_rows(compiled.program)
    families = {span.start: family for family, span in compiled.program.rows.spans()}
    lines = []
    named = named_orders(compiled.program, conflict)
    for id_ in named:
        n, order = orders[id_]
        part = conflict.multiplier[rows[id_]] != 0
        index = families[rows[id_].start].index[np.nonzero(part)[0]]
        when = ", ".join(dict.fromkeys(str(key[-1]) for key in index))
        where = compiled.plan.place(f"order.{n}")
        lines.append(f"order '{id_}': {described(order)}, {when}{f' ({where})' if where else ''}")
    return InfeasiblePlanError(
        f"Plan '{compiled.plan.name}' cannot be carried out: "
        + ("these orders cannot all hold." if len(lines) > 1 else "this order cannot hold."),
        lines,
        "Lower one of them, give it more years, or ease an assumption that it runs against.",
        orders=named,
    )


def _impossible_world(compiled: CompiledPlan, conflict: Conflict) -> InfeasiblePlanError:
    """Impossible even without any order: the assumptions themselves collide."""
    weight: dict[str, float] = {}
    for family, span in compiled.program.rows.spans():
        told = LIMITS.get(family.name)
        for key, part in zip(family.index, conflict.multiplier[span], strict=True):
            if part and told is not None:
                *names, year = map(str, key)
                name = f"{told}: {', '.join(map(compiled.economy.label, names))}, {year}"
                weight[name] = weight.get(name, 0.0) + abs(float(part))
    worst = sorted(weight, key=lambda name: -weight[name])
    return InfeasiblePlanError(
        f"Plan '{compiled.plan.name}' cannot be carried out, even without its orders: "
        "its assumptions collide.",
        worst,
        "Ease one of them: the pace, the floor of consumption, what the last year must build for "
        "(carry_on), the bands or the deficit of trade, the use asked by government.",
    )


def described(order: Order) -> str:
    """An order in a few words: quantity, what it is about, and how much."""
    about = [
        f"{axis} {', '.join(names)}"
        for axis in ("region", "product", "activity", "factor", "category", "kind", "market")
        if (names := order.selection(axis))
    ]
    amounts = [
        f"{word} {_amount(amount)}"
        for word, amount in (("at least", order.least), ("at most", order.most))
        if amount is not None
    ]
    return f"{order.quantity}{' of ' + '; '.join(about) if about else ''} {', '.join(amounts)}"


def _amount(amount: float | str) -> str:
    return f"{amount} on the base year" if isinstance(amount, str) else f"{amount:,.6g}"
