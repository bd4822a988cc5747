"""Footprints: factors by where they are used, and by whose final use they serve.

With S the factors per unit of output, L the total requirements and Y_r the final use of region r:

    production   S[k,o] Σ_r (L Y_r)[o]                              of each sector o
    consumption  Σ_{s: sector i} (S L)[k,s] Y_r[s]                  of region r, in product i
    imported     the same with S of the other regions alone
    exported     S[k,o] Σ_{r other than that of o} (L Y_r)[o]       of each sector o

These are pymrio's D_pba, D_cba, D_imp and D_exp; the sums over production and over consumption are
equal. Sources: Miller and Blair (2009), ch. 10; Peters (2008), Ecological Economics 65: 13-23;
Stadler (2021), Journal of Open Research Software 9: 8 (pymrio).

What outsiders use to make what is imported from them is not in the table, so it is in no footprint.
The inverse is never formed: K factors of R regions take (K + 1) R solves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from planboard.economy import Array
from planboard.labels import unknown_name
from planboard.leontief.factors import direct_uses, factor_unit, factor_uses, per_made
from planboard.leontief.flow_coefficients import outside_rows, own_rows
from planboard.leontief.requirements import Requirements, requirements_of
from planboard.tables import InputOutputTable

ROWS = 512  # Solved at a time: few megabytes beside the matrix, and no pass over it for nothing.


@dataclass(frozen=True, eq=False)
class Footprints:
    """Factors by producer and by consumer, each factor in its unit.

    production, exported : factor x (region, sector) that uses the factor
    consumption, imported : factor x (region, sector): final use of a region, by product
    direct : factor x region: what final users use themselves, NaN where nothing is published
    flows : (factor, region that uses it) x region that consumes
    units : factor -> unit
    is_closed : whether everything that is used is made here; if not, consumption and imported lack
        what imports from outside embody
    """

    production: pd.DataFrame
    consumption: pd.DataFrame
    imported: pd.DataFrame
    exported: pd.DataFrame
    direct: pd.DataFrame
    flows: pd.DataFrame
    units: dict[str, str]
    is_closed: bool

    def by_region(self) -> pd.DataFrame:
        """One row for each factor and region.

        production and consumption include the direct use of final users, where it is published;
        net_imports = consumption − production, NaN where the table is not closed.

        Returns
        -------
        table: factor, region, production, consumption, imported, exported, direct, net_imports,
        unit; a region without accounts has no production: NaN
        """
        sums = {
            name: getattr(self, name).T.groupby(level="region", sort=False).sum().T
            for name in ("production", "consumption", "imported", "exported")
        }
        direct = self.direct.fillna(0.0)
        frames = []
        for factor, unit in self.units.items():
            rows = pd.DataFrame({name: table.loc[factor] for name, table in sums.items()})
            rows = rows.reindex(self.direct.columns)
            rows[["production", "consumption"]] = rows[["production", "consumption"]].add(
                direct.loc[factor], axis=0
            )
            rows["direct"] = self.direct.loc[factor]
            net = rows["consumption"] - rows["production"]
            rows["net_imports"] = net if self.is_closed else np.nan
            head = {"factor": factor, "region": rows.index}
            frames.append(pd.DataFrame(head | dict(rows.items())).assign(unit=unit))
        return pd.concat(frames, ignore_index=True)


def footprints(
    table: InputOutputTable,
    factors: Sequence[str] | None = None,
    *,
    categories: Sequence[str] | None = None,
    requirements: Requirements | None = None,
) -> Footprints:
    """Production and consumption based accounts of factors.

    Parameters
    ----------
    table
    factors
        Names as `factor_uses` knows them; by default value added and every published factor.
    categories
        Final use that counts, such as ["households"]; all of it by default.
    requirements
        Those of the table, where they are known already.

    Notes
    -----
    Output is what the final use takes. Where rows of the table do not balance, production so
    counted differs from what is published by what that gap would take. Factors of sectors that
    make nothing are in no footprint: see `idle_uses`.
    """
    solved = requirements or requirements_of(table)
    uses = factor_uses(table, factors)
    per_unit = per_made(uses, table).to_numpy()
    bought = final_use_by_region(table, categories)
    output = solved.of(bought.to_numpy())
    regions = uses.columns.get_level_values("region").to_numpy()
    abroad = regions[:, None] != bought.columns.to_numpy()[None, :]

    def made(values: Array) -> pd.DataFrame:
        return pd.DataFrame(per_unit * values, index=uses.index, columns=uses.columns)

    names = [str(name) for name in uses.index]
    consumption, imported = _embodied(solved, per_unit, bought, _products(table, bought))
    products = pd.MultiIndex.from_product(
        [bought.columns, pd.Index(table.sectors)], names=["region", "sector"]
    )

    def bought_by(values: Array) -> pd.DataFrame:
        return pd.DataFrame(values.reshape(len(uses), -1), index=uses.index, columns=products)

    return Footprints(
        production=made(output.sum(axis=1)),
        consumption=bought_by(consumption),
        imported=bought_by(imported),
        exported=made((output * abroad).sum(axis=1)),
        direct=_direct(table, names, categories, bought.columns),
        flows=_flows(uses, per_unit, output, bought.columns),
        units={name: factor_unit(table, name) for name in names},
        is_closed=not any(
            outside_rows(table, flows).to_numpy().any()
            for flows in (table.transactions, table.final_use)
        ),
    )


def final_use_by_region(
    table: InputOutputTable, categories: Sequence[str] | None = None
) -> pd.DataFrame:
    """Final use of what is made here: (region, sector) x region of final use [the table's unit]."""
    own = own_rows(table, table.final_use)
    return _sums_by_region(own.loc[:, _counted(table, categories)], table)


def _counted(table: InputOutputTable, categories: Sequence[str] | None) -> Array:
    """Which columns of final use count."""
    for name in categories or ():
        if name not in table.categories:
            raise unknown_name("category of final use", name, table.categories)
    named = table.final_use.columns.get_level_values("category")
    return np.asarray(named.isin(list(categories if categories is not None else table.categories)))


def _sums_by_region(columns: pd.DataFrame, table: InputOutputTable) -> pd.DataFrame:
    """Columns (region, category) summed by region; every region of final use has a column."""
    regions = table.final_use.columns.get_level_values("region").unique()
    sums = columns.T.groupby(level="region", sort=False).sum().T
    return sums.reindex(columns=regions, fill_value=0.0)


def _embodied(
    solved: Requirements, per_unit: Array, bought: pd.DataFrame, adding: sparse.csr_array
) -> tuple[Array, Array]:
    """Factors in what each region buys, by product, and those used abroad: two of (K, R, products).

    Regions go through the solver together as far as `ROWS` allows: one pass over the matrix serves
    all of them.
    """
    everywhere = solved.embodied(per_unit)
    home = bought.index.get_level_values("region").to_numpy()
    shape = (len(per_unit), bought.shape[1], adding.shape[1])
    consumption, imported = np.empty(shape), np.empty(shape)
    step = max(1, ROWS // len(per_unit))
    for first in range(0, bought.shape[1], step):
        regions = bought.columns[first : first + step]
        away = home[None, :] != regions.to_numpy()[:, None]
        used = (away[:, None, :] * per_unit).reshape(-1, per_unit.shape[1])
        from_abroad = solved.embodied(used).reshape(len(regions), *per_unit.shape)
        for r, region in enumerate(regions):
            amounts = bought[region].to_numpy()
            consumption[:, first + r] = (everywhere * amounts) @ adding
            imported[:, first + r] = (from_abroad[r] * amounts) @ adding
    return consumption, imported


def _products(table: InputOutputTable, bought: pd.DataFrame) -> sparse.csr_array:
    """One in the column of the product of each row."""
    rows = bought.index.get_level_values("sector")
    place = pd.Index(table.sectors).get_indexer(rows)
    return sparse.csr_array(
        (np.ones(len(rows)), (np.arange(len(rows)), place)), shape=(len(rows), len(table.sectors))
    )


def _direct(
    table: InputOutputTable, names: list[str], categories: Sequence[str] | None, regions: pd.Index
) -> pd.DataFrame:
    """Direct use by region, NaN for factors of which nothing is published."""
    found = direct_uses(table, names)
    sums = _sums_by_region(found.loc[:, _counted(table, categories)], table)[regions]
    return sums.where(found.notna().any(axis=1), np.nan)


def _flows(uses: pd.DataFrame, per_unit: Array, output: Array, regions: pd.Index) -> pd.DataFrame:
    """Factors by the region that uses them and the region that they serve."""
    origin = uses.columns.get_level_values("region")
    origins = origin.unique()
    adding = sparse.csr_array(
        (np.ones(len(origin)), (origins.get_indexer(origin), np.arange(len(origin)))),
        shape=(len(origins), len(origin)),
    )
    found = [adding @ (line[:, None] * output) for line in per_unit]
    index = pd.MultiIndex.from_product([uses.index, origins], names=["factor", "origin"])
    columns = pd.Index(regions, name="destination")
    return pd.DataFrame(np.concatenate(found), index=index, columns=columns)
