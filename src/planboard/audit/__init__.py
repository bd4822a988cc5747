"""Audit: what is wrong with an economy's books, worst first. It corrects nothing.

A new check is one function `Economy -> list[Finding]` and one line in `CHECKS`; one that looks at
published series, or holds regions beside each other, takes a `Panel` and stands in `PANEL_CHECKS`.
"""

from collections.abc import Callable
from pathlib import Path

from planboard.audit.balances import unbalanced_activities, unbalanced_products
from planboard.audit.capital import capital_contradicts_investment
from planboard.audit.cells import negative_cells
from planboard.audit.finding import Finding as Finding
from planboard.audit.finding import worst_first
from planboard.audit.flows import equal_partners, one_sided_trade, own_trade
from planboard.audit.identities import accounts_disagree
from planboard.audit.imputed import imputed_accounts
from planboard.audit.intensities import (
    high_labour_shares,
    impossible_hours,
    impossible_inputs,
    impossible_intensities,
)
from planboard.audit.jumps import broken_series
from planboard.audit.labels import odd_labels, stray_series
from planboard.audit.means import (
    lasting_loss,
    missing_means,
    odd_depreciation,
    short_capacity,
    short_endowments,
)
from planboard.audit.measures import (
    mixed_hours,
    mixed_series_units,
    mixed_units,
    odd_money,
    odd_price_basis,
)
from planboard.audit.panel import Panel, laid_out
from planboard.audit.series import missing_cells, missing_series, negative_series, silent_regions
from planboard.audit.technology import empty_activities, unproductive_technology
from planboard.economy import Economy
from planboard.economy_folder import read_economy
from planboard.errors import InvalidEconomyError, UnknownNameError

CHECKS: tuple[Callable[[Economy], list[Finding]], ...] = (
    unbalanced_products,
    unbalanced_activities,
    own_trade,
    equal_partners,
    one_sided_trade,
    unproductive_technology,
    empty_activities,
    negative_cells,
    missing_means,
    short_endowments,
    short_capacity,
    odd_depreciation,
    lasting_loss,
    mixed_units,
    mixed_hours,
    odd_price_basis,
    odd_money,
    odd_labels,
    stray_series,
)
PANEL_CHECKS: tuple[Callable[[Panel], list[Finding]], ...] = (
    capital_contradicts_investment,
    missing_series,
    missing_cells,
    silent_regions,
    negative_series,
    accounts_disagree,
    broken_series,
    impossible_hours,
    high_labour_shares,
    impossible_inputs,
    impossible_intensities,
    mixed_series_units,
    imputed_accounts,
)


def check_economy(economy: Economy | str | Path) -> list[Finding]:
    """Everything that is wrong with the books of an economy, worst first.

    Parameters
    ----------
    economy
        An economy, the name of a bundled one, or an economy folder. A folder whose tables
        contradict each other, and so cannot be read as an economy, has that as its finding.

    Raises
    ------
    UnreadableFileError
        There is no such economy, or a file is not what its name promises.
    """
    if not isinstance(economy, Economy):
        try:
            economy = read_economy(economy)
        except (InvalidEconomyError, UnknownNameError) as error:
            return _refused(error)
    panel = laid_out(economy)
    return worst_first(
        [
            *(finding for check in CHECKS for finding in check(economy)),
            *(finding for look in PANEL_CHECKS for finding in look(panel)),
        ]
    )


def _refused(error: InvalidEconomyError | UnknownNameError) -> list[Finding]:
    """What reading refused, as one finding for each line of evidence."""
    code = "unknown_name" if isinstance(error, UnknownNameError) else "contradiction"
    return [
        Finding(code, "error", "", "", 1.0, f"{error.happened} {line}".strip(), error.remedy)
        for line in error.evidence or ("",)
    ]
