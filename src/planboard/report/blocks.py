"""What a report is made of: sections of texts, cards, tables and figures; no economics here."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

STEPS = 5  # Shades of a tinted cell on either side of none.


@dataclass(frozen=True)
class Text:
    """A paragraph; a note is set smaller."""

    words: str
    is_note: bool = False
    kind: ClassVar[str] = "text"


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    sentences: Sequence[str]
    kind: ClassVar[str] = "points"


@dataclass(frozen=True)
class Card:
    """One headline figure: what it is, the figure, and a line on it."""

    title: str
    figure: str
    line: str = ""
    is_wide: bool = False


@dataclass(frozen=True)
class Cards:
    """Headline figures side by side."""

    cards: Sequence[Card]
    kind: ClassVar[str] = "cards"


@dataclass(frozen=True)
class Cell:
    """A cell of a table; `tint` from −1 (low) to 1 (high) shades it, `below` is a second line."""

    text: str
    tint: float = 0.0
    below: str = ""
    is_text: bool = False

    @property
    def shade(self) -> str:
        """The style class of its tint, or none."""
        step = round(max(-1.0, min(1.0, self.tint)) * STEPS)
        return f"{'high' if step > 0 else 'low'}{abs(step)}" if step else ""


@dataclass(frozen=True)
class Table:
    """Rows under a head; the first column names the row, the last rows may be totals.

    A wordy table has sentences in its first column.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    totals: int = 0
    is_wordy: bool = False
    kind: ClassVar[str] = "table"


@dataclass(frozen=True)
class Key:
    """An entry of a legend: a name and the token of its colour; a line may be dashed."""

    name: str
    colour: str
    is_dashed: bool = False


@dataclass(frozen=True, eq=False)
class Figure:
    """A Plotly figure as plain dicts; colours are tokens such as "@region0" (see `colours`)."""

    traces: Sequence[dict[str, Any]]
    layout: dict[str, Any]
    height: int
    title: str = ""


@dataclass(frozen=True, eq=False)
class Figures:
    """One figure, or small multiples that share a caption and a legend.

    `columns` is how many stand side by side on a wide page; `scale` says what shades mean: left,
    middle and right end.
    """

    caption: str
    figures: Sequence[Figure]
    legend: Sequence[Key] = ()
    columns: int = 1
    scale: tuple[str, str, str] | None = None
    kind: ClassVar[str] = "figures"


Block = Text | Points | Cards | Table | Figures
Row = Sequence[str | Cell]


@dataclass(frozen=True)
class Section:
    """A part of the report under its own heading; `name` is its anchor."""

    name: str
    title: str
    blocks: Sequence[Block]


def table(
    caption: str,
    head: Sequence[str],
    rows: Sequence[Row],
    *,
    totals: int = 0,
    is_wordy: bool = False,
) -> Table:
    """A table whose plain texts become cells; the first of each row is its name."""
    cells = [
        [
            cell if isinstance(cell, Cell) else Cell(cell, is_text=place == 0)
            for place, cell in enumerate(row)
        ]
        for row in rows
    ]
    return Table(caption, head, cells, totals, is_wordy)


def words(text: str) -> Cell:
    """A cell that holds words rather than a number."""
    return Cell(text, is_text=True)


def chart_label(text: str, width: int = 18) -> str:
    """A label as Plotly reads it: marks escaped, broken into lines of about `width` letters."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + len(word) < width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "<br>".join(escape(line, quote=False) for line in lines)
