"""One price basis: supply at basic prices is never held against use at purchasers' prices."""

from typing import TYPE_CHECKING

from planboard.errors import InvalidTableError

if TYPE_CHECKING:
    from planboard.tables.supply_use.table import SupplyUseTable

DIFFERS = 0.01  # A product whose supply and use differ by less says little of the price basis.
MIXED = 0.05  # Of all supply: gaps this large are another price basis, whatever the table says.


def check_one_price_basis(table: "SupplyUseTable") -> None:
    """Refuse a table whose use is not at the basic prices of its supply.

    A table that says "basic" is refused too where supply and use differ by more than `MIXED` of
    all supply, absolute gaps added up: margins are then still in the uses of goods.

    Raises
    ------
    InvalidTableError
        With supply and use of every product where they differ, in the order of the table: it is
        the nature of such tables, and no product is at fault.
    """
    about = table.publication
    gaps, supply = (table.basic_supply - table.total_use).abs(), table.basic_supply
    if about.price_basis == "basic" and gaps.sum() <= MIXED * supply.abs().sum():
        return
    told = about.price_basis + ("'" if about.price_basis.endswith("s") else "")
    raise InvalidTableError(
        f"Table '{about.name}' holds supply at basic prices and use at {told} prices "
        f"({about.unit}): they are never mixed."
        if about.price_basis != "basic"
        else f"Table '{about.name}' says that use is at basic prices like supply, and they differ "
        f"by {gaps.sum() / supply.abs().sum():.0%} of all supply ({about.unit}).",
        [
            f"{about.labels.get(i, i)}: {supply[i]:,.0f} supplied at basic prices, "
            f"{table.total_use[i]:,.0f} used{_at(about.price_basis)}"
            for i in table.products
            if gaps[i] > DIFFERS * max(abs(supply[i]), abs(table.total_use[i]))
        ],
        "Bring use to basic prices first (at_basic_prices): margins go to the products that "
        "provide them, taxes on products to a row."
        if about.price_basis != "basic"
        else "Say price_basis = 'purchasers' if margins and taxes are in the use table, and give "
        "them; else correct the table.",
    )


def _at(basis: str) -> str:
    return {"purchasers": " at purchasers' prices", "producers": " at producers' prices"}.get(
        basis, ""
    )
