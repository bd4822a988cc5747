"""How long the world plan takes, from the command line, against the figures we want to hold.

    python benchmarks/world_plan.py [RUNS]

Each command is run as a whole process, warm, in turns; the median is compared with the wanted
figure. Run it by hand: machines are noisy, so this is never a test.
"""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

COMMANDS: dict[str, tuple[list[str], float]] = {
    "planboard --help": (["-m", "planboard", "--help"], 0.5),
    "import planboard": (["-c", "import planboard"], 1.2),
    "import, and every public name": (
        ["-c", "import planboard as pb; [getattr(pb, name) for name in pb.__all__]"],
        1.2,
    ),
    "planboard plan": (["-m", "planboard", "plan", "--out", "world"], 10.0),
}


def seconds(arguments: list[str], folder: Path) -> float:
    """Wall-clock time of one process."""
    begun = perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=folder, check=True, capture_output=True)
    return perf_counter() - begun


def main(runs: int) -> None:
    """Run every command `runs` times, after one to warm up, and print the medians."""
    print(f"{'command':32} {'median s':>9} {'least':>7} {'most':>7} {'wanted':>7} {'ratio':>6}")
    with tempfile.TemporaryDirectory() as folder:
        for name, (arguments, wanted) in COMMANDS.items():
            seconds(arguments, Path(folder))
            taken = [seconds(arguments, Path(folder)) for _ in range(runs)]
            middle = statistics.median(taken)
            shown = f"{middle:9.2f} {min(taken):7.2f} {max(taken):7.2f} {wanted:7.1f}"
            print(f"{name:32} {shown} {middle / wanted:6.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
