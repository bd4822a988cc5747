"""`python -m planboard` is the command line."""

from planboard.cli import main

main()
