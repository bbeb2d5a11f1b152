/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SIP messages (RFC 3261) and their session descriptions (RFC 8866), read in place.
 * Not for: dialogues. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIP_FIELD_MAX = 128, SDP_LINE_MAX = 256 };

struct sip_text {
    const char *text;
    uint32_t len;
};

struct sip_field {
    struct sip_text name, value; /* compact names are put in full ("f": "From") */
};

struct sip_message {
    bool is_response;
    struct sip_text line; /* the first, without its end */
    struct sip_text method, uri, version, code, reason;
    struct sip_field field[SIP_FIELD_MAX];
    uint32_t field_count;
    uint32_t line_len, head_at, head_len, body_at, body_len; /* offsets in the message */
};

/* 1: read; 0: more bytes are needed (stream only); -1: no SIP.  Of a datagram the rest is the
 * body, of a stream what Content-Length says. */
int sip_parse(struct sip_message *m, const void *data, size_t len, bool is_stream);
/* The n-th field of that name, any case. */
bool sip_field(const struct sip_message *m, const char *name, unsigned index, struct sip_text *out);

struct sdp_line {
    char type;      /* 'v', 'o', ... */
    uint16_t media; /* 0: of the session, else of the n-th medium */
    struct sip_text value;
};
struct sdp {
    struct sdp_line line[SDP_LINE_MAX];
    uint32_t count;
};
/* False: the text is no session description. */
bool sdp_parse(struct sdp *s, const void *data, size_t len);
/* The n-th line of that type; of the session (media 0), or of any medium (media > 0). */
bool sdp_line(const struct sdp *s, char type, bool of_media, unsigned index, struct sip_text *out);
