/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A packed record is the struct, cut behind its kind's member, and its texts with their NULs.  In
 * the packed struct a text's pointer is an offset from the block's start (0: NULL). */
#include "hub/model/record.h"

#include <stdint.h>
#include <string.h>

enum { TEXTS_MAX = 7 };

#define TEXT(member) offsetof(struct record, member)

/* Where the texts of each kind are.  Who adds a text to a noun adds it here. */
static const struct {
    size_t size; /* of the struct, as far as this kind uses it */
    size_t text_count;
    size_t text[TEXTS_MAX];
} form[] = {
    [RECORD_EVENT] = {offsetof(struct record, event) + sizeof(struct event),
                      4,
                      {TEXT(event.type), TEXT(event.sensor), TEXT(event.summary),
                       TEXT(event.json)}},
    [RECORD_FACT] = {offsetof(struct record, fact) + sizeof(struct fact),
                     3,
                     {TEXT(fact.value), TEXT(fact.detail), TEXT(fact.observer)}},
    [RECORD_FINDING] = {offsetof(struct record, finding) + sizeof(struct finding),
                        7,
                        {TEXT(finding.tool), TEXT(finding.test), TEXT(finding.name),
                         TEXT(finding.evidence), TEXT(finding.cure), TEXT(finding.refs),
                         TEXT(finding.detail)}},
    [RECORD_RUN] = {offsetof(struct record, run) + sizeof(struct run),
                    3,
                    {TEXT(run.tool), TEXT(run.args), TEXT(run.error)}},
};

static const char *text_at(const void *record, size_t offset)
{
    const char *text;
    memcpy(&text, (const char *)record + offset, sizeof text);
    return text;
}

size_t record_pack(const struct record *r, void *to, size_t size)
{
    size_t len[TEXTS_MAX], need = form[r->kind].size;
    for (size_t i = 0; i < form[r->kind].text_count; i++) {
        const char *text = text_at(r, form[r->kind].text[i]);
        len[i] = text ? strlen(text) + 1 : 0;
        need += len[i];
    }
    if (need > size)
        return need;
    char *block = to;
    uintptr_t at = form[r->kind].size;
    memcpy(block, r, at);
    for (size_t i = 0; i < form[r->kind].text_count; i++) {
        uintptr_t offset = len[i] ? at : 0;
        if (len[i])
            memcpy(block + at, text_at(r, form[r->kind].text[i]), len[i]);
        memcpy(block + form[r->kind].text[i], &offset, sizeof offset);
        at += len[i];
    }
    return need;
}

void record_unpack(struct record *out, const void *from)
{
    const char *block = from;
    enum record_kind kind;
    memcpy(&kind, block + offsetof(struct record, kind), sizeof kind);
    memcpy(out, block, form[kind].size);
    for (size_t i = 0; i < form[kind].text_count; i++) {
        uintptr_t offset;
        memcpy(&offset, block + form[kind].text[i], sizeof offset);
        const char *text = offset ? block + offset : NULL;
        memcpy((char *)out + form[kind].text[i], &text, sizeof text);
    }
}
