"""Result folders: whole or not at all, read back as they were written, and proof against faults."""

import errno
import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import filelock
import numpy as np
import pandas as pd
import pytest

import planboard as pb
from economies import Shape, random_folder
from planboard.errors import OutputFolderError, UnreadableFileError
from planboard.plan import Horizon
from planboard.results import folder as result_folder
from planboard.results.fingerprint import fingerprint
from planboard.solution import TABLES

PLAN = pb.Plan("small", economy="e", years=(2001, 2002), horizon=Horizon(years_beyond=1))


@pytest.fixture(scope="module")
def solution() -> pb.Solution:
    return pb.solve(random_folder(Shape(2, 3, True, 1)).economy(), PLAN)


@pytest.fixture
def written(solution: pb.Solution, tmp_path: Path) -> Path:
    return pb.write_result(solution, tmp_path / "out")


def left(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_result_read_back_is_the_same_solution(solution: pb.Solution, written: Path) -> None:
    again = pb.read_result(written).solution
    assert again.verdict.is_optimal()
    assert np.array_equal(again.point.row_dual, solution.point.row_dual)
    for name in TABLES:
        pd.testing.assert_frame_equal(
            getattr(again, name), getattr(solution, name), check_dtype=False, rtol=1e-9, atol=1e-9
        )
        stored = pb.read_result(written).table(name)
        assert list(stored.columns) == list(getattr(solution, name).columns)


def test_a_result_has_every_dual(solution: pb.Solution, written: Path) -> None:
    rows = pd.read_parquet(written / "row_duals.parquet")
    assert list(rows["name"]) == solution.compiled.program.rows.names()
    assert rows["name"].is_unique
    assert rows["name"].str.match(r"^[a-z_]+\[.*\]$").all()


def test_the_fingerprint_changes_with_any_number_of_plan_or_economy() -> None:
    books = random_folder(Shape(2, 3, False, 1))
    first = fingerprint(books.economy(), PLAN)
    assert fingerprint(books.economy(), PLAN) == first
    for table in ("use", "endowment", "final_use", "capital_required", "value_added"):
        other = books.changed(**{table: lambda t: t.assign(value=t["value"] * (1 + 1e-9))})
        assert fingerprint(other.economy(), PLAN) != first, table
    assert fingerprint(books.economy(), PLAN.with_changes(years=(2001,))) != first


def test_a_folder_from_a_later_version_is_refused(written: Path) -> None:
    info = json.loads((written / "result.json").read_text(encoding="utf-8"))
    (written / "result.json").write_text(json.dumps({**info, "format": 99}), encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="written by a later version of Planboard"):
        pb.read_result(written)


def test_a_result_whose_economy_was_changed_is_refused(written: Path) -> None:
    file = written / "economy" / "use.parquet"
    table = pd.read_parquet(file)
    table.assign(value=table["value"] * 1.1).to_parquet(file)
    with pytest.raises(UnreadableFileError, match="was changed after it was written"):
        _ = pb.read_result(written).solution


def test_two_writers_are_kept_apart(solution: pb.Solution, tmp_path: Path) -> None:
    target = tmp_path / "out"
    held = filelock.FileLock(result_folder.lock_file(target))
    with held, pytest.raises(OutputFolderError, match="is being written by another run"):
        pb.write_result(solution, target)
    assert pb.write_result(solution, target).is_dir()


def test_a_full_disk_leaves_the_old_result(
    solution: pb.Solution, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (written / "result.json").read_text(encoding="utf-8")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full)
    with pytest.raises(OutputFolderError) as told:
        pb.write_result(solution, written)
    assert told.value.evidence == ("No space left on device",)
    assert (written / "result.json").read_text(encoding="utf-8") == before
    assert left(written.parent) == ["out"]


def test_what_a_killed_run_left_is_swept_and_a_swapped_out_result_put_back(
    solution: pb.Solution, written: Path
) -> None:
    (written.parent / ".out-dead").mkdir()
    aside = written.parent / ".out-old-dead"
    aside.mkdir()
    written.rename(aside / "result")
    with result_folder.new_folder(written) as folder:
        assert (written / "result.json").is_file()
        (folder / "result.json").write_text(json.dumps({"kind": "planboard-result"}), "utf-8")
    assert left(written.parent) == ["out"]


WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
import planboard as pb
from economies import Shape, random_folder
from test_results import PLAN
solution = pb.solve(random_folder(Shape(2, 3, True, 1)).economy(), PLAN)
print("ready", flush=True)
while True:
    pb.write_result(solution, sys.argv[1])
"""


def test_killed_at_any_moment_a_result_is_whole_or_absent(tmp_path: Path) -> None:
    target = tmp_path / "out"
    moments = random.Random(2000)
    for _ in range(5):
        command = [sys.executable, "-c", WRITER, str(target), str(Path(__file__).parent)]
        writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        time.sleep(moments.uniform(0.0, 0.9))
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        with result_folder.new_folder(tmp_path / "other"):
            pass
        if target.exists():
            assert pb.read_result(target).solution.verdict.is_optimal()
            assert (target / "report.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
