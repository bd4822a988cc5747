"""Result folders: written to a temporary name and swapped in, read back, never half-written."""

from planboard.results.folder import check_output as check_output
from planboard.results.reading import Result as Result
from planboard.results.reading import read_result as read_result
from planboard.results.writing import write_comparison as write_comparison
from planboard.results.writing import write_refusal as write_refusal
from planboard.results.writing import write_result as write_result
