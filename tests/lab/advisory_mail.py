# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests/lab/advisory.py subscribes at: an SMTP server whose mail goes to scripted list managers,
which answer into a Maildir."""
import email
import email.policy
import os
import re
import socketserver
import threading
import time

ME = "me@home.example"


class Post:
    def __init__(self, folder):
        self.maildir = os.path.join(folder, "Maildir")
        for name in ("new", "cur", "tmp"):
            os.makedirs(os.path.join(self.maildir, name))
        self.got, self.count, self.deaf = [], 0, False

    def deliver(self, sender, subject, body, more=""):
        self.count += 1
        text = (f"From: {sender}\nTo: {ME}\nSubject: {subject}\nMessage-ID: <{self.count}@post>\n"
                f"Date: {time.strftime('%a, %d %b %Y %H:%M:%S +0000', time.gmtime())}\n{more}\n{body}")
        name = f"{time.time():.6f}.{self.count}.post"
        with open(os.path.join(self.maildir, "tmp", name), "w") as f:
            f.write(text)
        os.rename(os.path.join(self.maildir, "tmp", name), os.path.join(self.maildir, "new", name))

    def take(self, sender, to, data):
        self.got.append((sender, to, data))
        mail = email.message_from_bytes(data, policy=email.policy.default)
        body = mail.get_content() if mail.get_content_type() == "text/plain" else ""
        for address in to:
            answer = {"listproc": self.listproc, "majordomo": self.majordomo,
                      "advisories-request": self.mailman}.get(address.split("@")[0])
            if answer:
                answer(body.strip(), str(mail["Subject"] or ""))

    def listproc(self, body, _subject):
        word = body.split()[0].lower()
        if word == "subscribe":
            name = body.split(None, 2)[1].upper()
            self.deliver("listproc@lists.example", f"SUBSCRIBE {name} Doe, Jane",
                         f"Your subscription to {name.lower()} has been accepted.\n"
                         f"Your address: {ME}\nYour initial PIN: 836244\n\n"
                         "To change either of them send mail.\n")
        elif word in ("unsubscribe", "signoff"):
            name = body.split()[1].upper()
            self.deliver("listproc@lists.example", f"UNSUBSCRIBE {name}",
                         f"You have been removed from list {name}@lists.example.\n")

    def majordomo(self, body, _subject):
        words = body.split()
        if words[0] == "auth":
            self.deliver("Majordomo@lists.example", "Majordomo results",
                         ">>>> " + body.splitlines()[0] + "\nSucceeded.\n")
            self.deliver("Majordomo@lists.example", f"Welcome to {words[3]}",
                         f"Welcome to the {words[3]} mailing list!\n")
        elif words[0] == "subscribe":
            self.deliver("Majordomo@lists.example", f"Confirmation for subscribe {words[1]}",
                         "Someone (possibly you) has requested that your email address be added\n"
                         f"to the mailing list \"{words[1]}@lists.example\".\n\n"
                         "If you really want this action to be taken, please send the following\n"
                         "commands (exactly as shown) back to \"Majordomo@lists.example\":\n\n"
                         f"\tauth 1a2b3c4d subscribe {words[1]} {ME}\n")
        elif words[0] == "unsubscribe":
            self.deliver("Majordomo@lists.example", "Majordomo results",
                         ">>>> " + body.splitlines()[0] + "\nSucceeded.\n")

    def mailman(self, body, subject):
        said = (subject + " " + body).lower()
        token = re.search(r"confirm ([0-9a-f]+)", said)
        if token and token[1] == "ab" * 20:
            self.deliver("advisories-request@lists.example",
                         'Welcome to the "Advisories" mailing list',
                         "Welcome to the Advisories@lists.example mailing list!\n")
        elif token:
            self.deliver("advisories-request@lists.example",
                         "You have been unsubscribed from the Advisories mailing list", "\n")
        elif "unsubscribe" in said or "leave" in said:
            self.deliver("advisories-request@lists.example", "confirm " + "cd" * 20,
                         "Mailing list removal confirmation notice for mailing list Advisories\n\n"
                         f"We have received a request for the removal of your email address\n\"{ME}\""
                         " from the advisories@lists.example mailing list.\n"
                         "Or visit this page, or reply with:\n\n    confirm " + "cd" * 20 + "\n")
        else:
            self.deliver("advisories-request@lists.example", "confirm " + "ab" * 20,
                         "Mailing list subscription confirmation notice for mailing list Advisories"
                         f"\n\nWe have received a request for subscription of your email address,\n"
                         f"\"{ME}\", to the advisories@lists.example mailing list.\n"
                         "reply to this message, keeping the Subject: header intact, or send\n\n"
                         "    confirm " + "ab" * 20 + "\n")


def smtp_of(post):
    class Session(socketserver.StreamRequestHandler):
        def say(self, line):
            self.wfile.write(line.encode() + b"\r\n")

        def handle(self):
            sender, to = "", []
            self.say("220 post.example ESMTP")
            while line := self.rfile.readline():
                words = line.decode("latin-1").strip()
                verb = words.upper()
                if verb.startswith("EHLO"):
                    self.say("250-post.example")
                    self.say("250 8BITMIME")
                elif verb.startswith("MAIL"):
                    if post.deaf:
                        self.say("451 later")
                        continue
                    sender, to = re.search(r"<(.*?)>", words)[1], []
                    self.say("250 ok")
                elif verb.startswith("RCPT"):
                    to.append(re.search(r"<(.*?)>", words)[1])
                    self.say("250 ok")
                elif verb == "DATA":
                    self.say("354 go on")
                    data = b""
                    while (row := self.rfile.readline()) not in (b".\r\n", b""):
                        data += row[1:] if row.startswith(b".") else row
                    post.take(sender, to, data.replace(b"\r\n", b"\n"))
                    self.say("250 taken")
                elif verb == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"smtp://127.0.0.1:{server.server_address[1]}"
