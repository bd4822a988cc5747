"""Economy folder -> Economy, checked for names, columns and numbers."""

import hashlib
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from planboard.economy import (
    CARRIED,
    OUTSIDE,
    ROLES,
    Category,
    Economy,
    Factor,
    Product,
    RegionAccounts,
    check_numbers,
)
from planboard.economy_folder.accounts import Book, read_accounts
from planboard.economy_folder.format import (
    COLUMNS,
    NAMES,
    REQUIRED,
    RESERVED,
    TEXTS,
    WHOLE,
    empty_table,
)
from planboard.economy_folder.head import read_head
from planboard.errors import InvalidEconomyError, UnreadableFileError
from planboard.labels import nearest, positions, unknown_name


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
    return economy_of(read_head(path / "economy.json"), read_tables(path), path)


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


def _numbers(column: "pd.Series[Any]", file: Path) -> "pd.Series[Any]":
    numbers = pd.to_numeric(column, errors="coerce").astype(float)
    what, remedy = "a number", "Write a number with a decimal point; a missing number is not zero."
    wrong = numbers.index[~np.isfinite(numbers)]
    if column.name in WHOLE and wrong.empty:
        what, remedy = "a whole number", "Write whole years."
        wrong = numbers.index[numbers % 1 != 0]
    if len(wrong):
        raise InvalidEconomyError(
            f"The table {file} holds what is not {what}, in column '{column.name}'.",
            [f"row {row + 1}: '{column.loc[row]}'" for row in wrong],
            remedy,
        )
    return numbers.astype(np.int64) if column.name == "year" else numbers


def economy_of(
    head: Mapping[str, Any], tables: Mapping[str, pd.DataFrame], path: str | Path = "its tables"
) -> Economy:
    """The economy that a head (what economy.json holds) and tidy tables describe.

    Raises
    ------
    UnknownNameError, InvalidEconomyError
        The tables contradict each other or the head; `path` says where they are from.
    """
    path = Path(path)
    activity = _need(tables, "activity", path)
    products = _records(head, tables, "product", Product, head["unit"])
    factors = _records(head, tables, "factor", Factor, "")
    categories = _categories(head, tables, path)
    regions = list(head.get("regions", {})) or list(dict.fromkeys(activity["region"]))
    kinds = list(head.get("kinds", {})) or _found(tables, "kind") or ["capital"]
    axes: dict[str, list[str]] = {
        "region": regions,
        "product": [p.name for p in products],
        "factor": [f.name for f in factors],
        "category": [c.name for c in categories],
        "kind": kinds,
    }
    axes["origin"] = axes["destination"] = _partners(head, tables, regions)
    _check_names(tables, axes, path)
    carried: Mapping[str, Any] = {name: tables.get(name) for name in CARRIED}
    return Economy(
        **{key: head[key] for key in REQUIRED},
        coverage=head.get("coverage", "part"),
        products=tuple(products),
        factors=tuple(factors),
        categories=tuple(categories),
        kinds=tuple(kinds),
        partners=tuple(axes["origin"]),
        regions=_regions(tables, axes, int(head["base_year"])),
        labels=_labels(head),
        attribution=head.get("attribution", ""),
        notes=tuple(head.get("notes", ())),
        history=tuple(head.get("history", ())),
        description=head.get("description", ""),
        **carried,
    )


def _regions(
    tables: Mapping[str, pd.DataFrame], axes: Mapping[str, list[str]], base_year: int
) -> tuple[RegionAccounts, ...]:
    """The accounts of every region, checked."""
    books = {
        name: dict(iter(table.groupby("region")))
        for name, table in tables.items()
        if "region" in table and name not in CARRIED
    }
    none = empty_table("trade")
    trade = tables.get("trade", none)
    sold, bought = (dict(iter(trade.groupby(end))) for end in ("origin", "destination"))
    found = []
    for region in axes["region"]:
        own = {name: parts[region] for name, parts in books.items() if region in parts}
        book = Book(region, own, axes, sold.get(region, none), bought.get(region, none))
        accounts = read_accounts(book, base_year)
        check_numbers(accounts)
        found.append(accounts)
    return tuple(found)


def _need(tables: Mapping[str, pd.DataFrame], name: str, path: Path) -> pd.DataFrame:
    if name not in tables:
        raise InvalidEconomyError(
            f"The economy in {path} has no table '{name}'.",
            [f"found: {', '.join(tables) or 'no tables'}"],
            f"Add {name}.csv or {name}.parquet with columns {', '.join(COLUMNS[name])}.",
        )
    return tables[name]


def _found(tables: Mapping[str, pd.DataFrame], axis: str) -> list[str]:
    """Every name of an axis in the tables, in order of first appearance."""
    names = (name for table in tables.values() if axis in table for name in table[axis])
    return list(dict.fromkeys(names))


def _records(
    head: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
    axis: str,
    record: type,
    unit: str,
) -> list[Any]:
    """Products or factors as the head describes them, or as the tables name them."""
    fields = set(record.__dataclass_fields__) - {"name"}  # type: ignore[attr-defined]
    described = dict(head.get(f"{axis}s", {})) or {name: {} for name in _found(tables, axis)}
    made = []
    for name, given in described.items():
        wrong = set(given) - fields
        if wrong:
            raise unknown_name("key", sorted(wrong)[0], sorted(fields), f"{axis} '{name}'")
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
        if name in RESERVED:
            raise InvalidEconomyError(
                f"A category of final use cannot be called '{name}'.",
                [f"reserved: {', '.join(RESERVED)}"],
                f"Give it another name in {path}.",
            )
        role = given.get(name, {}).get("role", "ordered")
        if role not in ROLES:
            raise unknown_name("role", role, ROLES, f"category '{name}' in {path / 'economy.json'}")
        made.append(Category(name, given.get(name, {}).get("label", name), role))
    return made


def _partners(
    head: Mapping[str, Any], tables: Mapping[str, pd.DataFrame], regions: list[str]
) -> list[str]:
    """Every region that trade may name: those described, those listed, and the outside."""
    trade = tables.get("trade", empty_table("trade"))
    outside = [OUTSIDE] * (OUTSIDE in [*trade["origin"], *trade["destination"]])
    return list(dict.fromkeys([*head.get("partners", regions), *regions, *outside]))


def _check_names(
    tables: Mapping[str, pd.DataFrame], axes: Mapping[str, Sequence[str]], path: Path
) -> None:
    for table, content in tables.items():
        for axis in NAMES & set(content) & set(axes):
            known = axes[axis]
            positions(axis, content[axis].unique(), known, f"{path / table}, {axis}")
    for table, content in tables.items():
        if table in CARRIED:
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
