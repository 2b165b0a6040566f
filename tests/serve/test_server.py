"""The server lets in pages of its own on this machine, outlives bad clients, and is gone at Ctrl-C."""

from __future__ import annotations

import json
import re
import socket
import sys
import urllib.error
import urllib.request
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.command import launched, lodeplan
from tests.cli.lots import write_lots
from tests.serve.conftest import BATTERY, PATIENCE, TUTORIAL, Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

JSON = {"Content_Type": "application/json"}
MOVE = b'{"page": "a", "number": 1, "moves": []}'


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(TUTORIAL, tmp_path_factory.mktemp("kept")) as one:
        yield one


def ask(served: Served, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], bytes]:
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(served.address.rstrip("/") + path, body or None, said)  # noqa: S310 (our own server)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 (as above)
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def raw(served: Served, text: bytes) -> bytes:
    """Send bytes as they are, and return the first line of the answer."""
    with closing(socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE)) as line:
        line.sendall(text)
        return line.makefile("rb").readline()


def test_every_file_of_the_page_is_there_under_a_strict_policy(served: Served) -> None:
    for path in (
        "/",
        "/page.js",
        *(f"/{name}.js" for name in ("controls", "dom", "drawing", "matrix", "numbers", "state", "world")),
        "/outlines",
        "/page.css",
        "/colours.css",
    ):
        code, headers, body = ask(served, path)
        assert code == 200
        assert body
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, 200),
        ({"Host": "localhost:{port}"}, 200),
        ({"Host": "[::1]:{port}"}, 200),
        ({"Host": "evil.example"}, 421),
        ({"Host": "evil.example:{port}"}, 421),
        ({"Host": "127.0.0.1"}, 421),
        ({"Host": "127.0.0.1:{port}.evil.example"}, 421),
        ({"Origin": "http://127.0.0.1:{port}"}, 200),
        ({"Origin": "http://[::1]:{port}"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://127.0.0.1:{port}"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
    ],
)
def test_a_foreign_host_or_origin_is_refused(served: Served, headers: dict[str, str], code: int) -> None:
    said = {name: value.format(port=served.port) for name, value in headers.items()}
    assert ask(served, "/instance", b"", **said)[0] == code


def test_two_hosts_are_refused(served: Served) -> None:
    host = f"Host: 127.0.0.1:{served.port}\r\n".encode()
    assert b" 400 " in raw(served, b"GET / HTTP/1.1\r\n" + 2 * host + b"\r\n") or b" 421 " in raw(
        served, b"GET / HTTP/1.1\r\n" + 2 * host + b"\r\n"
    )


@pytest.mark.parametrize(
    "path",
    [
        "/../../instance.toml",
        "/..%2f..%2finstance.toml",
        "/%2e%2e/app.py",
        "/page/page.js",
        "//etc/passwd",
        "/static/x",
    ],
)
def test_nothing_else_is_read_from_disk(served: Served, path: str) -> None:
    line = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nConnection: close\r\n\r\n"
    assert b" 404 " in raw(served, line.encode())


def test_what_no_page_of_ours_sends_is_refused(served: Served) -> None:
    assert ask(served, "/move", b"x" * 100_000, **JSON)[0] == 413
    assert ask(served, "/move", MOVE, Content_Type="text/plain")[0] == 415
    assert ask(served, "/move", b"no json", **JSON)[0] == 400
    assert ask(served, "/move", b"[" * 60_000, **JSON)[0] == 400
    assert ask(served, "/move", json.dumps({"page": "a", "number": 1, "moves": [["x", 1]]}).encode(), **JSON)[0] == 400
    assert ask(served, "/move", MOVE.replace(b'"a"', b'"' + b"x" * 200 + b'"'), **JSON)[0] == 400
    chunks = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    head = f"POST /move HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nContent-Type: application/json\r\n"
    assert b" 413 " in raw(served, head.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + 2 * chunks + b"0\r\n\r\n")


def test_slow_clients_are_outlived(served: Served) -> None:
    head = f"POST /move HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nContent-Type: application/json\r\n"
    slow = [socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE) for _ in range(20)]
    for number, line in enumerate(slow):
        line.sendall(b"GET / HT" if number % 2 else head.encode() + b"Content-Length: 50\r\n\r\n{")
    assert ask(served, "/instance")[0] == 200
    assert slow[0].makefile("rb").readline().startswith(b"HTTP/1.1 408"), "a body that never comes is waited for"
    for line in slow:
        line.close()
    assert ask(served, "/instance")[0] == 200


def events(body: bytes) -> dict[str, Any]:
    """Return what was told, the last of each kind."""
    found = re.findall(r"event: (\w+)\ndata: (.*)\n\n", body.decode())
    return {kind: json.loads(data) for kind, data in found}


def test_a_move_is_answered_in_one_request_or_goes_on_in_the_next(served: Served) -> None:
    move = json.dumps({"page": "b", "number": 7, "moves": [["demand lithium", 0.25]]}).encode()
    told = events(ask(served, "/move", move, **JSON)[2])
    assert told["texts"]["command"].endswith("--demand lithium=x1.25")
    while "later" in told:
        told = events(ask(served, "/more", b'{"page": "b", "number": 7}', **JSON)[2])
    assert told["answer"]["number"] == 7
    assert told["answer"]["proven"]
    assert ask(served, "/more", b'{"page": "b", "number": 8}', **JSON)[0] == 410


def test_ctrl_c_ends_the_server_while_it_reads_solves_or_answers(tmp_path: Path) -> None:
    with serving(BATTERY, tmp_path) as served:
        assert served.interrupt() == 130
    for instance in (BATTERY, write_lots(tmp_path / "lots")):  # the base plan of the latter is not found before the end
        with serving(instance, tmp_path) as served:
            line = socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE)
            head = f"POST /move HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nContent-Type: application/json\r\n"
            line.sendall(f"{head}Content-Length: {len(MOVE)}\r\n\r\n".encode() + MOVE)
            assert line.makefile("rb").readline().startswith(b"HTTP/1.1 200")
            assert served.interrupt() == 130
            line.close()


def test_without_the_extra_one_sentence_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "starlette.py").write_text("raise ModuleNotFoundError('no', name='starlette')\n", "utf-8")
    start = [
        sys.executable,
        "-c",
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from optimizer.cli import run; run()",
    ]
    said = launched("serve", TUTORIAL, start=start)
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        "serve: the live page needs starlette and uvicorn, which are not installed; pip install 'lodeplan[serve]'\n"
    )


def test_a_port_that_is_taken_and_an_instance_that_is_not_there_are_told(served: Served, tmp_path: Path) -> None:
    said = lodeplan("serve", TUTORIAL, "--port", served.port)
    assert said.code == 2
    assert said.err.startswith(f"--port {served.port}: cannot be had (")
    assert lodeplan("serve", tmp_path / "none", "--port", 0).code == 2
