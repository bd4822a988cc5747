"""EXIOBASE 3: world tables of 49 regions, 163 industries (ixi) or 200 products (pxp).

The archives are laid out as pymrio saves a system in text: Z, Y, x, unit, and a folder for each
extension: `satellite` and `impacts` up to release 3.8, `factor_inputs`, `employment`, `energy`,
`land`, `air_emissions` and others since. Million EUR at current basic prices.
"""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from planboard.errors import InvalidTableError
from planboard.publishers.exiobase_accounts import DERIVED, UNIT, beside_of
from planboard.publishers.format import Format, Request, the_year
from planboard.publishers.pymrio_exchange.categories import roles_of
from planboard.publishers.pymrio_exchange.disk import (
    METADATA,
    PARAMETERS,
    one_system,
    read_json,
    read_system,
)
from planboard.publishers.pymrio_exchange.inward import output_of
from planboard.publishers.pymrio_exchange.shelf import Shelf, open_shelf
from planboard.publishers.pymrio_exchange.system import System
from planboard.tables import InputOutputTable, Publication

NAMED = re.compile(r"IOT_((?:19|20)\d\d)_(ixi|pxp)", re.IGNORECASE)
YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
AS_NAMED, SHORT, ALL = "as-named", "short", "all"
SYSTEMS = {"ixi": "industries", "pxp": "products"}
ATTRIBUTION = (
    "Stadler, Wood, Bulavskaya et al. (2018), 'EXIOBASE 3: Developing a Time Series of Detailed "
    "Environmentally Extended Multi-Regional Input-Output Tables', Journal of Industrial Ecology "
    "22: 502-515, doi:10.1111/jiec.12715. Data: doi:10.5281/zenodo.3583070."
)
LICENCE = (
    "that of the release: CC BY-SA 4.0 up to 3.8; from 3.9 one derived from CC BY-NC-SA 4.0 for "
    "non-commercial use, commercial use by agreement (LICENSE.txt of the release)"
)

# Code, the code that some archives of release 3.4 have instead, name.
REGIONS = """
AT AUT Austria|BE BEL Belgium|BG BGR Bulgaria|CY CYP Cyprus|CZ CZE Czechia|DE DEU Germany
DK DNK Denmark|EE EST Estonia|ES ESP Spain|FI FIN Finland|FR FRA France|GR GRC Greece
HR HRV Croatia|HU HUN Hungary|IE IRL Ireland|IT ITA Italy|LT LTU Lithuania|LU LUX Luxembourg
LV LVA Latvia|MT MLT Malta|NL NLD Netherlands|PL POL Poland|PT PRT Portugal|RO ROM Romania
SE SWE Sweden|SI SVN Slovenia|SK SVK Slovakia|GB GBR United Kingdom|US USA United States
JP JPN Japan|CN CHN China|CA CAN Canada|KR KOR South Korea|BR BRA Brazil|IN IND India
MX MEX Mexico|RU RUS Russia|AU AUS Australia|CH CHE Switzerland|TR TUR Türkiye|TW TWN Taiwan
NO NOR Norway|ID IDN Indonesia|ZA ZAF South Africa|WA WWA Rest of Asia and Pacific
WL WWL Rest of America|WE WWE Rest of Europe|WF WWF Rest of Africa|WM WWM Rest of the Middle East
""".replace("\n", "|")
CODES = [line.split(" ", 2) for line in REGIONS.split("|") if line]
LABELS = {code: name for code, _, name in CODES}
OLD_CODES = {old: code for code, old, _ in CODES}


def read(request: Request) -> InputOutputTable:
    """The world table of one year, by industries or by products."""
    wants_all = request.choices.get("extensions", SHORT) == ALL
    with open_shelf(_place(request)) as whole:
        shelf = one_system(whole)
        year, kind = _identity(request, shelf)
        leave_out = () if wants_all else (DERIVED,)
        system = _tidied(read_system(shelf, request.progress, leave_out))
    _check_release(request, system)
    beside = beside_of(system, wants_all=wants_all)
    categories = system.final_use.columns.get_level_values("category").unique()
    return InputOutputTable(
        publication=replace(_publication(system, year, kind), notes=beside.notes),
        transactions=system.transactions,
        final_use=system.final_use,
        gross_output=output_of(system),
        value_added=beside.value_added,
        final_use_taxes=beside.final_use_taxes,
        factors=beside.factors,
        factors_final_use=beside.factors_final_use,
        factor_units=beside.factor_units,
        roles=roles_of(categories, table="EXIOBASE 3"),
    )


def _place(request: Request) -> Path:
    """The source, or of a folder of several archives the one that fits year and system."""
    source = request.source
    if not source.is_dir() or (source / PARAMETERS).exists():
        return source
    places = sorted(source.iterdir())
    found = {place: named for place in places if (named := NAMED.search(place.name))}
    if not found:
        return source
    wanted = request.choices.get("system", AS_NAMED)
    fitting = [p for p, named in found.items() if wanted in (AS_NAMED, named[2].lower())]
    year = the_year(request, sorted({int(found[p][1]) for p in fitting}), "EXIOBASE 3")
    fitting = [p for p in fitting if int(found[p][1]) == year]
    if len(fitting) > 1:
        raise InvalidTableError(
            f"{source} holds several tables of {year}, and nobody said which.",
            [place.name for place in fitting],
            "Choose a system, ixi or pxp, or name one archive.",
        )
    return fitting[0]


def _identity(request: Request, shelf: Shelf) -> tuple[int, str]:
    """Year and system: from the names of archive and folder, else from its metadata."""
    meta = read_json(shelf, METADATA) if METADATA in shelf.names else {}
    told = [shelf.path.name, shelf.root, str(meta.get("name")), str(meta.get("description"))]
    named = next((found for text in told if (found := NAMED.search(text))), None)
    years = [int(named[1])] if named else [int(year) for year in YEAR.findall(told[-1])[:1]]
    if not years and request.year is not None:
        years = [request.year]
    year = the_year(request, years, "EXIOBASE 3")
    kind = (named[2] if named else str(meta.get("system"))).lower()
    wanted = request.choices.get("system", AS_NAMED)
    if kind not in SYSTEMS and wanted == AS_NAMED:
        raise InvalidTableError(
            f"{request.source} does not say whether it is by industries or by products.",
            [],
            "Keep the publisher's name, such as IOT_2019_pxp.zip, or choose a system.",
        )
    if kind in SYSTEMS and wanted not in (AS_NAMED, kind):
        raise InvalidTableError(
            f"{request.source} is a table by {SYSTEMS[kind]} ({kind}), not by {SYSTEMS[wanted]}.",
            [],
            f"Name the archive of {wanted}.",
        )
    return year, kind if kind in SYSTEMS else wanted


def _tidied(system: System) -> System:
    """With the codes of regions that all other archives have."""
    if not set(system.transactions.columns.get_level_values("region")) <= set(OLD_CODES):
        return system
    extensions = {
        key: replace(
            extension,
            flows=_renamed(extension.flows),
            final_use=None if extension.final_use is None else _renamed(extension.final_use),
        )
        for key, extension in system.extensions.items()
    }
    return replace(
        system,
        transactions=_renamed(system.transactions),
        final_use=_renamed(system.final_use),
        gross_output=None if system.gross_output is None else _renamed(system.gross_output),
        unit=None if system.unit is None else _renamed(system.unit),
        extensions=extensions,
    )


def _renamed(values: pd.DataFrame) -> pd.DataFrame:
    """New codes on whichever axis has regions; no number is copied."""
    found: dict[str, Any] = {
        name: OLD_CODES
        for name, axis in (("index", values.index), ("columns", values.columns))
        if "region" in axis.names
    }
    for name, codes in found.items():
        values = values.rename(**{name: codes}, level="region")
    return values


def _check_release(request: Request, system: System) -> None:
    """Refuse what is a pymrio system and not EXIOBASE 3."""
    faults = []
    units = set() if system.unit is None else set(system.unit["unit"])
    if units != {UNIT}:
        faults.append(f"its flows are in {', '.join(sorted(units)) or 'no unit'}, not {UNIT}")
    if not {"satellite", "factor_inputs"} & set(system.extensions):
        faults.append(f"extensions: {', '.join(system.extensions) or 'none'}")
    if faults:
        raise InvalidTableError(
            f"{request.source} is no monetary table of EXIOBASE 3.",
            faults,
            "Other systems that pymrio saved are read as format pymrio.",
        )


def _publication(system: System, year: int, kind: str) -> Publication:
    regions, sectors = (
        system.transactions.columns.get_level_values(level).unique() for level in (0, 1)
    )
    version = str(system.meta.get("version") or "").lstrip("v")
    source = f"EXIOBASE 3{f', version {version}' if version else ''}, IOT_{year}_{kind}"
    return Publication(
        name=f"exiobase3-{year}-{kind}",
        title=f"World economy {year}, {len(regions)} regions x {len(sectors)} {SYSTEMS[kind]}",
        source=source,
        licence=LICENCE,
        attribution=ATTRIBUTION,
        year=year,
        currency="EUR",
        unit=f"million {year} EUR",
        price_basis="basic",
        coverage="world",
        labels={code: LABELS[code] for code in regions if code in LABELS},
        history=(
            {
                "step": "published table",
                "detail": f"{source}, current EUR at basic prices.",
            },
        ),
    )


EXIOBASE3 = Format(
    name="exiobase3",
    title="EXIOBASE 3, monetary: 49 regions x 163 industries (ixi) or 200 products (pxp)",
    needs="IOT_YEAR_ixi.zip or IOT_YEAR_pxp.zip, or a folder of them, packed or not",
    published="Zenodo, doi:10.5281/zenodo.3583070",
    met="model",
    read=read,
    choices={"system": (AS_NAMED, *SYSTEMS), "extensions": (SHORT, ALL)},
)
