"""核验: anybody checks a paper by its number, its QR or its PDF; nothing is shown that is not printed on it."""

import time
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shixun.kernel import clock
from shixun.kernel.access import address_of, public
from shixun.kernel.refusals import Refusal
from shixun.recognition.certificates.choices import PaperState
from shixun.recognition.certificates.verifying import Verdict, verdict_of_file, verdict_of_text

WINDOW_SECONDS = 600
LARGEST = 5_000_000
_MARKS = {
    PaperState.VALID: ("met", "有效"),
    PaperState.REVOKED: ("short", "已作废"),
    PaperState.SUPERSEDED: ("need", "签发后学分有更正"),
    PaperState.EXPIRED: ("need", "已过有效期"),
    "unknown": ("short", "查无此证"),
    "forged": ("short", "二维码不是本平台签发的"),
    "altered": ("short", "文件被改动过"),
}


@never_cache
@public
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponseBase:
    """``?q=`` is a number or the text of a QR; a PDF comes by the form. Limited per network address."""
    text, file = request.GET.get("q", "").strip(), request.FILES.get("file")
    verdict = None
    if text or file:
        _refuse_too_many(address_of(request))
        verdict = _checked(text, file)
    kind, words = _MARKS[verdict.outcome] if verdict else ("", "")
    context = {"q": "" if len(text) > 40 else text, "verdict": verdict, "kind": kind, "words": words}
    return render(request, "recognition/papers/verify.html", context)


def _checked(text: str, file: UploadedFile | None) -> Verdict:
    if file is None:
        return verdict_of_text(text[:2_000], clock.today())
    if not file.size or file.size > LARGEST:
        raise Refusal("文件是空的，或者超过 5 MB，没有核验。", who_can="请上传从平台下载的那份 PDF。", status=413)
    return verdict_of_file(file.read(), clock.today())


def _refuse_too_many(address: str) -> None:
    """Numbers cannot be guessed; this keeps somebody from trying all the same. The real clock counts."""
    window = int(time.time()) // WINDOW_SECONDS
    key = f"verify:{sha256(address.encode()).hexdigest()[:24]}:{window}"
    cache.add(key, 0, WINDOW_SECONDS)
    if cache.incr(key) > settings.VERIFY_TRIES:
        raise Refusal(
            f"这个网络地址在 10 分钟内已经核验 {settings.VERIFY_TRIES} 次，暂停核验。",
            who_can="请过 10 分钟再试；大量核验请用存证文件离线核验。",
            status=429,
        )
