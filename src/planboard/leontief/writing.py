"""A table's own answers as a folder of Parquet tables."""

from pathlib import Path

from planboard.economy_folder import new_economy_folder
from planboard.leontief.answers import Answers


def write_answers(answers: Answers, out: str | Path) -> None:
    """Write every answer as a Parquet table of its name, to a new folder: whole or not at all.

    Raises
    ------
    OutputFolderError
        The folder holds something already, or cannot be written.
    """
    with new_economy_folder(out) as folder:
        for name, table in answers.items():
            table.to_parquet(folder / f"{name}.parquet", index=False, compression="zstd")
