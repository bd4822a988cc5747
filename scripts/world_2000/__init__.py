"""The parts of `make_world_2000.py`: reading, tables, years, the record."""
