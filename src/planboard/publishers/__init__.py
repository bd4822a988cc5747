"""Publishers: one file for every format that is read, all behind one list."""
