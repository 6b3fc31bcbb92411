"""Links lead on, where one reads the repository and in the site that scripts/build-docs makes; the site loads nothing."""

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from conftest import DOCUMENTS, ROOT

CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:\s]*)(?:#([^)\s]*))?\)")
HEADING = re.compile(r"^#+ +(.*?)$", re.MULTILINE)


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings as code hosts make them: lower case, hyphens for spaces, no punctuation."""
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    found: set[str] = set()
    for heading in HEADING.findall(text):
        plain = re.sub(r"\[(.*?)\]\(.*?\)", r"\1", heading).lower()
        anchor = re.sub(r"[^\w\- ]", "", plain).strip().replace(" ", "-")
        found.add(next(name for name in [anchor, *(f"{anchor}-{more}" for more in range(1, 99))] if name not in found))
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_of_a_page_lead_to_files_and_headings(path):
    for target, anchor in LINK.findall(CODE.sub("", path.read_text(encoding="utf-8"))):
        file = path.parent / target if target else path
        assert file.exists(), f"{path.relative_to(ROOT)} links to {target}"
        assert not anchor or anchor in anchors(file), f"{path.relative_to(ROOT)} links to {target}#{anchor}"


class Page(HTMLParser):
    """The ids of a built page, what it links to, and what it loads by itself."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value for name, value in attrs if value}
        self.ids |= {values[name] for name in ("id", "name") if name in values}
        if "href" in values:
            (self.loads if tag == "link" else self.links).append(values["href"])
        if "src" in values:
            self.loads.append(values["src"])


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> dict[Path, Page]:
    """Every page of the site."""
    if not shutil.which("mkdocs"):
        pytest.skip("mkdocs is missing; scripts/bootstrap installs it")
    folder = tmp_path_factory.mktemp("docs") / "site"
    done = subprocess.run([ROOT / "scripts/build-docs", folder], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return {path: Page(path) for path in sorted(folder.rglob("*.html"))}


def is_elsewhere(link: str) -> bool:
    """Whether a link leaves the site."""
    return re.match(r"([a-z]+:|//)", link) is not None


def test_links_of_the_site_lead_to_files_and_headings(site):
    assert len(site) > 30
    for path, page in site.items():
        if path.name == "404.html":  # is served for any address, so its links start at the root
            continue
        for link in filter(lambda link: not is_elsewhere(link), page.links + page.loads):
            target, _, anchor = unquote(link).partition("#")
            file = (path.parent / target).resolve() if target else path
            file = file / "index.html" if file.is_dir() else file
            assert file.is_file(), f"{path.name} links to {link}"
            assert not anchor or anchor in site[file].ids, f"{path.name} links to {link}"


def test_site_loads_nothing_from_elsewhere(site):
    for path, page in site.items():
        assert not list(filter(is_elsewhere, page.loads)), path.name


def test_every_page_of_the_documentation_has_its_place_in_the_site():
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2].split()
    for path in (ROOT / "docs").rglob("*.md"):
        assert path.relative_to(ROOT / "docs").as_posix() in navigation, f"mkdocs.yml leaves out {path.name}"


def test_pages_that_comments_cite_exist_with_their_headings():
    sources = [path for folder in ("include", "src", "apps", "python", "tests", "benchmarks")
               for path in (ROOT / folder).rglob("*") if path.suffix in {".hpp", ".cpp", ".py"}]
    cited = {pair for path in sources for pair in re.findall(r"(docs/\w+\.md)#([\w-]+)", path.read_text(encoding="utf-8"))}
    assert len(cited) > 10
    for page, anchor in cited:
        assert anchor in anchors(ROOT / page), f"a comment cites {page}#{anchor}"


def test_comments_cite_nothing_that_a_reader_does_not_have():
    for folder in ("include", "src", "apps", "python", "schemas"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".hpp", ".cpp", ".py", ".json", ".txt", ".md"}:
                named = re.search(r"\b(THEORY \d|FORMAT\.md|DESIGN\.md|RUNTIME\.md)", path.read_text(encoding="utf-8"))
                assert not named, f"{path.relative_to(ROOT)} cites {named.group()}"
