"""What a telegram means.

States of posts and tags, the day a reply is due, markings with their release lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from overflight.errors import MarkingError
from overflight.marking import Marking, banner_over, format_banner, parse_banner, parse_portion
from overflight.telegram.action import BLOCK_WORDS, Action, Block, find_action, find_blocks, find_slugs
from overflight.telegram.deadline import Due, find_due
from overflight.telegram.model import Address, Telegram
from overflight.telegram.order import Declassification, declassification
from overflight.telegram.posts import post_of
from overflight.telegram.tags import Tag, tags_of

__all__ = ["Meaning", "understand"]

_URGENCY = ("ROUTINE", "PRIORITY", "IMMEDIATE", "NIACT IMMEDIATE", "FLASH")


@dataclass(frozen=True)
class Meaning:
    """What follows from a telegram together with the tables of posts, tags and markings.

    ``to`` and ``info`` hold the state of each addressee, or None; ``markings`` one entry for each
    paragraph, None where the paragraph carries no mark; ``rolls`` the banner of the portions of each scheme,
    ``rolled`` that of the only one.
    """

    to: tuple[str | None, ...]
    info: tuple[str | None, ...]
    tags: tuple[Tag, ...]
    declassify: Declassification
    subject: Marking | None
    markings: tuple[Marking | None, ...]
    banner: Marking | None
    rolled: str | None
    rolls: tuple[Marking, ...]
    action: Action
    due: Due | None
    slugs: tuple[str, ...]
    blocks: tuple[Block, ...]
    warnings: tuple[str, ...]

    @property
    def recipients(self) -> tuple[str, ...]:
        """States of the action addressees, sorted."""
        return tuple(sorted({s for s in self.to if s}))


def understand(telegram: Telegram) -> Meaning:
    """Work out the meaning. A pure function of the telegram and the shipped tables."""
    warnings: list[str] = []
    head = telegram.head
    day = head.sent.date() if head.sent else None
    to = _states(head.to, day) if telegram.aftn is None else _located(head.to, day)
    info = _states(head.info, day)
    tags, about_tags = tags_of(telegram.tags, day)
    warnings += about_tags
    recipients = sorted({s for s in to if s})
    above = telegram.classification + telegram.control if telegram.classification else None
    banner = parse_banner(above, day) if above else None
    on_subject = telegram.subject.marking if telegram.subject else None
    printed = {on_subject, *[p.marking for p in telegram.paragraphs]}
    known = {text: _marking(text, day, recipients, banner) for text in printed}
    markings = tuple([known[p.marking] for p in telegram.paragraphs])
    unclear = {text for text, m in known.items() if m is not None and (m.unparsed or not m.level)}
    for paragraph in telegram.paragraphs if unclear else ():
        if paragraph.marking in unclear:
            where = (
                f"paragraph {paragraph.label}" if paragraph.number is not None else "a portion without number"
            )
            warnings.append(
                f"{where}: the marking ({paragraph.marking}) is not understood; it is kept from every release"
            )
    rolls = _rolled([m for m in known.values() if m is not None], day)
    rolled = rolls[0] if len(rolls) == 1 else None
    if rolls and None in printed and (bare := [p for p in telegram.paragraphs if p.marking is None]):
        # What they are is not known: no list covers them, and the level may be higher.
        rolls = [replace(roll, rel=(), display=()) for roll in rolls]
        rolled = None
        several = f"{len(bare)} paragraphs carry" if len(bare) > 1 else "a paragraph carries"
        where = next((f", the first is paragraph {p.label}" for p in bare if p.label), "")
        warnings.append(f"{several} no marking among marked ones{where}: the portions are not rolled up")
    if len(rolls) > 1:
        names = " and ".join(roll.scheme for roll in rolls)
        warnings.append(
            f"the portions are marked by several schemes ({names}): they roll up to no one banner"
        )
    for roll in rolls:
        if banner is not None and banner.scheme == roll.scheme:
            warnings += _understated(banner, roll)
    action, due, blocks, slugs, more = _asked(telegram, day)
    warnings += more
    both = head.precedence in _URGENCY and head.info_precedence in _URGENCY
    if both and _URGENCY.index(str(head.info_precedence)) > _URGENCY.index(str(head.precedence)):
        warnings.append("the precedence for information exceeds the one for action")
    return Meaning(
        to, info, tags, declassification(telegram.order, day), known[on_subject], markings, banner,
        format_banner(rolled) if rolled else None, tuple(rolls), action, due, slugs, blocks,
        tuple(dict.fromkeys(warnings)),
    )  # fmt: skip


def _asked(
    telegram: Telegram, day: date | None
) -> tuple[Action, Due | None, tuple[Block, ...], tuple[str, ...], list[str]]:
    """What the text asks for."""
    texts = [p.text for p in telegram.paragraphs]
    capitals = [text.upper() for text in texts]
    whole = "\n".join([*capitals, *(p.heading.upper() for p in telegram.paragraphs if p.heading)])
    warnings: list[str] = []
    action = Action(False, ())
    if "ACTION" in whole:
        action, more = find_action(telegram.paragraphs, capitals)
        warnings += more
    due, more = find_due([(p.heading or "", p.text) for p in telegram.paragraphs], capitals, day)
    warnings += more
    blocks: tuple[Block, ...] = ()
    if any(map(whole.__contains__, BLOCK_WORDS)):
        blocks, more = find_blocks(telegram.paragraphs, capitals)
        warnings += more
    slugs = find_slugs(telegram.captions, texts if "SLUG" in whole else ())
    return action, due, blocks, slugs, warnings


def _states(addresses: Sequence[Address], day: date | None) -> tuple[str | None, ...]:
    found = (post_of(a.address, day) for a in addresses)
    return tuple(post.state if post else None for post in found)


def _located(addresses: Sequence[Address], day: date | None) -> tuple[str | None, ...]:
    """States of addresses of the aeronautical network: of the location indicator that each begins with."""
    from overflight.world.aerodromes import state_of_indicator  # a table that telegrams seldom need

    return tuple([state_of_indicator(a.address[:4], day) for a in addresses])


def _marking(
    text: str | None, day: date | None, recipients: Sequence[str], banner: Marking | None
) -> Marking | None:
    if text is None:
        return None
    marking = parse_portion(text, day)
    if marking.recipients:
        marking = marking.with_recipients(recipients)
    if marking.rel_same and banner is not None:
        marking = marking.with_banner(banner)
    return marking


def _rolled(marked: Sequence[Marking], day: date | None) -> list[Marking]:
    """Banner of the marked portions of each scheme, in the order of their names.

    Nothing when one of them is not understood. Roll-up is commutative and idempotent: each marking once is
    enough, in any order.
    """
    if any(m.unparsed or not m.level for m in marked):
        return []
    schemes = sorted({m.scheme for m in marked})
    try:
        return [banner_over([m for m in marked if m.scheme == name], day, scheme=name) for name in schemes]
    except MarkingError:
        return []


def _understated(banner: Marking, roll: Marking) -> list[str]:
    if banner.scheme != "us":
        stricter = not banner.unparsed and banner_over([banner, roll], scheme=banner.scheme) != banner
        return [f"banner understates portions: they roll up to {format_banner(roll)}"] if stricter else []
    order = ("U", "R", "C", "S", "TS")
    if banner.level in order and roll.level in order and order.index(banner.level) < order.index(roll.level):
        return [f"banner understates portions: they roll up to {format_banner(roll)}"]
    if "NF" in roll.controls and "NF" not in banner.controls:
        return [f"banner understates portions: they roll up to {format_banner(roll)}"]
    return []
