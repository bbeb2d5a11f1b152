/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One connection, RSET between the tests, a new connection after a drop or a 421; three in vain and
 * the rest is left.  The control address comes first: a server that takes any local part says
 * nothing by taking odd ones. */
#include "tool/relay/relay.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/rng.h"
#include "core/text/base64.h"
#include "sys/io/resolver.h"
#include "sys/io/sock.h"
#include "tool/relay/judge.h"
#include "tool/relay/proof.h"
#include "tool/relay/smtp.h"

enum { TOKEN_BYTES = 16, FAILS_MAX = 3, TEXT_MAX = 1024, DIALOGUE_MAX = 16384, NAME_WAIT_S = 3 };

struct job {
    const struct relay_options *o;
    struct arena *arena;
    struct relay_report *report;
    struct loop *loop;
    struct smtp smtp;
    struct smtp_way way;
    struct proof proof;
    struct str dialogue; /* of the test under way */
    bool greeted, no_tls;
    unsigned fails; /* in a row */
    struct err why;
};

static void on_line(void *ctx, char way, const char *line)
{
    struct job *j = ctx;
    str_addf(&j->dialogue, "%c %.*s\n", way, TEXT_MAX, line);
    if (j->o->line)
        j->o->line(j->o->ctx, way, line);
}

static bool is_stopped(const struct job *j)
{
    return j->o->stop && j->o->stop(j->o->ctx);
}

static const char *secret_text(struct job *j, const char *before, size_t bytes)
{
    uint8_t chance[TOKEN_BYTES];
    struct str text = str_of(0);
    str_add(&text, before);
    rng_secret(chance, bytes);
    for (size_t i = 0; i < bytes; i++)
        str_addf(&text, "%02x", chance[i]);
    const char *kept = arena_text(j->arena, str_text(&text));
    str_done(&text);
    return kept;
}

/* ---- getting there ---- */

/* The name that the server gives itself: the first word of its banner, or of its EHLO reply. */
static const char *name_in(struct job *j, const struct reply *r)
{
    const char *text = str_text(&r->text);
    size_t len = strcspn(text, " \t\n");
    return len && memchr(text, '.', len) ? arena_copy(j->arena, text, len) : NULL;
}

static void learn_banner(struct job *j)
{
    struct relay_report *out = j->report;
    if (!out->banner) {
        out->banner = arena_text(j->arena, str_text(&j->smtp.reply.text));
        out->software = judge_software(out->banner);
        out->server_name = name_in(j, &j->smtp.reply);
    }
}

static int begin_tls(struct job *j, struct err *e)
{
    int rc = smtp_starttls(&j->smtp, e);
    if (rc == -ENOTSUP)
        return 0; /* it goes on in the clear */
    if (rc)
        return rc;
    j->report->starttls_injected |= j->smtp.injected;
    return smtp_hello(&j->smtp, j->o->helo, e);
}

static int refuse(struct job *j, struct err *e, const char *what)
{
    int code = j->smtp.reply.code;
    smtp_disconnect(&j->smtp);
    return err_set(e, -ECONNREFUSED, "%s: %d %.*s", what, code, 200, str_text(&j->smtp.reply.text));
}

static int greet(struct job *j, struct err *e)
{
    struct relay_report *out = j->report;
    int rc = smtp_hello(&j->smtp, j->o->helo, e);
    if (rc == 0 && !reply_is(&j->smtp.reply, 2))
        return refuse(j, e, "the server does not take our greeting");
    if (rc)
        return rc;
    if (!out->server_name)
        out->server_name = name_in(j, &j->smtp.reply);
    out->starttls_offered |= reply_offers(&j->smtp.hello, "STARTTLS");
    if (!j->smtp.tls && !j->no_tls && reply_offers(&j->smtp.hello, "STARTTLS"))
        rc = begin_tls(j, e);
    out->auth_offered |= rc == 0 && reply_offers(&j->smtp.hello, "AUTH");
    if (rc == 0 && j->smtp.tls)
        out->tls = arena_text(j->arena, tls_version(j->smtp.tls));
    return rc;
}

/* A server whose TLS does not work is asked once more without it. */
static int open_dialogue(struct job *j, struct err *e)
{
    for (;;) {
        int rc = smtp_connect(&j->smtp, &j->way, e);
        if (rc)
            return rc;
        learn_banner(j);
        if (j->smtp.reply.code != 220)
            return refuse(j, e, "the server is not ready for us");
        rc = greet(j, e);
        if (rc != -EPROTO || j->no_tls || !j->report->starttls_offered || j->way.tls_first)
            return rc;
        j->no_tls = true;
    }
}

static int ensure_open(struct job *j, struct err *e)
{
    return j->smtp.fd >= 0 ? 0 : open_dialogue(j, e);
}

/* 25, 587, 465: the first that somebody answers on. */
static int find_port(struct job *j, struct err *e)
{
    static const uint16_t ports[] = {25, 587, 465};
    size_t count = j->o->port ? 1 : ARRAY_COUNT(ports);
    int rc = -ECONNREFUSED;
    for (size_t i = 0; i < count; i++) {
        uint16_t port = j->o->port ? j->o->port : ports[i];
        uint64_t began_ns = clock_mono_ns(&clock_system);
        j->report->target.port = port;
        j->way.to = j->o->proxy ? j->o->proxy_at : (struct endpoint){j->o->target, port};
        j->way.through = (struct proxy_target){.addr = j->o->target, .port = port};
        j->way.tls_first = port == 465;
        rc = open_dialogue(j, e);
        if (rc == 0 || j->report->banner) {
            j->report->banner_ns = clock_mono_ns(&clock_system) - began_ns;
            return rc;
        }
    }
    return rc;
}

/* ---- one test ---- */

static const char *message_of(struct job *j, const struct relay_test *t, const char *token)
{
    const struct relay_options *o = j->o;
    struct civil now = clock_civil(clock_wall_ns(&clock_system));
    static const char *const day[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char *const month[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return arena_print(
        j->arena,
        "Date: %s, %d %s %d %02d:%02d:%02d +0000\nFrom: <%s>\nTo: <%s>\n"
        "Message-ID: <%s@%s>\nSubject: open relay test %s %s\nAuto-Submitted: auto-generated\n\n"
        "This is a test whether this mail server relays mail for strangers (test %s).\n"
        "Whoever runs %s asked for it.  Token: %s\n",
        day[now.weekday], now.day, month[now.month - 1], now.year, now.hour, now.minute, now.second,
        o->from, o->to, token, o->helo, t->id, token, t->id, o->domain, token);
}

static int decide(struct job *j, struct relay_result *r)
{
    r->code = j->smtp.reply.code;
    r->text = arena_text(j->arena, str_text(&j->smtp.reply.text));
    r->outcome = judge_reply(r->code);
    return 0;
}

/* 421: the server hangs up; so do we, before it does. */
static void clear(struct job *j)
{
    struct err e;
    if (j->smtp.fd < 0)
        return;
    if (j->smtp.reply.code == 421 || smtp_command(&j->smtp, "RSET", &e) ||
        !reply_is(&j->smtp.reply, 2))
        smtp_disconnect(&j->smtp);
}

static int log_in_by_chance(struct job *j, struct relay_result *r, bool *out_goes_on, struct err *e)
{
    struct str secret = str_of(0), line = str_of(0);
    *out_goes_on = false;
    if (!reply_offers(&j->smtp.hello, "AUTH")) {
        r->outcome = RELAY_SKIPPED;
        return 0;
    }
    str_add_char(&secret, '\0');
    str_add(&secret, secret_text(j, "", TOKEN_BYTES));
    str_add_char(&secret, '\0');
    str_add(&secret, secret_text(j, "", TOKEN_BYTES));
    str_add(&line, "AUTH PLAIN ");
    base64_encode(secret.text, secret.len, &line);
    int rc = smtp_command(&j->smtp, str_text(&line), e);
    str_done(&secret);
    str_done(&line);
    if (rc)
        return rc;
    *out_goes_on = j->smtp.reply.code == 235;
    if (!*out_goes_on)
        (void)decide(j, r);
    if (reply_is(&j->smtp.reply, 3)) { /* it wants to talk more: "*" ends that (RFC 4954 4) */
        rc = smtp_command(&j->smtp, "*", e);
        r->outcome = RELAY_REFUSED;
    }
    return rc;
}

/* The local recipient whose mail the stranger's shall ride with. */
static int take_along_local(struct job *j, struct relay_result *r, bool *out_goes_on, struct err *e)
{
    const char *line = arena_print(j->arena, "RCPT TO:<%s>", j->o->local_rcpt);
    int rc = smtp_command(&j->smtp, line, e);
    *out_goes_on = rc == 0 && reply_is(&j->smtp.reply, 2);
    if (rc == 0 && !*out_goes_on)
        r->outcome = RELAY_SKIPPED;
    return rc;
}

static int send_envelope(struct job *j, struct relay_result *r, bool *out_goes_on, struct err *e)
{
    bool raw = r->test->flags & RELAY_RAW;
    const char *mail = arena_print(j->arena, "MAIL FROM:<%s>", r->from);
    const char *rcpt = arena_print(j->arena, raw ? "RCPT TO:%s" : "RCPT TO:<%s>", r->to);
    int first = 0, rc;
    *out_goes_on = false;
    if (!(r->test->flags & RELAY_AFTER_LOCAL)) {
        rc = smtp_pair(&j->smtp, mail, rcpt, &first, e);
        *out_goes_on = rc == 0 && reply_is(&j->smtp.reply, 2);
        if (rc == 0 && first / 100 != 2) { /* MAIL decided, whatever came behind it */
            *out_goes_on = false;
            r->code = first;
            r->outcome = judge_reply(first);
            r->text = arena_text(j->arena, str_text(&j->smtp.reply.text));
            return 0;
        }
        return rc || *out_goes_on ? rc : decide(j, r);
    }
    rc = smtp_command(&j->smtp, mail, e);
    if (rc || !reply_is(&j->smtp.reply, 2))
        return rc ? rc : decide(j, r);
    rc = take_along_local(j, r, out_goes_on, e);
    if (rc || !*out_goes_on)
        return rc;
    rc = smtp_command(&j->smtp, rcpt, e);
    *out_goes_on = rc == 0 && reply_is(&j->smtp.reply, 2);
    return rc || *out_goes_on ? rc : decide(j, r);
}

static int send_mail(struct job *j, struct relay_result *r, struct err *e)
{
    int rc = smtp_command(&j->smtp, "DATA", e);
    if (rc)
        return rc;
    if (j->smtp.reply.code != 354) {
        (void)decide(j, r);
        if (r->outcome == RELAY_ACCEPTED) /* 2xx to DATA is no grammar: nothing was accepted */
            r->outcome = RELAY_ERROR;
        return 0;
    }
    r->token = secret_text(j, "picket-relay-", TOKEN_BYTES);
    rc = smtp_message(&j->smtp, message_of(j, r->test, r->token), e);
    return rc ? rc : decide(j, r);
}

static int ask(struct job *j, struct relay_result *r, struct err *e)
{
    bool goes_on = true;
    int rc = ensure_open(j, e);
    if (rc == 0 && r->test->flags & RELAY_BOGUS_AUTH)
        rc = log_in_by_chance(j, r, &goes_on, e);
    if (rc == 0 && goes_on)
        rc = send_envelope(j, r, &goes_on, e);
    if (rc == 0 && goes_on) {
        if (j->o->envelope_only)
            rc = decide(j, r);
        else
            rc = send_mail(j, r, e);
    }
    if (rc == 0 && r->test->flags & RELAY_BOGUS_AUTH)
        smtp_disconnect(&j->smtp); /* a login stays for the connection */
    else if (rc == 0)
        clear(j);
    return rc;
}

static const char *expand(struct job *j, const char *template)
{
    char target[ADDR_TEXT_MAX], tester[ADDR_TEXT_MAX], sink[ADDR_TEXT_MAX], to[256], from[256];
    const struct relay_options *o = j->o;
    const char *to_at = strrchr(o->to, '@'), *from_at = strrchr(o->from, '@');
    snprintf(to, sizeof to, "%.*s", (int)(to_at - o->to), o->to);
    snprintf(from, sizeof from, "%.*s", (int)(from_at - o->from), o->from);
    struct relay_fields f = {
        .to_user = to,
        .to_domain = to_at + 1,
        .from_user = from,
        .from_domain = from_at + 1,
        .target_ip = addr_format(&o->target, target),
        .target_name = j->report->server_name ? j->report->server_name : target,
        .target_domain = o->domain,
        .tester_ip = addr_format(&j->report->tester.addr, tester),
        .sink_ip = o->has_sink ? addr_format(&o->sink.addr, sink) : tester,
    };
    struct str text = str_of(RELAY_ADDRESS_MAX);
    battery_expand(&text, template, &f);
    const char *kept = arena_text(j->arena, str_text(&text));
    str_done(&text);
    return kept;
}

/* Twice at most: a server may drop a connection that has asked too much. */
static void run_test(struct job *j, struct relay_result *r)
{
    str_reset(&j->dialogue);
    for (int tries = 0; tries < 2 && !is_stopped(j); tries++) {
        struct err e = {0};
        r->outcome = RELAY_ERROR;
        r->code = 0;
        r->text = "";
        r->token = NULL;
        int rc = ask(j, r, &e);
        if (rc == 0)
            j->fails = 0;
        if (rc == 0 && (r->code != 421 || tries))
            break;
        if (rc == 0) { /* it hangs up on this connection; that says nothing of this mail */
            smtp_disconnect(&j->smtp);
            continue;
        }
        j->why = e;
        r->text = arena_text(j->arena, e.text);
        smtp_disconnect(&j->smtp);
    }
    r->dialogue = arena_text(j->arena, str_text(&j->dialogue));
    j->fails += r->outcome == RELAY_ERROR;
}

/* ---- all tests ---- */

static void run_control(struct job *j)
{
    struct err e = {0};
    int first;
    const char *mail = arena_print(j->arena, "MAIL FROM:<%s>", j->o->from);
    const char *rcpt = arena_print(j->arena, "RCPT TO:<%s@%s>",
                                   secret_text(j, "nobody-", TOKEN_BYTES / 2), j->o->domain);
    if (smtp_pair(&j->smtp, mail, rcpt, &first, &e) == 0) {
        j->report->catch_all = first / 100 == 2 && reply_is(&j->smtp.reply, 2);
        clear(j);
    }
}

static struct relay_result *add_result(struct job *j, size_t n)
{
    struct relay_result *r = &j->report->result[n];
    const struct relay_test *t = &j->o->test[n];
    *r = (struct relay_result){.test = t,
                               .from = expand(j, t->mail_from),
                               .to = expand(j, t->rcpt_to),
                               .outcome = RELAY_ERROR,
                               .text = ""};
    return r;
}

/* What never got an answer of its own is not in the report. */
static void run_all(struct job *j)
{
    for (size_t i = 0; i < j->o->test_count && !is_stopped(j); i++) {
        struct relay_result *r = add_result(j, i);
        j->report->count = i + 1; /* before it is asked: its mail may come at once */
        run_test(j, r);
        bool nothing_yet = j->fails == i + 1;
        if (j->fails >= FAILS_MAX || (nothing_yet && j->fails))
            return;
    }
}

static void wait_retry(struct job *j)
{
    struct err e = {0};
    uint64_t end_ns = clock_mono_ns(&clock_system) + j->o->retry_ns, now_ns;
    smtp_disconnect(&j->smtp);
    while ((now_ns = clock_mono_ns(&clock_system)) < end_ns && !is_stopped(j))
        if (loop_step(j->loop, end_ns - now_ns < NS_PER_S ? end_ns - now_ns : NS_PER_S, &e))
            return;
}

static void retry_deferred(struct job *j)
{
    bool any = false;
    for (size_t i = 0; i < j->report->count; i++)
        any |= j->report->result[i].outcome == RELAY_DEFERRED;
    if (!any || !j->o->retry_ns)
        return;
    wait_retry(j);
    j->fails = 0;
    for (size_t i = 0; i < j->report->count && j->fails < FAILS_MAX && !is_stopped(j); i++)
        if (j->report->result[i].outcome == RELAY_DEFERRED && !j->report->result[i].arrived)
            run_test(j, &j->report->result[i]);
}

static void mark_local(struct job *j)
{
    struct relay_report *out = j->report;
    for (size_t i = 0; out->catch_all && i < out->count; i++)
        if (out->result[i].outcome == RELAY_ACCEPTED &&
            judge_is_own(out->result[i].to, j->o->domain, out->server_name, &j->o->target))
            out->result[i].outcome = RELAY_LOCAL;
}

/* ---- what else is worth saying ---- */

static void tell_vantage(struct job *j)
{
    struct relay_report *out = j->report;
    struct err e;
    if (j->smtp.fd >= 0)
        (void)!sock_local(j->smtp.fd, &out->tester, &e);
    struct cidr near = cidr_of(&j->o->target, j->o->target.family == ADDR_IP4 ? 24 : 64);
    if (j->o->proxy)
        out->vantage = "through a proxy: the server saw the proxy's address";
    else if (addr_is_loopback(&out->tester.addr) || addr_equal(&out->tester.addr, &j->o->target))
        out->vantage = "from the server itself, which many servers trust: strangers may be refused";
    else if (cidr_contains(&near, &out->tester.addr))
        out->vantage =
            "from the server's own network, which it may trust: strangers may be refused";
    else
        out->vantage = "from another network";
}

static void name_found(void *ctx, int result, const char *name)
{
    struct job *j = ctx;
    if (result == 0)
        j->report->ptr_name = arena_text(j->arena, name);
}

static void address_found(void *ctx, int result, const struct addr *addr, size_t count)
{
    struct job *j = ctx;
    for (size_t i = 0; result == 0 && i < count; i++)
        j->report->ptr_matches |= addr_equal(&addr[i], &j->o->target);
}

static void wait_resolver(struct job *j, struct resolver *r)
{
    struct err e = {0};
    uint64_t end_ns = clock_mono_ns(&clock_system) + NAME_WAIT_S * NS_PER_S;
    while (resolver_pending(r) && clock_mono_ns(&clock_system) < end_ns)
        if (loop_step(j->loop, NS_PER_S / 4, &e))
            return;
}

static void look_up_names(struct job *j)
{
    struct resolver *r = NULL;
    struct err e;
    if (resolver_open(&r, j->loop, NULL, &e))
        return;
    resolver_reverse(r, &j->o->target, name_found, j);
    wait_resolver(j, r);
    if (j->report->ptr_name)
        resolver_forward(r, j->report->ptr_name, j->o->target.family, address_found, j);
    wait_resolver(j, r);
    resolver_close(r);
}

/* ---- the run ---- */

static void explain(struct job *j, struct relay_report *out)
{
    size_t seen[RELAY_ERROR + 1] = {0};
    for (size_t i = 0; i < out->count; i++)
        seen[out->result[i].outcome]++;
    if (out->verdict == RELAY_INCONCLUSIVE && (seen[RELAY_ERROR] || out->count == 0))
        out->reason = arena_text(j->arena, j->why.text);
    else if (out->verdict == RELAY_INCONCLUSIVE)
        out->reason = arena_print(j->arena, "%zu of %zu tests were put off (4xx)",
                                  seen[RELAY_DEFERRED], out->count);
    else if (out->verdict == RELAY_OPEN)
        out->reason = arena_print(j->arena, "%zu of %zu mails were delivered",
                                  seen[RELAY_DELIVERED], out->count);
    else if (out->verdict == RELAY_UNVERIFIED)
        out->reason = arena_print(j->arena, "%zu mails were accepted, and none was seen again",
                                  seen[RELAY_ACCEPTED]);
    else
        out->reason = arena_print(j->arena,
                                  "all of %zu tests were refused, or taken as the "
                                  "server's own",
                                  out->count);
}

static int run(struct job *j, struct err *e)
{
    struct relay_report *out = j->report;
    int rc = proof_open(&j->proof, j->o, j->loop, out, e);
    if (rc)
        return rc;
    if (find_port(j, &j->why) == 0) {
        tell_vantage(j);
        run_control(j);
        run_all(j);
        retry_deferred(j);
        if (j->smtp.fd >= 0 && smtp_command(&j->smtp, "QUIT", &j->why) == 0)
            smtp_disconnect(&j->smtp);
        rc = proof_await(&j->proof, e);
        mark_local(j);
    }
    look_up_names(j);
    out->verdict = judge_all(out->result, out->count);
    explain(j, out);
    return rc;
}

int relay_run(const struct relay_options *o, struct arena *arena, struct relay_report *out,
              struct err *e)
{
    struct job j = {.o = o, .arena = arena, .report = out, .dialogue = str_of(DIALOGUE_MAX)};
    *out = (struct relay_report){.target = {o->target, o->port}, .reason = "", .vantage = ""};
    out->result = arena_array(arena, o->test_count, sizeof *out->result);
    if (!strrchr(o->to, '@') || !strrchr(o->from, '@'))
        return err_set(e, -EINVAL, "sender and recipient need a domain");
    int rc = loop_open(&j.loop, &clock_system, e);
    if (rc)
        return rc;
    j.smtp =
        (struct smtp){.loop = j.loop, .reply_ns = o->reply_ns, .line = on_line, .line_ctx = &j};
    smtp_open(&j.smtp);
    j.way = (struct smtp_way){.from = o->source, .proxy = o->proxy};
    j.smtp.tls_context = tls_context_new(&(struct tls_options){0}, e);
    rc = j.smtp.tls_context ? run(&j, e) : e->code;
    smtp_close(&j.smtp);
    proof_close(&j.proof);
    tls_context_free(j.smtp.tls_context);
    str_done(&j.dialogue);
    loop_close(j.loop);
    return rc;
}
