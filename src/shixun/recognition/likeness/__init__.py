"""How alike two things are: pictures of papers, names of events, days; pure computation, no database."""
