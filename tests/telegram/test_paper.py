"""Paper: the banner on every page, a mark on every portion, text as data."""

from __future__ import annotations

import io
import random
import zipfile
from dataclasses import replace

import pytest

from overflight.telegram import Paragraph, Subject, Telegram
from overflight.telegram.paper import banner_of, docx, pdf
from telegram.generate import telegram

LONG = Telegram(
    classification="CONFIDENTIAL",
    subject=Subject("EXERCISE: #set page() *bold* $x$ <tag> & \\ [link](url)", "U"),
    paragraphs=tuple(
        Paragraph(
            n,
            "EXERCISE TEXT #panic() *bold* $x^2$ <tag> & \\ \" ' ~ `code` " * 12,
            "S//NF" if n == 7 else "C//REL TO USA, TJK",
        )
        for n in range(1, 31)
    ),
    signed="EXAMPLE",
)


def test_the_banner_is_the_roll_up_or_the_higher_line() -> None:
    assert banner_of(LONG) == "SECRET//NOFORN"
    assert banner_of(replace(LONG, classification="TOP SECRET")) == "TOP SECRET"
    assert banner_of(replace(LONG, paragraphs=(Paragraph(1, "X"),), subject=None)) == "CONFIDENTIAL"


def test_docx_carries_banner_and_marks() -> None:
    pytest.importorskip("docx")
    with zipfile.ZipFile(io.BytesIO(docx(LONG))) as package:
        header, footer = (package.read(f"word/{name}1.xml").decode() for name in ("header", "footer"))
        body = package.read("word/document.xml").decode()
    assert "SECRET//NOFORN" in header
    assert "SECRET//NOFORN" in footer
    assert "PAGE" in footer
    assert body.count("(C//REL TO USA, TJK)") == 29
    assert "#panic()" in body


def test_pdf_takes_text_as_data() -> None:
    pytest.importorskip("typst")
    data = pdf(LONG)
    assert data.startswith(b"%PDF")
    assert data.count(b"/Type /Page") >= 3 or data.count(b"/Type/Page") >= 3 or len(data) > 10_000


@pytest.mark.parametrize("seed", range(3))
def test_any_telegram_goes_on_paper(seed: int) -> None:
    pytest.importorskip("docx")
    pytest.importorskip("typst")
    model = telegram(random.Random(seed))
    assert docx(model)
    assert pdf(model)
