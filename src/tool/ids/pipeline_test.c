/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conversations, made here frame by frame, and the records they give. */
#include "tool/ids/pipeline.h"

#include <string.h>

#include "check.h"
#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/base/str.h"

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16, CLIENT_PORT = 40000, FRAME_MAX = 1600 };

struct lab {
    struct ids_settings settings;
    struct ids_worker *worker;
    struct str lines;
    uint64_t number;
    uint32_t seq[2]; /* next of the client, of the server */
    uint16_t port;
};

static void keep_line(void *ctx, const char *text, size_t len)
{
    struct lab *lab = ctx;
    str_add_len(&lab->lines, text, len);
    str_add(&lab->lines, "\n");
}

static void begin(struct lab *lab, uint16_t port)
{
    const struct eve_sink sink = {.line = keep_line, .ctx = lab};
    *lab = (struct lab){.port = port, .seq = {1000, 5000}};
    ids_settings_init(&lab->settings);
    lab->lines = str_of(0);
    lab->settings.checksums = IDS_SUMS_NONE;
    lab->settings.eve.kinds = EVE_FLOW | EVE_ANOMALY | EVE_FILES;
    lab->settings.eve.anomaly_decode = lab->settings.eve.anomaly_stream = true;
    memset(lab->settings.eve.protocol, true, sizeof lab->settings.eve.protocol);
    ids_settings_bind(&lab->settings);
    lab->worker = ids_worker_new(&lab->settings, NULL, &sink);
}

static void end(struct lab *lab)
{
    ids_worker_free(lab->worker);
    str_done(&lab->lines);
}

static bool told(const struct lab *lab, const char *what)
{
    return strstr(str_text(&lab->lines), what) != NULL;
}

static unsigned count(const struct lab *lab, const char *what)
{
    unsigned n = 0;
    for (const char *at = str_text(&lab->lines); (at = strstr(at, what)); at++)
        n++;
    return n;
}

static void put_ip(struct bytes_out *out, bool server, uint8_t proto, size_t len, uint16_t frag)
{
    bytes_put_zero(out, 12);
    bytes_put_u16be(out, 0x0800);
    bytes_put_u16be(out, 0x4500);
    bytes_put_u16be(out, (uint16_t)(20 + len));
    bytes_put_u16be(out, 77);
    bytes_put_u16be(out, frag);
    bytes_put_u8(out, 64);
    bytes_put_u8(out, proto);
    bytes_put_u16be(out, 0);
    bytes_put_u32be(out, server ? 0xc0000201 : 0xc000020a);
    bytes_put_u32be(out, server ? 0xc000020a : 0xc0000201);
}

static void send(struct lab *lab, const struct bytes_out *out, const uint8_t *frame)
{
    struct ids_frame f = {.data = frame,
                          .len = (uint32_t)bytes_out_len(out),
                          .wire_len = (uint32_t)bytes_out_len(out),
                          .link_type = 1,
                          .wall_ns = UINT64_C(1700000000) * NS_PER_S + lab->number * NS_PER_MS};
    f.number = ++lab->number;
    (void)ids_worker_frame(lab->worker, &f);
}

static void segment_at(struct lab *lab, bool server, uint8_t flags, uint32_t seq, const char *text)
{
    uint8_t frame[FRAME_MAX];
    struct bytes_out out = bytes_out_of(frame, sizeof frame);
    size_t len = strlen(text);
    put_ip(&out, server, 6, 20 + len, 0);
    bytes_put_u16be(&out, server ? lab->port : CLIENT_PORT);
    bytes_put_u16be(&out, server ? CLIENT_PORT : lab->port);
    bytes_put_u32be(&out, seq);
    bytes_put_u32be(&out, flags & ACK ? lab->seq[!server] : 0);
    bytes_put_u8(&out, 0x50);
    bytes_put_u8(&out, flags);
    bytes_put_u16be(&out, 8192);
    bytes_put_u32be(&out, 0);
    bytes_put(&out, text, len);
    send(lab, &out, frame);
}

static void segment(struct lab *lab, bool server, uint8_t flags, const char *text)
{
    segment_at(lab, server, flags, lab->seq[server], text);
    lab->seq[server] += (uint32_t)strlen(text) + (flags & (SYN | FIN) ? 1 : 0);
}

static void shake(struct lab *lab)
{
    segment(lab, false, SYN, "");
    segment(lab, true, SYN | ACK, "");
    segment(lab, false, ACK, "");
}

static void say(struct lab *lab, bool server, const char *text)
{
    segment(lab, server, PSH | ACK, text);
    segment(lab, !server, ACK, "");
}

static void finish(struct lab *lab)
{
    segment(lab, false, FIN | ACK, "");
    segment(lab, true, FIN | ACK, "");
    segment(lab, false, ACK, "");
    ids_worker_finish(lab->worker);
}

static int http_request_and_answer_make_records(void)
{
    int failed = 0;
    struct lab lab;
    begin(&lab, 80);
    shake(&lab);
    say(&lab, false, "GET /a?b HTTP/1.1\r\nHost: h.example\r\n\r\n");
    say(&lab, true, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    finish(&lab);
    CHECK(count(&lab, "\"event_type\":\"http\"") == 1);
    CHECK(told(&lab, "\"hostname\":\"h.example\",\"url\":\"/a?b\""));
    CHECK(told(&lab, "\"status\":200"));
    CHECK(told(&lab, "\"app_proto\":\"http\",\"fileinfo\":{\"filename\":\"/a\""));
    CHECK(told(&lab, "\"state\":\"closed\""));
    end(&lab);
    return failed;
}

static int segments_come_in_any_order_and_twice(void)
{
    int failed = 0;
    struct lab lab;
    begin(&lab, 80);
    shake(&lab);
    uint32_t seq = lab.seq[0];
    segment_at(&lab, false, PSH | ACK, seq + 10, "x HTTP/1.1\r\nHost: h\r\n\r\n");
    segment_at(&lab, false, PSH | ACK, seq, "GET /order");
    segment_at(&lab, false, PSH | ACK, seq, "GET /order");
    lab.seq[0] = seq + 10 + 23;
    segment(&lab, true, ACK, "");
    say(&lab, true, "HTTP/1.1 204 No Content\r\n\r\n");
    finish(&lab);
    CHECK(told(&lab, "\"url\":\"/orderx\""));
    end(&lab);
    return failed;
}

static int lost_segments_are_told(void)
{
    int failed = 0;
    struct lab lab;
    begin(&lab, 80);
    shake(&lab);
    say(&lab, false, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    segment(&lab, true, PSH | ACK, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n12345");
    lab.seq[1] += 5; /* these the capture missed */
    segment(&lab, true, PSH | ACK, "1234567890");
    segment(&lab, false, ACK, "");
    finish(&lab);
    CHECK(told(&lab, "stream.reassembly_seq_gap"));
    CHECK(told(&lab, "\"gaps\":true"));
    end(&lab);
    return failed;
}

static int smtp_mail_with_an_attachment(void)
{
    int failed = 0;
    struct lab lab;
    begin(&lab, 25);
    shake(&lab);
    say(&lab, true, "220 mx.example ESMTP\r\n");
    say(&lab, false, "EHLO c.example\r\n");
    say(&lab, true, "250 mx.example\r\n");
    say(&lab, false, "MAIL FROM:<a@b.example>\r\n");
    say(&lab, true, "250 ok\r\n");
    say(&lab, false, "RCPT TO:<c@d.example>\r\n");
    say(&lab, true, "250 ok\r\n");
    say(&lab, false, "DATA\r\n");
    say(&lab, true, "354 go\r\n");
    say(&lab, false,
        "From: A <a@b.example>\r\nTo: c@d.example, e@f.example\r\n"
        "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
        "Content-Type: text/plain; name=\"f.txt\"\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
        "aGVsbG8gaHR0cDovL2EuYi9jCg==\r\n--x--\r\n.\r\n");
    say(&lab, true, "250 ok\r\n");
    finish(&lab);
    CHECK(told(&lab, "\"smtp\":{\"helo\":\"c.example\",\"mail_from\":\"<a@b.example>\","
                     "\"rcpt_to\":[\"<c@d.example>\"]}"));
    CHECK(told(&lab, "\"to\":[\"c@d.example\",\"e@f.example\"],\"status\":\"PARSE_DONE\","
                     "\"attachment\":[\"f.txt\"],\"url\":[\"a.b/c\"]"));
    CHECK(told(&lab, "\"filename\":\"f.txt\",\"gaps\":false,\"state\":\"CLOSED\""));
    CHECK(told(&lab, "\"size\":19"));
    end(&lab);
    return failed;
}

static int ftp_announces_its_data_connection(void)
{
    int failed = 0;
    struct lab lab;
    begin(&lab, 21);
    shake(&lab);
    say(&lab, true, "220 (ftp)\r\n");
    say(&lab, false, "PASV\r\n");
    say(&lab, true, "227 ok (192,0,2,1,4,1).\r\n");
    say(&lab, false, "RETR notes.txt\r\n");
    lab.port = 1025;
    lab.seq[0] = lab.seq[1] = 7000;
    shake(&lab);
    say(&lab, true, "the file");
    finish(&lab);
    CHECK(told(&lab, "\"command\":\"PASV\""));
    CHECK(told(&lab, "\"dynamic_port\":1025,\"mode\":\"passive\""));
    CHECK(told(&lab, "\"ftp_data\":{\"filename\":\"notes.txt\",\"command\":\"RETR\"}"));
    CHECK(told(&lab, "\"app_proto\":\"ftp-data\",\"fileinfo\":{\"filename\":\"notes.txt\""));
    end(&lab);
    return failed;
}

static void datagram(struct lab *lab, const uint8_t *data, size_t len, uint16_t frag)
{
    uint8_t frame[FRAME_MAX];
    struct bytes_out out = bytes_out_of(frame, sizeof frame);
    put_ip(&out, false, 17, len, frag);
    bytes_put(&out, data, len);
    send(lab, &out, frame);
}

static int fragments_are_put_together(void)
{
    int failed = 0;
    static const uint8_t query[] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
                                   "\x03www\x07"
                                   "example\x03"
                                   "com\x00\x00\x01\x00\x01";
    uint8_t udp[64];
    struct bytes_out out = bytes_out_of(udp, sizeof udp);
    struct lab lab;
    begin(&lab, 53);
    bytes_put_u16be(&out, CLIENT_PORT);
    bytes_put_u16be(&out, 53);
    bytes_put_u16be(&out, 8 + sizeof query - 1);
    bytes_put_u16be(&out, 0);
    bytes_put(&out, query, sizeof query - 1);
    size_t len = bytes_out_len(&out);
    datagram(&lab, udp + 16, len - 16, 2); /* the second first */
    datagram(&lab, udp, 16, 0x2000);
    ids_worker_finish(lab.worker);
    CHECK(told(&lab, "\"rrname\":\"www.example.com\""));
    end(&lab);
    return failed;
}

static int the_same_capture_gives_the_same_records(void)
{
    int failed = 0;
    struct lab lab[2];
    for (int i = 0; i < 2; i++) {
        begin(&lab[i], 1883);
        shake(&lab[i]);
        say(&lab[i], false, "SSH-2.0-client\r\n");
        say(&lab[i], true, "SSH-2.0-server\r\n");
        finish(&lab[i]);
    }
    CHECK(told(&lab[0], "\"software_version\":\"client\""));
    CHECK(strcmp(str_text(&lab[0].lines), str_text(&lab[1].lines)) == 0);
    end(&lab[0]);
    end(&lab[1]);
    return failed;
}

int ids_pipeline_test(void)
{
    return http_request_and_answer_make_records() + segments_come_in_any_order_and_twice() +
           lost_segments_are_told() + smtp_mail_with_an_attachment() +
           ftp_announces_its_data_connection() + fragments_are_put_together() +
           the_same_capture_gives_the_same_records();
}
