/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file of subscriptions, and what answers change in it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/text/json.h"
#include "core/text/json_tree.h"
#include "sys/io/file.h"
#include "tool/advisory/mail.h"
#include "tool/advisory/subscribe.h"

enum { FILE_MAX_BYTES = 1 << 20, ANSWER_DAYS_MAX = 30 };

static const char *const states[SUBSCRIBE_STATE_COUNT] = {"asked", "active", "leaving", "gone"};

const char *subscribe_state_name(enum subscribe_state s)
{
    return states[s];
}

static enum subscribe_state state_of(const char *name)
{
    for (int i = 0; name && i < SUBSCRIBE_STATE_COUNT; i++)
        if (strcmp(states[i], name) == 0)
            return (enum subscribe_state)i;
    return SUBSCRIBE_GONE;
}

static void add(struct arena *arena, struct subscription_list *list, const struct subscription *s)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 8;
        struct subscription *bigger = arena_array(arena, list->capacity, sizeof *bigger);
        if (list->count)
            memcpy(bigger, list->item, list->count * sizeof *bigger);
        list->item = bigger;
    }
    list->item[list->count++] = *s;
}

int subscription_read(struct arena *arena, const char *path, struct subscription_list *out,
                      struct err *e)
{
    struct str text = str_of(FILE_MAX_BYTES), why = str_of(0);
    *out = (struct subscription_list){0};
    int rc = file_read(path, &text, e);
    if (rc < 0) {
        str_done(&text);
        return rc == -ENOENT ? 0 : rc;
    }
    const struct json_node *root = json_tree_parse(str_text(&text), text.len, arena, &why);
    if (!root)
        rc = err_set(e, -EBADMSG, "%s: %s", path, str_text(&why));
    JSON_EACH (n, root) {
        struct subscription s = {.manager = json_member(n, "manager"),
                                 .address = json_member(n, "address"),
                                 .list = json_member(n, "list"),
                                 .from = json_member(n, "from"),
                                 .pin = json_member(n, "pin"),
                                 .state = state_of(json_member(n, "state")),
                                 .asked = (int64_t)json_number(json_find(n, "asked"), 0)};
        if (s.manager && s.address && s.list && s.from)
            add(arena, out, &s);
    }
    str_done(&text);
    str_done(&why);
    return rc;
}

int subscription_write(const char *path, const struct subscription_list *list, struct err *e)
{
    struct str text = str_of(0);
    struct json_out j = json_out_of(&text);
    json_array(&j, NULL);
    for (size_t i = 0; i < list->count; i++) {
        const struct subscription *s = &list->item[i];
        json_object(&j, NULL);
        json_text(&j, "manager", s->manager);
        json_text(&j, "address", s->address);
        json_text(&j, "list", s->list);
        json_text(&j, "from", s->from);
        if (s->pin)
            json_text(&j, "pin", s->pin);
        json_text(&j, "state", states[s->state]);
        json_i64(&j, "asked", s->asked);
        json_end(&j);
    }
    json_end(&j);
    str_add_char(&text, '\n');
    int rc = file_replace(path, text.text, text.len, 0600, e);
    str_done(&text);
    return rc;
}

/* The list's name as answers write it: what stands before the '@' where no name was given. */
static const char *list_of(struct arena *arena, const struct subscribe_request *r)
{
    if (r->list)
        return arena_text(arena, r->list);
    size_t len = strcspn(r->address, "@");
    static const char request[] = "-request";
    if (len > sizeof request &&
        strncmp(r->address + len - (sizeof request - 1), request, sizeof request - 1) == 0)
        len -= sizeof request - 1;
    return arena_copy(arena, r->address, len);
}

void subscription_note(struct arena *arena, struct subscription_list *list,
                       const struct subscribe_request *r, int64_t seconds)
{
    const char *name = list_of(arena, r);
    struct subscription s = {.manager = r->manager,
                             .address = r->address,
                             .list = name,
                             .from = r->verb == SUBSCRIBE_SET_ADDRESS ? r->new_address : r->from,
                             .pin = r->verb == SUBSCRIBE_SET_PIN ? r->new_pin : r->pin,
                             .state = r->verb == SUBSCRIBE_OFF  ? SUBSCRIBE_LEAVING
                                      : r->verb == SUBSCRIBE_ON ? SUBSCRIBE_ASKED
                                                                : SUBSCRIBE_ACTIVE,
                             .asked = seconds};
    for (size_t i = 0; i < list->count; i++) {
        struct subscription *old = &list->item[i];
        if (strcasecmp(old->list, name) == 0 && strcasecmp(old->from, r->from) == 0) {
            s.pin = s.pin ? s.pin : old->pin;
            *old = s;
            return;
        }
    }
    add(arena, list, &s);
}

static const char *domain_of(const char *address)
{
    const char *at = strrchr(address, '@');
    return at ? at + 1 : "";
}

/* From the manager's own domain, to a list that we asked for, within a month. */
static bool fits(const struct subscription *s, const struct advisory_mail *mail, int64_t seconds)
{
    bool open = s->state == SUBSCRIBE_ASKED || s->state == SUBSCRIBE_LEAVING;
    if (!open || seconds - s->asked > (int64_t)ANSWER_DAYS_MAX * 86400 || mail->from.count != 1)
        return false;
    if (strcasecmp(domain_of(mail->from.text[0]), domain_of(s->address)) != 0)
        return false;
    bool asks = strncmp(mail->subscription.state, "confirm", 7) == 0;
    if (asks && strcmp(s->manager, "listproc") == 0) /* it never does */
        return false;
    const char *named = mail->subscription.list;
    size_t len = strcspn(named, "@");
    if (len == 0) /* the mail must speak of it all the same */
        return strcasestr(mail->text, s->list) ||
               (mail->subject && strcasestr(mail->subject, s->list));
    return strlen(s->list) == len && strncasecmp(s->list, named, len) == 0;
}

/* ezmlm's token is an address to write to: only one of the list's own domain is. */
static bool is_safe_token(const struct subscription *s, const char *token)
{
    for (const char *c = token; *c; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f)
            return false;
    return strcmp(s->manager, "ezmlm") != 0 ||
           strcasecmp(domain_of(token), domain_of(s->address)) == 0;
}

static struct subscribe_request answer_to(const struct subscription *s, const char *token)
{
    return (struct subscribe_request){.manager = s->manager,
                                      .address = s->address,
                                      .list = s->list,
                                      .from = s->from,
                                      .token = token,
                                      .verb = SUBSCRIBE_CONFIRM};
}

bool subscription_hear(struct arena *arena, struct subscription_list *list,
                       const struct advisory_mail *mail, int64_t seconds,
                       struct subscribe_request *out_answer)
{
    const struct mail_subscription *said = &mail->subscription;
    *out_answer = (struct subscribe_request){0};
    if (!said->list || !said->state)
        return false;
    for (size_t i = 0; i < list->count; i++) {
        struct subscription *s = &list->item[i];
        if (!fits(s, mail, seconds))
            continue;
        if (strncmp(said->state, "confirm", 7) == 0) {
            if (!said->token || !is_safe_token(s, said->token))
                return false;
            *out_answer = answer_to(s, arena_text(arena, said->token));
            return true;
        }
        if (strcmp(said->state, "subscribed") == 0 && s->state == SUBSCRIBE_ASKED) {
            s->state = SUBSCRIBE_ACTIVE;
            s->pin = said->pin ? arena_text(arena, said->pin) : s->pin;
            return true;
        }
        if (strcmp(said->state, "unsubscribed") == 0 && s->state == SUBSCRIBE_LEAVING) {
            s->state = SUBSCRIBE_GONE;
            return true;
        }
    }
    return false;
}
