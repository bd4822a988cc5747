"""What all tables of WIOD share, whatever their release: final use, layout, prices, citation."""

import re
from collections.abc import Sequence

from planboard.errors import InvalidTableError
from planboard.publishers.wide_sheet import Layout

CITATION = (
    "Timmer, Dietzenbacher, Los, Stehrer, de Vries (2015), 'An Illustrated User Guide to the World "
    "Input-Output Database: the Case of Global Automotive Production', Review of International "
    "Economics 23: 575-605. World Input-Output Database, release {release}, DataverseNL, doi:{doi}."
)
ROLES = {
    "CONS_h": "households",
    "CONS_np": "given",
    "CONS_g": "government",
    "GFCF": "capital_formation",
    "INVEN": "inventories",
}


def world_layout(release: str) -> Layout:
    """The world tables of a release: one wide sheet."""
    return Layout(
        title=f"the world tables of WIOD, release {release}",
        above=3,
        left=1,
        roles=ROLES,
        value_added=("TXSP", "EXP_adj", "PURR", "PURNR", "VA", "IntTTM"),
        inputs="II_fob",
        output="GO",
    )


def check_prices(where: object, texts: Sequence[str], remedy: str) -> None:
    """Refuse the tables in prices of the previous year, which are published beside these."""
    wrong = [text for text in texts if re.search(r"PYP|previous year", text, re.IGNORECASE)]
    if wrong:
        raise InvalidTableError(
            f"{where} is a table in prices of the previous year.", [f"'{wrong[0]}'"], remedy
        )
