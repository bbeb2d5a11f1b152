/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/relay/judge.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *const relay_outcome_names[] = {
    [RELAY_REFUSED] = "refused",   [RELAY_ACCEPTED] = "accepted", [RELAY_DELIVERED] = "delivered",
    [RELAY_DEFERRED] = "deferred", [RELAY_LOCAL] = "local",       [RELAY_SKIPPED] = "skipped",
    [RELAY_ERROR] = "error",
};

const char *const relay_verdict_names[] = {
    [RELAY_CLOSED] = "closed",
    [RELAY_OPEN] = "open",
    [RELAY_UNVERIFIED] = "accepts-unverified",
    [RELAY_INCONCLUSIVE] = "inconclusive",
};

enum relay_outcome judge_reply(int code)
{
    switch (code / 100) {
    case 2:
        return RELAY_ACCEPTED;
    case 4:
        return RELAY_DEFERRED;
    case 5:
        return RELAY_REFUSED;
    default:
        return RELAY_ERROR; /* 3xx where none belongs */
    }
}

/* The domain behind the last at sign that no quotes enclose; NULL: there is none. */
static const char *domain_of(const char *to)
{
    const char *domain = NULL;
    bool quoted = false;
    for (; *to; to++) {
        if (*to == '\\' && to[1])
            to++;
        else if (*to == '"')
            quoted = !quoted;
        else if (*to == '@' && !quoted)
            domain = to + 1;
    }
    return domain;
}

bool judge_is_own(const char *to, const char *domain, const char *server_name,
                  const struct addr *server)
{
    char ip[ADDR_TEXT_MAX], literal[ADDR_TEXT_MAX + 2];
    const char *of = domain_of(to);
    if (!of)
        return true;
    snprintf(literal, sizeof literal, "[%s]", addr_format(server, ip));
    const char *own[] = {domain, server_name, literal, ip, "localhost"};
    size_t len = strcspn(of, " \t");
    len -= len && of[len - 1] == '.';
    for (size_t i = 0; i < ARRAY_COUNT(own); i++)
        if (own[i] && strlen(own[i]) == len && strncasecmp(of, own[i], len) == 0)
            return true;
    return false;
}

enum relay_verdict judge_all(const struct relay_result *result, size_t count)
{
    unsigned seen = 0;
    for (size_t i = 0; i < count; i++)
        seen |= 1U << result[i].outcome;
    if (seen & 1U << RELAY_DELIVERED)
        return RELAY_OPEN;
    if (seen & 1U << RELAY_ACCEPTED)
        return RELAY_UNVERIFIED;
    if (seen & (1U << RELAY_ERROR | 1U << RELAY_DEFERRED) || !(seen & 1U << RELAY_REFUSED))
        return RELAY_INCONCLUSIVE;
    return RELAY_CLOSED;
}

enum relay_software judge_software(const char *banner)
{
    static const struct {
        const char *word;
        enum relay_software software;
    } row[] = {{"Postfix", RELAY_POSTFIX}, {"Exim", RELAY_EXIM}, {"Sendmail", RELAY_SENDMAIL}};
    for (size_t i = 0; i < ARRAY_COUNT(row); i++)
        if (strcasestr(banner, row[i].word))
            return row[i].software;
    return RELAY_UNKNOWN;
}
