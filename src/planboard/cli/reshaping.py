"""Commands that put an economy over other codes, years, prices or units."""

from collections.abc import Callable
from typing import Any

import click

import planboard as pb
from planboard.cli.terminal import progress

OUT = click.option("--out", required=True, metavar="DIR", help="New folder for the economy.")

DONORS = click.option(
    "--donors", multiple=True, metavar="R=A,B", help="Whose prices stand in for a region's."
)


@click.group()
def reshape() -> None:
    """Aggregate, split, join, deflate or rescale an economy; each is a step of its history."""


@reshape.command()
@click.argument("economy", metavar="ECONOMY")
@click.argument("concordance", metavar="CONCORDANCE.csv")
@click.option("--axis", metavar="A", help="What its codes are: region, sector, product …")
@click.option("--keep-others", is_flag=True, help="Codes that it does not name stay as they are.")
@OUT
def aggregate(
    economy: str, concordance: str, axis: str | None, keep_others: bool, out: str
) -> None:
    """Add up regions or industries by a concordance; capital and hours follow."""
    codes = pb.read_concordance(concordance, axis)
    _write(economy, out, lambda found: pb.aggregate(found, codes, keep_others=keep_others))


@reshape.command()
@click.argument("economy", metavar="ECONOMY")
@click.option("--region", metavar="R", help="The region that is split.")
@click.option("--industry", metavar="I", help="The industry that is split.")
@click.option("--shares", required=True, metavar="FILE.csv", help="part, share [, inputs, hours …]")
@OUT
def split(economy: str, region: str | None, industry: str | None, shares: str, out: str) -> None:
    """Divide a region or an industry among its parts, by shares."""
    if (region is None) == (industry is None):
        raise click.UsageError("Name one of --region and --industry.")
    axis, source = ("region", region) if region else ("industry", industry)
    parts = pb.read_shares(shares)
    _write(economy, out, lambda found: pb.disaggregate(found, axis, str(source), parts))


@reshape.command()
@click.argument("economies", metavar="ECONOMY...", nargs=-1, required=True)
@click.option("--base-year", type=int, required=True, metavar="Y", help="Plans start from it.")
@DONORS
@OUT
def join(economies: tuple[str, ...], base_year: int, donors: tuple[str, ...], out: str) -> None:
    """Join tables of several years: what came before and after the base year, at its prices."""
    pb.check_free(out)
    with progress() as step:
        step("joining the years")
        found = [pb.read_economy(name) for name in economies]
        pb.write_economy(pb.join_years(found, base_year, donors=_donors(donors)), out)
    click.echo(f"Written: {out}")


@reshape.command()
@click.argument("economy", metavar="ECONOMY")
@click.option("--deflators", default="series", show_default=True, metavar="FILE.csv|series")
@click.option("--to-year", type=int, metavar="Y", help="The year of the prices.")
@click.option("--currency", metavar="C", help="The new currency, where it changes.")
@DONORS
@OUT
def deflate(economy: str, deflators: str, donors: tuple[str, ...], out: str, **wanted: Any) -> None:
    """Bring an economy to the prices of another year, or to another currency."""
    prices: Any = deflators if deflators == "series" else pb.read_deflators(deflators)
    named = _donors(donors)
    _write(economy, out, lambda found: pb.deflate(found, prices, donors=named, **wanted))


@reshape.command()
@click.argument("economy", metavar="ECONOMY")
@click.option("--unit", required=True, metavar="TEXT", help='Such as "billion 2000 USD".')
@click.option("--of", "what", metavar="NAME", help="A product, a factor or labour: not money.")
@click.option("--factor", type=float, metavar="X", help="Old units in one new one.")
@click.option("--rate", type=float, metavar="X", help="New currency for one of the old.")
@OUT
def rescale(economy: str, unit: str, what: str | None, out: str, **amounts: float | None) -> None:
    """Count an economy in another unit; the words are checked against the factor."""
    _write(economy, out, lambda found: pb.rescale_unit(found, unit, of=what, **amounts))


def _donors(stated: tuple[str, ...]) -> dict[str, list[str]]:
    """Region -> its donors, from words such as RoW=BRA,IND."""
    pairs = [text.partition("=") for text in stated]
    return {region.strip(): names.split(",") for region, _, names in pairs}


def _write(economy: str, out: str, change: Callable[[Any], Any]) -> None:
    """Read an economy, change it, write it to a new folder."""
    pb.check_free(out)
    with progress() as step:
        step("reshaping")
        changed = change(pb.read_economy(economy))
        step("writing the economy")
        pb.write_economy(changed, out)
    click.echo(f"Written: {out}: {changed.history[-1]['step']}: {changed.history[-1]['detail']}")


COMMANDS = (reshape,)
