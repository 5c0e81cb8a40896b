"""Checks signed documents: capture configs and deletion certificates. Written from RFC 7515 and RFC 8037, not from our code."""

import base64
import hashlib
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

import sealtape_ledger as ledger
from sealtape_ledger import Refused


def decode(part: str) -> bytes:
    data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode() != part:
        raise Refused("not base64url in its one form")
    return data


def thumbprint(key: str) -> str:
    """RFC 7638 over the JWK of RFC 8037."""
    jwk = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": key}, separators=(",", ":"))
    return base64.urlsafe_b64encode(hashlib.sha256(jwk.encode()).digest()).rstrip(b"=").decode()


def open_document(document: str, kind: str, key: str) -> dict:
    """What a compact JWS of this type says, when this key has signed it."""
    header, payload, signature = document.split(".")
    if json.loads(decode(header)) != {"alg": "EdDSA", "kid": thumbprint(key), "typ": kind}:
        raise Refused("another header")
    try:
        Ed25519PublicKey.from_public_bytes(decode(key)).verify(decode(signature), f"{header}.{payload}".encode())
    except InvalidSignature as error:
        raise Refused("not signed by this key") from error
    return json.loads(decode(payload))


def open_config(document: str, key: str, project: str, now: int) -> dict:
    config = open_document(document, "sealtape-config+jwt", key)
    if config["project"] != project or not config["issued_at"] - 300 <= now < config["expires_at"] + 300:
        raise Refused("for another project, or not in force")
    return config


def check_named(evidence: dict, act: str, verifier: str, origin: str) -> dict:
    """That the log has an entry of this act that names the document; the entry."""
    entry = base64.b64decode(evidence["entry"], validate=True)
    ledger.check_entry(entry, evidence["proof"], verifier, origin)
    leaf = json.loads(entry)
    digest = hashlib.sha256(evidence["document"].encode()).hexdigest()
    if leaf["act"] != act or leaf["out"] != "allow" or not leaf["rule"].endswith(f"/certificate:{digest}"):
        raise Refused("the entry does not name the document")
    return leaf


def open_certificate(file: dict, key: str, verifier: str, origin: str) -> dict:
    document = file["certificate"]["document"]
    said = open_document(document, "sealtape-certificate+jwt", key)
    if check_named(file["certificate"], "certificate.issue", verifier, origin)["tenant"] != said["tenant"]:
        raise Refused("of another tenant")
    for store in said["stores"]:
        if store["failed"] or store["found"] != store["shredded"] + store["deleted"] + store["held"]:
            raise Refused("the counts do not agree")
    if "horizon" in file:
        later = open_document(file["horizon"]["document"], "sealtape-certificate-horizon+jwt", key)
        check_named(file["horizon"], "certificate.horizon", verifier, origin)
        if later["certificate"] != hashlib.sha256(document.encode()).hexdigest():
            raise Refused("about another certificate")
    return said


def is_about(file: dict, said: dict, kind: str, value: str) -> bool:
    for salted in file["salts"]:
        salt = base64.b64decode(salted["salt"], validate=True)
        digest = hashlib.sha256(salt + kind.encode() + b"\0" + value.encode()).digest()
        commitment = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if salted["kind"] == kind and {"kind": kind, "commitment": commitment} in said["subject"]:
            return True
    return False
