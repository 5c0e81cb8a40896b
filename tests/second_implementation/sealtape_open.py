"""Opens what Sealtape seals, written from docs/architecture/sealing.md alone.

Purpose: a second, independent reading of the frozen formats. If this file and the Rust crate `vault` disagree, one of
them departs from the specification. It shares no code with the product and uses only `cryptography`'s primitives.

Design: one function per format; every failure is `OpenError`; nothing is returned before it is verified.

How to add one more format: a function here, a list in `tests/data/vectors/seal-v1.json`, a test in `test_vectors.py`.
"""

import hashlib
import hmac
import re
import struct
import unicodedata
import uuid
import zlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

MAGIC = b"SLTAPE\x00\x01"
SUITE = 1
HEADER_LENGTH = 112
CHUNK = 16_384
TAG = 16
SEAL_INFO = b"sealtape/seal/v1\x00AEAD_AES_256_GCM\x00"
MAX_EXACT_INTEGER = 2**53 - 1


class OpenError(Exception):
    """The bytes are not what the row and the key say they are."""


@dataclass(frozen=True)
class Expected:
    """What the authorised row says of an object."""

    kind: int
    tenant: uuid.UUID
    object: uuid.UUID
    number: int
    generation: int


def hkdf_expand(key: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand with SHA-512 (RFC 5869)."""
    return HKDFExpand(SHA512(), length, info).derive(key)


def open_sealed(key: bytes, expected: Expected, sealed: bytes) -> tuple[int, bytes]:
    """Codec and plaintext of a sealed object."""
    if len(sealed) < HEADER_LENGTH:
        raise OpenError("too short for a header")
    magic, suite, kind, codec, tenant, object_id, number, generation, _salt = struct.unpack(
        ">8sHBB16s16sQI24s", sealed[:80]
    )
    if magic != MAGIC or suite != SUITE or codec not in (0, 1):
        raise OpenError("not a sealed object of suite 1")
    found = Expected(kind, uuid.UUID(bytes=tenant), uuid.UUID(bytes=object_id), number, generation)
    if found != expected:
        raise OpenError("another object than its row names")
    derived = hkdf_expand(key, SEAL_INFO + sealed[:80], 76)
    aead_key, base_nonce, commitment = derived[:32], int.from_bytes(derived[32:44], "big"), derived[44:]
    if not hmac.compare_digest(commitment, sealed[80:HEADER_LENGTH]):
        raise OpenError("the key does not match")
    body = sealed[HEADER_LENGTH:]
    if len(body) % (CHUNK + TAG) < TAG:
        raise OpenError("truncated")
    aead, plaintext = AESGCM(aead_key), bytearray()
    for index in range(len(body) // (CHUNK + TAG) + 1):
        chunk = body[index * (CHUNK + TAG) : (index + 1) * (CHUNK + TAG)]
        try:
            plaintext += aead.decrypt((base_nonce ^ index).to_bytes(12, "big"), chunk, None)
        except InvalidTag:
            raise OpenError(f"chunk {index} was changed") from None
    return codec, bytes(plaintext)


EXPORT_KIND = 9
EXPORT_KEY = re.compile(r"(st_export_([0-9a-f]{32})_([0-9a-f]{64}))([0-9a-f]{8})")


def export_key(session_key: bytes, export: uuid.UUID) -> str:
    """The key of an export as its holder reads it."""
    secret = hkdf_expand(session_key, b"sealtape/export/v1" + export.bytes, 32)
    body = f"st_export_{export.hex}_{secret.hex()}"
    return f"{body}{zlib.crc32(body.encode()):08x}"


def open_export(key: str, sealed: bytes) -> bytes:
    """Plaintext of an export: one gzip member of JSON lines. The tenant is the header's, which the key is bound to."""
    match = EXPORT_KEY.fullmatch(key)
    if match is None or f"{zlib.crc32(match[1].encode()):08x}" != match[4]:
        raise OpenError("not the key of an export")
    if len(sealed) < HEADER_LENGTH:
        raise OpenError("too short for a header")
    expected = Expected(EXPORT_KIND, uuid.UUID(bytes=sealed[12:28]), uuid.UUID(hex=match[2]), 0, 0)
    codec, plaintext = open_sealed(bytes.fromhex(match[3]), expected, sealed)
    if codec != 0:
        raise OpenError("an export is packed by its own content")
    return plaintext


def _aes_block(key: bytes, block: bytes) -> bytes:
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # one block: XAES's key derivation asks for it
    return encryptor.update(block) + encryptor.finalize()


def xaes_cipher(key: bytes, nonce: bytes) -> AESGCM:
    """The AES-256-GCM cipher that XAES-256-GCM (C2SP) derives for the first 12 of 24 nonce bytes."""
    top = int.from_bytes(_aes_block(key, bytes(16)), "big")
    k1 = ((top << 1) & (2**128 - 1)) ^ (0x87 if top >> 127 else 0)
    derived = b""
    for counter in (1, 2):
        message = bytes([0, counter, ord("X"), 0]) + nonce[:12]
        derived += _aes_block(key, (int.from_bytes(message, "big") ^ k1).to_bytes(16, "big"))
    return AESGCM(derived)


def xaes_encrypt(key: bytes, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """XAES-256-GCM; only the published vectors need it here."""
    return xaes_cipher(key, nonce).encrypt(nonce[12:], plaintext, aad)


def unwrap(kek: bytes, tenant: uuid.UUID, kind: int, object_id: uuid.UUID, generation: int, kek_version: int,
           wrapped: bytes) -> bytes:
    """The secret inside a wrapped key: nonce (24), ciphertext, tag (16)."""
    if len(wrapped) < 24 + TAG:
        raise OpenError("too short for a wrapped key")
    aad = b"sealtape/wrap/v1" + tenant.bytes + bytes([kind]) + object_id.bytes
    aad += struct.pack(">II", generation, kek_version)
    try:
        return xaes_cipher(kek, wrapped[:24]).decrypt(wrapped[12:24], wrapped[24:], aad)
    except InvalidTag:
        raise OpenError("the wrapped key does not belong here") from None


def canonical_row(row: dict) -> bytes:
    """The canonical form of a segment row: fixed width, big-endian."""
    return (
        struct.pack(">HIIQ", row["tab"], row["n"], row["generation"], row["ciphertext_length"])
        + bytes.fromhex(row["ciphertext_sha256"])
        + struct.pack(">QqqI", row["plaintext_length"], row["first_ms"], row["last_ms"], row["events"])
        + bytes([row["full_snapshot"]])
        + bytes.fromhex(row["body_mac"])
        + struct.pack(">q", row["received_us"])
    )


def chain_next(session_key: bytes, previous: bytes, row: bytes) -> bytes:
    """The chain value after a row; `previous` is 32 zero bytes before a tab's first segment."""
    return hmac.digest(hkdf_expand(session_key, b"sealtape/row/v1", 32), previous + row, "sha256")


def body_mac(session_key: bytes, body_digest: bytes) -> bytes:
    """What recognises the same upload sent again."""
    return hmac.digest(hkdf_expand(session_key, b"sealtape/body/v1", 32), body_digest, "sha256")


def canonical_json(value: object) -> str:
    """RFC 8785 of objects, lists, strings and integers; anything else is refused."""
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
        return "{" + ",".join(f"{canonical_json(k)}:{canonical_json(v)}" for k, v in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical_json(item) for item in value) + "]"
    if isinstance(value, str):
        return '"' + "".join(_escape(character) for character in value) + '"'
    if type(value) is int and abs(value) <= MAX_EXACT_INTEGER:
        return str(value)
    raise OpenError("not a canonical value")


def _escape(character: str) -> str:
    short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
    return short.get(character) or (f"\\u{ord(character):04x}" if character < " " else character)


def manifest_hash(value: dict) -> str:
    """SHA-256 of a manifest's canonical bytes, as hex."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def identifier_token(keys: list[bytes], kind: str, value: str) -> bytes:
    """The blind index of an identifier."""
    token = kind.encode() + b"\x00" + unicodedata.normalize("NFKC", value).strip().lower().encode()
    for key in keys:
        token = hmac.digest(key, token, "sha256")
    return token


def search_token(key: bytes, kind: str, value: str) -> bytes:
    """A blind search token of an already prepared value."""
    return hmac.digest(key, kind.encode() + b"\x00" + value.encode(), "sha256")
