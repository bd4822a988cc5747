"""Can the technology feed itself, and does every activity have one?"""

import numpy as np
from scipy.optimize import linprog

from planboard.audit.finding import GRAVE, Finding, listed
from planboard.economy import Array, Economy, RegionAccounts
from planboard.errors import InvalidEconomyError
from planboard.leontief import (
    HawkinsSimon,
    circuit_text,
    has_value_added,
    hawkins_simon,
    product_makers,
    technology_matrix,
)


def unproductive_technology(economy: Economy) -> list[Finding]:
    """Regions where making everything takes all of it or more, with the circuit at fault."""
    findings = []
    for accounts in economy.regions:
        try:
            product_makers(economy, accounts)
        except InvalidEconomyError:
            findings += _rectangular(economy, accounts)
            continue
        if has_value_added(technology_matrix(economy, accounts.region).to_numpy()):
            continue
        found = hawkins_simon(economy, accounts.region)
        if not found.is_productive:
            findings.append(_unproductive(economy, accounts, found))
    return findings


def _unproductive(economy: Economy, accounts: RegionAccounts, found: HawkinsSimon) -> Finding:
    """The circuit, and what its lags or imports change."""
    places = [economy.product_names.index(name) for name in found.circuit]
    lag = np.asarray(accounts.output @ accounts.input_lag)[places].any()
    bought = accounts.imports.sum(axis=1)[places].any()
    radius = found.spectral_radius
    effect = "no final demand can be met without imports"
    if lag:
        effect = f"with inputs a year ahead it shrinks to {1 / radius:.3g} of itself every year"
    return Finding(
        "unproductive_technology",
        "warning" if lag or bought else "error",
        accounts.region,
        found.circuit[0],
        radius,
        f"Technology of {accounts.region} takes as much as it makes or more (spectral radius "
        f"{radius:.4g}): {effect}. Circuit at fault: {circuit_text(found.circuit)}, which passes "
        f"on {found.passed_on:.4g} of a unit per step.",
        "Correct an input on the circuit: it must take less of itself than it makes.",
    )


def _rectangular(economy: Economy, accounts: RegionAccounts) -> list[Finding]:
    """Where activities have several products: is there a mix that makes more of all made?

    maximise t ≤ 1  with  (output − input) x ≥ t · supply,  x ≥ 0:  t = 1 if there is, else 0, and
    then the duals are prices at which no activity covers its inputs.
    """
    output = accounts.output.toarray()
    made = np.nonzero((output > 0).any(axis=1))[0]
    scale = np.where(accounts.total_supply > 0, accounts.total_supply, output.max(axis=1))[made]
    net = ((output - accounts.input.toarray())[made]) / scale[:, None]
    level = np.where(accounts.level > 0, accounts.level, 1.0)
    rows = np.column_stack([-net * level, np.ones(len(made))])
    cost = np.append(np.zeros(len(level)), -1.0)
    bounds = [(0, None)] * len(level) + [(0, 1)]
    answer = linprog(cost, A_ub=rows, b_ub=np.zeros(len(made)), bounds=bounds, method="highs")
    if answer.x is None or answer.x[-1] > 0.5:
        return []
    weight = np.abs(answer.ineqlin.marginals)
    names = [economy.product_names[made[k]] for k in np.argsort(-weight) if weight[k] > 1e-9]
    return [
        Finding(
            "unproductive_technology",
            "warning" if accounts.imports.any() else "error",
            accounts.region,
            names[0] if names else "",
            1.0,
            f"No mix of activities of {accounts.region} makes more of everything than it takes: "
            f"{listed(names)} feed on themselves.",
            "Correct an input of the activities that make them.",
        )
    ]


def empty_activities(economy: Economy) -> list[Finding]:
    """Activities that make nothing and open nothing up, so that no plan can start them.

    One finding for all of them whose product can still be had, and one for those whose cannot.
    """
    served: list[tuple[str, str]] = []
    unserved: list[tuple[str, str]] = []
    for accounts in economy.regions:
        idle = (accounts.output.sum(axis=0) == 0) & (accounts.factor_supply.sum(axis=0) == 0)
        for j in np.nonzero(idle)[0]:
            name = accounts.activities[j]
            place = unserved if _is_short(economy, accounts, name) else served
            place.append((accounts.region, name))
    total = sum(len(accounts.activities) for accounts in economy.regions)
    return [
        Finding(
            "zero_output",
            severity,
            idle[0][0] if len({region for region, _ in idle}) == 1 else "",
            idle[0][1] if len({name for _, name in idle}) == 1 else "",
            len(idle) / total,
            f"{len(idle)} of {total:,} activities "
            f"{'makes' if len(idle) == 1 else 'make'} nothing in the base year: {_listed(idle)}. "
            f"Their inputs are unknown, and no plan can start them; {effect}.",
            "Give each a reference and a recipe (tables activity, use, supply), or import.",
        )
        for idle, severity, effect in (
            (unserved, "warning", "their products are used, and nobody makes or imports them"),
            (served, "note", "what is used of their products is imported"),
        )
        if idle
    ]


def _listed(idle: list[tuple[str, str]]) -> str:
    """Idle activities by name, each with its regions."""
    by_name: dict[str, list[str]] = {}
    for region, name in idle:
        by_name.setdefault(name, []).append(region)
    ordered = sorted(by_name, key=lambda name: -len(by_name[name]))
    return "; ".join(f"{name} in {listed(by_name[name], 40)}" for name in ordered)


def _is_short(economy: Economy, accounts: RegionAccounts, name: str) -> bool:
    """Whether more is used and exported of an activity's own product than there is."""
    if name not in economy.product_names:
        return False
    i = economy.product_names.index(name)
    taken: Array = accounts.input @ accounts.level + accounts.final_use.sum(axis=1)
    taken = taken + accounts.exports.sum(axis=1)
    return float(taken[i]) > (1 + GRAVE) * float(accounts.total_supply[i])
