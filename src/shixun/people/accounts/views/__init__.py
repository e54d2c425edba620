"""Pages of accounts: signing in, one's own account, the accounts officers look after."""
