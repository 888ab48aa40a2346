"""The built runtime on a web server of its own, under the strictest rules that it works with."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from checker.function.static import SiteFiles
from scripts.runtime.build import Runtime

POLICY = b"default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'"
"""No script that stands in a page, none that is made of text, and nothing from elsewhere."""

READ = """async ([origin, worker, inputs]) => {
  const python = new Worker(`${origin}/${worker}`, { type: "module" });
  const progress = [];
  const answers = [];
  await new Promise((resolve) => {
    python.onerror = () => resolve(answers.push({ type: "failed", reason: "no worker" }));
    python.onmessage = ({ data }) => {
      if (data.type === "progress") return progress.push([data.loaded, data.total]);
      if (data.type === "ready") return;
      answers.push(data);
      if (answers.length === inputs.length || data.id === undefined) resolve();
    };
    python.postMessage({ type: "start", base: `${origin}/runtime/` });
    const reports = inputs.map(({ text, base64, characters, octets }) => {
      if (characters) return { text: "x".repeat(characters) };
      if (octets) return { bytes: new ArrayBuffer(octets) };
      if (base64 === undefined) return { text };
      return { bytes: Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer };
    });
    reports.forEach((input, id) => python.postMessage({ type: "read", id, ...input }));
  });
  python.terminate();
  return { progress, answers };
}"""
"""Has a worker read one input after another; what it says, in order."""

Change = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the runtime is served.

    Attributes:
        origin: Of the server.
        folder: What it serves: ``worker.js`` and the folder ``runtime``.
    """

    origin: str
    folder: Path


@asynccontextmanager
async def served(
    runtime: Runtime, folder: Path, change: Change | None = None
) -> AsyncIterator[Place]:
    """Serve a copy of the runtime.

    Args:
        runtime: The built runtime.
        folder: An empty folder for the copy.
        change: What is to be broken in it.
    """
    (folder / "index.html").write_text("<!doctype html><title>Runtime</title>")
    (folder / "worker.js").write_text(runtime.worker())
    shutil.copytree(runtime.folder, folder / "runtime")
    if change:
        change(folder)
    # Chromium asks for one by itself.
    (folder / "favicon.ico").touch()
    config = uvicorn.Config(_strict(SiteFiles(folder)), log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield Place(f"http://127.0.0.1:{listener.getsockname()[1]}", folder)
    finally:
        server.should_exit = True
        await running


def _strict(app: ASGIApp) -> ASGIApp:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"content-security-policy", POLICY))
            await send(message)

        await app(scope, receive, with_policy)

    return answer
