"""The command line: each command a few lines over the public calls."""

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, NoReturn

import click

import planboard as pb

if TYPE_CHECKING:
    from rich.console import Console

INTERRUPTED = 130
BUG = 3


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(pb.__version__, prog_name="planboard")
def cli() -> None:
    """Planboard: from the accounts of economies and a plan file to a verified plan.

    Begin with `planboard plan`: it plans the bundled world economy and writes a report.
    """


@cli.command()
@click.argument("plan_file", required=False, metavar="[PLAN.toml]")
@click.option("--out", metavar="DIR", help="Result folder (default: results/NAME).")
@click.option("--solver", default="auto", show_default=True, help="auto, highs or highs-simplex.")
@click.option("--tolerance", default=1e-8, show_default=True, help="Largest residual and gap.")
def plan(plan_file: str | None, out: str | None, solver: str, tolerance: float) -> None:
    """Solve a plan, or the bundled world plan, and write the result folder with its report."""
    begun = perf_counter()
    console = _console()
    wanted = pb.read_plan(plan_file)
    target = Path(out) if out else Path("results") / folder_name(wanted, plan_file)
    pb.check_output(target)
    text = Path(plan_file).read_text(encoding="utf-8") if plan_file else None
    with progress() as step:
        step("reading the accounts")
        economy = pb.read_economy(wanted.economy, beside=_beside(plan_file))
        seconds = {"read": perf_counter() - begun}
        try:
            solution = pb.solve(economy, wanted, solver=solver, tolerance=tolerance, progress=step)
        except pb.InfeasiblePlanError as error:
            pb.write_refusal(error, economy, wanted, target, plan_text=text)
            error.add_note(f"Written: {target / 'result.json'}")
            raise
        horizon = pb.horizon_effect(solution, progress=step)
        step("writing tables and report")
        pb.write_result(solution, target, plan_text=text, seconds=seconds, horizon=horizon)
    pb.print_summary(solution, console)
    console.print(f"\nReport: [bold]{target / 'report.html'}[/]", highlight=False, soft_wrap=True)


@cli.group()
def new() -> None:
    """Write a file to start from."""


@new.command("plan")
@click.argument("file", metavar="FILE.toml")
def new_plan(file: str) -> None:
    """Write the bundled world plan, commented, to a new file."""
    click.echo(f"Written: {pb.write_new_plan(file)}. Plan it with: planboard plan {file}")


@new.command("economy")
@click.argument("folder", metavar="DIR")
def new_economy(folder: str) -> None:
    """Write an economy of three industries to overwrite with one's own, and a plan for it."""
    written = pb.write_new_economy(folder)
    click.echo(f"Written: {written}. Check it with: planboard check {folder}")
    click.echo(f"Plan it with: planboard plan {Path(folder) / 'plan.toml'}")


@cli.command()
@click.argument("economy", metavar="ECONOMY")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as a JSON list.")
def check(economy: str, as_json: bool) -> None:
    """Audit an economy: a bundled one by name, or a folder. Findings come worst first."""
    findings = pb.check_economy(economy)
    if as_json:
        click.echo(json.dumps([found.to_dict() for found in findings], indent=1))
    else:
        pb.print_findings(findings, _console())


@cli.command()
@click.argument("target", metavar="{RESULT_DIR|PLAN.toml}")
@click.option("--most", default=12, show_default=True, help="How many bottlenecks to tell.")
def explain(target: str, most: int) -> None:
    """Tell what binds, worst first, and what one more unit of each would be worth.

    For a plan that cannot be carried out: the orders that the proof rests on.
    """
    try:
        if Path(target).is_dir():
            solution = pb.read_result(target).solution
        else:
            wanted = pb.read_plan(target)
            economy = pb.read_economy(wanted.economy, beside=_beside(target))
            with progress() as step:
                step("solving the plan")
                solution = pb.solve(economy, wanted, progress=step)
    except pb.InfeasiblePlanError as error:
        click.echo(str(error))
        return
    pb.print_explanation(solution, _console(), most=most)


@cli.command()
@click.argument("result_dir", metavar="RESULT_DIR")
@click.argument("product", metavar="PRODUCT")
@click.option("--region", metavar="R", help="One region (default: all).")
@click.option("--year", type=int, metavar="Y", help="One plan year (default: the last).")
@click.option("--between", nargs=2, metavar="A B", help="Why it differs between two regions.")
def price(
    result_dir: str,
    product: str,
    region: str | None,
    year: int | None,
    between: tuple[str, str] | None,
) -> None:
    """Show where the scarcity price of a product comes from, and its cost price."""
    solution = pb.read_result(result_dir).solution
    console = _console()
    if between:
        first, second = (pb.price_parts(solution, product, region=r, year=year) for r in between)
        pb.print_between(first, second, console)
        return
    parts = pb.price_parts(solution, product, region=region, year=year)
    pb.print_price(parts, solution.economy, console)
    if region is not None:
        costs = pb.cost_parts(solution, product, region, year or solution.plan.years[-1])
        pb.print_cost(costs, solution.economy, console)


@cli.command()
@click.argument("result_dirs", metavar="RESULT_DIR...", nargs=-1, required=True)
@click.option("--actual", is_flag=True, help="Hold the first plan against what happened.")
@click.option("--why", is_flag=True, help="Say which sections of the plans make the difference.")
@click.option("--out", metavar="DIR", help="Write the comparison's tables and a report there.")
def compare(result_dirs: tuple[str, ...], actual: bool, why: bool, out: str | None) -> None:
    """Hold plans side by side, against the first of them and against what happened."""
    solutions = [pb.read_result(folder).solution for folder in result_dirs]
    if out:
        pb.check_output(out)
    comparison = pb.compare_results(solutions)
    console, economy = _console(), solutions[0].economy
    pb.print_comparison(comparison, economy, console)
    if actual:
        pb.print_actual(pb.against_actual(solutions[0]), economy, console)
    steps = None
    if why and len(solutions) > 1:
        with progress() as step:
            steps = pb.explain_difference(*solutions[:2], progress=step)
        pb.print_steps(steps, console)
    if out:
        pb.write_comparison(solutions, comparison, out, steps=steps, actual=actual)
        console.print(f"\nReport: [bold]{Path(out) / 'report.html'}[/]", highlight=False)


@cli.command()
@click.argument("plan_file", required=False, metavar="[PLAN.toml]")
@click.option("--out", metavar="DIR", help="Result folder of the plan with hindsight.")
def backtest(plan_file: str | None, out: str | None) -> None:
    """Plan again with the growth of labour and productivity that came, and compare with fact."""
    wanted = pb.read_plan(plan_file)
    economy = pb.read_economy(wanted.economy, beside=_beside(plan_file))
    plan = pb.with_hindsight(economy, wanted)
    target = Path(out) if out else Path("results") / f"{folder_name(wanted, plan_file)}-backtest"
    pb.check_output(target)
    with progress() as step:
        solution = pb.solve(economy, plan, progress=step)
        step("writing tables and report")
        pb.write_result(solution, target)
    pb.print_actual(pb.against_actual(solution), economy, _console())
    click.echo(f"Report: {target / 'report.html'}")


@cli.command()
@click.argument("plan_file", metavar="PLAN.toml")
@click.argument("file", metavar="OUT.mps")
def export(plan_file: str, file: str) -> None:
    """Write the very program that is solved, for any other solver (free MPS, minimised)."""
    wanted = pb.read_plan(plan_file)
    economy = pb.read_economy(wanted.economy, beside=_beside(plan_file))
    with progress() as step:
        solution = pb.export_program(economy, wanted, file, progress=step)
    rows, columns = solution.compiled.program.shape
    click.echo(f"Written: {file}: {rows:,} rows, {columns:,} columns.")
    click.echo(f"Its least objective is {solution.objective!r}.")


def folder_name(wanted: "pb.Plan", plan_file: str | None) -> str:
    """The name of a result folder: the plan file's, or the bundled plan's economy."""
    return Path(plan_file).stem if plan_file else wanted.economy


def _beside(plan_file: str | None) -> Path | None:
    """The folder that a plan file's economy is named relative to."""
    return Path(plan_file).parent if plan_file else None


def _console() -> "Console":
    from rich.console import Console  # noqa: PLC0415

    return Console()


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A bar on the terminal with the step under way; nothing where there is no terminal."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda step: None
        return
    columns = (BarColumn(bar_width=20), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda step: bar.update(task, description=step)


def main() -> NoReturn:
    """Run the command line; every error becomes one message and an exit code."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        cli(standalone_mode=False)
    except pb.PlanboardError as error:
        notes = getattr(error, "__notes__", [])
        click.echo("\n\n".join([f"{type(error).__name__}: {error}", *notes]), err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted; nothing was written.", err=True)
        sys.exit(INTERRUPTED)
    except Exception as error:
        import traceback  # noqa: PLC0415

        traceback.print_exc()
        click.echo(
            f"\nThis is a fault of Planboard ({type(error).__name__}); please report it.", err=True
        )
        sys.exit(BUG)
    sys.exit(0)
