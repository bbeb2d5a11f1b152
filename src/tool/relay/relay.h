/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is this mail server an open relay?  Each test offers a mail from a stranger to a stranger, in a
 * form that servers have fallen for, with a token of its own; what is delivered is known by its
 * token.  A 250 alone proves nothing: servers accept and throw away.  Mail goes to the one
 * recipient that the caller named and to no other. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/net/addr.h"
#include "sys/io/proxy_client.h"
#include "tool/relay/battery.h"

enum relay_outcome {
    RELAY_REFUSED,   /* 5xx at MAIL, RCPT, DATA or after the message */
    RELAY_ACCEPTED,  /* taken after DATA, not seen again */
    RELAY_DELIVERED, /* its token arrived */
    RELAY_DEFERRED,  /* 4xx */
    RELAY_LOCAL,     /* taken as one of its own addresses by a server that takes any */
    RELAY_SKIPPED,   /* does not apply here */
    RELAY_ERROR,     /* no reply, or none that is SMTP */
};
extern const char *const relay_outcome_names[]; /* "refused" ... */

enum relay_verdict { RELAY_CLOSED, RELAY_OPEN, RELAY_UNVERIFIED, RELAY_INCONCLUSIVE };
extern const char *const relay_verdict_names[]; /* "closed", "open", "accepts-unverified", ... */

struct relay_result {
    const struct relay_test *test;
    const char *from, *to;
    enum relay_outcome outcome;
    int code;             /* of the deciding reply; 0: none */
    const char *text;     /* ... and its words, a stranger's */
    const char *token;    /* NULL: no message was sent */
    bool arrived;         /* the token was seen, maybe before the reply was */
    const char *dialogue; /* lines "> ..." and "< ..." */
};

enum relay_software { RELAY_UNKNOWN, RELAY_POSTFIX, RELAY_EXIM, RELAY_SENDMAIL };

struct relay_report {
    struct endpoint target, tester;
    const char *vantage; /* from where it was seen, and what that means */
    enum relay_verdict verdict;
    const char *reason;
    const char *banner, *server_name;
    enum relay_software software;
    const char *tls; /* version in use, or NULL */
    bool starttls_offered, starttls_injected, auth_offered, catch_all;
    uint64_t connect_ns, banner_ns; /* how long they took */
    const char *ptr_name;           /* name of its address, or NULL */
    bool ptr_matches;               /* that name leads back to the address */
    struct relay_result *result;
    size_t count;
};

struct relay_options {
    struct addr target;
    uint16_t port; /* 0: 25, 587, 465 in turn */
    const char *from, *to, *domain, *helo, *local_rcpt;
    const struct relay_test *test;
    size_t test_count;
    uint64_t reply_ns;  /* limit for each reply */
    uint64_t retry_ns;  /* after it what was deferred is asked again; 0: not */
    bool envelope_only; /* stop behind RCPT: nothing can be delivered, and nothing proven */
    struct endpoint source;
    enum proxy_kind proxy;
    struct endpoint proxy_at;
    /* where delivered mail is awaited */
    bool has_sink;
    struct endpoint sink;
    const char *maildir;
    int (*search)(void *ctx, const char *token, bool *found, struct err *e); /* IMAP; or NULL */
    void *search_ctx;
    uint64_t sink_wait_ns;
    void (*line)(void *ctx, char way, const char *line); /* each line as it passes; may be NULL */
    bool (*stop)(void *ctx);                             /* may be NULL */
    void *ctx;
};

/* Run it.  The report lives in `arena`.  0 whatever the verdict; a negative errno value when the
 * test could not begin on our side (sink, memory of the loop, a wrong address). */
int relay_run(const struct relay_options *o, struct arena *arena, struct relay_report *out,
              struct err *e) MUST_CHECK;
