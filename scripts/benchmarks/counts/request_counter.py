"""Stands between the command and the simulated console, and counts the requests."""

import re
import socket
import socketserver
import threading
from collections import Counter


class RequestCounter(socketserver.ThreadingTCPServer):
    """Hands on whatever comes, both ways."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, console: tuple[str, int]) -> None:
        self.console = console
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Connection)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def counts(self) -> dict[str, int]:
        """Requests by what they ask for, such as `GET /api/3/users/N`."""
        with self._lock:
            return dict(self._counts)

    def note(self, method: str, target: str) -> None:
        path = re.sub(r"/\d+(?=/|$)", "/N", target.partition("?")[0])
        # The interface's version is no number of anything.
        path = path.replace("/api/N/", "/api/3/", 1)
        with self._lock:
            self._counts[f"{method} {path}"] += 1


class _Connection(socketserver.BaseRequestHandler):
    server: RequestCounter

    def handle(self) -> None:
        with socket.create_connection(self.server.console) as console:
            console.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=self._hand_back, args=(console,), daemon=True)
            back.start()
            received = b""
            try:
                while piece := self.request.recv(65_536):
                    received = self._look(received + piece)
                    console.sendall(piece)
                console.shutdown(socket.SHUT_WR)
            except OSError:
                return  # one side has closed: the other one will see it
            back.join()

    def _look(self, received: bytes) -> bytes:
        """Notes the requests whose heads are there, and gives what is left behind the last whole request."""
        while True:
            head, end, rest = received.partition(b"\r\n\r\n")
            if not end:
                return received
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            body = int(length.group(1)) if length else 0
            if len(rest) < body:
                return received
            method, target, _ = head.decode("latin-1").split(" ", 2)
            self.server.note(method, target)
            received = rest[body:]

    def _hand_back(self, console: socket.socket) -> None:
        try:
            while piece := console.recv(65_536):
                self.request.sendall(piece)
            self.request.shutdown(socket.SHUT_WR)
        except OSError:
            return
