"""Shelf: the files of a table by name, whether they lie in a folder or in an archive."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from planboard.errors import UnreadableFileError
from planboard.publishers.archive import Archive, existing_file, open_archive

DEPTH = 4  # folders below the one that is named


@dataclass(frozen=True, eq=False)
class Shelf:
    """Files of one folder and those below it; `names` are relative to it, with "/".

    path : the folder or archive, for messages; root : where in it the shelf begins
    """

    path: Path
    names: tuple[str, ...]
    archive: Archive | None = None
    root: str = ""

    def open(self, name: str) -> IO[bytes]:
        """One file as a stream of bytes."""
        if self.archive is not None:
            return self.archive.open(self.root + name)
        return existing_file(self.path / (self.root + name)).open("rb")

    def place(self, name: str) -> str:
        """Where a file is, for people."""
        inside = f"{self.root}{name}"
        return f"{self.path}, {inside}" if self.archive else str(self.path / inside)

    def below(self, folder: str) -> "Shelf":
        """The shelf of a folder in it."""
        start = f"{folder}/" if folder else ""
        names = tuple(name[len(start) :] for name in self.names if name.startswith(start))
        return replace(self, names=names, root=self.root + start)

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders right in it, in order."""
        return tuple(dict.fromkeys(name.split("/")[0] for name in self.names if "/" in name))


@contextmanager
def open_shelf(path: str | Path) -> Iterator[Shelf]:
    """The files of a folder or of a zip archive.

    Raises
    ------
    UnreadableFileError
        There is nothing at this path, or it is neither a folder nor a sound zip archive.
    """
    place = Path(path)
    if place.is_dir():
        yield Shelf(place, tuple(sorted(_files(place))))
    else:
        with open_archive(place) as archive:
            yield Shelf(place, archive.names, archive)


def _files(folder: Path) -> Iterator[str]:
    """Files in a folder and some way below it; links to folders are not followed."""
    for parent, folders, files in os.walk(folder):
        inside = Path(parent).relative_to(folder)
        if len(inside.parts) >= DEPTH:
            folders.clear()
        yield from ((inside / file).as_posix() for file in files)


def missing_file(shelf: Shelf, name: str, remedy: str) -> UnreadableFileError:
    """The error for a file that a table cannot go without."""
    held = [n for n in shelf.names if "/" not in n][:4]
    found = [f"found: {', '.join(held)}"] if held else []
    where = f"{shelf.path}{f', {shelf.root}' if shelf.root else ''}"
    return UnreadableFileError(f"{where} holds no {name}.", found, remedy)
