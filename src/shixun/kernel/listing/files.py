"""A table as a file to take away: CSV as it is written, or a workbook."""

import tempfile
from collections.abc import Iterable, Sequence

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from shixun.kernel import clock, exports

EXPORTS = ("xlsx", "csv")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"xlsx": XLSX_TYPE, "csv": "text/csv; charset=utf-8"}


def table_file(
    kind: str, name: str, headings: Sequence[str], rows: Iterable[Sequence[exports.Cell]]
) -> HttpResponseBase:
    """``kind`` is one of ``EXPORTS``; ``name`` without day and ending is also the name of the sheet."""
    if kind == "csv":
        lines = exports.csv_chunks(headings, rows)
        response: HttpResponseBase = StreamingHttpResponse(lines, content_type=TYPES["csv"])
    else:
        response = _workbook(name, headings, rows)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}_{clock.today():%Y%m%d}.{kind}")
    return response


def _workbook(name: str, headings: Sequence[str], rows: Iterable[Sequence[exports.Cell]]) -> FileResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when it is sent
    exports.write_xlsx(file, title=name, headings=headings, rows=rows)
    file.seek(0)
    return FileResponse(file, content_type=XLSX_TYPE)
