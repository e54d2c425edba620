"""规则库: training policy as data and the small exact engine that judges a teacher by it.

Plain Python: no Django, no database, no clock. Facts in, decisions with their articles out.
"""
