"""Planboard's own template of a table: a workbook, a CSV file or a folder of CSV files.

A workbook has the sheets

    about         key, value: what the table is (`head.REQUIRED` must be there)
    transactions  rows: region, sector; columns: sectors, final use, output; above each its role
    value_added   rows: items; columns as in transactions
    factors       rows: factor, unit; columns likewise (may be left out)
    accounts      region, activity, measure, year, value, unit (may be left out)
    names         code, name (may be left out)

and a folder a CSV file for each. A single CSV file is the sheet transactions with what `about`
says in lines "# key: value" at its head, and with the items of value added as its last rows.
"""

from planboard.publishers.format import Format
from planboard.publishers.spreadsheet import DECIMAL
from planboard.publishers.template.accounts import read_accounts
from planboard.publishers.template.reading import read
from planboard.publishers.template.writing import write_template as write_template

TEMPLATE = Format(
    name="planboard",
    title="Planboard's own template",
    needs="a workbook, a CSV file, or a folder of CSV files; `planboard new table FILE.xlsx` "
    "writes one to start from",
    published="by whoever fills it in",
    met="real",
    read=read,
    choices=DECIMAL,
    read_accounts=read_accounts,
    accounts_beside=True,
)
