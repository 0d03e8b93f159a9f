"""DSSE envelopes (Dead Simple Signing Envelope, version 1) with Ed25519, kept to one spelling.

The signature covers the payload and its type. Everything around it is kept to the one way in which `sealed`
writes it: an envelope in any other spelling, down to one blank, is refused, so that no byte of a file can be
changed without notice.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from overflight.screening.keys import key_id

__all__ = ["LONGEST", "RefusedError", "opened", "pae", "sealed"]

#: Bytes of the largest envelope that is read.
LONGEST = 64 << 20


class RefusedError(Exception):
    """The envelope is not what it claims to be; the text says why."""


def pae(kind: str, payload: bytes) -> bytes:
    """Pre-authentication encoding: what is signed.

    Examples
    --------
    >>> pae("http://example.com/HelloWorld", b"hello world")
    b'DSSEv1 29 http://example.com/HelloWorld 11 hello world'
    """
    name = kind.encode()
    return b"DSSEv1 %d %s %d %s" % (len(name), name, len(payload), payload)


def sealed(kind: str, payload: bytes, key: Ed25519PrivateKey) -> bytes:
    """The envelope of a payload, as the bytes of a file.

    Parameters
    ----------
    kind : str
        Payload type, a media type.
    payload : bytes
    key : Ed25519PrivateKey
    """
    signature = {"keyid": key_id(key.public_key()), "sig": _text(key.sign(pae(kind, payload)))}
    return _spelt({"payload": _text(payload), "payloadType": kind, "signatures": [signature]})


def opened(data: bytes, kind: str, trusted: Callable[[str], Ed25519PublicKey | None]) -> tuple[bytes, str]:
    """The payload of an envelope and the key that signed it.

    Parameters
    ----------
    data : bytes
        The file.
    kind : str
        The payload type that it must have.
    trusted : callable
        The public key for a key id; None for one that the reader does not trust.

    Raises
    ------
    RefusedError
        The envelope was altered, is of another type, or is signed by an unknown key.
    """
    if len(data) > LONGEST:
        raise RefusedError("it is larger than any certificate")
    try:
        envelope: Any = json.loads(data)
        payload_text, found, signatures = (envelope[k] for k in ("payload", "payloadType", "signatures"))
        (signature,) = signatures
        keyid, sig_text = signature["keyid"], signature["sig"]
        payload, sig = _bytes(payload_text), _bytes(sig_text)
        spelt = _spelt(
            {
                "payload": payload_text,
                "payloadType": found,
                "signatures": [{"keyid": keyid, "sig": sig_text}],
            }
        )
    except (ValueError, TypeError, KeyError, RecursionError, UnicodeError) as error:
        raise RefusedError("it is not a whole signed envelope") from error
    if spelt != data:
        raise RefusedError("it was altered after it was signed, be it by one blank")
    if found != kind:
        raise RefusedError(f"its payload is of the type {found!r}")
    public = trusted(keyid)
    if public is None:
        raise RefusedError(f"the key {str(keyid)[:16]}… that signed it is not known here")
    try:
        public.verify(sig, pae(kind, payload))
    except InvalidSignature as error:
        raise RefusedError("the signature does not fit: it was altered, or another key signed it") from error
    return payload, keyid


def _spelt(envelope: dict[str, Any]) -> bytes:
    return json.dumps(envelope, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode() + b"\n"


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error
    if _text(data) != text:  # bits beyond the last byte
        raise ValueError("not the one spelling of base64")
    return data
