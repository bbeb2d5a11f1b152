/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words that choose where the following contents look ("http.uri;"), and those that say it of the
 * content before them ("content:...; http_uri;").  All of inspect's buffers are words of Suricata
 * by their own names; here are the other names, and Snort's. */
#include <errno.h>
#include <string.h>

#include "tool/ids/keyword/keyword.h"

static int choose(struct rule_parser *p, const struct sticky *sticky, const char *detail,
                  struct err *e)
{
    const struct buffer_row *row = sticky_row(sticky);
    bool ja3 = row && strncmp(row->name, "ja3", 3) == 0,
         ja4 = row && strncmp(row->name, "ja4", 3) == 0;
    if ((ja3 && p->set->ja3_off) || (ja4 && p->set->ja4_off))
        return err_set(e, -EINVAL, "the configuration turns %.3s off", row->name);
    if (row && parser_proto(p, row->proto, row->also, e) < 0)
        return e->code;
    if (p->list && p->list->step_count == 0 && p->list->sticky != &sticky_payload &&
        !p->list->wants_absent && p->dialect == RULE_SURICATA)
        return err_set(e, -EINVAL, "%s before it has no content", p->list->sticky->name);
    p->in_sticky = true;
    p->step = NULL;
    p->list = NULL;
    bool many = row && (row->kind == BUFFER_MULTI || row->kind == BUFFER_WINDOWS);
    for (struct rule_list *l = p->rule->list; l && !many && !detail; l = l->next)
        if (l->sticky == sticky && !l->by_modifier && l->transform_count == 0)
            p->list = l;
    if (!p->list)
        p->list = parser_new_list(p, sticky, detail);
    return 0;
}

/* ":to_server" or ":to_client" where a rule for both directions needs to say which. */
static int parse_choose(struct rule_parser *p, const struct ids_keyword *k, char *value,
                        struct err *e)
{
    const struct buffer_row *row = sticky_row(k->detail);
    uint8_t side = !value                            ? 0
                   : strcmp(value, "to_server") == 0 ? BUFFER_TO_SERVER
                   : strcmp(value, "to_client") == 0 ? BUFFER_TO_CLIENT
                                                     : BUFFER_BOTH;
    if (side && (side == BUFFER_BOTH || !row || row->side != BUFFER_BOTH))
        return err_set(e, -EINVAL, "it takes no value \"%s\"", value);
    if (choose(p, k->detail, NULL, e) < 0)
        return e->code;
    if (side && p->list->step_count > 0)
        p->list = parser_new_list(p, k->detail, NULL);
    p->list->side = side;
    return 0;
}

/* "file_data:mime" of old Snort 2: the parts of mail are file data anyway. */
static int parse_file_data(struct rule_parser *p, const struct ids_keyword *k, char *value,
                           struct err *e)
{
    if (value && strcmp(value, "mime") != 0)
        return err_set(e, -EINVAL, "\"%s\" is not \"mime\"", value);
    return choose(p, k->detail, NULL, e);
}

static int parse_payload(struct rule_parser *p, const struct ids_keyword *k, char *value,
                         struct err *e)
{
    (void)k;
    (void)value;
    (void)e;
    p->in_sticky = false;
    p->step = NULL;
    p->list = NULL;
    if (p->payload == p->base64_list) /* it has left the payload for what was decoded */
        p->payload = NULL;
    p->list = parser_list(p);
    return 0;
}

static int parse_modifier(struct rule_parser *p, const struct ids_keyword *k, char *value,
                          struct err *e)
{
    (void)value;
    return parser_move_step(p, k->detail, e);
}

/* As choose; `back`: on an answer the request is looked at. */
static int choose_back(struct rule_parser *p, const struct sticky *sticky, const char *detail,
                       bool back, struct err *e)
{
    if (choose(p, sticky, detail, e) < 0)
        return e->code;
    p->list->of_request = back;
    if (back) {
        p->list->progress = 1;
        p->rule->trait |= RULE_LOOKS_BACK;
    }
    return 0;
}

/* http_header:field NAME[,request][,with_header|with_body|with_trailer] and its kin.  "request"
 * lets a rule on the answer look back at what was asked. */
static int parse_http3(struct rule_parser *p, const struct ids_keyword *k, char *value,
                       struct err *e)
{
    const char *detail = NULL;
    const struct sticky *sticky = k->detail;
    bool back =
        sticky->id == BUFFER_SNORT_HTTP_RAW_REQUEST || sticky->id == BUFFER_SNORT_HTTP_TRUE_IP;
    for (char *word; (word = word_next(&value, ','));) {
        if (strncmp(word, "field", 5) == 0 && (word[5] == ' ' || word[5] == '\t')) {
            detail = word_trim(word + 5);
            if (!*detail)
                return err_set(e, -EINVAL, "field wants a name");
        } else if (strcmp(word, "request") != 0 && strcmp(word, "with_header") != 0 &&
                   strcmp(word, "with_body") != 0 && strcmp(word, "with_trailer") != 0) {
            static const char *const part[] = {"scheme", "host",  "port",
                                               "path",   "query", "fragment"};
            for (size_t i = 0; i < ARRAY_COUNT(part); i++)
                if (strcmp(part[i], word) == 0)
                    detail = part[i];
            if (!detail)
                return err_set(e, -EINVAL, "unknown word \"%s\"", word);
        } else {
            back |= strcmp(word, "request") == 0;
        }
    }
    return choose_back(p, sticky, detail, back, e);
}

static int parse_param(struct rule_parser *p, const struct ids_keyword *k, char *value,
                       struct err *e)
{
    char *rest = value, *name = word_unquote(word_next(&rest, ',')), *word = word_next(&rest, ',');
    if (!name || !*name)
        return err_set(e, -EINVAL, "not \"a name\" in quotes");
    if (word && strcmp(word, "nocase") != 0)
        return err_set(e, -EINVAL, "unknown word \"%s\"", word);
    return choose_back(p, k->detail, arena_print(p->arena, "%s%s", word ? "i" : "c", name), true,
                       e);
}

/* "TYPE" or "PROTOCOL.TYPE"; types have dots of their own ("smb2.hdr", "request.line"). */
static int parse_frame(struct rule_parser *p, const struct ids_keyword *k, char *value,
                       struct err *e)
{
    char *dot = strchr(value, '.');
    (void)k;
    if (dot) {
        *dot = '\0';
        int proto = strcmp(value, "ssh") == 0 ? INSPECT_SSH : inspect_proto_find(value);
        *dot = '.';
        if (proto > INSPECT_FAILED) {
            if (parser_proto(p, (enum inspect_proto_id)proto, INSPECT_UNKNOWN, e) < 0)
                return e->code;
            value = dot + 1;
        } else if (strncmp(value, "smb", 3) == 0 || strncmp(value, "nbss", 4) == 0) {
            if (parser_proto(p, INSPECT_SMB, INSPECT_UNKNOWN, e) < 0)
                return e->code;
        }
    }
    return choose(p, &sticky_frame, value, e);
}

static int parse_absent(struct rule_parser *p, const struct ids_keyword *k, char *value,
                        struct err *e)
{
    (void)k;
    if (!p->in_sticky || !p->list)
        return err_set(e, -EINVAL, "no buffer is chosen before it");
    if (p->list->step_count > 0)
        return err_set(e, -EINVAL, "it stands before the contents");
    if (value && strcmp(value, "or_else") != 0)
        return err_set(e, -EINVAL, "\"%s\" is not \"or_else\"", value);
    p->list->or_absent = value != NULL;
    p->list->wants_absent = value == NULL;
    return 0;
}

#define TX(upper)   (&sticky_tx[BUFFER_##upper])
#define HEAD(upper) (&sticky_head[STICKY_##upper])
#define S           RULE_SURICATA
#define S2          RULE_SNORT2
#define S3          RULE_SNORT3

static const struct ids_keyword keyword[] = {
#define BUFFER(upper, name, proto, also, side, progress, kind, doc)                                \
    {name, S, KEYWORD_MAY_HAVE_VALUE, parse_choose, TX(upper), name "; " doc},
#include "tool/ids/inspect/buffer.def"
#undef BUFFER
    /* modifiers of the content before */
    {"http_method", S | S2, KEYWORD_NO_VALUE, parse_modifier, TX(HTTP_METHOD),
     "of a content: in the method"},
    {"http_uri", S | S2, KEYWORD_NO_VALUE, parse_modifier, TX(HTTP_URI),
     "of a content: in the URI"},
    {"http_raw_uri", S | S2, KEYWORD_NO_VALUE, parse_modifier, TX(HTTP_URI_RAW),
     "of a content: in the URI as sent"},
    {"http_header", S | S2, KEYWORD_NO_VALUE, parse_modifier, TX(HTTP_HEADER),
     "of a content: in the header"},
    {"http_raw_header", S | S2, KEYWORD_NO_VALUE, parse_modifier, TX(HTTP_HEADER_RAW),
     "of a content: in the header as sent"},
    {"http_cookie", S | S2, KEYWORD_NO_VALUE, parse_modifier, TX(HTTP_COOKIE),
     "of a content: in the cookies"},
    {"http_raw_cookie", S | S2, KEYWORD_NO_VALUE, parse_modifier, TX(HTTP_COOKIE),
     "of a content: in the cookies as sent"},
    {"http_client_body", S | S2, KEYWORD_NO_VALUE, parse_modifier, TX(HTTP_REQUEST_BODY),
     "of a content: in the request's body"},
    {"http_server_body", S, KEYWORD_NO_VALUE, parse_modifier, TX(HTTP_RESPONSE_BODY),
     "of a content: in the answer's body"},
    {"http_stat_code", S | S2, KEYWORD_NO_VALUE, parse_modifier, TX(HTTP_STAT_CODE),
     "of a content: in the status"},
    {"http_stat_msg", S | S2, KEYWORD_NO_VALUE, parse_modifier, TX(HTTP_STAT_MSG),
     "of a content: in the reason phrase"},
    {"http_user_agent", S, KEYWORD_NO_VALUE, parse_modifier, TX(HTTP_USER_AGENT),
     "of a content: in the user agent"},
    {"http_host", S, KEYWORD_NO_VALUE, parse_modifier, TX(HTTP_HOST), "of a content: in the host"},
    {"http_raw_host", S, KEYWORD_NO_VALUE, parse_modifier, TX(HTTP_HOST_RAW),
     "of a content: in the host as sent"},
    /* older names */
    {"http_request_line", S, KEYWORD_NO_VALUE, parse_choose, TX(HTTP_REQUEST_LINE),
     "as http.request_line"},
    {"http_response_line", S, KEYWORD_NO_VALUE, parse_choose, TX(HTTP_RESPONSE_LINE),
     "as http.response_line"},
    {"http_protocol", S, KEYWORD_NO_VALUE, parse_choose, TX(HTTP_PROTOCOL), "as http.protocol"},
    {"http_header_names", S, KEYWORD_NO_VALUE, parse_choose, TX(HTTP_HEADER_NAMES),
     "as http.header_names"},
    {"http_start", S, KEYWORD_NO_VALUE, parse_choose, TX(HTTP_START), "as http.start"},
    {"http_accept", S, KEYWORD_NO_VALUE, parse_choose, TX(HTTP_ACCEPT), "as http.accept"},
    {"http_accept_enc", S, KEYWORD_NO_VALUE, parse_choose, TX(HTTP_ACCEPT_ENC),
     "as http.accept_enc"},
    {"http_accept_lang", S, KEYWORD_NO_VALUE, parse_choose, TX(HTTP_ACCEPT_LANG),
     "as http.accept_lang"},
    {"http_referer", S, KEYWORD_NO_VALUE, parse_choose, TX(HTTP_REFERER), "as http.referer"},
    {"http_connection", S, KEYWORD_NO_VALUE, parse_choose, TX(HTTP_CONNECTION),
     "as http.connection"},
    {"http_content_len", S, KEYWORD_NO_VALUE, parse_choose, TX(HTTP_CONTENT_LEN),
     "as http.content_len"},
    {"http_content_type", S, KEYWORD_NO_VALUE, parse_choose, TX(HTTP_CONTENT_TYPE),
     "as http.content_type"},
    {"file_data", S | S2, KEYWORD_MAY_HAVE_VALUE, parse_file_data, TX(FILE_DATA), "as file.data"},
    {"dns_query", S, KEYWORD_NO_VALUE, parse_choose, TX(DNS_QUERY), "as dns.query"},
    {"tls_sni", S, KEYWORD_NO_VALUE, parse_choose, TX(TLS_SNI), "as tls.sni"},
    {"tls_cert_subject", S, KEYWORD_NO_VALUE, parse_choose, TX(TLS_CERT_SUBJECT),
     "as tls.cert_subject"},
    {"tls_cert_issuer", S, KEYWORD_NO_VALUE, parse_choose, TX(TLS_CERT_ISSUER),
     "as tls.cert_issuer"},
    {"tls_cert_serial", S, KEYWORD_NO_VALUE, parse_choose, TX(TLS_CERT_SERIAL),
     "as tls.cert_serial"},
    {"tls_cert_fingerprint", S, KEYWORD_NO_VALUE, parse_choose, TX(TLS_CERT_FINGERPRINT),
     "as tls.cert_fingerprint"},
    {"ja3_hash", S, KEYWORD_NO_VALUE, parse_choose, TX(JA3_HASH), "as ja3.hash"},
    {"ja3_string", S, KEYWORD_NO_VALUE, parse_choose, TX(JA3_STRING), "as ja3.string"},
    {"ja4_hash", S, KEYWORD_NO_VALUE, parse_choose, TX(JA4_HASH), "as ja4.hash"},
    {"ssh_proto", S, KEYWORD_NO_VALUE, parse_choose, TX(SSH_PROTO), "as ssh.proto"},
    {"ssh_software", S, KEYWORD_NO_VALUE, parse_choose, TX(SSH_SOFTWARE), "as ssh.software"},
    {"smb_named_pipe", S, KEYWORD_NO_VALUE, parse_choose, TX(SMB_NAMED_PIPE), "as smb.named_pipe"},
    {"smb_share", S, KEYWORD_NO_VALUE, parse_choose, TX(SMB_SHARE), "as smb.share"},
    {"dce_stub_data", S | S2 | S3, KEYWORD_NO_VALUE, parse_choose, TX(DCERPC_STUB_DATA),
     "as dcerpc.stub_data"},
    {"krb5_cname", S, KEYWORD_NO_VALUE, parse_choose, TX(KRB5_CNAME), "as krb5.cname"},
    {"krb5_sname", S, KEYWORD_NO_VALUE, parse_choose, TX(KRB5_SNAME), "as krb5.sname"},
    {"ipv4.hdr", S, KEYWORD_NO_VALUE, parse_choose, HEAD(IP4_HEAD), "ipv4.hdr; the IPv4 head"},
    {"ipv6.hdr", S, KEYWORD_NO_VALUE, parse_choose, HEAD(IP6_HEAD),
     "ipv6.hdr; the IPv6 head with its extensions"},
    {"tcp.hdr", S, KEYWORD_NO_VALUE, parse_choose, HEAD(TCP_HEAD),
     "tcp.hdr; the TCP head with its options"},
    {"udp.hdr", S, KEYWORD_NO_VALUE, parse_choose, HEAD(UDP_HEAD), "udp.hdr; the UDP head"},
    {"icmpv4.hdr", S, KEYWORD_NO_VALUE, parse_choose, HEAD(ICMP4_HEAD),
     "icmpv4.hdr; the ICMP head"},
    {"icmpv6.hdr", S, KEYWORD_NO_VALUE, parse_choose, HEAD(ICMP6_HEAD),
     "icmpv6.hdr; the ICMPv6 head"},
    {"ip.src", S, KEYWORD_NO_VALUE, parse_choose, HEAD(IP_SRC),
     "ip.src; the source address, as bytes"},
    {"ip.dst", S, KEYWORD_NO_VALUE, parse_choose, HEAD(IP_DST),
     "ip.dst; the destination address, as bytes"},
    {"frame", S, KEYWORD_NEEDS_VALUE, parse_frame, NULL,
     "frame:[PROTOCOL.]TYPE; a part of the stream"},
    {"absent", S, KEYWORD_MAY_HAVE_VALUE, parse_absent, NULL,
     "absent[:or_else]; the chosen buffer is not there"},
    {"pkt_data", S | S2 | S3, KEYWORD_NO_VALUE, parse_payload, NULL,
     "pkt_data; back to the payload"},
    {"raw_data", S3, KEYWORD_NO_VALUE, parse_choose, &sticky_raw,
     "raw_data; the packet's payload as it came"},
    /* Snort 3's buffers */
    {"file_data", S3, KEYWORD_NO_VALUE, parse_choose, TX(FILE_DATA),
     "file_data; files, bodies, parts of mail"},
    {"js_data", S3, KEYWORD_NO_VALUE, parse_choose, TX(SNORT_JS_DATA),
     "js_data; scripts in the answer's body"},
    {"vba_data", S3, KEYWORD_NO_VALUE, parse_choose, TX(SNORT_VBA_DATA),
     "vba_data; macros in Office files"},
    {"http_method", S3, KEYWORD_MAY_HAVE_VALUE, parse_http3, TX(SNORT_HTTP_METHOD),
     "http_method; method"},
    {"http_uri", S3, KEYWORD_MAY_HAVE_VALUE, parse_http3, TX(SNORT_HTTP_URI),
     "http_uri[:PART]; the normalised URI or a part of it"},
    {"http_raw_uri", S3, KEYWORD_MAY_HAVE_VALUE, parse_http3, TX(SNORT_HTTP_RAW_URI),
     "http_raw_uri[:PART]; the URI as it was sent"},
    {"http_header", S3, KEYWORD_MAY_HAVE_VALUE, parse_http3, TX(SNORT_HTTP_HEADER),
     "http_header[:field NAME][,request]; header without cookies"},
    {"http_raw_header", S3, KEYWORD_MAY_HAVE_VALUE, parse_http3, TX(SNORT_HTTP_RAW_HEADER),
     "http_raw_header; header as it was sent"},
    {"http_cookie", S3, KEYWORD_MAY_HAVE_VALUE, parse_http3, TX(SNORT_HTTP_COOKIE),
     "http_cookie; Cookie and Set-Cookie"},
    {"http_raw_cookie", S3, KEYWORD_MAY_HAVE_VALUE, parse_http3, TX(SNORT_HTTP_COOKIE),
     "http_raw_cookie; cookies as they were sent"},
    {"http_client_body", S3, KEYWORD_NO_VALUE, parse_choose, TX(SNORT_HTTP_CLIENT_BODY),
     "http_client_body; body of the request"},
    {"http_raw_body", S3, KEYWORD_NO_VALUE, parse_choose, TX(SNORT_HTTP_RAW_BODY),
     "http_raw_body; body as it was sent"},
    {"http_raw_request", S3, KEYWORD_MAY_HAVE_VALUE, parse_http3, TX(SNORT_HTTP_RAW_REQUEST),
     "http_raw_request; first line of the request"},
    {"http_raw_status", S3, KEYWORD_MAY_HAVE_VALUE, parse_http3, TX(SNORT_HTTP_RAW_STATUS),
     "http_raw_status; first line of the answer"},
    {"http_stat_code", S3, KEYWORD_MAY_HAVE_VALUE, parse_http3, TX(SNORT_HTTP_STAT_CODE),
     "http_stat_code; status"},
    {"http_stat_msg", S3, KEYWORD_MAY_HAVE_VALUE, parse_http3, TX(SNORT_HTTP_STAT_MSG),
     "http_stat_msg; reason phrase"},
    {"http_trailer", S3, KEYWORD_MAY_HAVE_VALUE, parse_http3, TX(SNORT_HTTP_TRAILER),
     "http_trailer[:field NAME]; trailer"},
    {"http_raw_trailer", S3, KEYWORD_MAY_HAVE_VALUE, parse_http3, TX(SNORT_HTTP_RAW_TRAILER),
     "http_raw_trailer; trailer as it was sent"},
    {"http_true_ip", S3, KEYWORD_MAY_HAVE_VALUE, parse_http3, TX(SNORT_HTTP_TRUE_IP),
     "http_true_ip; the client as a proxy names it"},
    {"http_version", S3, KEYWORD_MAY_HAVE_VALUE, parse_http3, TX(SNORT_HTTP_VERSION),
     "http_version[:request]; version of the message"},
    {"http_param", S3, KEYWORD_NEEDS_VALUE, parse_param, TX(SNORT_HTTP_PARAM),
     "http_param:\"NAME\"[,nocase]; value of a parameter"},
    {"sip_header", S2 | S3, KEYWORD_NO_VALUE, parse_choose, TX(SNORT_SIP_HEADER),
     "sip_header; all header fields"},
    {"sip_body", S2 | S3, KEYWORD_NO_VALUE, parse_choose, TX(SNORT_SIP_BODY), "sip_body; body"},
    {"modbus_data", S2 | S3, KEYWORD_NO_VALUE, parse_choose, TX(SNORT_MODBUS_DATA),
     "modbus_data; data behind the function"},
    {"dnp3_data", S2 | S3, KEYWORD_NO_VALUE, parse_choose, TX(DNP3_DATA),
     "dnp3_data; application fragment"},
    {"mms_data", S3, KEYWORD_NO_VALUE, parse_choose, TX(SNORT_MMS_DATA),
     "mms_data; the MMS message"},
    {"s7commplus_content", S3, KEYWORD_NO_VALUE, parse_choose, TX(SNORT_S7_CONTENT),
     "s7commplus_content; data behind the head"},
};

const struct ids_keyword_family ids_keyword_buffer = {"buffer", "where contents look", keyword,
                                                      ARRAY_COUNT(keyword)};
