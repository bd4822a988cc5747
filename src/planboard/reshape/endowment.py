"""What there is of each factor, when regions or factors are put together."""

import numpy as np

from planboard.errors import InvalidTableError
from planboard.reshape.books import CAPITAL, Table, codes, on_grid
from planboard.reshape.merging import Array, Flags, Merging, as_table, listed, place_names

CELLS = ["region", "factor"]


def aggregated_endowment(merging: Merging) -> tuple[Table, list[str]]:
    """Endowments summed, and a note.

    Where a factor is scarce in one part of a target and not in another, the other counts with what
    it used in the base year: scarcity in one part shall not vanish in the sum.
    """
    axes = merging.books.axes
    table = merging.books.tables["endowment"]
    limited = np.zeros(len(axes["region"]) * len(axes["factor"]), dtype=bool)
    limited[codes(table, CELLS, axes)] = True
    is_limited = merging.over_targets(limited.astype(float), CELLS) > 0
    used = base_year_use(merging)
    mixed = ~limited & (used > 0) & is_limited[merging.target_cells(CELLS)]
    _check_exhaustible(merging, mixed)
    grid = on_grid(table, CELLS, axes) + np.where(mixed, used, 0.0)
    made = as_table(
        merging.over_targets(grid, CELLS), CELLS, merging.axes, np.nonzero(is_limited)[0]
    )
    names = listed(place_names(np.nonzero(mixed)[0], CELLS, axes))
    told = f"Not scarce, and scarce elsewhere in their target: counted as in the base year: {names}"
    return made, [told] if mixed.any() else []


def base_year_use(merging: Merging) -> Array:
    """What production and building took of each factor, on the grid of region and factor."""
    axes, tables = merging.books.axes, merging.books.tables
    flows = tables["factor_use"]
    ran = flows[merging.level[codes(flows, ["region", "activity"], axes)] > 0]
    built = on_grid(tables["capital"], CAPITAL, axes, "building")
    needed = tables["factor_use_building"]
    taken = needed["value"] * built[codes(needed, CAPITAL, axes)]
    return on_grid(ran, CELLS, axes) + on_grid(needed.assign(value=taken), CELLS, axes)


def _check_exhaustible(merging: Merging, mixed: Flags) -> None:
    """An exhaustible factor without end in one part has no sum."""
    factors = list(merging.books.head["factors"].values())
    spent = np.array([about["exhaustible"] for about in factors], dtype=bool)
    wrong = mixed & np.tile(spent, len(merging.books.axes["region"]))
    if wrong.any():
        raise InvalidTableError(
            "A factor that is used up has an end in one part of a region and none in another.",
            place_names(np.nonzero(wrong)[0], CELLS, merging.books.axes),
            "State its endowment in all of them, or keep them apart.",
        )
