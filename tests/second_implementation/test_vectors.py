"""Opens the committed vectors, and refuses every change to them. Run: python3 -m unittest, in this folder."""

import dataclasses
import hashlib
import json
import pathlib
import unittest
import uuid

import sealtape_open as sealtape

VECTORS = json.loads(
    (pathlib.Path(__file__).parent.parent / "data" / "vectors" / "seal-v1.json").read_text(encoding="utf-8")
)
SEALED_CHUNK = sealtape.CHUNK + sealtape.TAG


def pattern(length: int) -> bytes:
    return bytes((31 * i + 7) % 251 for i in range(length))


def expected_of(vector: dict) -> sealtape.Expected:
    return sealtape.Expected(
        vector["kind"],
        uuid.UUID(vector["tenant"]),
        uuid.UUID(vector["object"]),
        int(vector["number"]),
        vector["generation"],
    )


class Published(unittest.TestCase):
    """C2SP's own vectors: the XAES below the wrapping is the published one."""

    def test_single(self):
        nonce = b"ABCDEFGHIJKLMNOPQRSTUVWX"
        for byte, aad, sealed in [
            (1, b"", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"),
            (3, b"c2sp.org/XAES-256-GCM", "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"),
        ]:
            self.assertEqual(sealtape.xaes_encrypt(bytes([byte]) * 32, nonce, b"XAES-256-GCM", aad).hex(), sealed)

    def test_accumulated(self):
        source = hashlib.shake_128().digest(10_000 * (32 + 24 + 2 * 256))
        position = 0

        def take(length: int) -> bytes:
            nonlocal position
            position += length
            return source[position - length : position]

        digest = hashlib.shake_128()
        for _ in range(10_000):
            key, nonce = take(32), take(24)
            plaintext = take(take(1)[0])
            aad = take(take(1)[0])
            digest.update(sealtape.xaes_encrypt(key, nonce, plaintext, aad))
        self.assertEqual(
            digest.digest(32).hex(), "e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939"
        )


class Seal(unittest.TestCase):
    def test_every_vector_opens(self):
        self.assertGreaterEqual(len(VECTORS["seal"]), 8)
        for vector in VECTORS["seal"]:
            with self.subTest(vector["name"]):
                sealed = bytes.fromhex(vector["sealed"])
                codec, plaintext = sealtape.open_sealed(bytes.fromhex(vector["key"]), expected_of(vector), sealed)
                self.assertEqual(codec, vector["codec"])
                self.assertEqual(plaintext, pattern(vector["plaintext_length"]))
                self.assertEqual(hashlib.sha256(plaintext).hexdigest(), vector["plaintext_sha256"])
                self.assertEqual(sealed[56:80].hex(), vector["salt"])
                self.assertEqual(sealed[80:112].hex(), vector["commitment"])

    def refuse(self, vector: dict, why: str, *, key=None, expected=None, sealed=None):
        with self.subTest(vector["name"], why=why), self.assertRaises(sealtape.OpenError):
            sealtape.open_sealed(
                bytes.fromhex(vector["key"]) if key is None else key,
                expected_of(vector) if expected is None else expected,
                bytes.fromhex(vector["sealed"]) if sealed is None else sealed,
            )

    def test_another_row_or_key_is_refused(self):
        for vector in VECTORS["seal"]:
            row = expected_of(vector)
            for change in [
                {"kind": row.kind + 1},
                {"tenant": uuid.UUID(int=1)},
                {"object": uuid.UUID(int=1)},
                {"number": row.number ^ 1},
                {"generation": row.generation + 1},
            ]:
                self.refuse(vector, f"another {next(iter(change))}", expected=dataclasses.replace(row, **change))
            self.refuse(vector, "another key", key=bytes(32))

    def test_changed_bytes_are_refused(self):
        for vector in VECTORS["seal"]:
            sealed = bytes.fromhex(vector["sealed"])
            # Every byte of the header, then some of the chunks and always the last tag.
            for at in [*range(112), *range(112, len(sealed), 4_099), len(sealed) - 1]:
                changed = bytearray(sealed)
                changed[at] ^= 1
                self.refuse(vector, f"byte {at}", sealed=bytes(changed))
            self.refuse(vector, "empty", sealed=b"")
            self.refuse(vector, "header alone", sealed=sealed[:112])
            self.refuse(vector, "one byte less", sealed=sealed[:-1])
            self.refuse(vector, "trailing bytes", sealed=sealed + bytes(16))

    def test_moved_chunks_are_refused(self):
        vector = next(v for v in VECTORS["seal"] if v["plaintext_length"] == 40_000)
        sealed = bytes.fromhex(vector["sealed"])
        header, body = sealed[:112], sealed[112:]
        first, second, third = (body[at : at + SEALED_CHUNK] for at in range(0, len(body), SEALED_CHUNK))
        for why, chunks in {
            "swapped": [second, first, third],
            "doubled": [first, first, second, third],
            "dropped": [first, third],
            "cut at a chunk": [first, second],
            "cut inside a chunk": [first, second[:99]],
        }.items():
            self.refuse(vector, why, sealed=header + b"".join(chunks))

    def test_a_header_rewritten_to_fit_another_row_is_refused(self):
        for vector in VECTORS["seal"]:
            sealed = bytearray.fromhex(vector["sealed"])
            sealed[51] ^= 1
            row = expected_of(vector)
            other = dataclasses.replace(row, number=row.number ^ 1)
            self.refuse(vector, "relabelled", expected=other, sealed=bytes(sealed))


class Export(unittest.TestCase):
    def test_every_vector_opens_with_its_derived_key(self):
        self.assertGreaterEqual(len(VECTORS["export"]), 2)
        for vector in VECTORS["export"]:
            key = sealtape.export_key(bytes.fromhex(vector["session_key"]), uuid.UUID(vector["export"]))
            self.assertEqual(key, vector["key"])
            plaintext = sealtape.open_export(key, bytes.fromhex(vector["sealed"]))
            self.assertEqual(plaintext, pattern(vector["plaintext_length"]))
            self.assertEqual(hashlib.sha256(plaintext).hexdigest(), vector["plaintext_sha256"])

    def test_another_key_or_file_is_refused(self):
        first, second = VECTORS["export"]
        sealed = bytes.fromhex(second["sealed"])
        mistyped = second["key"][:-1] + ("0" if second["key"][-1] != "0" else "1")
        for why, key, file in [
            ("another export", first["key"], sealed),
            ("mistyped", mistyped, sealed),
            ("no key", "", sealed),
            ("another tenant's name", second["key"], sealed[:12] + bytes(16) + sealed[28:]),
            ("cut", second["key"], sealed[:-1]),
            ("empty", second["key"], b""),
        ]:
            with self.subTest(why), self.assertRaises(sealtape.OpenError):
                sealtape.open_export(key, file)


class Wrap(unittest.TestCase):
    FIELDS = ("kind", "generation", "kek_version")

    def unwrap(self, vector: dict) -> bytes:
        return sealtape.unwrap(
            bytes.fromhex(vector["kek"]),
            uuid.UUID(vector["tenant"]),
            vector["kind"],
            uuid.UUID(vector["object"]),
            vector["generation"],
            vector["kek_version"],
            bytes.fromhex(vector["wrapped"]),
        )

    def test_every_vector_opens(self):
        self.assertGreaterEqual(len(VECTORS["wrap"]), 3)
        for vector in VECTORS["wrap"]:
            self.assertEqual(self.unwrap(vector).hex(), vector["secret"])

    def test_another_context_is_refused(self):
        for vector in VECTORS["wrap"]:
            changes = [{field: vector[field] + 1} for field in self.FIELDS]
            changes += [{field: str(uuid.UUID(int=1))} for field in ("tenant", "object")]
            changes += [{"kek": "00" * 32}, {"wrapped": vector["wrapped"][:-2]}, {"wrapped": ""}]
            for change in changes:
                with self.subTest(change=change), self.assertRaises(sealtape.OpenError):
                    self.unwrap(vector | change)


class Chain(unittest.TestCase):
    KEY = bytes.fromhex(VECTORS["chain"]["key"])

    def test_rows_follow_each_other(self):
        previous = bytes(32)
        for row in VECTORS["chain"]["rows"]:
            self.assertEqual(sealtape.body_mac(self.KEY, bytes.fromhex(row["body_digest"])).hex(), row["body_mac"])
            canonical = sealtape.canonical_row(row)
            self.assertEqual(canonical.hex(), row["canonical"])
            previous = sealtape.chain_next(self.KEY, previous, canonical)
            self.assertEqual(previous.hex(), row["chain"])

    def test_a_dropped_or_changed_row_breaks_it(self):
        first, second, third = VECTORS["chain"]["rows"]
        after_first = bytes.fromhex(first["chain"])
        dropped = sealtape.chain_next(self.KEY, after_first, sealtape.canonical_row(third))
        self.assertNotEqual(dropped.hex(), third["chain"])
        for field in ("tab", "n", "generation", "ciphertext_length", "plaintext_length", "first_ms", "last_ms",
                      "events", "received_us"):
            changed = sealtape.canonical_row(second | {field: second[field] + 1})
            self.assertNotEqual(sealtape.chain_next(self.KEY, after_first, changed).hex(), second["chain"], field)


class Manifest(unittest.TestCase):
    def test_hashes(self):
        self.assertGreaterEqual(len(VECTORS["manifest"]), 2)
        for vector in VECTORS["manifest"]:
            self.assertEqual(sealtape.canonical_json(vector["value"]), vector["canonical"])
            self.assertEqual(sealtape.manifest_hash(vector["value"]), vector["sha256"])

    def test_a_change_changes_the_hash(self):
        vector = VECTORS["manifest"][0]
        changed = json.loads(vector["canonical"])
        changed["segments"].pop()
        self.assertNotEqual(sealtape.manifest_hash(changed), vector["sha256"])

    def test_values_on_which_readers_disagree_are_refused(self):
        for value in (1.5, 2**53, -(2**53), None, True):
            with self.subTest(value=value), self.assertRaises(sealtape.OpenError):
                sealtape.canonical_json([value])


class Blind(unittest.TestCase):
    def test_identifiers(self):
        keys = [bytes.fromhex(key) for key in VECTORS["blind"]["keys"]]
        for vector in VECTORS["blind"]["identifiers"]:
            token = sealtape.identifier_token(keys, vector["kind"], vector["value"])
            self.assertEqual(token.hex(), vector["token"], vector["value"])

    def test_search_tokens(self):
        key = bytes.fromhex(VECTORS["blind"]["search_key"])
        for vector in VECTORS["blind"]["search"]:
            token = sealtape.search_token(key, vector["kind"], vector["value"])
            self.assertEqual(token.hex(), vector["token"], vector["value"])


if __name__ == "__main__":
    unittest.main()
