"""Population of the regions of a table, from a small file: thousand persons, with its source."""

from dataclasses import replace
from pathlib import Path

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
        first = path.read_text(encoding="utf-8").splitlines()[:1]
        table = pd.read_csv(path, comment="#", skipinitialspace=True, dtype={"region": str})
    except (OSError, ValueError) as error:
        raise UnreadableFileError(
            f"The file {path} cannot be read.", [str(error)], "It must be CSV in UTF-8."
        ) from error
    source = first[0].lstrip("# ").strip() if first and first[0].startswith("#") else ""
    missing = [name for name in COLUMNS if name not in table]
    faults = [f"missing column: {name}" for name in missing]
    faults += [] if source else ["no source in its first line"]
    if not missing:
        values = pd.to_numeric(table["value"], errors="coerce")
        wrong = values.isna() | (values <= 0) | table["region"].duplicated()
        cells = zip(table["region"], table["value"], wrong, strict=True)
        lines = enumerate(cells, start=3)
        faults += [f"line {n}: {region}, {value}" for n, (region, value, bad) in lines if bad]
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
