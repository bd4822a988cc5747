"""Format: one publisher's files, and how to read them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from planboard.errors import InvalidTableError
from planboard.tables import Accounts, InputOutputTable
from planboard.tables.supply_use import SupplyUseTable

Published = InputOutputTable | SupplyUseTable
Step = Callable[[str], None]


def silent(step: str) -> None:
    """Tell nobody of a step."""


@dataclass(frozen=True)
class Request:
    """What is asked of a format: a file or folder, a year, and the publisher's own choices.

    choices : such as {"system": "pxp"}; a format names those it knows in `Format.choices`
    progress : told every step that takes long
    """

    source: Path
    year: int | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    progress: Step = silent


@dataclass(frozen=True)
class Format:
    """One publisher's format.

    needs : what SOURCE must be, in a few words
    published : where it is published, for people
    met : "real" if read from the publisher's own files here, "model" if only from small files laid
        out like them
    choices : choice -> its possible values, the default first
    read : the table of one year
    read_accounts : the accounts that go with it; given the file that --accounts names, or, where
        `accounts_beside`, the source itself
    """

    name: str
    title: str
    needs: str
    published: str
    met: str
    read: Callable[[Request], Published]
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    read_accounts: Callable[[Request], Accounts] | None = None
    accounts_beside: bool = False


def the_year(request: Request, years: list[int], format: str) -> int:
    """The year that is asked for; the only one, where there is one and none is asked for."""
    if request.year is None and len(years) == 1:
        return years[0]
    if request.year in years:
        return int(request.year or 0)
    if not years:
        raise InvalidTableError(
            f"{request.source} holds no year of {format}.",
            [],
            "Take the publisher's files as they are, and leave their names.",
        )
    span = f"{years[0]} to {years[-1]}" if len(years) > 1 else ", ".join(map(str, years))
    raise InvalidTableError(
        f"{request.source} holds several years of {format}, and nobody said which."
        if request.year is None
        else f"{request.source} does not hold the year {request.year} of {format}.",
        [f"found: {span}"],
        "Name one of them with --year.",
    )
