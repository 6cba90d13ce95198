"""The clipboard of X11, of which SDL knows text alone, over the socket of the display.

"X Window System Protocol" (X.Org, X11 release 7.7) for the messages; "Inter-Client Communication Conventions Manual",
chapter 2, for what is said: who copies keeps the content, and hands it over when somebody pastes.

pygame.scrap would not do, for it refuses pictures here, nor would xclip or wl-copy, which most desktops lack and which
hold one kind of content at a time, not a picture and its answer as text.
"""

import io
import os
import select
import socket
import struct
import sys
import threading
import time
from pathlib import Path

PATIENCE = 2.0  # s for another program, or the display, to answer
MOST = 100_000_000  # bytes taken from another program
_MOST_OFFERED = 200_000  # bytes; what is larger would have to go over in parts
_CREATE_WINDOW, _INTERN_ATOM, _CHANGE_PROPERTY, _GET_PROPERTY = 1, 16, 18, 20  # requests
_SET_OWNER, _GET_OWNER, _CONVERT, _SEND_EVENT = 22, 23, 24, 25
_ERROR, _REPLY, _PROPERTY_NOTIFY, _SELECTION_CLEAR, _SELECTION_REQUEST, _SELECTION_NOTIFY = 0, 1, 28, 29, 30, 31
_WATCH_PROPERTIES = 0x800, 0x400000  # the attribute of a window that says which events it hears of, and these
_INPUT_ONLY = 2  # a window that is never seen
_COOKIE = b"MIT-MAGIC-COOKIE-1"
_LOCAL, _ANY = 256, 65535  # whom an entry of the file of cookies is for
_ATOM = 4  # the type of lists of atoms
_NEW_VALUE = 0  # of a property


class Display:
    """A connection to the display, with a window that nobody sees; whatever goes wrong raises OSError."""

    def __init__(self):
        self._events = []  # that came while a reply was awaited
        self._socket, number = _connected(os.environ.get("DISPLAY", ""))
        self._socket.settimeout(PATIENCE)
        self.window, root = self._open(_cookie(number))
        self.send(
            _CREATE_WINDOW,
            struct.pack("<IIhhHHHHIII", self.window, root, 0, 0, 1, 1, 0, _INPUT_ONLY, 0, *_WATCH_PROPERTIES),
        )
        self.clipboard = self.atom("CLIPBOARD")

    def close(self) -> None:
        """End the connection; what was offered is no longer to be had."""
        self._socket.close()

    def send(self, opcode: int, content: bytes, detail: int = 0) -> None:
        """Send a request."""
        content = _padded(content)
        self._socket.sendall(struct.pack("<BBH", opcode, detail, 1 + len(content) // 4) + content)

    def ask(self, opcode: int, content: bytes, detail: int = 0) -> bytes:
        """Send a request, and return its reply."""
        self.send(opcode, content, detail)
        while (message := self._message())[0] != _REPLY:
            if message[0] == _ERROR:
                raise OSError("the display refuses a request")
            self._events.append(message)
        return message

    def event(self, seconds: float | None) -> bytes:
        """Return the next event, also one that is an error; raises TimeoutError where none comes in time."""
        if self._events:
            return self._events.pop(0)
        if not select.select([self._socket], [], [], seconds)[0]:
            raise TimeoutError
        return self._message()

    def atom(self, name: str) -> int:
        """Return the number of a name."""
        reply = self.ask(_INTERN_ATOM, struct.pack("<Hxx", len(name)) + name.encode())
        return struct.unpack_from("<8xI", reply)[0]

    def _open(self, cookie):
        """Begin to talk; return an identifier for a window, and the window that all are in."""
        name = _COOKIE if cookie else b""
        hello = struct.pack("<cxHHHHxx", b"l", 11, 0, len(name), len(cookie))
        self._socket.sendall(hello + _padded(name) + _padded(cookie))
        is_welcome, length = struct.unpack("<B5xH", self._receive(8))
        setup = self._receive(4 * length)
        if is_welcome != 1:
            raise OSError("the display refuses to talk")
        window, vendor, formats = struct.unpack_from("<4xI8xH3xB", setup)
        return window, *struct.unpack_from("<I", setup, 32 + vendor + -vendor % 4 + 8 * formats)

    def _message(self):
        head = self._receive(32)
        more = struct.unpack_from("<4xI", head)[0] if head[0] == _REPLY else 0
        return head + self._receive(4 * more)

    def _receive(self, count):
        if count > MOST:
            raise OSError("more than is taken from another program")
        parts = []
        while count:
            part = self._socket.recv(min(count, 2**16))
            if not part:
                raise OSError("the display has closed")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)


def _connected(name):
    """Return a socket of a display, and its number; of a name such as :0, :0.0 or localhost:10.0."""
    host, _, number = name.rpartition(":")
    number = number.split(".")[0]
    if not number.isdecimal() or sys.platform in ("win32", "darwin"):  # where the clipboard is another
        raise OSError("there is no display")
    if host not in ("", "unix"):
        return socket.create_connection((host, 6000 + int(number)), PATIENCE), number
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(f"/tmp/.X11-unix/X{number}")
    return connection, number


def _cookie(number):
    """Return the cookie that opens a display, empty where none is kept."""
    path = Path(os.environ.get("XAUTHORITY") or Path("~/.Xauthority").expanduser())
    file = io.BytesIO(path.read_bytes() if path.is_file() else b"")
    while family := file.read(2):
        _, display, name, cookie = (file.read(int.from_bytes(file.read(2), "big")) for _ in range(4))
        if int.from_bytes(family, "big") in (_LOCAL, _ANY) and display in (b"", number.encode()) and name == _COOKIE:
            return cookie
    return b""


def _padded(content):
    return content + bytes(-len(content) % 4)


def get(targets: tuple[str, ...]) -> tuple[str, bytes] | None:
    """Return the first of some kinds, such as image/png, that the clipboard has, with its content; raises OSError."""
    display = Display()
    try:
        for target in targets:
            if content := _converted(display, target):
                return target, content
        return None
    finally:
        display.close()


def _converted(display, target):
    """Return the clipboard's content as a target, None where its owner does not have it so."""
    place = display.atom("DIGITS")
    request = struct.pack("<IIIII", display.window, display.clipboard, display.atom(target), place, 0)
    display.send(_CONVERT, request)
    answer = _await(display, _SELECTION_NOTIFY)
    if not struct.unpack_from("<20xI", answer)[0]:
        return None
    kind, content = _take(display, place)
    return content if kind != display.atom("INCR") else b"".join(_parts(display, place))


def _parts(display, place):
    """Yield content that comes in parts, the last of which is empty."""
    left = MOST
    while left > 0:
        event = _await(display, _PROPERTY_NOTIFY)
        if struct.unpack_from("<8xI4xB", event) == (place, _NEW_VALUE):
            part = _take(display, place)[1]
            if not part:
                return
            yield part
            left -= len(part)
    raise OSError("more than is taken from another program")


def _await(display, kind):
    end = time.monotonic() + PATIENCE
    while True:
        event = display.event(max(0.0, end - time.monotonic()))
        if event[0] & 0x7F == kind:
            return event


def _take(display, place):
    """Return the type and the content of a property of the window, and remove it."""
    reply = display.ask(_GET_PROPERTY, struct.pack("<IIIII", display.window, place, 0, 0, MOST // 4), detail=1)
    kind, length = struct.unpack_from("<8xI4xI", reply)
    return kind, reply[32 : 32 + length * max(1, reply[1] // 8)]


def offer(contents: dict[str, bytes]) -> None:
    """Let the clipboard hold something, by kind, until somebody else copies or the program ends; raises OSError."""
    if max(map(len, contents.values())) > _MOST_OFFERED:
        raise OSError("too large to be copied")
    display = Display()
    held = {display.atom(target): content for target, content in contents.items()}
    display.send(_SET_OWNER, struct.pack("<III", display.window, display.clipboard, 0))
    if struct.unpack_from("<8xI", display.ask(_GET_OWNER, struct.pack("<I", display.clipboard)))[0] != display.window:
        raise OSError("the clipboard cannot be had")
    threading.Thread(target=_serve, args=(display, held, display.atom("TARGETS")), daemon=True).start()


def _serve(display, held, targets):
    """Hand over what is held to everyone who asks, until another program has the clipboard."""
    try:
        while (event := display.event(None))[0] & 0x7F != _SELECTION_CLEAR:
            if event[0] & 0x7F == _SELECTION_REQUEST:
                _hand_over(display, held, targets, struct.unpack_from("<4x6I", event))
    except OSError:  # the display has gone
        pass
    finally:
        display.close()


def _hand_over(display, held, targets, request):
    moment, _, asker, selection, target, place = request
    place = place or target  # as clients of long ago want it
    if target == targets:
        _put(display, asker, place, _ATOM, 32, struct.pack(f"<{len(held) + 1}I", targets, *held))
    elif target in held:
        _put(display, asker, place, target, 8, held[target])
    else:
        place = 0
    answer = struct.pack("<BxxxIIIII8x", _SELECTION_NOTIFY, moment, asker, selection, target, place)
    display.send(_SEND_EVENT, struct.pack("<II", asker, 0) + answer)


def _put(display, window, place, kind, width, content):
    head = struct.pack("<IIIBxxxI", window, place, kind, width, 8 * len(content) // width)
    display.send(_CHANGE_PROPERTY, head + content)
