/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates. */
#include <string.h>

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/base/digest.h"
#include "core/base/mem.h"
#include "core/base/x509.h"
#include "tool/nasl/array.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/vm.h"

struct cert {
    struct arena arena;
    struct x509 x509;
};

static void close_cert(void *thing)
{
    struct cert *cert = thing;
    arena_done(&cert->arena);
    mem_free(cert);
}

static const struct nasl_handle_kind cert_kind = {"certificate", 1, close_cert};

static struct nasl_value do_cert_open(struct nasl_call *c)
{
    const struct nasl_value *v = nasl_arg(c, 0);
    struct cert *cert = mem_zero(sizeof *cert);
    if (!nasl_arg_size(v) ||
        x509_parse(&cert->x509, v->string->text, v->string->len, &cert->arena) < 0) {
        nasl_complain(c, "no certificate in DER");
        close_cert(cert);
        return nasl_undef();
    }
    return nasl_int(nasl_handle_add(c->vm, &cert_kind, cert));
}

static struct nasl_value do_cert_close(struct nasl_call *c)
{
    if (!nasl_handle_close(c->vm, &cert_kind, nasl_arg_int(nasl_arg(c, 0), -1)))
        nasl_complain(c, "no such certificate");
    return nasl_undef();
}

static struct nasl_value text_value(struct nasl_call *c, const char *text)
{
    return text ? nasl_text(nasl_call_heap(c), NASL_STRING, text, strlen(text)) : nasl_undef();
}

static struct nasl_value time_value(struct nasl_call *c, int64_t seconds)
{
    struct str out = str_of(0);
    if (seconds < 0)
        return text_value(c, "");
    struct civil t = clock_civil((uint64_t)seconds * NS_PER_S);
    str_addf(&out, "%04d%02u%02uT%02u%02u%02u", t.year, t.month, t.day, t.hour, t.minute, t.second);
    struct nasl_value v = text_value(c, str_text(&out));
    str_done(&out);
    return v;
}

static struct nasl_value fingerprint(struct nasl_call *c, const struct x509 *x,
                                     enum digest_kind kind)
{
    uint8_t value[DIGEST_MAX];
    struct str out = str_of(0);
    digest_of(kind, x->der, x->der_len, value);
    for (size_t i = 0; i < digest_size(kind); i++)
        str_addf(&out, "%02X", value[i]);
    struct nasl_value v = text_value(c, str_text(&out));
    str_done(&out);
    return v;
}

static struct nasl_value hostnames(struct nasl_call *c, const struct x509 *x)
{
    struct nasl_value list = nasl_array_new(nasl_call_heap(c));
    int64_t count = 0;
    if (list.type == NASL_ARRAY && x->common_name)
        (void)nasl_array_put(&list, count++, nasl_data(c, x->common_name, strlen(x->common_name)));
    for (size_t i = 0; list.type == NASL_ARRAY && i < x->dns_name_count; i++)
        (void)nasl_array_put(&list, count++, nasl_data(c, x->dns_name[i], strlen(x->dns_name[i])));
    return list;
}

/* The subject's alternative names, counted from 1, as ksba writes them. */
static struct nasl_value subject(struct nasl_call *c, const struct x509 *x)
{
    int64_t index = nasl_arg_int(nasl_named(c, 0), 0);
    if (index == 0)
        return text_value(c, x->subject);
    if (index < 0 || (size_t)index > x->dns_name_count)
        return nasl_undef();
    return text_value(c, x->dns_name[index - 1]);
}

static struct nasl_value query(struct nasl_call *c, const struct x509 *x, const char *what)
{
    if (strcmp(what, "serial") == 0)
        return text_value(c, x->serial);
    if (strcmp(what, "issuer") == 0)
        return nasl_arg_int(nasl_named(c, 0), 0) ? nasl_undef() : text_value(c, x->issuer);
    if (strcmp(what, "subject") == 0)
        return subject(c, x);
    if (strcmp(what, "not-before") == 0)
        return time_value(c, x->not_before);
    if (strcmp(what, "not-after") == 0)
        return time_value(c, x->not_after);
    if (strcmp(what, "fpr-sha-256") == 0)
        return fingerprint(c, x, DIGEST_SHA256);
    if (strcmp(what, "fpr-sha-1") == 0)
        return fingerprint(c, x, DIGEST_SHA1);
    if (strcmp(what, "hostnames") == 0)
        return hostnames(c, x);
    if (strcmp(what, "image") == 0)
        return nasl_data(c, x->der, x->der_len);
    if (strcmp(what, "algorithm-name") == 0 || strcmp(what, "signature-algorithm-name") == 0)
        return text_value(c, x->signature);
    if (strcmp(what, "public-key-algorithm-name") == 0)
        return nasl_data(c, x->key, strlen(x->key));
    if (strcmp(what, "modulus") == 0)
        return x->modulus ? nasl_data(c, x->modulus, x->modulus_len) : nasl_undef();
    if (strcmp(what, "exponent") == 0)
        return x->exponent ? nasl_data(c, x->exponent, x->exponent_len) : nasl_undef();
    if (strcmp(what, "key-size") == 0)
        return nasl_int(x->key_bits);
    nasl_complain(c, "a certificate cannot be asked for '%s'", what);
    return nasl_undef();
}

static struct nasl_value do_cert_query(struct nasl_call *c)
{
    struct cert *cert = nasl_handle_get(c->vm, &cert_kind, nasl_arg_int(nasl_arg(c, 0), -1));
    const struct nasl_value *what = nasl_arg(c, 1);
    if (!cert || what->type != NASL_STRING) {
        nasl_complain(c, "cert_query(handle, \"what\" [, idx:])");
        return nasl_undef();
    }
    return query(c, &cert->x509, what->string->text);
}

static const struct nasl_builtin rows[] = {
    {"cert_close", do_cert_close, {0}, 0},
    {"cert_open", do_cert_open, {0}, 0},
    {"cert_query", do_cert_query, {"idx"}, 0},
};

const struct nasl_family nasl_family_cert = {"cert", rows, ARRAY_COUNT(rows)};
