"""Checks ledgers: trees, proofs, checkpoints. Written from RFC 6962, RFC 9162 and the C2SP specifications, not from our code.

Everything here follows the definitions, recursively and slowly, where the Rust side has the iterative algorithms.
"""

import base64
import hashlib
import json
import uuid

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Refused(Exception):
    """What was shown proves nothing."""


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def part_commitment(opened: bytes) -> bytes:
    """What a leaf knows of one part beside it: salt and text, hashed."""
    if len(opened) < 32:
        raise Refused("too short to hold a salt")
    return hashlib.sha256(opened).digest()


def detail_commitment(parts: list[tuple[str, uuid.UUID, bytes]]) -> bytes:
    """`d` of a leaf, decoded: of parts (whom they are about, whose key seals them, their commitment)."""
    if not parts or [part[0] for part in parts] not in (["actor"], ["subject"], ["actor", "subject"]):
        raise Refused("not the parts of a detail")
    if [part[0] for part in parts] == ["actor"]:
        return parts[0][2]
    joined = b"sealtape/audit-detail-parts/v1".ljust(32, b"\x00")
    for about, key, commitment in parts:
        joined += bytes([{"actor": 1, "subject": 2}[about]]) + key.bytes + commitment
    return hashlib.sha256(joined).digest()


def split(n: int) -> int:
    """RFC 6962 section 2.1: the largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def tree_hash(leaves: list[bytes]) -> bytes:
    """MTH over leaf hashes, section 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node_hash(tree_hash(leaves[:k]), tree_hash(leaves[k:]))


def root_from_path(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes:
    """Undoes PATH of section 2.1.1: the root that a leaf and its path lead to."""
    if not 0 <= index < size:
        raise Refused("no such leaf")
    if size == 1:
        if path:
            raise Refused("too many hashes")
        return leaf
    if not path:
        raise Refused("too few hashes")
    k = split(size)
    if index < k:
        return node_hash(root_from_path(index, k, leaf, path[:-1]), path[-1])
    return node_hash(path[-1], root_from_path(index - k, size - k, leaf, path[:-1]))


def roots_from_consistency(old: int, new: int, known: bytes | None, proof: list[bytes]) -> tuple[bytes, bytes]:
    """Undoes SUBPROOF of section 2.1.2: the two roots that the proof speaks of."""
    if old == new:
        if known is not None:
            if proof:
                raise Refused("too many hashes")
            return known, known
        if len(proof) != 1:
            raise Refused("one hash for a subtree that nobody knows yet")
        return proof[0], proof[0]
    if not proof:
        raise Refused("too few hashes")
    k = split(new)
    if old <= k:
        of_old, of_new = roots_from_consistency(old, k, known, proof[:-1])
        return of_old, node_hash(of_new, proof[-1])
    of_old, of_new = roots_from_consistency(old - k, new - k, None, proof[:-1])
    return node_hash(proof[-1], of_old), node_hash(proof[-1], of_new)


def check_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: list[bytes]) -> None:
    if old > new:
        raise Refused("a tree does not shrink")
    if old == 0:
        if proof or old_root != tree_hash([]):
            raise Refused("an empty tree has one root and needs no proof")
        return
    if roots_from_consistency(old, new, old_root, proof) != (old_root, new_root):
        raise Refused("another tree")


def key_id(name: str, public_key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n\x01" + public_key).digest()[:4]


def open_note(note: str, verifier: str) -> str:
    """The text of a signed note, if the verifier's key has signed it."""
    name, _, rest = verifier.partition("+")
    claimed_id, _, key = rest.partition("+")
    typed = base64.b64decode(key, validate=True)
    if typed[0] != 1 or key_id(name, typed[1:]).hex() != claimed_id:
        raise Refused("not an Ed25519 verifier key")
    head, blank, lines = note.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise Refused("not a note")
    text = head + "\n"
    for line in lines[:-1].split("\n"):
        dash, signer, signature = line.split(" ")
        signed = base64.b64decode(signature, validate=True)
        if dash == "\u2014" and signer == name and signed[:4] == key_id(name, typed[1:]):
            try:
                Ed25519PublicKey.from_public_bytes(typed[1:]).verify(signed[4:], text.encode())
            except InvalidSignature as error:
                raise Refused("a false signature") from error
            return text
    raise Refused("not signed by this key")


def open_checkpoint(note: str, verifier: str, origin: str) -> tuple[int, bytes]:
    """Size and root of a checkpoint of the log `origin`."""
    lines = open_note(note, verifier).split("\n")
    if len(lines) != 4 or lines[3] or lines[0] != origin or str(int(lines[1])) != lines[1]:
        raise Refused("not a checkpoint of this log")
    return int(lines[1]), base64.b64decode(lines[2], validate=True)


def check_entry(entry: bytes, proof: str, verifier: str, origin: str) -> int:
    """Checks a tlog-proof for `entry` and gives its index."""
    head, _, checkpoint = proof.partition("\n\n")
    header, index, *hashes = head.split("\n")
    if header != "c2sp.org/tlog-proof@v1" or not index.startswith("index "):
        raise Refused("not a tlog-proof")
    size, root = open_checkpoint(checkpoint, verifier, origin)
    path = [base64.b64decode(line, validate=True) for line in hashes]
    number = int(index.removeprefix("index "))
    if root_from_path(number, size, leaf_hash(entry), path) != root:
        raise Refused("the entry is not in this tree")
    return number


def check_export(text: str, verifier: str, origin: str) -> int:
    """Checks a `log` export of everything; how many entries it holds."""
    if not text.endswith("\n"):
        raise Refused("the last line was cut")
    lines = [json.loads(line) for line in text[:-1].split("\n")]
    if len(lines) < 2 or set(lines[0]) != {"log"} or set(lines[-1]) != {"checkpoint"}:
        raise Refused("it does not begin and end as an export does")
    head, note = lines[0]["log"], lines[-1]["checkpoint"]
    if head["format"] != "sealtape-audit-log/v1" or head["origin"] != origin or head["filter"] is not None:
        raise Refused("another log, or not all of it")
    size, root = open_checkpoint(note, verifier, origin)
    if head["checkpoint"] != note or head["size"] != size:
        raise Refused("its two checkpoints differ")
    leaves, kept = [], []
    for line in lines[1:-1]:
        if "tile" in line:
            tile = base64.b64decode(line["tile"]["hashes"], validate=True)
            kept.extend(tile[at : at + 32] for at in range(0, len(tile), 32))
            continue
        entry = line["entry"]
        if entry["index"] != len(leaves):
            raise Refused(f"entry {len(leaves)} is missing")
        leaves.append(leaf_hash(entry["entry"].encode("ascii")))
    if len(leaves) != size or tree_hash(leaves) != root:
        wrong = next((index for index, (leaf, hash_) in enumerate(zip(leaves, kept)) if leaf != hash_), len(leaves))
        raise Refused(f"entry {wrong} is not the one that was signed")
    if kept != leaves:
        raise Refused("the log's hashes are not those of its entries")
    return size
