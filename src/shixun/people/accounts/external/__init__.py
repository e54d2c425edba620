"""Signing in through others: a bureau's OpenID Connect provider and WeChat, both set up in the settings.

Nobody gets an account by it: an identity from elsewhere opens an account that exists and was linked, or, from the
bureau alone, one whose holder's teacher number it vouches for.
"""
