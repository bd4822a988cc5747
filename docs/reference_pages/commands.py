"""Every command with its help text."""

from collections.abc import Iterator

import click

from planboard.cli import cli
from reference_pages.markdown import WIDTH, page


def commands_page() -> str:
    """Every command with its help text."""
    intro = (
        "Exit codes: 0 done (also `explain` of a plan that cannot be carried out); 1 proved "
        "impossible; 2 bad input or output; 3 no answer; 130 interrupted. Where there is a "
        "terminal, a line tells the step under way."
    )
    parts = [intro, "## planboard\n\n" + help_text(cli, "planboard")]
    for path, command in leaves(cli, "planboard"):
        parts.append(f"## {path}\n\n" + help_text(command, path))
    return page("Command line", *parts)


def leaves(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that is not a group, by path."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from leaves(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def help_text(command: click.Command, path: str) -> str:
    """What --help prints."""
    settings = {**command.context_settings, "help_option_names": ["-h", "--help"]}
    context = click.Context(command, info_name=path, **{**settings, "terminal_width": WIDTH})
    return f"```text\n{command.get_help(context)}\n```"
