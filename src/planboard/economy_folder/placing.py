"""A new economy folder: there whole, or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from planboard.errors import OutputFolderError


def check_free(path: str | Path) -> None:
    """Refuse a file, and a folder that holds anything."""
    target = Path(path)
    if target.is_dir() and not any(target.iterdir()):
        return
    if target.exists() or target.is_symlink():
        held = sorted(file.name for file in target.iterdir())[:3] if target.is_dir() else []
        raise OutputFolderError(
            f"{target} exists already.",
            [f"found: {', '.join(held)}"] if held else ["it is not a folder"],
            "Name a new folder, or an empty one; nothing of yours is overwritten.",
        )


@contextmanager
def new_economy_folder(path: str | Path) -> Iterator[Path]:
    """A temporary folder that becomes `path` when all is written, or leaves no trace.

    Raises
    ------
    OutputFolderError
        The folder holds something already, or cannot be written.
    """
    target = Path(path)
    check_free(target)
    place = target.absolute()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    except OSError as error:
        raise _unwritable(target, error) from error
    try:
        yield folder
        folder.chmod(0o755)
        if place.exists():
            place.rmdir()
        os.rename(folder, place)
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unwritable(target: Path, error: OSError) -> OutputFolderError:
    return OutputFolderError(
        f"The folder {target} cannot be written.",
        [str(error.strerror or error)],
        "Name another place; nothing half-written was left behind.",
    )
