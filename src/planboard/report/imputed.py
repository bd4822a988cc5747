"""What a result rests on that no publisher states: told in front, listed with the sources."""

from planboard.audit.imputed import imputed_accounts
from planboard.audit.panel import laid_out
from planboard.economy import Economy
from planboard.report.blocks import Block, Points, Text
from planboard.report.words import counted, percent


def imputed_words(economy: Economy) -> list[str]:
    """How much of output is made with hours or capital that were filled in."""
    table = economy.imputed
    if table is None or table.empty:
        return []
    share = imputed_share(economy)
    groups = counted(len(table), "group of figures", "groups of figures")
    return [
        f"It rests on {groups} that no publisher states: activities with {percent(share)} of all "
        "output have hours, capital or incomes that were filled in. See Sources."
    ]


def imputed_share(economy: Economy) -> float:
    """Share of base-year output whose hours, capital or incomes were filled in."""
    table = economy.imputed
    if table is None or table.empty:
        return 0.0
    price = {product.name: product.price for product in economy.products}
    worth, filled = 0.0, 0.0
    cells = set(zip(table["region"], table["activity"], strict=True))
    for a in economy.regions:
        made = a.output.T @ [price[name] for name in economy.product_names] * a.level
        whole = (a.region, "all") in cells
        for name, value in zip(a.activities, made, strict=True):
            worth += value
            filled += value * (whole or (a.region, name) in cells)
    return filled / worth if worth else 0.0


def imputed_blocks(economy: Economy) -> list[Block]:
    """Each measure that was filled in: where, how, from whom, and how much rests on it."""
    found = imputed_accounts(laid_out(economy))
    if not found:
        return []
    told = "What was filled in, because no publisher states it:"
    return [Text(told), Points([finding.message for finding in found])]
