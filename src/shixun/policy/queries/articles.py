"""Articles: where each has its page, and how they are found by their words."""

from typing import Any

from django.urls import reverse

from rulebook.policy import Article, Policy
from shixun.kernel import clock
from shixun.kernel.slots import Hit
from shixun.policy.queries.texts import newest_policies, policies_by_day


def short_id(article: str) -> str:
    """``shanghai-2016:学分管理办法:三.2`` → ``学分管理办法:三.2``: what the address says after the policy."""
    return article.partition(":")[2]


def article_url(article: str) -> str:
    """The address of an article's page, whether or not the article exists."""
    policy_id, _, rest = article.partition(":")
    return reverse("policy:article", kwargs={"policy_id": policy_id, "article": rest})


def address_of_article(article: str) -> str:
    """The page of an article id, "" where it is none; asked for every citation, so it queries nothing."""
    return article_url(article) if article.count(":") == 2 else ""


def policy_of_article(article: str) -> tuple[Policy, Article] | None:
    """The newest text of an article and its policy."""
    policy = newest_policies().get(article.partition(":")[0])
    if policy is None or article not in policy.articles:
        return None
    return policy, policy.articles[article]


def articles_found(actor: Any, terms: list[str], limit: int) -> list[Hit]:
    """Articles whose number, title or text contain every term.

    The article whose number was typed comes first, then those found in the title; policies in force before others.
    """
    found: list[tuple[bool, bool, Hit]] = []
    for policy in policies_by_day(clock.today()):
        for article in policy.articles.values():
            where = f"{short_id(article.id)} {article.title} {article.text} {policy.name}"
            if all(term in where for term in terms):
                is_number = article.id.rpartition(":")[2] in terms
                in_title = all(term in f"{article.id} {article.title}" for term in terms)
                name = f"{short_id(article.id).replace(':', ' ')} {article.title}"
                found.append((not is_number, not in_title, Hit(name, policy.short_name, article_url(article.id))))
    return [hit for *_, hit in sorted(found, key=lambda row: row[:2])[:limit]]
