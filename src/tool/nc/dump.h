/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file that what was sent and received is written to: as it is, or as a hex dump in the form of
 * netcat-traditional (both ways, with offsets) or of ncat. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"
#include "tool/nc/options.h"

enum dump_way { DUMP_SENT, DUMP_RECEIVED };

struct dump {
    int fd; /* -1: none */
    enum nc_dump form;
    uint64_t offset[2]; /* by way */
    int failure;        /* a negative errno value: writing failed, nothing more is written */
};

int dump_open(struct dump *d, const struct nc_dump_file *file, bool append,
              struct err *e) MUST_CHECK;
void dump_write(struct dump *d, enum dump_way way, const void *data, size_t len);
void dump_close(struct dump *d);

/* The text of one chunk; `offset` is that of its first byte. */
void dump_format(struct str *out, enum nc_dump form, enum dump_way way, uint64_t offset,
                 const uint8_t *data, size_t len);
