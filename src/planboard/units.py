"""Units in words: "million 2000 USD" is a scale, a price year and a currency."""

import re
from dataclasses import dataclass, replace

# Word -> how many. Words beside these are part of what is counted.
SCALES = {
    "": 1.0,
    "hundred": 1e2,
    "thousand": 1e3,
    "thousands": 1e3,
    "1000": 1e3,
    "k": 1e3,
    "million": 1e6,
    "millions": 1e6,
    "m": 1e6,
    "mn": 1e6,
    "mln": 1e6,
    "mio": 1e6,
    "billion": 1e9,
    "billions": 1e9,
    "bn": 1e9,
    "bln": 1e9,
    "trillion": 1e12,
    "trillions": 1e12,
    "tn": 1e12,
}
SHORTEST = 3  # Letters of a word for "how many" that stands anywhere in a unit.
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# A word and the blank or full stop that parts it from what is counted: "M.EUR", "million USD".
SCALE = re.compile(r"^\s*([A-Za-z]+|1000)(?:\.\s*|\s+)(?=\S)")


@dataclass(frozen=True)
class Unit:
    """A unit in words, taken apart.

    word : of the scale, as written; scale : how many that is
    year : of the prices, "" where none is named
    counted : what is counted: a currency, hours, persons
    """

    word: str
    scale: float
    year: str
    counted: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.word, self.year, self.counted) if part)

    @property
    def without_year(self) -> str:
        """The same unit at the prices of whatever year."""
        return str(replace(self, year=""))

    def of_year(self, year: int) -> "Unit":
        """The same unit at the prices of another year."""
        return replace(self, year=str(year))


def parse_unit(text: str) -> Unit:
    """A unit taken apart; a scale that is not written is one.

    Example
    -------
    >>> parse_unit("million 2000 USD")
    Unit(word='million', scale=1000000.0, year='2000', counted='USD')
    """
    word, rest = "", text.strip()
    found = SCALE.match(text)
    if found and found[1].lower() in SCALES:
        word, rest = found[1], text[found.end() :]
    year = YEAR.search(rest)
    counted = " ".join(YEAR.sub("", rest, count=1).split())
    return Unit(word, SCALES[word.lower()], year[0] if year else "", counted)


def scale_of(text: str) -> float:
    """How many a unit counts at once, wherever it says so: "USD million" is 1e6; 1 if nowhere.

    Short words count at its beginning only: elsewhere "m" are metres.
    """
    first = parse_unit(text).scale
    words = (word for word in re.findall(r"[a-z]+", text.lower()) if len(word) >= SHORTEST)
    return first if first != 1 else next((SCALES[word] for word in words if word in SCALES), 1.0)
