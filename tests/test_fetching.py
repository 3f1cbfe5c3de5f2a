"""Downloads against a server on this machine that drops connections, changes the file and tells lies."""

from __future__ import annotations

import errno
import hashlib
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from test_cli import run

from graph import fetching
from graph.fetching import Limits, Transfer, fetch
from ontology.errors import DownloadFailed, DownloadRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CONTENT = bytes(range(256)) * 1200
QUICK = Limits(timeout=2, attempts=3, pause=0.01, patience=0.4, least_rate=1000, longest_wait=2)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is on this machine, whatever proxy the environment names."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "*")


class Handler(BaseHTTPRequestHandler):
    """Answers with the script of its server, which is told the number of the request."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        server.seen.append(dict(self.headers.items()))
        self.close_connection = True
        server.script(self, len(server.seen))

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged."""

    def answer(self, status: int, body: bytes = b"", length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, script: Callable[[Handler, int], None]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script = script
        self.seen: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/data.bin"


@contextmanager
def serving(script: Callable[[Handler, int], None]) -> Iterator[Server]:
    with Server(script) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def ranged(handler: Handler, tag: str = '"one"', content: bytes = CONTENT, upto: int | None = None) -> None:
    """Answers as a good server does, but drops the connection after ``upto`` bytes."""
    start = 0
    if handler.headers.get("Range") and handler.headers.get("If-Range") == tag:
        start = int(handler.headers["Range"].removeprefix("bytes=").rstrip("-"))
    rest = content[start:]
    where = {"Content_Range": f"bytes {start}-{len(content) - 1}/{len(content)}"} if start else {}
    handler.answer(206 if start else 200, rest[:upto], len(rest), ETag=tag, **where)


def whole(handler: Handler, _: int) -> None:
    handler.answer(200, CONTENT)


def test_a_file_arrives_whole_with_its_checksum_beside_it(tmp_path: Path) -> None:
    told: list[Transfer] = []
    with serving(whole) as server:
        fetched = fetch(server.url, tmp_path, limits=QUICK, progress=told.append)
    digest = hashlib.sha256(CONTENT).hexdigest()
    assert (fetched.path, fetched.path.read_bytes()) == (tmp_path / "data.bin", CONTENT)
    assert (fetched.size, fetched.sha256, fetched.fresh) == (len(CONTENT), digest, True)
    assert (tmp_path / "data.bin.sha256").read_text(encoding="utf-8") == f"{digest}  data.bin\n"
    assert (told[-1].received, told[-1].total) == (len(CONTENT), len(CONTENT))
    assert told[-1].rate > 0
    assert not list(tmp_path.glob("*.part"))


def test_what_is_here_is_not_fetched_again_unless_forced_or_changed(tmp_path: Path) -> None:
    with serving(whole) as server:
        fetch(server.url, tmp_path, limits=QUICK)
        assert not fetch(server.url, tmp_path, limits=QUICK).fresh
        assert len(server.seen) == 1
        assert fetch(server.url, tmp_path, limits=QUICK, force=True).fresh
        (tmp_path / "data.bin").write_bytes(b"changed by hand")
        assert fetch(server.url, tmp_path, limits=QUICK).fresh
    assert (tmp_path / "data.bin").read_bytes() == CONTENT


def test_dropped_connections_are_gone_on_from(tmp_path: Path) -> None:
    with serving(lambda handler, number: ranged(handler, upto=None if number > 4 else 70_000)) as server:
        fetched = fetch(server.url, tmp_path, limits=QUICK)
    assert fetched.path.read_bytes() == CONTENT
    assert [seen.get("Range") for seen in server.seen] == [
        None,
        *(f"bytes={70_000 * number}-" for number in (1, 2, 3, 4)),
    ]


def test_a_later_run_goes_on_where_an_earlier_one_gave_up(tmp_path: Path) -> None:
    def script(handler: Handler, number: int) -> None:
        if number == 1:
            ranged(handler, upto=100_000)
        elif number < 5:
            handler.answer(503)
        else:
            ranged(handler)

    with serving(script) as server:
        with pytest.raises(DownloadFailed, match=r"503; 100,000 bytes are kept") as caught:
            fetch(server.url, tmp_path, limits=QUICK)
        assert caught.value.why == "busy"
        assert not (tmp_path / "data.bin").exists()
        server.seen.extend([{}] * 4)
        fetched = fetch(server.url, tmp_path, limits=QUICK)
    assert fetched.resumed == 100_000
    assert fetched.path.read_bytes() == CONTENT


def test_a_server_without_ranges_is_asked_from_the_start(tmp_path: Path) -> None:
    def script(handler: Handler, number: int) -> None:
        handler.answer(200, CONTENT if number > 1 else CONTENT[:5000], len(CONTENT), ETag='"one"')

    with serving(script) as server:
        assert fetch(server.url, tmp_path, limits=QUICK).path.read_bytes() == CONTENT


@pytest.mark.parametrize("tag", ["", 'W/"weak"'])
def test_nothing_is_resumed_without_a_strong_validator(tmp_path: Path, tag: str) -> None:
    def script(handler: Handler, number: int) -> None:
        body = CONTENT if number > 1 else CONTENT[:5000]
        handler.answer(200, body, len(CONTENT), **({"ETag": tag} if tag else {}))

    with serving(script) as server:
        assert fetch(server.url, tmp_path, limits=QUICK).path.read_bytes() == CONTENT
    assert [seen.get("Range") for seen in server.seen] == [None, None]


def test_a_file_that_changes_between_tries_is_never_mixed(tmp_path: Path) -> None:
    newer = CONTENT[::-1]

    def honest(handler: Handler, number: int) -> None:
        if number == 1:
            ranged(handler, upto=80_000)
        else:
            ranged(handler, '"two"', newer)

    def careless(handler: Handler, number: int) -> None:
        if number == 1:
            ranged(handler, upto=80_000)
        elif "Range" in handler.headers:
            where = f"bytes 80000-{len(newer) - 1}/{len(newer)}"
            handler.answer(206, newer[80_000:], ETag='"two"', Content_Range=where)
        else:
            ranged(handler, '"two"', newer)

    for script, folder in ((honest, tmp_path / "honest"), (careless, tmp_path / "careless")):
        with serving(script) as server:
            assert fetch(server.url, folder, limits=QUICK).path.read_bytes() == newer


def test_another_part_than_was_asked_for_is_not_taken(tmp_path: Path) -> None:
    def script(handler: Handler, number: int) -> None:
        if number == 2:
            handler.answer(206, CONTENT[10:], ETag='"one"', Content_Range=f"bytes 10-{len(CONTENT) - 1}/*")
        else:
            ranged(handler, upto=60_000 if number == 1 else None)

    with serving(script) as server:
        assert fetch(server.url, tmp_path, limits=QUICK).path.read_bytes() == CONTENT


def test_a_part_that_was_whole_already_is_recognised(tmp_path: Path) -> None:
    def script(handler: Handler, _: int) -> None:
        if "Range" in handler.headers:
            handler.answer(416, ETag='"one"', Content_Range=f"bytes */{len(CONTENT)}")
        else:
            ranged(handler)

    with serving(script) as server:
        fetch(server.url, tmp_path, limits=QUICK)
        (tmp_path / "data.bin").rename(tmp_path / ".data.bin.part")
        assert fetch(server.url, tmp_path, limits=QUICK).path.read_bytes() == CONTENT


def test_a_length_that_is_never_reached_is_an_error_and_no_file(tmp_path: Path) -> None:
    with (
        serving(lambda handler, _: handler.answer(200, CONTENT, len(CONTENT) + 10)) as server,
        pytest.raises(DownloadFailed) as caught,
    ):
        fetch(server.url, tmp_path, limits=QUICK)
    assert caught.value.why == "interrupted"
    assert not (tmp_path / "data.bin").exists()


def test_a_checksum_that_differs_leaves_nothing(tmp_path: Path) -> None:
    with serving(whole) as server:
        with pytest.raises(DownloadRefused, match="SHA-256"):
            fetch(server.url, tmp_path, sha256="0" * 64, limits=QUICK)
        assert not list(tmp_path.glob("*.bin")) + list(tmp_path.glob("*.part"))
        digest = hashlib.sha256(CONTENT).hexdigest().upper()
        assert fetch(server.url, tmp_path, sha256=digest, limits=QUICK).fresh
        with pytest.raises(DownloadRefused, match="64 hexadecimal"):
            fetch(server.url, tmp_path, sha256="12", limits=QUICK)


@pytest.mark.parametrize(
    ("status", "expected"), [(404, "no such file"), (410, "no such file"), (403, "login"), (418, "418")]
)
def test_a_refusal_is_told_at_once(tmp_path: Path, status: int, expected: str) -> None:
    with serving(lambda handler, _: handler.answer(status)) as server:
        with pytest.raises(DownloadRefused, match=expected):
            fetch(server.url, tmp_path, limits=QUICK)
        assert len(server.seen) == 1


def test_a_busy_server_is_asked_again_when_it_says(tmp_path: Path) -> None:
    def script(handler: Handler, number: int) -> None:
        handler.answer(503, Retry_After="1") if number == 1 else handler.answer(200, CONTENT)

    started = time.monotonic()
    with serving(script) as server:
        assert fetch(server.url, tmp_path, limits=QUICK).fresh
    assert time.monotonic() - started >= 1


def test_a_server_that_asks_for_a_long_wait_is_not_waited_for(tmp_path: Path) -> None:
    with (
        serving(lambda handler, _: handler.answer(429, Retry_After="3600")) as server,
        pytest.raises(DownloadFailed, match="come back in 3600 s"),
    ):
        fetch(server.url, tmp_path, limits=QUICK)


def test_redirects_are_followed_within_bounds_and_only_to_the_web(tmp_path: Path) -> None:
    def once(handler: Handler, number: int) -> None:
        handler.answer(302, Location="/moved.bin") if number == 1 else handler.answer(200, CONTENT)

    with serving(once) as server:
        assert fetch(server.url, tmp_path, limits=QUICK).path.name == "data.bin"
    with (
        serving(lambda handler, _: handler.answer(302, Location="/data.bin")) as server,
        pytest.raises(DownloadRefused, match="more than 8 times"),
    ):
        fetch(server.url, tmp_path, limits=QUICK, force=True)
    for target in ("file:///etc/hostname", "ftp://127.0.0.1/x", ""):
        with (
            serving(lambda handler, _, target=target: handler.answer(302, Location=target)) as server,  # type: ignore[misc]
            pytest.raises(DownloadRefused, match="not followed"),
        ):
            fetch(server.url, tmp_path, limits=QUICK, force=True)


def test_a_trickle_and_a_silence_are_given_up(tmp_path: Path) -> None:
    stop = threading.Event()

    def trickle(handler: Handler, _: int) -> None:
        handler.answer(200, b"x", len(CONTENT))
        for _ in range(200):
            if stop.wait(0.05):
                return
            try:
                handler.wfile.write(b"x")
            except OSError:
                return

    def silence(handler: Handler, _: int) -> None:
        stop.wait(5)

    started = time.monotonic()
    try:
        with serving(trickle) as server, pytest.raises(DownloadFailed) as caught:
            fetch(server.url, tmp_path, limits=QUICK)
        assert caught.value.why == "timeout"
        quick = Limits(timeout=0.2, attempts=2, pause=0.01)
        with serving(silence) as server, pytest.raises(DownloadFailed, match="in time"):
            fetch(server.url, tmp_path, limits=quick)
    finally:
        stop.set()
    assert time.monotonic() - started < 6


def test_a_file_larger_than_the_limit_is_stopped(tmp_path: Path) -> None:
    small = Limits(max_bytes=1000, attempts=1)

    def unknown_length(handler: Handler, _: int) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(CONTENT)

    for script in (whole, unknown_length):
        with (
            serving(script) as server,
            pytest.raises(DownloadRefused, match=r"too large.*COMPETENCY_FETCH_MAX_MB"),
        ):
            fetch(server.url, tmp_path, limits=small)
    assert not list(tmp_path.glob("*.part")) + list(tmp_path.glob("*.bin"))


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/octet-stream"])
def test_a_login_page_in_place_of_a_file_is_not_kept(tmp_path: Path, kind: str) -> None:
    page = b"<!DOCTYPE html><html><form><input type='password'></form></html>"
    with serving(lambda handler, _: handler.answer(200, page, Content_Type=kind)) as server:
        for name in (None, "login.html"):
            with pytest.raises(DownloadRefused, match="web page"):
                fetch(server.url, tmp_path, name=name, limits=QUICK)
    assert not list(tmp_path.glob("*.bin")) + list(tmp_path.glob("*.html"))


def test_a_page_that_is_wanted_is_fetched_under_its_name(tmp_path: Path) -> None:
    page = b"<html><table></table></html>"
    with serving(lambda handler, _: handler.answer(200, page, Content_Type="text/html")) as server:
        assert fetch(server.url, tmp_path, name="standard.html", limits=QUICK).path.read_bytes() == page


def test_two_addresses_with_one_name_are_kept_apart(tmp_path: Path) -> None:
    with serving(whole) as one, serving(lambda handler, _: handler.answer(200, b"other")) as other:
        first = fetch(one.url, tmp_path, limits=QUICK)
        second = fetch(other.url, tmp_path, limits=QUICK)
    assert first.path != second.path
    assert (first.path.read_bytes(), second.path.read_bytes()) == (CONTENT, b"other")


def test_a_name_never_leaves_the_folder(tmp_path: Path) -> None:
    with serving(lambda handler, _: handler.answer(200, b"x")) as server:
        address = f"http://127.0.0.1:{server.server_port}/a/..%2F..%2Fescape%00.bin"
        fetched = fetch(address, tmp_path / "folder", limits=QUICK)
    assert fetched.path.parent == tmp_path / "folder"


def test_a_closed_port_and_an_unknown_host_are_told_apart(tmp_path: Path) -> None:
    with serving(whole) as server:
        closed = server.url
    for url, why, told in (
        (closed, "refused", "does not take the connection"),
        ("http://no-such-host.invalid/data.bin", "unknown-host", "may be offline"),
    ):
        with pytest.raises(DownloadFailed, match=told) as caught:
            fetch(url, tmp_path, limits=QUICK)
        assert caught.value.why == why


def test_a_server_that_speaks_no_tls_is_told(tmp_path: Path) -> None:
    with serving(whole) as server, pytest.raises(DownloadFailed, match="no secure connection") as caught:
        fetch(server.url.replace("http:", "https:"), tmp_path, limits=QUICK)
    assert caught.value.why == "tls"


def test_a_full_disk_is_told_and_leaves_what_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: object, answer: object, file: object, received: int, total: int | None) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(fetching._Download, "_copy", full)
    with serving(whole) as server, pytest.raises(DownloadFailed, match="disk is full") as caught:
        fetch(server.url, tmp_path, limits=QUICK)
    assert caught.value.why == "disk"


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://127.0.0.1/x", "data.bin", "http://"])
def test_only_web_addresses_are_fetched(tmp_path: Path, url: str) -> None:
    with pytest.raises(DownloadRefused, match="http:// or https://"):
        fetch(url, tmp_path)


def test_the_command_fetches_checks_and_ingests(tmp_path: Path, sample_path: Path) -> None:
    content = sample_path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    with serving(lambda handler, _: handler.answer(200, content)) as server:
        url = server.url.replace("data.bin", "BGM1219-002v2.txt")
        only = run("fetch", url, "--no-ingest", "--sha256", digest, data_dir=tmp_path)
        assert (only.returncode, digest in only.stdout) == (0, True)
        assert not (tmp_path / "store").exists()
        done = run("fetch", url, "--json", data_dir=tmp_path)
        assert len(server.seen) == 1
    body = json.loads(done.stdout)
    assert body["ingest"]["counts"]["added"] == 1
    assert body["file"]["fresh"] is False
    assert (tmp_path / "downloads" / "BGM1219-002v2.txt").read_bytes() == content


def test_a_named_source_is_fetched_from_where_the_settings_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(whole) as server:
        monkeypatch.setenv("COMPETENCY_FETCH_ONET_URL", server.url)
        done = run("fetch", "onet", "--no-ingest", data_dir=tmp_path)
    assert (done.returncode, "CC BY 4.0" in done.stderr) == (0, True)
    assert (tmp_path / "downloads" / "data.bin").read_bytes() == CONTENT
    monkeypatch.setenv("COMPETENCY_FETCH_ONET_URL", "http://127.0.0.1:9/onet.zip")
    offline = run("fetch", "onet", data_dir=tmp_path)
    assert (offline.returncode, offline.stdout, "127.0.0.1 does not" in offline.stderr) == (1, "", True)
    assert "Traceback" not in offline.stderr


def test_what_no_reader_knows_is_kept_and_told(tmp_path: Path) -> None:
    with serving(lambda handler, _: handler.answer(200, b"hello")) as server:
        done = run("fetch", server.url, data_dir=tmp_path)
    assert done.returncode == 1
    assert "refused" in done.stdout
    assert (tmp_path / "downloads" / "data.bin").is_file()


def test_without_a_source_it_lists_what_can_be_had(tmp_path: Path) -> None:
    done = run("fetch", data_dir=tmp_path)
    for said in ("O*NET", "CC BY 4.0", "competency fetch onet", "ESCO", "e-mail", "iCAP", "no API"):
        assert said in done.stdout
    listed = json.loads(run("fetch", "--json", data_dir=tmp_path).stdout)
    assert [one["key"] for one in listed] == ["onet", "", ""]
    wrong = run("fetch", "esco", data_dir=tmp_path)
    assert (wrong.returncode, "onet" in wrong.stderr) == (2, True)
