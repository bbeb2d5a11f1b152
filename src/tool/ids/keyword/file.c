/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that transactions carry: name, ending, size, digests, kind, and the wish to store them. */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "core/base/mem.h"
#include "tool/ids/keyword/content.h"
#include "tool/ids/look/digest_list.h"
#include "tool/ids/look/file_kind.h"
#include "tool/ids/keyword/keyword.h"
#include "tool/ids/look/look.h"
#include "tool/ids/look/number_range.h"

enum file_what { FILE_TEST_NAME, FILE_TEST_END, FILE_TEST_SIZE, FILE_TEST_DIGEST, FILE_TEST_KIND };

struct file_test {
    uint8_t what, digest; /* digest: FILE_WANT_MD5 ... */
    bool negated;
    const uint8_t *text;
    size_t len;
    struct number_range range;
    const struct digest_list *list;
};

static bool find_caseless(const uint8_t *data, size_t len, const uint8_t *want, size_t want_len)
{
    for (size_t i = 0; i + want_len <= len; i++)
        if (strncasecmp((const char *)data + i, (const char *)want, want_len) == 0)
            return true;
    return false;
}

static bool one_file_holds(const struct file_test *t, const struct inspect_file *f)
{
    struct span head;
    switch ((enum file_what)t->what) {
    case FILE_TEST_NAME:
        return find_caseless(f->name, f->name_len, t->text, t->len) != t->negated;
    case FILE_TEST_END:
        return (f->name_len >= t->len + 1 && f->name[f->name_len - t->len - 1] == '.' &&
                strncasecmp((const char *)f->name + f->name_len - t->len, (const char *)t->text,
                            t->len) == 0) != t->negated;
    case FILE_TEST_SIZE: /* while it grows, only "more than" can be known */
        if (f->state == FILE_OPENED && t->range.high != UINT64_MAX)
            return false;
        return number_range_has(&t->range, f->size);
    case FILE_TEST_DIGEST:
        if (!(f->has_digest & t->digest))
            return false;
        return digest_list_has(t->list, t->digest == FILE_WANT_MD5    ? f->md5
                                        : t->digest == FILE_WANT_SHA1 ? f->sha1
                                                                      : f->sha256) != t->negated;
    default:
        if (!inspect_file_data(f, &head))
            return false;
        return file_kind_has(&head, t->text, t->len) != t->negated;
    }
}

/* Any file of the transaction; the one that a file list stands at, when it does. */
static bool file_holds(const void *state, const struct look *look)
{
    const struct file_test *t = state;
    if (!look->tx)
        return false;
    if (look->file)
        return one_file_holds(t, look->file);
    size_t count = inspect_file_count(look->flow, look->tx, look->side);
    for (size_t i = 0; i < count; i++) {
        const struct inspect_file *f = inspect_file_at(look->flow, look->tx, look->side, i);
        if (f && one_file_holds(t, f))
            return true;
    }
    return false;
}

static int add_file_test(struct rule_parser *p, const struct file_test *t)
{
    parser_add_tx_test(p, &sticky_number[NUMBER_FILE_SIZE], file_holds, t);
    return 0;
}

static int parse_text(struct rule_parser *p, const struct ids_keyword *k, char *value,
                      struct err *e)
{
    struct file_test *t = parser_take(p, sizeof *t);
    t->what = (uint8_t)(uintptr_t)k->detail;
    if (*value == '!') {
        t->negated = true;
        value = word_trim(value + 1);
    }
    char *text = word_unquote(value);
    text = text ? text : value;
    uint8_t *bytes = parser_take(p, strlen(text) + 1);
    int len = content_decode(text, bytes, e);
    if (len < 0)
        return len;
    t->text = bytes;
    t->len = (size_t)len;
    return add_file_test(p, t);
}

static int parse_size(struct rule_parser *p, const struct ids_keyword *k, char *value,
                      struct err *e)
{
    struct file_test *t = parser_take(p, sizeof *t);
    char *comma = strchr(value, ',');
    (void)k;
    t->what = FILE_TEST_SIZE;
    if (comma) { /* "to_client, >100" */
        *comma = '\0';
        char *side = word_trim(value);
        if (strcmp(side, "to_client") == 0)
            p->rule->flow |= RULE_TO_CLIENT;
        else if (strcmp(side, "to_server") == 0)
            p->rule->flow |= RULE_TO_SERVER;
        else
            return err_set(e, -EINVAL, "unknown side \"%s\"", side);
        value = comma + 1;
    }
    if (number_range_parse(&t->range, value, p->dialect, UINT64_MAX, NULL, e) < 0)
        return e->code;
    return add_file_test(p, t);
}

static int parse_digest(struct rule_parser *p, const struct ids_keyword *k, char *value,
                        struct err *e)
{
    struct file_test *t = parser_take(p, sizeof *t);
    t->what = FILE_TEST_DIGEST;
    t->digest = (uint8_t)(uintptr_t)k->detail;
    if (*value == '!') {
        t->negated = true;
        value = word_trim(value + 1);
    }
    size_t size = t->digest == FILE_WANT_MD5 ? 16 : t->digest == FILE_WANT_SHA1 ? 20 : 32;
    if (rule_set_digests(p->set, value, size, &t->list, e) < 0)
        return e->code;
    p->rule->want_files |= t->digest;
    return add_file_test(p, t);
}

/* Which files a rule that holds stores. */
struct store {
    uint8_t scope; /* enum store_scope */
    bool side[FLOW_SIDES];
};

enum store_scope { STORE_FILE, STORE_TX, STORE_FLOW };

static void want_files_of(const struct look *look, const struct inspect_tx *tx, enum flow_side side)
{
    size_t count = inspect_file_count(look->flow, tx, side);
    for (size_t i = 0; i < count; i++) {
        struct inspect_file *f = inspect_file_at(look->flow, tx, side, i);
        if (f)
            inspect_file_want(f, FILE_WANT_STORE);
    }
}

static void store_act(const void *state, struct look *look)
{
    const struct store *s = state;
    if (!look->flow)
        return;
    for (int side = 0; side < FLOW_SIDES; side++) {
        if (!s->side[side] && side != (int)look->side)
            continue;
        if (s->scope == STORE_FLOW)
            for (struct inspect_tx *tx = inspect_tx_first(look->flow); tx; tx = inspect_tx_next(tx))
                want_files_of(look, tx, (enum flow_side)side);
        else if (look->tx)
            want_files_of(look, look->tx, (enum flow_side)side);
    }
    if (s->scope == STORE_FLOW)
        look->flow->flag |= FLOW_STORE_FILES;
}

static int parse_store(struct rule_parser *p, const struct ids_keyword *k, char *value,
                       struct err *e)
{
    struct store *s = parser_take(p, sizeof *s);
    (void)k;
    for (char *word; value && (word = word_next(&value, ','));) {
        if (strcmp(word, "to_server") == 0 || strcmp(word, "request") == 0)
            s->side[FLOW_TO_SERVER] = true;
        else if (strcmp(word, "to_client") == 0 || strcmp(word, "response") == 0)
            s->side[FLOW_TO_CLIENT] = true;
        else if (strcmp(word, "both") == 0)
            s->side[0] = s->side[1] = true;
        else if (strcmp(word, "tx") == 0)
            s->scope = STORE_TX;
        else if (strcmp(word, "flow") == 0 || strcmp(word, "ssn") == 0)
            s->scope = STORE_FLOW;
        else if (strcmp(word, "file") != 0)
            return err_set(e, -EINVAL, "unknown word \"%s\"", word);
    }
    p->rule->trait |= RULE_STORE_FILES;
    p->rule->want_files |= FILE_WANT_STORE;
    parser_add_deed(p, store_act, s);
    return 0;
}

#define S       RULE_SURICATA
#define WHAT(w) ((const void *)(uintptr_t)(w))

static const struct ids_keyword keyword[] = {
    {"filename", S, KEYWORD_NEEDS_VALUE, parse_text, WHAT(FILE_TEST_NAME),
     "filename:[!]\"TEXT\"; in the file's name"},
    {"fileext", S, KEYWORD_NEEDS_VALUE, parse_text, WHAT(FILE_TEST_END),
     "fileext:\"TEXT\"; ending of the file's name"},
    {"filemagic", S, KEYWORD_NEEDS_VALUE, parse_text, WHAT(FILE_TEST_KIND),
     "filemagic:[!]\"TEXT\"; in the description of the file's kind"},
    {"filesize", S, KEYWORD_NEEDS_VALUE, parse_size, NULL, "filesize:RANGE; bytes of the file"},
    {"filemd5", S, KEYWORD_NEEDS_VALUE, parse_digest, WHAT(FILE_WANT_MD5),
     "filemd5:[!]FILE; the file's digest is in the list"},
    {"filesha1", S, KEYWORD_NEEDS_VALUE, parse_digest, WHAT(FILE_WANT_SHA1),
     "filesha1:[!]FILE; the file's digest is in the list"},
    {"filesha256", S, KEYWORD_NEEDS_VALUE, parse_digest, WHAT(FILE_WANT_SHA256),
     "filesha256:[!]FILE; the file's digest is in the list"},
    {"filestore", S, KEYWORD_MAY_HAVE_VALUE, parse_store, NULL,
     "filestore[:to_server|to_client|both,file|tx|flow]; store the file"},
};

const struct ids_keyword_family ids_keyword_file = {"file", "files that transactions carry",
                                                    keyword, ARRAY_COUNT(keyword)};
