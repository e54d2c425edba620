"""Evidence on the pages: files sent for a claim or a batch, one taken away again, one shown to whoever may see it."""

from collections.abc import Callable
from typing import BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from shixun.kernel.access import require
from shixun.kernel.attachments import serve
from shixun.kernel.refusals import Refusal
from shixun.recognition.models import Claim, ClaimBatch, Evidence
from shixun.recognition.permissions import can_see_evidence


def take_files(request: HttpRequest, attach: Callable[..., Evidence]) -> None:
    """Hand each file sent to ``attach(upload=, name=, size=)``; those that are refused are named, the others stay."""
    files = request.FILES.getlist("files")
    if not files:
        messages.warning(request, "没有选择文件。")
    for upload in files:
        content, name, size = cast(BinaryIO, upload.file), upload.name or "", upload.size or 0
        try:
            attach(upload=content, name=name, size=size)
        except Refusal as refusal:
            messages.error(request, f"{name}：{refusal.sentence}{refusal.who_can}")


def piece_meant(request: HttpRequest, holder: Claim | ClaimBatch) -> Evidence:
    """The file behind a claim or a batch that the button names. Raises ``Http404`` for any other."""
    try:
        uuid = UUID(request.POST.get("piece", ""))
    except ValueError:
        uuid = UUID(int=0)
    return get_object_or_404(holder.evidence.select_related("file"), uuid=uuid)


def _evidence(uuid: UUID) -> Evidence:
    return get_object_or_404(Evidence.objects.select_related("file"), uuid=uuid)


@require(can_see_evidence, find=_evidence)
def evidence(request: HttpRequest, found: Evidence) -> HttpResponseBase:
    """Stream one file to whoever may see a claim it stands behind; ``?small=1`` the small picture."""
    return serve(found.file, small=request.GET.get("small") == "1")
