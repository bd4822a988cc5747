"""Eora26: world tables of 189 countries x 26 sectors, one archive of plain text for each year.

Matrices without labels (T, FD, VA, Q, QY) beside lists of labels; thousand USD at current basic
("bp") or purchasers' prices ("pp"). pymrio parses them and leaves out the row and column "ROW",
Eora's statistical discrepancies. They are read here, so that rows and columns still add up: what
they deliver is an item of value added, what they take a category of final use.
"""

import re
import shutil
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planboard.errors import InvalidTableError, UnreadableFileError
from planboard.publishers.format import Format, Request, the_year
from planboard.publishers.pymrio_exchange.categories import roles_of
from planboard.publishers.pymrio_exchange.shelf import Shelf, open_shelf
from planboard.tables import InputOutputTable, Publication

NAMED = re.compile(r"Eora26_((?:19|20)\d\d)_(bp|pp)", re.IGNORECASE)
BASES = {"bp": "basic", "pp": "purchasers"}
AS_NAMED, NONE, ALL = "as-named", "none", "all"
MATRICES, LABELS = ("T", "FD", "VA", "Q", "QY"), ("T", "FD", "VA", "Q")
REST, DISCREPANCY = "ROW", "Statistical discrepancies (ROW)"
AGAIN = "Take the file from the publisher again, whole."
LICENCE = (
    "Eora's own: free for academic work at degree-granting institutions, all other use needs a "
    "licence (https://worldmrio.com)"
)
ATTRIBUTION = (
    "Lenzen, Kanemoto, Moran, Geschke (2012), 'Mapping the structure of the world economy', "
    "Environmental Science & Technology 46: 8374-8381, doi:10.1021/es300171x; Lenzen, Moran, "
    "Kanemoto, Geschke (2013), 'Building Eora', Economic Systems Research 25: 20-49."
)

Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Rest:
    """What the statistical discrepancies take from each row and deliver to each column.

    corner : what stays among them, in the table's money; no balance of a country needs it
    """

    taken: pd.Series
    delivered: pd.Series
    delivered_final: pd.Series
    corner: float


def read(request: Request) -> InputOutputTable:
    """The world table of one year."""
    with _folder(request) as (folder, year, price):
        request.progress(f"reading Eora26 of {year}")
        io = _parsed(folder, year, price)
        request.progress("reading the statistical discrepancies")
        rest = _rest(folder, f"Eora26_{year}_{price}", io)
    final_use = _with_discrepancy(io.Y, rest.taken)
    items = _items(io.VA.F)
    items.loc[DISCREPANCY] = rest.delivered
    taxes = pd.DataFrame([rest.delivered_final], index=[DISCREPANCY])
    taxes = taxes.reindex(columns=final_use.columns, fill_value=0.0)
    wants_all = request.choices.get("extensions", NONE) == ALL
    factors, used, units = _satellites(io, final_use.columns) if wants_all else (None, None, {})
    sold = io.Z.sum(axis=1) + final_use.sum(axis=1)
    categories = final_use.columns.get_level_values("category").unique()
    return InputOutputTable(
        publication=_publication(year, price, io, rest),
        transactions=io.Z,
        final_use=final_use,
        gross_output=pd.Series(sold.to_numpy(), index=io.Z.columns, name="output"),
        value_added=items,
        final_use_taxes=taxes,
        factors=factors,
        factors_final_use=used,
        factor_units=units,
        roles=roles_of(categories, {DISCREPANCY: "given"}, "Eora26"),
    )


# Which files --------------------------------------------------------------------------------------


@contextmanager
def _folder(request: Request) -> Iterator[tuple[Path, int, str]]:
    """A folder with all files of one year side by side, as pymrio wants them; year and price."""
    source, year, price = _choice(request)
    needed = [f"Eora26_{year}_{price}_{name}.txt" for name in MATRICES]
    needed += [f"labels_{name}.txt" for name in LABELS]
    with ExitStack() as stack:
        shelves = [stack.enter_context(open_shelf(place)) for place in _places(source)]
        found = _found(shelves, needed)
        missing = [name for name in needed if name not in found]
        if missing:
            raise UnreadableFileError(
                f"{source} lacks files of Eora26.",
                [f"not there: {name}" for name in missing],
                "Take the year's archive whole; labels are in it, or in indices.zip beside it.",
            )
        parents = {shelf.path / PurePosixPath(name).parent for shelf, name in found.values()}
        if len(parents) == 1 and (side_by_side := next(iter(parents))).is_dir():
            yield side_by_side, year, price
            return
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for name, (shelf, member) in found.items():
            request.progress(f"unpacking {name}")
            with shelf.open(member) as packed, (folder / name).open("wb") as file:
                shutil.copyfileobj(packed, file, 1 << 20)
        yield folder, year, price


def _choice(request: Request) -> tuple[Path, int, str]:
    """The archive or folder of the year and price that are asked for."""
    source, wanted = request.source, request.choices.get("price", AS_NAMED)
    candidates = [source, *(sorted(source.iterdir()) if source.is_dir() else [])]
    named = {place: found for place in candidates if (found := NAMED.search(place.name))}
    fitting = {
        place: (int(found[1]), found[2].lower())
        for place, found in named.items()
        if wanted in (AS_NAMED, found[2].lower())
    }
    if not fitting:
        raise InvalidTableError(
            f"{source} holds no table of Eora26{'' if wanted == AS_NAMED else f' ({wanted})'}.",
            [f"found: {name}" for name in sorted({told[0] for told in named.values()})],
            "Keep the publisher's names, such as Eora26_2015_bp.zip.",
        )
    year = the_year(request, sorted({y for y, _ in fitting.values()}), "Eora26")
    prices = sorted({price for y, price in fitting.values() if y == year})
    if len(prices) > 1:
        raise InvalidTableError(
            f"{source} holds {year} at basic and at purchasers' prices, and nobody said which.",
            [place.name for place, (y, _) in fitting.items() if y == year],
            "Choose a price, bp or pp, or name one archive.",
        )
    places = [place for place, told in fitting.items() if told == (year, prices[0])]
    place = next((p for p in places if p.is_dir() or p.suffix == ".zip"), places[0].parent)
    return place, year, prices[0]


def _places(source: Path) -> list[Path]:
    """Where files may be: the source, and the lists of labels that are published by themselves."""
    beside = source / "indices.zip" if source.is_dir() else source.parent / "indices.zip"
    above = source.parent / "indices.zip"
    return [source, *(p for p in dict.fromkeys([beside, above]) if p.exists())]


def _found(shelves: list[Shelf], needed: list[str]) -> dict[str, tuple[Shelf, str]]:
    """Each needed file in the first place that has it, whatever folder it is in."""
    found: dict[str, tuple[Shelf, str]] = {}
    for shelf in shelves:
        for name in shelf.names:
            if PurePosixPath(name).name in needed:
                found.setdefault(PurePosixPath(name).name, (shelf, name))
    return found


# What is in them ----------------------------------------------------------------------------------


def _parsed(folder: Path, year: int, price: str) -> Any:
    import pymrio  # noqa: PLC0415

    try:
        with warnings.catch_warnings():
            # It drops rows of labels that are not sorted: slow, not wrong.
            warnings.simplefilter("ignore", pd.errors.PerformanceWarning)
            io = pymrio.parse_eora26(folder, year=year, price=price)
    except (ValueError, KeyError, IndexError) as error:
        raise UnreadableFileError(
            f"The files of Eora26 for {year} do not fit each other.", [str(error)], AGAIN
        ) from error
    for name, values in (
        ("T", io.Z), ("FD", io.Y), ("VA", io.VA.F), ("Q", io.Q.F), ("QY", io.Q.F_Y)
    ):  # fmt: skip
        texts = values.select_dtypes(exclude="number")
        wrong = [", ".join(map(str, label)) for label in texts]
        if wrong:
            raise UnreadableFileError(
                f"Eora26_{year}_{price}_{name}.txt cannot be read as a table of numbers.",
                [f"column {label}" for label in wrong],
                AGAIN,
            )
    return io


def _rest(folder: Path, stem: str, io: Any) -> _Rest:
    """The row and columns of statistical discrepancies, which pymrio leaves out."""
    rows = _regions(folder / "labels_T.txt")
    sold = _regions(folder / "labels_FD.txt")
    _check_regions(rows, sold)
    own_rows, own_sold = (np.array([r != REST for r in names]) for names in (rows, sold))
    flows, final, added = (folder / f"{stem}_{name}.txt" for name in ("T", "FD", "VA"))
    bought = _columns(flows, ~own_rows) + _columns(final, ~own_sold)
    made, used = _lines(flows, ~own_rows), _lines(final, ~own_rows)
    corner = bought[~own_rows].sum() + _columns(added, ~own_rows).sum()
    return _Rest(
        taken=pd.Series(bought[own_rows], index=io.Z.index),
        delivered=pd.Series(made[own_rows], index=io.Z.columns),
        delivered_final=pd.Series(used[own_sold], index=io.Y.columns),
        corner=float(corner),
    )


def _regions(file: Path) -> list[str]:
    """The code of the region in each line of a list of labels."""
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    return [line.split("\t")[1] for line in lines if line.strip()]


def _check_regions(rows: list[str], sold: list[str]) -> None:
    """Every region that sells has final use of its own, the discrepancies too."""
    odd = sorted(set(rows) ^ set(sold))
    if odd:
        raise InvalidTableError(
            "The lists of labels of Eora26 name different regions.",
            [f"{name}: only in labels_{'T' if name in rows else 'FD'}.txt" for name in odd],
            "Take labels_T.txt and labels_FD.txt from one release.",
        )


def _columns(file: Path, wanted: NDArray[np.bool_]) -> Numbers:
    """The sum of some columns of a file, row by row."""
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import csv  # noqa: PLC0415

    names = [f"f{at}" for at in range(len(wanted))]
    chosen = [names[at] for at in np.flatnonzero(wanted)] or names[:1]
    try:
        table = csv.read_csv(
            file,
            read_options=csv.ReadOptions(autogenerate_column_names=True),
            parse_options=csv.ParseOptions(delimiter="\t"),
            convert_options=csv.ConvertOptions(
                include_columns=chosen, column_types=dict.fromkeys(chosen, pa.float64())
            ),
        )
    except pa.ArrowInvalid as error:
        raise _no_numbers(file, str(error).splitlines()[0]) from error
    columns = [column.to_numpy() for column in table.columns if wanted.any()]
    total: Numbers = np.sum(columns, axis=0) if columns else np.zeros(table.num_rows)
    if not np.isfinite(total).all():
        line = int(np.flatnonzero(~np.isfinite(total))[0]) + 1
        raise _no_numbers(file, f"line {line}, in a column of {REST}")
    return total


def _lines(file: Path, wanted: NDArray[np.bool_]) -> Numbers:
    """The sum of some rows of a file, column by column."""
    total: Numbers | None = None
    with file.open(encoding="utf-8-sig") as stream:
        for at, line in enumerate(stream):
            cells = line.split("\t")
            if total is None:
                total = np.zeros(len(cells))
            if at < len(wanted) and wanted[at]:
                try:
                    total += np.array(cells, dtype=float)
                except ValueError as error:
                    raise _no_numbers(file, f"line {at + 1}: {error}") from error
                if not np.isfinite(total).all():
                    raise _no_numbers(file, f"line {at + 1}, the row of {REST}")
    return np.zeros(0) if total is None else total


def _no_numbers(file: Path, reason: str) -> UnreadableFileError:
    return UnreadableFileError(
        f"{file.name} cannot be read as a table of numbers.", [reason], AGAIN
    )


def _with_discrepancy(final_use: pd.DataFrame, taken: pd.Series) -> pd.DataFrame:
    """Final use with a category of each seller for what the discrepancies take of it."""
    regions = list(dict.fromkeys(final_use.columns.get_level_values("region")))
    categories = list(dict.fromkeys(final_use.columns.get_level_values("category")))
    columns = pd.MultiIndex.from_product(
        [regions, [*categories, DISCREPANCY]], names=["region", "category"]
    )
    found = final_use.reindex(columns=columns, fill_value=0.0)
    sellers = final_use.index.get_level_values("region")
    for region in regions:
        found[(region, DISCREPANCY)] = taken.where(sellers == region, 0.0)
    return found


def _items(values: pd.DataFrame) -> pd.DataFrame:
    """Value added by the names of its items alone."""
    return values.set_axis(values.index.get_level_values(-1).astype(str), axis=0).rename_axis(None)


def _satellites(io: Any, columns: pd.Index) -> tuple[pd.DataFrame, pd.DataFrame, Mapping[str, str]]:
    """All satellite accounts as factors "Q|indicator|source"; those named alike are numbered."""
    names: list[str] = []
    count: Counter[str] = Counter()
    for stressor, source in io.Q.F.index:
        name = f"Q|{stressor}|{source}"
        count[name] += 1
        names.append(name if count[name] == 1 else f"{name} #{count[name]}")
    used = io.Q.F_Y.set_axis(names, axis=0).reindex(columns=columns, fill_value=0.0)
    units = {name: str(unit) for name, unit in zip(names, io.Q.unit["unit"], strict=True)}
    return io.Q.F.set_axis(names, axis=0), used, units


def _publication(year: int, price: str, io: Any, rest: _Rest) -> Publication:
    regions, sectors = (io.Z.columns.get_level_values(n).unique() for n in (0, 1))
    source = f"Eora26, {year}, {BASES[price]} prices ({price})"
    return Publication(
        name=f"eora26-{year}-{price}",
        title=f"World economy {year}, {len(regions)} regions x {len(sectors)} sectors",
        source=source,
        licence=LICENCE,
        attribution=ATTRIBUTION,
        year=year,
        currency="USD",
        unit=f"thousand {year} USD",
        price_basis=BASES[price],
        coverage="world",
        notes=(
            "Eora's statistical discrepancies (ROW) are kept: as an item of value added, and as a "
            f"category of final use. What stays among them, {rest.corner:,.6g}, is left out.",
        ),
        history=(
            {
                "step": "published table",
                "detail": f"{source}, thousand current USD.",
            },
        ),
    )


EORA26 = Format(
    name="eora26",
    title="Eora26: 189 countries x 26 sectors, 1990 on",
    needs="Eora26_YEAR_bp.zip (or _pp), packed or not, or a folder of them; indices.zip beside it",
    published="https://worldmrio.com/eora26",
    met="model",
    read=read,
    choices={"price": (AS_NAMED, *BASES), "extensions": (NONE, ALL)},
)
