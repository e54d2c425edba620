"""The shixun command; top floor, imports what it starts."""
