"""The one way spreadsheets come in: read, map headings, check every cell, preview, apply whole or in steps.

A room declares an ``ImportKind`` (``kinds.py``) at start-up: its columns (``fields.Field`` with a parser of
``parsers.py`` or its own), and an ``Importer`` that checks rows together, says what they would change, and writes the
changes. Pages, mapping memory, repairs, jobs, template, failed rows and history are done here, once for all kinds.
"""
