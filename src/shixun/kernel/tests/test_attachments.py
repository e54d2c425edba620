"""Evidence is what its content says; a photo loses place and device; nothing that acts is kept."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from shixun.kernel.attachments import open_photo, serve, store_attachment
from shixun.kernel.refusals import Refusal
from shixun.kernel.testing import a_pdf, a_photo

AT = datetime(2019, 10, 14, 9, tzinfo=UTC)


def _stored(content: bytes, name: str = "证书.jpg") -> Any:
    return store_attachment(io.BytesIO(content), name=name, size=len(content), at=AT)


def test_a_photo_is_turned_upright_and_says_nothing_of_place_or_device(db: None) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Phone"
    exif.get_ifd(0x8825)[2] = (31.0, 13.0, 0.0)
    made = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(made, "JPEG", exif=exif)
    kept = _stored(made.getvalue(), "C:\\照片\\证书.png")
    assert (kept.width, kept.height, kept.file.kind, kept.file.name) == (40, 60, "jpg", "证书.png")
    with default_storage.open(kept.file.path) as held:
        assert len(Image.open(held).getexif()) == 0
    assert open_photo(kept.file).size == (40, 60)


def test_what_it_is_called_does_not_count(db: None) -> None:
    assert _stored(a_pdf(), "照片.jpg").file.kind == "pdf"
    assert _stored(a_photo(), "文件.pdf").file.kind == "jpg"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<html><script>alert(1)</script></html>", "不是照片"),
        (b"GIF89a" + bytes(200), "不是照片"),
        (a_photo()[:400], "不是照片"),
        (b"%PDF-1.4 nothing more", "不完整"),
        (a_pdf().replace(b"/Type /Catalog", b"/OpenAction 1 0 R /Type /Catalog"), "自动动作"),
        (a_pdf().replace(b"trailer", b"/Encrypt 5 0 R trailer"), "密码"),
    ],
)
def test_anything_else_is_refused(db: None, content: bytes, says: str) -> None:
    with pytest.raises(Refusal, match=says):
        _stored(content)


def test_what_is_too_large_is_refused(db: None, settings: Any) -> None:
    settings.EVIDENCE_MEGABYTES = 1
    with pytest.raises(Refusal, match="超过上限 1 MB"):
        store_attachment(io.BytesIO(b""), name="x", size=2_000_000, at=AT)


def test_it_is_served_as_what_it_is(db: None) -> None:
    answer = serve(_stored(a_photo()).file, small=True)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert Image.open(io.BytesIO(b"".join(answer.streaming_content))).width <= 320
