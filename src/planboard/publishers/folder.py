"""An imported table as an economy folder: its tables, a first plan, and the original."""

from pathlib import Path

from planboard.economy import Economy
from planboard.economy_folder import (
    economy_path,
    new_economy_folder,
    read_economy,
    write_files,
)
from planboard.publishers.format import Published, Step
from planboard.publishers.pymrio_exchange import read_pymrio, write_pymrio
from planboard.tables import InputOutputTable
from planboard.tables.stocks import WINDOW

PUBLISHED = "published"
YEARS = 5  # Of the plan to start from.
PLAN = """# A plan for this economy, to start from: planboard plan plan.toml
# All keys, and what each means: planboard new plan FILE.toml

name = "{title}: plan {first}-{last}"
economy = "."                       # this folder
years = [{first}, {last}]

[horizon]
carry_on = 0.015                    # what the last year builds for: as much as labour and
                                    # productivity grow by default
"""
GROWTH = """
# Labour grows by 0.005 a year and productivity by 0.01 unless you say otherwise. What they did in
# the {window} years to {base}, by the accounts:
"""
RATES = """
# [growth.{quantity}]
{rates}
"""


def write_import(economy: Economy, table: Published, out: Path, progress: Step) -> None:
    """Write all of it to a new folder, whole or not at all."""
    with new_economy_folder(out) as folder:
        progress("writing the economy")
        write_files(economy, folder)
        (folder / "plan.toml").write_text(plan_text(economy), encoding="utf-8")
        if isinstance(table, InputOutputTable):
            progress("writing the published table")
            write_pymrio(table, folder / PUBLISHED)


def plan_text(economy: Economy) -> str:
    """A plan of `YEARS` years, past growth rates beside it as remarks."""
    first = economy.base_year + 1
    title = economy.title.replace('"', "'")
    text = PLAN.format(title=title, first=first, last=first + YEARS - 1)
    if economy.growth is None:
        return text
    known = economy.growth[economy.growth["quantity"] != "government"]
    told = [
        RATES.format(
            quantity=quantity,
            rates="\n".join(f"# {row.region} = {row.value:.4f}" for row in rows.itertuples()),
        )
        for quantity, rows in known.groupby("quantity", sort=False)
    ]
    heading = GROWTH.format(window=WINDOW, base=economy.base_year) if told else ""
    return text + heading + "".join(told)


def read_published(economy: str | Path) -> InputOutputTable | Economy:
    """The table that an economy was imported from, with its origins; else the economy itself."""
    folder = economy_path(economy) / PUBLISHED
    return read_pymrio(folder) if folder.is_dir() else read_economy(economy)
