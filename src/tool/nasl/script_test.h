/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests: run a script and see what it displayed. */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "core/base/str.h"
#include "tool/nasl/vm.h"

struct script_test {
    struct nasl_library *library;
    struct nasl_host host;
    struct rng rng;
    struct port_set ports;
    struct nasl_meta meta;
    struct str shown, notes;
    struct nasl_run how;
    enum nasl_end end;
};

static void script_test_display(void *ctx, const char *text, size_t len)
{
    struct script_test *t = ctx;
    str_add_len(&t->shown, text, len);
}

static void script_test_report(void *ctx, const struct nasl_report *r)
{
    struct script_test *t = ctx;
    str_addf(&t->shown, "{%d %d/%s %s}", (int)r->kind, r->port, r->protocol, r->text);
}

static void script_test_note(void *ctx, const char *file, uint32_t line, const char *words)
{
    struct script_test *t = ctx;
    str_addf(&t->notes, "%s:%u: %s\n", file, line, words);
}

static inline void script_test_init(struct script_test *t)
{
    *t = (struct script_test){.rng = rng_of(1), .shown = str_of(0), .notes = str_of(0)};
    nasl_meta_init(&t->meta);
    port_set_add_range(&t->ports, 1, 1024);
    t->library = nasl_library_new(script_test_note, t);
    t->host = (struct nasl_host){
        .addr = addr_ip4(0x7f000001),
        .ip = "127.0.0.1",
        .kb = nasl_kb_new(1 << 20, &clock_system),
        .ports = &t->ports,
        .safe_checks = true,
        .trusted = true,
        .read_timeout_ns = NS_PER_S,
        .clock = &clock_system,
        .rng = &t->rng,
        .meta = &t->meta,
        .ctx = t,
        .display = script_test_display,
        .report = script_test_report,
        .note = script_test_note,
    };
    t->how = (struct nasl_run){.name = "test.nasl", .time_ns = 20 * NS_PER_S};
}

static inline void script_test_done(struct script_test *t)
{
    nasl_library_free(t->library);
    nasl_kb_free(t->host.kb);
    nasl_meta_done(&t->meta);
    str_done(&t->shown);
    str_done(&t->notes);
}

/* What the script displayed; the error when it does not compile. */
static inline const char *script_test_run(struct script_test *t, const char *script)
{
    struct nasl_unit *u;
    struct err e = {0};
    str_reset(&t->shown);
    str_reset(&t->notes);
    if (nasl_compile_text(t->library, "test.nasl", script, strlen(script), &u, &e) < 0) {
        str_add(&t->shown, e.text);
        return str_text(&t->shown);
    }
    t->end = nasl_run(t->library, u, &t->host, &t->how);
    nasl_unit_free(u);
    return str_text(&t->shown);
}

struct script_row {
    const char *script, *shows;
};

/* A table of scripts, each by itself with what the knowledge base holds by then. */
#define SCRIPT_ROWS(t, row)                                                                        \
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {                                                  \
        const char *shown = script_test_run(t, (row)[i].script);                                   \
        if (!CHECK_ROW(i, strcmp(shown, (row)[i].shows) == 0))                                     \
            fprintf(stderr, "    script: %s\n    wanted: %s\n    shown:  %s\n", (row)[i].script,   \
                    (row)[i].shows, shown);                                                        \
    }
