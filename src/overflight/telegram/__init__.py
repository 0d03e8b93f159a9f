"""Formal telegrams: reading with every repair listed, writing, threads, paper.

The way of a file through the room, one module for each thing that a telegram has:

bytes to lines
    `source` (encoding, lines, original bytes), `messages` (several in one file), `clean` (debris of copies),
    `furniture` (page lines, banners, stamps) with `pages` (their forms and numbers) and `seams` (whether a
    sentence goes on there), `repairs` (the list of all of it).
forms
    `reader` puts the parts together; `labelled`, `dd173`, `aftn` and `quoted` are the forms that differ.
head
    `head` (format lines 1 to 11), `dtg`, `addresses`, `posts`, `offices`.
labelled lines
    `banner` (classification and number), `lead`, `order`, `tags`, `references`.
text
    `sections`, `body` (paragraphs), `numbered` and `numbering` (numbers), `columns` (tables), `mend` and
    `words` (what line breaks hurt).
meaning
    `meaning`, with `action` and `deadline`; `portions` for release; `thread` for several.
out
    `model`, `writer` with `wrap`, `codec` and `incoming` (JSON), `paper`; `tables` reads the data files.
"""

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
