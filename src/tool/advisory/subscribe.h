/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Subscribing to advisory lists by mail, as the list managers of three decades want it: what to
 * send, what has been sent, and what an answer changes.  Answers are a stranger's text: only those
 * that fit a request of ours which is still open are followed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"

struct advisory_mail;

enum subscribe_verb {
    SUBSCRIBE_ON,
    SUBSCRIBE_OFF,
    SUBSCRIBE_SET_ADDRESS, /* ListProcessor: change the address, with the PIN */
    SUBSCRIBE_SET_PIN,
    SUBSCRIBE_HELP,
    SUBSCRIBE_CONFIRM, /* answer a request to confirm, with its token */
};

struct subscribe_request {
    const char *manager; /* "listproc", "majordomo", "mailman", "ezmlm" */
    const char *address; /* of the manager, or of the list where that has no address of its own */
    const char *list;    /* may be NULL where `address` names it */
    const char *from;    /* the subscriber */
    const char *name, *phone;                        /* ListProcessor wants them; may be NULL */
    const char *pin, *new_address, *new_pin, *token; /* as the verb needs */
    enum subscribe_verb verb;
};

struct subscribe_mail {
    const char *to, *from, *subject, *body; /* lines end with "\n" */
};

/* What to send.  0, or -EINVAL: the manager is not known, or a word is missing or cannot stand in a
 * command (it holds a line end). */
int subscribe_compose(struct arena *arena, const struct subscribe_request *r,
                      struct subscribe_mail *out, struct err *e) MUST_CHECK;

/* The whole mail with its headers.  `seconds` since 1970 for Date and Message-ID. */
void subscribe_print(const struct subscribe_mail *mail, int64_t seconds, struct str *out);

/* ---- what we have asked for ---- */

enum subscribe_state {
    SUBSCRIBE_ASKED,
    SUBSCRIBE_ACTIVE,
    SUBSCRIBE_LEAVING,
    SUBSCRIBE_GONE,
    SUBSCRIBE_STATE_COUNT,
};

const char *subscribe_state_name(enum subscribe_state s); /* "asked" ... */

struct subscription {
    const char *manager, *address, *list, *from, *pin; /* pin NULL: none */
    enum subscribe_state state;
    int64_t asked; /* seconds since 1970 */
};

struct subscription_list {
    struct subscription *item;
    size_t count, capacity;
};

/* The file of subscriptions, JSON, mode 0600 because of the PINs.  A missing one is an empty list.
 */
int subscription_read(struct arena *arena, const char *path, struct subscription_list *out,
                      struct err *e) MUST_CHECK;
int subscription_write(const char *path, const struct subscription_list *list,
                       struct err *e) MUST_CHECK;

/* Note what is being asked; an earlier note of the same list and subscriber is replaced. */
void subscription_note(struct arena *arena, struct subscription_list *list,
                       const struct subscribe_request *r, int64_t seconds);

/* Hold a mail against what we asked for.  true: it changed something in the list.  *out_answer is
 * the request to send in turn (verb SUBSCRIBE_CONFIRM), or has no manager. */
bool subscription_hear(struct arena *arena, struct subscription_list *list,
                       const struct advisory_mail *mail, int64_t seconds,
                       struct subscribe_request *out_answer);
