"""Formal telegrams: reading with every repair listed, writing, threads, paper."""

from __future__ import annotations

from overflight.telegram.codec import to_json
from overflight.telegram.incoming import from_json
from overflight.telegram.meaning import Meaning, understand
from overflight.telegram.model import (
    Address,
    Aftn,
    Authority,
    Head,
    Number,
    Order,
    Paragraph,
    Part,
    Reference,
    Run,
    Share,
    Subject,
    Telegram,
    Transmission,
)
from overflight.telegram.posts import Post, post_of, state_of
from overflight.telegram.reader import Reading, read, read_all
from overflight.telegram.repairs import Repair
from overflight.telegram.thread import Thread, threads
from overflight.telegram.writer import write

__all__ = [
    "Address",
    "Aftn",
    "Authority",
    "Head",
    "Meaning",
    "Number",
    "Order",
    "Paragraph",
    "Part",
    "Post",
    "Reading",
    "Reference",
    "Repair",
    "Run",
    "Share",
    "Subject",
    "Telegram",
    "Thread",
    "Transmission",
    "from_json",
    "post_of",
    "read",
    "read_all",
    "state_of",
    "threads",
    "to_json",
    "understand",
    "write",
]
