"""The library h2 of Debian's Python as a client of HTTP/2: http2-client.py WHAT HOST PORT AUTHORITY [CA-FILE], with the origin of
origin.js at the other end. WHAT is one of
    echoes     requests one after the other on one connection, of lengths around windows and frames
    windows    a window of 100 bytes, given back in halves
    trailers   behind a request's content and behind a response's
    hints      103 before a response
    pings      a ping is answered with its own eight bytes
    cancels    a stream that is reset ends, and the connection stays
"""
import socket
import ssl
import sys

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import h2.settings

what, host, port, authority = sys.argv[1:5]
ca = sys.argv[5] if len(sys.argv) > 5 else None


class Client:
    def __init__(self, settings=None):
        self.socket = socket.create_connection((host, int(port)), 10)
        if ca:
            context = ssl.create_default_context(cafile=ca)
            context.set_alpn_protocols(["h2", "http/1.1"])
            self.socket = context.wrap_socket(self.socket, server_hostname="localhost")
            assert self.socket.selected_alpn_protocol() == "h2", self.socket.selected_alpn_protocol()
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        self.h2.initiate_connection()
        if settings:
            self.h2.update_settings(settings)
        self.events = []
        self.flush()

    def flush(self):
        self.socket.sendall(self.h2.data_to_send())

    def next(self):
        while not self.events:
            data = self.socket.recv(65536)
            assert data, "the connection has ended"
            self.events = self.h2.receive_data(data)
            self.flush()
        event = self.events.pop(0)
        assert not isinstance(event, h2.events.ConnectionTerminated), event
        return event

    def open(self, path, content=None, fields=(), trailers=None):
        stream = self.h2.get_next_available_stream_id()
        method = "GET" if content is None else "POST"
        head = [(":method", method), (":scheme", "https" if ca else "http"), (":authority", authority), (":path", path)]
        self.h2.send_headers(stream, head + list(fields), end_stream=content is None)
        self.flush()
        if content is not None:
            self.send(stream, content, trailers is None)
        if trailers is not None:
            self.h2.send_headers(stream, trailers, end_stream=True)
            self.flush()
        return stream

    def send(self, stream, content, end):
        kept = []
        while content:
            room = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size, len(content))
            if room == 0:
                kept.append(self.next())
                continue
            self.h2.send_data(stream, content[:room])
            self.flush()
            content = content[room:]
        if end:
            self.h2.end_stream(stream)
            self.flush()
        self.events = kept + self.events

    def answer(self, stream, credit=None):
        """Reads until the stream has ended: interim heads, head, content, trailers."""
        interim, head, content, trailers = [], None, b"", None
        while True:
            event = self.next()
            if getattr(event, "stream_id", stream) != stream:
                continue
            if isinstance(event, h2.events.InformationalResponseReceived):
                interim.append(dict(event.headers))
            elif isinstance(event, h2.events.ResponseReceived):
                head = dict(event.headers)
            elif isinstance(event, h2.events.DataReceived):
                content += event.data
                (credit or self.credit)(event)
            elif isinstance(event, h2.events.TrailersReceived):
                trailers = dict(event.headers)
            elif isinstance(event, h2.events.StreamReset):
                raise AssertionError(event)
            elif isinstance(event, h2.events.StreamEnded):
                return interim, head, content, trailers

    def credit(self, event):
        self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        self.flush()


def echoes():
    client = Client()
    for length in (0, 1, 16383, 16384, 16385, 65534, 65535, 65536, 1_000_000):
        sent = bytes(i * 7 % 251 for i in range(length))
        _, head, content, _ = client.answer(client.open("/echo", sent))
        assert head[":status"] == "200" and content == sent, (length, head, len(content))


def windows():
    client = Client({h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: 100})
    sent = bytes(i % 251 for i in range(3000))

    def in_halves(event):
        # Without what the library would save up.
        half = event.flow_controlled_length // 2
        for part in (half, event.flow_controlled_length - half):
            if part > 0:
                try:
                    client.h2.increment_flow_control_window(part, event.stream_id)
                except h2.exceptions.StreamClosedError:
                    pass  # What ended it has come in the same read.
                client.h2.increment_flow_control_window(part)
                client.flush()

    _, head, content, _ = client.answer(client.open("/echo", sent), in_halves)
    assert head[":status"] == "200" and content == sent, (head, len(content))


def trailers():
    client = Client()
    stream = client.open("/trailers", b"hello", [("te", "trailers"), ("trailer", "x-sum")], [("x-sum", "5")])
    _, head, content, got = client.answer(stream)
    assert head[":status"] == "200" and content == b"hello", (head, content)
    assert got and got["x-sum"] == "5" and got["x-answer"] == "done", got


def hints():
    client = Client()
    interim, head, content, _ = client.answer(client.open("/hints"))
    assert [each[":status"] for each in interim] == ["103"], interim
    assert interim[0]["link"].startswith("</page/1.css>"), interim
    assert head[":status"] == "200" and content == b"hinted\n", (head, content)


def pings():
    client = Client()
    for i in range(20):
        sent = b"ping %03d" % i
        client.h2.ping(sent)
        client.flush()
        while True:
            event = client.next()
            if isinstance(event, h2.events.PingAckReceived):
                assert event.ping_data == sent, event
                break


def cancels():
    client = Client()
    stream = client.open("/endless")
    while not isinstance(client.next(), h2.events.DataReceived):
        pass
    client.h2.reset_stream(stream, 8)
    client.flush()
    _, head, content, _ = client.answer(client.open("/echo", b"still here"))
    assert head[":status"] == "200" and content == b"still here", (head, content)


{each.__name__: each for each in (echoes, windows, trailers, hints, pings, cancels)}[what]()
