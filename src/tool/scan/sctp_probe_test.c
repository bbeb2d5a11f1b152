/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What both SCTP techniques make of what can come back, and what they send. */
#include "tool/scan/sctp_probe.h"

#include "check.h"
#include "tool/scan/reply_test.h"

static const struct {
    const char *technique;
    uint8_t type;
    uint32_t tag;
    bool counts;
    enum scan_state state;
    enum scan_reason reason;
} answers[] = {
    {"sctp_init", SCTP_CHUNK_INIT_ACK, REPLY_COOKIE, true, SCAN_OPEN, SCAN_REASON_INIT_ACK},
    {"sctp_init", SCTP_CHUNK_ABORT, REPLY_COOKIE, true, SCAN_CLOSED, SCAN_REASON_ABORT},
    {"sctp_init", SCTP_CHUNK_INIT_ACK, REPLY_COOKIE + 1, false, 0, 0}, /* a forgery */
    {"sctp_init", SCTP_CHUNK_HEARTBEAT, REPLY_COOKIE, false, 0, 0},
    {"sctp_cookie", SCTP_CHUNK_ABORT, REPLY_COOKIE, true, SCAN_CLOSED, SCAN_REASON_ABORT},
    {"sctp_cookie", SCTP_CHUNK_ABORT, 0, false, 0, 0},
    {"sctp_cookie", SCTP_CHUNK_INIT_ACK, REPLY_COOKIE, false, 0, 0},
};

static size_t make_answer(uint8_t *room, size_t max, const struct frame_probe *probe, uint8_t type,
                          uint32_t tag)
{
    const uint8_t chunk[] = {type, 0, 0, 4};
    struct sctp_head h = {.src = probe->dst_port, .dst = probe->src_port, .tag = tag};
    struct bytes_out out = bytes_out_of(room, max);
    sctp_encode(&out, &h, SCTP_SUM_CRC32C, bytes_in_of(chunk, sizeof chunk));
    return bytes_out_len(&out);
}

/* One chunk of the right type, the tag where RFC 9260 wants it, the checksum as asked. */
static int sent(const char *name, uint8_t type, bool adler32)
{
    int failed = 0;
    struct frame_probe probe = reply_probe(false);
    uint8_t body[64];
    struct bytes_out out = bytes_out_of(body, sizeof body);
    probe.adler32 = adler32;
    scan_technique_find(name)->build(&probe, &out);
    struct bytes_in in = bytes_in_of(body, bytes_out_len(&out));
    struct sctp_head h;
    struct sctp_chunk chunk;
    CHECK(sctp_decode(&in, &h) && h.src == probe.src_port && h.dst == probe.dst_port);
    CHECK(h.sum ==
          sctp_sum(body, bytes_out_len(&out), adler32 ? SCTP_SUM_ADLER32 : SCTP_SUM_CRC32C));
    CHECK(h.tag == (type == SCTP_CHUNK_INIT ? 0 : REPLY_COOKIE));
    CHECK(sctp_chunk_next(&in, &chunk) && chunk.type == type && !sctp_chunk_next(&in, &chunk));
    return failed;
}

int scan_sctp_probe_test(void)
{
    int failed = sent("sctp_init", SCTP_CHUNK_INIT, false) +
                 sent("sctp_init", SCTP_CHUNK_INIT, true) +
                 sent("sctp_cookie", SCTP_CHUNK_COOKIE_ECHO, false);
    for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
        const struct scan_technique *t = scan_technique_find(answers[i].technique);
        struct frame_probe probe = reply_probe(false);
        struct reply r;
        struct scan_verdict v;
        uint8_t body[64];
        size_t len = make_answer(body, sizeof body, &probe, answers[i].type, answers[i].tag);
        CHECK_ROW(i, reply_make(&r, &probe, IP_PROTO_SCTP, body, len));
        CHECK_ROW(i, reply_judge(&r, t, &v) == answers[i].counts);
        CHECK_ROW(i, !answers[i].counts ||
                         (v.state == answers[i].state && v.because.reason == answers[i].reason));
        CHECK_ROW(i, reply_make_error(&r, &probe, t, &probe.dst, 3, 13));
        CHECK_ROW(i, reply_judge(&r, t, &v) && v.state == SCAN_FILTERED);
    }
    CHECK(sctp_probe_tag(0) != 0);
    return failed;
}
