"""The record of repaired cells: reshaped books have other cells, or the same in other money."""

from dataclasses import replace

from planboard.economy import Economy


def without_record(economy: Economy) -> tuple[Economy, str]:
    """The economy without its table `repairs`, and a sentence for the history if it had one."""
    table = economy.repairs
    if table is None or table.empty:
        return economy, ""
    cells = "cell" if len(table) == 1 else "cells"
    told = f" Record of {len(table):,} repaired {cells} left out: they are other cells now."
    return replace(economy, repairs=None), told
