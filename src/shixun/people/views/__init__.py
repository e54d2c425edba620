"""Pages of the room, one file per family: signing in, organisations, persons, roles."""
