/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/advisory/csaf/license.h"

#include <string.h>

enum { DEPTH_MAX = 32 };

struct token {
    const char *text;
    size_t len; /* 0: the end */
};

static struct token next_token(const char **at)
{
    *at += strspn(*at, " ");
    struct token t = {*at, 0};
    t.len = **at == '(' || **at == ')' ? 1 : strcspn(*at, " ()");
    *at += t.len;
    return t;
}

static bool is(struct token t, const char *word)
{
    return strlen(word) == t.len && memcmp(t.text, word, t.len) == 0;
}

static bool begins(struct token t, const char *word)
{
    return t.len > strlen(word) && memcmp(t.text, word, strlen(word)) == 0;
}

static size_t name_length(const char *text, size_t len)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
    return n < len ? n : len;
}

/* idstring; "LicenseRef-idstring"; "DocumentRef-idstring:LicenseRef-idstring": CSAF has no other
 * documents to refer to, so the last is none here.  '+' may follow a plain name. */
static bool is_name(struct token t)
{
    if (begins(t, "DocumentRef-"))
        return false;
    size_t n = name_length(t.text, t.len);
    bool plus = n + 1 == t.len && t.text[n] == '+' && !begins(t, "LicenseRef-");
    if (n == 0 || !(n == t.len || plus))
        return false;
    return !begins(t, "licenseref-") && !begins(t, "LICENSEREF-");
}

/* Names and operators by turns; "WITH" wants an exception behind it. */
bool license_each(const char *at, void (*fn)(void *ctx, const char *name, size_t len), void *ctx)
{
    int depth = 0;
    bool want_name = true, any = false;
    for (struct token t; (t = next_token(&at)).len;) {
        if (want_name && is(t, "(")) {
            if (++depth > DEPTH_MAX)
                return false;
        } else if (want_name) {
            if (!is_name(t))
                return false;
            fn(ctx, t.text, t.text[t.len - 1] == '+' ? t.len - 1 : t.len);
            want_name = false;
            any = true;
        } else if (is(t, ")")) {
            if (--depth < 0)
                return false;
        } else if (is(t, "AND") || is(t, "OR") || is(t, "WITH")) {
            want_name = true;
        } else {
            return false;
        }
    }
    return any && !want_name && depth == 0;
}
