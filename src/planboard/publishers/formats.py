"""Every format that is read. A new one is one file and one line here."""

from planboard.publishers.format import Format
from planboard.publishers.wiod2013 import WIOD2013
from planboard.publishers.wiod2016_national import WIOD2016_NATIONAL

FORMATS: tuple[Format, ...] = (
    WIOD2013,
    WIOD2016_NATIONAL,
)
