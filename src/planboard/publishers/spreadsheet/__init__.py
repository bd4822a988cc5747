"""Spreadsheets: the one door through which every format reads workbooks and CSV files.

book = open_workbook("use.xlsx")
sheet = book.sheet("Use")
heading = sheet.find("Industry code")
codes = sheet.labels(heading.row, sheet.across(heading.row, heading.column + 1))
"""

from planboard.publishers.spreadsheet.address import Area as Area
from planboard.publishers.spreadsheet.address import Cell as Cell
from planboard.publishers.spreadsheet.numerals import AS_STORED as AS_STORED
from planboard.publishers.spreadsheet.sheet import Flaw as Flaw
from planboard.publishers.spreadsheet.sheet import Sheet as Sheet
from planboard.publishers.spreadsheet.sheet import one_currency as one_currency
from planboard.publishers.spreadsheet.workbook import DECIMAL as DECIMAL
from planboard.publishers.spreadsheet.workbook import Workbook as Workbook
from planboard.publishers.spreadsheet.workbook import open_folder as open_folder
from planboard.publishers.spreadsheet.workbook import open_workbook as open_workbook
