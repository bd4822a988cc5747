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
{growth}"""
GROWTH = """
# What past growth would make of it; as it stands, labour grows by 0.005 and productivity by 0.01.
# [growth.{quantity}]                # mean yearly growth before {first}, from the accounts
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
    growth = ""
    if economy.growth is not None:
        known = economy.growth[economy.growth["quantity"] != "government"]
        for quantity, rows in known.groupby("quantity", sort=False):
            rates = "\n".join(
                f"# {row.region} = {row.value:.4f}" for row in rows.itertuples(index=False)
            )
            growth += GROWTH.format(quantity=quantity, first=first, rates=rates)
    return PLAN.format(
        title=economy.title.replace('"', "'"), first=first, last=first + YEARS - 1, growth=growth
    )


def read_published(economy: str | Path) -> InputOutputTable | Economy:
    """The table that an economy was imported from, with its origins; else the economy itself."""
    folder = economy_path(economy) / PUBLISHED
    return read_pymrio(folder) if folder.is_dir() else read_economy(economy)
