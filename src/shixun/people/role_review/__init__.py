"""在岗角色复核: every role is looked at once a year by whoever grants it, and confirmed or ended."""
