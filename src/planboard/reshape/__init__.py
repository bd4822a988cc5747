"""Reshape: Economy -> Economy over other codes, years, prices or units, told in its history."""

from planboard.reshape.aggregation import aggregate as aggregate
from planboard.reshape.concordance import Concordance as Concordance
from planboard.reshape.concordance import Link as Link
from planboard.reshape.concordance import concordance_of as concordance_of
from planboard.reshape.concordance_file import read_concordance as read_concordance
from planboard.reshape.deflation import deflate as deflate
from planboard.reshape.deflators import read_deflators as read_deflators
from planboard.reshape.deflators import series_deflators as series_deflators
from planboard.reshape.disaggregation import disaggregate as disaggregate
from planboard.reshape.joining import join_years as join_years
from planboard.reshape.rescaling import rescale_unit as rescale_unit
from planboard.reshape.shares import Shares as Shares
from planboard.reshape.shares import read_shares as read_shares
from planboard.reshape.shares import shares_of as shares_of
