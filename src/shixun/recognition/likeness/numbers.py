"""One certificate number under its different ways of being written."""

import unicodedata

_HEADS = ("NO", "编号", "证书编号")


def number_key(number: str) -> str:
    """A certificate's number as it is compared: half width, capitals, letters and digits only."""
    key = "".join(sign for sign in unicodedata.normalize("NFKC", number).upper() if sign.isalnum())
    return next((key[len(head) :] for head in _HEADS if key.startswith(head) and len(key) > len(head)), key)
