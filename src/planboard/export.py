"""export: the very program that is solved, as an MPS file for any other solver.

Free format, minimised, the offset of the objective kept, names in ASCII without spaces.
"""

import re
import tempfile
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import highspy

from planboard.economy import Economy
from planboard.engine import Progress, solve
from planboard.errors import OutputFolderError
from planboard.plan import Plan
from planboard.program import LinearProgram
from planboard.solution import Solution
from planboard.solvers.highs import highs_program


def write_mps(program: LinearProgram, path: str | Path) -> Path:
    """Write a program as free-format MPS, through HiGHS's own writer.

    Raises
    ------
    OutputFolderError
        The file cannot be written.
    """
    target = Path(path)
    if target.suffix != ".mps":
        raise OutputFolderError(
            f"The file {target} does not end in .mps.", [], "Name a file such as plan.mps."
        )
    lp = highs_program(program)
    lp.row_names_ = ascii_names(program.rows.names())
    lp.col_names_ = ascii_names(program.columns.names())
    lp.model_name_ = "planboard"
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.passModel(lp)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".planboard-") as folder:
            written = Path(folder) / "program.mps"
            status = solver.writeModel(str(written))
            if status == highspy.HighsStatus.kError:
                raise OSError("the writer of HiGHS failed")
            written.replace(target)
    except OSError as error:
        raise OutputFolderError(
            f"The file {target} cannot be written.",
            [str(error.strerror or error)],
            "Name a file in a folder that exists and can be written.",
        ) from error
    return target


def export_program(
    economy: Economy, plan: Plan, path: str | Path, *, progress: Progress = lambda step: None
) -> Solution:
    """Solve a plan and write its program; the solution tells the objective to compare with.

    It is solved first because the tangents of the utility are refined round the answer: the file
    holds the last of these programs, the one that a result is made from.
    """
    solution = solve(economy, plan, progress=progress)
    write_mps(solution.compiled.program, path)
    return solution


def ascii_names(names: Sequence[str]) -> list[str]:
    """The names without spaces and outside letters, each still its own."""
    seen: dict[str, int] = {}
    plain = []
    for name in names:
        spelled = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        short = re.sub(r"[^A-Za-z0-9_\[\],.+-]", "_", spelled)
        count = seen[short] = seen.get(short, 0) + 1
        plain.append(short if count == 1 else f"{short}#{count}")
    return plain
