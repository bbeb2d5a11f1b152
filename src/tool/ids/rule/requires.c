/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/rule/requires.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/own.h"
#include "tool/ids/rule/lexer.h"

enum { VERSION_PARTS = 3 };

/* What the rules of this language version may use. */
static const long own_version[VERSION_PARTS] = {8, 0, 6};

static const char *const feature[] = {
    "ja3", "ja4", "http2", "hassh", "output::file-store", "pcre_jit", "hyperscan",
};

static bool read_version(const char **text, long out[VERSION_PARTS])
{
    const char *c = *text;
    for (int i = 0; i < VERSION_PARTS; i++) {
        char *end;
        if (*c < '0' || *c > '9')
            return i > 0;
        out[i] = strtol(c, &end, 10);
        *text = c = end;
        if (*c != '.')
            return true;
        c++;
    }
    return true;
}

static bool compare(const char *operator, size_t len, const long version[VERSION_PARTS])
{
    int order = 0;
    for (int i = 0; i < VERSION_PARTS && order == 0; i++)
        order = (own_version[i] > version[i]) - (own_version[i] < version[i]);
    bool equal = len == 2;
    return *operator== '<' ? order < 0 || (equal && order == 0) : order> 0 ||(equal &&order == 0);
}

/* ">= 7.0.3 < 8": all of them; -1: not readable. */
static int version_part(const char *text)
{
    int holds = 1;
    while (*text) {
        size_t len = strspn(text, "<>=");
        if (*text == ' ') {
            text++;
            continue;
        }
        if (len == 0 || len > 2 || (*text != '<' && *text != '>'))
            return -1;
        const char *operator= text;
        long version[VERSION_PARTS] = {0};
        text += len;
        while (*text == ' ')
            text++;
        if (!read_version(&text, version))
            return -1;
        if (!compare(operator, len, version))
            holds = 0;
    }
    return holds;
}

/* "A | B": any of them. */
static int version_holds(char *text)
{
    int any = 0;
    for (char *part; (part = word_next(&text, '|'));) {
        int holds = version_part(part);
        if (holds < 0)
            return -1;
        any |= holds;
    }
    return any;
}

int requires_hold(const char *value, struct err *e)
{
    OWN_MEM char *copy = mem_copy_text(value);
    char *rest = copy;
    int all = 1;
    for (char *item; (item = word_next(&rest, ','));) {
        int holds = 0;
        if (strncmp(item, "version", 7) == 0) {
            holds = version_holds(word_trim(item + 7));
        } else if (strncmp(item, "feature", 7) == 0) {
            const char *name = word_trim(item + 7);
            for (size_t i = 0; i < ARRAY_COUNT(feature); i++)
                holds |= strcmp(feature[i], name) == 0;
        } else if (strncmp(item, "keyword", 7) == 0) {
            holds = 1; /* the caller asks its table: a rule with an unknown word does not load */
        }
        if (holds < 0)
            return err_set(e, -EINVAL, "\"%s\" is no version", item);
        all &= holds; /* what is not understood is not there */
    }
    return all;
}
