"""The compound files of older office programs: a small file system with named streams.

Source: [MS-CFB] Compound File Binary File Format: header 2.2, sector chains 2.3, directory 2.6.
"""

import struct
from collections.abc import Sequence

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_END = 0xFFFFFFFA  # Sector numbers from here on are marks: free, end of a chain, …
_STREAM, _ROOT = 2, 5


class BrokenCompoundFileError(Exception):
    """A chain of sectors that leads nowhere: cut off, or not a compound file at all."""


class CompoundFile:
    """The streams of a compound file, by name; of streams of one name the first."""

    def __init__(self, data: bytes) -> None:
        try:
            self._read_header(data)
        except struct.error as error:
            raise BrokenCompoundFileError from error

    def stream(self, name: str) -> bytes:
        """The bytes of a stream."""
        start, size = self.streams[name]
        if size < self._cutoff:
            joined = b"".join(
                self._mini[s * 64 : s * 64 + 64] for s in self._chain(start, self._small)
            )
        else:
            joined = self._joined(start)
        if len(joined) < size:
            raise BrokenCompoundFileError
        return joined[:size]

    def _read_header(self, data: bytes) -> None:
        self._data, self._size = data, 1 << struct.unpack_from("<H", data, 30)[0]
        if self._size not in {512, 4096}:
            raise BrokenCompoundFileError
        directory, _, self._cutoff, small, _, more, _ = struct.unpack_from("<7I", data, 48)
        self._table: Sequence[int] = self._sector_table(more)
        entries = self._joined(directory)
        self.names: list[str] = []
        self.streams: dict[str, tuple[int, int]] = {}
        self._mini = b""
        for place in range(0, len(entries) - 127, 128):
            length, kind = struct.unpack_from("<HB", entries, place + 64)
            start, size = struct.unpack_from("<II", entries, place + 116)
            name = entries[place : place + max(0, min(length, 64) - 2)].decode(
                "utf-16-le", "replace"
            )
            if kind == _STREAM:
                self.streams.setdefault(name, (start, size))
            elif kind == _ROOT:
                self._mini = self._joined(start)[:size]
            if kind:
                self.names.append(name)
        self._small = _integers(self._joined(small))

    def _sector_table(self, more: int) -> Sequence[int]:
        """The next sector of every sector, from the sectors that the header lists."""
        listed = list(struct.unpack_from("<109I", self._data, 76))
        visited = set()
        while more < _END and more not in visited:
            visited.add(more)
            *further, more = _integers(self._sector(more))
            listed += further
        own = [sector for sector in listed if sector < _END]
        if len(own) > len(self._data) // self._size:  # Some stand in the list again and again.
            raise BrokenCompoundFileError
        return _integers(b"".join(self._sector(sector) for sector in own))

    def _sector(self, number: int) -> bytes:
        sector = self._data[(number + 1) * self._size : (number + 2) * self._size]
        if not sector:
            raise BrokenCompoundFileError
        return sector.ljust(self._size, b"\0")

    def _joined(self, start: int) -> bytes:
        return b"".join(self._sector(sector) for sector in self._chain(start, self._table))

    @staticmethod
    def _chain(start: int, table: Sequence[int]) -> list[int]:
        chain: list[int] = []
        while start < _END:
            if start >= len(table) or len(chain) > len(table):
                raise BrokenCompoundFileError
            chain.append(start)
            start = table[start]
        return chain


def _integers(data: bytes) -> Sequence[int]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])
