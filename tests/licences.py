#!/usr/bin/env python3
"""Hold every dependency to deny.toml, without building cargo-deny.

Crates: licence expression, banned names, sources other than crates.io, from `cargo metadata`.
npm: licence of every production dependency of the front end, from package-lock.json and the installed packages.

Exit status 0 when all is well, 1 with one line per finding. `--self-test` checks the expression parser.
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index"

# npm licences that come with no code of ours: fonts are data, served as they are with their notice.
NPM_EXTRA = {"OFL-1.1", "Python-2.0", "BlueOak-1.0.0"}


def allowed(expression: str, allow: set[str]) -> bool:
    """Whether an SPDX expression can be satisfied by the allowed licences alone.

    `OR` lets us choose, `AND` binds us to both sides; crates published before SPDX write `/` for `OR`.
    A trailing `+` ("or later") is met by the version itself.
    """
    tokens = re.findall(r"\(|\)|[^\s()]+", expression.replace("/", " OR "))
    position = 0

    def peek() -> str | None:
        return tokens[position] if position < len(tokens) else None

    def take() -> str:
        nonlocal position
        token = peek()
        if token is None:
            raise ValueError(f"unexpected end of licence expression {expression!r}")
        position += 1
        return token

    def either() -> bool:
        value = both()
        while peek() == "OR":
            take()
            right = both()
            value = value or right
        return value

    def both() -> bool:
        value = one()
        while peek() == "AND":
            take()
            right = one()
            value = value and right
        return value

    def one() -> bool:
        token = take()
        if token == "(":
            value = either()
            if take() != ")":
                raise ValueError(f"unbalanced licence expression {expression!r}")
            return value
        name = token.removesuffix("+")
        if peek() == "WITH":
            take()
            return f"{name} WITH {take()}" in allow
        return name in allow

    value = either()
    if peek() is not None:
        raise ValueError(f"cannot read licence expression {expression!r}")
    return value


def dependents(metadata: dict) -> dict[str, set[str]]:
    """The names of the crates that use each crate, by name."""
    names = {package["id"]: package["name"] for package in metadata["packages"]}
    users: dict[str, set[str]] = {}
    for node in metadata["resolve"]["nodes"]:
        for used in node["dependencies"]:
            users.setdefault(names[used], set()).add(names[node["id"]])
    return users


def check_crates(policy: dict, metadata: dict) -> list[str]:
    """Findings among the crates of the workspace."""
    findings = []
    allow = set(policy["licenses"]["allow"])
    banned = {ban["crate"]: ban for ban in policy["bans"]["deny"]}
    users = dependents(metadata)
    for package in metadata["packages"]:
        name = f"{package['name']} {package['version']}"
        if ban := banned.get(package["name"]):
            strangers = users.get(package["name"], set()) - set(ban.get("wrappers", []))
            if strangers or "wrappers" not in ban:
                findings.append(f"crate {name}: banned ({ban['reason']}); see `cargo tree -i {package['name']}`")
        source = package["source"]
        if source is None:
            continue
        if source != CRATES_IO:
            findings.append(f"crate {name}: comes from {source}; only crates.io is allowed")
        if not package["license"]:
            findings.append(f"crate {name}: states no licence")
        elif not allowed(package["license"], allow):
            findings.append(f"crate {name}: licence {package['license']} is not in deny.toml")
    return findings


def npm_licence(folder: Path, entry: dict) -> str | None:
    """The licence an npm package states: in the lock when npm wrote it there, else in the installed package."""
    stated = entry.get("license")
    manifest = folder / "package.json"
    if not stated and manifest.is_file():
        stated = json.loads(manifest.read_text()).get("license")
    return stated if isinstance(stated, str) else None


def check_npm(policy: dict, workspace: Path) -> tuple[int, list[str]]:
    """Production dependencies seen, and the findings among them."""
    allow = set(policy["licenses"]["allow"]) | NPM_EXTRA
    findings = []
    seen = 0
    lock = json.loads((workspace / "package-lock.json").read_text())
    for path, entry in lock["packages"].items():
        if "node_modules/" not in path or entry.get("dev") or entry.get("link"):
            continue
        # Optional packages for other platforms are in the lock but never installed here.
        if entry.get("optional") and not (workspace / path).is_dir():
            continue
        seen += 1
        name = f"{path.rpartition('node_modules/')[2]} {entry.get('version')}"
        if entry.get("resolved", "").startswith("git"):
            findings.append(f"npm {name}: comes from git")
        licence = npm_licence(workspace / path, entry)
        if licence is None:
            findings.append(f"npm {name}: states no licence")
        elif not allowed(licence, allow):
            findings.append(f"npm {name}: licence {licence} is not allowed")
    return seen, findings


def self_test() -> None:
    """The parser and both checks find what they are there to find."""
    allow = {"MIT", "Apache-2.0", "ISC", "Apache-2.0 WITH LLVM-exception", "MPL-2.0"}
    for good in ("MIT", "MIT/GPL-3.0", "(MIT OR GPL-3.0) AND ISC", "Apache-2.0 WITH LLVM-exception", "MPL-2.0+"):
        assert allowed(good, allow), good
    for bad in ("GPL-3.0-only", "MIT AND GPL-3.0", "(MIT OR ISC) AND GPL-3.0", "MIT WITH Strange-exception"):
        assert not allowed(bad, allow), bad
    bans = [{"crate": "rsa", "reason": "r"}, {"crate": "wrapped", "reason": "r", "wrappers": ["fine"]}]
    policy = {"licenses": {"allow": sorted(allow)}, "bans": {"deny": bans}}

    def package(name: str, licence: str | None, source: str | None) -> dict:
        return {"id": name, "name": name, "version": "1.0.0", "license": licence, "source": source}

    packages = [
        package("own", None, None),
        package("fine", "MIT", CRATES_IO),
        package("rsa", "MIT", CRATES_IO),
        package("wrapped", "MIT", CRATES_IO),
        package("copyleft", "GPL-3.0", CRATES_IO),
        package("silent", None, CRATES_IO),
        package("forked", "MIT", "git+https://example.com/forked"),
    ]

    def found(nodes: list[dict]) -> list[str]:
        findings = check_crates(policy, {"packages": packages, "resolve": {"nodes": nodes}})
        return [finding.split()[1] for finding in findings]

    # A banned crate below its named wrapper passes; below anything else as well it does not.
    assert found([{"id": "fine", "dependencies": ["wrapped"]}]) == ["rsa", "copyleft", "silent", "forked"]
    nodes = [{"id": "fine", "dependencies": ["wrapped"]}, {"id": "own", "dependencies": ["wrapped"]}]
    assert found(nodes) == ["rsa", "wrapped", "copyleft", "silent", "forked"]


def main() -> int:
    self_test()
    if sys.argv[1:] == ["--self-test"]:
        return 0
    policy = tomllib.loads((ROOT / "deny.toml").read_text())
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--all-features"]
    answer = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=False)
    if answer.returncode != 0:  # cargo has said why, on stderr
        return 1
    metadata = json.loads(answer.stdout)
    findings = check_crates(policy, metadata)
    seen, npm_findings = check_npm(policy, ROOT / "frontend")
    findings += npm_findings
    for finding in findings:
        print(finding)
    print(f"licences: {len(metadata['packages'])} crates and {seen} npm packages read, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
