"""Published series state every figure once, or cannot be laid out."""

import pandas as pd

from planboard.errors import InvalidTableError

KEYS = ["region", "activity", "measure", "year"]


def check_once(series: pd.DataFrame) -> None:
    """Refuse figures that stand twice: nobody knows which of them holds."""
    twice = series[series.duplicated(KEYS)]
    if len(twice):
        raise InvalidTableError(
            f"Figures of the series stand twice: {len(twice):,}.",
            [", ".join(map(str, row)) for row in twice[KEYS].to_numpy()],
            "Remove one of each pair, or add them up.",
        )
