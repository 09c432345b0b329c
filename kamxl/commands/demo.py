"""``kamxl demo``: a full loop on invented accounts, both sides played."""

from __future__ import annotations

from kamxl.commands.parts.declared import Command, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kamxl.commands.parts.given import Given
    from kamxl.workflow.results import DemoResult


def run(given: Given) -> DemoResult:
    """Play it in the folder named, or in one beside."""
    from kamxl.workflow.demo.play import demo

    target = given.folder / (given.options.target or "kamxl-demo")
    language, key = given.language or given.spoken, given.chance.token_bytes(32)
    return demo(target, language, key=key, now=given.now(), progress=given.progress)


def as_json(result: DemoResult) -> dict[str, Any]:
    """Its folder, and what ``kamxl consolidate`` prints there."""
    from kamxl.commands import consolidate

    return {"folder": result.root, **consolidate.as_json(result.consolidated)}


def words(result: DemoResult) -> list[str]:
    """What was read, what needs somebody (one line each), and which files to open."""
    from kamxl.core.finding import Fate
    from kamxl.wording.texts import texts
    from kamxl.workflow.shown.summary import aligned, counts_line, first_reason

    done = result.consolidated
    said = texts(done.language)
    files, waiting = done.files, [f for f in done.files if f.fate is Fate.ATTENTION]
    sent = {"cards": result.cards, "accounts": len(done.portfolio.accounts), "plans": result.plans}
    lines = [
        said("demo.sent", **sent),
        f"  {counts_line(files, said)}",
        said("demo.attention", count=len(waiting)),
    ]
    lines += [f"  {file.path}: {said.sentence(first_reason(file))}" for file in waiting]
    both = ", ".join(filter(None, (done.written, done.report)))  # two forms of one portfolio
    shown = [(both, "portfolio"), ("Register.xlsx", "register"), (result.plan, "plan")]
    shown.append((result.card, "card"))
    answered = (f for f in files if f.fate is Fate.ACCEPTED and f.kind == "scorecard")
    reply = next((file.path for file in answered if file.path == file.source), None)
    shown += [(reply, "reply")] if reply else []
    lines.append(said("demo.look", root=result.root))
    lines += aligned((path, said(f"demo.look_{key}")) for path, key in shown)
    account = result.plan.rpartition("/")[2].partition("--")[0]
    return [*lines, said("demo.brief", root=result.root, account=account)]


COMMAND = Command(
    "demo",
    place=10,
    help="play a full loop on invented accounts, imperfect replies included",
    options=(Option("target", nargs="?", metavar="DIR", help="folder (default: kamxl-demo)"),),
    run=run,
    as_json=as_json,
    words=words,
)
