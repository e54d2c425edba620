"""Photos and PDF handed in as evidence: judged by their content, freed of place and device, kept privately.

A photo is drawn anew, turned upright: what a camera wrote into it (place, device, time) does not stay, and nothing that
was hidden behind the picture comes along. A PDF is kept as it is, if it holds nothing that acts.
"""

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import BinaryIO
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import FileResponse
from django.utils.http import content_disposition_header
from PIL import Image, ImageOps, UnidentifiedImageError

from shixun.kernel.models import StoredFile
from shixun.kernel.refusals import Refusal

PHOTO, PDF = "jpg", "pdf"
_TYPES = {PHOTO: "image/jpeg", PDF: "application/pdf"}
_FORMATS = ("JPEG", "PNG", "WEBP")
_KEPT_FOR = timedelta(days=365 * 10)
_MOST_PIXELS = 80_000_000
_LONGEST_SIDE, _SMALL_SIDE = 2_400, 320
_ACTING = (b"/JavaScript", b"/JS ", b"/JS(", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/OpenAction")
_HELP = "请拍照（JPG、PNG）或另存为 PDF 后重新上传。"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A stored file, the digest of the bytes as they came, and the size of a photo in pixels (0 for a PDF)."""

    file: StoredFile
    received: str
    width: int = 0
    height: int = 0


def store_attachment(upload: BinaryIO, *, name: str, size: int, at: datetime) -> Attachment:
    """Keep a photo or a PDF. Raises ``Refusal`` for anything else, what is too large, broken, or able to act."""
    limit = settings.EVIDENCE_MEGABYTES
    if size > limit * 1_000_000:
        raise Refusal(
            f"“{name[-60:]}”有 {size / 1e6:.0f} MB，超过上限 {limit} MB，没有保存。",
            who_can="请压缩后或分成几个文件上传。",
            status=413,
        )
    upload.seek(0)
    content = upload.read()
    received = hashlib.sha256(content).hexdigest()
    if content[:1024].lstrip().startswith(b"%PDF-"):
        _check_pdf(content)
        return Attachment(_kept(name, PDF, content, (), at), received)
    photo = _photo(content)
    full, small = _jpeg(photo, _LONGEST_SIDE), _jpeg(photo, _SMALL_SIDE)
    return Attachment(_kept(name, PHOTO, full, (small,), at), received, *photo.size)


def open_photo(row: StoredFile) -> Image.Image:
    """The stored photo. Raises ``OSError`` when its content is gone or cannot be read."""
    with default_storage.open(row.path) as held:
        content = held.read()
    try:
        return Image.open(io.BytesIO(content)).convert("RGB")
    except (SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise OSError(f"{row.path}: {error}") from error


def serve(row: StoredFile, *, small: bool = False) -> FileResponse:
    """Stream a stored attachment, shown in the page and not to be read as anything else. Raises ``Refusal`` if gone."""
    path = str(row.parts[0]) if small and row.parts else row.path
    if row.removed_at is not None or not default_storage.exists(path):
        raise Refusal("这份材料已经不在了。", who_can="需要时请重新上传。", status=409)
    response = FileResponse(default_storage.open(path), content_type=_TYPES[row.kind])
    response["Content-Disposition"] = content_disposition_header(False, _shown_name(row)) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=300"
    return response


def _shown_name(row: StoredFile) -> str:
    return f"{PurePath(row.name).stem or '材料'}.{row.kind}"


def _kept(name: str, kind: str, content: bytes, parts: tuple[bytes, ...], at: datetime) -> StoredFile:
    base = f"evidence/{at:%Y%m}/{uuid4().hex}"
    path = default_storage.save(f"{base}.{kind}", ContentFile(content))
    small: list[str] = [
        default_storage.save(f"{base}-{place}.{kind}", ContentFile(part)) for place, part in enumerate(parts)
    ]
    return StoredFile.objects.create(
        name=PurePath(name.replace("\\", "/")).name[-200:] or "材料",
        kind=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        path=path,
        parts=small,
        created_at=at,
        keep_until=at + _KEPT_FOR,
    )


def _photo(content: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as found:
            if found.width * found.height > _MOST_PIXELS:
                raise Refusal("照片的像素过多，没有保存。", who_can="请缩小后重新上传。", status=413)
            found.verify()
        # After a check an image has to be opened anew to be read.
        with Image.open(io.BytesIO(content), formats=_FORMATS) as found:
            return ImageOps.exif_transpose(found).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Refusal("这个文件不是照片也不是 PDF，或者已经损坏，没有保存。", who_can=_HELP, status=415) from None


def _jpeg(photo: Image.Image, longest: int) -> bytes:
    shown = photo.copy()
    shown.thumbnail((longest, longest))
    made = io.BytesIO()
    shown.save(made, "JPEG", quality=86, optimize=True)
    return made.getvalue()


def _check_pdf(content: bytes) -> None:
    tail = content[-2048:]
    if b"%%EOF" not in tail or b"startxref" not in tail:
        raise Refusal("PDF 不完整或已经损坏，没有保存。", who_can="请重新导出后上传。", status=415)
    if b"/Encrypt" in content:
        raise Refusal("PDF 设有密码，审核人打不开，没有保存。", who_can="请去掉密码后上传。", status=415)
    if any(word in content for word in _ACTING):
        raise Refusal("PDF 里带有脚本、附件或自动动作，没有保存。", who_can="请“打印为 PDF”后上传。", status=415)
