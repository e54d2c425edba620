"""Acting for an absent colleague (代理): one role, between two dates, accepted by whoever takes it over."""
