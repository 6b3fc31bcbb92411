"""Markdown: a table, and the figures in it."""

from collections.abc import Iterable, Sequence

from program import Outcome


def table(titles: Sequence[str], rows: Iterable[Sequence[str]], text_columns: int = 1) -> str:
    lines = ["| " + " | ".join(titles) + " |"]
    lines.append("|" + "---|" * text_columns + "--:|" * (len(titles) - text_columns))
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def seconds(value: float) -> str:
    """Three digits, in the unit that suits."""
    if value < 0.9995:
        return f"{1000 * value:.3g} ms" if value < 0.1 else f"{1000 * value:.0f} ms"
    return f"{value:.3g} s" if value < 100 else f"{value:.0f} s"


def size(count: int) -> str:
    if count < 10_000:
        return f"{count} B"
    return f"{count / 1000:.0f} kB" if count < 1_000_000 else f"{count / 1e6:.1f} MB"


def gap(outcome: Outcome) -> str:
    if not outcome.has_plan:
        return outcome.status
    return "0" if outcome.optimal else f"{outcome.gap:.2f} %"


def result(outcome: Outcome) -> str:
    """The optimum, or the range that is left."""
    if not outcome.has_plan:
        return outcome.status
    return f"**{outcome.makespan}**" if outcome.optimal else f"{outcome.lower_bound}–{outcome.makespan}"


def proof(outcome: Outcome) -> str:
    if outcome.verified is None:
        return "" if not outcome.note else "NO PROOF"
    verdict = "" if outcome.verified else " REFUSED"
    return f"{size(outcome.certificate_bytes)}, {seconds(outcome.verify_seconds)}{verdict}"


def core_share(outcomes: dict[str, Outcome]) -> str:
    """How much of one core the program had while it used up its limit: says how far an open gap is the machine's doing."""
    ended = [outcome for outcome in outcomes.values() if not outcome.optimal]
    wall = sum(outcome.wall_seconds for outcome in ended)
    if not wall:
        return ""
    cores = sum(outcome.cpu_seconds for outcome in ended) / wall
    return f"\nWhere the limit ended the search, the program had {cores:.1f} cores on average.\n"


def faults(outcomes: dict[str, Outcome]) -> str:
    """A line for everything that must not happen; empty when nothing did."""
    lines = [f"- {name}: {outcome.status}, {outcome.note}" for name, outcome in outcomes.items() if outcome.note]
    return "\nFaults:\n\n" + "\n".join(lines) + "\n" if lines else ""
