"""A table's own answers, as tidy tables: what `planboard multipliers` prints and writes.

about                 topic, text: what the table is, and what its answers leave out
labels                code, label
multipliers           region, sector, multiplier, value, unit
linkages              region, sector, backward and forward linkages, kind
footprints            factor, region, production, consumption, …, unit
footprint_products    factor, region, sector, measure, value, unit
footprint_flows       factor, origin, destination, value, unit
extraction            region, sector, output, fall in output by way of extraction, unit
cost_contents         region, sector, item, value
trade_in_value_added  region, exports, imports, …, unit
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planboard.economy import Economy
from planboard.leontief.economy_table import table_of
from planboard.leontief.extraction import extraction_effects
from planboard.leontief.factors import (
    VALUE_ADDED,
    factor_coefficients,
    factor_unit,
    idle_uses,
    is_known,
)
from planboard.leontief.flow_coefficients import label_text, outside_rows
from planboard.leontief.footprint_accounts import Footprints, footprints
from planboard.leontief.linkages import backward_linkages, forward_linkages, key_sectors
from planboard.leontief.requirements import Requirements, requirements_of
from planboard.leontief.table_multipliers import (
    cost_contents,
    factor_multipliers,
    output_multipliers,
)
from planboard.leontief.value_added_trade import trade_in_value_added
from planboard.tables import InputOutputTable

Answers = dict[str, pd.DataFrame]
MEASURES = ("production", "consumption", "imported", "exported")
UNIT = "1"  # Of a ratio of two amounts in one unit.


def table_answers(
    source: InputOutputTable | Economy,
    *,
    factors: Sequence[str] | None = None,
    top: int = 10,
) -> Answers:
    """What a table says by itself: multipliers, linkages, footprints, extraction, trade.

    Parameters
    ----------
    source
        A table; or an economy, whose origins are then those of its import shares.
    factors
        Factors with a footprint: names that `factor_uses` knows. Default: value added, and every
        factor of which all producers' use is published.
    top
        How many sectors are extracted, those with the largest output first.

    Returns
    -------
    tables by name, see the head of this module; a sector that makes nothing is in none of them
    """
    table = table_of(source) if isinstance(source, Economy) else source
    solved = requirements_of(table)
    names = _factors(table) if factors is None else list(dict.fromkeys(factors))
    found = footprints(table, names, requirements=solved)
    return {
        "about": _about(table, names, found),
        "labels": _labels(table),
        "multipliers": _multipliers(table, names, solved),
        "linkages": _linkages(table, solved),
        "footprints": found.by_region(),
        "footprint_products": _by_product(found),
        "footprint_flows": _flows(found),
        "extraction": _extraction(table, top, solved),
        "cost_contents": _tidy(cost_contents(table, requirements=solved).dropna(axis=1), "item"),
        "trade_in_value_added": trade_in_value_added(table, requirements=solved)
        .reset_index()
        .assign(unit=table.publication.unit),
    }


def _factors(table: InputOutputTable) -> list[str]:
    """Value added and every factor that is known throughout."""
    rows = [] if table.factors is None else [label_text(name) for name in table.factors.index]
    return [
        VALUE_ADDED,
        *(n for n in dict.fromkeys(rows) if n != VALUE_ADDED and is_known(table, n)),
    ]


def _multipliers(table: InputOutputTable, names: list[str], solved: Requirements) -> pd.DataFrame:
    """Output multipliers; each factor per unit of output, in all, and type I."""
    made = table.gross_output[table.gross_output > 0].index
    output = output_multipliers(table, requirements=solved)
    rows = {
        ("output: total", UNIT): output["total"],
        ("output: within region", UNIT): output["within_region"],
        ("output: spillover", UNIT): output["spillover"],
    }
    direct = factor_coefficients(table, names)
    total = factor_multipliers(table, names, requirements=solved)
    for name in names:
        unit = f"{factor_unit(table, name)} per {table.publication.unit}"
        per = UNIT if factor_unit(table, name) == table.publication.unit else unit
        own, all_in_all = pd.Series(direct.loc[name]), pd.Series(total.loc[name])
        rows[f"{name}: direct", per], rows[f"{name}: total", per] = own, all_in_all
        rows[f"{name}: type I", UNIT] = all_in_all / own.where(own != 0)
    return pd.concat(
        [
            _tidy(row[made].dropna().to_frame(multiplier).T, "multiplier").assign(unit=unit)
            for (multiplier, unit), row in rows.items()
        ],
        ignore_index=True,
    )


def _linkages(table: InputOutputTable, solved: Requirements) -> pd.DataFrame:
    backward = backward_linkages(table, requirements=solved)
    forward = forward_linkages(table, requirements=solved)
    kinds = key_sectors(backward, forward)
    both = pd.concat([backward.add_prefix("backward_"), forward.add_prefix("forward_")], axis=1)
    both = both.rename(
        columns={
            "backward_power_of_dispersion": "power_of_dispersion",
            "forward_sensitivity_of_dispersion": "sensitivity_of_dispersion",
        }
    )
    made = table.gross_output > 0
    return both.assign(output=table.gross_output, kind=kinds)[made].reset_index()


def _by_product(found: Footprints) -> pd.DataFrame:
    """Footprints by region and sector: of the producer, or of the product in final use."""
    parts = [_tidy(getattr(found, name), "factor").assign(measure=name) for name in MEASURES]
    table = pd.concat(parts, ignore_index=True)
    table = table[table["value"] != 0].reset_index(drop=True)
    table["unit"] = table["factor"].map(found.units)
    return table[["factor", "region", "sector", "measure", "value", "unit"]]


def _flows(found: Footprints) -> pd.DataFrame:
    table = found.flows.reset_index().melt(["factor", "origin"], value_name="value")
    return table.assign(unit=table["factor"].map(found.units))


def _extraction(table: InputOutputTable, top: int, solved: Requirements) -> pd.DataFrame:
    largest = table.gross_output[table.gross_output > 0].nlargest(top).index
    found = extraction_effects(table, list(largest), requirements=solved)
    return found.reset_index().assign(unit=table.publication.unit)


def _tidy(table: pd.DataFrame, rows: str) -> pd.DataFrame:
    """A table with a row for each cell: region, sector, what the row was, value."""
    region = table.columns.get_level_values("region").to_numpy()
    sector = table.columns.get_level_values("sector").to_numpy()
    return pd.DataFrame(
        {
            "region": np.tile(region, len(table)),
            "sector": np.tile(sector, len(table)),
            rows: np.repeat(table.index.to_numpy(), table.shape[1]),
            "value": table.to_numpy().ravel(),
        }
    )


def _labels(table: InputOutputTable) -> pd.DataFrame:
    known = table.publication.labels
    codes = [*table.regions, *table.sectors, *table.categories]
    codes = [*codes, *(code for code in known if code not in codes)]
    codes = list(dict.fromkeys(codes))
    return pd.DataFrame({"code": codes, "label": [known.get(code, code) for code in codes]})


def _about(table: InputOutputTable, names: list[str], found: Footprints) -> pd.DataFrame:
    """What the table is, and in so many sentences what the answers leave out."""
    head = table.publication
    rows = [
        ("title", head.title),
        ("size", f"regions: {len(table.regions):,}; sectors in all: {len(table.gross_output):,}"),
        ("year", str(head.year)),
        ("unit", f"{head.unit}, {head.price_basis} prices"),
        ("source", head.source),
        ("licence", head.licence),
        ("attribution", head.attribution),
        *(("step", f"{step['step']}: {step['detail']}") for step in head.history),
        *(("note", text) for text in _left_out(table, names, found)),
    ]
    return pd.DataFrame([row for row in rows if row[1]], columns=["topic", "text"])


def _left_out(table: InputOutputTable, names: list[str], found: Footprints) -> list[str]:
    """What no answer counts, with its size."""
    told = []
    if not found.is_closed:
        flows = (table.transactions, table.final_use)
        inputs, final = (
            outside_rows(table, f).to_numpy().sum() / f.to_numpy().sum() for f in flows
        )
        told.append(
            f"{inputs:.1%} of all inputs and {final:.1%} of final use come from origins without "
            "accounts. What making these takes is in no multiplier and in no footprint."
        )
    idle = int((table.gross_output == 0).sum())
    if idle:
        told.append(f"Sectors that make nothing, without multipliers or linkages: {idle:,}.")
    for name, amount in idle_uses(table, names).items():
        if amount:
            told.append(
                f"{name}: {amount:,.4g} {found.units[str(name)]} are used where nothing is made, "
                "and are in no footprint."
            )
    gap = float(table.row_gaps().abs().sum() / table.gross_output.sum())
    if gap > 1e-9:
        told.append(
            f"Rows of the table miss their output by {gap:.3%} of all output. Footprints count "
            "what final use takes; extraction counts the gap as final use."
        )
    silent = [n for n in names if found.direct.loc[n].isna().all()]
    if silent:
        told.append(
            f"No direct use by final users is published for {', '.join(silent)}: its footprints "
            "hold what producers use."
        )
    rows = [] if table.factors is None else [label_text(name) for name in table.factors.index]
    unknown = [name for name in dict.fromkeys(rows) if not is_known(table, name)]
    if unknown:
        told.append(f"Not published for every producer, so without answers: {', '.join(unknown)}.")
    return told
