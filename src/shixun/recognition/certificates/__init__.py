"""Papers (学分证明、培训档案、证书、用途证明): what the credit bank says of somebody, on a sheet that anyone can check.

A paper is a row whose content is everything printed on it; its digest is a leaf of the log ``papers``. The sheet is
made from the content whenever it is asked for, the same bytes every time. Its QR carries number, digest, the proof and
the signed head, so that it can be checked without us, and the public page says whether it still holds.
"""
