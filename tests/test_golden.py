"""One readable text for each family of rows, on an economy of two sectors and two regions.

After a change that is meant, `make golden` writes them anew; read the difference before you commit.
"""

from pathlib import Path

import numpy as np
import pytest

from planboard.compile import CompiledPlan
from planboard.constraints import ROWS
from planboard.constraints.layout import lay_out
from planboard.program import LinearProgram
from two_sectors import compiled

GOLDEN = Path(__file__).parent / "golden"
SHOWN = "home"  # The other region's rows look the same.


def lines(lp: LinearProgram, family: str) -> list[str]:
    """The rows of a family in their own units, a line each, as in an .lp file."""
    rows, columns = lp.rows.names(), lp.columns.names()
    found = []
    for kind, span in lp.rows.spans():
        if kind.name != family:
            continue
        for row in range(span.start, span.stop):
            if not is_shown(kind.index[row - span.start], kind.index.names):
                continue
            entries = lp.matrix[[row]].tocoo()
            own = entries.data * lp.rows.unit[row] / lp.columns.unit[entries.coords[1]]
            terms = [f"{v:+.6g} {columns[c]}" for c, v in zip(entries.coords[1], own, strict=True)]
            low, high = (getattr(lp.rows, b)[row] * lp.rows.unit[row] for b in ("lower", "upper"))
            found.append(f"{rows[row]}:\n    {' '.join(terms)} {bounds(low, high)}")
    return found


def is_shown(key: tuple[object, ...], names: list[str]) -> bool:
    return "region" not in names or key[names.index("region")] == SHOWN


def bounds(low: float, high: float) -> str:
    if low == high:
        return f"= {low:.6g}"
    told = [f">= {low:.6g}"] * bool(np.isfinite(low)) + [f"<= {high:.6g}"] * bool(np.isfinite(high))
    return ", ".join(told)


def families() -> dict[str, str]:
    """Family -> its text, from the first program that has it."""
    texts: dict[str, str] = {}
    for part in compiled():
        for family in dict.fromkeys(f.name for f in part.program.rows.families if len(f.index)):
            text = "\n".join(lines(part.program, family))
            texts.setdefault(family, f"\\ {part.plan.name}, rows '{family}'\n\n{text}\n")
    return texts


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return families()


@pytest.fixture(scope="module")
def first() -> CompiledPlan:
    return compiled()[0]


FAMILIES = sorted(families())


@pytest.mark.parametrize("family", FAMILIES)
def test_rows_are_those_written_down(
    family: str, texts: dict[str, str], request: pytest.FixtureRequest
) -> None:
    file = GOLDEN / f"{family}.lp"
    if request.config.getoption("--rewrite-golden"):
        file.write_text(texts[family], encoding="utf-8")
    assert file.is_file(), f"no text for rows '{family}': make golden"
    assert texts[family] == file.read_text(encoding="utf-8")


def test_every_family_has_a_text() -> None:
    """Each function of `ROWS` makes rows in this economy, and no text is left over."""
    assert {file.stem for file in GOLDEN.glob("*.lp")} == set(FAMILIES)
    assert {"market", "order", "wish", "ray", "room_total"} < set(FAMILIES)


@pytest.mark.parametrize("make", ROWS, ids=lambda make: make.__name__)
def test_every_function_of_rows_is_shown(first: CompiledPlan, make: object) -> None:
    outlook = first.outlooks[0]
    assert outlook.region == SHOWN
    made = make(outlook, lay_out(outlook, 0))
    assert made
    for rows in made:
        assert len(rows.lower), f"no rows '{rows.family.name}' in this economy"
        assert rows.family.name in FAMILIES
