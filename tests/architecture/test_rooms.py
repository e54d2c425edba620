"""The rooms keep to the plan, their doors carry a sign, and no string, template or registry leads up the stairs."""

import pytest
from django.apps import apps
from django.db.models import Model

from tests.architecture import plan, scan
from tests.architecture.stairs import ROOT, floors, may_look_at

SRC = ROOT / "src"


def test_every_room_keeps_to_the_plan() -> None:
    assert plan.strangers(SRC) == []


def test_every_door_carries_a_sign() -> None:
    assert plan.unsigned(SRC) == []


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    assert plan.oversized([SRC, ROOT / "tests", ROOT / "scripts"]) == []


def test_no_string_or_template_names_a_room_above() -> None:
    assert scan.references_uphill(SRC) == []


def test_no_template_loads_the_tags_of_a_room_above() -> None:
    assert scan.template_tags_uphill(SRC) == []


def test_no_hidden_door_leads_round_the_stairs() -> None:
    assert scan.hidden_doors(SRC) == []


def test_start_up_registers_and_does_not_write() -> None:
    assert scan.slot_writers(SRC) == []


def _our_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("shixun.")]


@pytest.mark.parametrize("model", _our_models(), ids=lambda model: model._meta.label)
def test_no_foreign_key_runs_uphill(model: type[Model]) -> None:
    related = {field.related_model for field in model._meta.get_fields() if field.concrete and field.is_relation}
    rooms = {other._meta.app_label for other in related if isinstance(other, type)} & floors().keys()
    assert [room for room in sorted(rooms) if not may_look_at(model._meta.app_label, room)] == []
