"""Makes the embedded economy `world-2000`: 10 regions x 14 industries of WIOD release 2013.

    python scripts/make_world_2000.py --sample DIR --wiod DIR [--out DIR]

It reads the balanced sample and the socio-economic accounts it came from, and writes one folder of
tidy tables; its parts are in `scripts/world_2000`. It knows nothing of plans. The result depends
on its inputs only.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from world_2000.base_year import (
    base_year_tables,
    investment_ratio,
    persons_table,
    read_population,
)
from world_2000.checks import Tables, check_economy
from world_2000.record import economy_record, sentence_of
from world_2000.sample import COLUMNS, Sample, read_sample
from world_2000.years import actual_table, growth_table, read_accounts

MOST_BYTES = 300_000
POPULATION = Path(__file__).with_name("population_2000.csv")


def read_arguments() -> argparse.Namespace:
    """Where the inputs are and where the folder goes."""
    parser = argparse.ArgumentParser(description="Make the embedded economy world-2000.")
    parser.add_argument("--sample", type=Path, default=Path("../shared/data/sample"))
    parser.add_argument("--wiod", type=Path, default=Path("../shared/data/wiod13"))
    parser.add_argument("--out", type=Path, default=Path("src/planboard/data/world-2000"))
    return parser.parse_args()


def all_tables(sample: Sample, accounts: pd.DataFrame) -> Tables:
    """Every table of the folder, by name."""
    population = read_population(POPULATION, sample.concordance)
    return {
        **base_year_tables(sample),
        "persons": persons_table(sample, population),
        "growth": growth_table(accounts, sample.concordance),
        "actual": actual_table(sample),
    }


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Parquet with plain strings (dictionary-encoded in the file) and no pandas index."""
    content = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    labels = [name for name in table.columns if not pd.api.types.is_float_dtype(table[name])]
    plain = [
        field.with_type(pa.string()) if "string" in str(field.type) else field
        for field in content.schema
    ]
    pq.write_table(
        content.cast(pa.schema(plain)),
        path,
        compression="zstd",
        compression_level=19,
        use_dictionary=labels,
    )


def write_economy(folder: Path, record: dict[str, object], tables: Tables) -> None:
    """The folder: economy.json and one Parquet file per table."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(record, indent=2, ensure_ascii=False)
    (folder / "economy.json").write_text(text + "\n", encoding="utf-8")
    for name in COLUMNS:
        write_table(tables[name], folder / f"{name}.parquet")


def check_written(folder: Path, tables: Tables) -> None:
    """What was written reads back the same, and the folder is small enough to ship."""
    for name in COLUMNS:
        back = pd.read_parquet(folder / f"{name}.parquet")
        pd.testing.assert_frame_equal(back, tables[name], check_dtype=False)
    size = sum(path.stat().st_size for path in folder.iterdir())
    if size > MOST_BYTES:
        raise ValueError(f"{folder} takes {size:,} bytes, more than {MOST_BYTES:,}.")


def print_summary(folder: Path, tables: Tables, accounts: pd.DataFrame) -> None:
    """Sizes, investment ratios, growth rates and persons, for the eye."""
    for path in sorted(folder.iterdir()):
        rows = f"{len(tables[path.stem]):6,} rows" if path.stem in tables else ""
        print(f"{path.name:26} {path.stat().st_size:8,} bytes {rows}")
    ratio = investment_ratio(tables["final_use"], tables["capital"])
    print(f"\nCapital formation / investment in the accounts: {sentence_of(ratio)}")
    missing = accounts[accounts.isna().any(axis=1)]
    print(f"\nLeft out of growth, {len(missing)} of {len(accounts)} country-industries:")
    print(", ".join(missing["country"] + " " + missing["sector"]))
    growth = tables["growth"].pivot(index="region", columns="quantity", values="value")
    persons = tables["persons"].pivot(index="region", columns="measure", values="value")
    print("\nGrowth, % a year, and thousand persons:")
    print((growth * 100).round(2).join(persons).loc[ratio.index].to_string())


def main() -> None:
    """Read, make, check, write, and read back."""
    arguments = read_arguments()
    sample = read_sample(arguments.sample)
    accounts = read_accounts(arguments.wiod)
    tables = all_tables(sample, accounts)
    check_economy(tables)
    write_economy(arguments.out, economy_record(sample, tables, accounts), tables)
    check_written(arguments.out, tables)
    print_summary(arguments.out, tables, accounts)


if __name__ == "__main__":
    main()
