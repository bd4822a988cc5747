"""FIGARO: Eurostat's inter-country input-output tables, by industry or by product, since 2010.

Read from the publisher's CSV files, or the .zip that holds one, in either form:

    matrix_eu-ic-io_ind-by-ind_25ed_2023.csv    rowLabels, AR_A01, … ZA_U, AR_P3_S13, … ZA_P5M
    flatfile_eu-ic-io_ind-by-ind_25ed_2023.csv  icioiRow, icioiCol, refArea, rowIi,
                                                counterpartArea, colIi, obsValue: all cells

Rows of the area W2 are taxes, purchases of residents and non-residents, and value added. Current
EUR at basic prices. Output is not stated; here it is all that is sold:

    x[i] = Σ_j Z[i,j] + Σ_c Y[i,c]
"""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import pandas as pd

from planboard.errors import InvalidTableError, UnreadableFileError
from planboard.publishers.archive import GIGABYTE, Limits, existing_file, open_archive
from planboard.publishers.figaro_cells import (
    REMEDY,
    ROLES,
    VALUE_ADDED,
    Blocks,
    read_flat,
    read_matrix,
)
from planboard.publishers.figaro_labels import LABELS
from planboard.publishers.format import Format, Request, the_year
from planboard.tables import InputOutputTable, Publication

SOURCE = "Eurostat, FIGARO inter-country input-output table {year}{edition}, {system}"
LICENCE = "free reuse with the source named (Commission Decision 2011/833/EU)"
ATTRIBUTION = (
    "Source: Eurostat, FIGARO tables (EU inter-country supply, use and input-output tables)."
)
REST = "FIGW1"
ONE_YEAR = Limits(total=4 * GIGABYTE)  # a flat file of 50 regions takes 0.4
SYSTEMS = {"ixi": "ind-by-ind", "pxp": "prod-by-prod"}
FILE = re.compile(
    r"(matrix|flatfile)_eu-ic-io_(ind-by-ind|prod-by-prod)_(?:(\d\d)ed_)?(\d{4})\w*\.(?:csv|zip)",
    re.IGNORECASE,
)


def read(request: Request) -> InputOutputTable:
    """The table of one year."""
    file = _file(request)
    named = FILE.fullmatch(file.name)
    year = _year(request, file)
    request.progress(f"reading the FIGARO table of {year}")
    with _opened(file) as (stream, where):
        head = next(csv.reader([stream.readline()]), [])
        form = read_matrix if head[:1] == ["rowLabels"] else read_flat
        blocks = form(stream, head, where)
    return _table(blocks, _publication(blocks, year, named[3] if named else None))


def _table(blocks: Blocks, publication: Publication) -> InputOutputTable:
    n = len(blocks.industries)
    rows = pd.MultiIndex.from_tuples(blocks.industries, names=["region", "sector"])
    final = pd.MultiIndex.from_tuples(blocks.final, names=["region", "category"])
    items = list(VALUE_ADDED)
    return InputOutputTable(
        publication=publication,
        transactions=pd.DataFrame(blocks.flows[:, :n], rows, rows, copy=False),
        final_use=pd.DataFrame(blocks.flows[:, n:], rows, final, copy=False),
        gross_output=pd.Series(blocks.flows.sum(axis=1), rows),
        value_added=pd.DataFrame(blocks.below[:, :n], items, rows),
        final_use_taxes=pd.DataFrame(blocks.below[:, n:], items, final),
        roles=ROLES,
    )


def _file(request: Request) -> Path:
    """The file that is asked for: the source itself, or that of year and system in a folder."""
    source = request.source
    system = request.choices.get("system")
    named = FILE.fullmatch(source.name)
    if source.is_file() and named and system and named[2].lower() != SYSTEMS[system]:
        raise InvalidTableError(
            f"{source} is not the table '{system}' that is asked for.",
            [f"it is {named[2]}, by its name; '{system}' is {SYSTEMS[system]}"],
            "Name the other file, or choose the other system.",
        )
    if not source.is_dir():
        return existing_file(source)
    found: dict[int, list[Path]] = {}
    for file in sorted(source.glob("*")):
        match = FILE.fullmatch(file.name)
        if match and match[2].lower() == SYSTEMS[system or "ixi"]:
            found.setdefault(int(match[4]), []).append(file)
    if not found:
        raise UnreadableFileError(
            f"There is no {SYSTEMS[system or 'ixi']} table of FIGARO in {source}.", [], REMEDY
        )
    files = found[the_year(request, sorted(found), "FIGARO")]
    if len(files) > 1:
        raise InvalidTableError(
            f"{source} holds the same year of FIGARO more than once.",
            [file.name for file in files],
            "Name the file itself: editions differ, and are not mixed.",
        )
    return existing_file(files[0])


def _year(request: Request, file: Path) -> int:
    """The year of a file's name, or that asked for: inside, no file says its year."""
    named = FILE.fullmatch(file.name)
    if named:
        return the_year(request, [int(named[4])], "FIGARO")
    if request.year is None:
        raise InvalidTableError(
            f"{file} does not say of which year it is.",
            ["a name that does: matrix_eu-ic-io_ind-by-ind_25ed_2023.csv"],
            "Leave the file the publisher's name, or name the year with --year.",
        )
    return request.year


@contextmanager
def _opened(file: Path) -> Iterator[tuple[IO[str], str]]:
    """The text of a CSV file, or of the one in an archive, and what to call it."""
    with ExitStack() as stack:
        where = str(file)
        if file.suffix.lower() == ".zip":
            archive = stack.enter_context(open_archive(file, ONE_YEAR))
            tables = [name for name in archive.names if name.lower().endswith(".csv")]
            if len(tables) != 1:
                raise InvalidTableError(
                    f"{file} holds {len(tables)} CSV files where one is expected.",
                    list(archive.names),
                    "Unpack it, and name the file itself.",
                )
            where = f"{file}, {tables[0]}"
            content = stack.enter_context(archive.open(tables[0]))
        else:
            content = stack.enter_context(file.open("rb"))
        try:
            yield io.TextIOWrapper(content, "utf-8-sig", newline=""), where
        except (ValueError, csv.Error) as error:
            raise UnreadableFileError(
                f"{where} is not a well-formed CSV file in UTF-8.", [str(error)], REMEDY
            ) from error


def _publication(blocks: Blocks, year: int, edition: str | None) -> Publication:
    areas = list(dict.fromkeys(area for area, _ in blocks.industries))
    codes = list(dict.fromkeys(code for _, code in blocks.industries))
    system = "pxp" if all(code.startswith("CPA_") for code in codes) else "ixi"
    kind = "products" if system == "pxp" else "industries"
    told = f", edition 20{edition}" if edition else ""
    source = SOURCE.format(year=year, edition=told, system=SYSTEMS[system])
    labels = {code: LABELS.get(code.removeprefix("CPA_"), code) for code in [*areas, *codes]}
    labels |= {code: LABELS[code] for code in (*ROLES, *VALUE_ADDED)}
    return Publication(
        name=f"figaro-{system}-{year}",
        title=f"World economy {year}, {len(areas)} regions x {len(codes)} {kind}",
        source=source,
        licence=LICENCE,
        attribution=ATTRIBUTION,
        year=year,
        currency="EUR",
        unit=f"million {year} EUR",
        price_basis="basic",
        coverage="world" if REST in areas else "part",
        labels=labels,
        history=(
            {
                "step": "published table",
                "detail": f"{source}, current EUR at basic prices; output is what is sold.",
            },
        ),
    )


FIGARO = Format(
    name="figaro",
    title="Eurostat FIGARO: inter-country tables, 46 to 50 regions x 64 industries or products",
    needs="matrix_eu-ic-io_… or flatfile_eu-ic-io_… (.csv or .zip), or a folder of them",
    published="https://ec.europa.eu/eurostat/web/esa-supply-use-input-tables/database",
    met="model",
    read=read,
    choices={"system": ("ixi", "pxp")},
)
