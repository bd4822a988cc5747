"""Commands about accounts: read published tables, audit, ask, repair and reshape them."""

import json
from pathlib import Path
from typing import Any

import click

import planboard as pb
from planboard.cli.terminal import console, progress


@click.command()
@click.argument("economy", metavar="ECONOMY")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as a JSON list.")
def check(economy: str, as_json: bool) -> None:
    """Audit an economy: a bundled one by name, or a folder. Findings come worst first."""
    with progress() as step:
        step("auditing")
        findings = pb.check_economy(economy)
    if as_json:
        click.echo(json.dumps([found.to_dict() for found in findings], indent=1))
    else:
        pb.print_findings(findings, console())


@click.command("import")
@click.argument("format", required=False, metavar="FORMAT")
@click.argument("source", required=False, metavar="SOURCE")
@click.option("--out", metavar="DIR", help="New folder for the economy.")
@click.option("--year", type=int, metavar="Y", help="Which year, where the source holds several.")
@click.option(
    "--accounts", metavar="FILE", help="Accounts (hours, capital) in a file of their own."
)
@click.option("--population", metavar="FILE", help="CSV: region, value in thousand persons.")
@click.option("--choice", "choices", multiple=True, metavar="KEY=VALUE", help="The format's own.")
@click.option("--donor", default="", metavar="R", help="Whose capital per output serves, if none.")
@click.option("--list", "is_list", is_flag=True, help="Show every format, and what it needs.")
def import_table(
    format: str | None,
    source: str | None,
    out: str | None,
    is_list: bool,
    choices: tuple[str, ...],
    **options: Any,
) -> None:
    """Read a publisher's table and make an economy of it, to check and to plan."""
    if is_list:
        pb.print_formats(console())
        return
    if not (format and source and out):
        raise click.UsageError("FORMAT, SOURCE and --out are needed; or --list to see the formats.")
    stated = dict(_key_and_value(choice) for choice in choices)
    with progress() as step:
        economy = pb.import_economy(format, source, out, choices=stated, progress=step, **options)
    click.echo(f"Written: {out}: {economy.title}, {economy.unit}, {economy.price_basis} prices.")
    if economy.imputed is not None:
        count = len(economy.imputed)
        click.echo(f"Imputed: {count:,} groups of cells, listed in the table 'imputed'.")
    click.echo(f"Check it with: planboard check {out}")
    click.echo(f"Plan it with: planboard plan {Path(out) / 'plan.toml'}")


def _key_and_value(text: str) -> tuple[str, str]:
    key, mark, value = text.partition("=")
    if not mark:
        raise click.UsageError(f"'{text}' is not KEY=VALUE, such as system=pxp.")
    return key.strip(), value.strip()


@click.command()
@click.argument("economy", metavar="ECONOMY")
@click.option("--factor", "factors", multiple=True, metavar="F", help="Footprints of these alone.")
@click.option("--top", default=10, show_default=True, help="How many sectors to show.")
@click.option("--out", metavar="DIR", help="Write the answers there, each a Parquet table.")
def multipliers(economy: str, factors: tuple[str, ...], top: int, out: str | None) -> None:
    """Tell what a table says by itself: multipliers, linkages, footprints, extraction."""
    if out:
        pb.check_free(out)
    with progress() as step:
        step("reading the table")
        source = pb.read_published(economy)
        step("inverting it")
        answers = pb.table_answers(source, factors=list(factors) or None, top=top)
        if out:
            pb.write_answers(answers, out)
    pb.print_multipliers(answers, console(), top=top)


@click.command()
@click.argument("economy", required=False, metavar="ECONOMY")
@click.option(
    "--step", "steps", multiple=True, metavar="NAME", help='In order, such as "gras regions=DEU".'
)
@click.option("--out", metavar="DIR", help="New folder for the repaired economy.")
@click.option("--list", "is_list", is_flag=True, help="Show every repair, and its options.")
def repair(economy: str | None, steps: tuple[str, ...], out: str | None, is_list: bool) -> None:
    """Mend an economy's books, each step recorded in its history with every cell it changed."""
    if is_list:
        pb.print_known_repairs(console())
        return
    if not (economy and steps and out):
        raise click.UsageError("ECONOMY, --step and --out are needed; or --list to see the steps.")
    pb.check_free(out)
    with progress() as step:
        step("repairing")
        repaired = pb.repair_economy(economy, list(steps))
        pb.write_economy(repaired.economy, out)
    pb.print_repairs(repaired, console(), len(steps))
    click.echo(f"Written: {out}")


COMMANDS = (check, import_table, multipliers, repair)
