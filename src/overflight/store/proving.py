"""A desk's log proved as a person asks for it: with the anchors in its folder, whatever its file is like."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from overflight.errors import StoreError
from overflight.settings import Settings
from overflight.store import anchor as anchors
from overflight.store.desk import open_desk
from overflight.store.engine import is_damage
from overflight.store.keys import desk_key, public_of, signature_fault
from overflight.store.verify import Finding, Proof, verify

__all__ = ["prove"]


def prove(
    settings: Settings, given: Sequence[str] = (), *, progress: Callable[[int, int], None] | None = None
) -> Proof:
    """Prove the log of the desk that the settings name.

    Parameters
    ----------
    settings : Settings
    given : sequence of str
        Anchors: files, or codes in their place. Those in the desk's folder ``anchors`` are looked at as well.
    progress : callable, optional
        Called with events done and events in all.

    Raises
    ------
    InputError
        When there is no desk, or an anchor is none.
    StoreError
        When the store cannot be read for another reason than damage.
    """
    own = sorted((settings.home / "anchors").glob("*.anchor"))
    noted = [anchors.read(one) for one in (*map(str, own), *given)]
    key = desk_key(settings.home, create=False)
    trusted = None if key is None else public_of(key)
    faults = [Finding(None, "anchor", text) for one in noted if (text := signature_fault(one, trusted))]
    try:
        desk = open_desk(settings, create=False, write=False)
    except StoreError as fault:
        if not is_damage(fault):
            raise
        damage = Finding(None, "file", f"the file is damaged: {fault.__cause__ and _words(fault)}")
        return Proof("", 0, b"", (*faults, damage), len(noted))
    with desk:
        proof = verify(desk.log.engine, desk.log.where, noted, progress=progress)
    return Proof(
        proof.desk, proof.events, proof.head, (*faults, *proof.findings), proof.anchors, proof.anchored
    )


def _words(fault: StoreError) -> str:
    cause = fault.__cause__
    return " ".join(str(getattr(cause, "orig", None) or cause).split())
