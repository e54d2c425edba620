"""Files handed in: kept outside every public folder, judged by their content, removed when they have served.

What a file is called says nothing of what it is; only its first bytes and its inside count.
"""

import hashlib
import zipfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from shixun.kernel.models import StoredFile
from shixun.kernel.refusals import Refusal

XLSX, CSV = "xlsx", "csv"
KEPT_FOR = timedelta(days=180)
# What the parts of a workbook may come to when unpacked, and how many parts there may be.
_UNPACKED_LIMIT = 1_500_000_000
_PARTS_LIMIT = 5_000
_HEAD = 65_536
_OLD_OFFICE = bytes.fromhex("D0CF11E0A1B11AE1")
_HELP = "请在 Excel 或 WPS 中另存为“Excel 工作簿（*.xlsx）”或“CSV”后重新上传。"


def store_spreadsheet(upload: BinaryIO, *, name: str, size: int, at: datetime) -> StoredFile:
    """Keep a spreadsheet that somebody sent. Raises ``Refusal`` for what is not one, is too large, or is a trap."""
    limit = settings.UPLOAD_MEGABYTES
    if size > limit * 1_000_000:
        raise Refusal(
            f"文件有 {size / 1e6:.0f} MB，超过上限 {limit} MB，没有保存。", who_can="请拆成几个文件上传。", status=413
        )
    if size == 0:
        raise Refusal("文件是空的，没有保存。", who_can="请核对后重新选择文件。", status=409)
    kind = _kind_of(upload)
    digest = hashlib.sha256()
    upload.seek(0)
    while chunk := upload.read(1 << 20):
        digest.update(chunk)
    upload.seek(0)
    path = default_storage.save(f"imports/{at:%Y%m}/{uuid4().hex}.{kind}", File(upload))
    return StoredFile.objects.create(
        name=name[-200:],
        kind=kind,
        size=size,
        sha256=digest.hexdigest(),
        path=path,
        created_at=at,
        keep_until=at + KEPT_FOR,
    )


def delete_expired(at: datetime) -> int:
    """Remove the content of files that are past their day; their rows stay and say so."""
    removed = 0
    for row in StoredFile.objects.filter(keep_until__lte=at, removed_at=None):
        remove(row, at=at)
        removed += 1
    return removed


def remove(row: StoredFile, *, at: datetime) -> None:
    """Remove the content of one file, and what was read from it, once the caller's transaction is committed."""
    paths = (row.path, *row.parts)
    row.removed_at, row.parts = at, []
    row.save(update_fields=["removed_at", "parts"])
    transaction.on_commit(partial(_delete, paths), robust=True)


def _delete(paths: Iterable[str]) -> None:
    for path in paths:
        if default_storage.exists(path):
            default_storage.delete(path)


def _kind_of(upload: BinaryIO) -> str:
    upload.seek(0)
    head = upload.read(_HEAD)
    if head.startswith(_OLD_OFFICE):
        raise Refusal("这是旧的 xls 格式，或者设有打开密码，不能读取。", who_can=_HELP, status=415)
    if head.startswith(b"PK\x03\x04"):
        _check_workbook(upload)
        return XLSX
    if _is_text(head):
        return CSV
    raise Refusal("这个文件不是表格：按内容看既不是 xlsx，也不是文本。", who_can=_HELP, status=415)


def _check_workbook(upload: BinaryIO) -> None:
    """A zip file is a workbook by its parts; one that would unpack to too much is a trap."""
    try:
        with zipfile.ZipFile(upload) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise Refusal("文件已经损坏，不能读取。", who_can=_HELP, status=415) from None
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise Refusal("这个压缩文件不是 Excel 工作簿。", who_can=_HELP, status=415)
    if "xl/vbaProject.bin" in names:
        raise Refusal("文件里带有宏，不能上传。", who_can=_HELP, status=415)
    if len(parts) > _PARTS_LIMIT or sum(part.file_size for part in parts) > _UNPACKED_LIMIT:
        raise Refusal("文件展开后过大，没有读取。", who_can="请删去不需要的工作表和空白区域后重新保存。", status=413)


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    # A head may end in the middle of a character, so its last few bytes are not judged.
    controls = sum(byte < 32 and byte not in b"\t\r\n\f" for byte in head)
    if controls:
        return False
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False
