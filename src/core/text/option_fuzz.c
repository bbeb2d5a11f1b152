/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The input is an argument vector, cut at its zero bytes; the table has all kinds of options. */
#include <assert.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/text/option.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARGUMENTS_MAX = 64 };

struct options {
    bool set, clear;
    int count, level;
    const char *text, *ports;
    struct text_list list;
    int64_t number, span;
    double real;
    unsigned calls;
};

static int call(void *to, const struct option *option, const char *value, struct err *e)
{
    struct options *o = to;
    int64_t number;
    o->calls++;
    return value ? option_read_int(value, option->min, option->max, &number, e) : 0;
}

#define FIELD(name) .offset = offsetof(struct options, name)

static const struct option option[] = {
    {"sT", NULL, OPTION_SET, FIELD(set), .help = "a"},
    {"sI", NULL, OPTION_TEXT, "T", FIELD(text), .help = "b"},
    {"n", "no", OPTION_CLEAR, FIELD(clear), .help = "c"},
    {"v", "verbose", OPTION_COUNT, FIELD(count), .max = 9, .help = "d"},
    {"d", "debug", OPTION_COUNT, "[N]", FIELD(level), .help = "e"},
    {"p", "ports", OPTION_TEXT, "P", FIELD(ports), .help = "f"},
    {"PS", NULL, OPTION_TEXT, "[P]", FIELD(ports), .help = "g"},
    {"oX", "output", OPTION_LIST, "FILE", FIELD(list), .help = "h"},
    {NULL, "max-number", OPTION_INT, "N", FIELD(number), .min = -5, .max = 5, .help = "i"},
    {NULL, "max-real", OPTION_REAL, "N", FIELD(real), .help = "j"},
    {NULL, "span", OPTION_DURATION, "T", FIELD(span), .help = "k"},
    {"c", "call", OPTION_CALL, "[N]", .set = call, .help = "l"},
    {NULL, "old", OPTION_SET, FIELD(set), .help = NULL},
};

static const struct option_group group = {"ALL", option, ARRAY_COUNT(option)};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct option_table table = {"fuzz", "", "", &group, 1, "s", size % 2};
    char *text = mem_zero(size + 1), *argv[ARGUMENTS_MAX] = {text};
    int argc = 1; /* the first is the program's name */
    if (size)
        memcpy(text, data, size);
    for (char *at = text; at < text + size && argc < ARGUMENTS_MAX; at += strlen(at) + 1)
        argv[argc++] = at;
    struct options o = {0};
    struct text_list words = {0};
    struct err e = {0};
    int rc = option_parse(&table, argc, argv, &o, &words, &e);
    assert((rc == 0) == (e.text[0] == '\0') && (rc == 0 || e.code == rc));
    assert(o.number >= -5 && o.number <= 5 && o.span >= 0 && !(o.real < 0));
    assert(words.count + o.list.count < ARGUMENTS_MAX);
    for (size_t i = 0; i < words.count; i++)
        assert(words.text[i] >= text && words.text[i] <= text + size);
    text_list_done(&words);
    text_list_done(&o.list);
    mem_free(text);
    return 0;
}
