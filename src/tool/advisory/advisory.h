/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An advisory as every source tells it: what it is called, what it is about, which packages and
 * versions it touches, and what mends it.  Plain data in an arena; a field that the source does not
 * tell is NULL or empty. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/str.h"
#include "core/text/json.h"

struct advisory_words {
    const char **text;
    size_t count, capacity;
};

struct advisory_package {
    const char *ecosystem, *name; /* "Debian:12", "openssl"; ecosystem may be NULL */
};

struct advisory_fix {
    const char *suite, *package, *version; /* "bookworm", "openssl", "3.0.9-1" */
};

/* Versions that are affected, as OSV tells it: from `introduced` ("0": from the first) up to, and
 * without, `fixed`; or up to, and with, `last`.  With `exactly` this one version alone. */
struct advisory_range {
    const char *ecosystem, *name;
    const char *introduced, *fixed, *last, *exactly;
};

struct advisory_score {
    const char *vector; /* NULL: a bare number */
    double score;
    const char *source; /* who rated: "nvd@nist.gov"; may be NULL */
};

/* CISA's list of what is known to be exploited. */
struct advisory_kev {
    const char *added, *due; /* dates; `added` NULL: not on the list */
    bool ransomware;
};

struct advisory {
    const char *id;     /* as the source writes it: "DSA-5380-1" */
    const char *source; /* "debian", "osv", "nvd" ... */
    const char *kind;   /* NULL, or what this is instead of an advisory: "csaf-provider" */
    const char *title;
    const char *date; /* RFC 3339, or a date */
    const char *modified;
    const char *severity; /* "low", "medium", "high", "critical"; NULL: not told */
    const char *publisher;
    const char *withdrawn; /* when; NULL: it stands */
    const char *text;      /* in full, plain */
    const char *url;
    double epss; /* chance of exploitation; negative: not told */
    struct advisory_words cves, aliases, vu, refs;
    struct {
        struct advisory_package *item;
        size_t count, capacity;
    } packages;
    struct {
        struct advisory_fix *item;
        size_t count, capacity;
    } fixed;
    struct {
        struct advisory_range *item;
        size_t count, capacity;
    } ranges;
    struct {
        struct advisory_score *item;
        size_t count, capacity;
    } scores;
    struct advisory_kev kev;
};

struct advisory advisory_new(const char *source);

/* Add to a list; what is there already is not added again.  Texts are copied into the arena; NULL
 * texts add nothing. */
void advisory_add_word(struct arena *arena, struct advisory_words *list, const char *text);
void advisory_add_package(struct arena *arena, struct advisory *a, const char *ecosystem,
                          const char *name);
void advisory_add_fix(struct arena *arena, struct advisory *a, const struct advisory_fix *fix);
void advisory_add_range(struct arena *arena, struct advisory *a,
                        const struct advisory_range *range);
void advisory_add_score(struct arena *arena, struct advisory *a,
                        const struct advisory_score *score);

/* "CVE-2001-0001" from "cve-2001-0001" or "CAN-2001-0001"; NULL: it is none. */
const char *advisory_cve_name(struct arena *arena, const char *text);

/* Add all CVE numbers that stand in the text. */
void advisory_add_cves_in(struct arena *arena, struct advisory *a, const char *text, size_t len);

/* "low" ... "critical" from any publisher's word ("Important", "moderate"); NULL: no such word. */
const char *advisory_severity_word(const char *word);

/* Sort the lists, and take the severity from the scores where no word was given. */
void advisory_finish(struct advisory *a);

/* One line of JSON, without the newline; or its members into an open object. */
void advisory_to_json(const struct advisory *a, struct str *out);
void advisory_put_json(const struct advisory *a, struct json_out *j);
