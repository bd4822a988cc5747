"""Economy -> folder: what `read_economy` reads back without loss."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from planboard.economy import CARRIED, Array, Economy, RegionAccounts
from planboard.economy_folder.format import COLUMNS, FORMAT, REQUIRED
from planboard.economy_folder.placing import new_economy_folder


def write_economy(economy: Economy, path: str | Path) -> None:
    """Write an economy as a new folder of `economy.json` and Parquet tables, whole or not at all.

    Raises
    ------
    OutputFolderError
        The folder holds something already, or cannot be written.
    """
    with new_economy_folder(path) as folder:
        write_files(economy, folder)


def write_files(economy: Economy, path: Path) -> None:
    """Write the files of an economy into a folder that is there."""
    head = json.dumps(economy_head(economy), indent=1, ensure_ascii=False)
    (path / "economy.json").write_text(head + "\n", encoding="utf-8")
    for name, table in economy_tables(economy).items():
        if len(table) or name == "activity":
            table.to_parquet(path / f"{name}.parquet", index=False, compression="zstd")


def economy_tables(economy: Economy) -> dict[str, pd.DataFrame]:
    """Every table of an economy, tidy, zeros left out."""
    parts: dict[str, list[pd.DataFrame]] = {}
    for accounts in economy.regions:
        for name, table in _region_tables(economy, accounts).items():
            parts.setdefault(name, []).append(table.assign(region=accounts.region))
    tables = {
        name: pd.concat(found, ignore_index=True)[_columns(name, found[0])]
        for name, found in parts.items()
    }
    tables["trade"] = _trade(economy)
    carried = {name: getattr(economy, name) for name in CARRIED}
    return tables | {name: table for name, table in carried.items() if table is not None}


def _columns(name: str, table: pd.DataFrame) -> list[str]:
    """The table's columns, those that the format names first."""
    return [*COLUMNS[name], *(c for c in table.columns if c not in COLUMNS[name])]


def economy_head(economy: Economy) -> dict[str, Any]:
    """What economy.json says of an economy."""
    records: Mapping[str, Iterable[Any]] = {
        "products": economy.products,
        "factors": economy.factors,
        "categories": economy.categories,
    }
    described = {
        section: {
            record.name: {key: value for key, value in asdict(record).items() if key != "name"}
            for record in found
        }
        for section, found in records.items()
    }
    return {
        "format": FORMAT,
        **{key: getattr(economy, key) for key in REQUIRED},
        "coverage": economy.coverage,
        "description": economy.description,
        "attribution": economy.attribution,
        "regions": {name: {"label": economy.label(name)} for name in economy.region_names},
        "partners": list(economy.partners),
        **described,
        "kinds": {kind: {"label": economy.label(kind)} for kind in economy.kinds},
        "labels": dict(economy.labels),
        "notes": list(economy.notes),
        "history": [dict(step) for step in economy.history],
    }


def _region_tables(economy: Economy, a: RegionAccounts) -> dict[str, pd.DataFrame]:
    reference = np.where(a.level != 0, a.level, 1.0)
    n, (h, m) = len(economy.products), a.capacity.shape
    axes = {
        "product": economy.product_names,
        "activity": a.activities,
        "factor": economy.factor_names,
        "category": economy.category_names,
        "kind": economy.kinds,
        "item": list(a.value_added),
    }

    def tidy(values: Array, *names: str) -> pd.DataFrame:
        return _tidy(values, {name: axes[name] for name in names})

    added = np.array(list(a.value_added.values())).reshape(len(a.value_added), m)
    return {
        "activity": _activities(a, reference),
        "use": tidy(a.input.toarray() * reference, "product", "activity"),
        "supply": tidy(a.output.toarray() * reference, "product", "activity"),
        "factor_use": tidy(a.factor_use * reference, "factor", "activity"),
        "factor_use_building": tidy(a.factor_use_building, "factor", "kind", "activity"),
        "factor_supply": tidy(a.factor_supply * reference, "factor", "activity"),
        **_conversions(economy, a),
        "endowment": _endowment(a, economy.factor_names),
        "final_use": tidy(a.final_use, "product", "category"),
        "capital": _capital(economy, a),
        "under_construction": _under_construction(economy, a),
        "capital_required": tidy(
            a.capital_required.toarray().reshape(n, h, m), "product", "kind", "activity"
        ),
        "stock": _stocks(economy, a),
        "value_added": tidy(added * reference, "item", "activity"),
    }


def _tidy(values: Array, axes: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """The cells that are not zero, with their labels."""
    at = np.nonzero(values)
    labels = {
        name: np.array(names, dtype=object)[place]
        for (name, names), place in zip(axes.items(), at, strict=True)
    }
    return pd.DataFrame({**labels, "value": values[at]})


def _activities(a: RegionAccounts, reference: Array) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "activity": a.activities,
            "level": a.level,
            "reference": reference,
            "input_lag": a.input_lag,
            "in_progress": a.in_progress,
        }
    )


def _stocks(economy: Economy, a: RegionAccounts) -> pd.DataFrame:
    """Stocks, and what spoils of products of which there are none yet: a plan may store them."""
    at = np.nonzero((a.initial_stock != 0) | (a.storage_loss != 0))[0]
    names = np.array(economy.product_names, dtype=object)[at]
    return pd.DataFrame(
        {"product": names, "value": a.initial_stock[at], "loss": a.storage_loss[at]}
    )


def _endowment(a: RegionAccounts, factors: Sequence[str]) -> pd.DataFrame:
    limited = np.isfinite(a.endowment)
    names = np.array(factors, dtype=object)[limited]
    return pd.DataFrame({"factor": names, "value": a.endowment[limited]})


def _capital(economy: Economy, a: RegionAccounts) -> pd.DataFrame:
    h, j = np.nonzero(np.isfinite(a.capacity))
    return pd.DataFrame(
        {
            "kind": np.array(economy.kinds, dtype=object)[h],
            "activity": np.array(a.activities, dtype=object)[j],
            "capacity": a.capacity[h, j],
            "depreciation": a.depreciation[h, j],
            "building": a.building[0][h, j],
            "gestation": a.gestation[h, j],
            "utilisation": a.utilisation[j],
        }
    )


def _conversions(economy: Economy, a: RegionAccounts) -> dict[str, pd.DataFrame]:
    c, names = a.conversions, np.array(a.activities, dtype=object)
    ways = pd.DataFrame(
        {
            "kind": np.array(economy.kinds, dtype=object)[c.kind],
            "source": names[c.source],
            "target": names[c.target],
            "share": c.share,
            "delay": c.delay,
        }
    )
    i, v = np.nonzero(c.required)
    needed = ways[["kind", "source", "target"]].iloc[v].reset_index(drop=True)
    needed.insert(0, "product", np.array(economy.product_names, dtype=object)[i])
    needed["value"] = c.required[i, v]
    return {"conversion": ways, "conversion_required": needed}


def _under_construction(economy: Economy, a: RegionAccounts) -> pd.DataFrame:
    ago, h, j = np.nonzero(a.building[1:])
    return pd.DataFrame(
        {
            "kind": np.array(economy.kinds, dtype=object)[h],
            "activity": np.array(a.activities, dtype=object)[j],
            "year": economy.base_year - 1 - ago,
            "value": a.building[1:][ago, h, j],
        }
    )


def _trade(economy: Economy) -> pd.DataFrame:
    """Every flow once: exports of the regions described, and imports from all others."""
    axes = {"product": economy.product_names, "partner": economy.partners}
    known = set(economy.region_names)
    frames = []
    for a in economy.regions:
        sold = _tidy(a.exports, axes).rename(columns={"partner": "destination"})
        bought = _tidy(a.imports, axes).rename(columns={"partner": "origin"})
        frames.append(sold.assign(origin=a.region))
        frames.append(bought[~bought["origin"].isin(known)].assign(destination=a.region))
    flows = pd.concat(frames, ignore_index=True)
    return flows.groupby(list(COLUMNS["trade"][:3]), sort=False)["value"].sum().reset_index()
