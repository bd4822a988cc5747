"""A result folder takes its place whole, or leaves no trace."""

import getpass
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from planboard.errors import OutputFolderError

MARK = "planboard-result"


def check_output(path: str | Path) -> None:
    """Refuse a place that cannot be written or holds anything but an earlier result."""
    target = Path(path)
    if target.exists() and not _is_replaceable(target):
        raise OutputFolderError(
            f"{target} exists and is not a result of Planboard.",
            [f"found: {', '.join(sorted(f.name for f in target.iterdir())[:3])}"]
            if target.is_dir()
            else ["it is a file"],
            "Name another folder with --out; nothing of yours is overwritten.",
        )
    parent = _standing(target.absolute().parent)
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        raise OutputFolderError(
            f"{target} cannot be written.",
            [f"no permission to write in {parent}" if parent.is_dir() else f"{parent} is a file"],
            "Name another folder with --out.",
        )


@contextmanager
def new_folder(path: str | Path) -> Iterator[Path]:
    """A temporary folder that takes the place of `path` when all is written, or leaves no trace."""
    target = Path(path).absolute()
    check_output(target)
    with _locked(target):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _sweep(target)
            folder = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        except OSError as error:
            raise _unwritable(target, error) from error
        try:
            folder.chmod(0o755)
            yield folder
            _swap(folder, target)
        except OSError as error:
            raise _unwritable(target, error) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _is_replaceable(target: Path) -> bool:
    """An empty folder, or an earlier result."""
    if not target.is_dir():
        return False
    if not any(target.iterdir()):
        return True
    try:
        info = json.loads((target / "result.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(info, dict) and info.get("kind") == MARK


def _standing(folder: Path) -> Path:
    """The nearest parent that exists."""
    while not folder.exists():
        folder = folder.parent
    return folder


def lock_file(target: Path) -> Path:
    """The lock of a place, apart from it so that nothing stays beside a result."""
    name = hashlib.sha256(str(target.resolve()).encode()).hexdigest()[:24]
    user = getpass.getuser()
    return Path(tempfile.gettempdir()) / f"planboard-{user}-{name}.lock"


@contextmanager
def _locked(target: Path) -> Iterator[None]:
    """One writer at a place; the lock goes with its process."""
    try:
        with filelock.FileLock(lock_file(target)).acquire(timeout=0):
            yield
    except filelock.Timeout as error:
        raise OutputFolderError(
            f"{target} is being written by another run of Planboard.",
            [],
            "Wait for it to end, or name another folder with --out.",
        ) from error


def _sweep(target: Path) -> None:
    """Clear away what a killed run left; if it was killed while swapping, the old result stands.

    Only the holder of the lock comes here, so that nobody else is writing at this place.
    """
    for left in target.parent.glob(f".{target.name}-old-*"):
        if (left / "result").exists() and not target.exists():
            (left / "result").rename(target)
    for left in target.parent.glob(f".{target.name}-*"):
        shutil.rmtree(left, ignore_errors=True)


def _swap(folder: Path, target: Path) -> None:
    """Put the new folder in place; the old one is gone only when the new one stands."""
    check_output(target)
    if target.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
        target.rename(old / "result")
        try:
            folder.rename(target)
        except OSError:
            (old / "result").rename(target)
            raise
        finally:
            shutil.rmtree(old, ignore_errors=True)
    else:
        folder.rename(target)


def _unwritable(target: Path, error: OSError) -> OutputFolderError:
    return OutputFolderError(
        f"{target} cannot be written.",
        [str(error.strerror or error)],
        "Make room or name another folder with --out; nothing half-written was left behind.",
    )
