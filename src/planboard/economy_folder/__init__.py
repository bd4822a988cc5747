"""Economy <-> folder: `economy.json` and tidy tables, Parquet or CSV; see `format`."""

from planboard.economy_folder.placing import check_free as check_free
from planboard.economy_folder.placing import new_economy_folder as new_economy_folder
from planboard.economy_folder.reading import bundled_economies as bundled_economies
from planboard.economy_folder.reading import economy_of as economy_of
from planboard.economy_folder.reading import economy_path as economy_path
from planboard.economy_folder.reading import folder_hash as folder_hash
from planboard.economy_folder.reading import read_economy as read_economy
from planboard.economy_folder.writing import economy_head as economy_head
from planboard.economy_folder.writing import economy_tables as economy_tables
from planboard.economy_folder.writing import write_economy as write_economy
from planboard.economy_folder.writing import write_files as write_files
