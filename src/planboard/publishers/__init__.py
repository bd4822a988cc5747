"""Publishers: one file for every format that is read, all behind one list."""

from planboard.publishers.folder import read_published as read_published
from planboard.publishers.formats import FORMATS as FORMATS
from planboard.publishers.reading import find_format as find_format
from planboard.publishers.reading import import_economy as import_economy
from planboard.publishers.reading import read_table as read_table
