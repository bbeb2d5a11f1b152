/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Debian Policy 5.6.12 and deb-version(7): epoch, upstream version, revision; '~' before the end,
 * the end before letters, letters before other signs, digits by value. */
#include <string.h>

#include "core/text/version.h"

struct deb {
    const char *epoch, *upstream, *revision;
    size_t epoch_len, upstream_len, revision_len;
};

static struct deb split(const char *text)
{
    struct deb d = {0};
    size_t digits = version_digit_run(text, strlen(text));
    if (text[digits] == ':') {
        d.epoch = text;
        d.epoch_len = digits;
        text += digits + 1;
    }
    const char *dash = strrchr(text, '-');
    d.upstream = text;
    d.upstream_len = dash ? (size_t)(dash - text) : strlen(text);
    d.revision = dash ? dash + 1 : "";
    d.revision_len = strlen(d.revision);
    return d;
}

static int weight(unsigned char c)
{
    if (c == '~')
        return -1;
    bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    return letter ? c : c + 256;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int weight_at(const char *text, size_t len)
{
    return len && !is_digit(*text) ? weight((unsigned char)*text) : 0;
}

static int compare_part(const char *a, size_t a_len, const char *b, size_t b_len)
{
    while (a_len || b_len) {
        while ((a_len && !is_digit(*a)) || (b_len && !is_digit(*b))) {
            int order = weight_at(a, a_len) - weight_at(b, b_len);
            if (order)
                return order;
            a++, a_len--; /* equal weights that are not 0: both have a sign here */
            b++, b_len--;
        }
        size_t a_run = version_digit_run(a, a_len), b_run = version_digit_run(b, b_len);
        int order = version_compare_digits(a, a_run, b, b_run);
        if (order)
            return order;
        a += a_run, a_len -= a_run;
        b += b_run, b_len -= b_run;
    }
    return 0;
}

static int compare(const char *a_text, const char *b_text)
{
    struct deb a = split(a_text), b = split(b_text);
    int order = version_compare_digits(a.epoch, a.epoch_len, b.epoch, b.epoch_len);
    if (!order)
        order = compare_part(a.upstream, a.upstream_len, b.upstream, b.upstream_len);
    /* no revision is revision 0, which orders like an empty text */
    return order ? order : compare_part(a.revision, a.revision_len, b.revision, b.revision_len);
}

const struct version_scheme version_scheme_deb = {
    .name = "deb", .doc = "Debian, Ubuntu: deb-version(7)", .compare = compare};
