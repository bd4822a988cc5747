"""Audit of names, units, prices and rounding, and the terminal's view of findings."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from economies import Folder, made, rows
from planboard.audit import Finding, check_economy
from planboard.economy_folder import economy_of
from planboard.new_economy import write_new_economy
from planboard.report.findings import print_findings


@pytest.fixture
def books(tmp_path: Path) -> Folder:
    """The template of an economy: HOME with three industries, trading with the outside."""
    folder = write_new_economy(tmp_path / "economy")
    tables = {file.stem: pd.read_csv(file, comment="#") for file in folder.glob("*.csv")}
    return Folder(json.loads((folder / "economy.json").read_text(encoding="utf-8")), tables)


def check(folder: Folder) -> list[Finding]:
    return check_economy(economy_of(folder.head, folder.tables))


def only(folder: Folder) -> Finding:
    (found,) = check(folder)
    return found


def with_head(folder: Folder, **head: object) -> Folder:
    return Folder({**folder.head, **head}, folder.tables)


# Names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("twin", ["ind", "IND ", "-Ind"])
def test_codes_that_differ_in_writing_alone(books: Folder, twin: str) -> None:
    found = only(with_head(books, products={**books.head["products"], twin: {}}))
    assert (found.code, found.severity, found.name) == ("odd_labels", "warning", "IND")
    assert found.message == (
        f"These codes of product are one but for case, spaces, dashes or zeros: 'IND', '{twin}'."
    )


def test_codes_of_other_words_are_others(books: Folder) -> None:
    products = {**books.head["products"], "I-ND": {}, "IND1": {}, "IND11": {}, "IND1.1": {}}
    assert check(with_head(books, products=products)) == []


def test_codes_with_leading_zeros(books: Folder) -> None:
    products = {
        **books.head["products"],
        "C10-12": {},
        "c 010_12": {},
        "C1": {},
        "C1.1": {},
        "C11": {},
    }
    (found,) = [f for f in check(with_head(books, products=products)) if f.code == "odd_labels"]
    assert "'C10-12', 'c 010_12'" in found.message


def test_one_full_name_for_two_codes(books: Folder) -> None:
    products = {**books.head["products"], "MAN": {"label": "industry"}}
    (found,) = [f for f in check(with_head(books, products=products)) if f.code == "odd_labels"]
    assert found.message == "The product codes IND, MAN have the same full name, 'industry'."


def test_codes_that_were_withdrawn(books: Folder) -> None:
    partners = [*books.head.get("partners", []), "HOME", "outside", "ROM"]
    found = only(with_head(books, partners=partners))
    assert (found.code, found.severity, found.region) == ("odd_labels", "note", "ROM")
    assert found.message == "ROM is no code of ISO 3166-1 since 2002: it is ROU now."
    assert found.remedy == "A table that says ROU needs a concordance to be joined with this one."
    both = only(with_head(books, partners=[*partners, "ROU"]))
    assert both.severity == "warning"
    assert both.message.endswith("it is ROU now; ROU is in the economy as well.")


# Units and prices ---------------------------------------------------------------------------------


def test_a_price_basis_that_nobody_knows(books: Folder) -> None:
    found = only(with_head(books, price_basis="market"))
    assert (found.code, found.severity, found.name) == ("odd_price_basis", "error", "market")
    assert found.message.startswith("The price basis 'market' is none of basic, producers, ")


def test_a_unit_of_another_currency(books: Folder) -> None:
    found = only(with_head(books, unit="million EUR of 2020"))
    assert (found.code, found.severity) == ("mixed_currencies", "error")
    assert found.message == (
        "The unit 'million EUR of 2020' names EUR, and the currency of the economy is USD."
    )


def test_money_without_a_code_names_no_other_currency(books: Folder) -> None:
    assert check(with_head(books, currency="dollar")) == []


def test_a_unit_of_another_year(books: Folder) -> None:
    found = only(with_head(books, unit="million USD of 2015"))
    assert (found.code, found.severity) == ("prices_of_another_year", "warning")
    deflated = [{"step": "deflation", "detail": "to prices of 2015"}]
    assert check(with_head(books, unit="million USD of 2015", history=deflated)) == []


def test_use_at_purchasers_prices_against_supply_at_basic_prices() -> None:
    """Ten goods carry margins of a third; trade, which made them, is hardly used."""
    found = check(margins(move=True))
    assert [(f.code, f.severity) for f in found] == [("mixed_price_basis", "error")]
    assert found[0].message == (
        "Use of W looks to be at purchasers' prices and supply at basic prices: 10 of 11 products "
        "miss together 0.26 of all supply, and their margins are left over: trade (0.21)."
    )
    assert check(margins(move=False)) == []


def margins(*, move: bool) -> Folder:
    """A region without production recipes: ten goods and a margin, made and consumed."""
    goods = [f"good {chr(97 + k)}" for k in range(10)]
    made_of = {**{name: 100.0 + 10 * k for k, name in enumerate(goods)}, "trade": 400.0}
    used = dict(made_of)
    if move:
        used = {name: value * (4 / 3 if name != "trade" else 0.05) for name, value in used.items()}
    tables = {
        "activity": rows("region activity level", *(("W", k, v) for k, v in made_of.items())),
        "supply": rows(
            "region product activity value", *(("W", k, k, v) for k, v in made_of.items())
        ),
        "final_use": rows(
            "region product category value", *(("W", k, "households", v) for k, v in used.items())
        ),
    }
    return made(tables)


# Rounding -----------------------------------------------------------------------------------------


def coarse(unit: float, n: int = 40) -> Folder:
    """A region of n activities, its flows rounded to whole units; those under half are lost."""
    rng = np.random.default_rng(3)
    names = [f"a{chr(97 + k // 26)}{chr(97 + k % 26)}" for k in range(n)]
    level = np.round(rng.uniform(2000, 4000, n))
    use = 0.6 * level * rng.dirichlet(np.full(n, 0.2), n).T
    use *= np.minimum(1.0, 0.8 * level / use.sum(axis=1))[:, None]
    final = level - use.sum(axis=1)
    use, final = (unit * np.round(values / unit) for values in (use, final))
    level = unit * np.round(level / unit)
    flat = lambda name, values: rows(  # noqa: E731
        f"region product {name} value",
        *(("W", i, j, values[k, m]) for k, i in enumerate(names) for m, j in enumerate(names)),
    )
    made_of = list(zip(names, level, strict=True))
    return made(
        {
            "activity": rows("region activity level", *(("W", k, v) for k, v in made_of)),
            "supply": rows("region product activity value", *(("W", k, k, v) for k, v in made_of)),
            "use": flat("activity", use),
            "final_use": rows(
                "region product category value",
                *(("W", k, "households", v) for k, v in zip(names, final, strict=True)),
            ),
        }
    )


@pytest.mark.parametrize("unit", [1.0, 10.0])
def test_a_table_in_whole_units(unit: float) -> None:
    (found,) = check(coarse(unit))
    assert found.code == "rounded_table"
    assert f"flows are whole multiples of {unit:g} million USD: what is under half" in found.message
    assert " Products miss up to " in found.message


def test_a_gap_beyond_rounding_is_found_beside_it() -> None:
    folder = coarse(1.0)
    wrong = folder.tables["final_use"]
    wrong = wrong.assign(value=wrong["value"] + 16.0 * (wrong["product"] == "aac"))
    found = check(Folder(folder.head, {**folder.tables, "final_use": wrong}))
    assert {f.code for f in found} == {"rounded_table", "unbalanced_product"}
    assert [f.name for f in found if f.code == "unbalanced_product"] == ["aac"]


def test_fractions_and_small_tables_are_not_called_rounded(books: Folder) -> None:
    folder = coarse(1.0)
    use = folder.tables["use"]
    split = use.assign(value=use["value"] + 0.25 * (use["product"] == "aaa"))
    assert not [
        f for f in check(Folder(folder.head, {**folder.tables, "use": split}))
        if f.code == "rounded_table"
    ]  # fmt: skip
    assert check(books) == []  # Whole numbers, and too few of them to tell.


# The terminal -------------------------------------------------------------------------------------


def shown(findings: list[Finding]) -> str:
    stream = StringIO()
    print_findings(findings, Console(file=stream, width=200))
    return stream.getvalue()


def test_many_findings_of_a_kind_are_folded() -> None:
    note = Finding("odd", "note", "R", "", 1.0, "first", "do this")
    many = [replace(note, message=text) for text in ("first", "second", "third", "fourth")]
    grave = Finding("bad", "error", "", "steel", 1.0, "wrong", "do that")
    assert shown([grave, *many]).splitlines() == [
        "error steel: wrong",
        "    do that",
        "note R: first",
        "    do this",
        "note R: second",
        "note … and 2 more of odd.",
        "1 error, 4 notes (2 not shown; --json lists all)",
    ]
    assert shown(many[:2]).splitlines()[-1] == "2 notes"
    assert shown([]).strip() == "Nothing found: the books agree with themselves."
