"""The head and the tables of an economy folder."""

from planboard.economy import CARRIED, ROLES
from planboard.economy_folder.format import COLUMNS, REQUIRED, TEXTS
from planboard.economy_folder.head import Head
from reference_pages.markdown import WORDS, meanings, page, table


def economy_page() -> str:
    """The head and the tables of an economy folder."""
    intro = (
        "An economy folder holds `economy.json` and tidy tables, each a Parquet file or a CSV file "
        "with a line of column names; in CSV, lines that begin with `#` are remarks, such as a "
        "source. Only `activity` must be there. A cell that is not stated is zero; a number that "
        "is missing in a row is an error. A table or a key that does not exist is an error that "
        "names the nearest one. The same cell twice is an error."
    )
    if set(WORDS["table"]) != set(COLUMNS):
        raise KeyError(f"meanings.toml [table]: {set(WORDS['table']) ^ set(COLUMNS)}")
    head = meanings("head", list(Head.model_fields))
    keys = [(f"`{key}`", "yes" if key in REQUIRED else "", text) for key, text in head.items()]
    roles = [(f"`{role}`", text) for role, text in meanings("role", ROLES).items()]
    parts = [
        intro,
        "## economy.json\n\n" + table(["key", "must be there", "meaning"], keys),
        "### Roles of categories of final use\n\n" + table(["role", "what a plan does"], roles),
        "## Tables",
        *(economy_table(name) for name in COLUMNS),
    ]
    return page("Economy folder", *parts)


def economy_table(name: str) -> str:
    """One table: what it holds, and its columns."""
    given = dict(WORDS["table"][name])
    about = given.pop("about")
    known = set(given) | set(TEXTS)
    missing = [c for c in COLUMNS[name] if c not in known]
    if missing:
        raise KeyError(f"meanings.toml [table.{name}]: missing {missing}")
    rows = []
    for column in dict.fromkeys([*COLUMNS[name], *given]):
        must = "yes" if column in COLUMNS[name] else ""
        meaning = given.get(column, "text" if name in CARRIED and column != "region" else "code")
        rows.append((f"`{column}`", must, meaning))
    return f"### {name}\n\n{about}\n\n" + table(
        ["column", "must be there", "meaning or unit"], rows
    )
