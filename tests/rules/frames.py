# SPDX-License-Identifier: GPL-3.0-or-later
"""Captures made of words: each function returns frames, a list of (seconds, bytes)."""
import socket
import struct

CLIENT, SERVER = "192.0.2.10", "198.51.100.20"
MAC = b"\x02\0\0\0\0\2\x02\0\0\0\0\1"
FLAGS = {"F": 1, "S": 2, "R": 4, "P": 8, "A": 16, "U": 32, "E": 64, "C": 128}


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ip(proto, payload, src=CLIENT, dst=SERVER, ident=1, tos=0, df=False):
    head = struct.pack("!BBHHHBBH4s4s", 0x45, tos, 20 + len(payload), ident, 0x4000 if df else 0, 64,
                       proto, 0, socket.inet_aton(src), socket.inet_aton(dst))
    return MAC + b"\x08\0" + head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def pseudo(proto, segment, src, dst):
    return socket.inet_aton(src) + socket.inet_aton(dst) + struct.pack("!BBH", 0, proto, len(segment))


def segment(flags, sport=40000, dport=80, seq=1000, ack=0, window=8192, options=b"", data=b"",
            src=CLIENT, dst=SERVER, urgent=0, **rest):
    options += b"\0" * (-len(options) % 4)
    bits = sum(FLAGS[f] for f in flags)
    head = struct.pack("!HHIIBBHHH", sport, dport, seq, ack, (20 + len(options)) << 2, bits, window, 0,
                       urgent) + options + data
    total = checksum(pseudo(6, head, src, dst) + head)
    return ip(6, head[:16] + struct.pack("!H", total) + head[18:], src, dst, **rest)


def mss(value):
    return struct.pack("!BBH", 2, 4, value)


def tcp(flags="", **words):
    """One segment on its own."""
    return [(0, segment(flags, **words))]


def udp(port, data, sport=40000, **words):
    head = struct.pack("!HHHH", sport, port, 8 + len(data), 0) + data
    total = checksum(pseudo(17, head, CLIENT, SERVER) + head) or 0xffff
    return [(0, ip(17, head[:6] + struct.pack("!H", total) + head[8:], **words))]


def icmp(kind, code=0, data=b"", **words):
    head = struct.pack("!BBHHH", kind, code, 0, 1, 1) + data
    return [(0, ip(1, head[:2] + struct.pack("!H", checksum(head)) + head[4:], **words))]


def proto(number):
    return [(0, ip(number, b"\0" * 8))]


def talk(port, turns, sport=40000):
    """A whole connection; `turns`: (">" or "<", bytes) one after another."""
    client, server = 1000, 5000
    frames = [segment("S", sport, port, client, options=mss(1460)),
              segment("SA", port, sport, server, client + 1, options=mss(1460), src=SERVER, dst=CLIENT)]
    client, server = client + 1, server + 1
    frames.append(segment("A", sport, port, client, server))
    for way, data in turns:
        for at in range(0, len(data), 1400):
            piece = data[at:at + 1400]
            if way == ">":
                frames.append(segment("PA", sport, port, client, server, data=piece))
                client += len(piece)
                frames.append(segment("A", port, sport, server, client, src=SERVER, dst=CLIENT))
            else:
                frames.append(segment("PA", port, sport, server, client, data=piece, src=SERVER, dst=CLIENT))
                server += len(piece)
                frames.append(segment("A", sport, port, client, server))
    frames.append(segment("FA", sport, port, client, server))
    frames.append(segment("FA", port, sport, server, client + 1, src=SERVER, dst=CLIENT))
    frames.append(segment("A", sport, port, client + 1, server + 1))
    return [(0.001 * i, f) for i, f in enumerate(frames)]


def send(port, data, **words):
    """The client says it, the server takes it."""
    return talk(port, [(">", data)], **words)


def http(line, headers=b"", body=b"", answer=b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", **words):
    """`line`: "GET /path" without the version, a latin-1 text."""
    request = line.encode("latin-1") + b" HTTP/1.1\r\nHost: example.org\r\n" + headers
    if body:
        request += b"Content-Length: %d\r\n" % len(body)
    return talk(80, [(">", request + b"\r\n" + body), ("<", answer)], **words)


def agent(name):
    return http("GET /", b"User-Agent: " + name + b"\r\n")


def repeat(count, make, gap=0.1):
    """`count` times what make(i) gives, `gap` seconds apart."""
    return [(at + i * gap, f) for i in range(count) for at, f in make(i)]


def smb(command, data):
    """An SMB1 message of the client, behind NetBIOS' head."""
    return netbios(b"\xffSMB" + bytes([command]) + b"\0" * 27 + data)


def netbios(message):
    return send(445, struct.pack("!I", len(message)) + message)


def wide(text):
    return text.encode("utf-16-le")


def write_capture(path, frames):
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for at, frame in sorted(frames, key=lambda item: item[0]):
            moment = 1700000000 + at
            f.write(struct.pack("<IIII", int(moment), int(moment % 1 * 1e6), len(frame), len(frame)) + frame)
