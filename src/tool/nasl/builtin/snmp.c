/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SNMP.  Each call gives a list: 0 and the value and the object's name; or a negative number and
 * what went wrong.  getnext without oid: goes on behind the last object. */
#include <string.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "tool/nasl/array.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/constant.h"
#include "tool/nasl/stream.h"
#include "wire/proto/snmp.h"

enum { FAILED = -1, MISUSED = -2, TRIES = 3 };

static struct nasl_value text_value(struct nasl_call *c, const char *text)
{
    return nasl_text(nasl_call_heap(c), NASL_STRING, text, strlen(text));
}

static struct nasl_value answer(struct nasl_call *c, int code, const char *text, const char *oid)
{
    struct nasl_value list = nasl_array_new(nasl_call_heap(c));
    if (list.type != NASL_ARRAY)
        return list;
    (void)nasl_array_put(&list, 0, nasl_int(code));
    (void)nasl_array_put(&list, 1, text_value(c, text));
    if (oid)
        (void)nasl_array_put(&list, 2, text_value(c, oid));
    return list;
}

/* Where the last getnext of the script stood. */
struct place {
    struct snmp_oid oid;
};

static void close_place(void *thing)
{
    mem_free(thing);
}

static const struct nasl_handle_kind place_kind = {"SNMP place", 3000000, close_place};

static bool any_place(void *thing, int64_t detail)
{
    (void)thing, (void)detail;
    return true;
}

static struct place *last_place(struct nasl_call *c)
{
    int64_t number = nasl_handle_find(c->vm, &place_kind, any_place, 0);
    return number >= 0 ? nasl_handle_get(c->vm, &place_kind, number) : NULL;
}

static void keep_place(struct nasl_call *c, const struct snmp_oid *oid)
{
    struct place *p = last_place(c);
    if (!p) {
        p = mem_zero(sizeof *p);
        if (nasl_handle_add(c->vm, &place_kind, p) < 0)
            return;
    }
    p->oid = *oid;
}

struct exchange {
    struct nasl_call *call;
    struct nasl_stream *stream;
    uint8_t bytes[SNMP_MESSAGE_MAX];
    size_t len;
};

static bool exchange(struct exchange *x, const struct bytes_out *out)
{
    for (int i = 0; i < TRIES && !out->full; i++) {
        if (nasl_stream_write(x->call->vm, x->stream, out->start, bytes_out_len(out), 0) < 0)
            return false;
        x->len = nasl_stream_read(x->call->vm, x->stream, x->bytes, 0, sizeof x->bytes);
        if (x->len)
            return true;
    }
    return false;
}

static struct nasl_value give(struct nasl_call *c, const struct snmp_answer *a)
{
    struct str value = str_of(1 << 20), name = str_of(0);
    if (a->error || !a->has_variable)
        return answer(c, FAILED, snmp_error_text(a->error), NULL);
    snmp_print_value(&a->variable, &value);
    snmp_oid_format(&a->variable.oid, &name);
    keep_place(c, &a->variable.oid);
    struct nasl_value v = answer(c, 0, str_text(&value), str_text(&name));
    str_done(&value);
    str_done(&name);
    return v;
}

static struct nasl_value ask_openly(struct exchange *x, struct snmp_request *r)
{
    uint8_t room[4096];
    struct bytes_out out = bytes_out_of(room, sizeof room);
    struct snmp_answer a;
    snmp_write_request(r, &out);
    if (!exchange(x, &out))
        return answer(x->call, FAILED, "Timeout", NULL);
    struct bytes_in in = bytes_in_of(x->bytes, x->len);
    if (!snmp_read_answer(&in, &a) || a.id != r->id)
        return answer(x->call, FAILED, "the answer cannot be read", NULL);
    return give(x->call, &a);
}

/* First who the engine is, then the question, once more where its clock was wrong (RFC 3414 4). */
static struct nasl_value ask_secretly(struct exchange *x, struct snmp_request *r,
                                      struct snmp_user *u)
{
    uint8_t room[4096];
    struct snmp_answer a;
    struct str plain = str_of(1 << 16);
    struct err e = {0};
    const char *why = "Timeout";
    struct bytes_out out = bytes_out_of(room, sizeof room);
    snmp_write_discovery(r->id, &out);
    bool ok = exchange(x, &out) && snmp_read_secure(x->bytes, x->len, u, &a, &plain, &why);
    if (ok && snmp_user_bind(u, &e) < 0) {
        ok = false;
        why = e.text;
    }
    for (int i = 0; ok && i < 2; i++) {
        out = bytes_out_of(room, sizeof room);
        snmp_write_secure(r, u, &out);
        why = "Timeout";
        ok = exchange(x, &out) && snmp_read_secure(x->bytes, x->len, u, &a, &plain, &why);
        if (ok && a.kind == SNMP_RESPONSE)
            break;
        why = "Authentication failure (incorrect password, community or key)";
        ok = ok && i == 0;
    }
    struct nasl_value v = ok ? give(x->call, &a) : answer(x->call, FAILED, why, NULL);
    str_done(&plain);
    return v;
}

enum { PORT, PROTOCOL, OID, COMMUNITY, AUTHPASS = COMMUNITY, AUTHPROTO, PRIVPASS, PRIVPROTO, USER };

/* What is wrong with the arguments; NULL: nothing. */
static const char *read_common(struct nasl_call *c, struct snmp_request *r,
                               struct nasl_stream_options *o)
{
    struct str room = str_of(0), room2 = str_of(0);
    const char *protocol = nasl_arg_text(nasl_named(c, PROTOCOL), &room, NULL);
    const char *oid = nasl_arg_text(nasl_named(c, OID), &room2, NULL);
    int64_t port = nasl_arg_int(nasl_named(c, PORT), -1);
    struct place *last = oid || r->kind != SNMP_GET_NEXT ? NULL : last_place(c);
    const char *why = NULL;
    if (last)
        r->oid = last->oid;
    if (!protocol || (!oid && !last))
        why = "Missing function argument";
    else if (port < 0 || port > 65535)
        why = "Invalid port value";
    else if (strncmp(protocol, "tcp", 3) != 0 && strncmp(protocol, "udp", 3) != 0)
        why = "Invalid protocol value";
    else if (oid && snmp_oid_parse(&r->oid, oid) < 0)
        why = "no object identifier";
    o->port = (uint16_t)port;
    o->datagram = protocol && protocol[0] == 'u';
    o->transport = NASL_ENCAPS_IP;
    o->timeout_ns = nasl_vm_host(c->vm)->read_timeout_ns;
    r->id = (int32_t)(rng_u64(nasl_vm_host(c->vm)->rng) >> 34);
    str_done(&room);
    str_done(&room2);
    return why;
}

static struct nasl_value run(struct nasl_call *c, struct snmp_request *r,
                             const struct nasl_stream_options *o, struct snmp_user *u)
{
    struct exchange *x = mem_zero(sizeof *x);
    x->call = c;
    x->stream = nasl_stream_open(c->vm, o);
    struct nasl_value v;
    if (!x->stream)
        v = answer(c, FAILED, "no connection", NULL);
    else
        v = u ? ask_secretly(x, r, u) : ask_openly(x, r);
    nasl_stream_close(x->stream);
    mem_free(x);
    return v;
}

static struct nasl_value openly(struct nasl_call *c, enum snmp_version version,
                                enum snmp_pdu_kind kind)
{
    struct snmp_request r = {.version = version, .kind = kind};
    struct nasl_stream_options o = {0};
    struct str room = str_of(0);
    r.community = nasl_arg_text(nasl_named(c, COMMUNITY), &room, NULL);
    const char *why = read_common(c, &r, &o);
    if (!r.community)
        why = "Missing function argument";
    struct nasl_value v = why ? answer(c, MISUSED, why, NULL) : run(c, &r, &o, NULL);
    str_done(&room);
    return v;
}

static const char *read_protocols(const char *auth, const char *privacy, struct snmp_user *u)
{
    if (!auth)
        return "Missing function argument";
    if (!privacy)
        return "Missing privproto or privpass";
    if (strcasecmp(auth, "md5") != 0 && strcasecmp(auth, "sha1") != 0)
        return "authproto should be md5 or sha1";
    if (strcasecmp(privacy, "des") != 0 && strcasecmp(privacy, "aes") != 0)
        return "privproto should be des or aes";
    u->auth = strcasecmp(auth, "md5") == 0 ? SNMP_AUTH_MD5 : SNMP_AUTH_SHA1;
    u->privacy = strcasecmp(privacy, "des") == 0 ? SNMP_PRIVACY_DES : SNMP_PRIVACY_AES;
    return NULL;
}

static struct nasl_value secretly(struct nasl_call *c, enum snmp_pdu_kind kind)
{
    struct snmp_request r = {.version = SNMP_V3, .kind = kind};
    struct nasl_stream_options o = {0};
    struct snmp_user u = {0};
    struct str room[5] = {str_of(0), str_of(0), str_of(0), str_of(0), str_of(0)};
    const char *text[5];
    for (unsigned i = 0; i < 5; i++)
        text[i] = nasl_arg_text(nasl_named(c, AUTHPASS + i), &room[i], NULL);
    u.auth_password = text[0];
    u.privacy_password = text[AUTHPROTO + 1 - AUTHPASS];
    u.name = text[USER - AUTHPASS];
    u.salt = rng_u64(nasl_vm_host(c->vm)->rng);
    const char *why = read_common(c, &r, &o);
    if (!why && (!u.name || !u.auth_password))
        why = "Missing function argument";
    if (!why)
        why = read_protocols(text[AUTHPROTO - AUTHPASS],
                             u.privacy_password ? text[PRIVPROTO - AUTHPASS] : NULL, &u);
    struct nasl_value v = why ? answer(c, MISUSED, why, NULL) : run(c, &r, &o, &u);
    for (unsigned i = 0; i < 5; i++)
        str_done(&room[i]);
    return v;
}

static struct nasl_value do_v1_get(struct nasl_call *c)
{
    return openly(c, SNMP_V1, SNMP_GET);
}

static struct nasl_value do_v1_getnext(struct nasl_call *c)
{
    return openly(c, SNMP_V1, SNMP_GET_NEXT);
}

static struct nasl_value do_v2c_get(struct nasl_call *c)
{
    return openly(c, SNMP_V2C, SNMP_GET);
}

static struct nasl_value do_v2c_getnext(struct nasl_call *c)
{
    return openly(c, SNMP_V2C, SNMP_GET_NEXT);
}

static struct nasl_value do_v3_get(struct nasl_call *c)
{
    return secretly(c, SNMP_GET);
}

static struct nasl_value do_v3_getnext(struct nasl_call *c)
{
    return secretly(c, SNMP_GET_NEXT);
}

#define NAMES                                                                                      \
    {                                                                                              \
        "port", "protocol", "oid", "community"                                                     \
    }
#define NAMES_V3                                                                                   \
    {                                                                                              \
        "port", "protocol", "oid", "authpass", "authproto", "privpass", "privproto", "username"    \
    }

static const struct nasl_builtin rows[] = {
    {"snmpv1_get", do_v1_get, NAMES, 0},    {"snmpv1_getnext", do_v1_getnext, NAMES, 0},
    {"snmpv2c_get", do_v2c_get, NAMES, 0},  {"snmpv2c_getnext", do_v2c_getnext, NAMES, 0},
    {"snmpv3_get", do_v3_get, NAMES_V3, 0}, {"snmpv3_getnext", do_v3_getnext, NAMES_V3, 0},
};

const struct nasl_family nasl_family_snmp = {"snmp", rows, ARRAY_COUNT(rows)};
