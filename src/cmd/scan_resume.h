/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --resume: from a report that a scan left when it was stopped or killed, the command line and the
 * last host that was told.  Reports are whole at every moment (sys/io/record_file), so what stands
 * in one is all true.  Not for: HTML, which is for people. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/text_list.h"
#include "core/net/addr.h"

enum { SCAN_RESUME_FILE_MAX = 1 << 30, SCAN_RESUME_ARGS_MAX = 1 << 16 };

struct scan_resume {
    char *args;       /* the command line, as command_line() made it; mem_free */
    struct addr last; /* the last host told; ADDR_NONE: none was */
    uint64_t hosts;   /* that were told */
    uint64_t tail_at; /* where what closes the report begins */
};

/* The text of a report of any of the formats -oN -oX -oG -oJ.  -EINVAL: it is none of ours. */
int scan_resume_parse(struct scan_resume *out, const char *text, size_t len,
                      struct err *e) MUST_CHECK;
int scan_resume_read(struct scan_resume *out, const char *path, struct err *e) MUST_CHECK;
void scan_resume_done(struct scan_resume *r);

/* Cut a command line into words again: blanks separate, double quotes hold together, a backslash
 * takes the next character as it is.  They live in `arena`.  -EINVAL: a quote is not closed. */
int scan_resume_words(const char *args, struct arena *arena, struct text_list *out,
                      struct err *e) MUST_CHECK;
