/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/look/step.h"

/* Does what comes behind `s` begin where `s` left the cursor?  If not, another place of `s` changes
 * nothing for it. */
static bool matters_later(const struct rule_step *s)
{
    for (s = s->next; s; s = s->next) {
        if (s->relative)
            return true;
        if (s->kind->moves && !s->negated)
            return false;
    }
    return false;
}

static bool holds_once(const struct rule_step *s, struct payload *p)
{
    if (!s->kind->find)
        return s->kind->holds(s, p) != s->negated;
    struct payload aside = *p; /* negated: the cursor stays where it is */
    uint32_t from = 0;
    return !s->kind->find(s, &aside, &from);
}

bool steps_hold(const struct rule_step *s, struct payload *p)
{
    for (; s && (!s->kind->find || s->negated); s = s->next)
        if (!holds_once(s, p))
            return false;
    if (!s)
        return true;
    const struct payload before = *p;
    bool again = matters_later(s);
    uint32_t from = 0;
    do {
        if (p->budget == 0)
            return false;
        uint32_t budget = p->budget - 1;
        *p = before;
        p->budget = budget;
        if (!s->kind->find(s, p, &from))
            return false;
        if (steps_hold(s->next, p))
            return true;
    } while (again);
    return false;
}
