"""Do capital stocks agree with the investment that is said to have made them?

    δ_t = (K_{t−1} + I_t − K_t)/K_{t−1}

the loss a year that stock K and real investment I imply together. No stock loses less than nothing,
and what it is made of changes slowly: a loss that leaps is a fault of single years, and one that
goes up year by year that of a stock too smooth for its investment.

Source: OECD (2009), *Measuring Capital*, 2nd ed., ch. 4 and 15.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from planboard.audit.finding import Finding, counted, listed, spans
from planboard.audit.imputed import filled_regions
from planboard.audit.panel import Panel
from planboard.audit.units import year_of
from planboard.economy import Array
from planboard.robust import median, middle, ratio, spread

FIRST = 3  # Years whose median loss carries a stock forward.
LONG = 6  # Years of implied loss from which a drift can be told.
LEAP = 0.1  # Change of that loss within a year.
APART = 6.0  # Spreads from the median of the other regions.
GAP = np.log(1.25)  # Stock carried forward over the published one, beside the others'
GAP_ALONE = np.log(1.4)  # … and where there are too few others to compare with.
PEERS = 5
NOWHERE = -0.02  # Implied loss of an activity below which it got capital that nobody invested.


@dataclass(frozen=True, eq=False)
class Stocks:
    """Stock and real investment of whole regions, year against year, and what they imply.

    before, after, invested : shape (R, T − 1), of the activities with all three known
    loss : δ, shape (R, T − 1)
    """

    years: tuple[int, ...]
    before: Array
    after: Array
    invested: Array
    loss: Array

    def steady(self) -> "Stocks":
        """The same up to the first year that contradicts the one before."""
        so_far = ~np.logical_or.accumulate(self.broken, axis=1)
        return replace(self, loss=np.where(so_far, self.loss, np.nan))

    @property
    def broken(self) -> NDArray[np.bool_]:
        """Years whose implied loss no stock can have, or that leap from the year before."""
        leap = np.abs(np.diff(self.loss, axis=1, prepend=np.nan)) > LEAP
        return np.asarray(leap | (self.loss < NOWHERE))

    def carried(self, r: int, loss: float) -> tuple[float, int, int]:
        """Stock carried forward with this loss over the published one, at the end; first, last.

        q_t = ((1 − δ) q_{t−1} K_{t−1} + I_t)/K_t,    q = 1 before the first year
        """
        known = np.nonzero(np.isfinite(self.loss[r]))[0]
        quotient = 1.0
        for t in known:
            kept = (1 - loss) * quotient * self.before[r, t]
            quotient = (kept + self.invested[r, t]) / self.after[r, t]
        return float(quotient), self.years[known[0]] - 1, self.years[known[-1]]


def capital_contradicts_investment(panel: Panel) -> list[Finding]:
    """Regions whose stock of capital cannot have come from their investment."""
    if not panel.has("capital_stock", "investment", "investment_price"):
        return []
    stocks = _of_regions(panel)
    usual = median(stocks.loss, 1)[:, 0]
    leaping = [int(r) for r in np.nonzero(stocks.broken.any(axis=1))[0]]
    steady = stocks.steady()
    return [
        *(_too_smooth(panel, steady, r, middle(np.delete(usual, r))) for r in _drifting(steady)),
        *(_leaping(panel, stocks, r, float(usual[r])) for r in leaping),
        *_from_nowhere(panel),
    ]


def real_investment(panel: Panel) -> Array:
    """Investment at the constant prices of the stock, shape (R, m, T).

    At prices of the year that the unit of the stock names, else of the year that the price index
    counts as 100.
    """
    price = panel.series["investment_price"]
    year = next(map(year_of, panel.units["capital_stock"]), None)
    if year in panel.years and year != next(map(year_of, panel.units["investment_price"]), None):
        place = panel.years.index(year)
        price = 100 * ratio(price, np.broadcast_to(price[:, :, [place]], price.shape))
    return 100 * ratio(panel.series["investment"], price)


def _of_regions(panel: Panel) -> Stocks:
    stock, invested = panel.series["capital_stock"], real_investment(panel)
    parts = np.stack([stock[:, :, :-1], stock[:, :, 1:], invested[:, :, 1:]])
    known = np.isfinite(parts).all(axis=0)
    before, after, new = np.where(known, parts, 0.0).sum(axis=2)
    loss = ratio(before + new - after, np.where(after > 0, before, 0.0))
    return Stocks(panel.years[1:], before, after, new, loss)


def _drifting(stocks: Stocks) -> list[int]:
    """Regions whose stock goes another way than investment and the loss of its first years make."""
    gap = np.full(len(stocks.loss), np.nan)
    for place, loss in enumerate(stocks.loss):
        known = loss[np.isfinite(loss)]
        if len(known) >= LONG:
            gap[place] = np.log(stocks.carried(place, middle(known[:FIRST]))[0])
    drifting = []
    for r in np.nonzero(np.abs(gap) > GAP)[0]:
        others = np.delete(gap, r)
        if np.isfinite(others).sum() < PEERS:
            limit = GAP_ALONE
        else:
            limit = max(GAP, APART * spread(others)) + middle(others) * np.sign(gap[r])
        if abs(gap[r]) > limit:
            drifting.append(int(r))
    return drifting


def _too_smooth(panel: Panel, stocks: Stocks, r: int, peers: float) -> Finding:
    known = np.nonzero(np.isfinite(stocks.loss[r]))[0]
    losses = stocks.loss[r, known]
    own, first, last = stocks.carried(r, middle(losses[:FIRST]))
    grown = stocks.after[r, known] / stocks.before[r, known]
    growth = float(np.prod(grown) ** (1 / len(known)) - 1)
    invested = stocks.invested[r, known]
    faster = float((invested[-1] / invested[0]) ** (1 / max(len(known) - 1, 1)) - 1)
    beside = ""
    if np.isfinite(peers):
        beside = f" (median elsewhere {peers:.1%}; with that, {stocks.carried(r, peers)[0]:.2f})"
    is_filled = panel.regions[r] in filled_regions(panel.economy, ["capital_stock"])
    return Finding(
        "capital_contradicts_investment",
        "warning",
        panel.regions[r],
        "capital_stock",
        own - 1,
        f"Capital of {panel.regions[r]} does not follow its investment: from {first} to {last} the "
        f"published stock grows {growth:.1%} a year and real investment {faster:.1%}, so that the "
        f"stock would lose {losses[0]:.1%} a year at first and {losses[-1]:.1%} at last. Carried "
        f"forward with the loss of its first years, the stock of {last} is {own:.2f} times the "
        f"published one{beside}."
        + (" The books rest on a stock that was filled in." if is_filled else ""),
        "Replace the stock by perpetual inventory from its investment, with the depreciation of "
        "other regions.",
    )


def _leaping(panel: Panel, stocks: Stocks, r: int, usual: float) -> Finding:
    """A region of which single years contradict each other."""
    at = np.nonzero(stocks.broken[r])[0]
    years = [stocks.years[t] for t in at]
    worst = at[np.argmax(np.abs(stocks.loss[r, at] - usual))]
    shown = [t for t in (worst - 1, worst) if t >= 0 and np.isfinite(stocks.loss[r, t])]
    told = " and ".join(f"{stocks.loss[r, t]:.1%} in {stocks.years[t]}" for t in shown)
    return Finding(
        "capital_contradicts_investment",
        "warning" if min(years) <= panel.economy.base_year else "note",
        panel.regions[r],
        "capital_stock",
        float(stocks.loss[r, worst]),
        f"Capital of {panel.regions[r]} contradicts its investment in {spans(years)}: together "
        f"they say that the stock lost {told}, and {usual:.1%} in most years.",
        "Correct the stock or the investment of these years, or carry the stock forward by "
        "perpetual inventory.",
    )


def _from_nowhere(panel: Panel) -> list[Finding]:
    """One finding for all activities whose stock grew by more than they invested."""
    stock, invested = panel.series["capital_stock"], real_investment(panel)
    loss = ratio(stock[:, :, :-1] + invested[:, :, 1:] - stock[:, :, 1:], stock[:, :, :-1])
    wrong = loss < NOWHERE
    if not wrong.any():
        return []
    by_activity = wrong.any(axis=2).sum(axis=0)
    mostly = [panel.activities[j] for j in np.argsort(-by_activity) if by_activity[j]]
    r, j, t = np.unravel_index(np.nanargmin(loss), loss.shape)
    name = panel.activities[j]
    return [
        Finding(
            "capital_from_nowhere",
            "note",
            "",
            "capital_stock",
            float(-loss[r, j, t]),
            f"Capital grew by more than was invested in {counted(int(wrong.sum()), 'year')} of "
            f"{counted(int(wrong.any(axis=2).sum()), 'activity')}, mostly {listed(mostly, 3)}; "
            f"most in {name} of {panel.regions[r]}, by {-loss[r, j, t]:.0%} in "
            f"{panel.years[t + 1]}.",
            "None is needed where ships, aircraft or whole firms changed hands; else correct it.",
        )
    ]
