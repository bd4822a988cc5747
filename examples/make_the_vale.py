"""Write the two economies of `the_vale` from the published table of six regions.

    python make_the_vale.py SOURCE_FOLDER

The source folder holds Z.csv (transactions), FD.csv (final demand) and ROW_VA.csv (exports to the
rest of the world by row; imports from it and value added by column). Source: E. E. Koks and
M. Thissen (2016), A Multiregional Impact Assessment Model for disaster analysis, Economic Systems
Research 28 (4): 429-449; the table comes with their program MRIA, MIT licence.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

SOURCE = "Koks and Thissen (2016), table of the Vale that comes with MRIA (MIT licence)"
ABROAD = "Abroad"  # What comes from the rest of the world: one product, known by its user only.
SPARE = 0.05  # Of the base-year output: what every industry could make beyond it. Assumed.
LABELS = {
    "Agri": "Agriculture",
    "Comm": "Commercial services",
    "Manu": "Manufacturing",
    "NonComm": "Non-commercial services",
    ABROAD: "Goods from the rest of the world",
}
REMARKS = {
    "use": "of all origins together; 'Abroad' from the rest of the world",
    "capital": f"capacity is base-year output and {SPARE:.0%} more, which is assumed",
    "trade": "flows between regions, for use and final demand; 'outside' is the rest of the world",
}


@dataclass(frozen=True, eq=False)
class Source:
    """The published tables, million euro: rows (region, sector), columns alike or by region."""

    transactions: pd.DataFrame
    final_demand: pd.DataFrame
    others: pd.DataFrame

    @property
    def output(self) -> pd.Series:
        """Gross output by row."""
        used = self.transactions.sum(axis=1) + self.final_demand.sum(axis=1)
        return used + self.others["export_ROW"]


def read_source(folder: Path) -> Source:
    """The three files of the published table."""
    return Source(
        pd.read_csv(folder / "Z.csv", header=[0, 1], index_col=[0, 1]),
        pd.read_csv(folder / "FD.csv", index_col=[0, 1]),
        pd.read_csv(folder / "ROW_VA.csv", index_col=[0, 1]),
    )


def product(origin: str, sector: str, is_fixed: bool) -> str:
    """A product's code: of its sector, or of its origin and sector where origins are fixed."""
    return f"{origin}.{sector}" if is_fixed else sector


def economy_tables(source: Source, is_fixed: bool) -> dict[str, pd.DataFrame]:
    """Every table of the economy folder; zeros are left out."""
    rows: dict[str, list[tuple[object, ...]]] = {}

    def add(table: str, *row: object) -> None:
        rows.setdefault(table, []).append(row)

    for (region, sector), made in source.output.items():
        name, others = product(region, sector, is_fixed), source.others.loc[(region, sector)]
        add("activity", region, sector, made)
        add("supply", region, name, sector, made)
        add("capital", region, "capacity", sector, made * (1 + SPARE), 0)
        add("value_added", region, "value added", sector, others["VA"])
        add("use", region, ABROAD, sector, others["import_ROW"])
        add("trade", "outside", region, ABROAD, others["import_ROW"])
        add("trade", region, "outside", name, others["export_ROW"])
    for (origin, sector), line in source.transactions.iterrows():
        for (region, user), value in line.items():
            add("use", region, product(origin, sector, is_fixed), user, value)
            add("trade", origin, region, product(origin, sector, is_fixed), value)
    for (origin, sector), line in source.final_demand.iterrows():
        for region, value in line.items():
            add("final_use", region, product(origin, sector, is_fixed), "final demand", value)
            add("trade", origin, region, product(origin, sector, is_fixed), value)
    return {name: added_up(name, found) for name, found in rows.items()}


COLUMNS = {
    "activity": ["region", "activity", "level"],
    "supply": ["region", "product", "activity", "value"],
    "use": ["region", "product", "activity", "value"],
    "final_use": ["region", "product", "category", "value"],
    "value_added": ["region", "item", "activity", "value"],
    "capital": ["region", "kind", "activity", "capacity", "depreciation"],
    "trade": ["origin", "destination", "product", "value"],
}


def added_up(name: str, rows: list[tuple[object, ...]]) -> pd.DataFrame:
    """One row for each cell: flows of several uses or origins together, to the cent."""
    table = pd.DataFrame(rows, columns=COLUMNS[name])
    if COLUMNS[name][-1] != "value":
        return table.round(4)
    keys = COLUMNS[name][:-1]
    table = table.groupby(keys, sort=False)["value"].sum().round(4).reset_index()
    if name == "trade":
        table = table[table["origin"] != table["destination"]]
    return table[table["value"] != 0]


def head(source: Source, name: str, is_fixed: bool) -> dict[str, object]:
    """economy.json."""
    regions = list(dict.fromkeys(source.output.index.get_level_values(0)))
    sectors = list(dict.fromkeys(source.output.index.get_level_values(1)))
    products = {product(r, s, is_fixed): label(r, s, is_fixed) for r in regions for s in sectors}
    origins = "every origin a product of its own" if is_fixed else "pooled origins"
    return {
        "format": 1,
        "name": name,
        "title": f"The Vale: six regions, four sectors, {origins}",
        "source": SOURCE,
        "licence": "MIT (table); Apache-2.0 (this arrangement)",
        "attribution": "E. E. Koks and M. Thissen (2016), A Multiregional Impact Assessment Model "
        "for disaster analysis, Economic Systems Research 28 (4): 429-449. Table distributed with "
        "the program MRIA under the MIT licence.",
        "base_year": 2000,
        "currency": "money",
        "unit": "money unit of the table",
        "price_basis": "basic",
        "coverage": "part",
        "regions": {region: {"label": region} for region in regions},
        "products": {
            p: {"label": text} for p, text in {**products, ABROAD: LABELS[ABROAD]}.items()
        },
        "kinds": {"capacity": {"label": "Capacity"}},
        "categories": {"final demand": {"label": "Final demand", "role": "households"}},
        "notes": [
            "The table names no year: its figures stand for 2000.",
            f"Capacity is base-year output and {SPARE:.0%} more, which is assumed.",
            "Rows and columns of the table differ by at most 0.23, from rounding.",
        ],
        "history": [{"step": "made by examples/make_the_vale.py"}],
    }


def label(region: str, sector: str, is_fixed: bool) -> str:
    """A product's full name."""
    return f"{LABELS[sector]} of {region}" if is_fixed else LABELS[sector]


def write(source: Source, folder: Path, is_fixed: bool) -> None:
    """One economy folder; files that stand there are replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(head(source, folder.name, is_fixed), indent=2, ensure_ascii=False)
    (folder / "economy.json").write_text(text + "\n", encoding="utf-8")
    for name, table in economy_tables(source, is_fixed).items():
        lines = [f"# source: {SOURCE}"]
        lines += [f"# {REMARKS[name]}"] if name in REMARKS else []
        content = "\n".join(lines) + "\n" + table.to_csv(index=False)
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")


def main() -> None:
    """Write both economies beside this file."""
    source = read_source(Path(sys.argv[1]))
    here = Path(__file__).parent / "the_vale"
    write(source, here / "economy", is_fixed=False)
    write(source, here / "economy_fixed_origins", is_fixed=True)


if __name__ == "__main__":
    main()
