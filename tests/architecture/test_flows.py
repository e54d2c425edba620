"""The document of the review chains shows what the rooms declare."""

from shixun.approvals.diagrams import document, way_of_flow
from shixun.approvals.flows import all_flows
from tests.architecture.stairs import ROOT


def test_the_document_shows_the_flows() -> None:
    """``manage write_flows docs/flows.md`` writes it anew."""
    assert (ROOT / "docs" / "flows.md").read_text(encoding="utf-8") == document()


def test_every_way_ends() -> None:
    assert [flow.key for flow in all_flows() if not way_of_flow(flow)[-1].final] == []
