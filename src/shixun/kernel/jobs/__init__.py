"""Long work: a job has progress, can be cancelled, and may be left alone until it is done.

A room declares a kind of job at start-up (``kinds.register_job``) and starts one with ``actions.start_job``. The work
runs in the worker; an atomic kind leaves either its whole effect or none. What the room's function gets is a ``Work``:
it reports progress there, and there it learns that it was cancelled. Nobody but the starter and her officers sees it.
"""
