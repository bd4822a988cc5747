"""Read a published table by the name of its format, and make an economy of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypedDict, Unpack

from planboard.economy import Economy
from planboard.economy_folder import check_free
from planboard.errors import InvalidTableError, UnreadableFileError
from planboard.labels import positions, unknown_name
from planboard.publishers.folder import write_import
from planboard.publishers.format import Format, Published, Request, Step, silent
from planboard.publishers.formats import FORMATS
from planboard.publishers.population import with_population
from planboard.tables import Accounts, InputOutputTable
from planboard.tables.donors import bundled_donors
from planboard.tables.supply_use import SupplyUseTable
from planboard.tables.valuation import at_basic_prices


def read_table(
    format: str,
    source: str | Path | None = None,
    *,
    year: int | None = None,
    choices: Mapping[str, str] | None = None,
    progress: Step = silent,
) -> Published:
    """A publisher's table as it was published.

    Parameters
    ----------
    format
        One of `planboard import --list`. With one argument alone: a file of Planboard's own
        template.
    source
        The publisher's file or folder, as the format needs it.
    year
        Which year; may be left out where the source holds one.
    choices
        The format's own, such as {"system": "pxp"}.

    Returns
    -------
    InputOutputTable or SupplyUseTable
        Flows in one unit, labelled; `.economy()` makes an economy of it.

    Raises
    ------
    UnknownNameError, UnreadableFileError, InvalidTableError
        With the file, sheet and cell at fault.
    """
    if source is None:
        format, source = "planboard", format
    known = find_format(format)
    return _read(known, _request(known, source, year, choices or {}, progress))


class ImportOptions(TypedDict, total=False):
    """What an import may be told beside the table: see `import_economy`."""

    year: int | None
    accounts: str | Path | None
    choices: Mapping[str, str]
    population: str | Path | None
    donor: str
    progress: Step


def import_economy(
    format: str,
    source: str | Path,
    out: str | Path | None = None,
    **options: Unpack[ImportOptions],
) -> Economy:
    """A publisher's table as an economy that can be planned, with hours and capital.

    Parameters
    ----------
    format, source, year, choices
        As for `read_table`.
    out
        A new folder for the economy: its tables, `plan.toml` to start from, and in `published`
        the table with its origins (in pymrio's format).
    accounts
        The file of accounts that goes with the table, where it is a file of its own.
    population
        A CSV file of population by region, thousand persons: see `with_population`.
    donor
        A region of the bundled economy: where nobody publishes capital, activities have as much
        per unit of output as there. Left out: as all its regions together.

    Notes
    -----
    Use at purchasers' prices is brought to the basic prices of supply (`at_basic_prices`), which
    the history of the economy tells.

    Raises
    ------
    UnknownNameError, UnreadableFileError, InvalidTableError, OutputFolderError
        With the file, sheet and cell at fault. Nothing half-written stays behind.
    """
    if out is not None:
        check_free(out)
    donor, progress = options.get("donor", ""), options.get("progress", silent)
    if donor:
        positions("donor", [donor], bundled_donors())
    known = find_format(format)
    request = _request(known, source, options.get("year"), options.get("choices", {}), progress)
    table = _read(known, request)
    accounts = _accounts(known, request, options.get("accounts"))
    progress("laying out the economy")
    economy = _at_one_price_basis(table).economy(accounts, donor=donor)
    if file := options.get("population"):
        economy = with_population(economy, file)
    if out is not None:
        write_import(economy, table, Path(out), progress)
    return economy


def _read(format: Format, request: Request) -> Published:
    """A table whose every cell holds a number, factors included."""
    table = format.read(request)
    if isinstance(table, InputOutputTable):
        table.check_factors()
    return table


def _at_one_price_basis(table: Published) -> Published:
    """Use at purchasers' prices brought to the basic prices of supply: a step of its history."""
    if isinstance(table, SupplyUseTable) and table.publication.price_basis != "basic":
        return at_basic_prices(table)
    return table


def find_format(name: str) -> Format:
    """The format of this name."""
    found = {format.name: format for format in FORMATS}
    positions("format", [name], list(found), "`planboard import --list` shows them all")
    return found[name]


def _request(
    format: Format,
    source: str | Path,
    year: int | None,
    choices: Mapping[str, str],
    progress: Step,
) -> Request:
    path = Path(source)
    if not path.exists():
        raise UnreadableFileError(
            f"There is no {path}.", [f"format {format.name} needs {format.needs}"], "Name it."
        )
    for choice, value in choices.items():
        if choice not in format.choices:
            raise unknown_name("choice", choice, list(format.choices), f"format {format.name}")
        values: Sequence[str] = format.choices[choice]
        if value not in values:
            raise unknown_name(choice, value, values, f"format {format.name}")
    return Request(path, year, dict(choices), progress)


def _accounts(format: Format, request: Request, file: str | Path | None) -> Accounts | None:
    """The accounts beside a table: of the file that was named, or of the source itself."""
    if file is None:
        reader = format.read_accounts if format.accounts_beside else None
        return reader(request) if reader else None
    if not Path(file).exists():
        raise UnreadableFileError(f"There is no {file}.", [], "Name the file of the accounts.")
    own = find_format("planboard")
    reader = format.read_accounts or own.read_accounts
    if reader is None:
        raise InvalidTableError(f"Format {format.name} has no accounts.", [], "Leave them out.")
    return reader(replace(request, source=Path(file)))
