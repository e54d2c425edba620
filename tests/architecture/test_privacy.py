"""No field is kept of a person without a purpose: every model is classified, every field has its row (PIPL)."""

from pathlib import Path

import pytest
from django.apps import apps

from shixun.kernel import privacy


@pytest.fixture(autouse=True)
def _read_anew() -> None:
    privacy._file.cache_clear()
    privacy.purposes.cache_clear()


def test_every_personal_field_has_a_purpose() -> None:
    assert privacy.unclassified() == []


def planted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, before: str, after: str) -> None:
    """The roster's own file with one place changed, read in its stead."""
    config = apps.get_app_config("people")
    text = (Path(config.path) / "privacy.toml").read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "privacy.toml").write_text(text.replace(before, after), encoding="utf-8")
    monkeypatch.setattr(config, "path", str(tmp_path))


def test_a_field_without_purpose_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    planted(monkeypatch, tmp_path, 'fields = ["sex"]', 'fields = ["name"]')
    assert privacy.unclassified() == ["people.Person.sex"]


def test_a_model_nobody_classified_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    planted(monkeypatch, tmp_path, '"Organisation", ', "")
    assert "people.Organisation.name" in privacy.unclassified()


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ('fields = ["sex"]', 'fields = ["nickname"]', "no field nickname"),
        ('purpose = "登录平台"', 'purpose = ""', "purpose is empty"),
        ('class = "public"', 'class = "secret"', "no class secret"),
        ('model = "DemoLogin"', 'model = "Nobody"', "people.Nobody: no field"),
        ('"Designation"]', '"Pseudonym"]', "no model Pseudonym"),
    ],
)
def test_a_row_that_says_nothing_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, before: str, after: str, why: str
) -> None:
    planted(monkeypatch, tmp_path, before, after)
    with pytest.raises(privacy.BadPurposes, match=why):
        privacy.purposes()
