"""Leontief's model of an Economy and of a published table: requirements, prices, footprints.

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

Of a published table (`InputOutputTable`), its own answers: multipliers, linkages, footprints,
extraction, prices, trade in value added. `table_of` makes such a table of an Economy.
"""

from planboard.leontief.answers import table_answers as table_answers
from planboard.leontief.balances import all_gaps as all_gaps
from planboard.leontief.balances import product_gaps as product_gaps
from planboard.leontief.circuits import HawkinsSimon as HawkinsSimon
from planboard.leontief.circuits import circuit_text as circuit_text
from planboard.leontief.circuits import has_value_added as has_value_added
from planboard.leontief.circuits import hawkins_simon as hawkins_simon
from planboard.leontief.circuits import largest_circuit as largest_circuit
from planboard.leontief.circuits import spectral_radius as spectral_radius
from planboard.leontief.economy_table import table_of as table_of
from planboard.leontief.extraction import extraction_effects as extraction_effects
from planboard.leontief.extraction import hypothetical_extraction as hypothetical_extraction
from planboard.leontief.factors import VALUE_ADDED as VALUE_ADDED
from planboard.leontief.factors import factor_coefficients as factor_coefficients
from planboard.leontief.factors import factor_names as factor_names
from planboard.leontief.factors import factor_uses as factor_uses
from planboard.leontief.factors import idle_uses as idle_uses
from planboard.leontief.flow_coefficients import coefficients as coefficients
from planboard.leontief.flow_coefficients import output_coefficients as output_coefficients
from planboard.leontief.flow_coefficients import outside_rows as outside_rows
from planboard.leontief.flow_coefficients import own_rows as own_rows
from planboard.leontief.footprint_accounts import Footprints as Footprints
from planboard.leontief.footprint_accounts import final_use_by_region as final_use_by_region
from planboard.leontief.footprint_accounts import footprints as footprints
from planboard.leontief.linkages import backward_linkages as backward_linkages
from planboard.leontief.linkages import forward_linkages as forward_linkages
from planboard.leontief.linkages import key_sectors as key_sectors
from planboard.leontief.model import gross_output as gross_output
from planboard.leontief.model import leontief_inverse as leontief_inverse
from planboard.leontief.model import multipliers as multipliers
from planboard.leontief.model import prices as prices
from planboard.leontief.model import value_added_per_unit as value_added_per_unit
from planboard.leontief.price_model import price_change as price_change
from planboard.leontief.requirements import Requirements as Requirements
from planboard.leontief.requirements import ghosh_inverse as ghosh_inverse
from planboard.leontief.requirements import requirements_of as requirements_of
from planboard.leontief.requirements import total_requirements as total_requirements
from planboard.leontief.rounding import Rounding as Rounding
from planboard.leontief.rounding import rounding_of as rounding_of
from planboard.leontief.table_multipliers import cost_contents as cost_contents
from planboard.leontief.table_multipliers import factor_multipliers as factor_multipliers
from planboard.leontief.table_multipliers import output_multipliers as output_multipliers
from planboard.leontief.table_multipliers import type_one_multipliers as type_one_multipliers
from planboard.leontief.technology import origin_shares as origin_shares
from planboard.leontief.technology import product_makers as product_makers
from planboard.leontief.technology import technology_matrix as technology_matrix
from planboard.leontief.value_added_trade import gross_trade as gross_trade
from planboard.leontief.value_added_trade import trade_in_value_added as trade_in_value_added
