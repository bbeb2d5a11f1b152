/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields of a header.  Line ends come in all forms that some client takes for one: answers may
 * end lines by CR, LF, both in either order; a line that begins with a space, a tab or a NUL
 * continues the one before (RFC 9112 5.2). */
#include <string.h>
#include <strings.h>

#include "core/base/mem.h"
#include "wire/proto/http1_private.h"

enum { FOLD_MAX = 128 };

/* One pass over a field: where it stands, and whether its end could be told. */
struct scan {
    const uint8_t *pos, *end;
    bool response, complete; /* complete: nothing follows what is here */
    bool short_of;           /* more bytes are needed to tell */
};

static bool is_eol_byte(const struct scan *s, uint8_t c)
{
    return c == '\n' || (s->response && c == '\r');
}

static int byte_at(const struct scan *s, size_t i)
{
    return s->pos + i < s->end ? s->pos[i] : -1;
}

/* The length of the line end at pos, 0 if there is none. */
static size_t plain_eol(const struct scan *s)
{
    int a = byte_at(s, 0), b = byte_at(s, 1);
    if (a == '\r' && b == '\n')
        return 2;
    if (s->response && a == '\n' && b == '\r')
        return 2;
    return a == '\n' || (s->response && a == '\r') ? 1 : 0;
}

/* Line ends that mean to deceive: LF CR CR LF before another one; in answers CR LF CR and blanks.
 */
static size_t deformed_eol(const struct scan *s)
{
    static const uint8_t mixed[] = {'\n', '\r', '\r', '\n'};
    size_t have = (size_t)(s->end - s->pos);
    if (have > 4 && memcmp(s->pos, mixed, 4) == 0) {
        int c = byte_at(s, 4), d = byte_at(s, 5);
        if (c == '\n' || (c == '\r' && d == '\n'))
            return 4;
    }
    if (!s->response && have >= 4 && memcmp(s->pos, "\n\r\r\n", 4) == 0)
        return 2;
    if (!s->response || have < 4 || memcmp(s->pos, "\r\n\r", 3) != 0)
        return 0;
    size_t i = 3;
    while (i < have && (s->pos[i] == '\r' || s->pos[i] == ' ' || s->pos[i] == '\t'))
        i++;
    if (i == 3)
        return 0;
    if (i < have && s->pos[i] == '\n')
        i++;
    int c = byte_at(s, i), d = byte_at(s, i + 1);
    return c == '\n' || (c == '\r' && d == '\n') ? 0 : i;
}

static bool is_fold(int c)
{
    return c == ' ' || c == '\t' || c == 0;
}

static bool is_token_byte(uint8_t c)
{
    return c > 32 && c < 127 && !strchr("()<>@,;:\\\"/[]?={}", c);
}

/* In an answer a folded line that looks like a field of its own is one. */
static bool looks_like_field(struct scan *s)
{
    const uint8_t *p = s->pos;
    while (p < s->end && (*p == ' ' || *p == '\t'))
        p++;
    const uint8_t *name = p;
    while (p < s->end && is_token_byte(*p))
        p++;
    const uint8_t *name_end = p;
    while (p < s->end && (*p == ' ' || *p == '\t'))
        p++;
    if (p == s->end && !s->complete)
        s->short_of = true;
    return name_end > name && p < s->end && *p == ':';
}

/* The rest of one line; pos moves behind its end.  *out_folds: the next line continues it (pos then
 * stands behind the first blank of that). */
static struct http1_text take_line(struct scan *s, bool *out_folds, uint8_t *out_blank,
                                   size_t *out_eol)
{
    const uint8_t *start = s->pos;
    while (s->pos < s->end && !is_eol_byte(s, *s->pos))
        s->pos++;
    struct http1_text value = {start, (size_t)(s->pos - start)};
    *out_folds = false;
    *out_eol = 0;
    if (value.len && value.data[value.len - 1] == '\r') {
        value.len--;
        if (s->pos < s->end) /* else its LF is still to come, or never will */
            s->pos--;
    }
    if (s->pos == s->end) {
        s->short_of |= !s->complete;
        return value;
    }
    size_t deformed = deformed_eol(s);
    size_t eol = s->response || !deformed ? plain_eol(s) : deformed;
    if (!s->complete && s->pos + eol >= s->end) {
        s->short_of = true;
        return value;
    }
    if (is_fold(byte_at(s, eol))) {
        *out_folds = true;
        *out_blank = s->pos[eol];
        *out_eol = eol;
        s->pos += eol + 1;
        return value;
    }
    *out_eol = deformed ? deformed : eol;
    s->pos += *out_eol;
    return value;
}

static void add_value(struct str *value, struct http1_text t)
{
    str_add_len(value, t.data, t.len);
}

/* The value with its continuations. */
static void take_value(struct scan *s, struct str *value)
{
    bool folds;
    uint8_t blank = ' ';
    size_t eol;
    add_value(value, take_line(s, &folds, &blank, &eol));
    for (int count = 0; folds && !s->short_of && count < FOLD_MAX; count++) {
        if (s->response && looks_like_field(s))
            return;
        if (s->short_of)
            return;
        const uint8_t *before = s->pos;
        uint8_t old_blank = blank;
        struct http1_text more = take_line(s, &folds, &blank, &eol);
        if (s->short_of)
            return;
        if (value->len)
            str_add_len(value, &old_blank, 1);
        if (more.len || eol > 1) {
            add_value(value, more);
        } else if (!folds && !(eol == 1 && s->pos < s->end && *s->pos == '\n')) {
            s->pos = before; /* an empty continuation is the end of the header */
            return;
        }
    }
}

/* Where the name ends: at the colon, unless the line ends before. */
static size_t name_len(const struct scan *s)
{
    uint8_t ended_by = 0;
    for (const uint8_t *p = s->pos; p < s->end; p++) {
        if (!ended_by) {
            if (*p == ':')
                return (size_t)(p - s->pos);
            if (is_eol_byte(s, *p))
                ended_by = *p;
        } else if (*p == ' ') {
            ended_by = 0;
        } else if (*p == '\n' && ended_by == '\r') {
            ended_by = '\n';
        } else {
            return (size_t)(p - s->pos) - 1;
        }
    }
    return 0;
}

static bool is_token(struct http1_text t)
{
    for (size_t i = 0; i < t.len; i++)
        if (!is_token_byte(t.data[i]))
            return false;
    return true;
}

static bool same_name(struct http1_text sent, const uint8_t *name, size_t len, bool skip_nul)
{
    size_t n = 0;
    for (size_t i = 0; i < sent.len; i++) {
        if (skip_nul && sent.data[i] == 0)
            continue;
        if (n == len || (sent.data[i] | 0x20) != (name[n] | 0x20))
            return false;
        n++;
    }
    return n == len;
}

const struct http1_field *http1_field(const struct http1_message *m, const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < m->field_count; i++)
        if (same_name(m->field[i].name, (const uint8_t *)name, len, true))
            return &m->field[i];
    return NULL;
}

static void join(struct http1_tx *tx, struct http1_field *old, struct http1_text more)
{
    uint8_t *both = arena_take(&tx->memory, old->value.len + 2 + more.len + 1);
    memcpy(both, old->value.data, old->value.len);
    memcpy(both + old->value.len, ", ", 2);
    memcpy(both + old->value.len + 2, more.data, more.len);
    old->value = (struct http1_text){both, old->value.len + 2 + more.len};
}

/* The same name again: its value is joined to the first, as all recipients may do (RFC 9110 5.3).
 */
static void repeat(struct http1 *h, struct http1_tx *tx, enum http1_side side,
                   struct http1_field *old, struct http1_text value)
{
    struct http1_message *m = http1_message(tx, side);
    bool request = side == HTTP1_REQUEST;
    if (!(old->flag & HTTP1_REPEATED))
        http1_tell(h, tx, side,
                   request ? HTTP1_EVENT_REQUEST_HEADER_REPETITION
                           : HTTP1_EVENT_RESPONSE_HEADER_REPETITION);
    else if (m->repetitions >= HTTP1_REPETITION_MAX)
        return;
    else
        m->repetitions++;
    old->flag |= HTTP1_REPEATED;
    if (!http1_text_is(old->name, "Content-Length")) {
        join(tx, old, value);
        return;
    }
    uint64_t first, second;
    if (!http1_number(old->value, &first) || !http1_number(value, &second) || first != second)
        http1_tell(h, tx, side,
                   request ? HTTP1_EVENT_DUPLICATE_CONTENT_LENGTH_FIELD_IN_REQUEST
                           : HTTP1_EVENT_DUPLICATE_CONTENT_LENGTH_FIELD_IN_RESPONSE);
}

static bool add_field(struct http1 *h, struct http1_tx *tx, enum http1_side side,
                      struct http1_field fresh)
{
    struct http1_message *m = http1_message(tx, side);
    for (size_t i = 0; i < m->field_count; i++)
        if (same_name(m->field[i].name, fresh.name.data, fresh.name.len, false)) {
            repeat(h, tx, side, &m->field[i], fresh.value);
            return true;
        }
    if (m->field_count > HTTP1_FIELD_MAX) {
        http1_tell(h, tx, side,
                   side == HTTP1_REQUEST ? HTTP1_EVENT_REQUEST_TOO_MANY_HEADERS
                                         : HTTP1_EVENT_RESPONSE_TOO_MANY_HEADERS);
        return false;
    }
    MEM_GROW(m->field, m->field_count, m->field_capacity);
    m->field[m->field_count++] = fresh;
    return true;
}

static void judge_name(struct http1 *h, struct http1_tx *tx, enum http1_side side,
                       struct http1_text name, bool has_colon, uint8_t *flag)
{
    bool request = side == HTTP1_REQUEST;
    enum http1_event invalid =
        request ? HTTP1_EVENT_REQUEST_HEADER_INVALID : HTTP1_EVENT_RESPONSE_HEADER_INVALID;
    if (!has_colon) {
        http1_tell(h, tx, side,
                   request ? HTTP1_EVENT_REQUEST_FIELD_MISSING_COLON
                           : HTTP1_EVENT_RESPONSE_FIELD_MISSING_COLON);
        *flag |= HTTP1_INVALID;
        return;
    }
    if (name.len && http1_is_space(name.data[0])) {
        http1_tell(h, tx, side,
                   request ? HTTP1_EVENT_INVALID_REQUEST_FIELD_FOLDING
                           : HTTP1_EVENT_INVALID_RESPONSE_FIELD_FOLDING);
        *flag |= HTTP1_INVALID;
    }
    bool odd_end = name.len && http1_is_space(name.data[name.len - 1]);
    if (name.len == 0 || odd_end || !is_token(http1_trim(name))) {
        http1_tell(h, tx, side, invalid);
        *flag |= HTTP1_INVALID;
    }
}

/* One field.  False: more bytes are needed (short_of), or it was one too many. */
static bool take_field(struct http1 *h, struct http1_tx *tx, enum http1_side side, struct scan *s)
{
    struct str value = str_of(0);
    size_t len = name_len(s);
    const uint8_t *start = s->pos;
    bool has_colon = s->pos + len < s->end && s->pos[len] == ':';
    struct http1_text name = {s->pos, has_colon ? len : 0};
    if (has_colon) {
        s->pos += len + 1;
        while (s->pos < s->end && (*s->pos == ' ' || *s->pos == '\t'))
            s->pos++;
    }
    take_value(s, &value);
    bool good = !s->short_of;
    if (good) {
        struct http1_field fresh = {
            .flag = http1_message(tx, side)->step == HTTP1_TRAILER ? HTTP1_IN_TRAILER : 0};
        judge_name(h, tx, side, name, has_colon, &fresh.flag);
        fresh.name = http1_keep(tx, http1_trim(name));
        fresh.value = http1_keep(
            tx, http1_trim((struct http1_text){(const uint8_t *)str_text(&value), value.len}));
        good = add_field(h, tx, side, fresh);
    } else {
        s->pos = start;
    }
    str_done(&value);
    return good;
}

enum http1_go http1_header_step(struct http1 *h, enum http1_side side)
{
    struct http1_line_side *l = &h->side[side];
    struct http1_message *m = http1_message(l->tx, side);
    bool response = side == HTTP1_RESPONSE;
    while (http1_left(l)) {
        struct scan s = {.pos = l->pos, .end = l->end, .response = response, .complete = l->is_end};
        size_t eol = plain_eol(&s);
        bool cr_alone = *l->pos == '\r' && http1_left(l) == 1;
        if (cr_alone && !l->is_end)
            return GO_MORE;
        bool first = m->field_count == 0 && m->step != HTTP1_TRAILER;
        if (eol && !(response && *l->pos == '\r' && eol == 1 && first)) {
            str_add_len(&m->raw, l->pos, eol);
            l->pos += eol;
            return GO_ON;
        }
        const uint8_t *start = l->pos;
        if (!take_field(h, l->tx, side, &s)) {
            if (!s.short_of)
                return GO_BROKEN;
            if (http1_left(l) <= HTTP1_LINE_MAX)
                return GO_MORE;
            http1_tell(h, l->tx, side,
                       response ? HTTP1_EVENT_RESPONSE_FIELD_TOO_LONG
                                : HTTP1_EVENT_REQUEST_FIELD_TOO_LONG);
            return GO_BROKEN;
        }
        l->pos = s.pos;
        str_add_len(&m->raw, start, (size_t)(l->pos - start));
    }
    return l->is_end ? GO_ON : GO_MORE;
}
