"""Balancing an economy's books by GRAS or RAS, region by region.

Held: output, trade, what was built where no category of final use says so, and, unless they are
set free, value added and changes of inventories. The cells of intermediate and final use give way,
in money: row i times the price of product i.

row       Σ_j use[i,j] + Σ_c final_use[i,c] = output_i + imports_i − exports_i − what is held of it
column    Σ_i price_i use[i,j]              = worth of output_j − value added_j
category  Σ_i price_i final_use[i,c]        = k · its present total

One factor k for all categories of a region makes both sums agree (for each block of the table that
no cell connects with the rest). An activity without value added, and a product that serves next
year's output, keep their present sum.

Where value added is free, its items are rows of the matrix, and neither they nor the categories
have a total: inputs and value added share what a column misses, and uses and final use what a row
misses, each by as little as may be. In accounts whose value added is what was left of output over
inputs, it has taken up all inputs that were lost, and holding it leaves all of that to final use.

Sources: those of `gras`. They hold totals of every row and column, known from other accounts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planboard.economy import Array, Economy, Integers, RegionAccounts
from planboard.errors import InputError, InvalidEconomyError, InvalidTableError, NoAnswerError
from planboard.labels import positions
from planboard.repairs import books
from planboard.repairs.books import Mask
from planboard.repairs.gras import TOLERANCE, Balanced, blocks, gras, ras
from planboard.repairs.repair import Outcome, names_in

METHODS = {"gras": gras, "ras": ras}


@dataclass(frozen=True)
class Held:
    """What keeps its cells: changes of inventories, value added; up to which gap nothing is one."""

    inventories: bool
    value_added: bool
    tolerance: float

    @classmethod
    def of(cls, tolerance: float, inventories: str = "kept", value_added: str = "kept") -> "Held":
        """What a user's options hold.

        inventories : "kept": as published; or "free": their total takes up what the sums of rows
            and columns differ by, and the other categories keep theirs (k = 1)
        value_added : "kept"; or "free", and then final use is not scaled by one factor either
        """
        return cls(inventories == "kept", value_added == "kept", tolerance)


@dataclass(frozen=True, eq=False)
class Frame:
    """The cells of one region that may give way, in money, and the totals they are to have.

    cells : shape (n + items, m + final): products first, then items of value added that are free;
        activities first, then categories
    items : which items of value added these are; final : positions of the categories
    rows, columns : totals of shape (n + items,), (m + final,); NaN where free
    scale : k of the final use; of several blocks, the one furthest from 1
    refused : rows and columns that keep their present sum, told in a line each
    """

    cells: Array
    items: tuple[str, ...]
    final: Integers
    rows: Array
    columns: Array
    scale: float
    refused: tuple[str, ...]


def balance(
    economy: Economy,
    *,
    method: str,
    tolerance: float = TOLERANCE,
    regions: str | Sequence[str] = (),
    **choice: str,
) -> Outcome:
    """Books in which every product and every activity balances, cells scaled as little as may be.

    Parameters
    ----------
    method : "gras", which keeps signs, or "ras", which refuses cells below zero
    tolerance : of a row's or column's total; regions that balance so well are left alone
    regions : codes; all, where none is named
    choice : `inventories` and `value_added` of `Held.of`

    Raises
    ------
    InvalidEconomyError, NoAnswerError
        Regions that cannot be balanced, with the rows and columns at fault.
    """
    _check_prices(economy)
    names = names_in(regions)
    chosen = (
        positions("region", names, economy.region_names) if names else range(len(economy.regions))
    )
    held = Held.of(tolerance, **choice)
    frames = {economy.regions[r].region: _frame(economy, economy.regions[r], held) for r in chosen}
    open_ = {region: frame for region, frame in frames.items() if not _fits(frame, tolerance)}
    found = _solved(economy, open_, method, tolerance)
    mended = {
        region: _mended(economy, economy.region(region), open_[region], result)
        for region, result in found.items()
    }
    refused = tuple(line for frame in frames.values() for line in frame.refused)
    return Outcome(books.with_regions(economy, mended), refused, _remark(open_))


def _check_prices(economy: Economy) -> None:
    wrong = [product for product in economy.products if not product.price > 0]
    if wrong:
        raise InvalidEconomyError(
            "Books are balanced in money, and some products have no price.",
            [f"{product.name}: {product.price:g} a unit" for product in wrong],
            "Give them their base-year price in economy.json.",
        )


# The frame of a region ----------------------------------------------------------------------------


def _frame(economy: Economy, accounts: RegionAccounts, held: Held) -> Frame:
    """What may give way in a region's books, and the totals that it should have."""
    price, n = books.prices(economy)[:, None], len(economy.products)
    stocks = books.inventories(economy)
    final = np.setdiff1d(
        np.arange(len(economy.categories)), stocks[: len(stocks) * held.inventories]
    )
    cells = price * np.hstack([books.flows(accounts), accounts.final_use[:, final]])
    items = () if held.value_added else tuple(accounts.value_added)
    cells = np.vstack([cells, *(_item(accounts, item, len(final)) for item in items)])
    if not accounts.final_use.any():
        line = f"{accounts.region}: states no final use, so that nothing balances its output"
        return Frame(cells, items, final, cells.sum(axis=1), cells.sum(axis=0), 1.0, (line,))
    rows, bad_rows = _rows(economy, accounts, cells[:n], held)
    columns, bad_columns = _columns(economy, accounts, cells, held)
    if items:
        rows = np.append(rows, np.full(len(items), np.nan))
        columns[len(accounts.level) :] = np.nan
    free = np.isin(final, stocks[:1])
    scale, bad_blocks = _scale_final(accounts, cells, (rows, columns), free)
    refused = (
        *_refused_rows(economy, accounts, bad_rows),
        *_refused_columns(accounts, bad_columns),
        *bad_blocks,
    )
    return Frame(cells, items, final, rows, columns, scale, refused)


def _item(accounts: RegionAccounts, item: str, final: int) -> Array:
    """An item of value added as a row: in the base year, and nothing in final use."""
    return np.append(accounts.value_added[item] * accounts.level, np.zeros(final))


def _rows(
    economy: Economy, accounts: RegionAccounts, cells: Array, held: Held
) -> tuple[Array, Array]:
    """Total of every product's cells, and the gaps that they cannot close, in product units."""
    price, gap = books.prices(economy), books.row_gaps(economy, accounts)
    gap = np.where(np.abs(gap) > held.tolerance * books.turnover(accounts), gap, 0.0)
    present = cells.sum(axis=1)
    is_open = ~_can_have(cells, present + price * gap, held.tolerance)
    total = np.where(is_open, present, present + price * gap)
    return total, np.where(is_open, gap, 0.0)


def _columns(
    economy: Economy, accounts: RegionAccounts, cells: Array, held: Held
) -> tuple[Array, Array]:
    """Total of every column, and gaps of activities that cannot be closed, in money."""
    worth = books.prices(economy) @ accounts.output * accounts.level
    added, m = books.value_added(accounts), len(accounts.level)
    present = cells.sum(axis=0)
    gap = np.zeros(len(present))
    kept = added if held.value_added else 0.0
    gap[:m] = np.where(added != 0, worth - kept - present[:m], 0.0)
    size = np.maximum(np.abs(worth), np.abs(cells[:, :m]).sum(axis=0))
    gap[:m] = np.where(np.abs(gap[:m]) > held.tolerance * size, gap[:m], 0.0)
    is_open = ~_can_have(cells.T, present + gap, held.tolerance)
    return np.where(is_open, present, present + gap), np.where(is_open, gap, 0.0)[:m]


def _can_have(cells: Array, total: Array, tolerance: float) -> Mask:
    """Whether the cells of each row, their signs kept, can add up to a total."""
    least = tolerance * np.abs(cells).sum(axis=1)
    has_more, has_less = (cells > 0).any(axis=1), (cells < 0).any(axis=1)
    either = (has_more & (total > least)) | (has_less & (total < -least))
    return np.asarray(either | (has_more & has_less), dtype=np.bool_)


def _scale_final(
    accounts: RegionAccounts, cells: Array, totals: tuple[Array, Array], free: Mask
) -> tuple[float, list[str]]:
    """Give final use the totals at which rows and columns add up, block by block, in place.

    Without final use to scale, or where it would turn its sign, a block keeps its present sums.
    """
    rows, columns = totals
    m, scale, refused = len(accounts.level), 1.0, []
    for i, j in blocks(cells):
        active, final = j[j < m], j[j >= m]
        if np.isnan(rows[i]).any() or np.isnan(columns[final]).any():
            continue  # What is free takes up whatever the sums differ by.
        left = rows[i].sum() - columns[active].sum()
        present = columns[final].sum()
        taking = final[free[final - m]]
        if len(taking):
            columns[taking] += left - present
        elif present and left / present > 0:
            columns[final] *= left / present
            scale = max(scale, left / present, key=lambda k: abs(np.log(k)))
        elif abs(left - present) > TOLERANCE * np.abs(rows[i]).sum():
            rows[i], columns[j] = cells[i].sum(axis=1), cells[:, j].sum(axis=0)
            refused.append(_refused_block(accounts, (len(i), len(active)), left - present))
    return scale, refused


def _refused_rows(economy: Economy, accounts: RegionAccounts, gap: Array) -> list[str]:
    """Products whose cells cannot make their balance, the largest gap first."""
    price = books.prices(economy)
    order = np.argsort(-np.abs(gap * price), kind="stable")
    return [
        f"{accounts.region}, {economy.product_names[i]}: {gap[i]:+,.6g} {economy.products[i].unit} "
        "that its uses, their signs kept, cannot take up"
        for i in order
        if gap[i]
    ]


def _refused_columns(accounts: RegionAccounts, gap: Array) -> list[str]:
    """Activities whose inputs cannot be what value added leaves of output, the worst first."""
    return [
        f"{accounts.region}, {accounts.activities[j]}: {gap[j]:+,.6g} more inputs asked of the "
        "activity than its cells, their signs kept, can be"
        for j in np.argsort(-np.abs(gap), kind="stable")
        if gap[j]
    ]


def _refused_block(accounts: RegionAccounts, size: tuple[int, int], left: float) -> str:
    return (
        f"{accounts.region}: {size[0]} products and {size[1]} activities are {left:+,.6g} apart, "
        "and no final use of theirs can take it up"
    )


# Balancing ----------------------------------------------------------------------------------------


def _fits(frame: Frame, tolerance: float) -> bool:
    """Whether every row and column of the frame has its total already."""
    size = np.abs(frame.cells)
    rows = np.abs(frame.cells.sum(axis=1) - frame.rows) > tolerance * size.sum(axis=1)
    columns = np.abs(frame.cells.sum(axis=0) - frame.columns) > tolerance * size.sum(axis=0)
    return not (rows.any() or columns.any())


def _solved(
    economy: Economy, frames: dict[str, Frame], method: str, tolerance: float
) -> dict[str, Balanced]:
    """The balanced cells of every region; one error for all that have none."""
    found: dict[str, Balanced] = {}
    failed: dict[str, InputError | NoAnswerError] = {}
    for region, frame in frames.items():
        rows, columns = _names(economy, region, frame)
        of_rows, of_columns = pd.Series(frame.rows, rows), pd.Series(frame.columns, columns)
        try:
            found[region] = METHODS[method](
                pd.DataFrame(frame.cells, index=rows, columns=columns),
                of_rows.dropna(),
                of_columns.dropna(),
                tolerance=tolerance,
                free=[*rows[of_rows.isna()], *columns[of_columns.isna()]],
            )
        except (InvalidTableError, NoAnswerError) as error:
            failed[region] = error
    if failed:
        raise _unbalanced(failed)
    return found


def _names(economy: Economy, region: str, frame: Frame) -> tuple[pd.Index, pd.Index]:
    """Rows, and columns by table and name: an activity may be called like a category."""
    rows = [*economy.product_names, *(f"value added, {item}" for item in frame.items)]
    use = [("use", name) for name in economy.region(region).activities]
    final = [("final use", economy.category_names[c]) for c in frame.final]
    return pd.Index(rows), pd.MultiIndex.from_tuples([*use, *final])


def _unbalanced(
    failed: dict[str, InputError | NoAnswerError],
) -> InvalidEconomyError | NoAnswerError:
    """One error for all regions, each with the worst of its lines."""
    no_answer = any(isinstance(error, NoAnswerError) for error in failed.values())
    kind = NoAnswerError if no_answer else InvalidEconomyError
    first = next(iter(failed.values()))
    return kind(
        f"{len(failed)} regions cannot be balanced: {', '.join(failed)}. {first.happened}",
        [f"{region}: {error.evidence[0]}" for region, error in failed.items()],
        "Mend what `planboard check` says of them first, or balance the others alone with the "
        "option 'regions'.",
    )


def _mended(
    economy: Economy, accounts: RegionAccounts, frame: Frame, result: Balanced
) -> RegionAccounts:
    """The accounts with the balanced cells, in product units again."""
    cells, (n, m) = result.matrix.to_numpy(), (len(economy.products), len(accounts.level))
    values = cells[:n] / books.prices(economy)[:, None]
    final_use = accounts.final_use.copy()
    final_use[:, frame.final] = values[:, m:]
    mended = books.with_flows(accounts, values[:, :m], final_use)
    items = dict(zip(frame.items, cells[n:, :m], strict=True))
    return books.with_items(mended, items)


def _remark(frames: dict[str, Frame]) -> str:
    """By how much final use was scaled, least and most."""
    scales = sorted((frame.scale, region) for region, frame in frames.items() if frame.scale != 1)
    if not scales:
        return ""
    told = [f"{scale:.6g} ({region})" for scale, region in dict.fromkeys((scales[0], scales[-1]))]
    return f"final use scaled by {' to '.join(told)}"
