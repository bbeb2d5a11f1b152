/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/advisory/subscribe_reply.h"

#include <string.h>
#include <strings.h>

#include "tool/advisory/bulletin.h"

static const char *after(const char *text, const char *mark)
{
    const char *at = strcasestr(text, mark);
    return at ? at + strlen(mark) : NULL;
}

/* The word behind the first of the marks that the text holds; NULL: none. */
static const char *word_after(struct arena *arena, const char *text, const char *const *marks)
{
    for (; *marks; marks++) {
        const char *at = after(text, *marks);
        if (!at)
            continue;
        at += strspn(at, " \t:\"'<");
        const char *word = bulletin_word(arena, at);
        size_t len = strcspn(word, ">\"'");
        if (len)
            return arena_copy(arena, word, len);
    }
    return NULL;
}

static const char *lower(struct arena *arena, const char *text)
{
    char *copy = arena_text(arena, text);
    for (char *c = copy; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c | 0x20);
    return copy;
}

static bool is_number(const char *text)
{
    size_t len = strlen(text);
    return len > 0 && len <= 16 && strspn(text, "0123456789") == len;
}

/* CREN ListProcessor, and what ran CIAC's lists. */
static bool read_listproc(struct arena *arena, struct advisory_mail *m, const char *flat)
{
    static const char *const lists[] = {"Your subscription to ", "has been added to list ",
                                        "has been added to the list ", NULL};
    static const char *const addresses[] = {"Your address:", "user ", "your address is ", NULL};
    static const char *const pins[] = {"initial PIN:", "initial PIN is ", "(PIN) is ", "PIN is ",
                                       "PIN:",         "password is ",    NULL};
    struct mail_subscription *s = &m->subscription;
    const char *list = word_after(arena, flat, lists), *pin = word_after(arena, flat, pins);
    if (!list || !pin || !is_number(pin))
        return false;
    s->list = lower(arena, list);
    s->pin = pin;
    s->address = word_after(arena, flat, addresses);
    s->state = "subscribed";
    return true;
}

/* Mailman 2 and 3: "confirm TOKEN" as the subject, or at a line's begin; Majordomo's "auth TOKEN
 * subscribe LIST ADDRESS"; ezmlm's reply address LIST-sc.TOKEN-USER=HOST@DOMAIN. */
static bool read_confirm(struct arena *arena, struct advisory_mail *m)
{
    struct mail_subscription *s = &m->subscription;
    const char *at = m->subject ? after(m->subject, "confirm ") : NULL;
    const char *auth = strstr(m->text, "auth ");
    const char *reply = m->reply_to ? strstr(m->reply_to, "-sc.") : NULL;
    if (at && strspn(at, "0123456789abcdefABCDEF+") >= 8) {
        s->token = bulletin_word(arena, at);
        s->list = m->list ? m->list : "";
    } else if (reply) {
        const char *open = *m->reply_to == '<' ? m->reply_to + 1 : m->reply_to;
        s->token = arena_copy(arena, open, strcspn(open, ">"));
        s->list = arena_copy(arena, open, (size_t)(reply - open));
    } else if (auth && (auth == m->text || strchr(" \t\n>", auth[-1]))) {
        const char *token = bulletin_word(arena, auth + 5), *verb = auth + 5 + strlen(token);
        verb += strspn(verb, " ");
        if (strncmp(verb, "subscribe ", 10) != 0 && strncmp(verb, "unsubscribe ", 12) != 0)
            return false;
        s->token = token;
        s->list = bulletin_word(arena, strchr(verb, ' ') + 1);
        s->state = *verb == 'u' ? "confirm-off" : "confirm";
        return true;
    } else {
        return false;
    }
    s->state = "confirm";
    return true;
}

static bool read_plain(struct arena *arena, struct advisory_mail *m, const char *flat)
{
    static const char *const welcomes[] = {"Welcome to the ", "You have been subscribed to ",
                                           "succeeded: subscribe ", NULL};
    static const char *const farewells[] = {"You have been unsubscribed from the ",
                                            "You have been unsubscribed from ",
                                            "been removed from list ",
                                            "unsubscribed from ",
                                            "succeeded: unsubscribe ",
                                            NULL};
    struct mail_subscription *s = &m->subscription;
    const char *subject = m->subject ? m->subject : "";
    const char *both = arena_print(arena, "%s\n%s", subject, flat);
    static const char *const echoes[] = {">>>> unsubscribe ", NULL}; /* Majordomo's */
    const char *list = word_after(arena, both, farewells);
    if (!list && strstr(flat, "Succeeded"))
        list = word_after(arena, both, echoes);
    s->state = "unsubscribed";
    if (!list) {
        list = word_after(arena, both, welcomes);
        s->state = "subscribed";
    }
    if (!list)
        return false;
    s->list = lower(arena, list);
    s->address = m->to.count ? m->to.text[0] : NULL;
    return true;
}

void subscribe_reply_read(struct arena *arena, struct advisory_mail *m)
{
    const char *flat = bulletin_flat(arena, m->text);
    if (m->advisories.count || strlen(flat) > 65536)
        return;
    if (!read_listproc(arena, m, flat) && !read_confirm(arena, m) && !read_plain(arena, m, flat))
        m->subscription = (struct mail_subscription){0};
}
