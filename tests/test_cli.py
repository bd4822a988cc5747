"""The command line: exit codes, files, and that a run leaves all or nothing behind."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import highspy
import pandas as pd
import pytest

import planboard as pb
from economies import Shape, random_folder
from planboard.cli import main

PLAN = """name = "small"
economy = "accounts"
years = [2001, 2003]

[horizon]
years_beyond = 1
"""
IMPOSSIBLE = """
[[order]]
id = "idle"
quantity = "hours"
change = "-90%"

[[order]]
id = "harmless"
quantity = "output"
at_least = 0
"""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process: exit code, output, errors."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["planboard", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        return int(ended.value.code or 0), shown.out, shown.err

    return call


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plan file beside a small economy of two regions, in an empty working folder."""
    monkeypatch.chdir(tmp_path)
    random_folder(Shape(2, 3, False, 1)).write(tmp_path / "accounts")
    (tmp_path / "small.toml").write_text(PLAN, encoding="utf-8")
    return tmp_path / "small.toml"


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_a_plan_becomes_a_result_folder(run: Run, plan: Path) -> None:
    code, out, err = run("plan", plan)
    assert (code, err) == (0, "")
    result = plan.parent / "results" / "small"
    assert "results/small/report.html" in out
    info = json.loads((result / "result.json").read_text(encoding="utf-8"))
    assert info["status"] == "optimal"
    assert info["years"] == [2001, 2002, 2003]
    assert max(info["primal_residual"], info["dual_residual"], info["relative_gap"]) <= 1e-8
    assert set(info["seconds"]) == {"read", "compile", "solve", "verify", "write"}
    assert (result / "plan.toml").read_text(encoding="utf-8") == PLAN
    assert (result / "report.html").stat().st_size > 1000
    assert names(plan.parent / "results") == {"small"}


def test_every_table_ends_with_year_value_and_unit(run: Run, plan: Path) -> None:
    run("plan", plan, "--out", "out")
    wanted = {
        "activity": ["region", "activity"],
        "building": ["region", "activity"],
        "capacity": ["region", "activity"],
        "output": ["region", "product"],
        "exports": ["region", "product"],
        "imports": ["region", "product"],
        "prices": ["region", "product"],
        "consumption": ["region", "category"],
        "factor_use": ["region", "factor"],
    }
    for name, labels in wanted.items():
        table = pd.read_parquet(plan.parent / "out" / f"{name}.parquet")
        assert list(table.columns) == [*labels, "year", "value", "unit"], name
        assert set(table["year"]) == {2001, 2002, 2003}, name
        assert table["value"].notna().all(), name


def test_a_result_is_replaced_and_anything_else_is_not(run: Run, plan: Path) -> None:
    assert run("plan", plan, "--out", "out")[0] == 0
    assert run("plan", plan, "--out", "out")[0] == 0
    foreign = plan.parent / "mine"
    foreign.mkdir()
    (foreign / "letter.txt").write_text("dear", encoding="utf-8")
    code, _, err = run("plan", plan, "--out", "mine")
    assert code == 2
    assert err.startswith("OutputFolderError: mine exists and is not a result of Planboard.")
    assert names(foreign) == {"letter.txt"}


def test_a_place_that_cannot_be_written_is_refused_before_solving(run: Run, plan: Path) -> None:
    (plan.parent / "file").write_text("", encoding="utf-8")
    code, _, err = run("plan", plan, "--out", "file/out")
    assert code == 2
    assert "OutputFolderError: file/out cannot be written." in err


def test_an_impossible_plan_exits_1_and_says_so_in_its_folder(run: Run, plan: Path) -> None:
    plan.write_text(PLAN + IMPOSSIBLE, encoding="utf-8")
    code, _, err = run("plan", plan, "--out", "out")
    assert code == 1
    assert "order 'idle': hours at most -90% on the base year" in err
    assert "small.toml, line 8" in err
    assert "harmless" not in err
    info = json.loads((plan.parent / "out" / "result.json").read_text(encoding="utf-8"))
    assert (info["status"], info["orders"]) == ("infeasible", ["idle"])


def test_explaining_an_impossible_plan_is_an_answer(run: Run, plan: Path) -> None:
    plan.write_text(PLAN + IMPOSSIBLE, encoding="utf-8")
    run("plan", plan, "--out", "out")
    for target in (plan, "out"):
        code, out, _ = run("explain", target)
        assert code == 0
        assert "order 'idle'" in out


def test_bad_input_exits_2_and_leaves_nothing(run: Run, plan: Path) -> None:
    plan.write_text(PLAN + "\n[horizn]\ncarry_on = 0\n", encoding="utf-8")
    before = names(plan.parent)
    code, _, err = run("plan", plan)
    assert code == 2
    assert f"There is no key 'horizn' ({plan}, line 8)." in err
    assert names(plan.parent) == before


def test_explain_and_price_of_a_result(run: Run, plan: Path) -> None:
    run("plan", plan, "--out", "out")
    code, out, _ = run("explain", "out", "--most", 3)
    assert code == 0
    assert "What holds the plan back" in out
    code, out, _ = run("price", "out", "corn", "--region", "north", "--year", 2002)
    assert code == 0
    assert "Cost price" in out
    code, out, _ = run("price", "out", "corn", "--between", "north", "south")
    assert code == 0
    assert "difference" in out
    code, _, err = run("price", "out", "korn")
    assert code == 2
    assert "There is no product 'korn'." in err


def test_the_exported_program_has_the_same_least_objective(run: Run, plan: Path) -> None:
    assert run("plan", plan, "--out", "out")[0] == 0
    assert run("export", plan, "small.mps")[0] == 0
    info = json.loads((plan.parent / "out" / "result.json").read_text(encoding="utf-8"))
    other = highspy.Highs()
    other.setOptionValue("output_flag", False)
    other.readModel(str(plan.parent / "small.mps"))
    other.setOptionValue("solver", "simplex")
    other.run()
    found = other.getInfo().objective_function_value
    assert found == pytest.approx(info["objective"], rel=1e-8)
    assert (other.getNumRow(), other.getNumCol()) == (info["rows"], info["columns"])


def test_a_new_plan_is_the_bundled_one_and_never_overwrites(run: Run, plan: Path) -> None:
    assert run("new", "plan", "mine.toml")[0] == 0
    assert pb.read_plan("mine.toml").with_changes(places={}) == pb.read_plan().with_changes(
        places={}
    )
    code, _, err = run("new", "plan", "mine.toml")
    assert code == 2
    assert "OutputFolderError: The file mine.toml exists already." in err


@pytest.mark.parametrize("given", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_no_trace(tmp_path: Path, given: signal.Signals) -> None:
    if signal.getsignal(given) is signal.SIG_IGN:
        pytest.skip(
            f"{given.name} is ignored here, as it is by what a shell runs in the background"
        )
    (tmp_path / "long.toml").write_text('name = "long"\nyears = [2001, 2015]\n', encoding="utf-8")
    command = [sys.executable, "-m", "planboard", "plan", "long.toml", "--out", "out"]
    started = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    time.sleep(3)  # By then it has begun; it takes far longer, and stops within a solver's run.
    started.send_signal(given)
    _, err = started.communicate(timeout=60)
    assert started.returncode == 130
    assert "Interrupted" in err
    assert [path.name for path in tmp_path.iterdir()] == ["long.toml"]


def test_help_names_every_command(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    for command in ("plan", "new", "explain", "price", "export"):
        assert f"\n  {command} " in out
    assert run("--version")[1] == f"planboard, version {pb.__version__}\n"
