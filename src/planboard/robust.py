"""Medians and spreads that a few wild numbers do not move; NaN is what nobody knows."""

import numpy as np

from planboard.economy import Array

# Of a normal distribution, the standard deviation is this many median absolute deviations.
NORMAL = 1.4826


def median(values: Array, axis: int) -> Array:
    """Median of the known values along an axis, which stays, with length one; NaN where none is."""
    if not values.shape[axis]:
        return np.full([1 if k == axis else n for k, n in enumerate(values.shape)], np.nan)
    ordered = np.sort(values, axis=axis)  # NaN comes last.
    known = np.isfinite(ordered).sum(axis=axis, keepdims=True)
    low = np.take_along_axis(ordered, np.maximum((known - 1) // 2, 0), axis=axis)
    high = np.take_along_axis(ordered, np.minimum(known // 2, values.shape[axis] - 1), axis=axis)
    return np.where(known > 0, (low + high) / 2, np.nan)


def middle(values: Array) -> float:
    """Median of all known values."""
    return float(median(values.reshape(1, -1), 1)[0, 0]) if values.size else np.nan


def spread(values: Array) -> float:
    """Median absolute deviation of the known values, scaled to a standard deviation.

    Source: Hampel (1974), Journal of the American Statistical Association 69: 383-393.
    """
    return NORMAL * middle(np.abs(values - middle(values)))


def logarithm(values: Array) -> Array:
    """Natural logarithm, NaN where there is none."""
    known = np.isfinite(values) & (values > 0)
    return np.where(known, np.log(np.where(known, values, 1.0)), np.nan)


def ratio(numerator: Array, denominator: Array) -> Array:
    """Quotient, NaN where the denominator is not positive."""
    known = np.isfinite(denominator) & (denominator > 0)
    return np.where(known, numerator / np.where(known, denominator, 1.0), np.nan)
