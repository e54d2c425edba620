"""How an article is cited: in words, and linked once a room above has said where articles live."""

from __future__ import annotations

from django import template

from shixun.kernel import slots

register = template.Library()


@register.filter
def article_words(article: str) -> str:
    """``shanghai-2016:学分管理办法:三.2`` → ``学分管理办法 三.2``."""
    parts = article.split(":")
    return " ".join(parts[1:]) if len(parts) > 1 else article


@register.simple_tag
def article_url(article: str) -> str:
    """The page of an article id, or nothing where no room shows articles."""
    return slots.article_page(article) if article else ""
