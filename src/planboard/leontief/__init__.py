"""Leontief's model of an Economy: technology matrix, total requirements, output, prices, circuits.

    A[i,j] = input of product i per unit of output of product j
    x = A x + f,    L = (I − A)⁻¹,    p = Aᵀ p + v

Square only: every product of a region has at most one maker there, and every activity makes one
product. Letters: A technology, x gross output, f final demand, p prices, v value added per unit.
Inputs are counted without their lags. Source: Miller and Blair (2009), *Input-Output Analysis*,
2nd ed., ch. 2 (one region, prices), 3 (many regions) and 6 (multipliers).

With a `region`, its technology with pooled origins: imports count as if made at home. Without, all
regions together, n·R products: an input comes from each origin in the share that this origin has in
the region's use of the product (Chenery and Moses; Miller and Blair, section 3.4); what comes from
partners without accounts leaks out.
"""

from planboard.leontief.circuits import HawkinsSimon as HawkinsSimon
from planboard.leontief.circuits import circuit_text as circuit_text
from planboard.leontief.circuits import hawkins_simon as hawkins_simon
from planboard.leontief.circuits import largest_circuit as largest_circuit
from planboard.leontief.circuits import spectral_radius as spectral_radius
from planboard.leontief.model import gross_output as gross_output
from planboard.leontief.model import leontief_inverse as leontief_inverse
from planboard.leontief.model import multipliers as multipliers
from planboard.leontief.model import prices as prices
from planboard.leontief.model import value_added_per_unit as value_added_per_unit
from planboard.leontief.technology import origin_shares as origin_shares
from planboard.leontief.technology import product_makers as product_makers
from planboard.leontief.technology import technology_matrix as technology_matrix
