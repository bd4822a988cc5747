"""Published tables as they are: symmetric, supply and use, accounts; and the economy they make."""

from planboard.tables.accounts import MEASURES as MEASURES
from planboard.tables.accounts import SKILLS as SKILLS
from planboard.tables.accounts import Accounts as Accounts
from planboard.tables.input_output import InputOutputTable as InputOutputTable
from planboard.tables.publication import Publication as Publication
