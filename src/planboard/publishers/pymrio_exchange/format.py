"""A folder that pymrio saved, as a format of `planboard import`."""

from planboard.publishers.format import Format, Request
from planboard.publishers.pymrio_exchange.disk import read_pymrio
from planboard.publishers.pymrio_exchange.layout import PymrioTable
from planboard.publishers.pymrio_exchange.publication import Stated
from planboard.tables.publication import COVERAGES, PRICE_BASES

STATED = "as-stated"  # What the folder itself says; what it does not is refused.


def read(request: Request) -> PymrioTable:
    """The table of a folder; price basis, coverage and year from it, or as chosen."""
    head = Stated()
    basis = request.choices.get("price_basis", STATED)
    coverage = request.choices.get("coverage", STATED)
    if basis != STATED:
        head["price_basis"] = basis
    if coverage != STATED:
        head["coverage"] = coverage
    if request.year is not None:
        head["year"] = request.year
    return read_pymrio(request.source, progress=request.progress, **head)


PYMRIO = Format(
    name="pymrio",
    title="A system saved by pymrio (io.save_all), or a table written by Planboard",
    needs="the folder or zip archive that pymrio saved, as text or Parquet",
    published="https://github.com/IndEcol/pymrio",
    met="real",
    read=read,
    choices={"price_basis": (STATED, *PRICE_BASES), "coverage": (STATED, *COVERAGES)},
)
