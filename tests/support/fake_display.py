"""A display of X11 that knows no more than what a clipboard takes: names, properties, owners, and who asks whom."""

import contextlib
import socket
import struct
import threading


class FakeDisplay:
    """Put its `connect` in the place of the one that finds the socket of a real display."""

    def __init__(self, part=None):
        """part: bytes; what is longer goes over in parts, as large content does (INCR)."""
        self.atoms = {"ATOM": 4}
        self.cookies = []  # with which clients came
        self._part = part
        self._clients, self._owner = {}, 0  # connections by the beginning of their identifiers; a window
        self._properties, self._parts = {}, {}  # by window and name
        self._lock = threading.Lock()

    def connect(self, _name):
        ours, theirs = socket.socketpair()
        number = len(self._clients) + 1
        self._clients[number] = theirs
        threading.Thread(target=self._serve, args=(number, theirs), daemon=True).start()
        return ours, "0"

    def _serve(self, number, client):
        with contextlib.suppress(ConnectionError), client, client.makefile("rb") as stream:
            _, name, cookie = struct.unpack("<6sHHxx", stream.read(12))
            self.cookies.append(stream.read(name + -name % 4 + cookie + -cookie % 4)[-cookie or 0 :])
            setup = struct.pack("<IIIIHHBB10xI", 0, number << 21, 0, 0, 0, 65535, 1, 0, 1)
            client.sendall(struct.pack("<BxHHH", 1, 11, 0, len(setup) // 4) + setup)
            while head := stream.read(4):
                opcode, detail, length = struct.unpack("<BBH", head)
                body = stream.read(4 * length - 4)
                with self._lock:
                    getattr(self, f"_request_{opcode}", lambda *_: None)(client, detail, body)

    def _request_16(self, client, _, body):
        (length,) = struct.unpack_from("<H", body)
        atom = self.atoms.setdefault(body[4 : 4 + length].decode(), 100 + len(self.atoms))
        client.sendall(struct.pack("<BxHII20x", 1, 0, 0, atom))

    def _request_18(self, _client, _, body):
        window, place, kind, width, count = struct.unpack_from("<IIIB3xI", body)
        content = body[20 : 20 + count * width // 8]
        if self._part and width == 8 and len(content) > self._part:
            step = self._part
            self._parts[window, place] = [(kind, content[at : at + step]) for at in range(0, len(content), step)]
            self._parts[window, place].append((kind, b""))
            kind, content = self.atoms.setdefault("INCR", 99), struct.pack("<I", len(content))
        self._change(window, place, kind, content)

    def _change(self, window, place, kind, content):
        self._properties[window, place] = kind, content
        self._tell(window, struct.pack("<BxxxIIIB15x", 28, window, place, 0, 0))

    def _request_20(self, client, _, body):
        window, place = struct.unpack_from("<II", body)
        kind, content = self._properties.pop((window, place), (0, b""))
        padded = content + bytes(-len(content) % 4)
        client.sendall(struct.pack("<BBHIIII12x", 1, 8, 0, len(padded) // 4, kind, 0, len(content)) + padded)
        if parts := self._parts.get((window, place)):
            self._change(window, place, *parts.pop(0))

    def _request_22(self, _client, _, body):
        before, (self._owner, selection, _) = self._owner, struct.unpack_from("<III", body)
        if before:
            self._tell(before, struct.pack("<BxxxIII16x", 29, 0, before, selection))

    def _request_23(self, client, _, _body):
        client.sendall(struct.pack("<BxHII20x", 1, 0, 0, self._owner))

    def _request_24(self, _client, _, body):
        asker, selection, target, place, moment = struct.unpack("<IIIII", body)
        if self._owner:
            request = struct.pack("<BxxxIIIIII4x", 30, moment, self._owner, asker, selection, target, place)
            self._tell(self._owner, request)
        else:
            self._tell(asker, struct.pack("<BxxxIIIII8x", 31, moment, asker, selection, target, 0))

    def _request_25(self, _client, _, body):
        self._tell(struct.unpack_from("<I", body)[0], bytes([body[8] | 0x80]) + body[9:40])

    def _tell(self, window, event):
        self._clients[window >> 21].sendall(event)
