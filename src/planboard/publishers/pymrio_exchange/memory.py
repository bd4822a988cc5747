"""To and from pymrio in memory: an `IOSystem` and an input-output table, without loss."""

from collections.abc import Mapping
from typing import Any, Unpack

import pandas as pd

from planboard.errors import InvalidTableError
from planboard.publishers.pymrio_exchange.inward import table_of
from planboard.publishers.pymrio_exchange.layout import PymrioTable
from planboard.publishers.pymrio_exchange.outward import system_of
from planboard.publishers.pymrio_exchange.publication import Stated
from planboard.publishers.pymrio_exchange.system import Extension, System
from planboard.tables import InputOutputTable


def from_pymrio(
    io: Any, *, roles: Mapping[str, str] | None = None, **head: Unpack[Stated]
) -> PymrioTable:
    """A pymrio system as a table.

    What follows from flows (A, L, S, M, footprints) is left out: it can be calculated again.

    Parameters
    ----------
    io : pymrio.IOSystem
        With Z and Y; of every extension F, with F_Y and unit where there are any.
    roles : mapping, optional
        Category of final use -> role in a plan, where its name does not tell.
    head
        Fields of `planboard.tables.Publication`. pymrio knows no price basis, seldom a year:
        state them, unless the system was made by `to_pymrio`.

    Raises
    ------
    InvalidTableError
        The system has no flows, is not square, mixes units, or nobody states its price basis.
    """
    return table_of(system_in(io), dict(head), roles)


def to_pymrio(table: InputOutputTable) -> Any:
    """A table as `pymrio.IOSystem`: Z, Y, x, unit, extensions; numbers are shared, not copied.

    Publication, roles and history go into the metadata under "planboard". Rows without a column
    (imports) become an extension "imports"; what is sold to regions without accounts becomes a
    category of its seller. `from_pymrio` puts both back.
    """
    import pymrio  # noqa: PLC0415

    system = system_of(table)
    meta = pymrio.MRIOMetaData(name=system.name)
    meta.metadata.update(system.meta)
    return pymrio.IOSystem(
        Z=_shared(system.transactions),
        Y=_shared(system.final_use),
        x=system.gross_output,
        unit=system.unit,
        population=system.population,
        meta=meta,
        **{key: _kept(extension) for key, extension in system.extensions.items()},
    )


def system_in(io: Any) -> System:
    """The flows of a `pymrio.IOSystem`.

    Raises
    ------
    InvalidTableError
        Z, Y or an extension's F is not there.
    """
    extensions = dict(zip(io.get_extensions(), io.get_extensions(data=True), strict=True))
    absent = [name for name in ("Z", "Y") if getattr(io, name) is None]
    absent += [f"{key}.F" for key, extension in extensions.items() if extension.F is None]
    if absent:
        raise InvalidTableError(
            f"The pymrio system '{io.meta.name}' has no flows.",
            [f"not there: {', '.join(absent)}"],
            "Calculate them in pymrio first: io.calc_all().",
        )
    return System(
        transactions=io.Z,
        final_use=io.Y,
        gross_output=io.x,
        unit=io.unit,
        population=io.population,
        extensions={
            key: Extension(str(e.name), e.F, e.F_Y, e.unit) for key, e in extensions.items()
        },
        meta=dict(io.meta.metadata),
    )


def _kept(extension: Extension) -> dict[str, Any]:
    return {
        "name": extension.name,
        "F": extension.flows,
        "F_Y": extension.final_use,
        "unit": extension.unit,
    }


def _shared(flows: pd.DataFrame) -> pd.DataFrame:
    """The same numbers: what is written to one of the two is copied then, and not before."""
    return flows.copy(deep=False)
