"""To and from pymrio, in memory and on disk, without loss."""

from planboard.publishers.pymrio_exchange.disk import read_pymrio as read_pymrio
from planboard.publishers.pymrio_exchange.disk import write_pymrio as write_pymrio
from planboard.publishers.pymrio_exchange.format import PYMRIO as PYMRIO
from planboard.publishers.pymrio_exchange.layout import PymrioTable as PymrioTable
from planboard.publishers.pymrio_exchange.memory import from_pymrio as from_pymrio
from planboard.publishers.pymrio_exchange.memory import to_pymrio as to_pymrio
