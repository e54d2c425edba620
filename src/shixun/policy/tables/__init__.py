"""What the room's pages show, as plain shapes: grids of requirements, rules of an article, moves, cases, choices."""
