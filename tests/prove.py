#!/usr/bin/env python3
"""The long forms: the tests of `make test` again, at full counts.

    tests/prove.py [NAME …]      all proofs, or those named
    tests/prove.py --list        names, what each shows, its counts

Each writes target/prove/<name>.json: {name, shows, passed, seconds, counts, tests: [{name, passed}], commit}.
A proof one of whose filters matches no test has failed: tests were renamed, and nobody proves them any more.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "target" / "prove"


@dataclass
class Proof:
    """Tests whose path contains one of `filters`, run under `counts` in the environment."""

    shows: str
    filters: list[str]
    # Only tests of this package; of all when None.
    package: str | None = None
    counts: dict[str, int] = field(default_factory=dict)


PROOFS = {
    "kill": Proof(
        "killed in upload bursts, every acknowledged segment replays and nothing is half-written",
        ["kill_9_in_upload_bursts"],
        "sealtape-tests",
        {"SEALTAPE_PROVE_KILL": 50},
    ),
    "ledger": Proof(
        "the audit log stays one tree, with every leaf in it once: killed while it grows, and with 16 and 64 writers for a minute",
        ["kill_9_while_the_log_grows", "a_signer_apart", "attack_30"],
        "sealtape-tests",
        {"SEALTAPE_PROVE_KILL": 50, "SEALTAPE_PROVE_RACE_SECONDS": 60},
    ),
    "differential": Proof(
        "random sequences of operations mean the same on SQLite and PostgreSQL",
        ["differential"],
        "store",
        {"SEALTAPE_PROVE_DIFFERENTIAL": 1000},
    ),
    "tamper": Proof(
        "a changed, swapped, cut or extended sealed object never opens",
        ["tamper::", "properties::", "attack_2"],
        "vault",
        {"PROPTEST_CASES": 20000},
    ),
    "decode": Proof(
        "no body gets past the decoder's and the rewriter's bounds, or makes them panic",
        ["bodies::", "scan::", "any_bytes", "any_split", "output_is_json", "framing_", "one_huge_event"],
        "recording",
        {"PROPTEST_CASES": 20000},
    ),
    "redaction": Proof(
        "planted secrets do not survive the rules, wherever in an event they stand",
        ["canary", "patterns_are_found", "what_is_typed", "detect::", "personal_data", "second_pass"],
        "recording",
        {"PROPTEST_CASES": 20000},
    ),
    "policies": Proof(
        "layers merge by their laws, changes are heard, documents survive their forms, what passes the rule gate is linear",
        ["privacy::tests::", "gate::pattern", "gate::selector"],
        "policy",
        {"PROPTEST_CASES": 2000},
    ),
    "list-subset-view": Proof(
        "whatever roles and conditions: what is listed, counted or found can be opened, and memory and database agree",
        ["attack_05_list_subset_view", "predicates::"],
        counts={"SEALTAPE_PROVE_LIST_SUBSET": 1000, "SEALTAPE_PROVE_ACCESS": 1000},
    ),
    "attacks": Proof("the attack cases of docs/threat-model.md", ["attack_"], counts={"PROPTEST_CASES": 2000, "SEALTAPE_PROVE_WALKS": 100}),
}


def command(proof: Proof) -> list[str]:
    """nextest when it is there; plain `cargo test` runs the same tests."""
    if shutil.which("cargo-nextest"):
        named = " or ".join(f"test({name})" for name in proof.filters)
        chosen = f"package({proof.package}) and ({named})" if proof.package else named
        # --workspace chooses the features that `make test` chose: nothing is compiled again.
        return ["cargo", "nextest", "run", "--locked", "--workspace", "--profile", "prove", "--no-tests", "pass", "-E", chosen]
    packages = ["--package", proof.package] if proof.package else ["--workspace"]
    return ["cargo", "test", "--locked", "--no-fail-fast", *packages, "--lib", "--bins", "--tests", "--", *proof.filters]


def outcomes(output: str) -> list[dict]:
    """Name and result of each test, from either runner's lines."""
    found = {}
    for line in output.splitlines():
        nextest = re.match(r"\s*(PASS|FAIL|TIMEOUT|SIGABRT|SIGSEGV)\s+\[[^\]]*\]\s+(?:\([^)]*\)\s+)?(\S+(?:\s\S+)*)$", line)
        plain = re.match(r"test (\S+) \.\.\. (ok|FAILED)$", line)
        if nextest:
            found[nextest.group(2)] = nextest.group(1) == "PASS"
        elif plain:
            found[plain.group(1)] = plain.group(2) == "ok"
    return [{"name": name, "passed": passed} for name, passed in sorted(found.items())]


def dead_filters(proof: Proof, tests: list[dict]) -> list[str]:
    """Filters that matched no test that ran. nextest puts the program before the test's own path."""
    paths = [test["name"].split()[-1] for test in tests]
    return [named for named in proof.filters if not any(named in path for path in paths)]


def run(name: str, proof: Proof, environment: dict[str, str]) -> bool:
    """Runs one proof and writes its result."""
    print(f"== {name}: {proof.shows}", flush=True)
    counts = {key: str(value) for key, value in proof.counts.items()}
    begin = time.monotonic()
    child = subprocess.Popen(
        command(proof),
        cwd=ROOT,
        env={**environment, **counts, "SEALTAPE_PROVE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines = []
    for line in child.stdout:
        sys.stdout.write(line)
        lines.append(line)
    status = child.wait()
    tests = outcomes("".join(lines))
    dead = dead_filters(proof, tests)
    passed = status == 0 and not dead and all(test["passed"] for test in tests)
    if dead and status == 0:
        print(f"{name}: no test has {' or '.join(dead)} in its name; was it renamed?")
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    result = {
        "name": name,
        "shows": proof.shows,
        "passed": passed,
        "seconds": round(time.monotonic() - begin, 1),
        "counts": proof.counts,
        "tests": tests,
        "commit": commit.stdout.strip(),
    }
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / f"{name}.json").write_text(json.dumps(result, indent=2) + "\n")
    print(f"{name}: {'passed' if passed else 'FAILED'}, {len(tests)} tests, {result['seconds']} s")
    return passed


def main() -> int:
    names = sys.argv[1:] or list(PROOFS)
    if names == ["--list"]:
        for name, proof in PROOFS.items():
            print(f"{name:14} {proof.shows} {proof.counts or ''}")
        return 0
    unknown = [name for name in names if name not in PROOFS]
    if unknown:
        print(f"no proof is called {', '.join(unknown)}; there are {', '.join(PROOFS)}")
        return 1
    # The tests of processes start the program of this build.
    subprocess.run(["cargo", "build", "--locked", "--workspace", "--bins"], cwd=ROOT, check=True)
    cluster = ROOT / "target" / "pg-prove"
    subprocess.run([ROOT / "tests/pg.sh", "stop", cluster], check=False, capture_output=True)
    try:
        started = subprocess.run([ROOT / "tests/pg.sh", "start", cluster], check=True, stdout=subprocess.PIPE, text=True)
        environment = {**os.environ, "SEALTAPE_TEST_PG": started.stdout.strip(), "CARGO_TERM_COLOR": "never"}
        results = [run(name, PROOFS[name], environment) for name in names]
    finally:
        subprocess.run([ROOT / "tests/pg.sh", "stop", cluster], check=False, capture_output=True)
    print(f"proofs: {sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
