"""From the books of a published table to an Economy, with hours and capital."""

from planboard.economy import Economy
from planboard.economy_folder import economy_of
from planboard.tables.accounts import Accounts
from planboard.tables.books import Head, Tables
from planboard.tables.means import add_means


def economy_from_books(
    books: tuple[Head, Tables], accounts: Accounts | None = None, *, donor: str = ""
) -> Economy:
    """The economy of a table's books; `accounts` and `donor` as for `add_means`."""
    head, tables = add_means(*books, accounts, donor=donor)
    return economy_of(head, tables, f"table {head['name']}")
