"""Hooks of MkDocs (mkdocs.yml): links out of docs/ work in the site too.

A file of the repository that a page links to becomes a page of the site, `repository/PATH`, and so does what that page
links to. Markdown is a page as it is; a folder is its README.md; anything else is a page that shows its text. The sources
keep the relative links that work where one reads the repository.
"""

import os
import re
from pathlib import Path

from mkdocs.structure.files import File

LINK = re.compile(r"(\]\()([^)#:\s]+)((?:#[^)\s]*)?\))")
CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LANGUAGES = {".hpp": "cpp", ".cpp": "cpp", ".py": "python", ".json": "json", ".yml": "yaml"}
FOLDER = "repository"

# The file of the repository behind each page of the site, by the name of its source there.
origins: dict[str, Path] = {}


def target_of(page: Path, link: str) -> Path:
    """The file that a relative link of a page leads to; a folder is its README.md."""
    path = Path(os.path.normpath(page.parent / link))
    return path / "README.md" if path.is_dir() else path


def site_name(path: Path, config) -> str:
    """What a file of the repository is called among the sources of the site."""
    docs = Path(config.docs_dir)
    if path.is_relative_to(docs):
        return path.relative_to(docs).as_posix()
    name = f"{FOLDER}/{path.relative_to(docs.parent).as_posix()}"
    return name if path.suffix == ".md" else f"{name}.md"


def links_of(path: Path) -> list[Path]:
    """The files that a page of Markdown links to, code left out; what does not exist is for MkDocs to complain about."""
    targets = (target_of(path, link) for _, link, _ in LINK.findall(CODE.sub("", path.read_text(encoding="utf-8"))))
    return [target for target in targets if target.is_file()]


def on_files(files, config):
    """Adds the files outside docs/ that pages link to, directly or through each other."""
    docs = Path(config.docs_dir)
    staging = Path(config.site_dir).parent / "site_pages"
    to_read = [Path(file.abs_src_path) for file in files.documentation_pages()]
    to_read += [docs.parent / "CONTRIBUTING.md", docs.parent / "CHANGELOG.md"]
    origins.clear()
    while to_read:
        path = to_read.pop()
        name = site_name(path, config)
        if name in origins:
            continue
        origins[name] = path
        if path.suffix == ".md":
            to_read += links_of(path)
        if path.is_relative_to(docs):
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".md":
            title = path.relative_to(docs.parent).as_posix()
            text = f"# {title}\n\n````{LANGUAGES.get(path.suffix, 'text')}\n{text}\n````\n"
        copy = staging / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text, encoding="utf-8")
        files.append(File(name, str(staging), config.site_dir, config.use_directory_urls))
    return files


def on_page_markdown(markdown, page, config, files):
    """Turns the links of a page into links among the sources of the site."""
    name = page.file.src_uri
    origin = origins[name]

    def in_site(match: re.Match) -> str:
        target = target_of(origin, match[2])
        if not target.is_file():
            return match[0]
        return match[1] + os.path.relpath(site_name(target, config), Path(name).parent) + match[3]

    parts = re.split(r"(^```.*?^```$)", markdown, flags=re.MULTILINE | re.DOTALL)
    return "".join(part if part.startswith("```") else LINK.sub(in_site, part) for part in parts)
