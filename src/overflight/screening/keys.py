"""The desk's signing key: made at first use, kept to its owner, its public half free to give away."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from overflight.errors import DataError, InputError

__all__ = ["FOLDER", "PRIVATE", "PUBLIC", "TRUSTED", "desk_key", "key_id", "public_key", "trusted_keys"]

FOLDER, PRIVATE, PUBLIC, TRUSTED = "keys", "desk.key", "desk.pub", "trusted"


def key_id(public: Ed25519PublicKey) -> str:
    """The name of a key: the SHA-256 of its 32 bytes, in hexadecimal digits."""
    return sha256(public.public_bytes_raw()).hexdigest()


def desk_key(home: Path) -> Ed25519PrivateKey:
    """The key of a desk, made when there is none.

    Parameters
    ----------
    home : Path
        The desk's folder; the key is ``keys/desk.key`` in it, readable by its owner alone, and
        ``keys/desk.pub`` the public half.

    Raises
    ------
    DataError
        The key is damaged, or cannot be read or written.
    """
    folder = home / FOLDER
    path = folder / PRIVATE
    try:
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _made(path)
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        said = (error.strerror or str(error)).lower()
        raise DataError(f"the desk's key cannot be used: {said}", where=str(path)) from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise DataError("the desk's key is damaged", where=str(path), mend=_RESTORE) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise DataError("the desk's key is no Ed25519 key", where=str(path), mend=_RESTORE)
    public = folder / PUBLIC
    pem = _pem(key.public_key())
    if not public.exists() or public.read_bytes() != pem:
        public.write_bytes(pem)
    return key


_RESTORE = "restore it from a backup, or move it away and let a new one be made"


def _made(path: Path) -> None:
    """Write a new key beside its place, then take the place unless another process was quicker."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(part, path)
        except FileExistsError:
            return
        except OSError:  # a file system without links
            if not path.exists():
                part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _pem(public: Ed25519PublicKey) -> bytes:
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def public_key(path: Path) -> Ed25519PublicKey:
    """A public key from a PEM file.

    Raises
    ------
    InputError
        No such file, or no Ed25519 public key.
    """
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise InputError(f"cannot be read: {(error.strerror or '').lower()}", where=str(path)) from None
    except (ValueError, UnsupportedAlgorithm):
        raise InputError("is no public key in PEM", where=str(path)) from None
    if not isinstance(key, Ed25519PublicKey):
        raise InputError("is no Ed25519 public key", where=str(path))
    return key


def trusted_keys(home: Path) -> dict[str, Ed25519PublicKey]:
    """The public keys that a desk trusts, by key id: its own, and those in ``keys/trusted``."""
    folder = home / FOLDER
    paths = [folder / PUBLIC, *sorted((folder / TRUSTED).glob("*.pub"))]
    found = [public_key(path) for path in paths if path.is_file()]
    return {key_id(one): one for one in found}
