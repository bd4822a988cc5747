"""Commands about plans: solve, explain, price, compare, export, and a file to start from."""

from pathlib import Path
from time import perf_counter

import click

import planboard as pb
from planboard.cli.terminal import beside, console, progress


@click.command()
@click.argument("plan_file", required=False, metavar="[PLAN.toml]")
@click.option("--out", metavar="DIR", help="Result folder (default: results/NAME).")
@click.option(
    "--solver", default="auto", show_default=True, help="auto, highs, highs-hipo or highs-simplex."
)
@click.option("--tolerance", default=1e-8, show_default=True, help="Largest residual and gap.")
def plan(plan_file: str | None, out: str | None, solver: str, tolerance: float) -> None:
    """Solve a plan, or the bundled world plan, and write the result folder with its report."""
    begun = perf_counter()
    screen = console()
    wanted = pb.read_plan(plan_file)
    target = Path(out) if out else Path("results") / folder_name(wanted, plan_file)
    pb.check_output(target)
    text = Path(plan_file).read_text(encoding="utf-8") if plan_file else None
    with progress() as step:
        step("reading the accounts")
        economy = pb.read_economy(wanted.economy, beside=beside(plan_file))
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
    pb.print_summary(solution, screen)
    screen.print(f"\nReport: [bold]{target / 'report.html'}[/]", highlight=False, soft_wrap=True)


@click.group()
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


@new.command("table")
@click.argument("file", metavar="FILE.xlsx")
def new_table(file: str) -> None:
    """Write a small table to overwrite with one's own: a workbook, a CSV file or a folder."""
    written = pb.write_template(file)
    click.echo(f"Written: {written}. Import it with: planboard import planboard {file} --out DIR")


@click.command()
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
            economy = pb.read_economy(wanted.economy, beside=beside(target))
            with progress() as step:
                step("solving the plan")
                solution = pb.solve(economy, wanted, progress=step)
    except pb.InfeasiblePlanError as error:
        click.echo(str(error))
        return
    pb.print_explanation(solution, console(), most=most)


@click.command()
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
    screen = console()
    if between:
        first, second = (pb.price_parts(solution, product, region=r, year=year) for r in between)
        pb.print_between(first, second, screen)
        return
    parts = pb.price_parts(solution, product, region=region, year=year)
    pb.print_price(parts, solution.economy, screen)
    if region is not None:
        costs = pb.cost_parts(solution, product, region, year or solution.plan.years[-1])
        pb.print_cost(costs, solution.economy, screen)


@click.command()
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
    screen, economy = console(), solutions[0].economy
    pb.print_comparison(comparison, economy, screen)
    if actual:
        pb.print_actual(pb.against_actual(solutions[0]), economy, screen)
    steps = None
    if why and len(solutions) > 1:
        with progress() as step:
            steps = pb.explain_difference(*solutions[:2], progress=step)
        pb.print_steps(steps, screen)
    if out:
        pb.write_comparison(solutions, comparison, out, steps=steps, actual=actual)
        screen.print(f"\nReport: [bold]{Path(out) / 'report.html'}[/]", highlight=False)


@click.command()
@click.argument("plan_file", required=False, metavar="[PLAN.toml]")
@click.option("--out", metavar="DIR", help="Result folder of the plan with hindsight.")
def backtest(plan_file: str | None, out: str | None) -> None:
    """Plan again with the growth of labour and productivity that came, and compare with fact."""
    wanted = pb.read_plan(plan_file)
    economy = pb.read_economy(wanted.economy, beside=beside(plan_file))
    plan = pb.with_hindsight(economy, wanted)
    target = Path(out) if out else Path("results") / f"{folder_name(wanted, plan_file)}-backtest"
    pb.check_output(target)
    with progress() as step:
        solution = pb.solve(economy, plan, progress=step)
        step("writing tables and report")
        pb.write_result(solution, target)
    pb.print_actual(pb.against_actual(solution), economy, console())
    click.echo(f"Report: {target / 'report.html'}")


@click.command()
@click.argument("plan_file", metavar="PLAN.toml")
@click.argument("file", metavar="OUT.mps")
def export(plan_file: str, file: str) -> None:
    """Write the very program that is solved, for any other solver (free MPS, minimised)."""
    wanted = pb.read_plan(plan_file)
    economy = pb.read_economy(wanted.economy, beside=beside(plan_file))
    with progress() as step:
        solution = pb.export_program(economy, wanted, file, progress=step)
    rows, columns = solution.compiled.program.shape
    click.echo(f"Written: {file}: {rows:,} rows, {columns:,} columns.")
    click.echo(f"Its least objective is {solution.objective!r}.")


def folder_name(wanted: "pb.Plan", plan_file: str | None) -> str:
    """The name of a result folder: the plan file's, or the bundled plan's economy.

    The `plan.toml` of an economy's own folder, as `import` writes it, is called like that folder.
    """
    if not plan_file:
        return wanted.economy
    file = Path(plan_file)
    is_own = file.stem == "plan" and wanted.economy == "."
    return file.resolve().parent.name if is_own else file.stem


COMMANDS = (plan, new, explain, price, compare, backtest, export)
