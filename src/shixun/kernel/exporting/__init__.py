"""The one export of what takes longer than a page may: a job writes the table, its starter takes the file for a week.

A list page comes here by itself when it has many rows (``lists``). A room with a table of its own registers a kind of
job whose ``run`` ends with ``files.keep_table`` and whose ``address`` is ``files.address_of``.
"""
