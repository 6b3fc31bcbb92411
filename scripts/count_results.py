#!/usr/bin/python3
"""Sums JUnit result files, prints "N passed, N failed" and exits 1 unless everything passed.

A result file that is missing or unreadable counts as one failed test. Skipped tests count as neither.
"""

import argparse
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def count(path: Path) -> tuple[int, int]:
    """Returns how many test cases of one result file passed and failed."""
    try:
        cases = list(ElementTree.parse(path).getroot().iter("testcase"))
    except (OSError, ElementTree.ParseError) as error:
        print(f"no results: {error}")
        return 0, 1
    failed = sum(any(case.find(kind) is not None for kind in ("failure", "error")) for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    return len(cases) - failed - skipped, failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--failed", type=int, default=0, help="failures to add that no file knows of (default: 0)")
    parser.add_argument("files", nargs="+", type=Path)
    arguments = parser.parse_args()

    counts = [count(path) for path in arguments.files]
    passed = sum(each[0] for each in counts)
    failed = sum(each[1] for each in counts) + arguments.failed
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
