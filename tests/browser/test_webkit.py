"""WebKit, the core of Safari, shows the same as Chromium; where it once did not is tried first."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.expected import START, headline, sender, squeeze, words
from tests.browser.webkit import WebKit, wait, webkit
from tests.hosting import HOSTILE, Host
from tests.serving import Server

# With other browsers and mail servers beside it, it may take longer than a test waits.
pytestmark = pytest.mark.repeats

VERDICT = "document.querySelector('#check-result:not([hidden]) .check-verdict')?.innerText"
LETTER = "#check-letter"
NARROW = 320


@pytest.fixture(scope="module")
def started(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebKit]:
    """One browser for all tests: that it has been elsewhere changes nothing."""
    with webkit(server.origin, tmp_path_factory.mktemp("webkit")) as browser:
        yield browser


@pytest.fixture
def browser(started: WebKit) -> Iterator[WebKit]:
    """The browser, in whose console nothing may appear."""
    yield started
    assert started.tell("faults") == []


def check(browser: WebKit) -> str:
    """Check an address for mediaFinanz with keys alone, and read the outcome."""
    browser.run("document.getElementById('check-domain').select()")
    browser.press(*"anna@expired.test", "Tab", *"media", "Tab", "Return")
    return squeeze(browser.wait(VERDICT))


def answer(language: str) -> str:
    """How the outcome of that check begins."""
    text: str = words(language)["outcome"]["fails-now"]
    sentence = text.partition(". ")[0]
    return squeeze(sentence.format(operator=sender(language, "mediafinanz"), domain="expired.test"))


def fits(browser: WebKit) -> bool:
    """Whether the page is as narrow as the window."""
    width = browser.run("return [innerWidth, document.documentElement.scrollWidth]")
    return bool(width == [NARROW, NARROW])


def test_the_form_answers_and_says_what_is_wrong_with_an_address(browser: WebKit) -> None:
    browser.open("/en/")
    browser.run("document.getElementById('check-domain').focus()")
    browser.press(*"example", "Return")
    seen = "[...document.querySelectorAll('.check__error')].filter((one) => one.offsetHeight)"
    message = browser.wait(f"{seen}.map((one) => one.innerText).join()")
    assert squeeze(message) == squeeze(words("en")["errors"]["single-label"])
    assert check(browser).startswith(answer("en"))
    assert browser.run("return document.activeElement.id") == "check-outcome"
    assert fits(browser)


def test_back_keeps_what_was_asked_and_answered(browser: WebKit) -> None:
    browser.open("/")
    check(browser)
    browser.push(".check-faq > p:last-child > a")
    browser.arrive("/problems/certificate-expired/")
    browser.tell("back")
    # WebKit resets some forms in a task of its own, after the page is there.
    browser.run("await new Promise((resolve) => setTimeout(resolve, 200))")
    asked = "['domain', 'operator'].map((name) => document.getElementById(`check-${name}`).value)"
    assert browser.run(f"return {asked}") == ["anna@expired.test", "mediafinanz"]
    assert squeeze(browser.wait(VERDICT)).startswith(answer("de"))
    browser.run("document.querySelector('.check-verdict').remove()")
    browser.push("#check-form [type=submit]")
    assert squeeze(browser.wait(VERDICT)).startswith(answer("de"))


@pytest.mark.parametrize("text", ["", "tls"])
@pytest.mark.parametrize("width", [NARROW, 1280])
def test_the_tab_key_leads_past_the_search_both_ways(
    browser: WebKit, width: int, text: str
) -> None:
    browser.open("/en/", width=width)
    browser.run("document.querySelector('[data-md-component=search-query]').focus()")
    browser.press(*text)
    focused = "return document.activeElement.id || document.activeElement.classList[0]"
    passed: list[str] = []
    for key, goal in (("Tab", "check-domain"), ("ISO_Left_Tab", "languages__link")):
        while goal not in passed:
            browser.press(key)
            passed.append(browser.run(focused))
            assert len(passed) < 60, passed


def test_a_pasted_report_is_read(browser: WebKit) -> None:
    browser.open("/came-back/", width=NARROW)
    browser.wait("document.querySelectorAll('.paste--live').length")
    browser.run("document.getElementById('paste-text').focus()")
    browser.press(*"<anna@expired.test>: certificate has expired")
    browser.push("[data-paste=read]")
    shown = "document.querySelector('#paste-result:not([hidden]) .admonition-title')?.innerText"
    assert words("de")["problem"]["certificate-expired"] in squeeze(browser.wait(shown))
    assert browser.run("return document.getElementById('check-domain').value") == "expired.test"
    assert fits(browser)


def test_the_letter_is_copied_mailed_saved_and_printed(browser: WebKit) -> None:
    browser.open("/en/")
    check(browser)
    browser.push(f"{LETTER} > summary")
    letter = browser.run(f"return document.querySelector('{LETTER} pre').textContent")
    assert fits(browser)
    text = words("en")["handover"]
    browser.push(f"{LETTER} button", text["copy"])
    wait(lambda: browser.tell("clipboard") == letter, "the letter can be pasted")
    browser.push(f"{LETTER} a", text["mail"])
    (mail,) = wait(lambda: browser.tell("mails"), "a mail program opens")
    fields = parse_qs(urlsplit(mail).query)
    assert squeeze(f"Subject: {fields['subject'][0]} {fields['body'][0]}") == squeeze(letter)
    browser.push(f"{LETTER} button", text["save"])
    assert browser.saved(text["file"]).decode() == letter
    browser.push(f"{LETTER} button", text["print"])
    assert squeeze(browser.printed()) == squeeze(letter)
    # The page is to be printed as a whole again.
    browser.tell("print")
    assert answer("en") in squeeze(browser.printed())


@pytest.mark.parametrize("path", ["problems/tls-version/", "senders/profihost/", "providers/"])
def test_a_page_fits_a_narrow_screen(browser: WebKit, path: str) -> None:
    browser.open(f"/{path}")
    assert fits(browser)


@pytest.mark.parametrize("language", START)
def test_a_printed_result_is_one_sheet_without_the_form(browser: WebKit, language: str) -> None:
    browser.open(START[language])
    check(browser)
    browser.tell("print")
    text = browser.printed()
    assert text.count("\f") == 1
    assert answer(language) in squeeze(text)
    assert words(language)["form"]["address_label"] not in squeeze(text)


@pytest.mark.parametrize("language", START)
def test_without_scripts_the_check_answers_and_back_keeps_what_was_asked(
    browser: WebKit, language: str
) -> None:
    browser.open(f"{START[language]}#check-form", script=False)
    browser.press("Tab", *"anna@expired.test", "Tab", *"media", "Tab", "Return")
    found = f"{START[language]}problems/certificate-expired/#outcome-fails-now-mediafinanz"
    browser.arrive(found)
    browser.tell("print")
    assert squeeze(browser.printed()).startswith(
        headline(language, "mediafinanz", "fails", "certificate-expired")
    )
    browser.tell("back")
    # The button that was pressed still has the focus.
    browser.press("Return")
    browser.arrive(found)


@pytest.mark.parametrize("language", START)
def test_the_form_works_on_the_page_of_somebody_else(
    browser: WebKit, server: Server, host: Host, language: str
) -> None:
    style = HOSTILE if language == "de" else ""
    address = host.embed(f"/{language}/webkit", server.origin, style=style)
    browser.tell("open", address=address, width=NARROW, script=True)
    browser.wait("document.querySelector('iframe').title")
    place = "const { left, top } = document.querySelector('iframe').getBoundingClientRect();"
    left, top = browser.run(f"{place} return [left, top]")
    # Keys reach what is in a frame of another origin only after a click into it.
    browser.tell("click", x=left + 60, y=top + 20)
    browser.press("Tab", *"anna@expired.test", "Return")
    browser.wait("document.querySelector('iframe').offsetHeight > 1500")
    # WebKit scrolls no page for what is in its frames.
    browser.wait("scrollY > 0")
    browser.tell("print")
    assert answer(language) in squeeze(browser.printed())
