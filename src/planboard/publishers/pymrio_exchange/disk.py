"""pymrio's own files: a folder or archive <-> a system; what is large goes a part at a time.

A folder holds `file_parameters.json` (which table is in which file), `metadata.json`, and one
folder for each extension. Beside them we leave `planboard.json`, our head. Pickled tables are
refused: to load one is to run it.
"""

import io
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Unpack

import pandas as pd

from planboard.economy_folder import new_economy_folder
from planboard.errors import UnreadableFileError
from planboard.publishers.format import Step, silent
from planboard.publishers.parquet import check_size
from planboard.publishers.pymrio_exchange.dense import (
    AGAIN,
    TextLayout,
    read_matrix,
    read_text_matrix,
    write_matrix,
)
from planboard.publishers.pymrio_exchange.inward import table_of
from planboard.publishers.pymrio_exchange.layout import PymrioTable
from planboard.publishers.pymrio_exchange.outward import system_of
from planboard.publishers.pymrio_exchange.publication import Stated
from planboard.publishers.pymrio_exchange.shelf import Shelf, missing_file, open_shelf
from planboard.publishers.pymrio_exchange.system import HEAD, Extension, System, kept_head
from planboard.tables import InputOutputTable

PARAMETERS, METADATA, OURS = "file_parameters.json", "metadata.json", "planboard.json"
TEXT, PARQUET, PICKLE = {".txt", ".tsv", ".csv"}, {".parquet", ".par", ".parq"}, {".pickle", ".pkl"}
FINAL_USE = ("F_Y", "FY", "F_hh")  # as pymrio calls it, and as older distributions do
LONGEST = 10**8  # bytes of a file that says what the others are
SAVE_AGAIN = 'Save the system again in pymrio: io.save_all(folder, table_format="parquet").'


def read_pymrio(
    path: str | Path,
    *,
    roles: Mapping[str, str] | None = None,
    progress: Step = silent,
    **head: Unpack[Stated],
) -> PymrioTable:
    """A table from a folder or zip archive that pymrio or `write_pymrio` saved.

    Parameters
    ----------
    path
        What `io.save_all` was given, or a zip archive of it. Text and Parquet are read.
    roles, head
        As for `from_pymrio`; not needed where `write_pymrio` wrote the folder.

    Raises
    ------
    UnreadableFileError
        A file is missing, cut off, pickled, or no table.
    InvalidTableError
        The system contradicts itself, or nobody states its price basis.
    """
    with open_shelf(path) as shelf:
        system = read_system(one_system(shelf), progress)
    return table_of(system, dict(head), roles)


def write_pymrio(table: InputOutputTable, folder: str | Path, progress: Step = silent) -> None:
    """Write a table to a new folder that `pymrio.load_all` and `read_pymrio` read.

    Raises
    ------
    OutputFolderError
        The folder holds something already, or cannot be written.
    """
    system = system_of(table)
    core = {
        "Z": system.transactions,
        "Y": system.final_use,
        "x": system.gross_output,
        "unit": system.unit,
        "population": system.population,
    }
    with new_economy_folder(folder) as place:
        _write_tables(place, core, {"systemtype": "IOSystem"}, progress)
        _write_json(place / METADATA, system.meta)
        _write_json(place / OURS, system.meta[HEAD])
        for key, extension in system.extensions.items():
            (place / key).mkdir()
            tables = {"F": extension.flows, "F_Y": extension.final_use, "unit": extension.unit}
            kind = {"systemtype": "Extension", "name": extension.name}
            _write_tables(place / key, tables, kind, progress)


def one_system(shelf: Shelf) -> Shelf:
    """The only pymrio system on a shelf: right there, or one folder down."""
    found = systems(shelf)
    if len(found) == 1:
        return found[0]
    if found:
        raise UnreadableFileError(
            f"{shelf.path} holds {len(found)} systems, and nobody said which.",
            [system.root.rstrip("/") for system in found],
            "Name the folder of one of them.",
        )
    raise missing_file(
        shelf, f"{PARAMETERS} of a pymrio system", "Name a folder that pymrio saved."
    )


def systems(shelf: Shelf) -> list[Shelf]:
    """Every pymrio system on a shelf."""
    ends = [name for name in shelf.names if PurePosixPath(name).name == PARAMETERS]
    folders = [shelf.below(name.removesuffix(PARAMETERS).rstrip("/")) for name in ends]
    return [f for f in folders if parameters(f).get("systemtype") == "IOSystem"]


def parameters(shelf: Shelf) -> dict[str, Any]:
    """What file_parameters.json says."""
    return read_json(shelf, PARAMETERS)


def read_system(shelf: Shelf, progress: Step = silent, leave_out: Sequence[str] = ()) -> System:
    """A system from its files; of the tables that follow from others none is read.

    Where there is no Z, it is A times x, column by column. `leave_out` names extensions.
    """
    files = _files(shelf, parameters(shelf))
    square = "Z" if "Z" in files else "A"
    needed = ["Z", "Y"] if square == "Z" or "A" not in files else ["x", "Y"]
    for name in needed:
        if name not in files:
            raise missing_file(shelf, f"table {name} ({PARAMETERS} names none)", SAVE_AGAIN)
    meta = read_json(shelf, METADATA) if METADATA in shelf.names else {}
    if OURS in shelf.names:
        meta = {**meta, HEAD: read_json(shelf, OURS)}
    other = {name: read_table(shelf, file) for name, file in files.items() if name != square}
    flows = read_square(shelf, files[square], progress)
    if square == "A":
        flows = _scaled(flows, other["x"])
    with kept_head(meta.get(HEAD), str(meta.get("name"))):
        found = read_extensions(shelf, progress, leave_out)
        extensions = _ordered(found, meta.get(HEAD) or {})
    return System(
        transactions=flows,
        final_use=other["Y"],
        gross_output=other.get("x"),
        unit=other.get("unit"),
        population=other.get("population"),
        extensions=extensions,
        meta=meta,
    )


def read_extensions(
    shelf: Shelf, progress: Step = silent, leave_out: Sequence[str] = ()
) -> dict[str, Extension]:
    """Every extension: its F, F_Y and unit."""
    found = {}
    for folder in shelf.folders:
        inner = shelf.below(folder)
        if PARAMETERS not in inner.names or folder in leave_out:
            continue
        told = parameters(inner)
        if told.get("systemtype") == "Extension":
            progress(f"reading {folder}")
            found[_attribute(folder)] = _extension(inner, folder, told)
    return found


def _extension(shelf: Shelf, folder: str, told: Mapping[str, Any]) -> Extension:
    files = _files(shelf, told)
    if "F" not in files:
        raise missing_file(shelf, f"table F ({PARAMETERS} names none)", SAVE_AGAIN)
    final_use = next((files[name] for name in FINAL_USE if name in files), None)
    unit = files.get("unit")
    return Extension(
        str(told.get("name", folder)),
        read_table(shelf, files["F"]),
        None if final_use is None else read_table(shelf, final_use),
        None if unit is None else read_table(shelf, unit),
    )


def _scaled(coefficients: pd.DataFrame, output: pd.DataFrame) -> pd.DataFrame:
    """Z = A times x, in the place of A."""
    x = output.iloc[:, 0].reindex(coefficients.columns).to_numpy(dtype=float)
    values = coefficients.to_numpy()
    values.flags.writeable = True
    values *= x
    return pd.DataFrame(values, index=coefficients.index, columns=coefficients.columns, copy=False)


def _ordered(extensions: dict[str, Extension], head: Mapping[str, Any]) -> dict[str, Extension]:
    """Extensions in the order that our head kept; folders have none."""
    kept = [group["key"] for group in head.get("layout", {}).get("groups", ())]
    first = [key for key in kept if key in extensions]
    return {key: extensions[key] for key in dict.fromkeys([*first, *extensions])}


def read_square(shelf: Shelf, file: Mapping[str, Any], progress: Step = silent) -> pd.DataFrame:
    """Z or A, in one dense copy."""
    name = str(file["name"])
    progress(f"reading {name}")
    if _suffix(file) in TEXT:
        layout = TextLayout(int(file["nr_header"]), int(file["nr_index_col"]))
        return read_text_matrix(lambda: shelf.open(name), layout, shelf.place(name), progress)
    with shelf.open(name) as stream:
        source = io.BytesIO(stream.read()) if shelf.archive else stream
        return read_matrix(source, shelf.place(name), progress)


def read_table(shelf: Shelf, file: Mapping[str, Any]) -> pd.DataFrame:
    """One smaller table."""
    name = str(file["name"])
    with shelf.open(name) as stream:
        try:
            if _suffix(file) in TEXT:
                return _read_text(stream, file)
            content = io.BytesIO(stream.read())
            check_size(content, shelf.place(name))
            return pd.read_parquet(content)
        except (ValueError, OSError, LookupError, TypeError, NotImplementedError) as error:
            raise UnreadableFileError(
                f"{shelf.place(name)} cannot be read as a table.",
                [*str(error).splitlines()[:1]],
                AGAIN,
            ) from error


def _read_text(stream: Any, file: Mapping[str, Any]) -> pd.DataFrame:
    """A table of text; a region "NA" is Namibia, not a missing number."""
    index, headers = (list(range(int(file[key]))) for key in ("nr_index_col", "nr_header"))
    return pd.read_csv(
        stream,
        sep="\t",
        index_col=index if len(index) > 1 else 0,
        header=headers if len(headers) > 1 else 0,
        keep_default_na=False,
        na_values=[""],
    )


KEPT = ("Z", "A", "Y", "x", "unit", "population", "F", *FINAL_USE)


def _files(shelf: Shelf, told: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Name of a table -> its file, of the tables that are kept; no pickles, nothing elsewhere."""
    listed = told.get("files", {})
    is_list = isinstance(listed, dict) and all(isinstance(f, dict) for f in listed.values())
    files = {name: dict(f) for name, f in listed.items() if name in KEPT} if is_list else {}
    if "Z" in files:
        files.pop("A", None)
    _check_layout(shelf, files, is_list=is_list)
    pickled = [str(f["name"]) for f in files.values() if _suffix(f) in PICKLE]
    if pickled:
        raise UnreadableFileError(
            f"{shelf.path} holds pickled tables; to load one is to run whatever is in it.",
            [shelf.place(name) for name in pickled],
            SAVE_AGAIN,
        )
    for name, file in files.items():
        if file.get("name") not in shelf.names or _suffix(file) not in TEXT | PARQUET:
            raise missing_file(shelf, f"file '{file.get('name')}' for table {name}", AGAIN)
    return files


def _check_layout(shelf: Shelf, files: Mapping[str, Mapping[str, Any]], *, is_list: bool) -> None:
    """Tables of text must say how many lines and columns of labels they have."""
    faults = [] if is_list else ["files: no table -> file"]
    faults += [
        f"table {name}: {key} is {file.get(key)!r}"
        for name, file in files.items()
        if _suffix(file) in TEXT
        for key in ("nr_header", "nr_index_col")
        if not re.fullmatch("[1-9]", str(file.get(key)))
    ]
    if faults:
        raise UnreadableFileError(
            f"{shelf.place(PARAMETERS)} does not say where tables are and how they begin.",
            faults,
            SAVE_AGAIN,
        )


def _suffix(file: Mapping[str, Any]) -> str:
    return PurePosixPath(str(file.get("name"))).suffix.lower()


def _attribute(folder: str) -> str:
    """The name of a folder as that of an attribute, as pymrio makes it."""
    plain = "".join(c if c.isalnum() or c == "_" else "_" for c in folder)
    return f"_{plain}" if plain[:1].isdigit() else plain


def read_json(shelf: Shelf, name: str) -> dict[str, Any]:
    """The keys of a JSON file."""
    try:
        with shelf.open(name) as stream:
            text = stream.read(LONGEST + 1)
        if len(text) > LONGEST:
            raise UnreadableFileError(
                f"{shelf.place(name)} is too large.", [f"at most {LONGEST:,} bytes are read"], AGAIN
            )
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(
            f"{shelf.place(name)} is not JSON.", [str(error)], AGAIN
        ) from error
    if not isinstance(content, dict):
        raise UnreadableFileError(f"{shelf.place(name)} holds no keys.", [], AGAIN)
    return content


def _write_json(file: Path, content: Mapping[str, Any]) -> None:
    file.write_text(json.dumps(content, indent=4, ensure_ascii=False), encoding="utf-8")


def _write_tables(
    folder: Path,
    tables: Mapping[str, pd.DataFrame | None],
    kind: Mapping[str, str],
    progress: Step,
) -> None:
    """Tables as Parquet, and the file that says what is where."""
    files = {}
    for name, values in tables.items():
        if values is not None:
            file = folder / f"{name}.parquet"
            if name in ("Z", "Y", "F", "F_Y"):
                write_matrix(values, file, progress)
            else:
                values.to_parquet(file)
            files[name] = {
                "name": file.name,
                "nr_index_col": str(values.index.nlevels),
                "nr_header": str(values.columns.nlevels),
            }
    _write_json(folder / PARAMETERS, {"files": files, **kind})
