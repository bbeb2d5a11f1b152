/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/relay_output.h"

#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/text/json.h"

/* ---- words of a stranger ---- */

static void add_shown(struct str *out, const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            str_add(out, *text == '\n' ? " " : "?");
        else
            str_add_char(out, *text);
}

static void print_line(FILE *to, char way, const char *line)
{
    struct str text = str_of(0);
    if (way == '*')
        str_add(&text, "(");
    add_shown(&text, line);
    if (way == '*')
        str_add(&text, ")");
    fprintf(to, "%s\n", str_text(&text));
    fflush(to);
    str_done(&text);
}

void relay_output_line(void *ctx, char way, const char *line)
{
    (void)ctx;
    print_line(stdout, way, line);
}

void relay_output_line_aside(void *ctx, char way, const char *line)
{
    (void)ctx;
    print_line(stderr, way, line);
}

/* ---- text ---- */

static void add_place(struct str *out, const struct endpoint *at)
{
    char text[ADDR_TEXT_MAX];
    bool ip6 = at->addr.family == ADDR_IP6;
    str_addf(out, "%s%s%s:%u", ip6 ? "[" : "", addr_format(&at->addr, text), ip6 ? "]" : "",
             at->port);
}

static void add_field(struct str *out, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    str_addf(out, "  %-9s ", name);
    add_shown(out, value);
    str_add_char(out, '\n');
}

static void add_server(struct str *out, const struct relay_report *r)
{
    struct str line = str_of(0);
    add_field(out, "banner", r->banner);
    if (r->tls)
        str_add(&line, r->tls);
    else if (r->banner)
        str_add(&line, r->starttls_offered ? "offered, but it did not work" : "not offered");
    if (r->starttls_injected)
        str_add(&line, "; believes what was sent before TLS (CVE-2011-0411)");
    add_field(out, "TLS", str_text(&line));
    str_reset(&line);
    if (r->ptr_name)
        str_addf(&line, "%s%s", r->ptr_name,
                 r->ptr_matches ? "" : ", which does not lead back to the address");
    add_field(out, "name", str_text(&line));
    str_reset(&line);
    if (r->tester.addr.family) {
        char text[ADDR_TEXT_MAX];
        str_addf(&line, "%s, %s", addr_format(&r->tester.addr, text), r->vantage);
    }
    add_field(out, "seen", str_text(&line));
    if (r->catch_all)
        add_field(out, "note", "takes any local part of its own domain");
    str_done(&line);
}

static bool is_worth_telling(const struct relay_result *r)
{
    return r->outcome != RELAY_REFUSED && r->outcome != RELAY_SKIPPED;
}

static void add_indented(struct str *out, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        str_add(out, "        ");
        for (size_t i = 0; i < len; i++) {
            const char one[2] = {text[i], '\0'};
            add_shown(out, one);
        }
        str_add_char(out, '\n');
        text += len + (text[len] == '\n');
    }
}

static void add_results(struct str *out, const struct relay_report *r)
{
    size_t refused = 0;
    for (size_t i = 0; i < r->count; i++) {
        const struct relay_result *t = &r->result[i];
        refused += t->outcome == RELAY_REFUSED;
        if (!is_worth_telling(t))
            continue;
        str_addf(out, "\n  %s: %s (%s)\n", t->test->id, relay_outcome_names[t->outcome],
                 t->test->what ? t->test->what : "");
        if (t->outcome == RELAY_DELIVERED || t->outcome == RELAY_ACCEPTED)
            add_indented(out, t->dialogue);
        else {
            str_addf(out, "        %d ", t->code);
            add_shown(out, t->text);
            str_add_char(out, '\n');
        }
    }
    str_addf(out, "\n  %zu of %zu tests were refused\n", refused, r->count);
}

static void add_cures(struct str *out, const struct relay_cure *cure, size_t cures)
{
    for (size_t i = 0; i < cures; i++) {
        str_addf(out, "\n  cure: %s\n", cure[i].what);
        if (cure[i].command)
            add_indented(out, cure[i].command);
    }
}

void relay_output_text(struct str *out, const struct relay_report *report,
                       const struct relay_cure *cure, size_t cures)
{
    add_place(out, &report->target);
    str_addf(out, ": %s: ", relay_verdict_names[report->verdict]);
    add_shown(out, report->reason);
    str_add_char(out, '\n');
    add_server(out, report);
    if (report->count)
        add_results(out, report);
    add_cures(out, cure, cures);
}

/* ---- JSON ---- */

static void json_server(struct json_out *j, const struct relay_report *r)
{
    static const char *const software[] = {[RELAY_UNKNOWN] = NULL,
                                           [RELAY_POSTFIX] = "postfix",
                                           [RELAY_EXIM] = "exim",
                                           [RELAY_SENDMAIL] = "sendmail"};
    json_object(j, "server");
    json_text(j, "banner", r->banner);
    json_text(j, "name", r->server_name);
    json_text(j, "software", software[r->software]);
    json_text(j, "tls", r->tls);
    json_bool(j, "starttls", r->starttls_offered);
    json_bool(j, "starttls_injection", r->starttls_injected);
    json_bool(j, "auth", r->auth_offered);
    json_bool(j, "catch_all", r->catch_all);
    json_u64(j, "banner_ms", r->banner_ns / NS_PER_MS);
    json_text(j, "ptr", r->ptr_name);
    json_bool(j, "ptr_matches", r->ptr_matches);
    json_end(j);
}

static void json_lines(struct json_out *j, const char *key, const char *text)
{
    json_array(j, key);
    while (*text) {
        size_t len = strcspn(text, "\n");
        json_text_len(j, NULL, text, len);
        text += len + (text[len] == '\n');
    }
    json_end(j);
}

static void json_results(struct json_out *j, const struct relay_report *r)
{
    json_array(j, "tests");
    for (size_t i = 0; i < r->count; i++) {
        const struct relay_result *t = &r->result[i];
        json_object(j, NULL);
        json_text(j, "id", t->test->id);
        json_text(j, "from", t->from);
        json_text(j, "to", t->to);
        json_text(j, "result", relay_outcome_names[t->outcome]);
        json_i64(j, "code", t->code);
        json_text(j, "text", t->text);
        json_text(j, "token", t->token);
        json_lines(j, "dialogue", t->dialogue ? t->dialogue : "");
        json_end(j);
    }
    json_end(j);
}

void relay_output_json(struct str *out, const struct relay_report *report,
                       const struct relay_cure *cure, size_t cures)
{
    struct json_out j = json_out_of(out);
    struct str target = str_of(0);
    char tester[ADDR_TEXT_MAX];
    add_place(&target, &report->target);
    json_object(&j, NULL);
    json_text(&j, "target", str_text(&target));
    json_text(&j, "verdict", relay_verdict_names[report->verdict]);
    json_text(&j, "reason", report->reason);
    json_text(&j, "tester", addr_format(&report->tester.addr, tester));
    json_text(&j, "vantage", report->vantage);
    json_server(&j, report);
    json_results(&j, report);
    json_array(&j, "cure");
    for (size_t i = 0; i < cures; i++) {
        json_object(&j, NULL);
        json_text(&j, "what", cure[i].what);
        json_text(&j, "command", cure[i].command);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    str_add_char(out, '\n');
    str_done(&target);
}
