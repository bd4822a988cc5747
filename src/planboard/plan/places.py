"""Where the entries of a plan stand in its file, for the errors."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where an entry of a plan stands: its file and line, or its name where there is no file."""

    places: Mapping[str, str]
    path: str
    name: str

    def at(self, key: str) -> "Place":
        """Where one key of the entry stands."""
        return Place(self.places, f"{self.path}.{key}", self.name)

    def __str__(self) -> str:
        path = self.path
        while path not in self.places and "." in path:
            path = path.rpartition(".")[0]
        return self.places.get(path, self.name)
