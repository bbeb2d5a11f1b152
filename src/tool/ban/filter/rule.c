/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ban/filter/rule.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "core/base/log.h"
#include "core/base/str.h"

/* Addresses as fail2ban looks for them: digits that may stand for one, nothing stricter; what is
 * found is parsed.  Unlike there, only ASCII digits count. */
#define IP4_TEXT   "(?:[0-9]{1,3}\\.){3}[0-9]{1,3}"
#define IP6_TEXT   "(?:[0-9a-fA-F]{1,4}::?|:){1,7}(?:[0-9a-fA-F]{1,4}|(?<=:):)"
#define IP4_GROUP  "(?:::f{4,6}:)?(?P<ip4>" IP4_TEXT ")"
#define IP6_GROUP  "(?P<ip6>" IP6_TEXT ")"
#define DNS_GROUP  "(?P<dns>[\\w\\-.^_]*\\w)"
#define CIDR_GROUP "(?P<cidr>\\d+)"
#define ADDR_GROUP "\\[?(?:" IP4_GROUP "|" IP6_GROUP ")\\]?"

static const struct {
    const char *tag, *text;
} tags[] = {
    {"ADDR", ADDR_GROUP},
    {"F-ADDR/", ADDR_GROUP},
    {"IP4", IP4_GROUP},
    {"F-IP4/", IP4_GROUP},
    {"IP6", IP6_GROUP},
    {"F-IP6/", IP6_GROUP},
    {"CIDR", CIDR_GROUP},
    {"F-CIDR/", CIDR_GROUP},
    {"SUBNET", "\\[?(?:" IP4_GROUP "|" IP6_GROUP ")(?:/" CIDR_GROUP ")?\\]?"},
    {"F-SUBNET/", "\\[?(?:" IP4_GROUP "|" IP6_GROUP ")(?:/" CIDR_GROUP ")?\\]?"},
    {"DNS", DNS_GROUP},
    {"F-DNS/", DNS_GROUP},
    {"F-ID/", "(?P<fid>\\S+)"},
    {"F-PORT/", "(?P<fport>\\w+)"},
};

static const char host_text[] = "(?:" ADDR_GROUP "|" DNS_GROUP ")";

/* ---- names of groups ---- */

static const char *const fixed_keys[RULE_FIXED_COUNT] = {
    "fid",       "ip4",       "ip6",    "dns",  "cidr",   "mlfid",
    "mlfforget", "mlfgained", "nofail", "user", "content"};

int rule_key_find(const struct rule_keys *k, const char *name)
{
    for (unsigned i = 0; i < k->count; i++)
        if (strcmp(k->name[i], name) == 0)
            return (int)i;
    return -1;
}

static int key_of(struct rule_keys *k, const char *name)
{
    if (k->count == 0)
        for (unsigned i = 0; i < RULE_FIXED_COUNT; i++)
            k->name[k->count++] = fixed_keys[i];
    int key = rule_key_find(k, name);
    if (key >= 0 || k->count == RULE_KEYS_MAX)
        return key;
    k->name[k->count] = name;
    return (int)k->count++;
}

/* A tag's name as a group: F-ID is "fid", F-PORT "fport". */
static const char *group_name(struct arena *arena, const char *tag, size_t len)
{
    char *name = arena_copy(arena, tag, len);
    for (char *c = name; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    if (strcmp(name, "id") == 0)
        return "fid";
    return strcmp(name, "port") == 0 ? "fport" : name;
}

/* ---- tags ---- */

struct tagger {
    struct str out;
    struct arena *arena;
    const struct rule_how *how;
    const char *opened[PATTERN_GROUPS_MAX]; /* names of custom tags */
    size_t opened_count;
    unsigned skips;
};

/* "F-USER": the length of "USER"; 0: it is no such tag. */
static size_t custom_len(const char *tag, size_t len)
{
    if (len < 3 || tag[0] != 'F' || tag[1] != '-')
        return 0;
    for (size_t i = 2; i < len; i++)
        if (!isupper((unsigned char)tag[i]) && !isdigit((unsigned char)tag[i]) && tag[i] != '_' &&
            tag[i] != '-')
            return 0;
    return len - 2;
}

static bool was_opened(const struct tagger *t, const char *name, size_t len)
{
    for (size_t i = 0; i < t->opened_count; i++)
        if (strlen(t->opened[i]) == len && strncmp(t->opened[i], name, len) == 0)
            return true;
    return false;
}

static bool put_custom(struct tagger *t, const char *tag, size_t len)
{
    bool is_end = tag[0] == '/';
    const char *name = tag + is_end + 2;
    size_t n = custom_len(tag + is_end, len - is_end);
    if (!n)
        return false;
    if (is_end) {
        if (!was_opened(t, name, n))
            return false;
        str_add_char(&t->out, ')');
        return true;
    }
    if (t->opened_count == PATTERN_GROUPS_MAX)
        return false;
    t->opened[t->opened_count++] = arena_copy(t->arena, name, n);
    str_addf(&t->out, "(?P<%s>", group_name(t->arena, name, n));
    return true;
}

/* What stands between '<' and '>'; false: it is no tag of ours. */
static bool put_tag(struct tagger *t, const char *tag, size_t len)
{
    if (len == 4 && memcmp(tag, "HOST", 4) == 0) {
        str_add(&t->out, t->how->no_names ? ADDR_GROUP : host_text);
        return true;
    }
    if (len == 9 && memcmp(tag, "SKIPLINES", 9) == 0) {
        str_addf(&t->out, "\\n(?P<skiplines%u>(?:(?:.*\\n)*?))", t->skips++);
        return true;
    }
    for (size_t i = 0; i < ARRAY_COUNT(tags); i++)
        if (strlen(tags[i].tag) == len && memcmp(tags[i].tag, tag, len) == 0) {
            str_add(&t->out, tags[i].text);
            return true;
        }
    return put_custom(t, tag, len);
}

static void put_tags(struct tagger *t, const char *text)
{
    while (*text) {
        size_t plain = strcspn(text, "<"), n = 0;
        str_add_len(&t->out, text, plain);
        text += plain;
        if (!*text)
            break;
        size_t slash = text[1] == '/';
        while (isalnum((unsigned char)text[1 + slash + n]) || text[1 + slash + n] == '_' ||
               text[1 + slash + n] == '-')
            n++;
        size_t len = slash + n + (n && text[1 + slash + n] == '/');
        if (n && text[1 + len] == '>' && put_tag(t, text + 1, len)) {
            text += len + 2;
        } else {
            str_add_char(&t->out, '<');
            text++;
        }
    }
}

/* "((?i)..." and "(?:(?i)..." mean "(?i:...": Python takes flags in the middle for a fault. */
static const char *localize_flags(const char *text, struct arena *arena)
{
    struct str out = str_of(0);
    for (const char *at = text; *at;) {
        const char *inner = at[0] == '(' ? at + (strncmp(at, "(?:(?", 5) == 0 ? 3 : 1) : NULL;
        size_t n = inner && inner[0] == '(' && inner[1] == '?'
                       ? strspn(inner + 2, "abcdefghijklmnopqrstuvwxyz")
                       : 0;
        if (n && inner[2 + n] == ')' && (at == text || at[-1] != '\\')) {
            str_addf(&out, "(?%.*s:", (int)n, inner + 2);
            at = inner + n + 3;
        } else {
            str_add_char(&out, *at++);
        }
    }
    const char *made = arena_copy(arena, str_text(&out), out.len);
    str_done(&out);
    return made;
}

static const char *resolve(const char *text, const struct rule_how *how, struct arena *arena,
                           unsigned *out_skips)
{
    struct tagger *t = arena_take(arena, sizeof *t);
    *t = (struct tagger){.out = str_of(0), .arena = arena, .how = how};
    put_tags(t, text);
    const char *made = localize_flags(str_text(&t->out), arena);
    str_done(&t->out);
    *out_skips = t->skips;
    return made;
}

/* ---- groups ---- */

/* "alt_user_1" is a substitute of "user", "tuple_user" is joined to it. */
static bool merged_name(const char *name, struct arena *arena, const char **out, bool *out_tuple)
{
    size_t from = strncmp(name, "alt_", 4) == 0 ? 4 : strncmp(name, "tuple_", 6) == 0 ? 6 : 0;
    size_t len = strlen(name), digits = len;
    if (!from || len <= 4)
        return false;
    while (digits > from && isdigit((unsigned char)name[digits - 1]))
        digits--;
    if (digits < len && digits > from && name[digits - 1] == '_')
        len = digits - 1;
    *out = group_name(arena, name + from, len - from);
    *out_tuple = from == 6;
    return true;
}

/* The merges go by name, as fail2ban sorts them. */
static void sort_merges(struct rule *r, const struct rule_keys *keys)
{
    for (size_t i = 1; i < r->merge_count; i++)
        for (size_t k = i; k > 0; k--) {
            struct rule_merge *a = &r->merge[k - 1], *b = &r->merge[k], swap = *a;
            if (strcmp(keys->name[a->from], keys->name[b->from]) <= 0)
                break;
            *a = *b;
            *b = swap;
        }
}

static int name_groups(struct rule *r, struct rule_keys *keys, struct arena *arena, struct err *e)
{
    const struct pattern *p = &r->pattern;
    r->group = arena_array(arena, p->name_count, sizeof *r->group);
    r->merge = arena_array(arena, p->name_count, sizeof *r->merge);
    for (size_t i = 0; i < p->name_count; i++) {
        const char *target;
        bool is_tuple;
        int key = key_of(keys, p->name[i].name);
        if (key < 0)
            return err_set(e, -EINVAL, "over %d names of groups", RULE_KEYS_MAX);
        r->group[r->group_count++] = (struct rule_group){(uint8_t)key, (uint8_t)p->name[i].group};
        if (strncmp(p->name[i].name, "skiplines", 9) == 0 && r->skip_count < 8)
            r->skip_group[r->skip_count++] = (uint8_t)p->name[i].group;
        if (!merged_name(p->name[i].name, arena, &target, &is_tuple))
            continue;
        int to = key_of(keys, target);
        if (to < 0)
            return err_set(e, -EINVAL, "over %d names of groups", RULE_KEYS_MAX);
        r->merge[r->merge_count++] = (struct rule_merge){(uint8_t)key, (uint8_t)to, is_tuple};
    }
    sort_merges(r, keys);
    return 0;
}

static unsigned compile_flags(const struct rule *r)
{
    return r->is_multiline ? REGEX_MULTILINE | REGEX_ALT_CIRCUMFLEX : 0;
}

int rule_open(struct rule *out, const char *text, const struct rule_how *how,
              struct rule_keys *keys, struct arena *arena, struct err *e)
{
    struct rule r = {.is_multiline = how->multiline};
    unsigned skips;
    r.python = resolve(text, how, arena, &skips);
    if (r.python[strspn(r.python, " \t\n\r\f\v")] == '\0')
        return err_set(e, -EINVAL, "an empty expression");
    int rc = pattern_translate(&r.pattern, r.python, strlen(r.python), arena, e);
    if (rc == 0)
        rc = name_groups(&r, keys, arena, e);
    /* without machine code at first: many rules of many jails never meet a line */
    if (rc == 0)
        rc = regex_compile(&r.ascii, r.pattern.text, r.pattern.len,
                           compile_flags(&r) | REGEX_NO_JIT, e);
    if (rc < 0)
        return err_wrap(e, "expression \"%.80s\"", text);
    *out = r;
    return 0;
}

void rule_done(struct rule *r)
{
    regex_free(r->ascii);
    regex_free(r->utf);
    r->ascii = r->utf = NULL;
}

bool rule_has(const struct rule *r, unsigned key)
{
    for (size_t i = 0; i < r->group_count; i++)
        if (r->group[i].key == key)
            return true;
    return false;
}

bool rule_has_id(const struct rule *r)
{
    return rule_has(r, RULE_FID) || rule_has(r, RULE_IP4) || rule_has(r, RULE_IP6) ||
           rule_has(r, RULE_DNS) || rule_has(r, RULE_MLFID);
}

static void compile_ascii(struct rule *r)
{
    struct err e = {0};
    struct regex *made = NULL;
    r->is_jit = true;
    if (regex_compile(&made, r->pattern.text, r->pattern.len, compile_flags(r), &e) == 0) {
        regex_free(r->ascii);
        r->ascii = made;
    }
}

static void compile_utf(struct rule *r)
{
    struct err e = {0};
    if (regex_compile(&r->utf, r->pattern.text, r->pattern.len,
                      compile_flags(r) | REGEX_UTF | REGEX_UCP, &e) < 0)
        log_at(LOG_LEVEL_ERROR, "expression \"%.80s\" for text that is not ASCII: %s", r->python,
               e.text);
}

/* The form for this subject, made when it is first needed. */
static inline struct regex *form_for(struct rule *r, bool is_ascii)
{
    if (is_ascii && !r->is_jit)
        compile_ascii(r);
    else if (!is_ascii && !r->utf)
        compile_utf(r);
    return is_ascii || !r->utf ? r->ascii : r->utf;
}

enum regex_verdict rule_find_within(struct rule *r, struct regex_match *m, const char *subject,
                                    size_t to, size_t from, bool is_ascii)
{
    return regex_find(form_for(r, is_ascii), m, subject, to, from);
}

enum regex_verdict rule_find(struct rule *r, struct regex_match *m, const char *subject, size_t len,
                             bool is_ascii)
{
    return rule_find_within(r, m, subject, len, 0, is_ascii);
}
