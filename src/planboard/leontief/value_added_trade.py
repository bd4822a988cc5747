"""Trade in value added: how much of what a region exports it adds itself, and who uses it up."""

import numpy as np
import pandas as pd

from planboard.economy import Array
from planboard.leontief.factors import VALUE_ADDED
from planboard.leontief.flow_coefficients import own_rows
from planboard.leontief.footprint_accounts import footprints
from planboard.leontief.requirements import Requirements, requirements_of
from planboard.tables import InputOutputTable


def trade_in_value_added(
    table: InputOutputTable, *, requirements: Requirements | None = None
) -> pd.DataFrame:
    """Gross trade and the value added in it, by region.

    exports, imports : gross, of inputs and of final products
    domestic_in_exports : v_r (I − A_rr)⁻¹ e_r: by how much value added at home would fall without
        exports (Los, Timmer and de Vries 2016, American Economic Review 106: 1958-1966)
    absorbed_abroad : v_r Σ_{s ≠ r} (L Y_s)_r: value added at home for final use abroad (Johnson and
        Noguera 2012, Journal of International Economics 86: 224-236)
    absorbed_from_abroad : the same the other way, of regions with accounts

    Value added is all items of the table: at the table's prices and with the taxes that are in it.

    Returns
    -------
    table by region [the table's unit]
    """
    solved = requirements or requirements_of(table)
    flows = footprints(table, [VALUE_ADDED], requirements=solved).flows.loc[VALUE_ADDED]
    exports, imports = gross_trade(table)
    absorbed, received = {}, {}
    for region in table.regions:
        leaving = flows.columns != region
        absorbed[region] = float(flows.loc[[region], leaving].to_numpy().sum())
        received[region] = float(flows.loc[flows.index != region, ~leaving].to_numpy().sum())
    return pd.DataFrame(
        {
            "exports": exports.groupby(level="region", sort=False).sum(),
            "imports": imports,
            "domestic_in_exports": pd.Series(_domestic_in_exports(table, exports)),
            "absorbed_abroad": pd.Series(absorbed),
            "absorbed_from_abroad": pd.Series(received),
        }
    ).rename_axis("region")


def gross_trade(table: InputOutputTable) -> tuple[pd.Series, pd.Series]:
    """Exports by (region, sector), and imports by region, inputs and final products together."""
    sold = pd.Series(0.0, index=table.gross_output.index)
    bought = {region: 0.0 for region in table.regions}
    for flows in (table.transactions, table.final_use):
        origin = flows.index.get_level_values("region")
        buyer = flows.columns.get_level_values("region")
        for region in table.regions:
            here = origin == region
            leaving = flows.loc[here, buyer != region].sum(axis=1)
            sold.loc[leaving.index] += leaving
            bought[region] += float(flows.loc[~here, buyer == region].to_numpy().sum())
    return sold, pd.Series(bought)


def _domestic_in_exports(table: InputOutputTable, exports: pd.Series) -> dict[str, float]:
    """Value added at home in exports, through inputs made at home alone."""
    own = own_rows(table, table.transactions)
    regions = own.columns.get_level_values("region")
    output = table.gross_output.to_numpy()
    added = table.value_added.to_numpy().sum(axis=0)
    found = {}
    for region in table.regions:
        here = np.nonzero(regions == region)[0]
        made = here[output[here] > 0]
        flows = own.iloc[made, made].to_numpy() / output[made]
        sold: Array = exports.loc[own.index[made]].to_numpy()
        needed = np.linalg.solve(np.eye(len(made)) - flows, sold)
        found[region] = float((added[made] / output[made]) @ needed)
    return found
