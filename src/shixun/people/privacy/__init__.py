"""What people are told about their own data, that they have read it, and what is kept of each of them."""
