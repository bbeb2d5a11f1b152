/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "check.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/text/option.h"

struct options {
    bool open, resolve, fragment, ping, listen, connect_scan, version_scan, list_ifaces;
    int verbose, debug;
    const char *xml, *ports, *zombie, *syn_ports;
    struct text_list script;
    int64_t retries, delay_ns, any;
    double rate;
    int64_t template;
    int called;
};

#define FIELD(name) .offset = offsetof(struct options, name)

static int set_template(void *to, const struct option *option, const char *value, struct err *e)
{
    struct options *o = to;
    o->called++;
    return option_read_int(value, 0, option->detail, &o->template, e);
}

static int count_call(void *to, const struct option *option, const char *value, struct err *e)
{
    struct options *o = to;
    o->called += value ? 10 : 1;
    return value && strcmp(value, "no") == 0 ? err_set(e, -EINVAL, "%s refused", option->value) : 0;
}

static const struct option first[] = {
    {"sT", NULL, OPTION_SET, FIELD(connect_scan), .help = "connect scan"},
    {"sV", NULL, OPTION_SET, FIELD(version_scan), .help = "versions"},
    {"sI", NULL, OPTION_TEXT, "ZOMBIE", FIELD(zombie), .help = "idle scan"},
    {"Pn", NULL, OPTION_SET, FIELD(ping), .help = "no ping"},
    {"PS", NULL, OPTION_TEXT, "[PORTS]", FIELD(syn_ports), .help = "SYN ping"},
    {"oX", NULL, OPTION_TEXT, "FILE", FIELD(xml), .help = "XML"},
    {"p", "ports", OPTION_TEXT, "PORTS", FIELD(ports), .help = "ports"},
    {"n", NULL, OPTION_CLEAR, FIELD(resolve), .help = "no names"},
    {"f", NULL, OPTION_SET, FIELD(fragment), .help = "fragments"},
    {"l", "listen", OPTION_SET, FIELD(listen), .help = "listen"},
};

static const struct option second[] = {
    {"v", "verbose", OPTION_COUNT, FIELD(verbose), .max = 9, .help = "more words"},
    {"d", NULL, OPTION_COUNT, "[LEVEL]", FIELD(debug), .help = "debug"},
    {NULL, "max-retries", OPTION_INT, "TRIES", FIELD(retries), .max = 255, .help = "tries"},
    {NULL, "max-rate", OPTION_REAL, "NUMBER", FIELD(rate), .help = "packets a second"},
    {NULL, "max_rate", OPTION_REAL, "NUMBER", FIELD(rate), .help = NULL},
    {NULL, "scan-delay", OPTION_DURATION, "TIME", FIELD(delay_ns), .help = "pause"},
    {NULL, "script", OPTION_LIST, "NAME", FIELD(script), .help = "scripts"},
    {NULL, "script-args", OPTION_LIST, "NAME", FIELD(script), .help = "arguments"},
    {NULL, "open", OPTION_SET, FIELD(open), .help = "only open"},
    {NULL, "iflist", OPTION_SET, FIELD(list_ifaces), .help = "interfaces"},
    {NULL, "any", OPTION_INT, "[NUMBER]", FIELD(any), .help = "no bounds", .set = count_call},
    {"T", NULL, OPTION_CALL, "LEVEL", .set = set_template, .detail = 5, .help = "template"},
    {"c", "call", OPTION_CALL, "[WORD]", .set = count_call, .help = "a call"},
};

static const struct option_group group[] = {
    {"FIRST", first, ARRAY_LEN(first)},
    {"NONE", NULL, 0},
    {"SECOND", second, ARRAY_LEN(second)},
};

static const struct option_table table = {
    "scan", "[OPTION...] TARGET...", "Scan.", group, ARRAY_LEN(group), "s", false};

static void add_flag(struct str *out, bool is, const char *name)
{
    if (is)
        str_addf(out, "%s ", name);
}

static void add_text(struct str *out, const char *value, const char *name)
{
    if (value)
        str_addf(out, "%s=%s ", name, value);
}

static void add_number(struct str *out, int64_t value, const char *name)
{
    if (value)
        str_addf(out, "%s=%" PRId64 " ", name, value);
}

/* Fields that are not as at the start, in the order of the struct, then the words. */
static void add_state(struct str *out, const struct options *o, const struct text_list *words)
{
    add_flag(out, o->open, "open");
    add_flag(out, !o->resolve, "n");
    add_flag(out, o->fragment, "f");
    add_flag(out, o->ping, "Pn");
    add_flag(out, o->listen, "l");
    add_flag(out, o->connect_scan, "sT");
    add_flag(out, o->version_scan, "sV");
    add_flag(out, o->list_ifaces, "iflist");
    add_number(out, o->verbose, "v");
    add_number(out, o->debug, "d");
    add_text(out, o->xml, "oX");
    add_text(out, o->ports, "p");
    add_text(out, o->zombie, "sI");
    add_text(out, o->syn_ports, "PS");
    for (size_t i = 0; i < o->script.count; i++)
        add_text(out, o->script.text[i], "script");
    add_number(out, o->retries, "retries");
    add_number(out, o->delay_ns, "delay");
    add_number(out, o->any, "any");
    if (o->rate != 0)
        str_addf(out, "rate=%g ", o->rate);
    add_number(out, o->template, "T");
    add_number(out, o->called, "called");
    for (size_t i = 0; i < words->count; i++)
        str_addf(out, "[%s]", words->text[i]);
    if (out->len && out->text[out->len - 1] == ' ')
        str_cut(out, out->len - 1);
}

enum { WORDS_MAX = 16 };

static int split(char *text, char *argv[WORDS_MAX])
{
    int argc = 0;
    argv[argc++] = text; /* the command's name: any */
    for (char *at = text; *at && argc < WORDS_MAX;) {
        argv[argc++] = at;
        at += strcspn(at, " ");
        if (*at)
            *at++ = '\0';
    }
    return argc;
}

/* What came of it: the state, or "!" and the message. */
static void run(const struct option_table *t, const char *line, struct str *out)
{
    struct options o = {.resolve = true};
    struct text_list words = {0};
    struct err e = {0};
    char *argv[WORDS_MAX], *text = mem_copy_text(line);
    int argc = split(text, argv);
    str_reset(out);
    if (option_parse(t, argc, argv, &o, &words, &e) == 0)
        add_state(out, &o, &words);
    else
        str_addf(out, "!%s%s", e.code == -EINVAL ? "" : "code ", e.text);
    text_list_done(&words);
    text_list_done(&o.script);
    mem_free(text);
}

static const struct {
    const char *line, *want;
} row[] = {
    {"", ""},
    {"host", "[host]"},
    {"-", "[-]"}, /* a lone dash is a word */
    {"a -f b", "f [a][b]"},
    {"-f -- -f --", "f [-f][--]"},
    {"--open", "open"},
    {"-open", "open"}, /* one dash */
    {"--ope", "open"}, /* cut */
    {"-ope", "open"},  /* both; the run -o -p -e does not exist */
    {"-iflist", "iflist"},
    {"--ports=22", "p=22"},
    {"--ports 22", "p=22"},
    {"-ports=22", "p=22"},
    {"--po 22", "p=22"},
    {"--ports=", "p="},
    {"--ports -f", "p=-f"}, /* what follows is the value, whatever it looks like */
    {"-p --", "p=--"},
    {"-p22", "p=22"},
    {"-p 22", "p=22"},
    {"-p-", "p=-"},
    {"-p1 -p2", "p=2"}, /* the last one wins */
    {"-oX -", "oX=-"},
    {"-oXa.xml", "oX=a.xml"},
    {"-PS", "PS="},
    {"-PS 22", "PS= [22]"}, /* a value that may be left out is attached */
    {"-PS22,80", "PS=22,80"},
    {"-vv", "v=2"},
    {"-v -v --verb", "v=3"},
    {"-v3", "v=3"},
    {"-v3v", "v=4"},
    {"--verbose=3", "v=3"},
    {"-d", "d=1"},
    {"-dd7", "d=7"},
    {"-vfn", "n f v=1"},
    {"-lfvp 80", "f l v=1 p=80"}, /* a netcat cluster */
    {"-lfvp80", "f l v=1 p=80"},
    {"-nPn", "n Pn"}, /* several letters at the end of a run */
    {"-vPS22", "v=1 PS=22"},
    {"-voX a", "v=1 oX=a"},
    {"-vsT", "sT v=1"},
    {"-sT", "sT"},
    {"-sTV", "sT sV"},
    {"-sVIT zombie host", "sT sV sI=zombie [host]"},
    {"-sI zombie", "sI=zombie"},
    {"-script a", "script=a"}, /* an exact name wins over the run -sc... */
    {"--script a --script=b", "script=a script=b"},
    {"--max-ra 2.5", "rate=2.5"},
    {"--max_rate 2.5", "rate=2.5"}, /* an old spelling */
    {"--max-retries 0", ""},
    {"--max-retries=255", "retries=255"},
    {"--scan-delay 1.5s", "delay=1500000000"},
    {"-T4", "T=4 called=1"},
    {"-T 4", "T=4 called=1"},
    {"-c", "called=1"},
    {"-cx", "called=10"},
    {"--call=x", "called=10"},
    {"--call x", "called=1 [x]"},
    {"--any", "called=1"}, /* the number stays as it was */
    {"--any=-9223372036854775808", "any=-9223372036854775808 called=10"},
    {"--foo", "!unknown option --foo"},
    {"--foo=bar", "!unknown option --foo"},
    {"-foo", "!-f takes no value, and -o is no option (in -foo)"},
    {"-x", "!unknown option -x"},
    {"-xyz", "!unknown option -xyz"},
    {"-o", "!unknown option -o"}, /* --open is not cut down to one letter behind one dash */
    {"-s", "!unknown option -s"},
    {"---", "!unknown option ---"},
    {"--=x", "!unknown option --"},
    {"-=x", "!unknown option -"},
    {"-fx", "!-f takes no value, and -x is no option (in -fx)"},
    {"-f5", "!-f takes no value, and -5 is no option (in -f5)"},
    {"-vx", "!unknown option -x (in -vx)"},
    {"-vfx", "!unknown option -x (in -vfx)"},
    {"-sTX", "!unknown option -sX (in -sTX)"},
    {"-Pnv", "!-Pn takes no value (in -Pnv)"},
    {"--open=1", "!--open takes no value"},
    {"-open=1", "!-open takes no value"},
    {"--max", "!--max is ambiguous: --max-retries, --max-rate"},
    {"-max-r", "!-max-r is ambiguous: --max-retries, --max-rate"},
    {"--max_rat 2", "!unknown option --max_rat"}, /* old spellings are not cut */
    {"--scri x", "!--scri is ambiguous: --script, --script-args"},
    {"-p", "!-p: its value (PORTS) is missing"},
    {"-vp", "!-p: its value (PORTS) is missing"},
    {"-sTI", "!-sI: its value (ZOMBIE) is missing"},
    {"--port", "!--port: its value (PORTS) is missing"},
    {"--max-retries=256", "!--max-retries: 256 is not within 0 to 255"},
    {"--max-ret -1", "!--max-ret: -1 is not within 0 to 255"},
    {"-max-ret x", "!-max-ret: \"x\" is no whole number"},
    {"-v10", "!-v: 10 is not within 0 to 9"},
    {"--max-rate -1", "!--max-rate: \"-1\" is no number (such as 3 or 0.5)"},
    {"-T6", "!-T: 6 is not within 0 to 5"},
    {"--call=no", "!--call: [WORD] refused"},
    {"--any=x", "!--any: \"x\" is no whole number"}, /* set() is not called */
};

/* The first word ends the options: netcat's, and those before a sub-command. */
static const struct {
    const char *line, *want;
} stop_row[] = {
    {"-f host -f", "f [host][-f]"},
    {"-f - -f", "f [-][-f]"},
    {"-p 80 80 -- x", "p=80 [80][--][x]"},
    {"-- -f", "[-f]"},
};

int text_option_test(void)
{
    int failed = 0;
    struct str got = str_of(0);
    struct option_table stop = table;
    stop.stop_at_word = true;
    stop.families = NULL;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        run(&table, row[i].line, &got);
        CHECK_ROW(i, strcmp(str_text(&got), row[i].want) == 0);
    }
    for (size_t i = 0; i < ARRAY_LEN(stop_row); i++) {
        run(&stop, stop_row[i].line, &got);
        CHECK_ROW(i, strcmp(str_text(&got), stop_row[i].want) == 0);
    }
    run(&stop, "-sTV", &got); /* no family here */
    CHECK(strcmp(str_text(&got), "!-sT takes no value (in -sTV)") == 0);
    CHECK(option_at(&table, 0) == first && option_at(&table, ARRAY_LEN(first)) == second);
    CHECK(!option_at(&table, ARRAY_LEN(first) + ARRAY_LEN(second)));
    str_done(&got);
    return failed;
}
