"""The command line: each command a few lines over the public calls."""

import signal
import sys
from typing import NoReturn

import click

import planboard as pb
from planboard.cli import accounts, planning, reshaping

INTERRUPTED = 130
BUG = 3


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(pb.__version__, prog_name="planboard")
def cli() -> None:
    """Planboard: from the accounts of economies and a plan file to a verified plan.

    Begin with `planboard plan`: it plans the bundled world economy and writes a report.
    """


for command in (*accounts.COMMANDS, *planning.COMMANDS, *reshaping.COMMANDS):
    cli.add_command(command)


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
