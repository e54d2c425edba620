"""Accounts: how somebody proves who she is, and how long the proof holds.

Owns sessions, passwords with their history, second factors, locks and linked sign-ins from elsewhere. Real time counts
here, never the demo's clock. Requirement: DX-01; protection of level 3 (identification, lock-out, expiry).
"""
