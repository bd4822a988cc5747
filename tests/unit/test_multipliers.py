"""The terminal's view of a table's own answers."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import pytest
from rich.console import Console

import planboard as pb
from planboard.leontief import table_answers
from planboard.report.multipliers import print_multipliers
from symmetric_tables import miller_blair, publication, random_table

WIDTH = 80


def printed(answers: Mapping[str, pd.DataFrame], top: int = 10) -> list[str]:
    console = Console(width=WIDTH)
    with console.capture() as shown:
        print_multipliers(answers, console, top=top)
    return [line.rstrip() for line in shown.get().splitlines()]


@pytest.fixture(scope="module")
def answers(world: pb.Economy) -> dict[str, pd.DataFrame]:
    return table_answers(world, top=5)


def test_the_world_fits_a_terminal(answers: dict[str, pd.DataFrame]) -> None:
    lines = printed(answers, 5)
    assert max(map(len, lines)) <= WIDTH
    assert not [text for text in lines if "…" in text]
    text = " ".join(" ".join(lines).split())
    assert "regions: 10; sectors in all: 140; 2000, million 2000 USD, basic prices" in text
    assert "CHN CON China: Construction" in text  # Both codes, both full names.
    for title in ("Output multipliers", "Linkages", "Extraction", "Trade in value added"):
        assert f"{title} (" in text
    assert "Footprint: low_skill_hours Low-skill hours (billion hours)" in text
    assert "5 others" in text
    assert text.count("all together") == 4
    assert "all together 2,812.89 2,812.89 0.00 469.41 469.41" in text
    assert "• No direct use by final users is published for high_skill_hours" in text


def section(lines: list[str], start: str) -> str:
    """From the one title that begins so to the next title."""
    (first,) = [n for n, text in enumerate(lines) if text.startswith(start)]
    after = [n for n, text in enumerate(lines) if n > first and text[:1].isalpha()]
    return "\n".join(lines[first : min(after, default=len(lines))])


def test_figures_of_miller_and_blair() -> None:
    lines = printed(table_answers(miller_blair()))
    rows = [" ".join(text.split()) for text in lines if text.strip().startswith("W agriculture")]
    assert rows == [
        "W agriculture 1.518 33.3 %",  # 460 / 303
        "W agriculture 1.02 1.21 33.3 %",  # 460 / 450, 580 / 480
        "W agriculture 1,000 1,211 211 526",
    ]
    told = " ".join(section(lines, "Linkages").split())
    assert "draws more on others key 1 backward 0 draws less on others forward 0 weak 1" in told
    # One closed region: nothing elsewhere, no trade, and a unit holds one of value added.
    multipliers = section(lines, "Output multipliers")
    assert "elsewhere" not in multipliers
    assert "value added" not in multipliers
    assert "Trade in value added" not in "\n".join(lines)


def test_what_an_open_table_cannot_say_is_not_said() -> None:
    lines = printed(table_answers(random_table(2, has_outside=True)))
    title = "Footprint: hours (million hours; without what is made outside)"
    assert "net imports" not in section(lines, title)
    assert "value added" in section(lines, "Output multipliers")  # Of a unit, less than all of it.
    closed = printed(table_answers(random_table(2)))
    assert "net imports" in section(closed, "Footprint: hours (million hours)")


def test_direct_use_is_shown_where_it_is_known() -> None:
    lines = printed(table_answers(random_table(2), factors=["carbon"]))
    assert "exported  direct" in "\n".join(lines)
    lines = printed(table_answers(random_table(2), factors=["hours"]))
    assert "exported  direct" not in "\n".join(lines)


def test_many_factors_are_counted() -> None:
    table = random_table(1)
    uses = table.factors
    many = pd.concat([uses.iloc[[0]].set_axis([f"f{k}"]) for k in range(9)])
    lines = printed(table_answers(replace(table, factors=many, factors_final_use=None)))
    assert len([text for text in lines if text.startswith("Footprint: ")]) == 5
    assert "  … and 5 more factors: name one with --factor, or write all with --out." in lines


def test_labels_are_text_not_markup() -> None:
    head = publication(title="[red]A[/]", labels={"corn": "[bold]Corn[/]", "hours": "[hours]"})
    lines = printed(table_answers(replace(random_table(1), publication=head)))
    assert "[red]A[/]" in lines
    odd = replace(random_table(1), factors=random_table(1).factors.set_axis(["[b]", "c"]))
    notes = [text for text in printed(table_answers(odd, factors=["[b]"])) if text[:1] == "•"]
    assert "No direct use by final users is published for [b]:" in notes[0]
    assert "Footprint: hours [hours] (" in "\n".join(lines)
    assert "north corn north: [bold]Corn[/]" in " ".join(" ".join(lines).split())
