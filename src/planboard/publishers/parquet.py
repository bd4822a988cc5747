"""Parquet files as publishers give them: read with the columns that are needed, or refused."""

from collections.abc import Sequence
from pathlib import Path
from typing import IO

import pandas as pd

from planboard.errors import UnreadableFileError

MOST_CELLS = 500_000_000


def read_parquet(file: Path, columns: Sequence[str]) -> pd.DataFrame:
    """These columns of a Parquet file, text as plain strings.

    Raises
    ------
    UnreadableFileError
        The file is not there, is not Parquet, is cut off, or lacks a column.
    """
    import pyarrow  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        found = pq.read_schema(file).names
        missing = [name for name in columns if name not in found]
        if not missing:
            check_size(file, str(file))
            return _plain(pd.read_parquet(file, columns=list(columns)))
    except (OSError, pyarrow.ArrowException) as error:
        there = [] if file.exists() else ["no such file"]
        raise UnreadableFileError(
            f"The table {file} cannot be read.",
            there or [str(error).splitlines()[0]],
            "Take it from the publisher again, whole.",
        ) from error
    raise UnreadableFileError(
        f"The table {file} lacks columns.",
        [f"missing: {', '.join(missing)}", f"found: {', '.join(found)}"],
        "It is another table, or of another release.",
    )


def check_size(source: Path | IO[bytes], file: str) -> None:
    """Refuse a file that would fill the memory: few bytes can stand for very many rows."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    told = pq.read_metadata(source)
    if told.num_rows * told.num_columns > MOST_CELLS:
        raise UnreadableFileError(
            f"{file} holds more than any published table.",
            [
                f"{told.num_rows:,} rows of {told.num_columns:,} columns, "
                f"at most {MOST_CELLS:,} cells are read"
            ],
            "Take it from the publisher again.",
        )


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    texts = [name for name in table if isinstance(table[name].dtype, pd.CategoricalDtype)]
    return table.astype({name: str for name in texts})
