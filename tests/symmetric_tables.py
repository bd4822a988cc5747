"""Symmetric tables for tests: by hand, at random, and the publisher's own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from planboard.tables import InputOutputTable, Publication

REGIONS, SECTORS = ("north", "south", "west"), ("corn", "steel", "cloth")
ITEMS = ("labour", "surplus")


def publication(name: str = "made", **more: Any) -> Publication:
    """A head for tables whose numbers matter more."""
    head = {
        "title": "Made for a test",
        "source": "tests/symmetric_tables.py",
        "licence": "Apache-2.0",
        "year": 2000,
        "currency": "USD",
        "unit": "million USD",
        "price_basis": "basic",
        "coverage": "world",
    }
    return Publication(name, **{**head, **more})


def sectors(regions: Sequence[str], names: Sequence[str]) -> pd.MultiIndex:
    """Every (region, sector)."""
    return pd.MultiIndex.from_product([regions, names], names=["region", "sector"])


def uses(regions: Sequence[str], categories: Sequence[str]) -> pd.MultiIndex:
    """Every (region, category) of final use."""
    return pd.MultiIndex.from_product([regions, categories], names=["region", "category"])


def miller_blair(transactions: Any = ((150, 500), (200, 100))) -> InputOutputTable:
    """Two sectors of Miller and Blair (2009), ch. 2, with labour 0.30 and 0.25 of output."""
    labels = sectors(["W"], ["agriculture", "manufacturing"])
    flows = pd.DataFrame(np.array(transactions, dtype=float), index=labels, columns=labels)
    output = pd.Series([1000.0, 2000.0], index=labels)
    final = (output - flows.sum(axis=1)).to_numpy()[:, None]
    labour = np.array([300.0, 500.0])
    return InputOutputTable(
        publication(),
        flows,
        pd.DataFrame(final, index=labels, columns=uses(["W"], ["households"])),
        output,
        pd.DataFrame(
            np.array([labour, output - flows.sum(axis=0) - labour]),
            index=["labour", "other"],
            columns=labels,
        ),
    )


def random_table(
    regions: int = 3, *, has_outside: bool = False, seed: int = 1, idle: bool = False
) -> InputOutputTable:
    """A balanced table, with an extension that final users have a part in; "outside" sells and
    buys, and a sector of the first region makes nothing, where asked.
    """
    rng = np.random.default_rng(seed)
    own = sectors(REGIONS[:regions], SECTORS)
    rows = sectors([*REGIONS[:regions], *(["outside"] if has_outside else [])], SECTORS)
    n, buyers = len(own), [*REGIONS[:regions], *(["outside"] if has_outside else [])]
    final = pd.DataFrame(
        rng.uniform(5, 20, (len(rows), 2 * len(buyers))),
        index=rows,
        columns=uses(buyers, ["households", "capital"]),
    )
    flows = rng.uniform(1, 10, (len(rows), n))
    if idle:
        flows[1, :], flows[:, 1], final.iloc[1] = 0.0, 0.0, 0.0
    output = flows[:n].sum(axis=1) + final.to_numpy()[:n].sum(axis=1)
    added = (output - flows.sum(axis=0)) * np.array([[0.6], [0.4]])
    return InputOutputTable(
        publication(coverage="part" if has_outside else "world"),
        pd.DataFrame(flows, index=rows, columns=own),
        final,
        pd.Series(output, index=own),
        pd.DataFrame(added, index=ITEMS, columns=own),
        factors=pd.DataFrame(
            rng.uniform(0.5, 2, (2, n)) * output, index=["hours", "carbon"], columns=own
        ),
        factors_final_use=pd.DataFrame(
            [rng.uniform(1, 2, final.shape[1])], index=["carbon"], columns=final.columns
        ),
        factor_units={"hours": "million hours", "carbon": "kilotonne"},
    )


def wiod_2000(folder: Path) -> InputOutputTable:
    """WIOD 2013, year 2000, with hours; the rest of the world has none here."""
    z, y, x, sea = (
        pd.read_parquet(folder / f"wiod13_{name}.parquet")
        for name in ("Z_2000", "Y_2000", "x", "sea")
    )
    x, sea = x[x["year"] == 2000], sea[sea["year"] == 2000].set_index(["region", "sector"])
    labels = pd.MultiIndex.from_frame(x[["region", "sector"]].astype(str))
    regions = list(labels.get_level_values("region").unique())
    final = uses(regions, list(y["category"].cat.categories))
    output = pd.Series(x["x"].to_numpy(dtype=float), index=labels)
    hours = sea["H_EMP"].astype(float).reindex(labels).fillna(0.0)
    return InputOutputTable(
        publication("wiod2013-2000"),
        laid_out(z, ["d_region", "d_sector"], labels, labels),
        laid_out(y, ["d_region", "category"], labels, final),
        output,
        pd.DataFrame(
            [x["va_residual"].to_numpy(dtype=float)], index=["value added"], columns=labels
        ),
        factors=pd.DataFrame([hours.to_numpy()], index=["hours"], columns=labels),
        factor_units={"hours": "million hours"},
    )


def laid_out(
    flows: pd.DataFrame, columns: list[str], rows: pd.MultiIndex, across: pd.MultiIndex
) -> pd.DataFrame:
    """A tidy table of flows as a matrix."""
    keys = [
        pd.MultiIndex.from_frame(flows[k].astype(str)) for k in (["o_region", "o_sector"], columns)
    ]
    values = np.zeros((len(rows), len(across)))
    values[rows.get_indexer(keys[0]), across.get_indexer(keys[1])] = flows["value"]
    return pd.DataFrame(values, index=rows, columns=across)
