/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/reaction.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/own.h"
#include "hub/respond/hosts_deny.h"
#include "sys/io/file.h"
#include "tool/trap/commands.h"
#include "tool/trap/scan_line.h"

struct reaction {
    struct reaction_spec spec;
    struct command_queue *route, *external; /* apart: a slow page must not delay a route */
    struct str blocked_file;                /* BLOCKED_FILE.stcp; empty: none */
};

static void on_route_done(void *ctx, const char *target, const char *line, bool ok, const char *why)
{
    (void)ctx;
    if (ok)
        log_at(LOG_LEVEL_WARN,
               "attackalert: Host %s has been blocked via dropped route using command: \"%s\"",
               target, line);
    else
        log_at(LOG_LEVEL_ERROR,
               "adminalert: ERROR: There was an error trying to block host (system fail) %s: "
               "\"%s\": %s",
               target, line, why);
}

static void on_external_done(void *ctx, const char *target, const char *line, bool ok,
                             const char *why)
{
    (void)ctx;
    if (ok)
        log_at(LOG_LEVEL_WARN,
               "attackalert: External command run for host: %s using command: \"%s\"", target,
               line);
    else
        log_at(LOG_LEVEL_ERROR,
               "adminalert: ERROR: There was an error trying to run command (system fail) %s: "
               "\"%s\": %s",
               target, line, why);
}

struct reaction *reaction_new(struct loop *loop, const struct reaction_spec *spec)
{
    struct reaction *r = mem_zero(sizeof *r);
    r->spec = *spec;
    r->route = command_queue_new(loop, on_route_done, r);
    r->external = command_queue_new(loop, on_external_done, r);
    if (spec->conf->blocked_file && spec->words_2) {
        str_add(&r->blocked_file, spec->conf->blocked_file);
    } else if (spec->conf->blocked_file) {
        str_addf(&r->blocked_file, "%s.%s", spec->conf->blocked_file, spec->mode);
        if (unlink(str_text(&r->blocked_file)) < 0 && errno != ENOENT)
            log_at(LOG_LEVEL_ERROR,
                   "adminalert: ERROR: Cannot delete blocked file on startup: %s: %s.",
                   str_text(&r->blocked_file), strerror(errno));
    }
    return r;
}

void reaction_free(struct reaction *r)
{
    if (!r)
        return;
    command_queue_free(r->route);
    command_queue_free(r->external);
    str_done(&r->blocked_file);
    mem_free(r);
}

void reaction_expand(const char *template, const struct probe *probe, const char *mode,
                     struct str *out)
{
    char target[ADDR_TEXT_MAX];
    addr_format(&probe->from.addr, target);
    for (const char *at = template; *at;) {
        if (strncmp(at, "$TARGET$", 8) == 0) {
            str_add(out, target);
            at += 8;
        } else if (strncmp(at, "$PORT$", 6) == 0) {
            str_add_u64(out, probe->to.port);
            at += 6;
        } else if (strncmp(at, "$MODE$", 6) == 0) {
            str_add(out, mode);
            at += 6;
        } else {
            str_add_char(out, *at++);
        }
    }
}

void reaction_history_line(const struct probe *probe, const char *name, int32_t utc_offset_s,
                           struct str *out)
{
    char target[ADDR_TEXT_MAX];
    int64_t seconds = (int64_t)(probe->wall_ns / 1000000000);
    struct civil c = clock_civil((uint64_t)(seconds + utc_offset_s) * 1000000000);
    str_addf(out, "%lld - %02u/%02u/%04d %02u:%02u:%02u Host: %s/%s Port: %u %s Blocked",
             (long long)seconds, c.month, c.day, c.year, c.hour, c.minute, c.second, name,
             addr_format(&probe->from.addr, target), probe->to.port, probe_proto_name(probe));
}

static void append(const char *path, const char *what, const struct str *line)
{
    OWN_FD int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    int rc = fd < 0 ? -errno : file_write_all(fd, str_text(line), line->len);
    if (rc < 0)
        log_at(LOG_LEVEL_ERROR, "adminalert: ERROR: Cannot open %s file: %s: %s.", what, path,
               strerror(-rc));
}

static void write_files(struct reaction *r, const struct probe *probe, const char *name)
{
    struct str line = str_of(0);
    reaction_history_line(probe, name, r->spec.utc_offset_s(probe->wall_ns), &line);
    str_add_char(&line, '\n');
    if (r->spec.conf->history_file && !r->spec.words_2)
        append(r->spec.conf->history_file, "history", &line);
    if (r->blocked_file.len)
        append(str_text(&r->blocked_file), "blocked", &line);
    str_done(&line);
}

static void deny(struct reaction *r, const struct probe *probe)
{
    struct str line = str_of(0);
    struct err e = {0};
    bool added;
    char target[ADDR_TEXT_MAX];
    if (!r->spec.conf->kill_hosts_deny)
        return;
    reaction_expand(r->spec.conf->kill_hosts_deny, probe, r->spec.mode, &line);
    addr_format(&probe->from.addr, target);
    if (hosts_deny_add(r->spec.hosts_deny, str_text(&line), &added, &e) < 0)
        log_at(LOG_LEVEL_ERROR, "adminalert: cannot open hosts.deny file: %s for blocking.",
               e.text);
    else
        log_at(LOG_LEVEL_WARN,
               "attackalert: Host %s has been blocked via wrappers with string: \"%s\"", target,
               str_text(&line));
    str_done(&line);
}

static void queue(struct reaction *r, struct command_queue *q, const char *template,
                  const struct probe *probe)
{
    struct str line = str_of(0);
    struct err e = {0};
    char target[ADDR_TEXT_MAX];
    if (!template)
        return;
    reaction_expand(template, probe, r->spec.mode, &line);
    addr_format(&probe->from.addr, target);
    if (command_queue_add(q, target, str_text(&line), &e) < 0)
        log_at(LOG_LEVEL_ERROR, "attackalert: ERROR: Could not block host %s !! %s", target,
               e.text);
    str_done(&line);
}

void reaction_run(struct reaction *r, const struct probe *probe, const char *name,
                  enum trap_block block)
{
    const struct trap_conf *conf = r->spec.conf;
    if (block != TRAP_BLOCK_NOTHING && (conf->run_cmd_first || block == TRAP_BLOCK_COMMAND_ONLY))
        queue(r, r->external, conf->kill_run_cmd, probe);
    if (block == TRAP_BLOCK_HOST) {
        deny(r, probe);
        queue(r, r->route, conf->kill_route, probe);
        if (!conf->run_cmd_first)
            queue(r, r->external, conf->kill_run_cmd, probe);
    }
    if (r->spec.words_2 && block == TRAP_BLOCK_NOTHING)
        return; /* 2.x writes nobody down whom it does not block */
    if (block == TRAP_BLOCK_NOTHING)
        log_at(LOG_LEVEL_INFO, "attackalert: Ignoring %s response per configuration file setting.",
               probe_proto_name(probe));
    write_files(r, probe, name);
}

void reaction_note(struct reaction *r, const struct probe *probe, const char *line)
{
    struct str text = str_of(0);
    if (!r->spec.conf->history_file)
        return;
    scan_line_write_time(probe->wall_ns, r->spec.utc_offset_s(probe->wall_ns), &text);
    str_addf(&text, "%s\n", line);
    append(r->spec.conf->history_file, "history", &text);
    str_done(&text);
}
