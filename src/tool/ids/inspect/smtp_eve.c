/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SMTP and its mail as EVE writes them. */
#include <string.h>
#include <strings.h>

#include "tool/ids/eve/eve_head.h"
#include "tool/ids/inspect/smtp_tx.h"

enum field_form { FIELD_TEXT, FIELD_LIST, FIELD_EACH };

static const struct {
    const char *key, *header;
    uint8_t form;
    bool extended;
} field[] = {
    {"reply_to", "reply-to", FIELD_TEXT, false},
    {"bcc", "bcc", FIELD_LIST, true},
    {"message_id", "message-id", FIELD_TEXT, true},
    {"subject", "subject", FIELD_TEXT, true},
    {"x_mailer", "x-mailer", FIELD_TEXT, true},
    {"user_agent", "user-agent", FIELD_TEXT, true},
    {"received", "received", FIELD_EACH, false},
    {"x_originating_ip", "x-originating-ip", FIELD_TEXT, false},
    {"in_reply_to", "in-reply-to", FIELD_TEXT, false},
    {"references", "references", FIELD_TEXT, false},
    {"importance", "importance", FIELD_TEXT, false},
    {"priority", "priority", FIELD_TEXT, false},
    {"sensitivity", "sensitivity", FIELD_TEXT, false},
    {"organization", "organization", FIELD_TEXT, false},
    {"content_md5", "content-md5", FIELD_TEXT, false},
    {"date", "date", FIELD_TEXT, false},
};

uint32_t inspect_smtp_field(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(field); i++)
        if (strcmp(field[i].key, name) == 0 || strcasecmp(field[i].header, name) == 0)
            return UINT32_C(1) << i;
    return 0;
}

static void put_text(struct json_out *json, const char *key, const struct str *value)
{
    eve_bytes(json, key, str_text(value), value->len);
}

static void put_header(struct json_out *json, const char *key, const struct smtp_tx *tx,
                       const char *header)
{
    const struct str *value = smtp_mail_header(tx, header, 0);
    if (value)
        put_text(json, key, value);
}

/* Addresses, parted by commas that stand in no quotes. */
static void put_list(struct json_out *json, const char *key, const struct smtp_tx *tx,
                     const char *header)
{
    const struct str *value = smtp_mail_header(tx, header, 0);
    const char *text = value ? str_text(value) : "";
    size_t len = value ? value->len : 0, from = 0;
    bool quoted = false, open = false;
    for (size_t i = 0; i <= len; i++) {
        if (i < len && text[i] == '"')
            quoted = !quoted;
        if (i < len && (text[i] != ',' || quoted))
            continue;
        while (from < i && (text[from] == ' ' || text[from] == '\t'))
            from++;
        if (i > from) {
            if (!open)
                json_array(json, key);
            open = true;
            eve_bytes(json, NULL, text + from, i - from);
        }
        from = i + 1;
    }
    if (open)
        json_end(json);
}

static void put_each(struct json_out *json, const char *key, const struct smtp_tx *tx,
                     const char *header)
{
    const struct str *value = smtp_mail_header(tx, header, 0);
    if (!value)
        return;
    json_array(json, key);
    for (unsigned i = 1; value; value = smtp_mail_header(tx, header, i++))
        put_text(json, NULL, value);
    json_end(json);
}

static void put_asked(struct json_out *json, const struct smtp_tx *tx,
                      const struct inspect_settings *s)
{
    for (size_t i = 0; i < ARRAY_COUNT(field); i++) {
        if (!(s->smtp.log_fields >> i & 1) && !(s->smtp.log_extended && field[i].extended))
            continue;
        if (field[i].form == FIELD_TEXT)
            put_header(json, field[i].key, tx, field[i].header);
        else if (field[i].form == FIELD_LIST)
            put_list(json, field[i].key, tx, field[i].header);
        else
            put_each(json, field[i].key, tx, field[i].header);
    }
}

static void put_md5(struct json_out *json, const struct smtp_tx *tx,
                    const struct inspect_settings *s)
{
    const struct str *subject = smtp_mail_header(tx, "subject", 0);
    uint8_t sum[DIGEST_MAX];
    if (s->smtp.log_subject_md5 && subject) {
        digest_of(DIGEST_MD5, str_text(subject), subject->len, sum);
        eve_hex(json, "subject_md5", sum, 16);
    }
    if (s->smtp.log_body_md5 && tx->has_body_md5)
        json_text(json, "body_md5", tx->body_md5_text);
}

static void put_mail(struct json_out *json, const struct smtp_tx *tx,
                     const struct inspect_settings *s)
{
    json_object(json, "email");
    put_header(json, "from", tx, "from");
    put_list(json, "to", tx, "to");
    put_list(json, "cc", tx, "cc");
    json_text(json, "status", "PARSE_DONE");
    if (tx->attachment_count) {
        json_array(json, "attachment");
        for (uint32_t i = 0; i < tx->attachment_count; i++)
            put_text(json, NULL, &tx->attachment[i]);
        json_end(json);
    }
    if (tx->url_count) {
        json_array(json, "url");
        for (uint32_t i = tx->url_count; i-- > 0;)
            put_text(json, NULL, &tx->url[i]);
        json_end(json);
    }
    put_asked(json, tx, s);
    put_md5(json, tx, s);
    json_end(json);
}

void smtp_eve(const struct inspect_flow *f, const struct inspect_tx *head, struct json_out *json)
{
    const struct smtp_tx *tx = smtp_tx_of(head);
    json_object(json, "smtp");
    if (tx->helo->len)
        put_text(json, "helo", tx->helo);
    if (tx->has_from)
        put_text(json, "mail_from", &tx->mail_from);
    if (tx->rcpt_count) {
        json_array(json, "rcpt_to");
        for (uint32_t i = 0; i < tx->rcpt_count; i++)
            put_text(json, NULL, &tx->rcpt[i]);
        json_end(json);
    }
    json_end(json);
    if (tx->has_mail)
        put_mail(json, tx, f->thread->settings);
}
