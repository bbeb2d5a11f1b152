/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/access.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/str.h"
#include "core/text/option.h"
#include "sys/io/file.h"
#include "sys/io/resolver.h"

enum { ITEM_MAX = 256, FILE_MAX = 1 << 20, RANGES_MAX = 65536 };

struct octet {
    unsigned first, last;
};

/* Up to three digits; false: there are none, and *out is as it was. */
static bool read_number(const char **at, unsigned *out)
{
    size_t len = strspn(*at, "0123456789");
    unsigned value = 0;
    if (len == 0 || len > 3)
        return false;
    for (size_t i = 0; i < len; i++)
        value = value * 10 + (unsigned)((*at)[i] - '0');
    *at += len;
    *out = value;
    return true;
}

/* "7", "10-20", "-9", "250-", "*" */
static bool read_octet(const char **at, struct octet *out)
{
    *out = (struct octet){0, 255};
    if (**at == '*') {
        ++*at;
        return true;
    }
    bool has_first = read_number(at, &out->first);
    if (**at == '-') {
        ++*at;
        (void)read_number(at, &out->last);
    } else if (has_first) {
        out->last = out->first;
    } else {
        return false;
    }
    return out->first <= out->last && out->last <= 255;
}

/* The last part makes a range of addresses; each choice of the others is a range of its own. */
static bool add_parts(struct cidr_set *set, const char *text)
{
    struct octet part[4];
    size_t ranges = 1;
    for (int i = 0; i < 4; i++) {
        if (!read_octet(&text, &part[i]) || *text != (i < 3 ? '.' : '\0'))
            return false;
        text += i < 3;
        ranges *= i < 3 ? part[i].last - part[i].first + 1 : 1;
    }
    if (ranges > RANGES_MAX)
        return false;
    for (unsigned a = part[0].first; a <= part[0].last; a++)
        for (unsigned b = part[1].first; b <= part[1].last; b++)
            for (unsigned c = part[2].first; c <= part[2].last; c++) {
                uint32_t base = a << 24 | b << 16 | c << 8;
                struct addr first = addr_ip4(base | part[3].first);
                struct addr last = addr_ip4(base | part[3].last);
                cidr_set_add_range(set, &first, &last);
            }
    return true;
}

/* "NAME" or "NAME/LEN" */
static int add_name(struct cidr_set *set, const char *item, bool no_dns, struct err *e)
{
    char name[ITEM_MAX];
    int64_t len = 128;
    struct addr found[RESOLVER_ADDR_MAX];
    size_t count = 0, cut = strcspn(item, "/");
    snprintf(name, sizeof name, "%.*s", (int)cut, item);
    if (item[cut] && option_read_int(item + cut + 1, 0, 128, &len, e))
        return err_wrap(e, "%s", item);
    if (no_dns)
        return err_set(e, -EINVAL, "%s: no address", item);
    int rc = resolver_lookup(name, ADDR_NONE, found, RESOLVER_ADDR_MAX, &count, e);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        struct cidr c = cidr_of(&found[i], (uint8_t)len);
        cidr_set_add(set, &c);
    }
    return rc;
}

static int add_item(struct cidr_set *set, const char *item, bool no_dns, struct err *e)
{
    struct cidr c;
    if (cidr_parse(&c, item, e) == 0) {
        cidr_set_add(set, &c);
        return 0;
    }
    return add_parts(set, item) ? 0 : add_name(set, item, no_dns, e);
}

int access_list_add(struct cidr_set *set, const char *text, bool no_dns, struct err *e)
{
    while (*text) {
        char item[ITEM_MAX];
        size_t len = strcspn(text, ", \t\r\n#");
        if (len >= sizeof item)
            return err_set(e, -EINVAL, "%.40s...: too long", text);
        snprintf(item, sizeof item, "%.*s", (int)len, text);
        int rc = len ? add_item(set, item, no_dns, e) : 0;
        if (rc)
            return rc;
        text += len;
        text += *text == '#' ? strcspn(text, "\n") : *text != '\0';
    }
    return 0;
}

static int load_set(struct cidr_set *set, const struct text_list *items,
                    const struct text_list *files, bool no_dns, struct err *e)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < items->count; i++)
        rc = access_list_add(set, items->text[i], no_dns, e);
    for (size_t i = 0; rc == 0 && i < files->count; i++) {
        struct str text = str_of(FILE_MAX);
        rc = file_read(files->text[i], &text, e);
        if (rc == 0 && access_list_add(set, str_text(&text), no_dns, e))
            rc = err_wrap(e, "%s", files->text[i]);
        str_done(&text);
    }
    cidr_set_seal(set);
    return rc;
}

int access_list_load(struct access_list *a, const struct nc_options *o, struct err *e)
{
    *a = (struct access_list){.only_allowed = o->allow.count || o->allow_file.count};
    int rc = load_set(&a->allow, &o->allow, &o->allow_file, o->no_dns, e);
    return rc ? rc : load_set(&a->deny, &o->deny, &o->deny_file, o->no_dns, e);
}

bool access_list_permits(const struct access_list *a, const struct addr *from)
{
    struct addr plain = addr_unmap(from);
    if (cidr_set_has(&a->deny, &plain))
        return false;
    return !a->only_allowed || cidr_set_has(&a->allow, &plain);
}

void access_list_done(struct access_list *a)
{
    cidr_set_done(&a->allow);
    cidr_set_done(&a->deny);
}
