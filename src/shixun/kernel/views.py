"""Pages of the kernel: the health check, and a sheet that shows every pattern in every state (demo and debugging)."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from rulebook.standing.result import RequirementStanding
from shixun.kernel import clock
from shixun.kernel.access import public
from shixun.kernel.pictures import Arc
from shixun.kernel.refusals import Refusal

_MEASURES = "shanghai-2016:学分管理办法"


@public
def health(request: HttpRequest) -> HttpResponse:
    """``ok`` when the site answers and its database does; a load balancer asks here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@public
def patterns(request: HttpRequest) -> HttpResponse:
    """Every pattern in every state, with made-up figures; there is no such page in production."""
    _only_for_looking()
    return render(request, "kernel/patterns.html", _examples())


@public
def pattern_answer(request: HttpRequest, status: int) -> HttpResponse:
    """The page of one refusal or error."""
    _only_for_looking()
    if status in (400, 403, 500):
        return render(request, f"{status}.html", status=status)
    if status == 409:
        raise Refusal(
            "这条明细已经更正过，不能再次更正。",
            basis="学分管理办法 六.2：每条明细只能更正一次，更正后的明细可以另行更正。",
            who_can="如果更正后的学分仍不对，请由原认定单位（黄浦区教育学院）对新的明细办理更正。",
            status=409,
        )
    if status == 429:
        raise Refusal(
            "登录失败次数太多，已暂停这个账号登录。", who_can="请等 15 分钟再试，或联系学校师训专管员。", status=429
        )
    raise Http404


def _only_for_looking() -> None:
    if not (settings.DEMO_MODE or settings.DEBUG):
        raise Http404


def _requirement(key: str, name: str, *, need: int, own: int, moved: int = 0, article: str = "三.2") -> Any:
    return RequirementStanding(
        id=key,
        name=name,
        need=need,
        counted=own + moved,
        own=own,
        short=max(0, need - own - moved),
        article=f"{_MEASURES}:{article}",
        exact_need=Fraction(need),
        counts_text="经认定的区级课程、区级骨干研修和区级教研活动，按每 10 学时 1 学分计入。",
    )


def _examples() -> dict[str, Any]:
    today = clock.today()
    return {
        "short_arcs": [
            Arc("city", "市级", 500),
            Arc("district", "区级", 1250),
            Arc("school", "校级", 1600),
        ],
        "met_arcs": [
            Arc("city", "市级", 600),
            Arc("district", "区级", 1550),
            Arc("school", "校级", 1650),
        ],
        "other_arcs": [
            Arc("national", "国家级", 300),
            Arc("province", "省级", 800),
            Arc("school", "校级", 0),
        ],
        "requirements": [
            _requirement("total", "总学分", need=3600, own=3350),
            _requirement("city/ethics", "市级师德与素养", need=400, own=400),
            _requirement("district/knowledge", "区级知识与技能", need=1000, own=650, moved=150),
            _requirement("school/ethics", "校级师德与素养", need=350, own=300, article="三.3"),
            _requirement("school/practice", "校级实践体验", need=800, own=1050),
            _requirement("national/knowledge", "国家级知识与技能", need=300, own=0),
        ],
        "buckets": [
            ("0–6", 0),
            ("6–12", 3),
            ("12–18", 14),
            ("18–24", 61),
            ("24–30", 128),
            ("30–36", 214),
            ("36+", 180),
        ],
        "heat": [
            ("黄浦区示范小学", [Fraction(100, 100), Fraction(96, 100), Fraction(71, 100), Fraction(44, 100)]),
            ("卢湾实验中学", [Fraction(88, 100), Fraction(92, 100), Fraction(86, 100), None]),
        ],
        "soon": today + timedelta(days=12),
        "facts": [
            ("教师", "张敏"),
            ("单位", "黄浦区示范小学"),
            ("职务", "教师、班主任"),
            ("入职", "2011年9月1日"),
            ("职称", ""),
        ],
    }
