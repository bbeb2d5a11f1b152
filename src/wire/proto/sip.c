/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/proto/sip.h"

#include <string.h>
#include <strings.h>

#include "core/base/attr.h"

enum { HEAD_MAX = 64 * 1024 };

static struct sip_text cut(const char *from, const char *to)
{
    return (struct sip_text){from, (uint32_t)(to - from)};
}

static struct sip_text trim(struct sip_text t)
{
    while (t.len && (*t.text == ' ' || *t.text == '\t'))
        t.text++, t.len--;
    while (t.len && strchr(" \t\r\n", t.text[t.len - 1]))
        t.len--;
    return t;
}

static bool first_line(struct sip_message *m)
{
    const char *text = m->line.text, *end = text + m->line.len;
    const char *one = memchr(text, ' ', m->line.len);
    const char *two = one ? memchr(one + 1, ' ', (size_t)(end - one - 1)) : NULL;
    if (!one)
        return false;
    m->is_response = m->line.len > 4 && memcmp(text, "SIP/", 4) == 0;
    if (m->is_response) {
        m->version = cut(text, one);
        m->code = cut(one + 1, two ? two : end);
        m->reason = two ? cut(two + 1, end) : (struct sip_text){end, 0};
        return m->code.len == 3;
    }
    m->method = cut(text, one);
    if (!two || end - two < 5 || memcmp(two + 1, "SIP/", 4) != 0)
        return false;
    m->uri = cut(one + 1, two);
    m->version = cut(two + 1, end);
    for (uint32_t i = 0; i < m->method.len; i++)
        if ((m->method.text[i] | 32) < 'a' || (m->method.text[i] | 32) > 'z')
            return false;
    return m->uri.len > 0;
}

static struct sip_text full_name(struct sip_text name)
{
    static const char *const full[][2] = {
        {"i", "Call-ID"},      {"m", "Contact"}, {"e", "Content-Encoding"}, {"l", "Content-Length"},
        {"c", "Content-Type"}, {"f", "From"},    {"s", "Subject"},          {"k", "Supported"},
        {"t", "To"},           {"v", "Via"}};
    for (size_t i = 0; name.len == 1 && i < ARRAY_COUNT(full); i++)
        if (*name.text == *full[i][0])
            return (struct sip_text){full[i][1], (uint32_t)strlen(full[i][1])};
    return name;
}

/* The end of a line that goes on in those behind it (folding); NULL: not there yet. */
static const char *field_end(const char *at, const char *end)
{
    for (;;) {
        const char *lf = memchr(at, '\n', (size_t)(end - at));
        if (!lf)
            return NULL;
        if (lf + 1 == end || (lf[1] != ' ' && lf[1] != '\t'))
            return lf;
        at = lf + 1;
    }
}

static bool is_empty(const char *at, const char *end)
{
    return at < end && (*at == '\n' || (end - at > 1 && at[0] == '\r' && at[1] == '\n'));
}

/* 1: the empty line was found at *at; 0: it is not there; -1: a line that is no field. */
static int read_fields(struct sip_message *m, const char **at, const char *end)
{
    while (*at < end && !is_empty(*at, end)) {
        const char *lf = field_end(*at, end);
        const char *colon = memchr(*at, ':', (size_t)((lf ? lf : end) - *at));
        if (!lf)
            return 0;
        if (!colon)
            return -1;
        if (m->field_count < SIP_FIELD_MAX)
            m->field[m->field_count++] =
                (struct sip_field){full_name(trim(cut(*at, colon))), trim(cut(colon + 1, lf))};
        *at = lf + 1;
    }
    return *at < end;
}

static uint64_t content_length(const struct sip_message *m)
{
    struct sip_text value;
    uint64_t n = 0;
    if (!sip_field(m, "Content-Length", 0, &value))
        return 0;
    for (uint32_t i = 0; i < value.len && value.text[i] >= '0' && value.text[i] <= '9'; i++)
        if ((n = n * 10 + (uint64_t)(value.text[i] - '0')) > HEAD_MAX)
            return HEAD_MAX;
    return n;
}

int sip_parse(struct sip_message *m, const void *data, size_t len, bool is_stream)
{
    const char *text = data, *end = text + len;
    const char *lf = len ? memchr(text, '\n', len) : NULL;
    int more = is_stream && len < HEAD_MAX ? 0 : -1;
    *m = (struct sip_message){0};
    if (!lf)
        return more;
    m->line = trim(cut(text, lf));
    m->line_len = m->head_at = (uint32_t)(lf + 1 - text);
    if (!first_line(m))
        return -1;
    const char *at = lf + 1;
    int r = read_fields(m, &at, end);
    if (r <= 0)
        return r < 0 ? -1 : more;
    m->head_len = (uint32_t)(at - text) - m->head_at;
    m->body_at = (uint32_t)(at - text) + (*at == '\r' ? 2 : 1);
    m->body_len = (uint32_t)len - m->body_at;
    if (!is_stream)
        return 1;
    uint64_t body = content_length(m);
    if (m->body_len < body)
        return more;
    m->body_len = (uint32_t)body;
    return 1;
}

bool sip_field(const struct sip_message *m, const char *name, unsigned index, struct sip_text *out)
{
    size_t len = strlen(name);
    for (uint32_t i = 0; i < m->field_count; i++)
        if (m->field[i].name.len == len && strncasecmp(m->field[i].name.text, name, len) == 0 &&
            index-- == 0) {
            *out = m->field[i].value;
            return true;
        }
    return false;
}

bool sdp_parse(struct sdp *s, const void *data, size_t len)
{
    const char *at = data, *end = at + len;
    uint16_t media = 0;
    s->count = 0;
    if (len < 2 || at[0] != 'v' || at[1] != '=')
        return false;
    while (at + 2 <= end && s->count < SDP_LINE_MAX) {
        const char *lf = memchr(at, '\n', (size_t)(end - at));
        if (at[1] != '=')
            break;
        if (*at == 'm')
            media++;
        s->line[s->count++] =
            (struct sdp_line){*at, media, trim(cut(at + 2, lf && lf > at + 2 ? lf : end))};
        if (!lf)
            break;
        at = lf + 1;
    }
    return true;
}

bool sdp_line(const struct sdp *s, char type, bool of_media, unsigned index, struct sip_text *out)
{
    for (uint32_t i = 0; i < s->count; i++)
        if (s->line[i].type == type && (s->line[i].media > 0) == of_media && index-- == 0) {
            *out = s->line[i].value;
            return true;
        }
    return false;
}
