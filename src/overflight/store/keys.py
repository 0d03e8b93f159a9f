"""The desk's Ed25519 key, made when first needed, and signed anchors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from overflight.errors import StoreError
from overflight.store.anchor import Anchor, fingerprint, signed_part
from overflight.store.folder import make_secret

__all__ = ["desk_key", "public_of", "sign", "signature_fault"]

_NAME = "log.pem"


def desk_key(home: Path, *, create: bool = True) -> Ed25519PrivateKey | None:
    """The key in ``keys/log.pem`` of the desk's folder; made, for its owner alone, when there is none."""
    path = home / "keys" / _NAME
    if not path.exists():
        if not create:
            return None
        made = Ed25519PrivateKey.generate()
        pem = made.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        make_secret(path, pem)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as fault:
        raise StoreError("not a readable key", where=str(path), mend="restore it, or move it away") from fault
    if not isinstance(key, Ed25519PrivateKey):
        raise StoreError("not an Ed25519 key", where=str(path), mend="restore it, or move it away")
    return key


def public_of(key: Ed25519PrivateKey) -> bytes:
    """The public key's 32 bytes."""
    return key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def sign(anchor: Anchor, key: Ed25519PrivateKey) -> Anchor:
    """The anchor with a signature over its lines."""
    return replace(anchor, key=public_of(key), signature=key.sign(signed_part(anchor).encode()))


def signature_fault(anchor: Anchor, trusted: bytes | None) -> str | None:
    """What is wrong with an anchor's signature; None when nothing is, or it has none.

    Parameters
    ----------
    anchor : Anchor
    trusted : bytes, optional
        The desk's own public key; a note signed by another key proves nothing here.
    """
    if anchor.key is None or anchor.signature is None:
        return None
    try:
        Ed25519PublicKey.from_public_bytes(anchor.key).verify(anchor.signature, signed_part(anchor).encode())
    except (InvalidSignature, ValueError):
        return f"{anchor.where}: its signature does not hold"
    if trusted is not None and anchor.key != trusted:
        return f"{anchor.where}: signed by another key, {fingerprint(anchor.key)}"
    return None
