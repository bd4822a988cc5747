"""The balanced 10 x 14 sample as published, its columns named as in an economy folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

BASE_YEAR = 2000

CATEGORIES = {
    "CONS_h": "households",
    "CONS_np": "non_profit",
    "CONS_g": "government",
    "GFCF": "capital_formation",
    "INVEN": "inventories",
}
FACTORS = {"h_hs": "high_skill_hours", "h_ms": "medium_skill_hours", "h_ls": "low_skill_hours"}
VALUE_ADDED = {"lab": "labour", "cap": "capital", "tax_margin": "taxes_and_margins"}
COLUMNS = {
    "activity": ["region", "activity", "level"],
    "use": ["region", "product", "activity", "value"],
    "supply": ["region", "product", "activity", "value"],
    "factor_use": ["region", "factor", "activity", "value"],
    "endowment": ["region", "factor", "value"],
    "final_use": ["region", "product", "category", "value"],
    "trade": ["origin", "destination", "product", "value"],
    "capital": [
        *["region", "kind", "activity", "stock_before", "stock", "investment", "depreciation"],
        *["capacity", "building", "gestation", "utilisation"],
    ],
    "capital_required": ["region", "product", "kind", "activity", "value"],
    "value_added": ["region", "item", "activity", "value"],
    "persons": ["region", "measure", "value", "source"],
    "growth": ["region", "quantity", "value", "assumed"],
    "actual": ["region", "quantity", "name", "year", "value", "unit"],
}


def total(flows: pd.DataFrame, *names: str) -> pd.Series:
    """Sum of the flows by the named columns, million USD."""
    return flows.groupby(list(names))["value"].sum()


@dataclass(frozen=True, eq=False)
class Sample:
    """The balanced 10 x 14 sample, its columns named as in an economy folder.

    transactions: origin, product, region, activity, value; final_use: origin, product, region,
    category, value (both of 2000, million USD). panel: one row per region, activity and year.
    final_years: region, product, category, year, total, domestic (million current USD).
    """

    concordance: Mapping[str, Any]
    transactions: pd.DataFrame
    final_use: pd.DataFrame
    panel: pd.DataFrame
    final_years: pd.DataFrame

    @property
    def axes(self) -> dict[str, list[str]]:
        """Every axis of the tables with its labels, in the order of the concordance."""
        regions, sectors = list(self.concordance["regions"]), list(self.concordance["sectors"])
        return {
            **dict.fromkeys(["region", "origin", "destination"], regions),
            **dict.fromkeys(["product", "activity"], sectors),
            "category": list(CATEGORIES.values()),
            "factor": list(FACTORS.values()),
            "item": list(VALUE_ADDED.values()),
        }

    @property
    def base(self) -> pd.DataFrame:
        """The panel of the base year, by region and activity, in order."""
        year = self.panel[self.panel["year"] == BASE_YEAR].drop(columns="year")
        order = pd.MultiIndex.from_product([self.axes["region"], self.axes["activity"]])
        return year.set_index(["region", "activity"]).loc[order].rename_axis(["region", "activity"])

    def tidy(self, flows: pd.DataFrame, *names: str) -> pd.DataFrame:
        """Sums of the flows over the full product of the named axes, in order.

        The source lists no zero flows: a flow it does not list is zero.
        """
        order = pd.MultiIndex.from_product([self.axes[name] for name in names], names=names)
        full = total(flows, *names).reindex(order, fill_value=0)
        assert full.sum() == flows["value"].sum()  # integers: nothing may be lost
        return full.astype(float).rename("value").reset_index()


def read_plain(path: Path, **names: str) -> pd.DataFrame:
    """A Parquet file with plain strings for categories and its columns renamed."""
    frame = pd.read_parquet(path).rename(columns=names)
    labels = frame.select_dtypes("category").columns
    return frame.astype(dict.fromkeys(labels, "str"))


def read_sample(folder: Path) -> Sample:
    """The sample, with categories of final use renamed and flows of the base year only."""
    concordance = json.loads((folder / "concordance.json").read_text(encoding="utf-8"))
    origin = {"o_region": "origin", "o_sector": "product", "d_region": "region"}
    flows = read_plain(folder / "sample_Z.parquet", **origin, d_sector="activity")
    final = read_plain(folder / "sample_Y.parquet", **origin)
    years = read_plain(folder / "sample_final_demand.parquet", d_region="region", sector="product")
    final["category"] = final["category"].map(CATEGORIES)
    years["category"] = years["category"].map(CATEGORIES)
    return Sample(
        concordance=concordance,
        transactions=flows[flows["year"] == BASE_YEAR],
        final_use=final[final["year"] == BASE_YEAR],
        panel=read_plain(folder / "sample_panel.parquet", sector="activity"),
        final_years=years,
    )
