"""A small browser with WebKit's core, which does as it is told.

Debian's own Python runs it, for that one knows GTK: ``/usr/bin/python3 webkit_view.py FOLDER``. A
line of JSON on standard input is a command and its arguments; what it gives is a line of JSON on
standard output, once it is carried out. What is saved or printed lies in the folder afterwards.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gdk, GLib, Gtk, WebKit2  # type: ignore[import-not-found]  # noqa: E402

FOLDER = Path(sys.argv[1])
HEIGHT = 900

# Tells what the page's visitor would find in the console. That a page which is left cannot load the
# rest of itself is no fault.
WATCH = """{
  let left = false;
  addEventListener("pagehide", () => (left = true));
  addEventListener("pageshow", () => (left = false));
  const tell = (what) => left || webkit.messageHandlers.fault.postMessage(String(what));
  addEventListener("error", ({ message, target }) => tell(message ?? target.outerHTML), true);
  addEventListener("unhandledrejection", ({ reason }) => tell(reason));
  addEventListener("securitypolicyviolation", ({ blockedURI }) => tell(`refused: ${blockedURI}`));
}"""

context = WebKit2.WebContext.new_ephemeral()
view = WebKit2.WebView(web_context=context)
window = Gtk.Window()

faults: list[str] = []
mails: list[str] = []


def answer(value: object = None) -> None:
    """Give what a command gave."""
    print(json.dumps(value), flush=True)  # noqa: T201 - that is how it answers


def open_(address: str, width: int, *, script: bool) -> None:
    """Open an address in a window of that width; without `script` nothing of the page runs."""
    view.get_settings().set_enable_javascript(script)
    window.resize(width, HEIGHT)
    view.load_uri(address)
    answer_once_loaded()


def back() -> None:
    """Go back by one page."""
    view.go_back()
    answer_once_loaded()


def answer_once_loaded() -> None:
    """Answer when the page that has been asked for, not the one before it, is there as a whole."""
    seen = set()

    def change(_: object, event: object) -> None:
        seen.add(event)
        if seen >= {WebKit2.LoadEvent.COMMITTED, WebKit2.LoadEvent.FINISHED}:
            view.disconnect(watching)
            answer()

    watching = view.connect("load-changed", change)


def run(script: str) -> None:
    """Run the body of an asynchronous function in the page, and give what it returns."""

    def finish(_: object, result: object) -> None:
        value = view.call_async_javascript_function_finish(result)
        answer(json.loads(value.to_json(0) or "null"))

    view.call_async_javascript_function(script, -1, None, None, None, None, finish)


def press(key: str) -> None:
    """Press a key, a character or named as X does it, and let it go."""
    for kind in (Gdk.EventType.KEY_PRESS, Gdk.EventType.KEY_RELEASE):
        event = Gdk.Event.new(kind)
        event.window = view.get_window()
        event.keyval = (
            Gdk.unicode_to_keyval(ord(key)) if len(key) == 1 else Gdk.keyval_from_name(key)
        )
        event.state = Gdk.ModifierType.SHIFT_MASK if key == "ISO_Left_Tab" else 0
        event.set_device(Gdk.Display.get_default().get_default_seat().get_keyboard())
        Gtk.main_do_event(event)
    # A key is held back until the page is done with the one before, so its release comes second.
    answer_after(2)


def click(x: float, y: float) -> None:
    """Click at a place in the window."""
    for kind in (Gdk.EventType.BUTTON_PRESS, Gdk.EventType.BUTTON_RELEASE):
        event = Gdk.Event.new(kind)
        event.button.window = view.get_window()
        event.button.button = 1
        event.button.x, event.button.y = x, y
        event.set_device(Gdk.Display.get_default().get_default_seat().get_pointer())
        Gtk.main_do_event(event)
    answer_after(2)


def answer_after(turns: int) -> None:
    """Answer once the page has taken so many turns."""
    if turns:
        view.evaluate_javascript("", -1, None, None, None, lambda *_: answer_after(turns - 1))
    else:
        answer()


def print_() -> None:
    """Print the page, as by the browser's menu."""
    print_to_file(view, WebKit2.PrintOperation.new(view))
    answer()


def print_to_file(_: object, operation: Any) -> bool:  # noqa: ANN401 - GTK has no types
    """Print on A4 to a file in the folder, which is `print.pdf` once it is whole."""
    part = FOLDER / "print.part"
    settings = Gtk.PrintSettings()
    settings.set_printer("Print to File")
    settings.set(Gtk.PRINT_SETTINGS_OUTPUT_URI, part.as_uri())
    settings.set_paper_size(Gtk.PaperSize.new("iso_a4"))
    operation.set_print_settings(settings)
    operation.connect("finished", lambda _: part.rename(FOLDER / "print.pdf"))
    operation.print_()
    return True


def keep_mail(_: object, decision: Any, kind: object) -> bool:  # noqa: ANN401
    """Take a link to a mail program as that program would."""
    if kind != WebKit2.PolicyDecisionType.NAVIGATION_ACTION:
        return False
    address = decision.get_navigation_action().get_request().get_uri()
    if not address.startswith("mailto:"):
        return False
    mails.append(address)
    decision.ignore()
    return True


def save(_: object, download: Any) -> None:  # noqa: ANN401
    """Let a download go into the folder."""

    def decide(_: object, name: str) -> bool:
        part = FOLDER / f"{name}.part"
        download.set_destination(part.as_uri())
        download.connect("finished", lambda _: part.rename(FOLDER / name))
        return True

    download.connect("decide-destination", decide)


def empty(seen: list[str]) -> None:
    """Give what has been seen since this was last asked."""
    answer(seen)
    seen.clear()


def carry_out(*_: object) -> bool:
    """Carry out the next command; the end of them is the end of the browser."""
    line = sys.stdin.readline()
    if line:
        name, arguments = json.loads(line)
        COMMANDS[name](**arguments)
    else:
        Gtk.main_quit()
    return bool(line)


def give_up(*error: Any) -> None:  # noqa: ANN401 - as Python calls it
    """Tell what is wrong and end: whoever waits for an answer is not to wait for long."""
    sys.__excepthook__(*error)
    Gtk.main_quit()


COMMANDS: dict[str, Callable[..., None]] = {
    "open": open_,
    "back": back,
    "run": run,
    "press": press,
    "click": click,
    "print": print_,
    "address": lambda: answer(None if view.is_loading() else view.get_uri()),
    "clipboard": lambda: answer(Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD).wait_for_text()),
    "mails": lambda: empty(mails),
    "faults": lambda: empty(faults),
}

sys.excepthook = give_up
context.connect("download-started", save)
view.connect("print", print_to_file)
view.connect("decide-policy", keep_mail)
manager = view.get_user_content_manager()
manager.register_script_message_handler("fault")
manager.connect(
    "script-message-received::fault",
    lambda _, message: faults.append(message.get_js_value().to_string()),
)
manager.add_script(
    WebKit2.UserScript.new(
        WATCH,
        WebKit2.UserContentInjectedFrames.TOP_FRAME,
        WebKit2.UserScriptInjectionTime.START,
        None,
        None,
    )
)
window.add(view)
window.show_all()
view.grab_focus()
window.get_window().focus(Gdk.CURRENT_TIME)
GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, carry_out)
Gtk.main()
