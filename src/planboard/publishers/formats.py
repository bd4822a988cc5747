"""Every format that is read. A new one is one file and one line here."""

from planboard.publishers.adb import ADB_MRIO
from planboard.publishers.bea_sut import BEA_SUT
from planboard.publishers.eora import EORA26
from planboard.publishers.eurostat_sut import EUROSTAT_SUT
from planboard.publishers.exiobase import EXIOBASE3
from planboard.publishers.figaro import FIGARO
from planboard.publishers.format import Format
from planboard.publishers.gloria import GLORIA
from planboard.publishers.oecd import OECD_ICIO
from planboard.publishers.pymrio_exchange import PYMRIO
from planboard.publishers.template import TEMPLATE
from planboard.publishers.wiod2013 import WIOD2013
from planboard.publishers.wiod2016_national import WIOD2016_NATIONAL
from planboard.publishers.wiod2016_world import WIOD2016

FORMATS: tuple[Format, ...] = (
    WIOD2013,
    WIOD2016,
    WIOD2016_NATIONAL,
    EXIOBASE3,
    OECD_ICIO,
    EORA26,
    GLORIA,
    FIGARO,
    ADB_MRIO,
    BEA_SUT,
    EUROSTAT_SUT,
    PYMRIO,
    TEMPLATE,
)
