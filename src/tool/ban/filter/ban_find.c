/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a line without its date to failures: ignoreregex, prefregex, failregex, and what is known of
 * the connection. */
#include <math.h>
#include <string.h>

#include "core/base/log.h"
#include "core/base/mem.h"
#include "tool/ban/conf/ban_value.h"
#include "tool/ban/filter/ban_filter_private.h"

/* The state of one line's search. */
struct finder {
    struct ban_filter *f;
    const struct filter_line *line;
    const char *subject; /* what rules search in; ends with a newline */
    size_t len;
    uint32_t base; /* where in the pool of a failure the subject begins */
    bool stale;    /* the subject has to be made anew from the buffer */
};

static bool is_multi(const struct finder *s)
{
    return s->f->max_lines > 1;
}

static bool search(struct finder *s, struct rule *r)
{
    enum regex_verdict v = rule_find(r, s->f->match, s->subject, s->len, s->line->is_ascii);
    if (v == REGEX_LIMIT && s->f->limits_hit++ % 1000 == 0)
        log_at(LOG_LEVEL_WARN, "expression \"%.80s\" takes too long on a line of %zu bytes",
               r->python, s->len);
    return v == REGEX_YES;
}

/* ---- groups ---- */

static void join_tuple(struct ban_fail *to, const struct rule_merge *m)
{
    struct str text = str_of(0);
    const char *old = ban_fail_text(to, to->value[m->to]);
    size_t old_len = to->value[m->to].len;
    bool has_old = ban_fail_has(to, m->to);
    /* a tuple that is joined further is opened again */
    if (has_old && old_len > 2 && old[0] == '(' && old[old_len - 1] == ')') {
        str_add_len(&text, old, old_len - 1);
    } else {
        str_add_char(&text, '(');
        if (has_old)
            ban_text_repr(old, old_len, &text);
        else
            str_add(&text, "None");
    }
    str_add(&text, ", ");
    if (ban_fail_has(to, m->from))
        ban_text_repr(ban_fail_text(to, to->value[m->from]), to->value[m->from].len, &text);
    else
        str_add(&text, "None");
    str_add_char(&text, ')');
    ban_fail_set(to, m->to, str_text(&text), text.len);
    str_done(&text);
}

/* The subject lies in the pool already, and groups are parts of it. */
static void take_groups(struct finder *s, const struct rule *r, struct ban_fail *to)
{
    size_t from, end;
    for (size_t i = 0; i < r->group_count; i++)
        if (regex_group(s->f->match, r->group[i].group, &from, &end) &&
            s->base + end <= to->pool.len) {
            to->value[r->group[i].key] =
                (struct fail_text){s->base + (uint32_t)from, (uint32_t)(end - from)};
            to->set |= UINT64_C(1) << r->group[i].key;
        }
    for (size_t i = 0; i < r->merge_count; i++) {
        const struct rule_merge *m = &r->merge[i];
        if (m->is_tuple)
            join_tuple(to, m);
        else if (ban_fail_is(to, m->from) && !ban_fail_is(to, m->to)) {
            struct fail_text t = to->value[m->from];
            to->value[m->to] = t;
            to->set |= UINT64_C(1) << m->to;
        }
    }
}

/* ---- lines ---- */

/* Which of the last lines the match covers, and which are left for later ones. */
static void split_lines(struct finder *s, const struct rule *r)
{
    struct str skipped = str_of(0), joined = {.text = (char *)s->subject, .len = s->len};
    size_t from, to, all_from, all_to;
    if (!regex_group(s->f->match, 0, &all_from, &all_to))
        return;
    for (unsigned i = 0; i < r->skip_count; i++)
        if (regex_group(s->f->match, r->skip_group[i], &from, &to))
            str_add_len(&skipped, s->subject + from, to - from);
    if (s->f->original.count > 1) {
        line_buffer_split(&s->f->original, &joined, all_from, all_to, &skipped, &s->f->matched,
                          &s->f->rest);
    } else {
        line_buffer_copy(&s->f->matched, &s->f->original);
        line_buffer_keep_last(&s->f->rest, 0);
    }
    str_done(&skipped);
}

static void add_matched_lines(struct finder *s, struct ban_fail *to, bool nofail)
{
    if (!is_multi(s)) {
        ban_fail_add_line(to, nofail, &s->line->part);
        return;
    }
    for (size_t i = 0; i < s->f->matched.count; i++) {
        struct line_part part = buffer_line_part(&s->f->matched.line[i]);
        ban_fail_add_line(to, nofail, &part);
    }
}

static void keep_rest(struct finder *s)
{
    line_buffer_copy(&s->f->buffer, &s->f->rest);
    s->stale = true;
}

/* ---- ignoreregex ---- */

/* Is the line, or what a rule matched of the last lines, to be ignored? */
static bool is_ignored(struct finder *s, bool behind_match)
{
    struct ban_filter *f = s->f;
    const char *subject = s->subject;
    size_t len = s->len;
    bool ignored = false;
    struct str joined = str_of(0);
    if (behind_match && is_multi(s)) {
        line_buffer_join(&s->f->matched, &joined);
        s->subject = str_text(&joined);
        s->len = joined.len;
    }
    for (size_t i = 0; i < f->ignore_count; i++) {
        if (!search(s, &f->ignore[i]))
            continue;
        ignored = true;
        if (f->ignored)
            f->ignored(f->ctx, (unsigned)i);
        if (behind_match && is_multi(s))
            keep_rest(s);
        if (!f->check_all)
            break;
    }
    s->subject = subject;
    s->len = len;
    str_done(&joined);
    return ignored;
}

/* ---- connections ---- */

/* How this line and what was known of its connection add up; the rules are those of fail2ban's
 * mlfid cache: context lines do not count, a login takes back what failed before it, unless several
 * users were tried. */
struct merge_state {
    bool gained, nofail, forget, was_quiet;
};

static void merge_known(struct ban_fail *known, const struct ban_fail *now, struct merge_state *st)
{
    if (ban_fail_is(now, RULE_USER))
        ban_fail_add_user(known, ban_fail_text(now, now->value[RULE_USER]),
                          now->value[RULE_USER].len);
    st->was_quiet = ban_fail_is(known, RULE_NOFAIL) || ban_fail_is(known, RULE_MLFGAINED);
    ban_fail_clear(known, RULE_NOFAIL);
    ban_fail_clear(known, RULE_MLFGAINED);
    if (st->gained)
        known->is_pending = false;
    if (!st->was_quiet && !known->is_pending)
        known->line_count = 0; /* they were told with the failure before */
    ban_fail_merge(known, now);
}

static void settle_lines(struct finder *s, struct ban_fail *fail, const struct merge_state *st)
{
    if (!st->nofail) {
        /* the context comes first, then what failed */
        size_t lines = fail->line_count;
        ban_fail_move_lines(fail, true);
        size_t context = fail->line_count - lines;
        if (lines && context) {
            struct fail_line *copy = mem_resize(NULL, lines, sizeof *copy);
            memcpy(copy, fail->line, lines * sizeof *copy);
            memmove(fail->line, fail->line + lines, context * sizeof *copy);
            memcpy(fail->line + context, copy, lines * sizeof *copy);
            mem_free(copy);
        }
        if (!st->gained)
            add_matched_lines(s, fail, false);
    } else if (!st->forget) {
        add_matched_lines(s, fail, true);
    }
}

/* The failure of this line, seen with its connection.  `now` holds the line's groups. */
static struct ban_fail *merge_connection(struct finder *s, struct ban_fail *now)
{
    struct ban_filter *f = s->f;
    struct merge_state st = {.gained = ban_fail_is(now, RULE_MLFGAINED),
                             .nofail = ban_fail_is(now, RULE_NOFAIL),
                             .forget = ban_fail_is(now, RULE_MLFFORGET)};
    const char *id = ban_fail_text(now, now->value[RULE_MLFID]);
    size_t id_len = now->value[RULE_MLFID].len;
    if (st.gained && !st.nofail) {
        now->value[RULE_NOFAIL] = now->value[RULE_MLFGAINED];
        now->set |= UINT64_C(1) << RULE_NOFAIL;
    }
    st.nofail |= st.gained;
    ban_fail_clear(now, RULE_MLFFORGET);
    struct ban_fail *fail = connections_find(&f->connections, id, id_len, f->wall_s);
    if (fail) {
        merge_known(fail, now, &st);
        if (st.forget) {
            ban_fail_copy(&f->told, fail);
            connections_remove(&f->connections, id, id_len);
            fail = &f->told;
        }
    } else if (!st.forget) {
        if (ban_fail_is(now, RULE_USER))
            now->user[now->user_count++] = now->value[RULE_USER];
        fail = connections_add(&f->connections, id, id_len, f->wall_s);
        ban_fail_copy(fail, now);
    } else {
        fail = now;
    }
    bool several = fail->user_count > 1 && (fail != now);
    if (fail->is_pending || several) {
        ban_fail_clear(fail, RULE_NOFAIL);
        ban_fail_clear(fail, RULE_MLFGAINED);
        st.nofail = st.gained = false;
    }
    fail->is_pending = false;
    settle_lines(s, fail, &st);
    return fail;
}

/* ---- whose failure ---- */

static int prefix_of(const struct ban_fail *fail)
{
    const char *text = ban_fail_text(fail, fail->value[RULE_CIDR]);
    int value = 0;
    if (!ban_fail_is(fail, RULE_CIDR))
        return -1;
    for (uint32_t i = 0; i < fail->value[RULE_CIDR].len && value < 1000; i++)
        value = value * 10 + (text[i] & 0xf);
    return value > 128 ? 128 : value;
}

static struct ban_id id_of_key(const struct ban_fail *fail, unsigned key, int prefix)
{
    return ban_id_of(ban_fail_text(fail, fail->value[key]), fail->value[key].len, prefix);
}

/* Most ids are IPv4 addresses in the form in which they are written again: no need to do so. */
static void set_id_of_key(struct ban_id *to, const struct ban_fail *fail, unsigned key, int prefix)
{
    const char *text = ban_fail_text(fail, fail->value[key]);
    size_t len = fail->value[key].len;
    struct err ignored;
    struct addr a;
    if (key != RULE_IP4 || prefix >= 0 || len >= ADDR_TEXT_MAX ||
        addr_parse_len(&a, text, len, &ignored) < 0) {
        *to = ban_id_of(text, len, prefix);
        return;
    }
    to->net = cidr_of(&a, 32);
    memcpy(to->text, text, len);
    to->text[len] = '\0';
}

/* Names are resolved by whoever is told; what looks like an address is one. */
static bool name_id(const struct ban_filter *f, const struct ban_fail *fail, struct ban_found *out)
{
    const char *text = ban_fail_text(fail, fail->value[RULE_DNS]);
    size_t len = fail->value[RULE_DNS].len;
    if (f->raw_hosts || f->usedns == USEDNS_RAW) {
        out->id = ban_id_word(text, len);
        return true;
    }
    out->id = ban_id_of(text, len, -1);
    if (ban_id_is_address(&out->id))
        return true;
    out->kind = FOUND_NAME;
    out->id = ban_id_word(text, len);
    return f->usedns != USEDNS_NO;
}

/* false: nobody is to be told. */
static bool identify(const struct ban_filter *f, struct ban_fail *fail, struct ban_found *out)
{
    bool has_fid = ban_fail_has(fail, RULE_FID);
    unsigned addr = ban_fail_has(fail, RULE_IP4) ? RULE_IP4 : RULE_IP6;
    bool has_ip = ban_fail_has(fail, addr);
    out->kind = FOUND_ID;
    if (!has_ip && !ban_fail_has(fail, RULE_DNS) && !has_fid) {
        if (!ban_fail_has(fail, RULE_MLFID))
            return false;
        out->kind = FOUND_PENDING;
        fail->is_pending = true;
        return true;
    }
    if (has_ip && f->no_ids)
        return true;
    if (has_ip && !has_fid) {
        set_id_of_key(&out->id, fail, addr, prefix_of(fail));
        return true;
    }
    if (has_ip)
        out->ip = id_of_key(fail, addr, prefix_of(fail));
    if (has_fid) {
        bool same =
            !has_ip || (fail->value[RULE_FID].len == fail->value[addr].len &&
                        memcmp(ban_fail_text(fail, fail->value[RULE_FID]),
                               ban_fail_text(fail, fail->value[addr]), fail->value[addr].len) == 0);
        if (!same) {
            out->id = f->raw_hosts ? ban_id_word(ban_fail_text(fail, fail->value[RULE_FID]),
                                                 fail->value[RULE_FID].len)
                                   : id_of_key(fail, RULE_FID, -1);
            return true;
        }
        if (!has_ip) {
            out->id = f->raw_hosts || f->usedns == USEDNS_RAW
                          ? ban_id_word(ban_fail_text(fail, fail->value[RULE_FID]),
                                        fail->value[RULE_FID].len)
                          : id_of_key(fail, RULE_FID, -1);
            return true;
        }
    }
    if (has_ip) {
        out->id = out->ip;
        out->ip.text[0] = '\0';
        return true;
    }
    return name_id(f, fail, out);
}

static void tell(struct finder *s, unsigned rule, struct ban_fail *fail)
{
    struct ban_filter *f = s->f;
    struct ban_found *found = &f->found_now;
    found->rule = rule;
    found->moment_s = s->line->moment_s;
    found->id.text[0] = found->ip.text[0] = '\0';
    if (!identify(f, fail, found))
        return;
    if (found->kind == FOUND_PENDING && f->ignore_pending && !f->check_all)
        return;
    found->is_nofail = ban_fail_is(fail, RULE_NOFAIL);
    found->fail = fail;
    f->found(f->ctx, f, found);
}

/* ---- the search ---- */

/* A pool that cannot hold it leaves the groups empty. */
static uint32_t put_subject(struct finder *s, struct ban_fail *to)
{
    uint32_t base = (uint32_t)to->pool.len;
    size_t room = FAIL_POOL_MAX / 2;
    str_add_len(&to->pool, s->subject, s->len < room ? s->len : room);
    return base;
}

/* A rule has matched.  False: the search ends. */
static bool take_match(struct finder *s, unsigned rule)
{
    struct ban_filter *f = s->f;
    struct ban_fail *fail = &f->now;
    if (f->has_pref && !is_multi(s)) {
        ban_fail_copy(fail, &f->pre);
    } else {
        ban_fail_reset(fail);
        if (f->has_pref)
            ban_fail_merge(fail, &f->pre);
        s->base = put_subject(s, fail);
    }
    take_groups(s, &f->fail[rule], fail);
    if (is_multi(s))
        split_lines(s, &f->fail[rule]);
    if (f->ignore_count && is_ignored(s, true))
        return f->check_all;
    if (s->line->has_no_date && isnan(s->line->moment_s) && f->use_find_time)
        return true;
    if (is_multi(s))
        keep_rest(s);
    if (ban_fail_has(fail, RULE_MLFID)) {
        fail = merge_connection(s, fail);
        if (ban_fail_is(fail, RULE_NOFAIL) && !f->check_all)
            return false;
    } else {
        add_matched_lines(s, fail, false);
    }
    tell(s, rule, fail);
    return f->check_all;
}

static void renew_subject(struct finder *s)
{
    if (!s->stale)
        return;
    line_buffer_join(&s->f->buffer, &s->f->subject);
    s->subject = str_text(&s->f->subject);
    s->len = s->f->subject.len;
    s->stale = false;
}

static void run_rules(struct finder *s)
{
    for (unsigned word = 0; word * 64 < s->f->fail_count; word++)
        for (uint64_t left = s->f->may.word[word]; left; left &= left - 1) {
            unsigned i = word * 64 + (unsigned)__builtin_ctzll(left);
            if (i >= s->f->fail_count)
                return;
            renew_subject(s);
            if (search(s, &s->f->fail[i]) && !take_match(s, i))
                return;
        }
}

/* False: the line is none of this filter's. */
static bool pass_pref(struct finder *s)
{
    struct ban_filter *f = s->f;
    if (!search(s, &f->pref))
        return false;
    f->pref_matched = true;
    ban_fail_reset(&f->pre);
    s->base = put_subject(s, &f->pre);
    take_groups(s, &f->pref, &f->pre);
    struct fail_text content = f->pre.value[RULE_CONTENT];
    if (ban_fail_is(&f->pre, RULE_CONTENT)) {
        struct line_part part = {.at = {"", "", ban_fail_text(&f->pre, content)},
                                 .len = {0, 0, content.len}};
        if (is_multi(s)) {
            line_buffer_keep_last(&f->buffer, 0);
            line_buffer_add(&f->buffer, &part);
            s->stale = true;
        } else {
            str_reset(&f->subject);
            str_add_len(&f->subject, part.at[2], part.len[2]);
            str_add_char(&f->subject, '\n');
            s->subject = str_text(&f->subject);
            s->len = f->subject.len;
            s->base = content.at;
        }
    }
    ban_fail_clear(&f->pre, RULE_CONTENT);
    return true;
}

/* Can any rule match?  The literals are told for ASCII letters only, and what several lines join to
 * is not known before: then all rules are tried. */
static bool may_match(struct ban_filter *f, const struct filter_line *line)
{
    if (!f->prefilter.is_made)
        line_prefilter_make(&f->prefilter, f->fail, f->fail_count);
    if (line->is_ascii && f->max_lines <= 1 && line->part.len[0] == 0)
        return line_prefilter_scan(&f->prefilter, line->part.at[2], line->part.len[2], &f->may);
    memset(&f->may, 0xff, sizeof f->may);
    return true;
}

void ban_find(struct ban_filter *f, const struct filter_line *line)
{
    struct finder s = {.f = f, .line = line};
    bool may = may_match(f, line);
    bool ignore_first = f->ignore_count && f->ignore_count + 2 < f->fail_count;
    if (!may && !ignore_first && !f->count_pref)
        return;
    if (is_multi(&s)) {
        line_buffer_add(&f->buffer, &line->part);
        line_buffer_keep_last(&f->buffer, f->max_lines);
        line_buffer_copy(&f->original, &f->buffer);
        line_buffer_join(&f->buffer, &f->subject);
    } else {
        str_reset(&f->subject);
        str_add_len(&f->subject, line->part.at[0], line->part.len[0]);
        str_add_len(&f->subject, line->part.at[2], line->part.len[2]);
        str_add_char(&f->subject, '\n');
    }
    s.subject = str_text(&f->subject);
    s.len = f->subject.len;
    if (!(ignore_first && is_ignored(&s, false)) && (!f->has_pref || pass_pref(&s)))
        run_rules(&s);
}
