"""docs/certificate_rules.md numbers what a certificate must fulfil; the verifier's comments cite the numbers."""

import re

from conftest import ROOT

PAGE = ROOT / "docs/certificate_rules.md"
RULE = re.compile(r"^\*\*([A-Z])(\d+)\.\*\*", re.MULTILINE)
CITATION = re.compile(r"\b[Rr]ules? ([A-Z]\d+(?:(?:, | and | to )[A-Z]\d+)*)")


def rules() -> list[str]:
    return [letter + number for letter, number in RULE.findall(PAGE.read_text(encoding="utf-8"))]


def comments(path) -> str:
    """The comments of a source, each line break within them a space."""
    lines = re.findall(r"//+[!<]? ?(.*)", path.read_text(encoding="utf-8"))
    return " ".join(lines)


def cited(path) -> set[str]:
    """The numbers that a source cites; "E2 to E4" cites three."""
    result = set()
    for citation in CITATION.findall(comments(path)):
        result |= set(re.findall(r"[A-Z]\d+", citation))
        for letter, first, last in re.findall(r"([A-Z])(\d+) to \1(\d+)", citation):
            result |= {f"{letter}{number}" for number in range(int(first), int(last) + 1)}
    return result


def citing_sources() -> list:
    folders = [ROOT / "src/check/verify", ROOT / "include/splitlane/certificate"]
    return sorted(path for folder in folders for path in folder.glob("*.[ch]pp"))


def test_rules_are_numbered_without_gaps():
    by_letter: dict[str, list[int]] = {}
    for letter, number in RULE.findall(PAGE.read_text(encoding="utf-8")):
        by_letter.setdefault(letter, []).append(int(number))
    assert by_letter, "no rules found"
    for letter, numbers in by_letter.items():
        assert numbers == list(range(1, len(numbers) + 1)), letter


def test_every_cited_rule_exists():
    known = set(rules())
    for path in citing_sources():
        assert cited(path) <= known, f"{path.relative_to(ROOT)} cites {sorted(cited(path) - known)}"


def test_the_verifier_cites_every_rule():
    in_verifier = set().union(*(cited(path) for path in (ROOT / "src/check/verify").glob("*.[ch]pp")))
    assert not set(rules()) - in_verifier, "rules that no comment of the verifier cites"


def test_rules_that_the_page_refers_to_exist():
    text = PAGE.read_text(encoding="utf-8")
    assert set(re.findall(r"\b[DTRPNLE]\d+\b", text)) <= set(rules())
