"""The first page of each role, the menu of the phone, and the search of the top bar.

Owns no models; reads people; shows what other rooms register. Pages that take panels: ``home:teacher`` (subject
``person``), ``home:officer-figures`` (bare cells of a row of figures), ``home:officer``, and ``home:work`` (all
other roles).
"""
