"""The roster as a file; it comes in by the pages of imports."""

import tempfile
from typing import BinaryIO, cast

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.listing import XLSX_TYPE
from shixun.roster.actions import export_roster
from shixun.roster.permissions import can_import_roster


@never_cache
@require_POST
@require(can_import_roster)
def export(request: HttpRequest) -> HttpResponseBase:
    """The roster of my scope under the headings of the template, to be changed and sent in again."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when it is sent
    export_roster(actor=acting(request), at=clock.now(), file=cast(BinaryIO, file))
    file.seek(0)
    response = FileResponse(file, content_type=XLSX_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"教师名册_{clock.today():%Y%m%d}.xlsx")
    return response
