"""Refusals: an action that may not happen now says what, why, and who can change it; one page shows them all."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

_FROM_THE_MENU = "您可以回到首页，从菜单里再找一次。"
_NUL = "内容里有不能使用的字符，没有办理。"
_NOT_A_PAGE = "这个地址不能直接打开，只能用页面上的按钮提交。"


class Refusal(Exception):
    """``sentence`` says what cannot be done and why, ``basis`` the article or state, ``who_can`` who may help.

    ``status`` is the HTTP status: 403 for a right that is missing, 409 for a state that does not allow it.
    """

    def __init__(self, sentence: str, *, basis: str = "", who_can: str = "", status: int = 403) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.basis = basis
        self.who_can = who_can
        self.status = status


class RefusalMiddleware:
    """Shows a refusal raised by a view, or an address opened in the wrong way, as a page; all else is a bug."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _holds_nul(request):
            return refusal_page(request, Refusal(_NUL, who_can="请删去后重新填写。", status=400))
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not getattr(response, "content", b""):
            page = refusal_page(request, Refusal(_NOT_A_PAGE, who_can=_FROM_THE_MENU, status=response.status_code))
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refusal):
            return refusal_page(request, exception)
        return None


def _holds_nul(request: HttpRequest) -> bool:
    """No text of people holds the sign of number zero, and PostgreSQL refuses it wherever it would be written."""
    sent = (*request.GET.lists(), *request.POST.lists())
    return any("\0" in text for name, texts in sent for text in (name, *texts))


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return render(request, "kernel/refusal.html", {"refusal": refusal}, status=refusal.status)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The site's 404: Django calls it by ``handler404``."""
    sentence = "没有找到这个页面。地址可能写错了，或者内容已经移走。"
    return refusal_page(request, Refusal(sentence, who_can=_FROM_THE_MENU, status=404))


def forged_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The site's answer to a form without a valid token: Django calls it by ``CSRF_FAILURE_VIEW``."""
    sentence = "这张表单已经过期，内容没有提交。"
    return refusal_page(request, Refusal(sentence, who_can="请返回上一页，刷新后重新提交。"))
