"""Supply and use tables, rectangular: as published, and as the books of an economy."""

from planboard.tables.supply_use.books import supply_use_books as supply_use_books
from planboard.tables.supply_use.labels import EXPORTS as EXPORTS
from planboard.tables.supply_use.prices import check_one_price_basis as check_one_price_basis
from planboard.tables.supply_use.table import SupplyUseTable as SupplyUseTable
