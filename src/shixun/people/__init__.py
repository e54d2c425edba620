"""Who is who: organisations and their bodies, persons and their numbers, dated appointments, accounts and roles.

Owns these nouns and the actor of a request, and in ``accounts`` how somebody signs in; reads only the kernel; asks
nobody. Every change is written to the audit log. Requirements: DX-01, RW-04.
"""
