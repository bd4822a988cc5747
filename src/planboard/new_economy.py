"""A template of an economy folder, to overwrite with one's own figures."""

import os
import shutil
import tempfile
from importlib import resources
from pathlib import Path

from planboard.errors import OutputFolderError

TEMPLATE = ("templates", "economy")


def write_new_economy(path: str | Path) -> Path:
    """Write a small commented economy, and a plan for it, to a new folder.

    It reads, balances and plans as it stands. It is written under a temporary name and moved, so
    that the folder is there whole or not at all.

    Raises
    ------
    OutputFolderError
        The folder holds something already, or cannot be written.
    """
    target = Path(path)
    _check_free(target)
    place = target.absolute()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    except OSError as error:
        raise _unwritable(target, error) from error
    try:
        for name, text in template_files().items():
            (folder / name).write_text(text, encoding="utf-8")
        folder.chmod(0o755)
        if place.exists():
            place.rmdir()
        os.rename(folder, place)
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return target


def template_files() -> dict[str, str]:
    """The files of the template, by name."""
    source = resources.files("planboard").joinpath(*TEMPLATE)
    files = sorted(source.iterdir(), key=lambda file: file.name)
    return {file.name: file.read_text(encoding="utf-8") for file in files if file.is_file()}


def _check_free(target: Path) -> None:
    """Refuse a file, and a folder that holds anything."""
    if target.is_dir() and not any(target.iterdir()):
        return
    if target.exists() or target.is_symlink():
        held = sorted(file.name for file in target.iterdir())[:3] if target.is_dir() else []
        raise OutputFolderError(
            f"{target} exists already.",
            [f"found: {', '.join(held)}"] if held else ["it is not a folder"],
            "Name a new folder, or an empty one; nothing of yours is overwritten.",
        )


def _unwritable(target: Path, error: OSError) -> OutputFolderError:
    return OutputFolderError(
        f"The folder {target} cannot be written.",
        [str(error.strerror or error)],
        "Name another place; nothing half-written was left behind.",
    )
