"""What the commands share: the console, and a bar that tells the step under way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def beside(plan_file: str | None) -> Path | None:
    """The folder that a plan file's economy is named relative to."""
    return Path(plan_file).parent if plan_file else None


def console() -> "Console":
    """A console as wide as the terminal."""
    from rich.console import Console  # noqa: PLC0415

    return Console()


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A bar on the terminal with the step under way; nothing where there is no terminal."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    screen = Console(stderr=True)
    if not screen.is_terminal:
        yield lambda step: None
        return
    columns = (BarColumn(bar_width=20), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda step: bar.update(task, description=step)
