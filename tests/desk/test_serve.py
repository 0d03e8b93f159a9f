"""``overflight serve`` as a process: where it listens, what it says, how it stops."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from overflight.case.life.exercise import script
from overflight.cli import main
from overflight.desk import exercise
from overflight.desk.rooms import open_rooms
from overflight.desk.serving import Place, door_of, hosts_of, server_of
from overflight.errors import InputError, OverflightError
from overflight.settings import Settings

#: As at a terminal: a test that itself runs in the background would hand on that interrupts are ignored.
_RUN = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
    "from overflight.cli import main; sys.exit(main(sys.argv[1:]))"
)


def ask(scheme: str, port: int, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of an answer; of cookies, those that are set."""
    if scheme == "https":
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        link: http.client.HTTPConnection = http.client.HTTPSConnection(
            "127.0.0.1", port, timeout=30, context=context
        )
    else:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        link.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = link.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        cookies = [one.split(";")[0] for one in answer.headers.get_all("set-cookie") or ()]
        found["set-cookie"] = "; ".join(one for one in cookies if not one.endswith("="))
        return answer.status, found, answer.read().decode()
    finally:
        link.close()


class Desk:
    """One ``overflight serve`` that runs."""

    def __init__(self, home: Path, *options: str, **environ: str) -> None:
        env = {
            **os.environ,
            "OVERFLIGHT_HOME": str(home),
            "OVERFLIGHT_PARTS": str(home / "parts"),
            "NO_COLOR": "1",
        }
        env |= {"NPM_CONFIG_REGISTRY": "http://127.0.0.1:9/", **environ}  # no network in tests
        self.process = subprocess.Popen(
            [sys.executable, "-c", _RUN, "serve", "--port", "0", *options],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said: list[str] = []
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line.rstrip("\n"))
            if line.startswith("Control-C"):
                break
        found = re.search(r"at (https?)://127.0.0.1:(\d+)$", "\n".join(self.said), re.M)
        assert found, self.said
        self.port = int(found[2])

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        return ask("http", self.port, path, **headers)

    def stop(self, how: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """Exit code, and everything that was printed after the start."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out + err


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    running: list[Desk] = []

    def start(*options: str, home: Path | None = None, **environ: str) -> Desk:
        running.append(Desk(home or tmp_path / "desk", *options, **environ))
        return running[-1]

    yield start
    for one in running:
        if one.process.poll() is None:
            one.process.kill()
        one.process.communicate()


@pytest.fixture(scope="module")
def pems(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this machine and its key."""
    folder = tmp_path_factory.mktemp("pems")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    for file, how in (
        ("key.pem", serialization.NoEncryption()),
        ("locked.pem", serialization.BestAvailableEncryption(b"secret")),
    ):
        pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how)
        (folder / file).write_bytes(pem)
    other = ec.generate_private_key(ec.SECP256R1())
    pem = other.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "other.pem").write_bytes(pem)
    return folder / "cert.pem", folder / "key.pem"


@contextmanager
def inside(settings: Settings, place: Place) -> Iterator[int]:
    """The same server in a thread of this process; its port."""
    rooms = open_rooms(settings)
    try:
        server = server_of(rooms, place)
        with door_of(place) as door:
            thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
            thread.start()
            try:
                while not server.started:
                    assert thread.is_alive()
                    time.sleep(0.01)
                yield door.getsockname()[1]
            finally:
                server.should_exit = True
                thread.join(60)
    finally:
        rooms.close()


# --- as a process -----------------------------------------------------------------------------------------


def test_the_first_start_prints_a_link_and_it_stops_without_a_word(
    run: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = run()
    said = "\n".join(desk.said)
    assert "admin-1: sets the first password" in said
    found = re.search(r"(/set-up/[\w-]{43})$", said, re.M)
    assert found
    status, headers, text = desk.get(found[1])
    assert status == 200
    assert "Set your password" in text
    token = re.search(r'name="csrf" value="(\w+)"', text)
    assert token
    body = f"csrf={token[1]}&password=four+unrelated+little+words&again=four+unrelated+little+words"
    link = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=30)
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": headers["set-cookie"]}
    link.request("POST", found[1], body, {**kind, "Origin": f"http://127.0.0.1:{desk.port}"})
    answer = link.getresponse()
    assert (answer.status, answer.headers["location"]) == (303, "/admin")
    link.close()
    # Nothing of what was asked is in the output.
    desk.get("/sign-in?next=/cases/KOR621", Authorization="Bearer ovf_something")
    desk.get("/nothing?secret=KOR621", Cookie="overflight=something")
    with socket.create_connection(("127.0.0.1", desk.port), timeout=20) as raw:
        raw.sendall(b"KOR621 is no request\r\n\r\n")
        raw.recv(4096)
    code, after = desk.stop()
    assert code == 130
    assert "KOR621" not in after
    assert "something" not in after
    assert [line for line in after.splitlines() if "Invalid HTTP request" not in line] == []
    # Once the admin can sign in there is no link; stopped by a signal, the audit is written all the same.
    again = run("--link", "admin-1")
    assert any("sets a new password" in line for line in again.said)
    again.get("/about")
    assert again.stop(signal.SIGTERM) == (0, "")
    store = sqlite3.connect(tmp_path / "desk" / "desk.db")
    last = store.execute("SELECT method, route, status FROM audit ORDER BY number DESC LIMIT 1").fetchall()
    store.close()
    assert last == [("GET", "/about", 200)]


def test_the_exercise_lets_every_role_in_and_open_streams_do_not_keep_it(
    run: Callable[..., Desk], fresh: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "exercise"
    shutil.copytree(fresh, folder)
    desk = run("--exercise", "--out", str(folder))
    case = script().case
    opens = {
        "approver-1": f"/cases/{case}",
        "approver-2": f"/cases/{case}",
        "auditor-1": f"/cases/{case}",
        "admin-1": "/admin",
        "guest-kaz": "/guest",
        "guest-ind": "/guest",
        "officer-1": f"/cases/{case}",
    }
    for handle, path in opens.items():
        cookie = _come_in(desk, handle)
        assert desk.get(path, Cookie=cookie)[0] == 200, handle
    link = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=60)
    link.request("GET", "/api/v1/events", headers={"Accept": "text/event-stream", "Cookie": cookie})
    answer = link.getresponse()
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    reader = threading.Thread(target=answer.read)
    reader.start()
    assert desk.stop() == (130, "")
    reader.join(20)
    assert not reader.is_alive()
    link.close()


def _come_in(desk: Desk, handle: str) -> str:
    found = re.search(rf"^  {handle} .*(/set-up/[\w-]{{43}})$", "\n".join(desk.said), re.M)
    assert found, desk.said
    status, headers, _ = desk.get(found[1])
    assert status == 200
    assert desk.get(found[1])[0] == 404
    return headers["set-cookie"]


# --- where it listens -------------------------------------------------------------------------------------


def test_tls(pems: tuple[Path, Path], tmp_path: Path) -> None:
    place = Place(port=0, certificate=pems[0], key=pems[1])
    with inside(Settings(home=tmp_path / "desk"), place) as port:
        status, headers, _ = ask("https", port, "/sign-in")
        assert status == 200
        assert headers["strict-transport-security"]
        assert headers["set-cookie"].startswith("__Host-overflight-form=")
        assert ask("https", port, "/about", Host="attacker.example")[0] == 421


def test_a_proxy_is_believed_from_its_own_address_alone(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "desk", address="https://desk.example.org")
    own = {"Host": "desk.example.org", "X_Forwarded_Proto": "https"}
    with inside(settings, Place(port=0, proxy="127.0.0.1")) as port:
        status, headers, _ = ask("http", port, "/sign-in", **own)
        assert status == 200
        assert headers["set-cookie"].startswith("__Host-")
        assert ask("http", port, "/sign-in", Host="desk.example.org")[0] == 421  # it says nothing of TLS
    with inside(settings, Place(port=0, proxy="192.0.2.7")) as port:
        assert ask("http", port, "/sign-in", **own)[0] == 421


def test_a_head_without_end_is_refused(tmp_path: Path) -> None:
    with inside(Settings(home=tmp_path / "desk"), Place(port=0)) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
            raw.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 200_000)
            assert b"400" in raw.recv(4096)
        assert ask("http", port, "/about")[0] == 200


def line(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert main(["serve", *options]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1, said
    return said[0]


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OVERFLIGHT_HOME", str(tmp_path / "desk"))
    monkeypatch.setattr("overflight.desk.parts.fetch", lambda **_: None)


@pytest.mark.usefixtures("quiet")
def test_a_port_in_use_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        words = line(capsys, "--port", str(door.getsockname()[1]))
    assert "cannot listen at 127.0.0.1" in words
    assert "name another one" in words


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--host", "0.0.0.0"), "nothing protects the way there"),
        (("--host", "::"), "nothing protects the way there"),
        (("--host", "192.0.2.1"), "nothing protects the way there"),
        (("--port", "70000"), "is no port"),
        (("--certificate", "cert.pem"), "one of certificate and key is missing"),
        (("--certificate", "/nowhere/c.pem", "--key", "/nowhere/k.pem"), "cannot be read"),
        (("--proxy", "proxy.example.org"), "no address of one machine"),
        (("--exercise", "--host", "0.0.0.0", "--proxy", "192.0.2.1"), "without a password"),
        (("--exercise", "--link", "officer-1"), "links of its own"),
        (("--link", "nobody-1"), "no such account"),
    ],
)
def test_what_cannot_be_served_is_one_line(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...], words: str
) -> None:
    assert words in line(capsys, *options)


def test_a_certificate_that_cannot_be_used_is_one_line(pems: tuple[Path, Path]) -> None:
    certificate, key = pems
    for one, other in (
        (certificate, key.with_name("locked.pem")),
        (certificate, key.with_name("other.pem")),
        (key, key),
        (certificate, certificate),
    ):
        with pytest.raises(OverflightError, match="cannot be used with its key"):
            Place(certificate=one, key=other)


def test_names_of_the_desk() -> None:
    def hosts(address: str, **place: str) -> frozenset[str]:
        return hosts_of(Settings(home=Path(), address=address), Place(**place))  # type: ignore[arg-type]

    assert hosts("https://Desk.Example.org:8443/") == {"desk.example.org", "127.0.0.1"}
    assert hosts("https://desk.example.org", host="0.0.0.0", proxy="192.0.2.1") == {"desk.example.org"}
    for nameless in ({"host": "0.0.0.0", "proxy": "192.0.2.1"}, {"proxy": "127.0.0.1"}):
        with pytest.raises(InputError, match="no name but this machine's"):
            hosts("", **nameless)
    for wrong in (
        "desk.example.org",
        "https://",
        "https://desk.example.org/desk",
        "ftp://x",
        "http://desk.example",
    ):
        with pytest.raises(InputError):
            hosts(wrong)
    assert hosts("http://localhost:8470") == {"localhost", "127.0.0.1"}


# --- the exercise -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exercise's desk after its first start."""
    folder = tmp_path_factory.mktemp("fresh") / "exercise"
    said: list[str] = []
    with exercise.opened(Settings(home=folder), folder, said.append) as rooms:
        assert [head.case for head in rooms.store.log.cases()] == [script().case]
        assert max(event.recorded_at for event in rooms.store.log.events()) <= exercise.EVENING
    assert "evening of 5 August 2008" in said[0]
    return folder


def test_the_exercise_s_clock_begins_that_evening_and_runs_on(fresh: Path, tmp_path: Path) -> None:
    folder = tmp_path / "exercise"
    shutil.copytree(fresh, folder)
    settings = Settings(home=folder)
    with exercise.opened(settings, folder) as rooms:
        first = rooms.clock()
        assert timedelta() < first - exercise.EVENING < timedelta(minutes=1)
        assert rooms.clock() > first
        rooms.store.log.append([rooms.store.draft("X1", "noted", {"text": "EXERCISE"})])
    with exercise.opened(settings, folder) as rooms:
        last = max(event.recorded_at for event in rooms.store.log.events())
        assert rooms.clock() > last
        before = {handle: path for handle, _, path in exercise.links(rooms)}
        after = {handle: path for handle, _, path in exercise.links(rooms)}
        assert set(before) == set(after)
        assert not set(before.values()) & set(after.values())


def test_a_desk_that_is_no_exercise_is_left_alone(tmp_path: Path, played: Path) -> None:
    folder = tmp_path / "real"
    shutil.copytree(played, folder)
    before = (folder / "desk.db").read_bytes()
    with pytest.raises(InputError, match="no exercise"), exercise.opened(Settings(home=folder), folder):
        pass
    assert (folder / "desk.db").read_bytes() == before


def test_an_exercise_that_was_broken_off_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> Iterator[None]:
        yield None
        raise KeyboardInterrupt

    monkeypatch.setattr(exercise, "play", breaks)
    folder = tmp_path / "exercise"
    with pytest.raises(KeyboardInterrupt), exercise.opened(Settings(home=folder), folder):
        pass
    assert not list(folder.glob("desk.db*"))
    assert not (folder / "exercise").exists()
