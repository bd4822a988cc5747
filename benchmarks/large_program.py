"""How long a program of 41 regions x 35 industries x 5 years takes to build, and how much memory.

    python benchmarks/large_program.py [REGIONS INDUSTRIES YEARS]

A made-up economy of that size is written as a folder of Parquet tables; then it is read and
compiled, timed from the first file to the LinearProgram, and the peak of memory that Python
allocates on the way is compared with the memory of the program's matrix. Wanted for 41 x 35 x 5:
under 2 s, and at most 4 times the matrix.
"""

import sys
import tempfile
import tracemalloc
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd

import planboard as pb
from planboard.compile import CompiledPlan, compile_program
from planboard.economy_folder.format import COLUMNS

HEAD = """{"name": "large", "title": "Made up", "source": "benchmarks/large_program.py",
"licence": "Apache-2.0", "base_year": 2000, "currency": "USD", "unit": "million USD",
"price_basis": "basic", "coverage": "world",
"factors": {"hours": {"unit": "million hours", "role": "labour"}},
"categories": {"households": {"role": "households"}, "government": {"role": "government"},
"capital_formation": {"role": "capital_formation"}}}
"""


def tidy(name: str, axes: list[list[str]], values: np.ndarray) -> pd.DataFrame:
    """A table of an array over named axes."""
    index = pd.MultiIndex.from_product(axes)
    frame = index.to_frame(index=False).assign(value=values.ravel())
    frame.columns = list(COLUMNS[name])
    return frame


def write_large(folder: Path, regions: int, industries: int) -> None:
    """Write an economy in which everybody uses and trades everything."""
    rng = np.random.default_rng(2000)
    names = [f"R{k}" for k in range(regions)]
    sectors = [f"S{k}" for k in range(industries)]
    shape = (regions, industries, industries)
    use = rng.uniform(0.1, 1.0, shape)
    use *= 0.5 * 100 / industries / 0.55
    final = np.maximum(100 - use.sum(axis=2), 1.0)
    tables = {
        "activity": pd.DataFrame(
            [(r, s, 100.0) for r in names for s in sectors], columns=COLUMNS["activity"]
        ),
        "supply": tidy("supply", [names, sectors, sectors], 100 * np.eye(industries) + 0 * use),
        "use": tidy("use", [names, sectors, sectors], use),
        "final_use": tidy(
            "final_use",
            [names, sectors, ["households", "government", "capital_formation"]],
            final[..., None] * np.array([0.6, 0.2, 0.2]),
        ),
        "factor_use": tidy("factor_use", [names, ["hours"], sectors], final[:, None]),
        "endowment": tidy("endowment", [names, ["hours"]], final.sum(axis=1)),
        "trade": tidy(
            "trade", [names, names, sectors], np.full((regions, regions, industries), 0.1)
        ),
        "capital_required": tidy(
            "capital_required",
            [names, sectors, ["capital"], sectors],
            2.0 * (final / final.sum(axis=1, keepdims=True))[:, :, None] + 0 * use,
        ),
        "capital": pd.DataFrame(
            [(r, "capital", s, 100.0, 0.05, 8.0) for r in names for s in sectors],
            columns=[*COLUMNS["capital"], "building"],
        ),
    }
    (folder / "economy.json").write_text(HEAD, encoding="utf-8")
    for name, table in tables.items():
        table[(table != 0).all(axis=1)].to_parquet(folder / f"{name}.parquet", index=False)


def build(folder: Path, years: int) -> CompiledPlan:
    """Read the economy and compile a plan for it."""
    economy = pb.read_economy(folder)
    plan = pb.Plan("large", economy="large", years=tuple(range(2001, 2001 + years)))
    return compile_program(economy, plan)


def main(regions: int, industries: int, years: int) -> None:
    """Build twice: once for the time, once for the memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_large(folder, regions, industries)
        build(folder, years)
        begun = perf_counter()
        program = build(folder, years).program
        taken = perf_counter() - begun
        matrix = program.matrix
        size = (matrix.data.nbytes + matrix.indices.nbytes + matrix.indptr.nbytes) / 2**20
        tracemalloc.start()
        build(folder, years)
        peak = tracemalloc.get_traced_memory()[1] / 2**20
    print(f"{regions} x {industries} x {years}: {program.shape}, {matrix.nnz:,} nonzeros")
    print(f"built in {taken:.2f} s (wanted: under 2)")
    print(
        f"matrix {size:.1f} MiB, peak {peak:.1f} MiB, ratio {peak / size:.1f} (wanted: at most 4)"
    )


if __name__ == "__main__":
    main(*(int(n) for n in sys.argv[1:4] or (41, 35, 5)))
