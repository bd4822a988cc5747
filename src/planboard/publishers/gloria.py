"""GLORIA: world tables of 164 regions x 120 sectors, releases 53 and after.

One matrix T holds supply (industry by product, diagonal: one product to each industry) and use
(product by industry) of all regions, 39,360 rows and columns. Only the use is kept, in one dense
copy, its rows called after the industries. Thousand USD at basic prices (Markup001). Nothing here
needs pymrio, whose parser holds T whole several times over; on the same files it gives the same.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planboard.errors import InvalidTableError, UnreadableFileError
from planboard.publishers.format import Format, Request
from planboard.publishers.gloria_files import Files, Labels, gloria_files
from planboard.publishers.pymrio_exchange.categories import roles_of
from planboard.publishers.pymrio_exchange.dense import AGAIN, text_blocks
from planboard.tables import InputOutputTable, Publication

NONE, ALL = "none", "all"
# What would stand where a matrix is empty.
STRAYS = {
    "T": "industries that make several products, or products that buy",
    "Y": "final use of industries, which sell products alone",
    "V": "value added of products, which have none",
    "TQ": "satellite accounts of products, which have none",
}
TELL = 2000  # rows between two words of progress
LICENCE = (
    "GLORIA's own: free for academic and other non-commercial use, commercial use by licence of "
    "the publisher; read the release notes"
)
ATTRIBUTION = (
    "Lenzen, Geschke, West, Fry, Malik, Giljum, Milà i Canals, Piñero, Lutter, Wiedmann, Li, "
    "Sevenster, Potočnik, Teixeira, Van Voore, Nansai, Schandl (2022), 'Implementing the material "
    "footprint to measure progress towards Sustainable Development Goals 8 and 12', Nature "
    "Sustainability 5: 157-166, doi:10.1038/s41893-021-00811-6."
)

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Axes:
    """Rows and columns of the matrices: for each region its industries, then its products.

    is_industry : of each row and column of T; sectors : of the table; uses : columns of Y
    """

    is_industry: Mask
    sectors: pd.MultiIndex
    uses: pd.MultiIndex


def read(request: Request) -> InputOutputTable:
    """The world table of one year."""
    wants_all = request.choices.get("extensions", NONE) == ALL
    with gloria_files(request, with_satellites=wants_all) as files:
        labels = files.labels
        axes = _axes(labels)
        flows, output = _flows(files, axes, request.progress)
        request.progress("reading final use and value added")
        final = _matrix(files, "Y", len(axes.uses), rows=~axes.is_industry)
        added = _matrix(files, "V", len(axes.is_industry), columns=axes.is_industry)
        factors, used = _satellites(files, axes) if wants_all else (None, None)
    items = _items(files, added, len(axes.sectors))
    final_use = _frame(files, "Y", final, axes.sectors, axes.uses)
    gross_output = pd.Series(output, index=axes.sectors, name="output")
    there = _there(flows, output, final_use)
    kept = axes.sectors.isin(there, level="region")
    # Regions without accounts may still buy.
    bought = axes.uses.isin(there, level="region") | final.any(axis=0)
    columns, uses = axes.sectors[kept], axes.uses[bought]
    units = (unit for _, _, unit in labels.satellites)
    return InputOutputTable(
        publication=_publication(files, there),
        transactions=pd.DataFrame(
            _compact(flows, kept), index=columns, columns=columns, copy=False
        ),
        final_use=final_use.loc[columns, uses],
        gross_output=gross_output[columns],
        value_added=pd.DataFrame(items[:, kept], index=list(labels.items), columns=columns),
        factors=None if factors is None else factors[columns],
        factors_final_use=None if used is None else used[uses],
        factor_units=dict(zip(_satellite_names(labels), units, strict=True)),
        roles=roles_of(labels.categories, table="GLORIA"),
    )


def _axes(labels: Labels) -> _Axes:
    regions, sectors = len(labels.codes), len(labels.sectors)
    return _Axes(
        is_industry=np.tile(np.repeat([True, False], sectors), regions),
        sectors=pd.MultiIndex.from_product(
            [labels.codes, labels.sectors], names=["region", "sector"]
        ),
        uses=pd.MultiIndex.from_product(
            [labels.codes, labels.categories], names=["region", "category"]
        ),
    )


def _flows(files: Files, axes: _Axes, progress: Callable[[str], None]) -> tuple[Numbers, Numbers]:
    """Use (product by industry) and what each industry makes (the diagonal of supply)."""
    count, total = len(axes.sectors), len(axes.is_industry)
    flows, output = np.zeros((count, count)), np.zeros(count)
    place = (
        np.where(axes.is_industry, np.cumsum(axes.is_industry), np.cumsum(~axes.is_industry)) - 1
    )
    done = strays = 0
    with files.open("T") as stream:
        for block in text_blocks(stream, total, files.name("T")):
            if done + len(block) > total:
                _check_rows(files, "T", done + len(block), total)
            rows = slice(done, done + len(block))
            makes, at = axes.is_industry[rows], place[rows]
            supply = block[makes][:, ~axes.is_industry]
            own = supply[np.arange(len(supply)), at[makes]]
            use = block[~makes][:, axes.is_industry]
            output[at[makes]], flows[at[~makes]] = own, use
            strays += int(np.count_nonzero(block) - np.count_nonzero(own) - np.count_nonzero(use))
            done += len(block)
            if done // TELL > (done - len(block)) // TELL:
                progress(f"reading {files.name('T')}: {done:,} of {total:,} rows")
    _check_rows(files, "T", done, total)
    _check_strays(files, "T", strays)
    return flows, output


def _matrix(
    files: Files,
    letter: str,
    width: int,
    *,
    rows: Mask | None = None,
    columns: Mask | None = None,
) -> Numbers:
    """The chosen rows and columns of a smaller matrix."""
    parts, done, strays = [], 0, 0
    with files.open(letter) as stream:
        for block in text_blocks(stream, width, files.name(letter)):
            own = slice(None) if rows is None else rows[done : done + len(block)]
            done += len(block)
            if rows is not None and done > len(rows):
                _check_rows(files, letter, done, len(rows))
            kept = block[own] if columns is None else block[own][:, columns]
            parts.append(kept)
            strays += int(np.count_nonzero(block) - np.count_nonzero(kept))
    if rows is not None:
        _check_rows(files, letter, done, len(rows))
    _check_strays(files, letter, strays)
    return np.concatenate(parts) if parts else np.zeros((0, width))


def _check_rows(files: Files, letter: str, found: int, wanted: int) -> None:
    if found != wanted:
        raise UnreadableFileError(
            f"{files.name(letter)} does not fit the labels of the release.",
            [f"{found:,} rows", f"labels say {wanted:,}"],
            AGAIN,
        )


def _check_strays(files: Files, letter: str, strays: int) -> None:
    """Refuse numbers in the parts of a matrix that are empty, and not kept."""
    if strays:
        raise InvalidTableError(
            f"{files.name(letter)} has {strays:,} flows where GLORIA has none.",
            [STRAYS[letter]],
            "The labels are of another release, or the file is: take both from one.",
        )


def _items(files: Files, added: Numbers, count: int) -> Numbers:
    """Value added by item: rows are of every region, nearly all of them in its own columns."""
    regions, items = len(files.labels.codes), len(files.labels.items)
    _check_rows(files, "V", len(added), regions * items)
    return np.asarray(added.reshape(regions, items, count).sum(axis=0))


def _frame(
    files: Files, letter: str, values: Numbers, rows: pd.Index, columns: pd.Index
) -> pd.DataFrame:
    _check_rows(files, letter, len(values), len(rows))
    return pd.DataFrame(values, index=rows, columns=columns, copy=False)


def _satellites(files: Files, axes: _Axes) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All satellite accounts, of industries and of final use."""
    names = pd.Index(_satellite_names(files.labels))
    made = _matrix(files, "TQ", len(axes.is_industry), columns=axes.is_industry)
    used = _matrix(files, "YQ", len(axes.uses))
    return (
        _frame(files, "TQ", made, names, axes.sectors),
        _frame(files, "YQ", used, names, axes.uses),
    )


def _satellite_names(labels: Labels) -> list[str]:
    """ "Q|head|indicator", as "extension|row" elsewhere."""
    return [f"Q|{head}|{name}" for head, name, _ in labels.satellites]


def _there(flows: Numbers, output: Numbers, final_use: pd.DataFrame) -> list[str]:
    """Regions with any flow at all; some years have regions that did not exist yet, or any more."""
    used = flows.any(axis=1) | flows.any(axis=0) | (output != 0)
    used |= final_use.to_numpy().any(axis=1)
    regions = final_use.index.get_level_values("region")
    return list(dict.fromkeys(regions[used]))


def _compact(flows: Numbers, kept: Mask) -> Numbers:
    """The kept rows and columns, moved together in place: no second copy is made."""
    if kept.all():
        return flows
    chosen = np.flatnonzero(kept)
    for at, row in enumerate(chosen):
        flows[at, : len(chosen)] = flows[row, chosen]
    return flows[: len(chosen), : len(chosen)]


def _publication(files: Files, there: list[str]) -> Publication:
    labels, year = files.labels, files.year
    names = dict(zip(labels.codes, labels.regions, strict=True))
    gone = [f"{code} ({names.get(code, code)})" for code in labels.codes if code not in there]
    source = f"GLORIA, release {files.release}, {year}"
    return Publication(
        name=f"gloria{files.release}-{year}",
        title=f"World economy {year}, {len(there)} regions x {len(labels.sectors)} sectors",
        source=source,
        licence=LICENCE,
        attribution=ATTRIBUTION,
        year=year,
        currency="USD",
        unit=f"thousand {year} USD",
        price_basis="basic",
        coverage="world",
        labels={code: names[code] for code in there if code in names},
        notes=tuple([f"Regions without any flow are left out: {', '.join(gone)}."] if gone else []),
        history=(
            {
                "step": "published table",
                "detail": f"{source}, thousand current USD at basic prices (Markup001).",
            },
        ),
    )


GLORIA = Format(
    name="gloria",
    title="GLORIA: 164 regions x 120 sectors, 1990 on",
    needs="a folder with GLORIA_MRIOs_RELEASE_YEAR (.zip) and GLORIA_ReadMe_0RELEASE.xlsx",
    published="https://ielab.info/labs/ielab-gloria",
    met="model",
    read=read,
    choices={"extensions": (NONE, ALL)},
)
