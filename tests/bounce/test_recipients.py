"""Whose mail it was, wherever a text names the recipient beside others."""

import tomllib
from pathlib import Path

import pytest

from checker.bounce import read

TEXTS = [
    (recipient, text)
    for recipient, texts in tomllib.loads(
        Path(__file__).with_name("recipients.toml").read_text("utf-8")
    ).items()
    for text in texts
]


@pytest.mark.parametrize(("recipient", "text"), TEXTS, ids=[text[:50] for _, text in TEXTS])
def test_recipient(recipient: str, text: str) -> None:
    report = read(text)[0]
    assert report.recipient == recipient
    assert report.domain == recipient.partition("@")[2]
