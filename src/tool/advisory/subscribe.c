/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands.  ListProcessor: CREN's user guide; Majordomo: its "help"; Mailman: list members'
 * manual; ezmlm: ezmlm(5) addresses. */
#include "tool/advisory/subscribe.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "core/text/date.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static const char *lower_text(struct arena *arena, const char *text)
{
    char *copy = arena_text(arena, text);
    for (char *c = copy; *c; c++)
        *c = lower(*c);
    return copy;
}

/* A line end in a word would begin a command, or a header, of a stranger's choice. */
static int check_words(const struct subscribe_request *r, struct err *e)
{
    const char *const words[] = {r->address, r->list,        r->from,    r->name, r->phone,
                                 r->pin,     r->new_address, r->new_pin, r->token};
    for (size_t i = 0; i < ARRAY_COUNT(words); i++)
        for (const char *c = words[i]; c && *c; c++)
            if ((unsigned char)*c < ' ' || *c == 0x7f)
                return err_set(e, -EINVAL, "a control character in \"%s\"", words[i]);
    if (!r->address || !strchr(r->address, '@'))
        return err_set(e, -EINVAL, "--address is needed: the list manager's, with an @");
    if (!r->from || !strchr(r->from, '@'))
        return err_set(e, -EINVAL, "--from is needed: your own address");
    return 0;
}

static int need(const char *word, const char *what, struct err *e)
{
    return word && *word ? 0 : err_set(e, -EINVAL, "%s is needed", what);
}

static int compose_listproc(struct arena *arena, const struct subscribe_request *r,
                            struct subscribe_mail *out, struct err *e)
{
    if (r->verb != SUBSCRIBE_HELP && need(r->list, "--list", e) < 0)
        return e->code;
    const char *list = r->list ? lower_text(arena, r->list) : "";
    switch (r->verb) {
    case SUBSCRIBE_ON:
        if (need(r->name, "--name (\"Last, First\")", e) < 0)
            return e->code;
        out->body = arena_print(arena, "subscribe %s %s%s%s\n", list, r->name, r->phone ? ", " : "",
                                r->phone ? r->phone : "");
        return 0;
    case SUBSCRIBE_OFF:
        out->body = arena_print(arena, "unsubscribe %s\n", list);
        return 0;
    case SUBSCRIBE_SET_ADDRESS:
        if (need(r->pin, "--pin", e) < 0 || need(r->new_address, "--set-address", e) < 0)
            return e->code;
        out->body = arena_print(arena, "set %s address %s %s\n", list, r->pin, r->new_address);
        return 0;
    case SUBSCRIBE_SET_PIN:
        if (need(r->pin, "--pin", e) < 0 || need(r->new_pin, "--set-pin", e) < 0)
            return e->code;
        out->body = arena_print(arena, "set %s password %s %s\n", list, r->pin, r->new_pin);
        return 0;
    case SUBSCRIBE_HELP:
        out->body = "help\n";
        return 0;
    case SUBSCRIBE_CONFIRM:
        break;
    }
    return err_set(e, -EINVAL, "listproc asks for no confirmation");
}

static int compose_majordomo(struct arena *arena, const struct subscribe_request *r,
                             struct subscribe_mail *out, struct err *e)
{
    if (r->verb != SUBSCRIBE_HELP && need(r->list, "--list", e) < 0)
        return e->code;
    const char *list = r->list ? lower_text(arena, r->list) : "";
    switch (r->verb) {
    case SUBSCRIBE_ON:
        out->body = arena_print(arena, "subscribe %s\n", list);
        return 0;
    case SUBSCRIBE_OFF:
        out->body = arena_print(arena, "unsubscribe %s\n", list);
        return 0;
    case SUBSCRIBE_HELP:
        out->body = "help\n";
        return 0;
    case SUBSCRIBE_CONFIRM:
        if (need(r->token, "--token", e) < 0)
            return e->code;
        out->body = arena_print(arena, "auth %s subscribe %s %s\n", r->token, list, r->from);
        return 0;
    default:
        return err_set(e, -EINVAL, "majordomo keeps no PIN: unsubscribe, and subscribe anew");
    }
}

/* "bugtraq@lists.example", "subscribe" -> "bugtraq-subscribe@lists.example" */
static const char *with_suffix(struct arena *arena, const char *address, const char *suffix)
{
    const char *at = strrchr(address, '@');
    return arena_print(arena, "%.*s-%s%s", (int)(at - address), address, suffix, at);
}

/* The list's own address, where that of its manager was given. */
static const char *list_address(struct arena *arena, const struct subscribe_request *r)
{
    static const char request[] = "-request@";
    const char *suffix = strstr(r->address, request);
    if (!suffix)
        return r->address;
    return arena_print(arena, "%.*s%s", (int)(suffix - r->address), r->address,
                       suffix + sizeof request - 2);
}

static int compose_mailman(struct arena *arena, const struct subscribe_request *r,
                           struct subscribe_mail *out, struct err *e)
{
    out->to = with_suffix(arena, list_address(arena, r), "request");
    switch (r->verb) {
    case SUBSCRIBE_ON:
        out->body = "subscribe\n";
        return 0;
    case SUBSCRIBE_OFF:
        out->body = "unsubscribe\n";
        return 0;
    case SUBSCRIBE_HELP:
        out->body = "help\n";
        return 0;
    case SUBSCRIBE_CONFIRM:
        if (need(r->token, "--token", e) < 0)
            return e->code;
        out->subject = arena_print(arena, "confirm %s", r->token);
        out->body = arena_print(arena, "confirm %s\n", r->token);
        return 0;
    default:
        return err_set(e, -EINVAL, "mailman changes addresses on its pages, not by mail");
    }
}

static int compose_ezmlm(struct arena *arena, const struct subscribe_request *r,
                         struct subscribe_mail *out, struct err *e)
{
    switch (r->verb) {
    case SUBSCRIBE_ON:
        out->to = with_suffix(arena, r->address, "subscribe");
        return 0;
    case SUBSCRIBE_OFF:
        out->to = with_suffix(arena, r->address, "unsubscribe");
        return 0;
    case SUBSCRIBE_HELP:
        out->to = with_suffix(arena, r->address, "help");
        return 0;
    case SUBSCRIBE_CONFIRM: /* the token is the address to write to */
        if (need(r->token, "--token", e) < 0)
            return e->code;
        out->to = r->token;
        return 0;
    default:
        return err_set(e, -EINVAL, "ezmlm keeps no PIN: unsubscribe, and subscribe anew");
    }
}

static const struct {
    const char *name;
    int (*compose)(struct arena *arena, const struct subscribe_request *r,
                   struct subscribe_mail *out, struct err *e);
} managers[] = {
    {"listproc", compose_listproc},
    {"majordomo", compose_majordomo},
    {"mailman", compose_mailman},
    {"ezmlm", compose_ezmlm},
};

int subscribe_compose(struct arena *arena, const struct subscribe_request *r,
                      struct subscribe_mail *out, struct err *e)
{
    if (check_words(r, e) < 0)
        return e->code;
    *out = (struct subscribe_mail){.to = r->address, .from = r->from, .subject = "", .body = ""};
    for (size_t i = 0; i < ARRAY_COUNT(managers); i++)
        if (r->manager && strcmp(managers[i].name, r->manager) == 0)
            return managers[i].compose(arena, r, out, e);
    return err_set(e, -EINVAL, "--manager is one of listproc, majordomo, mailman, ezmlm");
}

void subscribe_print(const struct subscribe_mail *mail, int64_t seconds, struct str *out)
{
    struct date date;
    const char *host = strrchr(mail->from, '@');
    str_addf(out, "From: %s\nTo: %s\nSubject: %s\n", mail->from, mail->to, mail->subject);
    if (date_from_seconds(&date, seconds))
        str_addf(out, "Date: %s\n", date_mail_text(&date).text);
    str_addf(out, "Message-ID: <picket.%" PRId64 ".%zu%s>\n", seconds,
             strlen(mail->body) + strlen(mail->to), host ? host : "@localhost");
    str_add(out, "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n");
    str_add(out, mail->body);
}
