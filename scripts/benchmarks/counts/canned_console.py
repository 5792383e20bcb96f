"""A console that answers every request with the same user."""

import socket
import socketserver


class CannedConsole(socketserver.ThreadingTCPServer):
    """Serves until the program ends; its own work is not counted, being in another process."""

    daemon_threads = True
    # Nobody waits for a connection that is still open at the end.
    block_on_close = False

    def __init__(self, body: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=UTF-8\r\nContent-Length: {len(body)}\r\n\r\n"
        self.reply = head.encode() + body
        super().__init__(("127.0.0.1", 0), _Connection)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Connection(socketserver.BaseRequestHandler):
    server: CannedConsole

    def handle(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        received = b""
        # The requests have no bodies, and each waits for the reply to the one before.
        while piece := self.request.recv(65_536):
            received += piece
            if received.endswith(b"\r\n\r\n"):
                received = b""
                self.request.sendall(self.server.reply)
