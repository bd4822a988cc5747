"""The exported world program, read back and solved by HiGHS on its own, has the same optimum."""

from pathlib import Path

import highspy
import pytest

import planboard as pb
from planboard.export import ascii_names, write_mps


def test_the_exported_world_program_agrees(world_solution: pb.Solution, tmp_path: Path) -> None:
    file = write_mps(world_solution.compiled.program, tmp_path / "world.mps")
    other = highspy.Highs()
    other.setOptionValue("output_flag", False)
    other.readModel(str(file))
    other.setOptionValue("solver", "simplex")
    other.run()
    found = other.getInfo().objective_function_value
    assert found == pytest.approx(world_solution.objective, rel=1e-8)


def test_names_are_plain_and_each_its_own() -> None:
    names = ascii_names(["activity[Côte d'Ivoire,Café]", "activity[Cote d'Ivoire,Cafe]", "a b"])
    assert names == ["activity[Cote_d_Ivoire,Cafe]", "activity[Cote_d_Ivoire,Cafe]#2", "a_b"]
