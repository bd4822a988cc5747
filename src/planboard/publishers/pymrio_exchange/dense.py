"""A large matrix of numbers between file and memory, a part at a time: one dense copy in all.

Text is parsed in batches of rows and Parquet read in groups of columns, both straight into one
array; Parquet is written in groups of rows. What pandas would hold besides is several copies.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planboard.errors import UnreadableFileError
from planboard.publishers.format import Step, silent

BATCH = 1 << 24  # bytes of text parsed at a time
CELLS = 1 << 22  # numbers read at a time: 32 MB
LONGEST = 1 << 24  # bytes of a line of labels
GROUP = 5000  # rows written at a time: readers like few groups, and each takes a copy
TELL = 2000  # rows between two words of progress
AGAIN = "Take the file from the publisher again, whole."


@dataclass(frozen=True)
class TextLayout:
    """How a table of text begins: lines of column labels, columns of row labels."""

    headers: int
    labels: int
    separator: str = "\t"


def read_text_matrix(
    open_file: Callable[[], IO[bytes]],
    layout: TextLayout,
    file: str,
    progress: Step = silent,
) -> pd.DataFrame:
    """A square matrix of text, labels in its first lines and columns.

    `open_file` is called twice: for the labels, then for the numbers.

    Raises
    ------
    UnreadableFileError
        A row is cut off, a cell is not a number, or there are fewer rows than columns, or more.
    """
    with open_file() as stream:
        columns, names, skip = _header(stream, layout, file)
    values = _square(len(columns), file)
    labels: list[list[str]] = [[] for _ in range(layout.labels)]
    with open_file() as stream:
        done = 0
        for batch in _batches(stream, layout, skip, len(columns), file):
            count = batch.num_rows
            if done + count <= len(values):
                for level in range(layout.labels):
                    labels[level] += batch.column(level).to_pylist()
                _fill(values[done : done + count], batch, layout.labels)
            done += count
            if done // TELL > (done - count) // TELL:
                progress(f"reading {file}: {done:,} of {len(values):,} rows")
    if done != len(values):
        raise _not_square(file, len(values), done)
    index = pd.MultiIndex.from_arrays(labels, names=names)
    return pd.DataFrame(values, index=index, columns=columns, copy=False)


def _header(
    stream: IO[bytes], layout: TextLayout, file: str
) -> tuple[pd.MultiIndex, list[str | None], int]:
    """Column labels, names of the row levels, and how many lines that took."""
    text = (line.decode() for line in iter(lambda: stream.readline(LONGEST), b""))
    lines = csv.reader(text, delimiter=layout.separator)
    try:
        top = [next(lines) for _ in range(layout.headers)]
        below = next(lines)
    except (StopIteration, UnicodeDecodeError, csv.Error) as error:
        raise _no_header(file, str(error) or "it ends before them") from error
    lengths = [len(line) for line in top]
    if len(set(lengths)) > 1 or min(lengths) <= layout.labels:
        raise _no_header(file, f"labels in them: {', '.join(map(str, lengths))}")
    names = [line[0] or None for line in top]
    columns = pd.MultiIndex.from_arrays([line[layout.labels :] for line in top], names=names)
    own: list[str | None] = [None] * layout.labels
    if any(below[layout.labels :]):
        return columns, own, layout.headers
    return columns, [name or None for name in below[: layout.labels]], layout.headers + 1


def _no_header(file: str, reason: str) -> UnreadableFileError:
    return UnreadableFileError(f"{file} does not begin with lines of labels.", [reason], AGAIN)


def _square(count: int, file: str) -> NDArray[np.float64]:
    """Room for a square table."""
    try:
        return np.empty((count, count))
    except MemoryError as error:
        raise UnreadableFileError(
            f"{file} is too large for the memory of this machine.",
            [f"{count:,} rows and columns: {8 * count**2 / 1e9:,.1f} GB"],
            "Read it on a machine with more, or aggregate it first.",
        ) from error


def _not_square(file: str, columns: int, rows: int) -> UnreadableFileError:
    return UnreadableFileError(
        f"{file} is not a square table.", [f"{columns:,} columns, {rows:,} rows"], AGAIN
    )


def text_blocks(
    stream: IO[bytes], columns: int, file: str, separator: str = ","
) -> Iterator[NDArray[np.float64]]:
    """Blocks of rows of a table of text that has no labels at all, as many as fit into a batch."""
    for batch in _batches(stream, TextLayout(0, 0, separator), 0, columns, file):
        block = np.empty((batch.num_rows, columns))
        _fill(block, batch, 0)
        yield block


def _batches(stream: IO[bytes], layout: TextLayout, skip: int, columns: int, file: str) -> Any:
    """Batches of rows: labels as text, all else as numbers."""
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import csv as arrow  # noqa: PLC0415

    names = [str(n) for n in range(layout.labels + columns)]
    types = {n: pa.string() if at < layout.labels else pa.float64() for at, n in enumerate(names)}
    try:
        yield from arrow.open_csv(
            stream,
            read_options=arrow.ReadOptions(column_names=names, skip_rows=skip, block_size=BATCH),
            parse_options=arrow.ParseOptions(delimiter=layout.separator),
            convert_options=arrow.ConvertOptions(column_types=types),
        )
    except pa.ArrowInvalid as error:
        raise UnreadableFileError(
            f"{file} cannot be read as a table of numbers.",
            [str(error).splitlines()[0]],
            AGAIN,
        ) from error


def _fill(part: NDArray[np.float64], batch: Any, labels: int) -> None:
    for column in range(part.shape[1]):
        part[:, column] = batch.column(labels + column).to_numpy(zero_copy_only=False)


def write_matrix(values: pd.DataFrame, file: Path, progress: Step = silent) -> None:
    """Numbers with labelled rows and columns as compressed Parquet that pandas reads back."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    schema = pa.Schema.from_pandas(values.iloc[:1])
    numbers = values.to_numpy(dtype=float)
    labels = [pa.array(values.index.get_level_values(n)) for n in range(values.index.nlevels)]
    with pq.ParquetWriter(
        file, schema, compression="zstd", use_dictionary=False, write_statistics=False
    ) as writer:
        for start in range(0, len(values), GROUP):
            part = numbers[start : start + GROUP]
            arrays = [pa.array(np.ascontiguousarray(column)) for column in part.T]
            arrays += [level.slice(start, GROUP) for level in labels]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            progress(f"writing {file.name}: {start + len(part):,} of {len(values):,} rows")


def read_matrix(source: Any, file: str, progress: Step = silent) -> pd.DataFrame:
    """A matrix of numbers from Parquet, as pandas, pymrio or `write_matrix` wrote it."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        content = pq.ParquetFile(source)
        empty = content.schema_arrow.empty_table().to_pandas()
        kept = list(content.schema_arrow.names[: len(empty.columns)])
        if content.metadata.num_rows != len(kept):  # Few bytes can stand for very many rows.
            raise _not_square(file, len(kept), content.metadata.num_rows)
        index = content.read(columns=[], use_pandas_metadata=True).to_pandas().index
        values = _square(len(kept), file)
        step = max(1, CELLS // max(1, len(values)))
        for start in range(0, len(kept), step):
            part = content.read(columns=kept[start : start + step])
            for at in range(part.num_columns):
                values[:, start + at] = part.column(at).to_numpy()
            progress(f"reading {file}: {min(start + step, len(kept)):,} of {len(kept):,} columns")
    except (OSError, ValueError, pa.ArrowException) as error:
        raise UnreadableFileError(
            f"{file} cannot be read.", [*str(error).splitlines()[:1]], AGAIN
        ) from error
    return pd.DataFrame(values, index=index, columns=empty.columns, copy=False)
