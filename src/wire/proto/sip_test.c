/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/proto/sip.h"

#include <string.h>

#include "check.h"

static const char invite[] = "INVITE sip:a@b.example SIP/2.0\r\n"
                             "Via: one\r\nv: two\r\nf: <sip:x@y.example>\r\n ;tag=1\r\n"
                             "Content-Length: 5\r\n\r\nhelloREST";

static bool is(struct sip_text t, const char *text)
{
    return t.len == strlen(text) && memcmp(t.text, text, t.len) == 0;
}

static int request_of_a_stream(void)
{
    int failed = 0;
    struct sip_message m;
    struct sip_text value;
    CHECK(sip_parse(&m, invite, sizeof invite - 1, true) == 1);
    CHECK(is(m.method, "INVITE") && is(m.uri, "sip:a@b.example") && is(m.version, "SIP/2.0"));
    CHECK(m.body_len == 5);
    CHECK(sip_field(&m, "via", 1, &value) && is(value, "two"));
    CHECK(sip_field(&m, "From", 0, &value));
    CHECK(!sip_field(&m, "From", 1, &value));
    return failed;
}

static int a_stream_waits_and_a_datagram_does_not(void)
{
    int failed = 0;
    struct sip_message m;
    CHECK(sip_parse(&m, invite, 40, true) == 0);
    CHECK(sip_parse(&m, invite, 40, false) == -1);
    CHECK(sip_parse(&m, "GET / HTTP/1.1\r\n\r\n", 18, true) == -1);
    CHECK(sip_parse(&m, "SIP/2.0 404 Not Found\r\n\r\n", 25, false) == 1);
    CHECK(m.is_response && is(m.code, "404") && is(m.reason, "Not Found"));
    return failed;
}

static int session_description(void)
{
    int failed = 0;
    static const char text[] =
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n"
        "m=audio 9 RTP/AVP 0\r\nc=IN IP4 192.0.2.2\r\nm=video 8 RTP/AVP 1\r\n";
    struct sdp s;
    struct sip_text value;
    CHECK(sdp_parse(&s, text, sizeof text - 1));
    CHECK(sdp_line(&s, 'm', true, 1, &value) && is(value, "video 8 RTP/AVP 1"));
    CHECK(sdp_line(&s, 'c', true, 0, &value) && is(value, "IN IP4 192.0.2.2"));
    CHECK(!sdp_line(&s, 'c', false, 0, &value));
    CHECK(!sdp_parse(&s, "hello", 5));
    return failed;
}

int proto_sip_test(void)
{
    return request_of_a_stream() + a_stream_waits_and_a_datagram_does_not() + session_description();
}
