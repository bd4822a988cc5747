"""Archives: the members of a publisher's .zip, read within limits on what they may unpack to.

A header can lie about sizes, so what is unpacked is counted too. Archives inside an archive are
never opened.
"""

import copy
import io
import lzma
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from planboard.errors import UnreadableFileError
from planboard.labels import unknown_name

if TYPE_CHECKING:  # the type of a buffer has no name at run time
    from _typeshed import WriteableBuffer

GIGABYTE = 10**9
BLOCK = 1 << 20  # bytes unpacked at a time
# Deflate, the usual packing, shrinks nothing further: at best 258 bytes in 2 bits (RFC 1951).
DEFLATE_RATIO = 1032
AGAIN = "Take the file from the publisher again, whole."

# How other files that are sent instead of a zip archive begin, and what they are.
OTHERS = {
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!": "a rar archive",
    b"\x1f\x8b": "a gzip file",
    b"version https://git-lfs": "a pointer of Git LFS: the file itself was never downloaded",
    b"%PDF": "a PDF document",
    b"PAR1": "a Parquet file",
}
# What unpacking raises; its readers of bzip2 and LZMA have errors of their own.
DAMAGES = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError,
    NotImplementedError,
)  # fmt: skip
PACKED = (".zip", ".7z", ".rar", ".gz", ".tar", ".tgz")


@dataclass(frozen=True)
class Limits:
    """How much an archive may unpack to.

    total : bytes, of all members
    ratio : unpacked by packed bytes of a member that unpacks to `ratio_from` bytes or more
    members : how many there may be
    """

    total: int
    ratio: float = 1000.0
    ratio_from: int = 10_000_000
    members: int = 100_000


PUBLISHER = Limits(total=40 * GIGABYTE)
WORKBOOK = Limits(total=2 * GIGABYTE)


@dataclass(frozen=True, eq=False)
class Archive:
    """An open archive whose headers keep to the limits; `names` are its files, in order."""

    path: Path
    names: tuple[str, ...]
    content: zipfile.ZipFile

    def open(self, name: str) -> IO[bytes]:
        """One member as a stream of bytes; unpacked bytes are counted as they are read."""
        if name not in self.names:
            raise unknown_name("member", name, self.names, self.path)
        return io.BufferedReader(_Member(self.path, self.content, name), BLOCK)

    def extract(self, folder: Path, names: Sequence[str] | None = None) -> list[Path]:
        """Write these members, or all, under a folder; their paths, in the same order."""
        wanted = self.names if names is None else tuple(names)
        return [self._extract(name, folder / name) for name in wanted]

    def _extract(self, name: str, target: Path) -> Path:
        with self.open(name) as member:
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as file:
                    shutil.copyfileobj(member, file, BLOCK)
            except OSError as error:
                raise _faulty(self.path, "cannot be unpacked", name, error) from error
        return target

    def measure(self) -> None:
        """Unpack every member once, to nowhere: refuses whatever reading would refuse."""
        for name in self.names:
            with self.open(name) as member:
                while member.read(BLOCK):
                    pass


@contextmanager
def open_archive(path: str | Path, limits: Limits = PUBLISHER) -> Iterator[Archive]:
    """Open a zip archive for reading.

    Raises
    ------
    UnreadableFileError
        No zip archive; cut off or damaged; encrypted; with members that would be written elsewhere;
        or beyond the limits.
    """
    file = existing_file(path)
    with _zip_file(file) as content:
        members = content.infolist()
        _check_limits(file, members, limits)
        _check_names(file, members)
        _check_packing(file, members)
        yield Archive(file, tuple(m.filename for m in members if not m.is_dir()), content)


@contextmanager
def unpacked(
    path: str | Path, names: Sequence[str] | None = None, limits: Limits = PUBLISHER
) -> Iterator[Path]:
    """A temporary folder with these members of an archive, or all; removed in the end."""
    with open_archive(path, limits) as archive, tempfile.TemporaryDirectory() as folder:
        wanted = archive.names if names is None else names
        size = sum(archive.content.getinfo(name).file_size for name in wanted)
        free = shutil.disk_usage(folder).free
        if size > free:
            raise UnreadableFileError(
                f"{archive.path} cannot be unpacked: the disk is too full.",
                [f"it takes {_bytes(size)}", f"free in {folder}: {_bytes(free)}"],
                "Free some space, or set TMPDIR to a folder with room.",
            )
        archive.extract(Path(folder), wanted)
        yield Path(folder)


def existing_file(path: str | Path) -> Path:
    """The path of a file that is there and is a file."""
    file = Path(path)
    if file.is_dir():
        held = sorted(child.name for child in file.iterdir())[:3]
        raise UnreadableFileError(
            f"{file} is a folder, not a file.",
            [f"found in it: {', '.join(held)}" if held else "it is empty"],
            "Name one file in it.",
        )
    if not file.exists():
        raise UnreadableFileError(
            f"There is no file {file}.", [], "Check its name, and the folder that you are in."
        )
    try:
        file.open("rb").close()
    except OSError as error:
        raise UnreadableFileError(
            f"{file} cannot be opened.", [str(error.strerror)], "Ask for leave to read it."
        ) from error
    return file


def what_it_is(file: Path) -> str:
    """What a file is by its first bytes, for people."""
    with file.open("rb") as stream:
        start = stream.read(512)
    for signature, name in OTHERS.items():
        if start.startswith(signature):
            return f"it is {name}"
    if not start:
        return "it is empty"
    if start.lstrip().lower().startswith((b"<!doctype", b"<html")):
        return "it is a web page, perhaps the one that announces the download"
    return f"it begins with {start[:24].decode('latin-1')!r}"


class _Member(io.RawIOBase):
    """A member as it unpacks, whatever its header says of its size; faults name file and member."""

    def __init__(self, path: Path, content: zipfile.ZipFile, name: str) -> None:
        self._path, self._name = path, name
        header = content.getinfo(name)
        self._declared, self._read = header.file_size, 0
        # zipfile would stop at the declared size; so that the true size shows, it is told none.
        endless = copy.copy(header)
        endless.file_size = 1 << 62
        with self._faults():
            self._stream = content.open(endless)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        with self._faults():
            data = self._stream.read(len(view))
        view[: len(data)] = data
        self._read += len(data)
        if self._read > self._declared or (not data and self._read < self._declared):
            more = self._read > self._declared
            raise UnreadableFileError(
                f"{self._path} is damaged, or was made to deceive.",
                [
                    f"member '{self._name}' declares {_bytes(self._declared)} and unpacks to "
                    + ("more" if more else _bytes(self._read))
                ],
                AGAIN,
            )
        return len(data)

    def close(self) -> None:
        with suppress(AttributeError):  # opening failed
            self._stream.close()
        super().close()

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except DAMAGES as error:
            raise _faulty(self._path, "is damaged", self._name, error) from error


def _zip_file(file: Path) -> zipfile.ZipFile:
    with file.open("rb") as stream:
        is_zip = stream.read(2) == b"PK"
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        evidence = ["its table of contents is missing or broken: the file was cut off"]
        raise UnreadableFileError(
            f"{file} is a damaged zip archive." if is_zip else f"{file} is not a zip archive.",
            evidence if is_zip else [what_it_is(file)],
            AGAIN,
        ) from error


def _check_limits(file: Path, members: Sequence[zipfile.ZipInfo], limits: Limits) -> None:
    total = sum(member.file_size for member in members)
    faults = []
    if len(members) > limits.members:
        faults.append(f"{len(members):,} members, at most {limits.members:,} are read")
    if total > limits.total:
        faults.append(f"unpacks to {_bytes(total)}, at most {_bytes(limits.total)} are read")
    faults += [
        f"member '{m.filename}' unpacks from {_bytes(m.compress_size)} to {_bytes(m.file_size)}, "
        f"at most {limits.ratio:,.0f} times as much is read"
        for m in sorted(members, key=lambda m: -m.file_size)
        if m.file_size >= limits.ratio_from and m.file_size > limits.ratio * m.compress_size
    ]
    if faults:
        raise UnreadableFileError(
            f"{file} would unpack to more than any published table.",
            faults,
            "If you trust it, unpack it yourself and name what was in it.",
        )


def _check_names(file: Path, members: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse names that lead out of a folder, links, and names that stand twice."""
    faults, seen = [], set()
    for member in members:
        name = member.filename
        if name.startswith("/") or ".." in name.split("/") or set(name) & set("\\:"):
            faults.append(f"member '{name}' would be written outside its folder")
        elif stat.S_ISLNK(member.external_attr >> 16):
            faults.append(f"member '{name}' is a link")
        elif name.casefold() in seen:
            faults.append(f"member '{name}' stands twice")
        seen.add(name.casefold())
    if faults:
        raise UnreadableFileError(f"{file} holds members that no publisher writes.", faults, AGAIN)


def _check_packing(file: Path, members: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse encrypted members, and archives that hold nothing but archives."""
    locked = [f"member '{m.filename}' is encrypted" for m in members if m.flag_bits & 1]
    if locked:
        raise UnreadableFileError(
            f"{file} is protected by a password.", locked, "Unpack it, and name what was in it."
        )
    names = [m.filename for m in members if not m.is_dir()]
    if names and all(name.lower().endswith(PACKED) for name in names):
        raise UnreadableFileError(
            f"{file} holds archives and nothing else.",
            [f"member '{name}'" for name in names],
            "Archives within archives are not opened: unpack it, and name one of them.",
        )
    if not names:
        raise UnreadableFileError(f"{file} is an empty archive.", [], AGAIN)


def _faulty(path: Path, what: str, name: str, error: Exception) -> UnreadableFileError:
    reason = getattr(error, "strerror", None) or str(error) or "it was cut off"
    return UnreadableFileError(f"{path} {what}.", [f"member '{name}': {reason}"], AGAIN)


def _bytes(number: int) -> str:
    """A size for people: "1.6 MB"."""
    for unit, size in (("GB", GIGABYTE), ("MB", 10**6), ("kB", 10**3)):
        if number >= size:
            return f"{number / size:,.1f} {unit}"
    return f"{number} bytes"
