"""One file for each family of rows; a new family is one file and one line in `ROWS`."""

from collections.abc import Callable

from planboard.constraints.balance import balance_rows
from planboard.constraints.capacity import capacity_rows, capital_rows, provision_rows
from planboard.constraints.consumption import steady_rows, utility_rows
from planboard.constraints.factor import factor_rows
from planboard.constraints.layout import Layout
from planboard.constraints.outlook import Outlook
from planboard.constraints.pace import pace_rows
from planboard.constraints.stock import stock_rows
from planboard.constraints.trade import external_rows
from planboard.program import Rows

ROWS: tuple[Callable[[Outlook, Layout], list[Rows]], ...] = (
    balance_rows,
    capacity_rows,
    capital_rows,
    factor_rows,
    external_rows,
    pace_rows,
    provision_rows,
    stock_rows,
    steady_rows,
    utility_rows,
)
