"""The two kinds of sheets this room takes in: the national training record, and the results of a class."""
