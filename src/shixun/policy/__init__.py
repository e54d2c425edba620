"""Sign on the door: to be written with the room."""
