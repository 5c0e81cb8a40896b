#!/usr/bin/env python3
"""Hold the pages under docs/ to the tree they describe.

Checked: links and anchors; that the book contains every page; pages that code points to; make targets that pages name;
that docs/threat-model.md lists the attack tests and each of its cases has one; that every setting and limit is in its
table, and every column of the database in the list of clear columns.
Exit status 0 when all is well, 1 with one line per finding. `--write` brings the table of attack tests up to date.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
# Where a limit that a caller can meet may be declared: file and struct.
LIMITS = (("app/src/settings.rs", "Limits"), ("app/src/settings.rs", "PasswordCost"), ("recording/src", "Bounds"))


def tracked(*suffixes: str) -> list[Path]:
    """Files that are in the tree or about to be, never built ones."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\n")
    return [ROOT / name for name in names if name.endswith(suffixes) and (ROOT / name).is_file()]


def prose(text: str) -> str:
    """The text without fenced code, where brackets are not links."""
    return re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)


def anchors(text: str) -> set[str]:
    """The anchors that a page's headings get."""
    headings = re.findall(r"^#+\s+(.*)$", prose(text), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links() -> list[str]:
    """Relative links that lead nowhere."""
    findings = []
    for page in tracked(".md"):
        for target in re.findall(r"\]\(([^)\s]+)\)", prose(page.read_text())):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            file = (page.parent / path).resolve() if path else page
            if not file.exists():
                findings.append(f"{page.relative_to(ROOT)}: link to {target}, which does not exist")
            elif anchor and file.suffix == ".md" and anchor not in anchors(file.read_text()):
                findings.append(f"{page.relative_to(ROOT)}: link to {target}, no such heading")
    return findings


def book() -> list[str]:
    """Pages that the table of contents leaves out."""
    summary = (DOCS / "SUMMARY.md").read_text()
    listed = {(DOCS / target).resolve() for target in re.findall(r"\]\(([^)\s]+)\)", summary)}
    pages = {page for page in tracked(".md") if DOCS in page.parents and page.name != "SUMMARY.md"}
    return [f"docs/SUMMARY.md: leaves out {page.relative_to(DOCS)}" for page in sorted(pages - listed)]


def pages_named_in_code() -> list[str]:
    """Pages that a comment sends its reader to, and that are not there."""
    findings = []
    for file in tracked(".rs", ".ts", ".tsx", ".toml", ".py", ".sh", ".yaml"):
        for target in set(re.findall(r"\bdocs/[\w/.-]+\.md\b", file.read_text(errors="replace"))):
            if not (ROOT / target).exists():
                findings.append(f"{file.relative_to(ROOT)}: points to {target}, which does not exist")
    return findings


def make_targets() -> list[str]:
    """Targets that a page tells its reader to make, and that the Makefile does not have."""
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.M))
    findings = []
    for page in tracked(".md"):
        for target in set(re.findall(r"(?:`|^|\s)make ([a-z]+(?:-[a-z]+)*)`?", "\n".join(code_spans(page)))):
            if target not in known:
                findings.append(f"{page.relative_to(ROOT)}: names `make {target}`, which does not exist")
    return findings


def code_spans(page: Path) -> list[str]:
    """What a page sets as code: inline spans and fenced blocks."""
    text = page.read_text()
    return re.findall(r"`[^`\n]+`", prose(text)) + re.findall(r"^```sh\n(.*?)^```", text, flags=re.M | re.S)


def attack_table() -> str:
    """The attack tests that exist, as the table of docs/threat-model.md."""
    definition = re.compile(r"(?:\bfn |(?:test|it)(?:\.each\([^)]*\))?\(\s*['\"`])(attack_(\d\d)_\w+)")
    rows = set()
    for file in tracked(".rs", ".ts", ".tsx"):
        for name, number in definition.findall(file.read_text()):
            shown = f"{name}…" if name.endswith("_") else name  # the rest of the name comes from a table of vectors
            rows.add((number, shown, file.relative_to(ROOT)))
    lines = [f"| {number} | `{name}` | [`{file}`](../{file}) |" for number, name, file in sorted(rows)]
    return "\n".join(["| # | test | where |", "| --- | --- | --- |", *lines])


def attack_tests(write: bool) -> list[str]:
    """The threat model lists the attack tests that exist, and every case in its first table has one."""
    page = DOCS / "threat-model.md"
    head, rest = page.read_text().split("<!-- attack tests -->\n")
    old, tail = rest.split("<!-- end of attack tests -->")
    table = f"\n{attack_table()}\n\n"
    if write:
        page.write_text(f"{head}<!-- attack tests -->\n{table}<!-- end of attack tests -->{tail}")
    findings = [] if write or old == table else ["docs/threat-model.md: table of tests is stale; run `make docs`"]
    cases = re.findall(r"^\| (\d\d) \|", head, flags=re.M)
    covered = set(re.findall(r"^\| (\d\d) \|", table, flags=re.M))
    findings += [f"docs/threat-model.md: case {case} has no test" for case in cases if case not in covered]
    return findings


def struct_fields(path: Path, struct: str) -> list[str]:
    """Public fields of a Rust struct, wherever below `path` it is declared."""
    for file in [path] if path.is_file() else sorted(path.rglob("*.rs")):
        found = re.search(rf"pub struct {struct} \{{(.*?)^\}}", file.read_text(), flags=re.M | re.S)
        if found:
            return re.findall(r"^\s+pub (\w+):", found.group(1), flags=re.M)
    return []


def limits() -> list[str]:
    """Limits that the settings have and the table has not."""
    table = (DOCS / "operations/limits.md").read_text()
    findings = []
    for place, struct in LIMITS:
        fields = struct_fields(ROOT / place, struct)
        if not fields:
            findings.append(f"tests/docs.py: no struct {struct} with public fields in {place}")
        findings += [f"docs/operations/limits.md: leaves out {field} ({struct})" for field in fields if f"`{field}`" not in table]
    return findings


def settings() -> list[str]:
    """Settings of the default file that neither the configuration page nor the limits page names."""
    pages = (DOCS / "operations/configuration.md").read_text() + (DOCS / "operations/limits.md").read_text()
    defaults = tomllib.loads((ROOT / "server/config.default.toml").read_text())
    return [
        f"docs/operations/configuration.md: leaves out {section}.{key}"
        for section, keys in defaults.items()
        for key in keys
        if f"`{section}.{key}`" not in pages and f"`{key}`" not in pages
    ]


def columns() -> list[str]:
    """Columns of the database that the list of clear columns says nothing about."""
    page = (DOCS / "concepts/clear.md").read_text()
    findings = []
    for schema in sorted((ROOT / "migrations/src").glob("*/sqlite.sql")):
        sql = schema.read_text()
        created = re.findall(r"^CREATE TABLE (\w+) \((.*?)^\)", sql, flags=re.M | re.S)
        columns = [(table, column) for table, body in created for column in re.findall(r"^  ([a-z_]\w*) ", body, flags=re.M)]
        columns += re.findall(r"^ALTER TABLE (\w+) ADD COLUMN (\w+) ", sql, flags=re.M)
        for table, column in columns:
            row = re.search(rf"^\| `{table}` \|.*$", page, flags=re.M)
            if row is None or column not in re.findall(r"`(\w+)`", row.group(0)):
                findings.append(f"docs/concepts/clear.md: says nothing about {table}.{column}")
    return findings


def main() -> int:
    if sys.argv[1:] == ["--write"]:
        attack_tests(write=True)
        return 0
    findings = attack_tests(write=False)
    findings += links() + book() + pages_named_in_code() + make_targets() + limits() + settings() + columns()
    for finding in findings:
        print(finding)
    print(f"docs: {len(tracked('.md'))} pages read, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
