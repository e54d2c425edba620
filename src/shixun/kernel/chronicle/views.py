"""The signed heads, for anybody to keep: a page, the file, and the proof that a log only grew between two of them."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shixun.kernel import clock
from shixun.kernel.access import public
from shixun.kernel.chronicle.heads import consistency_told, exported_lines, heads_of, newest_head
from shixun.kernel.chronicle.logs import log_sources
from shixun.kernel.chronicle.models import SigningKey, TreeHead
from shixun.kernel.refusals import Refusal

_SHOWN = 14


@dataclass(frozen=True, slots=True)
class _ShownLog:
    """One log on the page: its last head, and those of the last days."""

    name: str
    title: str
    newest: TreeHead | None
    days: list[TreeHead]


@require_safe
@public
def heads(request: HttpRequest) -> HttpResponseBase:
    """What is signed of each log, and how to keep it."""
    logs = [
        _ShownLog(
            source.name,
            source.title,
            newest_head(source.name),
            list(heads_of(source.name).exclude(day=None)[:_SHOWN]),
        )
        for source in log_sources()
    ]
    return render(request, "kernel/heads.html", {"logs": logs, "key": SigningKey.objects.order_by("-pk").first()})


@require_safe
@public
def file(request: HttpRequest) -> HttpResponseBase:
    """All keys and heads, one JSON object a line."""
    response = StreamingHttpResponse((f"{line}\n" for line in exported_lines()), content_type="application/x-ndjson")
    response["Content-Disposition"] = f'attachment; filename="shixun-heads-{clock.today():%Y%m%d}.jsonl"'
    return response


@require_safe
@public
def proof(request: HttpRequest) -> HttpResponse:
    """``?log=ledger&from=…&to=…``: hashes only, they tell nothing of what was recorded."""
    asked = request.GET
    try:
        told = consistency_told(asked.get("log", ""), int(asked.get("from", "")), int(asked.get("to", "")))
    except (KeyError, ValueError):
        raise Refusal(
            "没有这样的两个存证版本，无法给出一致性证明。",
            who_can="请从存证页面选择两个已签名的版本，后一个的条数不少于前一个。",
            status=404,
        ) from None
    return JsonResponse(told)
