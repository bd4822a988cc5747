"""OECD Inter-Country Input-Output tables, releases 2018 to 2025: one CSV file for each year.

Rows and columns are called REGION_INDUSTRY, final use REGION_CATEGORY; below stand taxes less
subsidies on products and value added. pymrio parses them, and adds up the parts of China (CN1, CN2)
and Mexico (MX1, MX2) that some releases tell apart. Million USD at current basic prices.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pandas as pd

from planboard.errors import InvalidTableError, UnreadableFileError
from planboard.publishers.archive import existing_file, open_archive, unpacked
from planboard.publishers.format import Format, Request, the_year
from planboard.publishers.oecd_labels import label_of
from planboard.tables import InputOutputTable, Publication

NAMED = re.compile(r"(?:ICIO(20\d\d)_)?((?:19|20)\d\d)(?:_SML)?\.csv", re.IGNORECASE)
PARTS = re.compile(r"(CN|MX)\d")
WHOLE = {"CN": "CHN", "MX": "MEX"}
AS_FOUND = "as-found"
# What agriculture is called tells the release.
RELEASES = {"01T03": "2018", "01T02": "2021", "A01_02": "2023", "A01": "2025"}
ROLES = {
    "HFCE": "households",
    "NPISH": "given",
    "GGFC": "government",
    "GFCF": "capital_formation",
    "INVNT": "inventories",
    "DPABR": "households",
    "P33": "households",
}
FINAL = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT")  # of every release
TAXES, ADDED = "taxes_less_subsidies_on_products", "value_added"
TOTALS = ("OUT", "TOTAL", "OUTPUT")
ROWS = ("TLS", "VA", "VALU", *TOTALS)  # that nobody sells
AGAIN = "Take the file from the publisher again, whole."
LICENCE = (
    "OECD terms and conditions: free to use with attribution "
    "(https://www.oecd.org/en/about/terms-conditions.html)"
)
ATTRIBUTION = "OECD, Inter-Country Input-Output Database, http://oe.cd/icio"


@dataclass(frozen=True, eq=False)
class _Facts:
    """What a file holds besides what pymrio keeps: its labels, and output as published."""

    rows: list[str]
    columns: list[str]
    output: pd.Series | None


def read(request: Request) -> InputOutputTable:
    """The world table of one year."""
    with _file(request) as (file, year, named):
        request.progress(f"reading {file.name}")
        facts = _facts(file)
        release = _release(request, facts, named)
        _check_labels(file, facts)
        io = _parsed(file)
    columns = io.Z.columns
    taxes, added = _items(io.factor_inputs.F)
    final_taxes, final_added = _items(io.factor_inputs.F_Y)
    used = pd.DataFrame({TAXES: final_taxes, ADDED: final_added}).T
    _check_regions(request, io)
    return InputOutputTable(
        publication=_publication(release, year, io),
        transactions=io.Z,
        final_use=io.Y,
        gross_output=_output(facts, io),
        value_added=pd.DataFrame({TAXES: taxes, ADDED: added}).T[columns],
        final_use_taxes=used.loc[used.any(axis=1), io.Y.columns],
        roles={c: ROLES[c] for c in io.Y.columns.get_level_values("category").unique()},
    )


# Which file ---------------------------------------------------------------------------------------


@contextmanager
def _file(request: Request) -> Iterator[tuple[Path, int, str]]:
    """The CSV file of the year that is asked for, its year, and the release its name tells."""
    found = _files(request.source)
    year = the_year(request, sorted({int(named[2]) for _, _, named in found}), "OECD ICIO")
    fitting = [(place, name, named) for place, name, named in found if int(named[2]) == year]
    if len(fitting) > 1:
        raise InvalidTableError(
            f"{request.source} holds several tables of {year}, and nobody said which.",
            [f"{place.name}{f', {name}' if name else ''}" for place, name, _ in fitting],
            "Name one file.",
        )
    place, name, named = fitting[0]
    if name:
        with unpacked(place, [name]) as folder:
            yield folder / name, year, named[1] or ""
    else:
        yield place, year, named[1] or ""


def _files(source: Path) -> list[tuple[Path, str, re.Match[str]]]:
    """Every table: file or archive, member of the archive, and what its name says."""
    if source.is_dir():
        places = [p for p in sorted(source.iterdir()) if p.suffix.lower() in (".csv", ".zip")]
        return [found for place in places for found in _files(place)]
    if source.suffix.lower() == ".zip":
        with open_archive(source) as archive:
            names = [(name, _named(PurePosixPath(name).name)) for name in archive.names]
        return [(source, name, named) for name, named in names if named]
    named = _named(existing_file(source).name)
    return [(source, "", named)] if named else []


def _named(name: str) -> re.Match[str] | None:
    return NAMED.fullmatch(name)


# What is in it ------------------------------------------------------------------------------------


def _facts(file: Path) -> _Facts:
    """Labels and output of a file whose cells are all numbers."""
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import csv  # noqa: PLC0415

    try:
        with csv.open_csv(file) as top:
            names = top.schema.names
        if twice := _doubled(names[1:]):
            raise _wrong_labels(file, [f"'{name}': two columns" for name in twice])
        types = {name: pa.float64() for name in names[1:]} | {names[0]: pa.string()}
        convert = csv.ConvertOptions(column_types=types, null_values=[""])
        table = csv.read_csv(file, convert_options=convert)
    except (pa.ArrowInvalid, OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(
            f"{file.name} cannot be read as a table of numbers.",
            [str(error).splitlines()[0]],
            AGAIN,
        ) from error
    rows = table.column(0).to_pylist()
    _check_cells(file, table, rows)
    total = next((name for name in TOTALS if name in names), None)
    output = None if total is None else pd.Series(table.column(total).to_pylist(), index=rows)
    return _Facts(rows, names[1:], output)


def _check_labels(file: Path, facts: _Facts) -> None:
    """Rows and columns must be the same, each there once: pymrio aligns them by their order."""
    columns = [name for name in facts.columns if name not in TOTALS]
    final = {tuple(name.split("_", 1)) for name in columns if name.partition("_")[2] in ROLES}
    made = [name for name in columns if tuple(name.split("_", 1)) not in final]
    sold = [row for row in facts.rows if _is_flow(row)]
    flows, bought = set(sold), set(made)
    known = {*flows, *ROWS, *(row for row in facts.rows if row.endswith("_TAXSUB"))}
    wanted = [code for code in ROLES if code in {*FINAL, *(pair[1] for pair in final)}]
    faults = [f"'{row}': two rows" for row in _doubled(facts.rows)]
    faults += [f"'{name}': a column, and no row" for name in made if name not in flows]
    faults += [f"'{row}': a row, and no column" for row in sold if row not in bought]
    faults += [f"'{row}': an unknown row" for row in facts.rows if row not in known]
    faults += [
        f"{region}: no column {', '.join(lacking)}"
        for region in sorted({pair[0] for pair in final})
        if (lacking := [code for code in wanted if (region, code) not in final])
    ]
    if faults:
        raise _wrong_labels(file, faults)


def _doubled(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _wrong_labels(file: Path, faults: list[str]) -> InvalidTableError:
    return InvalidTableError(
        f"The labels of {file.name} are not those of a table of OECD ICIO.", faults, AGAIN
    )


def _check_cells(file: Path, table: Any, rows: list[str]) -> None:
    """Refuse cells without a number; what value added has under final use may be empty."""
    sold = {name for name in table.schema.names if name.partition("_")[2] in ROLES}
    faults = []
    for name in table.schema.names[1:]:
        column = table.column(name)
        numbers = column.to_numpy()  # NaN for an empty cell
        if not np.isfinite(numbers).all():
            empty = [rows[k] for k in np.flatnonzero(~np.isfinite(numbers))]
            in_corner = name in sold or name in TOTALS
            faults += [
                f"row {row}, column {name}" for row in empty if not in_corner or _is_flow(row)
            ]
    if faults:
        raise InvalidTableError(
            f"{file.name} has {len(faults)} cells without a number.",
            faults,
            "A missing number is not zero: take the file from the publisher again.",
        )


def _is_flow(row: str) -> bool:
    """Whether a row is sold by somebody: REGION_INDUSTRY, and no row of taxes."""
    return "_" in row and not row.endswith("TAXSUB")


def _release(request: Request, facts: _Facts, named: str) -> str:
    """The release, by what its industries are called; another than named is refused."""
    industries = {row.partition("_")[2] for row in facts.rows if _is_flow(row)}
    found = next((year for code, year in RELEASES.items() if code in industries), "")
    wanted = request.choices.get("release", AS_FOUND)
    wanted = named if wanted == AS_FOUND else wanted
    last = facts.rows[-1] if facts.rows else "none"
    if not found or not any(row in facts.rows for row in ("VA", "VALU")):
        raise InvalidTableError(
            f"{request.source} is no table of a known release of OECD ICIO.",
            [f"industries: {', '.join(sorted(industries)[:5])}", f"last row: {last}"],
            f"Known releases: {', '.join(RELEASES.values())}.",
        )
    if wanted and wanted != found:
        raise InvalidTableError(
            f"{request.source} is of release {found} of OECD ICIO, not of {wanted}.",
            [f"industries: {', '.join(sorted(industries)[:5])}"],
            "Name the file of the release that you want, or do not choose a release.",
        )
    return found


def _parsed(file: Path) -> Any:
    import pymrio  # noqa: PLC0415

    try:
        return pymrio.parse_oecd(file)
    except (ValueError, KeyError, IndexError) as error:
        raise UnreadableFileError(
            f"{file.name} is not laid out as a table of OECD ICIO.", [str(error)], AGAIN
        ) from error


def _items(values: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Taxes less subsidies (one row, or one for each country that levies them), and value added."""
    is_added = values.index.isin(["VA", "VALU"])
    return values[~is_added].sum(axis=0), values[is_added].sum(axis=0)


def _check_regions(request: Request, io: Any) -> None:
    sold = set(io.Y.columns.get_level_values("region"))
    made = set(io.Z.columns.get_level_values("region"))
    if sold != made:
        raise InvalidTableError(
            f"{request.source} has regions of flows that final use does not, or the reverse.",
            [", ".join(sorted(sold ^ made))],
            "Parts of a region are added up only where the file has rows of the whole region; "
            "take the smaller file of the same year (…_SML.csv).",
        )


def _output(facts: _Facts, io: Any) -> pd.Series:
    """Output as published, parts of regions added up; what is sold where it is not published."""
    rows = io.Z.columns
    if facts.output is None:
        return pd.Series((io.Z.sum(axis=1) + io.Y.sum(axis=1)).to_numpy(), index=rows)
    own = facts.output[[_is_flow(row) for row in facts.rows]]
    pairs = [row.split("_", 1) for row in own.index]
    whole = [WHOLE[region[:2]] if PARTS.fullmatch(region) else region for region, _ in pairs]
    keys = [whole, [industry for _, industry in pairs]]
    return own.groupby(keys).sum().rename_axis(["region", "sector"]).reindex(rows)


def _publication(release: str, year: int, io: Any) -> Publication:
    names = [io.Z.columns.get_level_values(n).unique() for n in (0, 1)]
    source = f"OECD Inter-Country Input-Output tables, release {release}, {year}"
    codes = [*names[1], *io.Y.columns.get_level_values("category").unique()]
    return Publication(
        name=f"oecd-icio{release}-{year}",
        title=f"World economy {year}, {len(names[0])} regions x {len(names[1])} industries",
        source=source,
        licence=LICENCE,
        attribution=ATTRIBUTION,
        year=year,
        currency="USD",
        unit=f"million {year} USD",
        price_basis="basic",
        coverage="world",
        labels={code: label_of(code) for code in codes if label_of(code) != code},
        history=(
            {
                "step": "published table",
                "detail": f"{source}, current USD at basic prices.",
            },
        ),
    )


OECD_ICIO = Format(
    name="oecd-icio",
    title="OECD Inter-Country Input-Output tables, releases 2018 to 2025, 1995-2022",
    needs="the CSV of a year (2020_SML.csv, ICIO2021_2018.csv), or an archive or folder of them",
    published="https://www.oecd.org/en/data/datasets/inter-country-input-output-tables.html",
    met="model",
    read=read,
    choices={"release": (AS_FOUND, *RELEASES.values())},
)
