/* SPDX-License-Identifier: GPL-3.0-or-later */
/* entropy, config, and Snort's sd_pattern and file_type. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/match/regex.h"
#include "tool/ids/keyword/keyword.h"
#include "tool/ids/look/look.h"

/* entropy:[offset N,bytes N,]value OPERATOR V: Shannon's measure in bits a byte. */
struct entropy_step {
    struct rule_step step;
    uint32_t offset, bytes;
    double low, high;
    bool negated, open_low, open_high;
};

static double entropy_of(const uint8_t *data, size_t len)
{
    uint32_t count[256] = {0};
    double sum = 0;
    for (size_t i = 0; i < len; i++)
        count[data[i]]++;
    for (int i = 0; i < 256; i++)
        if (count[i]) {
            double share = (double)count[i] / (double)len;
            sum -= share * log2(share);
        }
    return sum;
}

static bool entropy_holds(const struct rule_step *s, struct payload *p)
{
    const struct entropy_step *en = (const struct entropy_step *)s;
    if (en->offset >= p->len)
        return false;
    size_t len = p->len - en->offset;
    if (en->bytes && en->bytes < len)
        len = en->bytes;
    double value = entropy_of(p->data + en->offset, len);
    bool holds = (en->open_low ? value > en->low : value >= en->low) &&
                 (en->open_high ? value < en->high : value <= en->high);
    return holds != en->negated;
}

static const struct step_kind entropy_kind = {.name = "entropy", .holds = entropy_holds};

static int read_entropy(struct entropy_step *en, char *text, struct err *e)
{
    char *end;
    if (*text == '!') {
        en->negated = true;
        text = word_trim(text + 1);
    }
    bool above = *text == '>', below = *text == '<', equal = text[above || below] == '=';
    char *number = word_trim(text + (above || below) + equal);
    double value = strtod(number, &end);
    if (end == number || value < 0 || value > 8)
        return err_set(e, -EINVAL, "\"%s\" is no entropy (0 to 8)", number);
    en->low = above ? value : below ? 0 : value;
    en->high = below ? value : above ? 8 : value;
    en->open_low = above && !equal;
    en->open_high = below && !equal;
    if (*end == '-' && !above && !below) {
        number = word_trim(end + 1);
        en->high = strtod(number, &end);
        en->open_low = en->open_high = true;
        if (en->high <= en->low)
            return err_set(e, -EINVAL, "the range is upside down");
    }
    return *end ? err_set(e, -EINVAL, "\"%s\" is too much", end) : 0;
}

static int parse_entropy(struct rule_parser *p, const struct ids_keyword *k, char *value,
                         struct err *e)
{
    struct entropy_step *en = parser_take(p, sizeof *en);
    bool has_value = false;
    (void)k;
    en->step.kind = &entropy_kind;
    for (char *word; (word = word_next(&value, ','));) {
        uint64_t number;
        if (strncmp(word, "value", 5) == 0) {
            has_value = true;
            if (read_entropy(en, word_trim(word + 5), e) < 0)
                return e->code;
        } else if (strncmp(word, "offset ", 7) == 0 && word_to_u64(word_trim(word + 7), &number) &&
                   number <= UINT32_MAX) {
            en->offset = (uint32_t)number;
        } else if (strncmp(word, "bytes ", 6) == 0 && word_to_u64(word_trim(word + 6), &number) &&
                   number <= UINT32_MAX) {
            en->bytes = (uint32_t)number;
        } else {
            return err_set(e, -EINVAL, "\"%s\" is none of value V, offset N, bytes N", word);
        }
    }
    if (!has_value)
        return err_set(e, -EINVAL, "it wants a value");
    parser_add_step(p, parser_list(p), &en->step);
    return 0;
}

/* config:logging|tracking disable,type tx|flow,scope tx|flow */
struct config {
    bool logging, flow;
};

static void config_act(const void *state, struct look *look)
{
    const struct config *c = state;
    uint8_t flag = c->logging ? INSPECT_TX_NO_LOG : INSPECT_TX_NO_DETECT;
    if (!c->flow && look->tx)
        look->tx->flag |= flag;
    if (c->flow && look->flow) {
        for (struct inspect_tx *tx = inspect_tx_first(look->flow); tx; tx = inspect_tx_next(tx))
            tx->flag |= flag;
        look->flow->flag |= c->logging ? FLOW_NO_LOG : FLOW_APP_DONE;
    }
}

static int parse_config(struct rule_parser *p, const struct ids_keyword *k, char *value,
                        struct err *e)
{
    struct config *c = parser_take(p, sizeof *c);
    char *rest = value, *what = word_next(&rest, ','), *type = word_next(&rest, ',');
    char *scope = word_next(&rest, ',');
    (void)k;
    c->logging = strncmp(what, "logging", 7) == 0;
    if ((!c->logging && strncmp(what, "tracking", 8) != 0) || !strstr(what, "disable"))
        return err_set(e, -EINVAL, "\"%s\" is neither \"logging disable\" nor \"tracking disable\"",
                       what);
    if (!type || strncmp(type, "type ", 5) != 0 || !scope || strncmp(scope, "scope ", 6) != 0)
        return err_set(e, -EINVAL, "it wants type and scope");
    c->flow = strcmp(word_trim(scope + 6), "flow") == 0;
    parser_add_deed(p, config_act, c);
    return 0;
}

/* sd_pattern:"NAME|PATTERN"[,threshold N]; Snort 2: sd_pattern:N,NAME: personal data, N of them. */
struct sd_step {
    struct rule_step step;
    const struct regex *regex;
    uint32_t threshold;
    bool check_card;
};

/* Luhn's digit (ISO/IEC 7812-1 annex B). */
static bool is_card(const uint8_t *data, size_t len)
{
    unsigned sum = 0, count = 0;
    for (size_t i = len; i > 0; i--) {
        if (data[i - 1] < '0' || data[i - 1] > '9')
            continue;
        unsigned digit = data[i - 1] - '0';
        if (count++ % 2 == 1)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return count >= 13 && count <= 19 && sum % 10 == 0;
}

static bool sd_holds(const struct rule_step *s, struct payload *p)
{
    const struct sd_step *sd = (const struct sd_step *)s;
    uint32_t found = 0;
    size_t at = 0, from, to;
    while (found < sd->threshold && at <= p->len &&
           regex_find(sd->regex, p->scratch->regex, p->data, p->len, at) == REGEX_YES &&
           regex_group(p->scratch->regex, 0, &from, &to)) {
        found += !sd->check_card || is_card(p->data + from, to - from);
        at = to > from ? to : to + 1;
    }
    return found >= sd->threshold;
}

static const struct step_kind sd_kind = {.name = "sd_pattern", .holds = sd_holds};

static int parse_sd(struct rule_parser *p, const struct ids_keyword *k, char *value, struct err *e)
{
    static const struct {
        const char *name, *pattern;
    } row[] = {
        {"credit_card", "\\b\\d{4}[- ]?\\d{4}[- ]?\\d{2}[- ]?\\d{2}[- ]?\\d{1,4}\\b"},
        {"us_social", "\\b(?!000|666|9\\d\\d)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}\\b"},
        {"us_social_nodashes", "\\b(?!000|666|9\\d\\d)\\d{3}(?!00)\\d{2}(?!0000)\\d{4}\\b"},
        {"email", "[a-zA-Z0-9!#$%&'*+\\/=?^_`{|}~-]+@[a-zA-Z0-9-]+(?:\\.[a-zA-Z0-9-]+)+"},
        {"us_phone", "(?:\\+?1[-. ]?)?\\(?\\d{3}\\)?[-. ]\\d{3}[-. ]\\d{4}\\b"},
    };
    struct sd_step *sd = parser_take(p, sizeof *sd);
    char *rest = value, *name = word_next(&rest, ','), *word = word_next(&rest, ',');
    uint64_t number = 1;
    (void)k;
    if (word_to_u64(name, &number) && word) {
        name = word;
        word = NULL;
    }
    char *text = word_unquote(name);
    const char *pattern = text ? text : name;
    if (word &&
        (strncmp(word, "threshold ", 10) != 0 || !word_to_u64(word_trim(word + 10), &number)))
        return err_set(e, -EINVAL, "unknown word \"%s\"", word);
    if (number == 0 || number > UINT16_MAX)
        return err_set(e, -EINVAL, "the threshold is 1 to %d", UINT16_MAX);
    sd->step.kind = &sd_kind;
    sd->threshold = (uint32_t)number;
    sd->check_card = strcmp(pattern, "credit_card") == 0;
    for (size_t i = 0; i < ARRAY_COUNT(row); i++)
        if (strcmp(row[i].name, pattern) == 0)
            pattern = row[i].pattern;
    struct regex *regex;
    if (rule_set_regex(p->set, pattern, 0, &regex, e) < 0)
        return e->code;
    sd->regex = regex;
    parser_add_step(p, parser_list(p), &sd->step);
    return 0;
}

/* file_type:"PDF MSEXE": a file of one of these kinds, by its first bytes. */
struct type_test {
    uint64_t kinds;
};

static const struct {
    const char *name, *bytes;
    uint8_t len;
} type_row[] = {
    {"PDF", "%PDF", 4},
    {"MSEXE", "MZ", 2},
    {"ZIP", "PK\x03\x04", 4},
    {"GIF", "GIF8", 4},
    {"PNG", "\x89PNG", 4},
    {"JPEG", "\xff\xd8\xff", 3},
    {"RAR", "Rar!", 4},
    {"GZ", "\x1f\x8b", 2},
    {"7Z", "7z\xbc\xaf", 4},
    {"ELF",
     "\x7f"
     "ELF",
     4},
    {"MSOLE2", "\xd0\xcf\x11\xe0", 4},
    {"RTF", "{\\rtf", 5},
    {"SWF", "FWS", 3},
    {"CWS", "CWS", 3},
    {"JAR", "PK\x03\x04", 4},
    {"MSCAB", "MSCF", 4},
    {"BZ", "BZh", 3},
    {"JAVA", "\xca\xfe\xba\xbe", 4},
    {"POSTSCRIPT", "%!PS", 4},
    {"XML", "<?xml", 5},
    {"FLV", "FLV", 3},
    {"MP3", "ID3", 3},
    {"RIFF", "RIFF", 4},
    {"OGG", "OggS", 4},
    {"NEW_OFFICE", "PK\x03\x04", 4},
    {"BMP", "BM", 2},
    {"WAV", "RIFF", 4},
};

static bool type_holds(const void *state, const struct look *look)
{
    const struct type_test *t = state;
    size_t count = look->tx ? inspect_file_count(look->flow, look->tx, look->side) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct inspect_file *f = inspect_file_at(look->flow, look->tx, look->side, i);
        struct span head;
        if (!f || !inspect_file_data(f, &head) || head.at != 0)
            continue;
        for (size_t j = 0; j < ARRAY_COUNT(type_row); j++)
            if ((t->kinds >> j & 1) && head.len >= type_row[j].len &&
                memcmp(head.data, type_row[j].bytes, type_row[j].len) == 0)
                return true;
    }
    return false;
}

static int parse_type(struct rule_parser *p, const struct ids_keyword *k, char *value,
                      struct err *e)
{
    struct type_test *t = parser_take(p, sizeof *t);
    char *text = word_unquote(value);
    (void)k;
    text = text ? text : value;
    for (char *word; (word = word_next(&text, ' '));) {
        size_t i = 0;
        if (!*word)
            continue;
        while (i < ARRAY_COUNT(type_row) && strcasecmp(type_row[i].name, word) != 0)
            i++;
        if (i == ARRAY_COUNT(type_row))
            return err_set(e, -EINVAL, "unknown type \"%s\"", word);
        t->kinds |= UINT64_C(1) << i;
    }
    parser_add_tx_test(p, &sticky_number[NUMBER_FILE_SIZE], type_holds, t);
    return 0;
}

static const struct ids_keyword keyword[] = {
    {"entropy", RULE_SURICATA, KEYWORD_NEEDS_VALUE, parse_entropy, NULL,
     "entropy:[offset N,bytes N,]value OPERATOR V; Shannon's entropy of the buffer"},
    {"config", RULE_SURICATA, KEYWORD_NEEDS_VALUE, parse_config, NULL,
     "config:logging|tracking disable,type tx|flow,scope tx|flow"},
    {"sd_pattern", RULE_SNORT2 | RULE_SNORT3, KEYWORD_NEEDS_VALUE, parse_sd, NULL,
     "sd_pattern:\"NAME|PATTERN\"[,threshold N]; personal data"},
    {"file_type", RULE_SNORT3, KEYWORD_NEEDS_VALUE, parse_type, NULL,
     "file_type:\"NAME ...\"; a file of that kind"},
};

const struct ids_keyword_family ids_keyword_misc = {"misc", "entropy, config, personal data, types",
                                                    keyword, ARRAY_COUNT(keyword)};
