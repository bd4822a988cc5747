"""Fixtures that tests share; 25 examples a law, 500 with `--hypothesis-profile many`."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import planboard as pb

ROOT = Path(__file__).parents[1]
DEFAULTS = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}

settings.register_profile("few", max_examples=25, **DEFAULTS)
settings.register_profile("many", max_examples=500, **DEFAULTS)
settings.load_profile("few")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="write tests/golden anew")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of cases and data beside the checkout; tests that need it are skipped without."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"no folder '{folder.name}' beside the checkout")
    return folder


@pytest.fixture(scope="session")
def world() -> pb.Economy:
    """The bundled world economy of 2000."""
    return pb.read_economy("world-2000")


@pytest.fixture(scope="session")
def world_solution(world: pb.Economy) -> pb.Solution:
    """The bundled world plan, solved once for all tests."""
    return pb.solve(world, pb.read_plan())
