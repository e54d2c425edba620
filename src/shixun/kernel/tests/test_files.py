"""Files by their content: what is a spreadsheet, what is a trap, how long it is kept."""

import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.storage import default_storage
from django.db import transaction

from shixun.kernel import clock
from shixun.kernel.files import KEPT_FOR, delete_expired, remove, store_spreadsheet
from shixun.kernel.models import StoredFile
from shixun.kernel.refusals import Refusal
from shixun.kernel.spreadsheets import reading
from shixun.kernel.spreadsheets.reading import first_rows, read_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def kept(content: bytes, name: str = "表.xlsx") -> StoredFile:
    return store_spreadsheet(BytesIO(content), name=name, size=len(content), at=clock.now())


def book(*cells: tuple[int, int, Any]) -> bytes:
    content = BytesIO()
    with xlsxwriter.Workbook(content) as made:
        sheet = made.add_worksheet()
        for row, column, value in cells:
            sheet.write(row, column, value)
    return content.getvalue()


def packed(*names: str) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空的"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + b"x" * 100, "旧的 xls"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "不是表格"),
        (b"PK\x03\x04 not really a zip", "已经损坏"),
        (packed("word/document.xml"), "不是 Excel 工作簿"),
        (packed("xl/workbook.xml", "xl/vbaProject.bin"), "宏"),
        (packed("xl/workbook.xml", *(f"x/{n}" for n in range(5_001))), "展开后过大"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_whatever_its_name(content: bytes, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        kept(content)
    assert StoredFile.objects.count() == 0


def test_a_file_above_the_limit_is_refused(settings: Any) -> None:
    settings.UPLOAD_MEGABYTES = 1
    with pytest.raises(Refusal, match="超过上限 1 MB"):
        store_spreadsheet(BytesIO(b"a"), name="a.csv", size=1_000_001, at=clock.now())


def test_a_zip_bomb_is_refused_by_what_it_says_of_itself() -> None:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "x")
        for number in range(16):
            with archive.open(f"xl/{number}", "w") as part:
                for _ in range(100):
                    part.write(b"\0" * 1_000_000)
    with pytest.raises(Refusal, match="展开后过大"):
        kept(content.getvalue())


def test_a_sheet_of_two_cells_as_wide_as_the_world_ends_only_its_reader() -> None:
    file = kept(book((0, 0, "a"), (1_048_575, 16_383, "b")))
    with pytest.raises(Refusal, match="内存或时间超过限制"):
        read_file(file)


def test_too_many_rows_or_columns_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "ROWS_LIMIT", 2)
    with pytest.raises(Refusal, match="行，没有读取"):
        read_file(kept(b"a\n1\n2\n3\n", "a.csv"))
    with pytest.raises(Refusal, match="列，没有读取"):
        read_file(kept(",".join("x" * 201).encode(), "a.csv"))


@pytest.mark.parametrize(
    "content",
    [
        "姓名,性别\n张敏,女\n".encode(),
        "姓名,性别\n张敏,女\n".encode("utf-8-sig"),
        "姓名,性别\n张敏,女\n".encode("gb18030"),
        "姓名\t性别\n张敏\t女\n".encode("utf-16"),
        "姓名;性别\r\n张敏;女\r\n".encode(),
    ],
    ids=["utf-8", "bom", "gb18030", "utf-16", "semicolons"],
)
def test_text_is_read_in_whatever_encoding(content: bytes) -> None:
    file = kept(content, "名册.csv")
    assert read_file(file) == [{"name": "CSV", "rows": 2, "columns": 2}]
    assert first_rows(file, 0, 2) == [(1, ["姓名", "性别"]), (2, ["张敏", "女"])]


def test_cells_stand_where_the_person_sees_them() -> None:
    file = kept(book((4, 2, "a"), (6, 3, 2.0)))
    read_file(file)
    assert first_rows(file, 0, 2) == [(5, [None, None, "a"]), (7, [None, None, None, 2])]


def test_a_workbook_that_breaks_off_is_refused() -> None:
    content = book((0, 0, "a"))
    with zipfile.ZipFile(BytesIO(content)) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    parts["xl/worksheets/sheet1.xml"] = b"<worksheet><sheetData><row"
    broken = BytesIO()
    with zipfile.ZipFile(broken, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    with pytest.raises(Refusal, match=r"已经损坏|没有内容"):
        read_file(kept(broken.getvalue()))


@pytest.mark.django_db(transaction=True)
def test_content_goes_only_with_the_commit() -> None:
    file = kept(b"a,b\n1,2\n", "a.csv")
    with transaction.atomic():
        remove(file, at=clock.now())
        transaction.set_rollback(True)
    file.refresh_from_db()
    assert file.removed_at is None
    assert default_storage.exists(file.path)
    remove(file, at=clock.now())
    assert not default_storage.exists(file.path)


def test_what_has_served_is_removed_and_says_so(django_capture_on_commit_callbacks: Any) -> None:
    file = kept(b"a,b\n1,2\n", "a.csv")
    read_file(file)
    assert default_storage.exists(file.path)
    assert delete_expired(clock.now()) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_expired(clock.now() + KEPT_FOR + timedelta(days=1)) == 1
    file.refresh_from_db()
    assert not default_storage.exists(file.path)
    assert not list(Path(default_storage.location).rglob("*.jsonl"))  # type: ignore[attr-defined]
    with pytest.raises(Refusal, match="按保存期限删除"):
        first_rows(file, 0, 1)


def test_nothing_that_was_sent_has_an_address(client: Any) -> None:
    file = kept(b"a,b\n", "a.csv")
    for address in (f"/{file.path}", f"/media/{file.path}", f"/static/{file.path}", f"/files/{file.path}"):
        assert client.get(address).status_code == 404
