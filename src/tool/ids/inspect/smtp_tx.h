/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A transaction of SMTP: one mail with its envelope, and what its MIME parts brought.
 * Not for: the syntax of mail (wire/proto/mime). */
#pragma once

#include "core/base/digest.h"
#include "tool/ids/inspect/inspect_private.h"
#include "wire/proto/mime.h"

enum {
    SMTP_LINE_MAX = 4096, /* of a command or a reply */
    SMTP_RCPT_MAX = 256,
    SMTP_HEADER_MAX = 256, /* header lines that are kept of a mail */
    SMTP_FILE_MAX = 256,
    SMTP_URL_MAX = 256,
    SMTP_FILE_NAME_MAX = 255,
};

struct smtp_header {
    struct str name, value;
};

struct smtp_tx {
    struct inspect_tx head;
    const struct str *helo; /* of the connection */
    struct str mail_from, rcpt[SMTP_RCPT_MAX];
    uint32_t rcpt_count;
    bool has_from, has_mail, is_data;
    /* the mail */
    struct inspect_flow *flow; /* while it is read */
    struct mime_events events;
    struct mime mime;
    bool is_open;
    struct smtp_header *header; /* of the outermost message first: main_count */
    uint32_t header_count, main_count;
    bool main_ended;
    struct str part_name; /* file name of the part whose headers are read */
    struct inspect_file *file[SMTP_FILE_MAX];
    uint32_t file_count;
    bool in_file, in_text; /* of the part being read */
    char line_end[2];      /* of a file without coding: the last one is not part of it */
    uint8_t line_end_len;
    struct str attachment[SMTP_FILE_MAX];
    uint32_t attachment_count;
    struct str url[SMTP_URL_MAX];
    uint32_t url_count;
    struct str line; /* decoded text that is searched for URLs */
    struct digest *body;
    uint8_t body_md5[16];
    char body_md5_text[33];
    bool has_body_md5;
    uint32_t line_len;
};

static inline struct smtp_tx *smtp_tx_of(const struct inspect_tx *tx)
{
    return CONTAINER_OF(tx, struct smtp_tx, head);
}

void smtp_mail_begin(struct inspect_flow *f, struct smtp_tx *tx);
/* A line, or a piece of one (ends: this is its end). */
void smtp_mail_feed(struct inspect_flow *f, struct smtp_tx *tx, const uint8_t *data, size_t len,
                    bool ends);
void smtp_mail_end(struct inspect_flow *f, struct smtp_tx *tx, bool whole);
void smtp_mail_free(struct smtp_tx *tx);
/* The first main header of that name (lower case); `skip` of them are passed over. */
const struct str *smtp_mail_header(const struct smtp_tx *tx, const char *name, unsigned skip);
void smtp_eve(const struct inspect_flow *f, const struct inspect_tx *tx, struct json_out *json);
