"""Economy <-> folder: `economy.json` and tidy tables, Parquet or CSV.

Tables and their columns (the last one or few are numbers):

    activity          region, activity, level [, reference, input_lag, in_progress]
    supply, use       region, product, activity, value      for `reference` units of the activity
    factor_use        region, factor, activity, value       (default: for its base-year level)
    factor_use_building  region, factor, kind, activity, value   per unit of capacity
    endowment         region, factor, value
    final_use         region, product, category, value
    trade             origin, destination, product, value   a partner may be "outside"
    capital           region, kind, activity, capacity, depreciation [, building, gestation, …]
    under_construction  region, kind, activity, year, value      ordered before the base year
    capital_required  region, product, kind, activity, value     per unit of capacity
    stock             region, product, value [, loss]
    value_added       region, item, activity, value         for `reference` units of the activity
    persons, growth, actual   carried along: see `Economy`
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from planboard.economy import (
    OUTSIDE,
    ROLES,
    Array,
    Category,
    Economy,
    Factor,
    Product,
    RegionAccounts,
    check_numbers,
)
from planboard.errors import InvalidEconomyError, UnreadableFileError
from planboard.labels import nearest, positions, unknown_name

FORMAT = 1
REQUIRED = ("name", "title", "source", "licence", "base_year", "currency", "unit", "price_basis")
KNOWN = (
    *REQUIRED, "format", "coverage", "regions", "products", "activities", "factors", "categories",
    "kinds", "labels", "description", "attribution", "notes", "history",
)  # fmt: skip
COLUMNS: dict[str, tuple[str, ...]] = {
    "activity": ("region", "activity", "level"),
    "supply": ("region", "product", "activity", "value"),
    "use": ("region", "product", "activity", "value"),
    "factor_use": ("region", "factor", "activity", "value"),
    "factor_use_building": ("region", "factor", "kind", "activity", "value"),
    "endowment": ("region", "factor", "value"),
    "final_use": ("region", "product", "category", "value"),
    "trade": ("origin", "destination", "product", "value"),
    "capital": ("region", "kind", "activity", "capacity", "depreciation"),
    "under_construction": ("region", "kind", "activity", "year", "value"),
    "capital_required": ("region", "product", "kind", "activity", "value"),
    "stock": ("region", "product", "value"),
    "value_added": ("region", "item", "activity", "value"),
    "persons": ("region", "measure", "value", "source"),
    "growth": ("region", "quantity", "value", "assumed"),
    "actual": ("region", "quantity", "name", "year", "value", "unit"),
}
NAMES = {"region", "product", "activity", "factor", "category", "kind", "origin", "destination"}
TEXTS = NAMES | {"item", "measure", "source", "quantity", "name", "unit"}


def bundled_economies() -> tuple[str, ...]:
    """Names of the economies that come with the package."""
    folder = resources.files("planboard") / "data"
    return tuple(sorted(f.name for f in folder.iterdir() if (f / "economy.json").is_file()))


def economy_path(source: str | Path, beside: Path | None = None) -> Path:
    """The folder of a bundled economy, or a folder (relative to `beside`, if given)."""
    if str(source) in bundled_economies():
        return Path(str(resources.files("planboard") / "data" / str(source)))
    return (beside or Path()) / source


def read_economy(source: str | Path, beside: Path | None = None) -> Economy:
    """Read a bundled economy by name, or an economy folder.

    Raises
    ------
    UnreadableFileError, UnknownNameError, InvalidEconomyError
        With the file, the column and the names at fault.
    """
    path = economy_path(source, beside)
    if not (path / "economy.json").is_file():
        known = bundled_economies()
        close = nearest(str(source), known)
        raise UnreadableFileError(
            f"There is no economy '{source}'.",
            [f"no file {path / 'economy.json'}"],
            f"Bundled economies: {', '.join(close or known)}. Or name an economy folder.",
        )
    return _build(_read_json(path / "economy.json"), read_tables(path), path)


def folder_hash(path: Path) -> str:
    """SHA-256 of an economy folder's files, in order of their names."""
    digest = hashlib.sha256()
    for file in sorted(path.iterdir()):
        if file.suffix in (".json", ".parquet", ".csv"):
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def read_tables(path: Path) -> dict[str, pd.DataFrame]:
    """Every known table of a folder, checked for its columns and numbers."""
    tables = {}
    for file in sorted(path.iterdir()):
        if file.suffix in (".parquet", ".csv"):
            if file.stem not in COLUMNS:
                raise unknown_name("table", file.stem, list(COLUMNS), str(file))
            if file.stem in tables:
                raise InvalidEconomyError(
                    f"Table '{file.stem}' stands twice in {path}.",
                    ["as Parquet and as CSV"],
                    "Remove one of the two.",
                )
            tables[file.stem] = _read_table(file)
    return tables


def _read_json(file: Path) -> dict[str, Any]:
    try:
        head = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UnreadableFileError(
            f"The file {file} cannot be read.", [str(error)], "It must be JSON in UTF-8."
        ) from error
    missing = [key for key in REQUIRED if key not in head]
    if missing:
        raise InvalidEconomyError(
            f"{file} does not say everything that an economy must say.",
            [f"missing: {key}" for key in missing],
            "Add the missing keys.",
        )
    for key in head:
        if key not in KNOWN:
            raise unknown_name("key", key, KNOWN, str(file))
    if head.get("format", FORMAT) > FORMAT:
        raise UnreadableFileError(
            f"{file} was written by a later version of Planboard.",
            [f"format {head['format']}; this version reads up to {FORMAT}"],
            "Upgrade Planboard.",
        )
    return dict(head)


def _read_table(file: Path) -> pd.DataFrame:
    try:
        table = _read_csv(file) if file.suffix == ".csv" else pd.read_parquet(file)
    except (OSError, ValueError) as error:
        raise UnreadableFileError(
            f"The table {file} cannot be read.",
            [str(error).splitlines()[0]],
            "It must be a table in Parquet or CSV with a line of column names.",
        ) from error
    missing = [name for name in COLUMNS[file.stem] if name not in table]
    if missing:
        raise InvalidEconomyError(
            f"The table {file} lacks columns.",
            [f"missing: {', '.join(missing)}", f"found: {', '.join(table.columns)}"],
            "Name the columns in the first line.",
        )
    for name in table.columns:
        if name in TEXTS:
            table[name] = table[name].astype(str)
        else:
            table[name] = _numbers(table[name], file)
    return table


def _read_csv(file: Path) -> pd.DataFrame:
    """A CSV file; lines that begin with # are remarks, such as its source."""
    return pd.read_csv(file, comment="#", skipinitialspace=True, dtype=str, keep_default_na=False)


def _numbers(column: "pd.Series[Any]", file: Path) -> "pd.Series[float]":
    numbers = pd.to_numeric(column, errors="coerce").astype(float)
    wrong = numbers.index[numbers.isna()]
    if len(wrong):
        raise InvalidEconomyError(
            f"The table {file} holds what is not a number, in column '{column.name}'.",
            [f"row {row + 1}: '{column.loc[row]}'" for row in wrong],
            "Write a number with a decimal point; a missing number is not zero.",
        )
    return numbers


def _build(head: Mapping[str, Any], tables: Mapping[str, pd.DataFrame], path: Path) -> Economy:
    activity = _need(tables, "activity", path)
    regions = list(head.get("regions", {})) or list(dict.fromkeys(activity["region"]))
    products = _records(head, "products", Product, head["unit"]) or [
        Product(name, name, head["unit"]) for name in _found(tables, "product")
    ]
    factors = _records(head, "factors", Factor, "") or [
        Factor(name, name, "") for name in _found(tables, "factor")
    ]
    categories = _categories(head, tables, path)
    kinds = list(head.get("kinds", {})) or _found(tables, "kind") or ["capital"]
    axes: dict[str, list[str]] = {
        "region": regions,
        "product": [p.name for p in products],
        "factor": [f.name for f in factors],
        "category": [c.name for c in categories],
        "kind": kinds,
    }
    axes["origin"] = axes["destination"] = _partners(tables, regions)
    _check_names(tables, axes, path)
    books = {name: dict(iter(t.groupby("region"))) for name, t in tables.items() if "region" in t}
    trade = tables.get("trade", _empty("trade"))
    accounts = tuple(
        read_accounts(
            Book(region, {k: v[region] for k, v in books.items() if region in v}, axes, trade),
            int(head["base_year"]),
        )
        for region in regions
    )
    for each in accounts:
        check_numbers(each)
    return Economy(
        **{key: head[key] for key in REQUIRED},
        coverage=head.get("coverage", "part"),
        products=tuple(products),
        factors=tuple(factors),
        categories=tuple(categories),
        kinds=tuple(kinds),
        partners=tuple(axes["origin"]),
        regions=accounts,
        labels=_labels(head),
        attribution=head.get("attribution", ""),
        notes=tuple(head.get("notes", ())),
        history=tuple(head.get("history", ())),
        persons=tables.get("persons"),
        actual=tables.get("actual"),
    )


def _need(tables: Mapping[str, pd.DataFrame], name: str, path: Path) -> pd.DataFrame:
    if name not in tables:
        raise InvalidEconomyError(
            f"The economy in {path} has no table '{name}'.",
            [f"found: {', '.join(tables) or 'no tables'}"],
            f"Add {name}.csv or {name}.parquet with columns {', '.join(COLUMNS[name])}.",
        )
    return tables[name]


def _empty(name: str) -> pd.DataFrame:
    return pd.DataFrame({column: [] for column in COLUMNS[name]})


def _found(tables: Mapping[str, pd.DataFrame], axis: str) -> list[str]:
    """Every name of an axis in the tables, in order of first appearance."""
    names = (name for table in tables.values() if axis in table for name in table[axis])
    return list(dict.fromkeys(names))


def _records(head: Mapping[str, Any], key: str, record: type, unit: str) -> list[Any]:
    """Products or factors as the head describes them."""
    fields = set(record.__dataclass_fields__) - {"name"}  # type: ignore[attr-defined]
    made = []
    for name, given in dict(head.get(key, {})).items():
        wrong = set(given) - fields
        if wrong:
            raise unknown_name("key", sorted(wrong)[0], sorted(fields), f"{key} '{name}'")
        made.append(record(**{"name": name, "label": name, "unit": unit, **given}))
    return made


def _categories(
    head: Mapping[str, Any], tables: Mapping[str, pd.DataFrame], path: Path
) -> list[Category]:
    """Categories as the head describes them; one that it does not describe takes orders only."""
    given = dict(head.get("categories", {}))
    names = list(dict.fromkeys([*given, *_found(tables, "category")])) or ["final_use"]
    made = []
    for name in names:
        role = given.get(name, {}).get("role", "ordered")
        if role not in ROLES:
            raise unknown_name("role", role, ROLES, f"category '{name}' in {path / 'economy.json'}")
        made.append(Category(name, given.get(name, {}).get("label", name), role))
    return made


def _partners(tables: Mapping[str, pd.DataFrame], regions: list[str]) -> list[str]:
    if "trade" not in tables:
        return regions
    found = [*tables["trade"]["origin"], *tables["trade"]["destination"]]
    return regions + [OUTSIDE] * (OUTSIDE in found)


def _check_names(
    tables: Mapping[str, pd.DataFrame], axes: Mapping[str, Sequence[str]], path: Path
) -> None:
    for table, content in tables.items():
        for axis in NAMES & set(content) & set(axes):
            known = axes[axis]
            positions(axis, dict.fromkeys(content[axis]), known, f"{path / table}, {axis}")
    for table, content in tables.items():
        if table in ("persons", "actual", "growth"):
            continue
        keys = [c for c in COLUMNS[table] if c in NAMES or c in ("item", "year")]
        twice = content[content.duplicated(keys)]
        if len(twice):
            raise InvalidEconomyError(
                f"Table '{table}' in {path} states the same thing twice.",
                [", ".join(map(str, row)) for row in twice[keys].to_numpy()],
                "Remove one of each pair, or add them up.",
            )


def _labels(head: Mapping[str, Any]) -> dict[str, str]:
    """Full names of all codes; where an activity and a product share a code, the product's."""
    sections = ("activities", "categories", "kinds", "factors", "products", "regions")
    return {
        **{
            name: given["label"]
            for section in sections
            for name, given in dict(head.get(section, {})).items()
            if isinstance(given, dict) and "label" in given
        },
        **dict(head.get("labels", {})),
    }


@dataclass(frozen=True, eq=False)
class Book:
    """The tables of one region, and the axes they are laid out on."""

    region: str
    tables: Mapping[str, pd.DataFrame]
    axes: Mapping[str, Sequence[str]]
    trade: pd.DataFrame

    def array(self, table: str, axes: Sequence[str], default: float = 0.0) -> Array:
        """A table as an array over the named axes; what is not stated is the default."""
        return self.column(table, "value", axes, default)

    def column(self, table: str, column: str, axes: Sequence[str], default: float) -> Array:
        """One column of a table as an array over the named axes."""
        values = np.full([len(self.axes[axis]) for axis in axes], default)
        found = self.tables.get(table)
        if found is not None and column in found:
            at = tuple(pd.Index(self.axes[axis]).get_indexer(found[axis]) for axis in axes)
            values[at] = found[column]
        return values


def read_accounts(book: Book, base_year: int) -> RegionAccounts:
    """The accounts of one region from its tables."""
    activities = tuple(book.tables.get("activity", _empty("activity"))["activity"])
    if not activities:
        raise InvalidEconomyError(
            f"Region '{book.region}' has no activities.", [], "Add rows to the table 'activity'."
        )
    own = Book(book.region, book.tables, {**book.axes, "activity": activities}, book.trade)
    _check_activities(own)
    level = own.column("activity", "level", ["activity"], 0.0)
    reference = own.column("activity", "reference", ["activity"], np.nan)
    reference = np.where(np.isnan(reference), level, reference)
    per_unit = np.divide(1.0, reference, out=np.zeros_like(level), where=reference != 0)
    return RegionAccounts(
        region=book.region,
        activities=activities,
        level=level,
        input_lag=own.column("activity", "input_lag", ["activity"], 0.0).astype(np.int64),
        in_progress=_or_else(own.column("activity", "in_progress", ["activity"], np.nan), level),
        input=sparse.csr_array(own.array("use", ["product", "activity"]) * per_unit),
        output=sparse.csr_array(own.array("supply", ["product", "activity"]) * per_unit),
        factor_use=own.array("factor_use", ["factor", "activity"]) * per_unit,
        **_capital(own, base_year),
        factor_use_building=own.array("factor_use_building", ["factor", "kind", "activity"]),
        final_use=own.array("final_use", ["product", "category"]),
        endowment=own.array("endowment", ["factor"], np.inf),
        initial_stock=own.array("stock", ["product"]),
        storage_loss=own.column("stock", "loss", ["product"], 0.0),
        exports=_flows(own, "origin", "destination"),
        imports=_flows(own, "destination", "origin"),
        value_added=_value_added(own, per_unit),
    )


def _or_else(values: Array, default: Array) -> Array:
    return np.where(np.isnan(values), default, values)


def _check_activities(book: Book) -> None:
    """Every activity that a region's table names must stand in its table of activities."""
    for table, content in book.tables.items():
        if "activity" in content and table != "activity":
            where = f"table '{table}' of region '{book.region}'"
            positions("activity", dict.fromkeys(content["activity"]), book.axes["activity"], where)


def _capital(book: Book, base_year: int) -> dict[str, Any]:
    axes = ["kind", "activity"]
    n, (h, m) = len(book.axes["product"]), (len(book.axes["kind"]), len(book.axes["activity"]))
    gestation = book.column("capital", "gestation", axes, 1.0).astype(np.int64)
    if (gestation < 1).any():
        raise InvalidEconomyError(
            f"Capital of region '{book.region}' has a gestation of less than a year.",
            [],
            "What is ordered in one year is productive in the next at the earliest.",
        )
    building = np.zeros((int(gestation.max(initial=1)), h, m))
    building[0] = book.column("capital", "building", axes, 0.0)
    earlier = book.tables.get("under_construction", _empty("under_construction"))
    for kind, activity, year, value in earlier[["kind", "activity", "year", "value"]].to_numpy():
        ago = base_year - int(year)
        if not 0 <= ago < len(building):
            raise InvalidEconomyError(
                f"Region '{book.region}' has capacity under construction that arrived already.",
                [f"{kind}, {activity}: ordered in {year}; base year {base_year}"],
                "Count it as capacity instead.",
            )
        at = list(book.axes["kind"]).index(kind), list(book.axes["activity"]).index(activity)
        building[(ago, *at)] += value
    required = book.array("capital_required", ["product", *axes])
    return {
        "capacity": book.column("capital", "capacity", axes, np.inf),
        "depreciation": book.column("capital", "depreciation", axes, 0.0),
        "gestation": gestation,
        "building": building,
        "capital_required": sparse.csr_array(required.reshape(n, h * m)),
        "utilisation": book.column("capital", "utilisation", axes, 1.0).min(axis=0),
    }


def _flows(book: Book, here: str, there: str) -> Array:
    mine = book.trade[book.trade[here] == book.region]
    flows = np.zeros((len(book.axes["product"]), len(book.axes[there])))
    at = (
        pd.Index(book.axes["product"]).get_indexer(mine["product"]),
        pd.Index(book.axes[there]).get_indexer(mine[there]),
    )
    np.add.at(flows, at, mine["value"].to_numpy(dtype=float))
    return flows


def _value_added(book: Book, per_unit: Array) -> dict[str, Array]:
    table = book.tables.get("value_added")
    if table is None:
        return {}
    items = {}
    for item, rows in table.groupby("item", sort=False):
        values = np.zeros(len(per_unit))
        values[pd.Index(book.axes["activity"]).get_indexer(rows["activity"])] = rows["value"]
        items[str(item)] = values * per_unit
    return items
