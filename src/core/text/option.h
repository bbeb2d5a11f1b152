/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Option tables.  A command's options are one constant table; parsing, --help, shell completion and
 * the test of the manual page all come from it.  The forms users type at nmap, netcat, snort and
 * fail2ban are one grammar:
 *   --name, --name=VALUE, --name VALUE     a long name may be cut while it stays unambiguous, and
 *                                          may be typed with one dash, as getopt_long_only allows
 *   -x, -xVALUE, -x VALUE                  a short name may have several letters: -sT, -oX FILE,
 * -PS22 -xyz                                   single letters without a value run together -sTV
 * letters behind a prefix of `families` run together: -sT -sV An exact name wins over a run of
 * letters, the longest short name over a shorter one. */
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
    const char *value;  /* what the value is called: "FILE"; "[PORTS]" may be left out and must then
                           be  attached; NULL: takes none */
    size_t offset;      /* of the field in the options struct */
    int64_t min, max;   /* OPTION_INT; both 0: no bounds */
    option_set_fn *set; /* OPTION_CALL; with other kinds called after the field is set */
    int64_t detail;     /* for set(): what tells rows of one function apart */
    const char *help;   /* one line; NULL: an old spelling, accepted and not listed */
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
    const char *families; /* short-name prefixes whose letters may run together ("s" for -sTV); may
                             be NULL */
    bool stop_at_word; /* the first word that is no option ends the options (for `nc`, sub-commands)
                        */
};

/* Parse argv[1..argc) into *to.  Words that are no options are added to *words; "--" ends the
 * options. 0, or -EINVAL with a message that names the option as it was typed. */
int option_parse(const struct option_table *table, int argc, char *const *argv, void *to,
                 struct text_list *words, struct err *e) MUST_CHECK;

void option_help(const struct option_table *table, struct str *out); /* 80 columns */

/* The value forms on their own, for other readers of configuration.  0 or -EINVAL. */
int option_read_int(const char *text, int64_t min, int64_t max, int64_t *out,
                    struct err *e) MUST_CHECK;
int option_read_duration(const char *text, int64_t *out_ns, struct err *e) MUST_CHECK;
int option_read_real(const char *text, double *out, struct err *e) MUST_CHECK;
