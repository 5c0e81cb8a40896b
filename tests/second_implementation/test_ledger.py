"""Checks the committed ledger vectors, and refuses every change to them. Run: python3 -m unittest, in this folder."""

import base64
import json
import pathlib
import unittest
import uuid

import sealtape_ledger as ledger

VECTORS = json.loads(
    (pathlib.Path(__file__).parent.parent / "data" / "vectors" / "ledger-v1.json").read_text(encoding="utf-8")
)
VERIFIER, ORIGIN = VECTORS["verifier"], VECTORS["origin"]
LEAVES = [ledger.leaf_hash(f"entry {index}".encode()) for index in range(1000)]


def flipped(hashes: list[bytes], position: int) -> list[bytes]:
    changed = list(hashes)
    changed[position] = bytes([changed[position][0] ^ 1]) + changed[position][1:]
    return changed


class Roots(unittest.TestCase):
    def test_roots_follow_from_the_definition(self):
        for vector in VECTORS["roots"]:
            root = ledger.tree_hash(LEAVES[: vector["size"]])
            self.assertEqual(base64.b64encode(root).decode(), vector["root"], vector["size"])


class Consistency(unittest.TestCase):
    def test_each_tree_continues_the_earlier_one(self):
        for vector in VECTORS["consistency"]:
            old, new = vector["old"], vector["new"]
            roots = ledger.tree_hash(LEAVES[:old]), ledger.tree_hash(LEAVES[:new])
            proof = [base64.b64decode(line) for line in vector["proof"]]
            ledger.check_consistency(old, roots[0], new, roots[1], proof)
            for position in range(len(proof)):
                with self.assertRaises(ledger.Refused):
                    ledger.check_consistency(old, roots[0], new, roots[1], flipped(proof, position))
            with self.assertRaises(ledger.Refused):
                ledger.check_consistency(old, ledger.leaf_hash(b"?"), new, roots[1], proof)

    def test_a_shrunk_tree_is_refused(self):
        with self.assertRaises(ledger.Refused):
            ledger.check_consistency(2, LEAVES[0], 1, LEAVES[0], [])


class Checkpoints(unittest.TestCase):
    def test_signatures_and_heads(self):
        for note, size in zip(VECTORS["checkpoints"], [0, 7, 1000], strict=True):
            self.assertEqual(ledger.open_checkpoint(note, VERIFIER, ORIGIN), (size, ledger.tree_hash(LEAVES[:size])))

    def test_a_changed_head_is_refused(self):
        note = VECTORS["checkpoints"][1]
        with self.assertRaises(ledger.Refused):
            ledger.open_checkpoint(note.replace("\n7\n", "\n8\n"), VERIFIER, ORIGIN)
        with self.assertRaises(ledger.Refused):
            ledger.open_checkpoint(note, VERIFIER, ORIGIN + "/2")


class Entries(unittest.TestCase):
    def test_each_entry_is_where_its_proof_says(self):
        for vector in VECTORS["entries"]:
            entry = vector["entry"]
            index = ledger.check_entry(entry.encode(), vector["proof"], VERIFIER, ORIGIN)
            self.assertEqual(entry, f"entry {index}")
            with self.assertRaises(ledger.Refused):
                ledger.check_entry(b"another", vector["proof"], VERIFIER, ORIGIN)
            moved = vector["proof"].replace(f"index {index}\n", f"index {index ^ 1}\n")
            with self.assertRaises(ledger.Refused):
                ledger.check_entry(entry.encode(), moved, VERIFIER, ORIGIN)


class Details(unittest.TestCase):
    @staticmethod
    def parts(vector: dict) -> list[tuple[str, uuid.UUID, bytes]]:
        return [
            (about, uuid.UUID(vector[about]["key"]), ledger.part_commitment(bytes.fromhex(vector[about]["opened"])))
            for about in ("actor", "subject")
            if vector[about] is not None
        ]

    def test_a_leaf_commits_to_its_parts(self):
        self.assertEqual(len(VECTORS["details"]), 3)
        for vector in VECTORS["details"]:
            d = base64.urlsafe_b64decode(vector["d"] + "=")
            parts = self.parts(vector)
            self.assertEqual(ledger.detail_commitment(parts), d)
            for position, (about, key, commitment) in enumerate(parts):
                changed = list(parts)
                changed[position] = (about, key, flipped([commitment], 0)[0])
                self.assertNotEqual(ledger.detail_commitment(changed), d)

    def test_whose_key_it_is_counts(self):
        vector = VECTORS["details"][2]
        actor, subject = self.parts(vector)
        swapped = [(actor[0], subject[1], actor[2]), (subject[0], actor[1], subject[2])]
        self.assertNotEqual(ledger.detail_commitment(swapped), base64.urlsafe_b64decode(vector["d"] + "="))
        with self.assertRaises(ledger.Refused):
            ledger.detail_commitment([subject, actor])


if __name__ == "__main__":
    unittest.main()
