"""A template of an economy folder, to overwrite with one's own figures."""

from importlib import resources
from pathlib import Path

from planboard.economy_folder import new_economy_folder

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
    with new_economy_folder(path) as folder:
        for name, text in template_files().items():
            (folder / name).write_text(text, encoding="utf-8")
    return Path(path)


def template_files() -> dict[str, str]:
    """The files of the template, by name."""
    source = resources.files("planboard").joinpath(*TEMPLATE)
    files = sorted(source.iterdir(), key=lambda file: file.name)
    return {file.name: file.read_text(encoding="utf-8") for file in files if file.is_file()}
