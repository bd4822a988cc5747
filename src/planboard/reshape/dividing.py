"""Division: by how much every row of a table counts for each part of a region or an industry."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from planboard.errors import InvalidTableError
from planboard.reshape.books import ACTIVITY, CAPITAL, Books, Table, codes, on_grid, worth
from planboard.reshape.merging import Flags, place_names
from planboard.reshape.shares import Array, Shares

MEANS = ("output", "input", "hours", "capital")
CLOSE = 1e-12  # Relative: shares that differ by less are the same.


@dataclass(frozen=True, eq=False)
class Division:
    """Shares of the parts of a code in what an economy holds.

    shares : name ("output", "input", "hours", "capital", "final_use") -> (parts, activities) for a
        region, (parts, 1) for an industry
    products : for a region, name ("make", "use", "form") -> (parts, products); "endowment" ->
        (parts, factors)
    added : (parts, places on the grid of region and activity): value added
    """

    books: Books
    source: str
    is_region: bool
    shares: dict[str, Array]
    products: dict[str, Array]
    added: Array

    @cached_property
    def labour(self) -> frozenset[str]:
        """Factors that are hours."""
        return _with(self.books, "factors", "labour")

    @cached_property
    def forming(self) -> frozenset[str]:
        """Categories of capital formation."""
        return _with(self.books, "categories", "capital_formation")

    def __call__(self, table: str, column: str, rows: Table) -> Array:
        """The multiplier of every row (of `splitting.split_tables`)."""
        if not self.is_region and column == "product":
            return self._share("output", rows)
        if table in ("conversion", "conversion_required"):
            return np.ones(len(rows))
        if table in self._special:
            return self._special[table](rows, column)
        return self._share("input" if table == "use" else "output", rows)

    @cached_property
    def _special(self) -> dict[str, Callable[[Table, str], Array]]:
        return {
            "factor_use": lambda rows, _: self._by_factor(rows),
            "value_added": lambda rows, _: self._added(rows),
            "capital_required": lambda rows, _: self._per_capacity(rows),
            "factor_use_building": lambda rows, _: self._per_capacity(rows),
            "final_use": lambda rows, _: self._final_use(rows),
            "endowment": lambda rows, _: self._on("endowment", rows, "factor"),
            "stock": lambda rows, _: self._on("make", rows, "product"),
            "trade": lambda rows, column: self._on(
                "make" if column == "origin" else "use", rows, "product"
            ),
        }

    def _share(self, name: str, rows: Table) -> Array:
        """Share of each row's part, in its activity where a region is divided."""
        of = rows["activity"].cat.codes.to_numpy() if self.is_region else 0
        return np.asarray(self.shares[name][rows["part"].to_numpy(), of])

    def _on(self, name: str, rows: Table, column: str) -> Array:
        at = rows[column].cat.codes.to_numpy()
        return np.asarray(self.products[name][rows["part"].to_numpy(), at])

    def _by_factor(self, rows: Table) -> Array:
        is_labour = rows["factor"].isin(self.labour).to_numpy()
        return np.where(is_labour, self._share("hours", rows), self._share("output", rows))

    def _per_capacity(self, rows: Table) -> Array:
        """k/s; a part without output has no capacity that this could be for."""
        capital, output = self._share("capital", rows), self._share("output", rows)
        return np.divide(capital, output, out=np.ones_like(output), where=output > 0)

    def _final_use(self, rows: Table) -> Array:
        if not self.is_region:
            return self._share("output", rows)
        is_forming = rows["category"].isin(self.forming).to_numpy()
        general = self.products["consume"][rows["part"].to_numpy(), 0]
        return np.where(is_forming, self._on("form", rows, "product"), general)

    def _added(self, rows: Table) -> Array:
        activities = list(self.books.axes["activity"])
        regions = list(self.books.axes["region"])
        if self.is_region:
            place = regions.index(self.source) * len(activities) + rows["activity"].cat.codes
        else:
            place = rows["region"].cat.codes * len(activities) + activities.index(self.source)
        return np.asarray(self.added[rows["part"].to_numpy(), place.to_numpy()])


def sector_division(books: Books, source: str, shares: Shares) -> Division:
    """How an industry is divided: the same way in every region."""
    found = {name: shares.of(name)[:, None] for name in MEANS}
    wide = {name: np.broadcast_to(f, (len(f), _places(books))) for name, f in found.items()}
    activities = list(books.axes["activity"])
    is_source = np.arange(_places(books)) % len(activities) == activities.index(source)
    _check_idle(books, shares, found)
    return Division(
        books=books,
        source=source,
        is_region=False,
        shares=found,
        products={},
        added=_added(books, wide, is_source),
    )


def region_division(books: Books, source: str, shares: Shares) -> Division:
    """How a region is divided, activity by activity where the shares say so."""
    activities = list(books.axes["activity"])
    found = {name: shares.over(name, activities) for name in MEANS}
    wide = {name: np.tile(f, (1, len(books.axes["region"]))) for name, f in found.items()}
    at = list(books.axes["region"]).index(source)
    is_source = np.arange(_places(books)) // len(activities) == at
    _check_idle(books, shares, found)
    return Division(
        books=books,
        source=source,
        is_region=True,
        shares=found,
        products=_by_product(books, source, shares, found),
        added=_added(books, wide, is_source),
    )


def _places(books: Books) -> int:
    return len(books.axes["region"]) * len(books.axes["activity"])


def _with(books: Books, section: str, role: str) -> frozenset[str]:
    return frozenset(n for n, about in books.head[section].items() if about["role"] == role)


def _check_idle(books: Books, shares: Shares, found: dict[str, Array]) -> None:
    """Refuse inputs, hours or capital of a part that makes nothing."""
    faults = []
    for name in MEANS[1:]:
        for t, j in zip(*np.nonzero((found["output"] == 0) & (found[name] > 0)), strict=True):
            activity = f", {books.axes['activity'][j]}" if found[name].shape[1] > 1 else ""
            faults.append(f"{shares.parts[t]}{activity}: output 0, {name} {found[name][t, j]:g}")
    if faults:
        raise InvalidTableError(
            f"{shares.name} gives means to parts that make nothing.",
            faults,
            "Give them an output, or no inputs, hours and capital.",
        )


def _added(books: Books, wide: dict[str, Array], is_source: Flags) -> Array:
    """Share of value added on the grid of region and activity: s + (s − u) I/V."""
    inputs = worth(books, "use")
    added = on_grid(books.tables["value_added"], ACTIVITY, books.axes)
    states = np.zeros(len(added), dtype=bool)
    states[codes(books.tables["value_added"], ACTIVITY, books.axes)] = True
    output, taken = wide["output"], wide["input"]
    moved = np.where(np.abs(output - taken) > CLOSE, (output - taken) * inputs, 0.0)
    share = output + np.divide(moved, added, out=np.zeros_like(moved), where=added != 0)
    wrong = (share < 0) | ((added == 0) & (moved != 0))
    faults = np.nonzero(wrong.any(axis=0) & states & is_source)[0]
    if len(faults):
        raise InvalidTableError(
            "Shares of inputs leave parts with a negative value added.",
            [
                f"{name}: inputs {inputs[place]:,.6g}, value added {added[place]:,.6g}"
                for name, place in zip(
                    place_names(faults, ACTIVITY, books.axes), faults, strict=True
                )
            ],
            "Bring the shares of inputs nearer to those of output.",
        )
    return np.asarray(share)


def _by_product(
    books: Books, source: str, shares: Shares, found: dict[str, Array]
) -> dict[str, Array]:
    """Shares of a region's parts product by product, as its activities and users have them."""
    tables = {
        name: books.tables[name][books.tables[name]["region"] == source]
        for name in ("supply", "use", "final_use", "factor_use", "capital", "capital_required")
    }
    output, consume = shares.of("output")[:, None], shares.of("final_use")[:, None]
    final = tables["final_use"]
    is_forming = final["category"].isin(_with(books, "categories", "capital_formation"))
    built = on_grid(tables["capital"], CAPITAL, books.axes, "building")
    required = tables["capital_required"]
    taken = required.assign(value=required["value"] * built[codes(required, CAPITAL, books.axes)])
    form, _ = _weighted(books, taken, "product", found["capital"], shares.of("capital")[:, None])
    used, inputs = _weighted(books, tables["use"], "product", found["input"], output)
    consumed = np.abs(_sums(books, final[~is_forming], "product"))
    formed = np.abs(_sums(books, final[is_forming], "product"))
    whole = inputs + consumed + formed
    use = used * inputs + consume * consumed + form * formed
    make, _ = _weighted(books, tables["supply"], "product", found["output"], output)
    return {
        "make": make,
        "form": form,
        "consume": consume,
        "use": np.where(whole > 0, use / np.where(whole > 0, whole, 1.0), output),
        "endowment": _endowment(books, tables["factor_use"], shares, found),
    }


def _sums(books: Books, table: Table, column: str) -> Array:
    return on_grid(table, [column], books.axes)


def _weighted(
    books: Books, table: Table, column: str, share: Array, otherwise: Array
) -> tuple[Array, Array]:
    """Shares by product or factor, weighted with the flows of the activities; and the flows."""
    at = table["activity"].cat.codes.to_numpy()
    whole = _sums(books, table, column)
    parts = np.stack(
        [_sums(books, table.assign(value=table["value"] * own[at]), column) for own in share]
    )
    mean = np.divide(parts, whole, out=np.zeros_like(parts), where=whole > 0)
    return np.where(whole > 0, mean, otherwise), np.maximum(whole, 0.0)


def _endowment(books: Books, used: Table, shares: Shares, found: dict[str, Array]) -> Array:
    """What there is of a factor follows where it is used."""
    labour = np.array(
        [about["role"] == "labour" for about in books.head["factors"].values()], dtype=bool
    )
    hours, _ = _weighted(books, used, "factor", found["hours"], shares.of("hours")[:, None])
    other, _ = _weighted(books, used, "factor", found["output"], shares.of("output")[:, None])
    return np.where(labour, hours, other)
