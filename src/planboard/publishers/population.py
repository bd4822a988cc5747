"""Population of the regions of a table, from a small file: thousand persons, with its source."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from planboard.economy import Economy
from planboard.errors import InvalidTableError, UnreadableFileError
from planboard.labels import positions

COLUMNS = ("region", "value")


def with_population(economy: Economy, file: str | Path) -> Economy:
    """The economy with population in its table `persons`.

    The file is CSV with columns region and value [thousand persons], and a first line of remark
    that says where it is from: "# United Nations, World Population Prospects 2024, mid-2010".

    Raises
    ------
    UnreadableFileError, InvalidTableError, UnknownNameError
        The file cannot be read, does not say its source, or names other regions.
    """
    path = Path(file)
    try:
        text = path.read_text(encoding="utf-8-sig")
        table = pd.read_csv(
            io.StringIO(text), comment="#", skipinitialspace=True, dtype=str, keep_default_na=False
        )
    except (OSError, ValueError) as error:
        raise UnreadableFileError(
            f"The file {path} cannot be read.", [str(error)], "It must be CSV in UTF-8."
        ) from error
    first = text.splitlines()[:1]
    source = first[0].lstrip("# ").strip() if first and first[0].startswith("#") else ""
    missing = [name for name in COLUMNS if name not in table]
    faults = [f"missing column: {name}" for name in missing]
    faults += [] if source else ["no source in its first line"]
    if not missing:
        table = table[(table[list(COLUMNS)] != "").any(axis=1)]
        values, wrong = _values(table, text)
        faults += wrong
    if faults:
        raise InvalidTableError(
            f"The file {path} is no table of population.",
            faults,
            "First a line '# SOURCE', then region,value; each region once, thousand persons.",
        )
    positions("region", table["region"], economy.region_names, path)
    rows = table[["region"]].assign(measure="population", value=values, source=source)
    known = [economy.persons] if economy.persons is not None else []
    return replace(economy, persons=pd.concat([*known, rows], ignore_index=True))


def _values(table: pd.DataFrame, text: str) -> tuple["pd.Series[float]", list[str]]:
    """Population, thousand persons; and what is wrong, with its line in the file."""
    told = [n for n, line in enumerate(text.splitlines(), 1) if line.partition("#")[0].strip()]
    values = pd.to_numeric(table["value"], errors="coerce").astype(float)
    wrong = ~np.isfinite(values) | (values <= 0) | table["region"].duplicated()
    wrong |= table["region"] == ""
    faults = [
        f"line {told[min(int(at) + 1, len(told) - 1)]}: {region}, {value}"
        for at, region, value in table.loc[wrong, list(COLUMNS)].to_records()
    ]
    return values, faults if len(table) else ["no region"]
