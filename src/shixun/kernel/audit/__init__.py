"""The audit log: every change of state writes who, acting as whom, what, when, from where, before and after.

Written through ``record`` and ``record_many`` inside the transaction of the change, and nowhere else. Read by the
auditor on pages of its own; its rows are leaves of a log (``kernel.chronicle``), so that nothing disappears unseen.
"""

from shixun.kernel.audit.trail import event, events_about, events_after, newest_event, record, record_many

__all__ = ["event", "events_about", "events_after", "newest_event", "record", "record_many"]
