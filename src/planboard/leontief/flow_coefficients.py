"""Coefficients of published flows: per unit of what a column makes, or of what a row sells.

Everything is found by its label, and nothing is divided by an output of zero: the column of what is
not made is empty because its flows are, or it is refused.
"""

import numpy as np
import pandas as pd

from planboard.economy import Array
from planboard.errors import InvalidTableError
from planboard.tables import InputOutputTable

REPAIR = "Correct the table: book the flow elsewhere, or the output that it belongs to."


def coefficients(flows: pd.DataFrame, gross_output: pd.Series) -> pd.DataFrame:
    """Flows per unit of the output of their column: A of transactions, S of factors.

        A[i,j] = Z[i,j] / x[j],    S[k,j] = F[k,j] / x[j]

    Parameters
    ----------
    flows
        Anything by (region, sector): transactions, value added, factors.
    gross_output
        x, with the labels of the columns in any order.

    Returns
    -------
    table with the labels of the flows [unit of the row / unit of output]

    Raises
    ------
    InvalidTableError
        Labels that do not fit; an output below zero; flows into what is not made.

    Notes
    -----
    One dense copy. Source: Miller and Blair (2009), *Input-Output Analysis*, 2nd ed., ch. 2.
    """
    output = aligned(gross_output, flows.columns)
    values = flows.to_numpy(dtype=np.float64)
    refuse_flows_of_nothing(values, output, flows.columns, "takes")
    return pd.DataFrame(
        divided(values, output, axis=1), index=flows.index, columns=flows.columns, copy=False
    )


def output_coefficients(transactions: pd.DataFrame, gross_output: pd.Series) -> pd.DataFrame:
    """Sales to each sector per unit of the seller's output: B of Ghosh's model.

        B[i,j] = Z[i,j] / x[i]

    Only for rows that have an output, so for a table whose rows are its columns. Source: Ghosh
    (1958), Economica 25: 58-64; Miller and Blair (2009), ch. 12.
    """
    output = aligned(gross_output, transactions.index)
    values = transactions.to_numpy(dtype=np.float64)
    refuse_flows_of_nothing(values.T, output, transactions.index, "sells")
    return pd.DataFrame(
        divided(values, output, axis=0),
        index=transactions.index,
        columns=transactions.columns,
        copy=False,
    )


def own_rows(table: InputOutputTable, flows: pd.DataFrame) -> pd.DataFrame:
    """The rows of what the table's own sectors sell, in the order of its columns.

    Origins without accounts are left out: what comes from them is not made here. No copy where
    these rows stand together in the order of the columns.
    """
    columns = table.transactions.columns
    at = flows.index.get_indexer(columns)
    without = [label_text(label) for label in columns[at < 0]]
    own = flows.index.get_level_values("region").isin(table.regions)
    more = [label_text(label) for label in flows.index[own].difference(columns, sort=False)]
    faults = [f"{name}: takes inputs, but has no row of sales" for name in without]
    faults += [f"{name}: sells, but has no column" for name in more]
    if faults:
        raise InvalidTableError(
            f"Table '{table.publication.name}' is not square, as Leontief's model needs.",
            faults,
            "Give every sector of a region with accounts one row and one column. A supply and use "
            "table becomes symmetric by one of the technology models A to D.",
        )
    if np.array_equal(at, np.arange(at[0], at[0] + len(at))):
        return flows.iloc[int(at[0]) : int(at[0]) + len(at)]
    return flows.iloc[at]


def outside_rows(table: InputOutputTable, flows: pd.DataFrame) -> pd.DataFrame:
    """The rows of origins without accounts: what comes from them leaks out of the model."""
    own = flows.index.get_level_values("region").isin(table.regions)
    return flows.loc[~own]


def aligned(values: pd.Series, labels: pd.Index) -> Array:
    """Numbers laid out on these labels, each of which must be there once."""
    if not values.index.equals(labels):
        missing = [label_text(label) for label in labels.difference(values.index, sort=False)]
        more = [label_text(label) for label in values.index.difference(labels, sort=False)]
        twice = [label_text(label) for label in values.index[values.index.duplicated()].unique()]
        faults = [f"{name}: no output" for name in missing]
        faults += [f"{name}: has an output, but no flows" for name in more]
        faults += [f"{name}: stands twice" for name in twice]
        if faults:
            raise InvalidTableError(
                "Gross output and flows do not have the same labels.",
                faults,
                "Every sector needs one output; names are matched to the letter.",
            )
        values = values.reindex(labels)
    found = values.to_numpy(dtype=np.float64)
    if np.isnan(found).any():
        raise InvalidTableError(
            "Gross output has cells without a number.",
            [label_text(label) for label in labels[np.isnan(found)]],
            "A missing number is not zero: correct the table, or write the zeros.",
        )
    return found


def divided(values: Array, output: Array, *, axis: int, out: Array | None = None) -> Array:
    """Flows over output along an axis; what is not made has zeros, as its flows were seen to be."""
    safe = np.where(output != 0, output, 1.0)
    return np.divide(values, safe if axis == 1 else safe[:, None], out=out)


def refuse_flows_of_nothing(values: Array, output: Array, labels: pd.Index, verb: str) -> None:
    """Refuse an output below zero, and flows of what is not made; `values` has a column for each.

    Raises
    ------
    InvalidTableError
        Every place at fault, the largest flow first.
    """
    below = [
        f"{label_text(labels[j])}: output {output[j]:,.6g}"
        for j in np.nonzero(output < 0)[0].tolist()
    ]
    nothing = np.nonzero(output == 0)[0]
    largest = np.abs(values[:, nothing]).max(axis=0, initial=0.0)
    order = [place for place in np.argsort(-largest, kind="stable") if largest[place] > 0]
    nought = [
        f"{label_text(labels[int(nothing[place])])}: output 0, {verb} {largest[place]:,.6g} or more"
        for place in order
    ]
    if below or nought:
        raise InvalidTableError(
            "There are no coefficients of what is not made.",
            [*below, *nought],
            REPAIR,
        )


def label_text(label: object) -> str:
    """A label as a reader writes it: the names of its levels beside each other."""
    return " ".join(map(str, label)) if isinstance(label, tuple) else str(label)
