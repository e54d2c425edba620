"""Settings, addresses and entry points of the site; no rule of the domain lives here."""
