/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Option tables.  A command's options are one constant table; parsing, --help, shell completion and
 * the test of the manual page all come from it.  The forms users type at nmap, netcat, snort and
 * fail2ban are one grammar:
 *
 *   --name, --name=VALUE, --name VALUE   may be cut while it stays unambiguous, and typed with one
 *                                        dash, as getopt_long_only allows
 *   -x, -xVALUE, -x VALUE                a name of several letters too: -sT, -oX FILE, -PS22
 *   -xyz                                 a run of letters without a value; its last option may have
 *                                        several letters, or a value: -nPn, -lvnp 80
 *   -sTV                                 letters behind a prefix of `families`: -sT -sV; where one
 *                                        has a value, that is the next word
 *   -vv, -v3, --verbose=3                a count
 *
 * An exact name wins over a run of letters, a run over a cut long name, the longest short name over
 * a shorter one.  A lone "-" is a word. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "core/base/text_list.h"

enum option_kind {
    OPTION_SET,      /* bool: becomes true */
    OPTION_CLEAR,    /* bool: becomes false */
    OPTION_COUNT,    /* int: one more each time (-vv, -v -v), or the value given (-v3) */
    OPTION_TEXT,     /* const char *: the text in argv */
    OPTION_LIST,     /* struct text_list: one more text each time */
    OPTION_INT,      /* int64_t, decimal, within min..max */
    OPTION_DURATION, /* int64_t nanoseconds: "5", "5s", "300ms", "2m", "1h"; decimals allowed */
    OPTION_REAL,     /* double, >= 0 */
    OPTION_CALL,     /* set() does it all */
};

struct option;

/* Take `value` (NULL when the option has none) into the options struct at `to`. */
typedef int option_set_fn(void *to, const struct option *option, const char *value, struct err *e);

struct option {
    const char *short_name; /* "v", "oX", "PS"; NULL: none */
    const char *long_name;  /* "max-retries"; NULL: none */
    enum option_kind kind;
    /* What the value is called: "FILE".  "[PORTS]" may be left out and is always attached; left
     * out, a text is "", a number stays as it was, and set() is given NULL.  NULL: takes none. */
    const char *value;
    size_t offset;      /* of the field in the options struct */
    int64_t min, max;   /* OPTION_INT; both 0: no bounds */
    option_set_fn *set; /* OPTION_CALL; with other kinds called after the field is set */
    int64_t detail;     /* for set(): what tells rows of one function apart */
    const char *help;   /* one line; NULL: an old spelling, accepted whole and not listed */
};

struct option_group {
    const char *title; /* heading in --help and in the manual page */
    const struct option *option;
    size_t count;
};

struct option_table {
    const char *command;  /* "scan" */
    const char *synopsis; /* "[OPTION...] TARGET..." */
    const char *summary;  /* one line */
    const struct option_group *group;
    size_t group_count;
    const char *families; /* prefixes whose letters may run together ("s" for -sTV); may be NULL */
    bool stop_at_word; /* the first word that is no option ends the options (`nc`, sub-commands) */
};

/* Parse argv[1..argc) into *to.  Words that are no options are added to *words; "--" ends the
 * options. 0, or -EINVAL with a message that names the option as it was typed. */
int option_parse(const struct option_table *table, int argc, char *const *argv, void *to,
                 struct text_list *words, struct err *e) MUST_CHECK;

void option_help(const struct option_table *table, struct str *out); /* 80 columns */

/* The n-th option, counted through all groups; NULL behind the last. */
const struct option *option_at(const struct option_table *table, size_t n);

/* The value forms on their own, for other readers of configuration.  0 or -EINVAL.  Whole numbers
 * with min and max both 0 have no bounds; a span without a unit is in seconds, the units are ms, s,
 * m, h, d and w. */
int option_read_int(const char *text, int64_t min, int64_t max, int64_t *out,
                    struct err *e) MUST_CHECK;
int option_read_duration(const char *text, int64_t *out_ns, struct err *e) MUST_CHECK;
int option_read_real(const char *text, double *out, struct err *e) MUST_CHECK;
