"""The reference pages, one file for each; `generate_reference.py` writes them."""
