"""Who works in the demo: careers of invented people, school by school, and the personas a visitor may become."""
