/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/advisory/mail.h"

#include <string.h>
#include <strings.h>

#include "core/base/mem.h"
#include "core/text/charset.h"
#include "core/text/date.h"
#include "core/text/json.h"
#include "tool/advisory/bulletin.h"
#include "tool/advisory/subscribe_reply.h"
#include "wire/proto/mime.h"
#include "wire/proto/mime_field.h"

static const size_t text_max = 4 << 20;

/* One message: the mail itself, and each mail inside it (digests, forwards). */
struct message {
    struct advisory_mail mail;
    struct str text; /* of the plain part, in its own character set */
    uint8_t depth;   /* of its headers */
    bool has_text;   /* the plain part was found */
    bool in_text;    /* its bytes are coming */
    char charset[64];
};

struct reading {
    struct arena *arena;
    struct message *message; /* a stack: the innermost open one is on top */
    size_t depth;
    struct str disposition; /* of the part whose headers are being read */
    struct str type, name;
    size_t headers; /* of the mail itself */
    bool in_status; /* in message/delivery-status, ... */
    bool line_was_end;
    bool block_open; /* ... inside one of its blocks */
};

enum { MESSAGES_MAX = MIME_DEPTH_MAX + 1 };

const char *mail_signed_name(enum mail_signed s)
{
    return s == MAIL_SIGNED_INLINE ? "inline" : s == MAIL_SIGNED_MIME ? "pgp-mime" : "none";
}

void mail_add_advisory(struct arena *arena, struct advisory_mail *mail, const struct advisory *a)
{
    if (mail->advisories.count == mail->advisories.capacity) {
        size_t capacity = mail->advisories.capacity ? mail->advisories.capacity * 2 : 4;
        struct advisory *bigger = arena_array(arena, capacity, sizeof *bigger);
        if (mail->advisories.count)
            memcpy(bigger, mail->advisories.item, mail->advisories.count * sizeof *bigger);
        mail->advisories.item = bigger;
        mail->advisories.capacity = capacity;
    }
    mail->advisories.item[mail->advisories.count++] = *a;
}

/* ---- headers ---- */

static const char *decoded(struct arena *arena, const char *value)
{
    struct str text = str_of(0);
    mime_decode_words(value, &text);
    const char *copy = arena_text(arena, str_text(&text));
    str_done(&text);
    return copy;
}

struct address_list {
    struct arena *arena;
    struct advisory_words *list;
};

static void add_address(void *ctx, const char *address)
{
    struct address_list *l = ctx;
    advisory_add_word(l->arena, l->list, address);
}

/* "full-disclosure <full-disclosure.lists.example>": the first label of what is in the brackets. */
static const char *list_name(struct arena *arena, const char *value)
{
    const char *open = strrchr(value, '<');
    const char *id = open ? open + 1 : value;
    return arena_copy(arena, id, strcspn(id, ".> \t"));
}

static const char *first_word(struct arena *arena, const char *value)
{
    value += strspn(value, " \t");
    const char *end = *value == '<' ? strchr(value, '>') : NULL;
    size_t len = end ? (size_t)(end - value) + 1 : strcspn(value, " \t");
    return arena_copy(arena, value, len);
}

static void take_mail_header(struct reading *r, struct advisory_mail *m, const char *name,
                             const char *value)
{
    struct arena *arena = r->arena;
    struct address_list from = {arena, &m->from}, to = {arena, &m->to};
    struct date date;
    if (strcasecmp(name, "Subject") == 0 && !m->subject)
        m->subject = decoded(arena, value);
    else if (strcasecmp(name, "Message-ID") == 0 && !m->message_id)
        m->message_id = first_word(arena, value);
    else if (strcasecmp(name, "From") == 0 && m->from.count == 0)
        mime_addresses(value, add_address, &from);
    else if (strcasecmp(name, "To") == 0)
        mime_addresses(value, add_address, &to);
    else if (strcasecmp(name, "Date") == 0 && !m->date && date_parse_loose(&date, value))
        m->date = arena_text(arena, date_text(&date).text);
    else if (strcasecmp(name, "List-Id") == 0 && !m->list)
        m->list = list_name(arena, value);
    else if (strcasecmp(name, "Reply-To") == 0 && !m->reply_to)
        m->reply_to = first_word(arena, value);
    else if (strcasecmp(name, "In-Reply-To") == 0)
        advisory_add_word(arena, &m->references, first_word(arena, value));
}

static void on_header(void *ctx, const struct mime_part *part, const char *name, const char *value)
{
    struct reading *r = ctx;
    struct message *top = &r->message[r->depth - 1];
    r->headers += part->depth == 0;
    if (strcasecmp(name, "Content-Disposition") == 0) {
        str_reset(&r->disposition);
        str_add(&r->disposition, value);
    } else if (strcasecmp(name, "Content-Type") == 0) {
        str_reset(&r->type);
        str_add(&r->type, value);
    }
    if (part->depth == top->depth)
        take_mail_header(r, &top->mail, name, value);
}

/* ---- parts ---- */

static void push_message(struct reading *r, uint8_t depth)
{
    if (r->depth == MESSAGES_MAX)
        return;
    struct message *m = &r->message[r->depth++];
    *m = (struct message){.depth = depth, .text = str_of(text_max)};
}

static void take_file_name(struct reading *r, struct advisory_mail *m)
{
    str_reset(&r->name);
    bool named = mime_param(str_text(&r->disposition), "filename", &r->name) ||
                 mime_param(str_text(&r->type), "name", &r->name);
    if (named && r->name.len)
        advisory_add_word(r->arena, &m->attachments, str_text(&r->name));
}

static bool is_attachment(struct reading *r)
{
    char disposition[MIME_TYPE_MAX];
    mime_token(str_text(&r->disposition), disposition, sizeof disposition);
    return strcmp(disposition, "attachment") == 0;
}

static void take_charset(struct reading *r, struct message *m)
{
    struct str name = str_of(sizeof m->charset - 1);
    if (!mime_param(str_text(&r->type), "charset", &name) || name.full || !name.len)
        str_add(&name, "us-ascii");
    memcpy(m->charset, str_text(&name), name.len + 1);
    str_done(&name);
}

static void on_begin(void *ctx, const struct mime_part *part)
{
    struct reading *r = ctx;
    struct message *m = &r->message[r->depth - 1];
    if (part->kind == MIME_LEAF) {
        r->in_status = strcmp(part->type, "message/delivery-status") == 0;
        r->block_open = false;
        r->message[0].mail.leaf_parts += !r->in_status;
        take_file_name(r, &r->message[0].mail);
        if (!is_attachment(r) && !m->has_text && strcmp(part->type, "text/plain") == 0) {
            m->has_text = m->in_text = true;
            take_charset(r, m);
        }
    }
    if (part->kind == MIME_MULTIPART && strcmp(part->type, "multipart/signed") == 0)
        m->mail.is_signed = MAIL_SIGNED_MIME;
    if (part->kind == MIME_MESSAGE)
        push_message(r, (uint8_t)(part->depth + 1));
    str_reset(&r->disposition);
    str_reset(&r->type);
}

/* RFC 3464 2.1: blocks of fields, parted by empty lines; each counts as a part, as Python has it.
 */
static void count_blocks(struct reading *r, const char *data, size_t len)
{
    bool line_end = len && data[len - 1] == '\n' && len <= 2;
    if (line_end && r->line_was_end)
        r->block_open = false;
    else if (!line_end && !r->block_open) {
        r->block_open = true;
        r->message[0].mail.leaf_parts++;
    }
    r->line_was_end = line_end;
}

static void on_body(void *ctx, const struct mime_part *part, const char *data, size_t len)
{
    struct reading *r = ctx;
    struct message *m = &r->message[r->depth - 1];
    (void)part;
    if (m->in_text)
        str_add_len(&m->text, data, len);
    if (r->in_status)
        count_blocks(r, data, len);
}

/* ---- the text ---- */

const char *mail_signed_text(struct arena *arena, const char *text, bool *out_signed)
{
    static const char begin[] = "-----BEGIN PGP SIGNED MESSAGE-----";
    static const char end[] = "-----BEGIN PGP SIGNATURE-----";
    const char *at = strstr(text, begin);
    *out_signed = at && (at == text || at[-1] == '\n');
    if (!*out_signed)
        return text;
    at += strcspn(at, "\n");
    at += *at == '\n';
    while (*at && *at != '\n' && *at != '\r') { /* "Hash: SHA512" up to an empty line */
        at += strcspn(at, "\n");
        at += *at == '\n';
    }
    struct str plain = str_of(0);
    while (*at && strncmp(at, end, sizeof end - 1) != 0) {
        if (at[0] == '-' && at[1] == ' ')
            at += 2;
        size_t len = strcspn(at, "\n");
        len += at[len] == '\n';
        str_add_len(&plain, at, len);
        at += len;
    }
    const char *copy = arena_text(arena, str_text(&plain));
    str_done(&plain);
    return copy;
}

/* Up to the line "-- ": what follows is the sender's signature. */
static size_t length_without_signature(const char *text)
{
    for (const char *at = text; (at = strstr(at, "\n-- ")); at++)
        if (at[4] == '\n' || at[4] == '\r' || !at[4])
            return (size_t)(at - text);
    return strlen(text);
}

static void read_text(struct reading *r, struct message *m)
{
    struct str utf8 = str_of(0);
    if (!charset_to_utf8(m->charset, str_text(&m->text), m->text.len, &utf8))
        (void)charset_to_utf8("utf-8", str_text(&m->text), m->text.len, &utf8);
    m->mail.text = arena_copy(r->arena, str_text(&utf8), utf8.len);
    m->mail.text_len = utf8.len;
    str_done(&utf8);
}

static void read_bulletins(struct reading *r, struct message *m)
{
    struct advisory a, found = {0};
    bool is_signed;
    struct bulletin_text in = {m->mail.subject ? m->mail.subject : "", m->mail.date,
                               mail_signed_text(r->arena, m->mail.text, &is_signed)};
    if (is_signed && m->mail.is_signed == MAIL_UNSIGNED)
        m->mail.is_signed = MAIL_SIGNED_INLINE;
    advisory_add_cves_in(r->arena, &found, in.text, length_without_signature(in.text));
    advisory_finish(&found);
    m->mail.cves = found.cves;
    for (size_t i = 0; bulletins[i]; i++)
        if (bulletins[i]->read(r->arena, &in, &a)) {
            advisory_finish(&a);
            mail_add_advisory(r->arena, &m->mail, &a);
            return;
        }
}

static void end_message(struct reading *r)
{
    struct message *m = &r->message[r->depth - 1];
    m->mail.text = "";
    if (m->has_text)
        read_text(r, m);
    read_bulletins(r, m);
    subscribe_reply_read(r->arena, &m->mail);
    str_done(&m->text);
    r->depth--;
    if (r->depth == 0)
        return;
    struct message *outer = &r->message[r->depth - 1];
    for (size_t i = 0; i < m->mail.advisories.count; i++)
        mail_add_advisory(r->arena, &outer->mail, &m->mail.advisories.item[i]);
}

static void on_end(void *ctx, const struct mime_part *part)
{
    struct reading *r = ctx;
    struct message *m = &r->message[r->depth - 1];
    m->in_text = false;
    if (r->depth > 1 && part->depth == m->depth)
        end_message(r);
}

bool mail_read(struct arena *arena, const char *data, size_t len, struct advisory_mail *out)
{
    static const struct mime_events callbacks = {
        .header = on_header, .begin = on_begin, .body = on_body, .end = on_end};
    struct mime *mime = mem_zero(sizeof *mime);
    struct reading r = {.arena = arena};
    struct mime_events events = callbacks;
    events.ctx = &r;
    r.message = mem_zero(MESSAGES_MAX * sizeof *r.message);
    push_message(&r, 0);
    mime_open(mime, &events);
    mime_feed(mime, data, len);
    mime_close(mime);
    end_message(&r);
    *out = r.message[0].mail;
    str_done(&r.disposition);
    str_done(&r.type);
    str_done(&r.name);
    mem_free(r.message);
    mem_free(mime);
    return r.headers > 0;
}
