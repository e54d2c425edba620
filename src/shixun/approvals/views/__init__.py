"""Pages of the room: the inbox and what belongs to it, one case beside its decision, many at once, levels."""
