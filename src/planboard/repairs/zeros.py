"""Zero sectors: activities that make nothing, and products that are used and come from nowhere."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from planboard.economy import CARRIED, Conversions, Economy, RegionAccounts
from planboard.repairs import books
from planboard.repairs.books import Mask
from planboard.repairs.repair import Outcome, listed

# Fields of the accounts whose last axis is the activities.
BY_ACTIVITY = (
    "level", "input_lag", "in_progress", "utilisation", "factor_use", "factor_supply", "capacity",
    "depreciation", "gestation", "building", "factor_use_building",
)  # fmt: skip


def zero_sectors(economy: Economy, *, activities: str) -> Outcome:
    """Dead cells are taken out: inputs of activities that make nothing, uses of what is not there.

    An activity is dead where it makes no product and opens up no factor: its inputs, value added
    and use of factors are taken out, and what it took is booked as a change of inventories. A
    product is not there where it is neither made nor imported nor drawn from inventories: its uses
    are taken out, and the activities that used it are then worth more than their inputs.

    activities : "kept", without their dead cells, or "dropped" from all tables of the region
    """
    mended: dict[str, RegionAccounts] = {}
    told: list[str] = []
    refused: list[str] = []
    for accounts in economy.regions:
        dead, absent = dead_activities(accounts), absent_products(economy, accounts)
        exported = absent & accounts.exports.any(axis=1)
        found = _without_inputs(economy, accounts, dead)
        found = _without_uses(found, absent & ~exported)
        if activities == "dropped" and dead.any() and not dead.all():
            found = without_activities(found, dead)
        if found is not accounts:
            mended[accounts.region] = found
        told += [f"{accounts.region} {name}" for name in np.array(accounts.activities)[dead]]
        refused += [
            f"{accounts.region}, {economy.product_names[i]}: exported, neither made nor imported"
            for i in np.nonzero(exported)[0]
        ]
        refused += [f"{accounts.region}: no activity makes anything"] * bool(dead.all())
    remark = f"activities that make nothing, {activities}: {listed(told)}" if told else ""
    return Outcome(_with_activities(economy, mended), tuple(refused), remark)


def dead_activities(accounts: RegionAccounts) -> Mask:
    """Activities that make nothing and open nothing up, shape (m,)."""
    makes, opens = np.abs(accounts.output.toarray()).sum(axis=0), accounts.factor_supply.sum(axis=0)
    return np.asarray((makes == 0) & (opens == 0), dtype=np.bool_)


def absent_products(economy: Economy, accounts: RegionAccounts) -> Mask:
    """Products that are used, and neither made nor imported nor drawn from inventories: (n,)."""
    drawn = accounts.final_use[:, books.inventories(economy)].sum(axis=1) < 0
    used_up = books.row_gaps(economy, accounts) < 0
    return np.asarray(used_up & (accounts.total_supply <= 0) & ~drawn, dtype=np.bool_)


def _without_inputs(economy: Economy, accounts: RegionAccounts, dead: Mask) -> RegionAccounts:
    """The accounts without what dead activities take, add and employ; the same if that is none."""
    inputs = accounts.input.toarray()
    added = any(item[dead].any() for item in accounts.value_added.values())
    if not (inputs[:, dead].any() or added or accounts.factor_use[:, dead].any()):
        return accounts
    taken = books.flows(accounts)[:, dead].sum(axis=1)
    final_use = accounts.final_use.copy()
    if taken.any():
        final_use[:, books.place_to_book(economy, "zero_sectors")] += taken
    return replace(
        accounts,
        input=sparse.csr_array(np.where(dead, 0.0, inputs)),
        final_use=final_use,
        value_added={k: np.where(dead, 0.0, v) for k, v in accounts.value_added.items()},
        factor_use=np.where(dead, 0.0, accounts.factor_use),
    )


def _without_uses(accounts: RegionAccounts, absent: Mask) -> RegionAccounts:
    """The accounts without uses of products that are not there; the same where there are none."""
    if not absent.any():
        return accounts
    inputs = np.where(absent[:, None], 0.0, accounts.input.toarray())
    final_use = np.where(absent[:, None], 0.0, accounts.final_use)
    return replace(accounts, input=sparse.csr_array(inputs), final_use=final_use)


# Dropping activities ------------------------------------------------------------------------------


def without_activities(accounts: RegionAccounts, dropped: Mask) -> RegionAccounts:
    """The accounts without some of their activities, all that hangs on them included."""
    keep = ~dropped
    (h, m), n = accounts.capacity.shape, accounts.input.shape[0]
    required = accounts.capital_required.toarray().reshape(n, h, m)[:, :, keep]
    return replace(
        accounts,
        activities=tuple(np.array(accounts.activities, dtype=object)[keep]),
        input=sparse.csr_array(accounts.input.toarray()[:, keep]),
        output=sparse.csr_array(accounts.output.toarray()[:, keep]),
        capital_required=sparse.csr_array(required.reshape(n, -1)),
        value_added={name: item[keep] for name, item in accounts.value_added.items()},
        conversions=_converting(accounts.conversions, keep),
        **{name: getattr(accounts, name)[..., keep] for name in BY_ACTIVITY},
    )


def _converting(conversions: Conversions, keep: Mask) -> Conversions:
    """Conversions between activities that are kept, at their new positions."""
    place = np.cumsum(keep) - 1
    stays = keep[conversions.source] & keep[conversions.target]
    return Conversions(
        conversions.kind[stays],
        place[conversions.source[stays]],
        place[conversions.target[stays]],
        conversions.share[stays],
        conversions.delay[stays],
        conversions.required[:, stays],
    )


def _with_activities(economy: Economy, mended: Mapping[str, RegionAccounts]) -> Economy:
    """The economy with these accounts; carried tables lose the activities that are dropped."""
    found = books.with_regions(economy, mended)
    known = {(a.region, name) for a in found.regions for name in a.activities}
    gone = {(a.region, name) for a in economy.regions for name in a.activities} - known
    if not gone:
        return found
    carried: dict[str, Any] = {n: _without_rows(getattr(economy, n), gone) for n in CARRIED}
    return replace(found, **carried)


def _without_rows(table: pd.DataFrame | None, gone: set[tuple[str, str]]) -> pd.DataFrame | None:
    if table is None or "activity" not in table:
        return table
    pairs = pd.MultiIndex.from_frame(table[["region", "activity"]])
    return table[~pairs.isin(sorted(gone))].reset_index(drop=True)
