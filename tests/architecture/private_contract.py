"""A contract type for import-linter: modules of certain names are imported only within their own package."""

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class PrivateContract(Contract):
    """``names`` are the module names that are private to the package of ``container`` that holds them."""

    type_name = "private"

    container = fields.StringField()
    names = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        illegal: list[tuple[str, str]] = []
        names: set[str] = self.names  # type: ignore[assignment]
        for room in sorted(graph.find_children(str(self.container))):
            for module in sorted(graph.find_children(room)):
                if module.rpartition(".")[2] in names:
                    illegal.extend(self._strangers(graph, room, module))
        return ContractCheck(kept=not illegal, metadata={"illegal": illegal})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["illegal"]:
            output.print_error(f"{importer} -> {imported}", bold=False)

    def _strangers(self, graph: ImportGraph, room: str, module: str) -> list[tuple[str, str]]:
        family: set[Any] = {module, *graph.find_descendants(module)}
        return [
            (importer, member)
            for member in sorted(family)
            for importer in sorted(graph.find_modules_that_directly_import(member))
            if importer != room and not importer.startswith(f"{room}.")
        ]
