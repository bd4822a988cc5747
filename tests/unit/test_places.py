"""Lines of the entries of a TOML text, in every way that TOML may be written."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planboard.places import find_places
from planboard.plan_file import bundled_plan_text


def places(text: str) -> dict[str, int]:
    """The places of a text that is well-formed."""
    tomllib.loads(text)
    return find_places(text)


def test_keys_and_tables() -> None:
    text = 'name = "x"\n\n[trade]\nband = 0.3\n\n[growth.labour]\nEUE = 0.01\n'
    assert places(text) == {
        "name": 1,
        "trade": 3,
        "trade.band": 4,
        "growth.labour": 6,
        "growth.labour.EUE": 7,
    }


def test_entries_of_arrays_of_tables_count_by_position() -> None:
    text = '[[order]]\nid = "a"\n[[line]]\nname = "l"\n[[order]]\nid = "b"\n'
    assert places(text) == {
        "order.0": 1,
        "order.0.id": 2,
        "line.0": 3,
        "line.0.name": 4,
        "order.1": 5,
        "order.1.id": 6,
    }


def test_tables_within_entries_of_arrays() -> None:
    text = "[[a]]\nx = 1\n[a.b]\ny = 2\n[[a]]\n[a.b]\ny = 3\n[[a.c]]\nz = 4\n[[a.c]]\nz = 5\n"
    found = places(text)
    assert found["a.0.b.y"] == 4
    assert found["a.1.b.y"] == 7
    assert found["a.1.c.0.z"] == 9
    assert found["a.1.c.1.z"] == 11


@pytest.mark.parametrize(
    "value",
    [
        '"""\n[not a table]\nx = 1\n"""',
        '"""\nwith \\" and \\\\ and "" inside\n# no comment\n"""',
        "'''\n[[nor = this]]\n\"\"\"\n'''",
        "[\n  1, # one ]\n  2,\n]",
        '[\n  "a]", # [\n  [1, 2],\n  [[3], [4]],\n]',
        '[ { a = 1, b = "}" }, { a = 2, b = "{" } ]',
        '{ a = [1, 2], b = "x = 1" }',
        '"# no comment"',
        "'[no] = table'",
        '"a \\" = b"',
        "2001-05-27T07:32:00Z",
        "1_000.5e-3",
        '""',
        "''",
    ],
)
def test_values_do_not_disturb_the_count(value: str) -> None:
    """Texts over several lines, arrays, inline tables, and marks inside texts or comments."""
    text = f"before = 1\nvalue = {value}\nafter = 2 # [x] = 3\n\n[table] # [other]\nkey = 4\n"
    grown = value.count("\n")
    found = places(text)
    assert found == {
        "before": 1,
        "value": 2,
        "after": 3 + grown,
        "table": 5 + grown,
        "table.key": 6 + grown,
    }


def test_quoted_and_dotted_keys() -> None:
    text = '"a b" = 1\n\'c\' = 2\nd.e = 3\n[ f . "g h" ]\ni . j = 4\n1234 = 5\nx-y_z = 6\n'
    assert places(text) == {
        "a b": 1,
        "c": 2,
        "d.e": 3,
        "f.g h": 4,
        "f.g h.i.j": 5,
        "f.g h.1234": 6,
        "f.g h.x-y_z": 7,
    }


def test_comments_and_empty_lines() -> None:
    text = "# first [x]\n#\n\n   # third = 3\n  a = 1   # = 2\n\t[b]\n\n\n\tc = 2"
    assert places(text) == {"a": 5, "b": 6, "b.c": 9}


def test_windows_line_ends() -> None:
    text = 'a = 1\r\nb = """\r\n[x]\r\n"""\r\n[t]\r\nc = [\r\n1,\r\n]\r\nd = 2\r\n'
    assert places(text) == {"a": 1, "b": 2, "t": 5, "t.c": 6, "t.d": 9}


def test_bundled_plan() -> None:
    found = places(bundled_plan_text())
    lines = bundled_plan_text().splitlines()
    for path, line in found.items():
        assert path.rpartition(".")[2] in lines[line - 1]
    assert len(found) > 30


KEYS = st.text("abcxyz", min_size=1, max_size=3)
VALUES = st.sampled_from(
    ["1", '"["', "'='", "[1,\n 2]", '"""a\n[b]\n"""', "{ u = 1 }", "[[1], # ]\n[2]]", "true # x"]
)


@given(st.lists(st.tuples(KEYS, st.dictionaries(KEYS, VALUES, max_size=3)), max_size=5))
def test_every_entry_is_found_where_it_was_written(
    tables: list[tuple[str, dict[str, str]]],
) -> None:
    lines: list[str] = []
    expected: dict[str, int] = {}
    for number, (_, entries) in enumerate(tables):
        lines.append("[[entry]]")
        expected[f"entry.{number}"] = "\n".join(lines).count("\n") + 1
        for key, value in entries.items():
            lines.append(f"{key} = {value}")
            first = "\n".join(lines).count("\n") + 1 - value.count("\n")
            expected[f"entry.{number}.{key}"] = first
    assert places("\n".join(lines)) == expected
