/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/trap/trap.h"

#include <errno.h>
#include <string.h>

#include "core/base/log.h"
#include "core/base/map.h"
#include "core/base/mem.h"
#include "core/text/json.h"
#include "sys/host/trusted.h"
#include "sys/io/resolver.h"
#include "tool/trap/doors.h"
#include "tool/trap/echo.h"
#include "tool/trap/ignore_list.h"
#include "tool/trap/open_ports.h"
#include "tool/trap/reaction.h"
#include "tool/trap/scan_line.h"
#include "tool/trap/suspects.h"
#include "tool/trap/watch.h"
#include "wire/packet/layer/number.h"

enum {
    BLOCKED_MAX = 1 << 20, /* addresses remembered; further ones are reacted to each time */
    NAMES_PENDING_MAX = 4096,
    CROWD_SOURCES = 10, /* so many sources touching so many ports within an hour are one scan */
    CROWD_PORTS = 15,
    TRUSTED_LOOK_S = 30,
    TELL_MAX = 500,        /* probes told in a second: what comes faster is a flood, and counted */
    CROWD_LOOK_EVERY = 64, /* hits of sources that are below the trigger */
};

static const struct {
    const char *name;
    int proto;
    bool stealth, advanced;
} modes[TRAP_MODE_COUNT] = {
    [TRAP_MODE_TCP] = {"tcp", TRAP_TCP, false, false},
    [TRAP_MODE_UDP] = {"udp", TRAP_UDP, false, false},
    [TRAP_MODE_STCP] = {"stcp", TRAP_TCP, true, false},
    [TRAP_MODE_SUDP] = {"sudp", TRAP_UDP, true, false},
    [TRAP_MODE_ATCP] = {"atcp", TRAP_TCP, true, true},
    [TRAP_MODE_AUDP] = {"audp", TRAP_UDP, true, true},
};

const char *trap_mode_name(enum trap_mode mode)
{
    return modes[mode].name;
}

int trap_mode_from_name(const char *name)
{
    for (int i = 0; i < TRAP_MODE_COUNT; i++)
        if (strcmp(modes[i].name, name) == 0)
            return i;
    return -1;
}

struct trap {
    struct trap_options options;
    struct loop *loop;
    const struct trap_ports *ports;
    uint8_t ip_proto;
    struct suspects *suspects;
    struct ignore_list *ignored;
    struct trusted trusted;
    struct loop_timer look; /* gateways and resolvers change */
    struct reaction *reaction;
    struct resolver *resolver; /* NULL: names are not asked for */
    struct map blocked;
    struct watch *watch, *watch_sctp;
    struct guests *guests; /* NULL: connections are closed at once */
    struct doors *doors;
    struct echo *echo;
    uint64_t crowd_told_ns; /* 0: never */
    uint32_t hits_below;
    uint64_t second_ns; /* when `told` began */
    uint32_t told, untold;
};

static const char *proto_word(const struct trap *t)
{
    return t->ip_proto == IP_PROTO_UDP ? "UDP" : "TCP";
}

static void on_ignore_trouble(void *ctx, const char *path, unsigned line, const char *why)
{
    (void)ctx;
    if (line)
        log_at(LOG_LEVEL_WARN,
               "adminalert: Invalid netmask in config file: %s:%u: %s  Ignoring entry.", path, line,
               why);
    else
        log_at(LOG_LEVEL_WARN,
               "attackalert: ERROR: cannot open ignore file. Blocking host anyway. (%s)", why);
}

/* What the block list is keyed by; scopes are left out. */
struct block_key {
    uint8_t family, byte[16];
};

static struct block_key key_of(const struct addr *a)
{
    struct block_key key = {.family = a->family};
    memcpy(key.byte, a->byte, sizeof key.byte);
    return key;
}

static bool is_blocked(const struct trap *t, const struct addr *a)
{
    struct block_key key = key_of(a);
    return map_find(&t->blocked, &key, sizeof key) != NULL;
}

static void note_blocked(struct trap *t, const struct addr *a)
{
    struct block_key key = key_of(a);
    if (t->blocked.count < BLOCKED_MAX)
        map_put(&t->blocked, &key, sizeof key, t);
}

/* ---- the record ---- */

static void write_detail(struct trap *t, const struct probe *p, struct str *out)
{
    struct json_out j = json_out_of(out);
    const struct suspect *s = suspects_find(t->suspects, &p->from.addr);
    json_object(&j, NULL);
    json_object(&j, "trap");
    json_text(&j, "mode", trap_mode_name(t->options.mode));
    json_text(&j, "scan", probe_kind_name(p->kind));
    json_u64(&j, "hits", s ? s->hits : 0);
    json_end(&j);
    json_end(&j);
}

static void publish(struct trap *t, const struct probe *p, const char *summary, bool wants_ban)
{
    bool bans = wants_ban && t->options.ban_s && t->options.ban;
    if (!t->options.port && !bans)
        return;
    struct str detail = str_of(0);
    write_detail(t, p, &detail);
    struct record r = {.kind = RECORD_EVENT,
                       .event = {.wall_ns = p->wall_ns,
                                 .kind = EVENT_TRAP,
                                 .severity = SEVERITY_MEDIUM,
                                 .strength = p->strength,
                                 .src = p->from,
                                 .dst = p->to,
                                 .ip_proto = p->ip_proto,
                                 .summary = summary,
                                 .json = str_text(&detail)}};
    if (bans)
        r.event.wish = (struct wish){.action = WISH_BAN, .ban_s = t->options.ban_s};
    if (t->options.port)
        bus_publish(t->options.port, &r);
    if (bans)
        t->options.ban(t->options.ban_ctx, &r.event);
    str_done(&detail);
}

static void write_summary(const struct trap *t, const struct probe *p, const char *name,
                          struct str *out)
{
    char address[ADDR_TEXT_MAX];
    (void)t;
    probe_write_words(p, out);
    str_addf(out, " from host: %s/%s to %s port: %u", name, addr_format(&p->from.addr, address),
             probe_proto_name(p), p->to.port);
}

/* ---- the reaction ---- */

static bool is_stealth(const struct trap *t)
{
    return modes[t->options.mode].stealth;
}

static void tell_blocked_already(const struct trap *t, const struct probe *p, const char *name)
{
    char address[ADDR_TEXT_MAX];
    addr_format(&p->from.addr, address);
    if (is_stealth(t))
        log_at(LOG_LEVEL_WARN, "attackalert: Host: %s/%s is already blocked Ignoring", name,
               address);
    else
        log_at(LOG_LEVEL_WARN, "attackalert: Host: %s is already blocked. Ignoring", address);
}

/* Under echo a claim counts and is shown, but nobody is shut out for it. */
static bool may_block(const struct trap *t, const struct probe *p)
{
    return !t->echo || p->strength != STRENGTH_CLAIMED;
}

static void block(struct trap *t, const struct probe *p, const char *name)
{
    note_blocked(t, &p->from.addr);
    reaction_run(t->reaction, p, name, t->ports->block);
}

static void react(struct trap *t, const struct probe *p, const char *name)
{
    if (is_blocked(t, &p->from.addr)) {
        if (!t->options.words_2)
            tell_blocked_already(t, p, name);
        return;
    }
    if (may_block(t, p))
        block(t, p, name);
}

static void tell_2(struct trap *t, const struct probe *p, const char *name,
                   const struct scan_line *line)
{
    struct str text = str_of(1024);
    scan_line_write(line, p, name, &text);
    log_at(LOG_LEVEL_WARN, "%s", str_text(&text));
    reaction_note(t->reaction, p, str_text(&text));
    str_done(&text);
}

/* A flood must not fill the disk, nor hold us up at a log that is slower than it. */
static bool may_tell(struct trap *t, uint64_t mono_ns)
{
    if (mono_ns - t->second_ns >= 1000000000) {
        if (t->untold)
            log_at(LOG_LEVEL_WARN, "attackalert: %u further probes within a second", t->untold);
        t->second_ns = mono_ns;
        t->told = t->untold = 0;
    }
    if (t->told < TELL_MAX) {
        t->told++;
        return true;
    }
    t->untold++;
    return false;
}

static void report(struct trap *t, const struct probe *p, const char *name)
{
    struct str summary = str_of(512);
    char address[ADDR_TEXT_MAX];
    write_summary(t, p, name, &summary);
    if (!t->options.words_2)
        log_at(LOG_LEVEL_WARN, "attackalert: %s", str_text(&summary));
    if (p->ip_options && !t->options.words_2)
        log_at(LOG_LEVEL_WARN,
               "attackalert: Packet from host: %s/%s to %s port: %u has IP options set "
               "(detection avoidance technique).",
               name, addr_format(&p->from.addr, address), probe_proto_name(p), p->to.port);
    publish(t, p, str_text(&summary), t->ports->block == TRAP_BLOCK_HOST && may_block(t, p));
    react(t, p, name);
    if (t->options.words_2) {
        const struct scan_line line = {
            .ignored = SCAN_FALSE,
            .triggered = SCAN_TRUE,
            .noblock = t->ports->block == TRAP_BLOCK_NOTHING ? SCAN_TRUE : SCAN_FALSE,
            .blocked = is_blocked(t, &p->from.addr) && t->ports->block != TRAP_BLOCK_NOTHING
                           ? SCAN_TRUE
                           : SCAN_FALSE};
        tell_2(t, p, name, &line);
    }
    str_done(&summary);
}

/* ---- who is it ---- */

struct naming {
    struct trap *trap;
    struct probe probe;
};

static bool is_host_name(const char *name)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");
    return len > 0 && name[len] == '\0' && len < 256;
}

static void on_name(void *ctx, int result, const char *name)
{
    struct naming *n = ctx;
    char address[ADDR_TEXT_MAX];
    if (result != -ECANCELED) {
        addr_format(&n->probe.from.addr, address);
        report(n->trap, &n->probe, result == 0 && is_host_name(name) ? name : address);
    }
    mem_free(n);
}

static void name_and_report(struct trap *t, const struct probe *p)
{
    char address[ADDR_TEXT_MAX];
    if (!t->resolver || resolver_pending(t->resolver) >= NAMES_PENDING_MAX) {
        report(t, p, addr_format(&p->from.addr, address));
        return;
    }
    struct naming *n = mem_zero(sizeof *n);
    *n = (struct naming){.trap = t, .probe = *p};
    resolver_reverse(t->resolver, &p->from.addr, on_name, n);
}

/* ---- is it one ---- */

static bool is_never_shut_out(struct trap *t, const struct addr *a)
{
    return cidr_set_has(&t->trusted.all, a) || ignore_list_has(t->ignored, a);
}

/* Many sources, each below the trigger: told once an hour, blocked never. */
static void look_for_crowd(struct trap *t, const struct probe *p)
{
    static const uint64_t hour_ns = UINT64_C(3600) * 1000000000;
    if (++t->hits_below % CROWD_LOOK_EVERY &&
        t->hits_below != CROWD_SOURCES + CROWD_PORTS) /* a small crowd is seen early */
        return;
    if (t->crowd_told_ns && p->mono_ns - t->crowd_told_ns < hour_ns)
        return;
    struct crowd crowd = suspects_crowd(t->suspects, p->mono_ns);
    if (crowd.sources < CROWD_SOURCES || crowd.ports < CROWD_PORTS)
        return;
    t->crowd_told_ns = p->mono_ns;
    struct str words = str_of(256);
    str_addf(&words, "Distributed scan from %u hosts to %u %s ports", crowd.sources, crowd.ports,
             proto_word(t));
    log_at(LOG_LEVEL_WARN, "attackalert: %s", str_text(&words));
    publish(t, p, str_text(&words), false);
    str_done(&words);
}

static void note_quiet(struct trap *t, const struct probe *p)
{
    struct str summary = str_of(512);
    char address[ADDR_TEXT_MAX];
    write_summary(t, p, addr_format(&p->from.addr, address), &summary);
    log_at(LOG_LEVEL_INFO, "securityalert: %s", str_text(&summary));
    publish(t, p, str_text(&summary), false);
    str_done(&summary);
}

/* 2.x tells what it does not react to, too. */
static void tell_unmet_2(struct trap *t, const struct probe *p, enum scan_answer ignored,
                         enum scan_answer triggered)
{
    const struct scan_line line = {.ignored = ignored, .triggered = triggered};
    char address[ADDR_TEXT_MAX];
    if (t->options.words_2 && !probe_is_quiet(p->kind) && may_tell(t, p->mono_ns))
        tell_2(t, p, addr_format(&p->from.addr, address), &line);
}

static void on_probe(void *ctx, const struct probe *p)
{
    struct trap *t = ctx;
    char address[ADDR_TEXT_MAX];
    if (is_never_shut_out(t, &p->from.addr)) {
        tell_unmet_2(t, p, SCAN_TRUE, SCAN_UNSET);
        return;
    }
    if (probe_is_quiet(p->kind)) {
        if (may_tell(t, p->mono_ns))
            note_quiet(t, p);
        return;
    }
    if (t->echo && p->kind == PROBE_SYN && p->strength == STRENGTH_CLAIMED)
        echo_answer(t->echo, p);
    struct suspect *s = suspects_hit(t->suspects, &p->from.addr, p->to.port, p->mono_ns);
    if (s->hits < t->options.conf->scan_trigger) {
        tell_unmet_2(t, p, SCAN_FALSE, SCAN_FALSE);
        look_for_crowd(t, p);
        return;
    }
    s->acted = true;
    if (may_tell(t, p->mono_ns))
        name_and_report(t, p);
    else if (!is_blocked(t, &p->from.addr) && may_block(t, p))
        block(t, p, addr_format(&p->from.addr, address));
}

static void on_reset(void *ctx, const struct probe *reset)
{
    struct trap *t = ctx;
    if (!t->echo || !echo_is_proven(t->echo, reset) || is_never_shut_out(t, &reset->from.addr))
        return;
    const struct suspect *s = suspects_find(t->suspects, &reset->from.addr);
    struct probe proven = *reset;
    char address[ADDR_TEXT_MAX];
    proven.kind = PROBE_SYN;
    proven.strength = STRENGTH_ECHOED;
    if (s && s->hits >= t->options.conf->scan_trigger && !is_blocked(t, &reset->from.addr)) {
        struct str summary = str_of(512);
        addr_format(&reset->from.addr, address);
        write_summary(t, &proven, address, &summary);
        publish(t, &proven, str_text(&summary), t->ports->block == TRAP_BLOCK_HOST);
        str_done(&summary);
        react(t, &proven, address);
    }
}

static bool on_door_probe(void *ctx, const struct probe *p, int fd)
{
    struct trap *t = ctx;
    on_probe(t, p);
    if (!t->guests || fd < 0)
        return false;
    guests_take(t->guests, fd, p);
    return true;
}

/* What a scanner said at a trapped port. */
static void on_said(void *ctx, const struct probe *p, const void *data, size_t len)
{
    struct trap *t = ctx;
    struct str text = str_of(4 * GUEST_RECORD_MAX + 64), summary = str_of(1024);
    char address[ADDR_TEXT_MAX];
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = ((const uint8_t *)data)[i];
        if (byte >= 0x20 && byte < 0x7f && byte != '\\')
            str_add_char(&text, (char)byte);
        else
            str_addf(&text, "\\x%02x", byte);
    }
    str_addf(&summary, "Host %s said to %s port %u: %.400s", addr_format(&p->from.addr, address),
             probe_proto_name(p), p->to.port, str_text(&text));
    log_at(LOG_LEVEL_INFO, "securityalert: %s", str_text(&summary));
    publish(t, p, str_text(&summary), false);
    str_done(&text);
    str_done(&summary);
}

/* ---- opening ---- */

static void on_look(struct loop_timer *timer)
{
    struct trap *t = timer->ctx;
    struct err e = {0};
    if (trusted_read(&t->trusted, "/etc/resolv.conf", &e) < 0)
        log_at(LOG_LEVEL_WARN, "adminalert: %s", e.text);
    loop_timer_set(t->loop, timer, loop_now_ns(t->loop) + TRUSTED_LOOK_S * UINT64_C(1000000000));
}

static void on_door(void *ctx, uint16_t port, const char *why_not)
{
    const struct trap *t = ctx;
    if (!why_not)
        log_at(LOG_LEVEL_INFO, "adminalert: Going into listen mode on %s port: %u", proto_word(t),
               port);
    else
        log_at(LOG_LEVEL_ERROR,
               "adminalert: ERROR: could not bind %s socket: %u. Attempting to continue (%s)",
               proto_word(t), port, why_not);
}

static int open_doors(struct trap *t, struct err *e)
{
    const struct doors_spec spec = {.ip_proto = t->ip_proto,
                                    .ports = &t->ports->listed,
                                    .banner = t->options.conf->port_banner};
    if (t->options.guests.hold_s || t->options.guests.record_max)
        t->guests = guests_new(t->loop, &t->options.guests, on_said, t);
    return doors_open(&t->doors, t->loop, &spec, on_door, on_door_probe, t, e);
}

static void tell_stealth(const struct trap *t, const struct port_set *ports,
                         const struct port_set *used)
{
    for (int p = 0; p < PORT_COUNT && (p = port_set_next(ports, p)) >= 0; p++) {
        if (port_set_has(used, (uint16_t)p))
            log_at(LOG_LEVEL_WARN,
                   "adminalert: ERROR: Socket %d is in use and will not be monitored. Attempting "
                   "to continue",
                   p);
        else
            log_at(LOG_LEVEL_INFO, "adminalert: Going into stealth listen mode on %s port: %d",
                   proto_word(t), p);
    }
}

static void tell_advanced(const struct trap *t, const struct port_set *used)
{
    struct port_set ignored = t->ports->exclude;
    log_at(LOG_LEVEL_INFO, "adminalert: Advanced mode will monitor first %u ports",
           t->ports->advanced);
    for (int p = 0; p < PORT_COUNT && (p = port_set_next(&t->ports->exclude, p)) >= 0; p++)
        log_at(LOG_LEVEL_INFO, "adminalert: Advanced mode will manually exclude port: %d ", p);
    if (port_set_count(&t->ports->exclude) == 0)
        log_at(LOG_LEVEL_INFO, "adminalert: Advanced mode will manually exclude no ports");
    for (int p = 0; p < PORT_COUNT && (p = port_set_next(used, p)) >= 0; p++)
        if (p <= t->ports->advanced)
            port_set_add(&ignored, (uint16_t)p);
    for (int p = 0; p < PORT_COUNT && (p = port_set_next(&ignored, p)) >= 0; p++)
        log_at(LOG_LEVEL_INFO,
               "adminalert: Advanced Stealth scan detection mode activated. Ignored %s port: %d",
               proto_word(t), p);
}

static int open_watch(struct trap *t, struct err *e)
{
    struct watch_spec spec = {.ip_proto = t->ip_proto, .quiet_kinds = t->options.all_kinds};
    bool advanced = modes[t->options.mode].advanced;
    struct port_set used;
    struct open_ports *open = open_ports_new("/proc/net");
    open_ports_list(open, t->ip_proto, loop_now_ns(t->loop), &used);
    open_ports_free(open);
    if (advanced) {
        port_set_add_range(&spec.ports, 1, t->ports->advanced);
        port_set_remove(&spec.ports, &t->ports->exclude);
        tell_advanced(t, &used);
    } else {
        spec.ports = t->ports->listed;
        tell_stealth(t, &spec.ports, &used);
    }
    if (t->options.echo && t->ip_proto == IP_PROTO_TCP && echo_open(&t->echo, e) < 0)
        return e->code;
    int rc = watch_open(&t->watch, t->loop, &spec, on_probe, on_reset, t, e);
    if (rc == 0 && t->options.all_kinds && t->ip_proto == IP_PROTO_TCP) {
        spec.ip_proto = IP_PROTO_SCTP;
        rc = watch_open(&t->watch_sctp, t->loop, &spec, on_probe, on_reset, t, e);
    }
    return rc;
}

int trap_open(struct trap **out, struct loop *loop, const struct trap_options *options,
              struct err *e)
{
    int proto = modes[options->mode].proto;
    if (trap_conf_check(options->conf, proto, modes[options->mode].advanced, e) < 0)
        return e->code;
    struct trap *t = mem_zero(sizeof *t);
    *t = (struct trap){.options = *options,
                       .loop = loop,
                       .ports = &options->conf->ports[proto],
                       .ip_proto = proto == TRAP_TCP ? IP_PROTO_TCP : IP_PROTO_UDP};
    const struct reaction_spec reaction = {.conf = options->conf,
                                           .mode = trap_mode_name(options->mode),
                                           .hosts_deny = options->hosts_deny,
                                           .utc_offset_s = options->utc_offset_s,
                                           .words_2 = options->words_2};
    t->suspects = suspects_new();
    t->ignored = ignore_list_new(options->conf->ignore_file, on_ignore_trouble, t);
    t->reaction = reaction_new(loop, &reaction);
    int rc = 0;
    if (options->conf->resolve_host)
        rc = resolver_open(&t->resolver, loop, NULL, e);
    if (rc == 0)
        rc = is_stealth(t) ? open_watch(t, e) : open_doors(t, e);
    if (rc < 0) {
        trap_close(t);
        return rc;
    }
    t->look = (struct loop_timer){.fn = on_look, .ctx = t};
    on_look(&t->look);
    log_at(LOG_LEVEL_INFO, "adminalert: PortSentry is now active and listening.");
    *out = t;
    return 0;
}

void trap_close(struct trap *t)
{
    if (!t)
        return;
    watch_close(t->watch);
    watch_close(t->watch_sctp);
    guests_free(t->guests);
    doors_close(t->doors);
    echo_close(t->echo);
    if (t->resolver)
        resolver_close(t->resolver);
    loop_timer_stop(t->loop, &t->look);
    reaction_free(t->reaction);
    ignore_list_free(t->ignored);
    suspects_free(t->suspects);
    trusted_done(&t->trusted);
    map_done(&t->blocked);
    mem_free(t);
}
