"""The ``shixun`` command.

Owns: the command line of the product. Reads: settings. Asks: the rooms' own actions and checks. Writes: nothing itself.
A command is a module with ``add_arguments(parser)`` and ``run(args) -> int``; it is imported only when it is called,
so that the rulebook's commands never wait for Django.
"""
