"""Is a technology productive, and which circuit of products decides it?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse.csgraph import connected_components

from planboard.economy import Array, Economy, Integers
from planboard.errors import InvalidEconomyError
from planboard.leontief.technology import technology_matrix

PRODUCTIVE = 1 - 1e-9  # A spectral radius above this leaves nothing over; eigenvalues are rounded.


@dataclass(frozen=True)
class HawkinsSimon:
    """Whether a technology is productive, and the circuit of products that decides it.

    spectral_radius : below one, and only then, every final demand can be met (Hawkins and Simon
        1949, Econometrica 17: 245-248)
    circuit : products, each used to make the next and the last to make the first
    passed_on : how much of a unit of a product its circuit takes for every unit it makes, per step
        (geometric mean)
    """

    spectral_radius: float
    circuit: tuple[str, ...]
    passed_on: float

    @property
    def is_productive(self) -> bool:
        """Whether more can be made of everything than making it takes."""
        return self.spectral_radius < PRODUCTIVE


def spectral_radius(economy: Economy, region: str | None = None) -> float:
    """Largest eigenvalue of A by modulus: what everything together takes of itself. No unit."""
    return _radius(technology_matrix(economy, region).to_numpy())


def hawkins_simon(economy: Economy, region: str | None = None) -> HawkinsSimon:
    """Whether a technology is productive, and which circuit of products decides it.

    The spectral radius of A is the largest of those of its strongly connected groups of products
    (Frobenius's normal form). In the group that has it, the circuit with the largest geometric mean
    of coefficients is named. A circuit that takes more of itself than it makes is enough to make a
    technology unproductive; where several circuits only do so together, this is the tightest.
    """
    matrix = technology_matrix(economy, region)
    values = np.maximum(matrix.to_numpy(), 0.0)
    group = _heaviest_group(values)
    circuit, mean = largest_circuit(values[np.ix_(group, group)])
    names = [_name(matrix.index[group[place]], region, economy) for place in circuit]
    return HawkinsSimon(_radius(matrix.to_numpy()), tuple(names), mean)


def productive_matrix(economy: Economy, region: str | None) -> pd.DataFrame:
    """The technology matrix, refused where no final demand could be met with it."""
    matrix = technology_matrix(economy, region)
    if not has_value_added(matrix.to_numpy()) and _radius(matrix.to_numpy()) >= PRODUCTIVE:
        found = hawkins_simon(economy, region)
        raise InvalidEconomyError(
            f"The technology of {region or 'all regions together'} is not productive.",
            [
                f"spectral radius {found.spectral_radius:.6g}: making everything takes all of it",
                f"circuit: {circuit_text(found.circuit)}",
            ],
            "Correct an input on the circuit: it must take less of itself than it makes.",
        )
    return matrix


def has_value_added(matrix: Array) -> bool:
    """Whether every product takes less than its own worth of inputs: then it is productive.

    ρ(A) ≤ max_j Σ_i |a[i,j]|, which is quicker to see than an eigenvalue.
    """
    return bool((np.abs(matrix).sum(axis=0) < PRODUCTIVE).all())


def circuit_text(circuit: tuple[str, ...]) -> str:
    """A circuit as `steel → coal → steel`."""
    return " → ".join((*circuit, *circuit[:1]))


def largest_circuit(values: Array) -> tuple[list[int], float]:
    """The circuit with the largest geometric mean of its entries, and that mean.

    The entry (i, j) is a step from i to j. Karp's theorem on logarithms (1978, Discrete Mathematics
    23: 309-311): with D_k(j) the heaviest walk of k steps that ends in j,

        log mean = max_j min_k (D_n(j) − D_k(j)) / (n − k)

    and every circuit on the heaviest walk of n steps to the best j has that mean.

    Returns
    -------
    positions in the order of the steps, empty where there is no circuit; the mean, then zero
    """
    n = len(values)
    with np.errstate(divide="ignore"):
        step = np.log(values)
    walk, before = np.zeros((n + 1, n)), np.zeros((n + 1, n), dtype=np.int64)
    for k in range(1, n + 1):
        through = walk[k - 1][:, None] + step
        before[k] = through.argmax(axis=0)
        walk[k] = through.max(axis=0)
    ends = np.nonzero(np.isfinite(walk[n]))[0]
    if not len(ends):
        return [], 0.0
    gain = walk[n, ends] - walk[:n, ends]
    mean = (gain / (n - np.arange(n))[:, None]).min(axis=0)
    best = int(mean.argmax())
    return _circuit_on_walk(before, int(ends[best])), float(np.exp(mean[best]))


def _circuit_on_walk(before: Integers, end: int) -> list[int]:
    """The first circuit met going back on a walk of n steps; it begins with its first product."""
    walk = [end]
    for k in range(len(before) - 1, 0, -1):
        walk.append(int(before[k, walk[-1]]))
        if walk[-1] in walk[:-1]:
            circuit = walk[walk.index(walk[-1]) : -1][::-1]
            start = circuit.index(min(circuit))
            return circuit[start:] + circuit[:start]
    return []


def _heaviest_group(values: Array) -> Integers:
    """The strongly connected products with the largest spectral radius."""
    count, label = connected_components(values > 0, directed=True, connection="strong")
    groups = [np.nonzero(label == number)[0] for number in range(count)]
    radius = [_radius(values[np.ix_(group, group)]) for group in groups]
    return groups[int(np.argmax(radius))]


def _radius(matrix: Array) -> float:
    if len(matrix) == 1:
        return float(abs(matrix[0, 0]))
    return float(np.abs(np.linalg.eigvals(matrix)).max(initial=0.0))


def _name(label: tuple[str, str], region: str | None, economy: Economy) -> str:
    """A product's code; with its region where there are several together."""
    return label[1] if region is not None or len(economy.regions) == 1 else " ".join(label)
