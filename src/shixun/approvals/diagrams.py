"""The declared chains as people read them: a diagram, the levels, the moves; and the way of one in a line."""

from collections.abc import Iterator

from shixun.approvals.flows import Flow, Level, State, Transition, all_flows
from shixun.people.choices import Role

_HEAD = """# 审核流程

本文由程序里声明的流程生成（`manage write_flows`），与平台实际执行的一致，测试核对。
天数和办理机构是默认值，各地区可以在“审核层级”页另行设置；标明“必须参与”的级别不能省去。
每一步都写入办理记录；任何人都不审核自己的事项；逾期后上一级也可以办理。
"""


def document() -> str:
    """Every registered chain in Markdown."""
    return "\n".join([_HEAD, *(line for flow in all_flows() for line in _chapter(flow))])


def way_of_flow(flow: Flow) -> list[State]:
    """The states of a chain from its start to its end if all goes well."""
    state = flow.state(flow.start)
    way = [state]
    while not state.final:
        moves = flow.moves_from(state.key, "applicant" if state.with_applicant else "reviewer")
        state = flow.state(moves[0].target)
        if state in way:
            break
        way.append(state)
    return way


def _chapter(flow: Flow) -> Iterator[str]:
    yield f"## {flow.title}\n"
    yield f"`{flow.key}`。顺利时：{' → '.join(state.title for state in way_of_flow(flow))}。"
    yield "可以成批办理。\n" if flow.batch else "只能逐件办理。\n"
    yield from _diagram(flow)
    yield "\n| 审核级 | 谁办理 | 天数 | 提前提醒 | 逾期后也可办理 | 条件 |\n|---|---|---|---|---|---|"
    yield from (_level_row(flow, level) for level in flow.levels)
    yield "\n| 操作 | 谁 | 从 | 到 | 条件 |\n|---|---|---|---|---|"
    yield from (_move_row(flow, move) for move in flow.transitions)
    yield ""


def _diagram(flow: Flow) -> Iterator[str]:
    yield "```mermaid\nstateDiagram-v2"
    yield from (f"    {state.key} : {state.title}" for state in flow.states)
    yield f"    [*] --> {flow.start}"
    for move in flow.transitions:
        yield from (f"    {source} --> {move.target} : {move.title}" for source in move.sources)
    yield from (f"    {state.key} --> [*]" for state in flow.states if state.final)
    yield "```"


def _level_row(flow: Flow, level: Level) -> str:
    roles = "、".join(str(role.label) for role in Role if role in level.roles)
    upper = flow.level(level.escalates_to).shown_title if level.escalates_to else ""
    asked = [
        "必须参与" if level.required else "",
        "办理单位由事项决定" if level.place else "",
        "按事项需要" if level.applies else "",
    ]
    words = "；".join(filter(None, asked))
    return f"| {level.shown_title} | {roles} | {level.days} | {level.remind_days} | {upper} | {words} |"


def _move_row(flow: Flow, move: Transition) -> str:
    sources = "、".join(flow.state(key).title for key in move.sources)
    is_final = move.effect and move.effect not in flow.undo_effects
    asked = [
        "写明理由" if move.needs_reason else "",
        move.consequence.rstrip("。"),
        "立即生效，不能撤销" if is_final and "不能撤销" not in move.consequence else "",
    ]
    who = "发起方" if move.by == "applicant" else "、".join(dict.fromkeys(_levels_of(flow, move)))
    target = flow.state(move.target).title
    return f"| {move.title} | {who} | {sources} | {target} | {'；'.join(filter(None, asked))} |"


def _levels_of(flow: Flow, move: Transition) -> Iterator[str]:
    for source in move.sources:
        yield flow.level(flow.level_of_move(move, source)).shown_title
