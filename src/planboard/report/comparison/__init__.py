"""Plans side by side: in the terminal, and as one HTML page."""

from planboard.report.comparison.page import render_comparison as render_comparison
from planboard.report.comparison.terminal import print_actual as print_actual
from planboard.report.comparison.terminal import print_comparison as print_comparison
from planboard.report.comparison.terminal import print_steps as print_steps
