"""Material balances and accounts under names that a user may choose."""

from pathlib import Path

import pytest

import planboard as pb
from economies import Folder, Shape, random_folder


def test_a_category_may_share_the_name_of_an_entry_of_the_balances() -> None:
    books = random_folder(Shape(2, 3, False, 5))
    renamed = books.changed(
        final_use=lambda t: t.assign(
            category=t["category"].replace("capital_formation", "investment")
        )
    )
    categories = {
        ("investment" if name == "capital_formation" else name): role
        for name, role in books.head["categories"].items()
    }
    other = Folder({**books.head, "categories": categories}, renamed.tables)
    plan = pb.Plan("p", economy="e", years=(2001, 2002))
    entries = [
        pb.solve(folder.economy(), plan).material_balances.groupby("entry")["value"].sum()
        for folder in (books, other)
    ]
    assert entries[1]["investment"] < 0
    assert entries[1]["investment"] == pytest.approx(entries[0]["investment"], rel=1e-6)
    assert entries[1]["unused"] == pytest.approx(0.0, abs=1e-6)


def test_a_category_may_not_be_called_what_a_balance_is_made_of(tmp_path: Path) -> None:
    books = random_folder(Shape(1, 2, False, 5))
    renamed = books.changed(final_use=lambda t: t.assign(category="imports"))
    head = {**books.head, "categories": {"imports": {"role": "households"}}}
    folder = Folder(head, renamed.tables).write(tmp_path / "e")
    with pytest.raises(pb.InputError, match="A category of final use cannot be called 'imports'"):
        pb.read_economy(folder)
