"""Units that are added up must be alike: of products, hours, prices, money and years."""

import numpy as np

from planboard.audit.finding import Finding, listed
from planboard.audit.panel import Panel
from planboard.audit.units import currencies_of, is_foreign, year_of
from planboard.economy import Array, Economy
from planboard.tables.publication import PRICE_BASES
from planboard.units import scale_of

MONEY = ("output", "value_added", "labour_income", "capital_income", "investment")


def mixed_units(economy: Economy) -> list[Finding]:
    """Products in units of their own without a price, where money adds them up."""
    is_valued = _valued(economy)
    wrong = [
        product
        for product, valued in zip(economy.products, is_valued, strict=True)
        if product.unit != economy.unit and product.price == 1.0 and valued
    ]
    if not wrong or len({product.unit for product in economy.products}) == 1:
        return []
    names = [f"{product.name} ({product.unit})" for product in wrong]
    return [
        Finding(
            "mixed_units",
            "warning",
            "",
            wrong[0].name if len(wrong) == 1 else "",
            len(wrong) / len(economy.products),
            f"Trade, value added and consumption are added up in {economy.unit}, but these are "
            f"counted otherwise and have no price: {listed(names)}.",
            "Give each a price in economy.json: money per unit, in the base year.",
        )
    ]


def _valued(economy: Economy) -> Array:
    """Whether trade, households or value added put a product beside others, shape (n,)."""
    households = economy.with_role("households")
    valued = np.zeros(len(economy.products), dtype=bool)
    for a in economy.regions:
        valued |= a.exports.any(axis=1) | a.imports.any(axis=1)
        valued |= a.final_use[:, households].any(axis=1) | bool(a.value_added)
    return valued


def mixed_hours(economy: Economy) -> list[Finding]:
    """Kinds of labour in different units: they are added up as hours."""
    units = {factor.unit: factor.name for factor in economy.factors if factor.role == "labour"}
    if len(units) < 2:
        return []
    shown = [f"{name} ({unit})" for unit, name in units.items()]
    return [
        Finding(
            "mixed_hours",
            "warning",
            "",
            "",
            1.0,
            f"Kinds of labour are counted in different units: {listed(shown)}.",
            "Count all of them in one unit, such as million hours.",
        )
    ]


def odd_price_basis(economy: Economy) -> list[Finding]:
    """A price basis that is none of those that tables are published at."""
    if economy.price_basis in PRICE_BASES:
        return []
    return [
        Finding(
            "odd_price_basis",
            "error",
            "",
            economy.price_basis,
            1.0,
            f"The price basis '{economy.price_basis}' is none of {', '.join(PRICE_BASES)}: what "
            "a flow includes of taxes and margins is unknown.",
            "Say in economy.json which one holds; flows of two bases are never mixed.",
        )
    ]


def odd_money(economy: Economy) -> list[Finding]:
    """A unit that names another currency than the economy's, or prices of another year."""
    findings = []
    units = dict.fromkeys([economy.unit, *(product.unit for product in economy.products)])
    for unit in units:
        named = [code for code in currencies_of(unit) if code != economy.currency]
        named = named if currencies_of(economy.currency) else []  # Money by another name.
        if named:
            findings.append(
                _money(
                    "mixed_currencies",
                    "error",
                    unit,
                    f"The unit '{unit}' names {listed(named)}, and the currency of the economy is "
                    f"{economy.currency}.",
                    "Bring all flows to one currency, and name it in both places.",
                )
            )
        year = year_of(unit)
        is_deflated = any("defla" in str(step.get("step", "")) for step in economy.history)
        if year not in (None, economy.base_year) and not is_deflated:
            findings.append(
                _money(
                    "prices_of_another_year",
                    "warning",
                    unit,
                    f"The unit '{unit}' is of {year}, and the base year is {economy.base_year}; "
                    "no step of the history says that prices were deflated.",
                    "Correct the unit or the base year, or record the deflation.",
                )
            )
    return findings


def _money(code: str, severity: str, unit: str, message: str, remedy: str) -> Finding:
    return Finding(code, severity, "", unit, 1.0, message, remedy)


def mixed_series_units(panel: Panel) -> list[Finding]:
    """Measures published in several units, and money that nothing brings to the table's."""
    findings = []
    for measure in panel.series:
        units = panel.units[measure]
        scales = {scale_of(unit) for unit in units}
        if len(units) > 1:
            findings.append(
                Finding(
                    "mixed_units",
                    "error" if len(scales) > 1 else "warning",
                    "",
                    measure,
                    float(len(units)),
                    f"The series of {measure} are in {len(units)} units: {listed(list(units))}.",
                    "Bring them to one unit; regions are held beside each other.",
                )
            )
    return [*findings, *_no_rate(panel)]


def _no_rate(panel: Panel) -> list[Finding]:
    """Regions with money of their own and no exchange rate of the base year."""
    money = [measure for measure in MONEY if panel.has(measure)]
    foreign = [m for m in money if any(is_foreign(unit, panel.economy) for unit in panel.units[m])]
    if not foreign:
        return []
    rate = np.isfinite(panel.of_base_year("exchange_rate")).any(axis=1)
    has = np.any([np.isfinite(panel.of_base_year(m)).any(axis=1) for m in foreign], axis=0)
    names = [panel.regions[r] for r in np.nonzero(has & ~rate)[0]]
    if not names:
        return []
    return [
        Finding(
            "no_exchange_rate",
            "warning",
            names[0] if len(names) == 1 else "",
            "exchange_rate",
            len(names) / len(panel.regions),
            f"{listed(foreign, 3)} of {listed(names)} {'is' if len(foreign) == 1 else 'are'} in "
            f"'{panel.units[foreign[0]][0]}', and no exchange rate of {panel.economy.base_year} "
            f"brings them to {panel.economy.currency}.",
            "Add the measure exchange_rate: money of the table per unit of the accounts' money.",
        )
    ]
