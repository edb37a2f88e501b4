"""hostile.py: servers that are no meters, and a meter that lies: what test_hostile.py lets mw talk to.

Nothing here keeps a secret or a promise; all bytes are of a fixed generator, so that a failure comes again.
"""
import os
import random
import select
import socket
import struct
import threading
import time
import tty

RANDOM = random.Random(381).randbytes(1 << 16)


class Server:
    """Accepts on loopback, each connection served by BEHAVE (socket) in a thread of its own."""

    def __init__(self, behave):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.uri = f"tcp:127.0.0.1:{self.listener.getsockname()[1]}"
        self.behave = behave
        self.connections = 0
        self.sent = 0
        self.done = False
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while not self.done:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        with client:
            try:
                self.behave(self, client)
            except OSError:
                pass  # it hung up, as it should

    def send(self, client, data):
        client.sendall(data)
        self.sent += len(data)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.done = True
        self.listener.close()


def flood(server, client):
    """Random bytes for ever, as fast as they go."""
    while not server.done:
        server.send(client, RANDOM)


def drip(server, client):
    """Random bytes for ever, one by one, never a pause that a time limit would see."""
    for i in range(1 << 30):
        if server.done:
            return
        server.send(client, RANDOM[i % len(RANDOM):][:1])
        time.sleep(0.02)


def flags(server, client):
    """HDLC flags for ever: frames that are always about to begin."""
    while not server.done:
        server.send(client, b"\x7e" * 512)
        time.sleep(0.02)


def wrapper_header(length, client=16):
    return struct.pack(">4H", 1, 1, client, length)


def promise(server, client):
    """The longest APDU of the wrapper is announced, three bytes come, then nothing."""
    request = client.recv(4096)
    server.send(client, wrapper_header(0xFFFF, struct.unpack(">H", request[2:4])[0]) + b"\x61\x82\xff")
    client.recv(1)


def slow_promise(server, client):
    """The same, and it goes on, a byte at a time, without an end in sight."""
    request = client.recv(4096)
    server.send(client, wrapper_header(0xFFFF, struct.unpack(">H", request[2:4])[0]) + b"\x61\x82\xff\xff")
    while not server.done:
        server.send(client, b"\0")
        time.sleep(0.1)


def empty_apdus(server, client):
    """Wrapper headers of APDUs of no length, for ever."""
    header = wrapper_header(0, struct.unpack(">H", client.recv(4096)[2:4])[0])
    while not server.done:
        server.send(client, header * 100)
        time.sleep(0.01)


def open_frame(server, client):
    """The beginning of an HDLC frame of 2047 bytes, again and again."""
    while not server.done:
        server.send(client, b"\x7e\xa7\xff\x03\x21")
        time.sleep(0.1)


def line_noise(stop):
    """A serial line with nothing but noise on it: the path of the port, and the thread that makes it."""
    master, slave = os.openpty()
    tty.setraw(slave)
    tty.setraw(master)

    def rustle():
        at = 0
        while not stop.is_set():
            if select.select([], [master], [], 0.1)[1]:
                os.write(master, RANDOM[at:at + 48])
                at = (at + 48) % len(RANDOM)
            if select.select([master], [], [], 0.01)[0]:
                os.read(master, 4096)
        os.close(master)
        os.close(slave)

    thread = threading.Thread(target=rustle, daemon=True)
    thread.start()
    return os.ttyname(slave), thread


GET, GET_NEXT = b"\xc0\x01", b"\xc0\x02"


class Liar(Server):
    """Stands before a meter's TCP wrapper and answers itself what is asked of the attribute WANTED (class,
    OBIS code and attribute as in the request).  ANSWER (number, invoke) gives the APDU for request number
    0, 1, … of the block transfer that follows."""

    def __init__(self, port, wanted, answer):
        super().__init__(lambda server, client: self.relay(port, wanted, answer, client))

    def relay(self, port, wanted, answer, client):
        with socket.create_connection(("127.0.0.1", port)) as meter:
            lying = 0
            while not self.done:
                for s in select.select([client, meter], [], [], 1)[0]:
                    header = receive(s, 8)
                    apdu = receive(s, struct.unpack(">H", header[6:])[0])
                    if s is meter:
                        client.sendall(header + apdu)
                        continue
                    if apdu[:2] == GET and apdu[3:3 + len(wanted)] == wanted:
                        lying = 1
                    elif lying and apdu[:2] == GET_NEXT:
                        lying += 1
                    else:
                        lying = 0
                        meter.sendall(header + apdu)
                        continue
                    reply = answer(lying - 1, apdu[2:3])
                    self.send(client, header[:2] + header[4:6] + header[2:4] + struct.pack(">H", len(reply)) + reply)


def receive(s, n):
    data = b""
    while len(data) < n:
        piece = s.recv(n - len(data))
        if not piece:
            raise OSError("closed")
        data += piece
    return data


def whole(value):
    """The answer in one piece."""
    return lambda number, invoke: b"\xc4\x01" + invoke + b"\0" + value


def blocks(first, more):
    """An answer of blocks that has no last one: FIRST, then MORE for ever."""
    def answer(number, invoke):
        data = more if number else first
        return b"\xc4\x02" + invoke + b"\0" + struct.pack(">I", number + 1) + b"\0\x82" + struct.pack(">H", len(data)) + data
    return answer
