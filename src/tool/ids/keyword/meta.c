/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a rule says about itself: message, numbers, class, references; and what shall be done with
 * its alerts. */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "core/base/mem.h"
#include "tool/ids/keyword/content.h"
#include "tool/ids/keyword/keyword.h"
#include "tool/ids/rule/requires.h"
#include "tool/ids/rule/header.h"

/* A text without its quotes and with \" \; \\ \: as the bare marks. */
static char *plain(char *value)
{
    char *text = word_unquote(value), *to;
    if (!text)
        text = value;
    to = text;
    for (const char *from = text; *from; from++) {
        if (*from == '\\' && from[1] && strchr("\";\\:", from[1]))
            from++;
        *to++ = *from;
    }
    *to = '\0';
    return text;
}

static int parse_msg(struct rule_parser *p, const struct ids_keyword *k, char *value, struct err *e)
{
    (void)k;
    if (p->rule->msg[0])
        return err_set(e, -EINVAL, "given twice");
    if (*value == '!')
        return err_set(e, -EINVAL, "it cannot be negated");
    p->rule->msg = plain(value);
    return 0;
}

static int parse_number(char *value, uint32_t *out, struct err *e)
{
    uint64_t number;
    char *text = word_unquote(value);
    if (!word_to_u64(text ? text : value, &number) || number > UINT32_MAX)
        return err_set(e, -EINVAL, "\"%s\" is no number of 32 bits", value);
    *out = (uint32_t)number;
    return 0;
}

static int parse_sid(struct rule_parser *p, const struct ids_keyword *k, char *value, struct err *e)
{
    (void)k;
    if (p->has_sid)
        return err_set(e, -EINVAL, "given twice");
    p->has_sid = true;
    if (parse_number(value, &p->rule->sid, e) < 0)
        return e->code;
    return p->rule->sid == 0 ? err_set(e, -EINVAL, "0 is no sid") : 0;
}

static int parse_rev(struct rule_parser *p, const struct ids_keyword *k, char *value, struct err *e)
{
    (void)k;
    if (p->has_rev)
        return err_set(e, -EINVAL, "given twice");
    p->has_rev = true;
    return parse_number(value, &p->rule->rev, e);
}

static int parse_gid(struct rule_parser *p, const struct ids_keyword *k, char *value, struct err *e)
{
    (void)k;
    if (p->has_gid)
        return err_set(e, -EINVAL, "given twice");
    p->has_gid = true;
    return parse_number(value, &p->rule->gid, e);
}

static int parse_priority(struct rule_parser *p, const struct ids_keyword *k, char *value,
                          struct err *e)
{
    (void)k;
    p->rule->trait |= RULE_HAS_PRIORITY;
    return parse_number(value, &p->rule->priority, e);
}

/* A class that no file defined is kept by its name: its priority is the lowest. */
static int parse_class(struct rule_parser *p, const struct ids_keyword *k, char *value,
                       struct err *e)
{
    char *name = plain(value);
    (void)k;
    if (strpbrk(name, " \t,"))
        return err_set(e, -EINVAL, "\"%s\" is no name", name);
    const struct rule_classification *c = rule_set_class(p->set, name);
    if (!c) {
        struct rule_classification *unknown = parser_take(p, sizeof *unknown);
        *unknown = (struct rule_classification){.name = name, .text = "", .priority = 3};
        c = unknown;
    }
    if (p->rule->class)
        return p->rule->class->priority <= c->priority ? 0 : (p->rule->class = c, 0);
    p->rule->class = c;
    return 0;
}

static void *one_more(struct rule_parser *p, const void *array, size_t count, size_t *capacity,
                      size_t size)
{
    if (count < *capacity)
        return (void *)(uintptr_t)array;
    *capacity = *capacity ? 2 * *capacity : 8;
    void *bigger = arena_array(p->arena, *capacity, size);
    if (count)
        memcpy(bigger, array, count * size);
    return bigger;
}

static int parse_reference(struct rule_parser *p, const struct ids_keyword *k, char *value,
                           struct err *e)
{
    struct rule *r = p->rule;
    char *comma = strchr(value, ',');
    (void)k;
    if (!comma)
        return err_set(e, -EINVAL, "a reference is SYSTEM,ID");
    *comma = '\0';
    struct rule_reference *list =
        one_more(p, r->reference, r->reference_count, &p->reference_capacity, sizeof *list);
    list[r->reference_count++] =
        (struct rule_reference){word_trim(value), plain(word_trim(comma + 1))};
    r->reference = list;
    return 0;
}

static void add_services(struct rule_parser *p, char *names, char separator)
{
    uint64_t bits;
    for (char *name; (name = word_next(&names, separator));)
        if (header_service(name, &bits) == 0)
            p->rule->service |= bits ? bits : UINT64_C(1) << 63;
        else
            p->rule->service |= UINT64_C(1) << 63;
}

/* "key value, key value" */
static int parse_metadata(struct rule_parser *p, const struct ids_keyword *k, char *value,
                          struct err *e)
{
    struct rule *r = p->rule;
    (void)k;
    (void)e;
    for (char *item; (item = word_next(&value, ','));) {
        if (!*item)
            continue;
        size_t len = strcspn(item, " \t");
        char *text = item[len] ? word_trim(item + len) : item + len;
        if (item[len])
            item[len] = '\0';
        struct rule_metadata *list =
            one_more(p, r->metadata, r->metadata_count, &p->metadata_capacity, sizeof *list);
        list[r->metadata_count++] = (struct rule_metadata){item, text};
        r->metadata = list;
        if (p->dialect == RULE_SNORT2 && strcmp(item, "service") == 0)
            add_services(p, arena_text(p->arena, text), ' ');
    }
    return 0;
}

static int parse_service(struct rule_parser *p, const struct ids_keyword *k, char *value,
                         struct err *e)
{
    (void)k;
    (void)e;
    add_services(p, value, ',');
    return 0;
}

static int parse_target(struct rule_parser *p, const struct ids_keyword *k, char *value,
                        struct err *e)
{
    (void)k;
    if (strcmp(value, "src_ip") == 0)
        p->rule->trait |= RULE_TARGET_SRC;
    else if (strcmp(value, "dest_ip") == 0 || strcmp(value, "dst_ip") == 0)
        p->rule->trait |= RULE_TARGET_DST;
    else
        return err_set(e, -EINVAL, "\"%s\" is neither src_ip nor dest_ip", value);
    return 0;
}

/* Judged before the rule is read (parser.c): here it is known to hold. */
static int parse_requires(struct rule_parser *p, const struct ids_keyword *k, char *value,
                          struct err *e)
{
    (void)k;
    int rc = requires_hold(value, e);
    if (rc == 0)
        p->skip = true;
    return rc < 0 ? rc : 0;
}

static int parse_noalert(struct rule_parser *p, const struct ids_keyword *k, char *value,
                         struct err *e)
{
    (void)k;
    (void)value;
    (void)e;
    p->rule->trait |= RULE_NO_ALERT;
    return 0;
}

static int parse_alert(struct rule_parser *p, const struct ids_keyword *k, char *value,
                       struct err *e)
{
    (void)k;
    (void)value;
    (void)e;
    p->rule->trait |= RULE_TELLS;
    return 0;
}

static int parse_bypass(struct rule_parser *p, const struct ids_keyword *k, char *value,
                        struct err *e)
{
    (void)k;
    (void)value;
    (void)e;
    p->rule->trait |= RULE_BYPASS;
    return 0;
}

static int parse_prefilter(struct rule_parser *p, const struct ids_keyword *k, char *value,
                           struct err *e)
{
    (void)k;
    (void)value;
    if (p->rule->trait & RULE_PREFILTER)
        return err_set(e, -EINVAL, "given twice");
    p->rule->trait |= RULE_PREFILTER;
    struct content_step *c = content_of(p->step);
    if (c && !p->has_fast) {
        p->has_fast = true;
        c->fast = true;
    }
    return 0;
}

static int parse_logto(struct rule_parser *p, const struct ids_keyword *k, char *value,
                       struct err *e)
{
    (void)k;
    p->rule->logto = plain(value);
    if (strchr(p->rule->logto, '/') || strcmp(p->rule->logto, "..") == 0)
        return err_set(e, -EINVAL, "\"%s\" is no name in the log folder", p->rule->logto);
    return 0;
}

static int parse_word(struct rule_parser *p, const struct ids_keyword *k, char *value,
                      struct err *e)
{
    (void)p;
    const char *const *word = k->detail;
    for (size_t i = 0; word[i]; i++)
        if (strcasecmp(word[i], value) == 0)
            return 0;
    return err_set(e, -EINVAL, "unknown word \"%s\"", value);
}

/* A remark, or what only a plug-in of the other tool reads. */
static int parse_remark(struct rule_parser *p, const struct ids_keyword *k, char *value,
                        struct err *e)
{
    (void)p;
    (void)k;
    (void)value;
    (void)e;
    return 0;
}

static int parse_enable(struct rule_parser *p, const struct ids_keyword *k, char *value,
                        struct err *e)
{
    (void)k;
    p->rule->trait |= RULE_BUILTIN; /* it is the word of stubs: nothing is looked for */
    if (value && strcasecmp(value, "no") == 0)
        p->skip = true;
    else if (value && strcasecmp(value, "yes") != 0 && strcasecmp(value, "inherit") != 0)
        return err_set(e, -EINVAL, "\"%s\" is none of yes, no, inherit", value);
    return 0;
}

/* resp:reset_both: answer as the action reject does. */
static int parse_resp(struct rule_parser *p, const struct ids_keyword *k, char *value,
                      struct err *e)
{
    static const struct {
        const char *word;
        enum rule_action action;
    } row[] = {{"reset_source", RULE_REJECT},    {"reset_dest", RULE_REJECT_DST},
               {"reset_both", RULE_REJECT_BOTH}, {"rst_snd", RULE_REJECT},
               {"rst_rcv", RULE_REJECT_DST},     {"rst_all", RULE_REJECT_BOTH},
               {"icmp_net", RULE_REJECT},        {"icmp_host", RULE_REJECT},
               {"icmp_port", RULE_REJECT},       {"icmp_all", RULE_REJECT}};
    (void)k;
    for (char *word; (word = word_next(&value, ','));) {
        size_t i = 0;
        while (i < ARRAY_COUNT(row) && strcmp(row[i].word, word) != 0)
            i++;
        if (i == ARRAY_COUNT(row))
            return err_set(e, -EINVAL, "unknown answer \"%s\"", word);
        if (p->rule->action == RULE_ALERT)
            p->rule->action = (uint8_t)row[i].action;
    }
    return 0;
}

static int parse_activate(struct rule_parser *p, const struct ids_keyword *k, char *value,
                          struct err *e)
{
    uint32_t *to = (uint32_t *)(void *)((char *)p->rule + (uintptr_t)k->detail);
    if ((k->name[0] == 'c') && p->rule->action != RULE_DYNAMIC)
        return err_set(e, -EINVAL, "it belongs to dynamic rules");
    return parse_number(value, to, e);
}

static const char *const session_word[] = {"printable", "binary", "all", NULL};
static const char *const react_word[] = {"msg", "block", "warn", "page", NULL};

#define ANY       RULE_ANY_DIALECT
#define OFFSET(f) ((const void *)offsetof(struct rule, f))

static const struct ids_keyword keyword[] = {
    {"msg", ANY, KEYWORD_NEEDS_VALUE, parse_msg, NULL, "msg:\"TEXT\"; what the alert says"},
    {"sid", ANY, KEYWORD_NEEDS_VALUE, parse_sid, NULL, "sid:N; number of the rule"},
    {"rev", ANY, KEYWORD_NEEDS_VALUE, parse_rev, NULL, "rev:N; revision"},
    {"gid", ANY, KEYWORD_NEEDS_VALUE, parse_gid, NULL, "gid:N; who speaks, 1: text rules"},
    {"priority", ANY, KEYWORD_NEEDS_VALUE, parse_priority, NULL, "priority:N; 1 is the highest"},
    {"classtype", ANY, KEYWORD_NEEDS_VALUE, parse_class, NULL,
     "classtype:NAME; class of classification.config"},
    {"reference", ANY, KEYWORD_NEEDS_VALUE, parse_reference, NULL,
     "reference:SYSTEM,ID; where to read more"},
    {"metadata", ANY, KEYWORD_NEEDS_VALUE, parse_metadata, NULL,
     "metadata:KEY VALUE[, ...]; words for other programs"},
    {"service", RULE_SNORT3, KEYWORD_NEEDS_VALUE, parse_service, NULL,
     "service:NAME[,...]; application protocols of the rule"},
    {"target", RULE_SURICATA | RULE_SNORT3, KEYWORD_NEEDS_VALUE, parse_target, NULL,
     "target:src_ip|dest_ip; who was attacked"},
    {"requires", RULE_SURICATA, KEYWORD_NEEDS_VALUE, parse_requires, NULL,
     "requires:version >= V|feature NAME|keyword NAME[, ...]; else the rule is passed over"},
    {"noalert", RULE_SURICATA, KEYWORD_NO_VALUE, parse_noalert, NULL, "noalert; match silently"},
    {"alert", RULE_SURICATA, KEYWORD_NO_VALUE, parse_alert, NULL,
     "alert; tell of it, also where the action is pass"},
    {"bypass", RULE_SURICATA, KEYWORD_NO_VALUE, parse_bypass, NULL,
     "bypass; look no further at the flow"},
    {"prefilter", RULE_SURICATA, KEYWORD_NO_VALUE, parse_prefilter, NULL,
     "prefilter; look for the condition before it first"},
    {"logto", RULE_SNORT2, KEYWORD_NEEDS_VALUE, parse_logto, NULL,
     "logto:\"FILE\"; file of the packet logger"},
    {"session", RULE_SNORT2, KEYWORD_NEEDS_VALUE, parse_word, session_word,
     "session:printable|binary|all; log what is said"},
    {"resp", RULE_SNORT2, KEYWORD_NEEDS_VALUE, parse_resp, NULL,
     "resp:reset_source|reset_dest|reset_both|icmp_...; answer"},
    {"react", RULE_SNORT2 | RULE_SNORT3, KEYWORD_MAY_HAVE_VALUE, parse_word, react_word,
     "react:msg; answer with a page"},
    {"activates", RULE_SNORT2, KEYWORD_NEEDS_VALUE, parse_activate, OFFSET(activates),
     "activates:N; turn dynamic rules N on"},
    {"activated_by", RULE_SNORT2, KEYWORD_NEEDS_VALUE, parse_activate, OFFSET(activated_by),
     "activated_by:N; is turned on by rules N"},
    {"count", RULE_SNORT2, KEYWORD_NEEDS_VALUE, parse_activate, OFFSET(active_count),
     "count:N; packets a dynamic rule logs"},
    {"rem", RULE_SNORT3, KEYWORD_NEEDS_VALUE, parse_remark, NULL, "rem:\"TEXT\"; a remark"},
    {"soid", RULE_SNORT2 | RULE_SNORT3, KEYWORD_NEEDS_VALUE, parse_remark, NULL,
     "soid:G|S; number of a shared object rule"},
    {"enable", RULE_SNORT3, KEYWORD_NEEDS_VALUE, parse_enable, NULL,
     "enable:yes|no|inherit; is the rule in use"},
};

const struct ids_keyword_family ids_keyword_meta = {"meta", "what a rule says about itself",
                                                    keyword, ARRAY_COUNT(keyword)};
