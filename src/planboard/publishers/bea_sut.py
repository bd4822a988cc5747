"""US Bureau of Economic Analysis: supply and use, summary level, 73 products x 71 industries.

Read from one tidy Parquet file for all years, `usa_bea_sut_summary_*.parquet` (year, table, row,
col, value; million USD; zeros left out) with its lists of codes, `usa_bea_summary_*CodeName.csv`;
or from the publisher's two workbooks, `Supply_Tables_*_Summary.xlsx` and
`Use_Tables_*_Summary.xlsx`, one sheet for every year: codes in the row of T007 or T001 from column
C on, names beneath; codes of rows in column A, names in B; "..." for nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from planboard.errors import InvalidTableError, UnreadableFileError
from planboard.publishers.format import Format, Request, the_year
from planboard.publishers.parquet import read_parquet
from planboard.publishers.spreadsheet import Sheet, open_workbook
from planboard.tables import Publication
from planboard.tables.supply_use import EXPORTS, SupplyUseTable
from planboard.tables.valuation import allowance

TITLE = "the supply-use tables of BEA"
SOURCE = "US Bureau of Economic Analysis, supply-use tables, summary level, {year}"
REGION = "USA"
COLUMNS = ["year", "table", "row", "col", "value"]
CODES = "usa_bea_summary_{}CodeName.csv"
RELEASE = "Take all files from one release, whole and as they are."

ROLES = {
    "F010": "households",
    **{f"F02{kind}": "capital_formation" for kind in "SENR"},
    "F030": "inventories",
    "F040": EXPORTS,
    **{
        f"F{level}{kind}": "government" if kind == "C" else "capital_formation"
        for level in ("06", "07", "10")
        for kind in "CSEN"
    },
}
IMPORTS = "MCIF"
# Item here -> code of the publisher, in the supply table.
ADJUSTMENTS = {"cif_fob": "MADJ"}
MARGINS = {"trade": "Trade", "transport": "Trans"}
TAXES = {"import_duties": "MDTY", "taxes_on_products": "TOP", "subsidies_on_products": "SUB"}
# Item of value added -> code and sign, in the use table: other subsidies are published above zero.
VALUE_ADDED = {
    "labour": ("V001", 1.0),
    "capital": ("V003", 1.0),
    "other_taxes_on_production": ("T00OTOP", 1.0),
    "other_subsidies_on_production": ("T00OSUB", -1.0),
}
SUPPLY_COLUMNS = (
    IMPORTS, *ADJUSTMENTS.values(), *MARGINS.values(), *TAXES.values(),
    "T007", "T013", "T014", "T015", "T016",
)  # fmt: skip
USE_ROWS = (*(code for code, _ in VALUE_ADDED.values()), "T005", "VABAS", "T018")
MEMO = ("T00TOP", "T00SUB", "VAPRO")
NOTES = (
    "Labour income is compensation of employees; the mixed income of the self-employed is part of "
    "capital income, the gross operating surplus.",
    "The publisher rounds flows to 1 million USD.",
    "Taxes and subsidies on products by the industry that collects them (T00TOP, T00SUB, VAPRO) "
    "are left out: the use table has them where they are paid.",
)


@dataclass(frozen=True, eq=False)
class Published:
    """The two tables of one year as published: every row x every column, zero where nothing is.

    supply has products and T017 as rows; use has products and the items of value added
    """

    file: Path
    supply: pd.DataFrame
    use: pd.DataFrame
    products: list[str]
    industries: list[str]
    labels: Mapping[str, str]


def read(request: Request) -> SupplyUseTable:
    """The supply and use tables of one year, use at purchasers' prices."""
    workbooks, file = _source(request.source)
    published = _from_workbooks(request, file) if workbooks else _from_parquet(request, file)
    year, found = published
    _check_totals(found, year)
    return _table(found, year)


def _source(source: Path) -> tuple[bool, Path]:
    """Whether workbooks are read; and the Parquet file, or the workbook of supply."""
    if not source.is_dir():
        return source.suffix != ".parquet", source
    for pattern in ("usa_bea_sut_summary_*.parquet", "Supply_Tables_*_Summary.xlsx"):
        files = sorted(source.glob(pattern))
        if len(files) > 1:
            raise InvalidTableError(
                f"{source} holds {len(files)} files of {TITLE}.",
                [file.name for file in files],
                "Name the one to read instead of the folder.",
            )
        if files:
            return files[0].suffix != ".parquet", files[0]
    raise UnreadableFileError(
        f"There are no supply-use tables of BEA in {source}.",
        ["no file usa_bea_sut_summary_*.parquet", "no file Supply_Tables_*_Summary.xlsx"],
        "Name the folder that holds them.",
    )


# The Parquet file ---------------------------------------------------------------------------------


def _from_parquet(request: Request, file: Path) -> tuple[int, Published]:
    request.progress(f"reading {file.name}")
    cells = read_parquet(file, COLUMNS)
    cells = _numbered(file, cells)
    year = the_year(request, sorted(map(int, cells["year"].unique())), TITLE)
    cells = cells[cells["year"] == year]
    products, industries, final = (
        _names(file.parent / CODES.format(axis))
        for axis in ("Commodity", "Industry", "FinalDemand")
    )
    supply = (
        [*products, "T017"],
        [*industries, *SUPPLY_COLUMNS],
    )
    use = ([*products, *USE_ROWS, *MEMO], [*industries, *ROLES, "T001", "T019"])
    found = Published(
        file=file,
        supply=_wide(file, cells, ("supply", year), supply),
        use=_wide(file, cells, ("use", year), use),
        products=list(products),
        industries=list(industries),
        labels={**final, **industries, **products},
    )
    return year, found


def _numbered(file: Path, cells: pd.DataFrame) -> pd.DataFrame:
    """Years and values as numbers; a row without one is refused, for it is no zero."""
    numbers = cells[["year", "value"]].apply(pd.to_numeric, errors="coerce")
    wrong = ~np.isfinite(numbers.astype(float)).all(axis=1) | (numbers["year"] % 1 != 0)
    if wrong.any():
        raise InvalidTableError(
            f"{file} has {int(wrong.sum())} rows without a year or a value.",
            [", ".join(map(str, row)) for row in cells[wrong].head(20).to_numpy()],
            "A missing number is not zero: take the file again, whole.",
        )
    return cells.assign(**numbers)


def _names(file: Path) -> dict[str, str]:
    """Code -> name, without the numbers of footnotes."""
    book = open_workbook(file)
    sheet = book.sheet(book.names[0])
    rows = sheet.down(2, 1)
    return _named(sheet.labels(rows, 1), sheet.texts(rows, 2))


def _named(codes: list[str], names: list[str]) -> dict[str, str]:
    plain = [re.sub(r"\s*\[\d+\]$", "", name) for name in names]
    return dict(zip(codes, plain, strict=True))


def _wide(
    file: Path, cells: pd.DataFrame, which: tuple[str, int], axes: tuple[list[str], list[str]]
) -> pd.DataFrame:
    """One table laid out on its codes; a code that is not of it, or a cell twice, is refused."""
    name, year = which
    mine = cells[cells["table"] == name]
    if mine.empty:
        raise InvalidTableError(
            f"{file} does not hold the {name} table of {year}.",
            [f"found: {', '.join(sorted(cells['table'].unique())) or 'no table'}"],
            RELEASE,
        )
    odd = [
        f"{name} table, {axis} '{code}'"
        for axis, known in zip(("row", "col"), axes, strict=True)
        for code in mine[axis].unique()
        if code not in known
    ]
    if odd:
        raise InvalidTableError(
            f"{file} has codes that are not those of {TITLE}.",
            odd,
            "Tables of another level or release have other codes; the lists of codes lie beside "
            "the file.",
        )
    twice = mine[mine.duplicated(["row", "col"])]
    if len(twice):
        raise InvalidTableError(
            f"{file} states {len(twice)} cells of {year} twice.",
            [f"{name} table, {row}, {col}" for row, col in twice[["row", "col"]].to_numpy()],
            "Take the file again; a cell is stated once.",
        )
    wide = mine.pivot(index="row", columns="col", values="value").rename_axis(None, axis=1)
    return wide.rename_axis(None).reindex(index=axes[0], columns=axes[1]).fillna(0.0).astype(float)


# The publisher's workbooks ------------------------------------------------------------------------


def _from_workbooks(request: Request, file: Path) -> tuple[int, Published]:
    request.progress(f"reading {file.name}")
    books = [open_workbook(file), open_workbook(_beside(file))]
    years = set.intersection(*({n for n in b.names if re.fullmatch(r"\d{4}", n)} for b in books))
    year = the_year(request, sorted(map(int, years)), TITLE)
    sheets = [book.sheet(str(year)) for book in books]
    supply, names = _laid_out(sheets[0], "T007", "T017")
    use, more = _laid_out(sheets[1], "T001", "VAPRO")
    found = Published(
        file=file,
        supply=supply,
        use=use,
        products=list(supply.index[:-1]),
        industries=list(supply.columns[: list(supply.columns).index("T007")]),
        labels={**more, **names},
    )
    _check_workbooks(found)
    return year, found


def _beside(file: Path) -> Path:
    """The workbook of use beside that of supply, of the same years."""
    years = re.search(r"\d{4}-\d{4}", file.name)
    pattern = f"Use_Tables_*{years[0] if years else ''}_Summary.xlsx"
    files = sorted(file.parent.glob(pattern))
    if len(files) != 1:
        raise UnreadableFileError(
            f"The workbook of use that belongs to {file} was not found.",
            [f"{len(files)} files {pattern} in {file.parent}"],
            RELEASE,
        )
    return files[0]


def _laid_out(sheet: Sheet, heading: str, last: str) -> tuple[pd.DataFrame, dict[str, str]]:
    """A sheet up to the row `last`: rows x columns by code; and the names of its codes."""
    head = sheet.find(heading).row
    columns = sheet.across(head, 3)
    rows = range(head + 2, sheet.find(last, columns=1).row + 1)
    down, over = sheet.labels(rows, 1), sheet.labels(head, columns)
    values = sheet.numbers(rows, columns, zeros=("...", ""))
    names = _named([*down, *over], [*sheet.texts(rows, 2), *sheet.texts(head + 1, columns)])
    return pd.DataFrame(values, index=down, columns=over), names


def _check_workbooks(found: Published) -> None:
    """Both sheets must have all rows and columns that are read from them."""
    columns = [*found.industries, *ROLES, "T001", "T019"]
    wanted = {
        "supply": (found.supply, ["T017"], SUPPLY_COLUMNS),
        "use": (found.use, [*found.products, *USE_ROWS], columns),
    }
    faults = [
        f"{name} table, no {axis} '{code}'"
        for name, (table, rows, columns) in wanted.items()
        for axis, codes, there in (("row", rows, table.index), ("column", columns, table.columns))
        for code in codes
        if code not in there
    ]
    if faults:
        raise InvalidTableError(
            f"{found.file} and its workbook of use are not those of {TITLE}.", faults, RELEASE
        )


# From the published tables ------------------------------------------------------------------------


def _check_totals(found: Published, year: int) -> None:
    """The publisher's totals must be the sums of what is there, to its rounding."""
    faults = []
    for what, parts, published in _totals(found):
        gap = published - parts.sum(axis=1)
        wrong = gap.abs() > allowance(1.0, (parts != 0).sum(axis=1) + 1)
        faults += [
            (
                abs(gap[i]),
                f"{what} of {i}: {published[i]:,.0f}, its parts {parts.loc[i].sum():,.0f}",
            )
            for i in gap.index[wrong]
        ]
    if faults:
        raise InvalidTableError(
            f"{len(faults)} totals of {year} in {found.file} are not the sums of their parts.",
            [line for _, line in sorted(faults, key=lambda fault: -fault[0])],
            "Cells are missing or changed: take the file again, whole.",
        )


def _totals(found: Published) -> Iterator[tuple[str, pd.DataFrame, "pd.Series[float]"]]:
    """Every total that is published: its name, its parts in columns, and its values."""
    supply, use = found.supply.loc[found.products], found.use.loc[found.products]
    basic = [*found.industries, IMPORTS, *ADJUSTMENTS.values()]
    margins, taxes = list(MARGINS.values()), list(TAXES.values())
    for total, columns in (
        ("T007", found.industries),
        ("T013", basic),
        ("T014", margins),
        ("T015", taxes),
        ("T016", [*basic, *margins, *taxes]),
    ):
        yield total, supply[columns], supply[total]
    yield "T017", supply[found.industries].T, _row(found.supply, "T017", found.industries)
    yield "T001", use[found.industries], use["T001"]
    yield "T019", use[[*found.industries, *ROLES]], use["T019"]
    columns = [*found.industries, *ROLES]
    yield "T005", use[columns].T, _row(found.use, "T005", columns)
    added = _value_added(found)
    yield "VABAS", added.T, _row(found.use, "VABAS", found.industries)
    inputs = pd.concat([use[found.industries], added]).T
    yield "T018", inputs, _row(found.use, "T018", found.industries)


def _row(table: pd.DataFrame, code: str, columns: list[str]) -> "pd.Series[float]":
    return table[columns].T[code]


def _value_added(found: Published) -> pd.DataFrame:
    rows = {
        item: sign * _row(found.use, code, found.industries)
        for item, (code, sign) in VALUE_ADDED.items()
    }
    return pd.DataFrame(rows).T[found.industries]


def _table(found: Published, year: int) -> SupplyUseTable:
    supply, use = found.supply.loc[found.products], found.use.loc[found.products]

    def columns(codes: Mapping[str, str]) -> pd.DataFrame:
        return pd.DataFrame({item: supply[code] for item, code in codes.items()})

    added = _value_added(found)
    return SupplyUseTable(
        publication=_publication(found, year),
        region=REGION,
        supply=supply[found.industries],
        use=use[found.industries],
        final_use=use[list(ROLES)],
        imports=supply[IMPORTS],
        value_added=added[(added != 0).any(axis=1)],
        roles=ROLES,
        adjustments=columns(ADJUSTMENTS),
        margins=columns(MARGINS),
        taxes=columns(TAXES),
        rounding=1.0,
    )


def _publication(found: Published, year: int) -> Publication:
    size = f"{len(found.products)} products x {len(found.industries)} industries"
    codes = {*found.products, *found.industries, *ROLES}
    source = SOURCE.format(year=year)
    return Publication(
        name=f"bea-sut-{year}",
        title=f"United States {year}, {size}",
        source=source,
        licence="US public domain",
        year=year,
        currency="USD",
        unit=f"million {year} USD",
        price_basis="purchasers",
        labels={code: name for code, name in found.labels.items() if code in codes},
        notes=NOTES,
        history=(
            {
                "step": "published table",
                "detail": f"{source}, supply at basic prices, use at purchasers' prices.",
            },
        ),
    )


BEA_SUT = Format(
    name="bea-sut",
    title="US supply and use tables of BEA, summary level: 73 products x 71 industries",
    needs="a folder with usa_bea_sut_summary_*.parquet and its lists of codes, or the workbooks "
    "Supply_Tables_*_Summary.xlsx and Use_Tables_*_Summary.xlsx",
    published="US Bureau of Economic Analysis, Input-Output Accounts, AllTablesSUP.zip",
    met="real",
    read=read,
)
