"""What a filled-in template says of itself: source, year, currency, unit, price basis."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from planboard.errors import InvalidTableError, UnknownNameError
from planboard.labels import unknown_name
from planboard.publishers.spreadsheet import Cell, Sheet, one_currency
from planboard.publishers.template.book import Book
from planboard.tables import Publication

# key -> what it says; a table without these is of no use to anybody.
REQUIRED = {
    "source": "where the figures are from, down to the table or page",
    "licence": "on what terms they may be passed on",
    "year": "of the flows",
    "currency": "three letters, such as USD",
    "unit": "of every flow, such as million USD",
    "price_basis": "basic, producers or purchasers",
}
OPTIONAL = ("name", "title", "coverage", "attribution", "notes", "region", "blank")
KEYS = (*REQUIRED, *OPTIONAL)
BLANKS = ("refused", "zero")
_REMARK = re.compile(r"#\s*(\w+)\s*:\s*(.*)")
_NAME = re.compile(r"#\s*label\s+(.+?)\s*:\s*(.*)")
WHERE = (
    "Write it on the sheet 'about', or at the head of a CSV file in a line such as '# year: 2020'."
)


@dataclass(frozen=True)
class Head:
    """Everything that a template says of itself; `places` tells where each key stands first."""

    values: Mapping[str, str]
    places: Mapping[str, str]
    labels: Mapping[str, str]

    def get(self, key: str, default: str = "") -> str:
        """What is said of a key."""
        return self.values.get(key) or default

    @property
    def zeros(self) -> tuple[str, ...]:
        """Texts read as zero: an empty cell, where the template says that blank means zero."""
        return ("",) if self.get("blank") == "zero" else ()


def read_head(book: Book, required: Mapping[str, str] = REQUIRED) -> Head:
    """What every sheet says, which must agree, with nothing missing that is required."""
    said = [
        (key, text, place) for sheet in book.sheets.values() for key, text, place in _said(sheet)
    ]
    places: dict[str, dict[str, str]] = {}
    for key, text, place in said:
        if key not in KEYS:
            raise _unknown_key(key, place, book)
        if text:
            places.setdefault(key, {})[place] = text
    _check_agreement(book, places)
    _check_complete(book, places, required)
    values = {key: next(iter(found.values())) for key, found in places.items()}
    if values.get("blank", "zero") not in BLANKS:
        raise unknown_name("meaning of blank", values["blank"], BLANKS, next(iter(places["blank"])))
    return Head(values, {key: next(iter(found)) for key, found in places.items()}, _labels(book))


def publication(book: Book, head: Head) -> Publication:
    """The head as a publication; a table without a name is called after its file."""
    year = head.get("year")
    if not re.fullmatch(r"[12][0-9]{3}", year):
        raise InvalidTableError(
            f"{book.source} has no year where one must stand.",
            [f"{head.places['year']}: '{year}'"],
            "Write it with four digits.",
        )
    name = head.get("name", book.source.stem)
    return Publication(
        name=name,
        title=head.get("title", name),
        year=int(year),
        coverage=head.get("coverage", "part"),
        attribution=head.get("attribution"),
        labels=head.labels,
        notes=tuple(filter(None, [head.get("notes")])),
        source=head.get("source"),
        licence=head.get("licence"),
        currency=head.get("currency"),
        unit=head.get("unit"),
        price_basis=head.get("price_basis"),
    )


def _said(sheet: Sheet) -> Iterator[tuple[str, str, str]]:
    """(key, value, place) of a sheet: of `about` every row, of others the lines "# key: value"."""
    for row in range(1, sheet.height + 1):
        text, place = sheet.text(row, 1), _told(sheet, Cell(row, 1))
        remark = _REMARK.fullmatch(text)
        if remark:
            yield remark[1].lower(), remark[2].strip(), place
        elif sheet.name == "about" and text and not text.startswith("#") and text != "key":
            yield text, sheet.text(row, 2), place


def _told(sheet: Sheet, cell: Cell) -> str:
    """A place that differs between the files of a folder too."""
    return f"{sheet.file.name}, {sheet.place(cell)}" if sheet.is_text else sheet.place(cell)


def _labels(book: Book) -> dict[str, str]:
    """Names of codes: from the sheet names, and from lines such as "# label AGR: Agriculture"."""
    found = {}
    for sheet in book.sheets.values():
        for text in sheet.texts(range(1, sheet.height + 1), 1):
            named = _NAME.fullmatch(text)
            if named:
                found[named[1]] = named[2]
    names = book.sheet("names")
    if names is not None:
        row = names.find_row("code", "name")
        code, name = (names.find(text, row).column for text in ("code", "name"))
        rows = names.down(row + 1, code)
        codes = names.labels(rows, code)
        found |= dict(zip(codes, names.texts(rows, name), strict=True))
    return found


def _unknown_key(key: str, place: str, book: Book) -> UnknownNameError:
    error = unknown_name("key", key, KEYS, place)
    return UnknownNameError(
        f"{book.source} says something of '{key}', which the template does not know.",
        [place],
        error.remedy,
    )


def _check_agreement(book: Book, places: Mapping[str, Mapping[str, str]]) -> None:
    if "currency" in places:
        one_currency(book.source, places["currency"])
    for key, found in places.items():
        if len(set(found.values())) > 1:
            is_basis = key == "price_basis"
            raise InvalidTableError(
                f"{book.source} mixes price bases."
                if is_basis
                else f"{book.source} says two different things of its {key}.",
                [f"{place}: {text}" for place, text in found.items()],
                "Bring every sheet to one price basis first; different bases are never mixed."
                if is_basis
                else "Say it once.",
            )


def _check_complete(
    book: Book, places: Mapping[str, Mapping[str, str]], required: Mapping[str, str]
) -> None:
    missing = [f"{key}: {meaning}" for key, meaning in required.items() if key not in places]
    if missing:
        raise InvalidTableError(
            f"{book.source} does not say what it is: {len(missing)} of its keys "
            f"{'is' if len(missing) == 1 else 'are'} missing.",
            missing,
            WHERE,
        )
