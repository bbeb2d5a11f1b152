/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time, chance, the end of a script, and other small things. */
#include <string.h>
#include <time.h>

#include "core/base/attr.h"
#include "tool/nasl/array.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/vm.h"

enum { PAUSE_STEP_MS = 100, EXIT_NOT_VULNERABLE = 99 };

/* A feed learns from this key that a host was found to be safe. */
static void register_not_vulnerable(struct nasl_call *c)
{
    struct nasl_kb *kb = nasl_vm_host(c->vm)->kb;
    const char *oid = nasl_vm_oid(c->vm);
    struct str key = str_of(0);
    if (!oid)
        return;
    (void)nasl_kb_add_text(kb, "HostDetails", "EXIT_CODE");
    (void)nasl_kb_add_text(kb, "HostDetails/NVT", oid);
    str_addf(&key, "HostDetails/NVT/%s/EXIT_CODE", oid);
    (void)nasl_kb_add_text(kb, str_text(&key), "EXIT_NOTVULN");
    str_done(&key);
}

static struct nasl_value do_exit(struct nasl_call *c)
{
    if (nasl_arg_int(nasl_arg(c, 0), 0) == EXIT_NOT_VULNERABLE)
        register_not_vulnerable(c);
    nasl_vm_exit(c->vm);
    return nasl_undef();
}

static void pause_for(struct nasl_call *c, uint64_t wanted_ns)
{
    uint64_t left = nasl_vm_wait_ns(c->vm, wanted_ns);
    while (!nasl_vm_should_stop(c->vm) && left) {
        uint64_t step = left < PAUSE_STEP_MS * NS_PER_MS ? left : PAUSE_STEP_MS * NS_PER_MS;
        struct timespec t = {(time_t)(step / NS_PER_S), (long)(step % NS_PER_S)};
        nanosleep(&t, NULL);
        left -= step;
    }
}

static uint64_t span_of(struct nasl_call *c, uint64_t unit_ns)
{
    int64_t count = nasl_arg_int(nasl_arg(c, 0), 0);
    return count > 0 && count < INT32_MAX ? (uint64_t)count * unit_ns : 0;
}

static struct nasl_value do_sleep(struct nasl_call *c)
{
    pause_for(c, span_of(c, NS_PER_S));
    return nasl_undef();
}

static struct nasl_value do_usleep(struct nasl_call *c)
{
    pause_for(c, span_of(c, NS_PER_US));
    return nasl_undef();
}

static struct nasl_value do_rand(struct nasl_call *c)
{
    return nasl_int((int64_t)(rng_u64(nasl_vm_host(c->vm)->rng) >> 33)); /* 31 bits */
}

static struct nasl_value do_unixtime(struct nasl_call *c)
{
    return nasl_int((int64_t)(clock_wall_ns(nasl_vm_host(c->vm)->clock) / NS_PER_S));
}

static struct nasl_value do_gettimeofday(struct nasl_call *c)
{
    uint64_t now = clock_wall_ns(nasl_vm_host(c->vm)->clock);
    struct str text = str_of(0);
    str_addf(&text, "%u.%06u", (unsigned)(now / NS_PER_S), (unsigned)(now % NS_PER_S / NS_PER_US));
    return nasl_data_str(c, &text);
}

static struct nasl_value do_localtime(struct nasl_call *c)
{
    time_t when = (time_t)nasl_arg_int(nasl_arg(c, 0), 0);
    bool utc = nasl_arg_int(nasl_named(c, 0), 0) != 0;
    struct tm tm;
    if (when == 0)
        when = (time_t)(clock_wall_ns(nasl_vm_host(c->vm)->clock) / NS_PER_S);
    if (!(utc ? gmtime_r(&when, &tm) : localtime_r(&when, &tm))) {
        nasl_complain(c, "%lld is no time", (long long)when);
        return nasl_undef();
    }
    const struct {
        const char *name;
        int value;
    } part[] = {
        {"sec", tm.tm_sec},   {"min", tm.tm_min},       {"hour", tm.tm_hour},
        {"mday", tm.tm_mday}, {"mon", tm.tm_mon + 1},   {"year", tm.tm_year + 1900},
        {"wday", tm.tm_wday}, {"yday", tm.tm_yday + 1}, {"isdst", tm.tm_isdst},
    };
    struct nasl_value array = nasl_array_new(nasl_call_heap(c));
    for (size_t i = 0; array.type == NASL_ARRAY && i < ARRAY_COUNT(part); i++)
        (void)nasl_array_put_named(&array, part[i].name, nasl_int(part[i].value));
    return array;
}

enum { YEAR, MON, MDAY, HOUR, MIN, SEC, ISDST };

static int part_of(struct nasl_call *c, unsigned which, int otherwise)
{
    return (int)nasl_arg_int(nasl_named(c, which), otherwise);
}

static struct nasl_value do_mktime(struct nasl_call *c)
{
    struct tm tm = {
        .tm_sec = part_of(c, SEC, 0),
        .tm_min = part_of(c, MIN, 0),
        .tm_hour = part_of(c, HOUR, 0),
        .tm_mday = part_of(c, MDAY, 0),
        .tm_mon = part_of(c, MON, 1) - 1,
        .tm_year = part_of(c, YEAR, 0),
        .tm_isdst = part_of(c, ISDST, -1),
    };
    tm.tm_year -= tm.tm_year >= 1900 ? 1900 : 0;
    time_t when = mktime(&tm);
    if (when == (time_t)-1) {
        nasl_complain(c, "no such time");
        return nasl_undef();
    }
    return nasl_int((int64_t)when);
}

static struct nasl_value do_defined_func(struct nasl_call *c)
{
    struct str room = str_of(0);
    const char *name = nasl_arg_text(nasl_arg(c, 0), &room, NULL);
    struct nasl_value v = nasl_undef();
    if (name)
        v = nasl_int(nasl_vm_has_function(c->vm, name));
    else
        nasl_complain(c, "a name is needed");
    str_done(&room);
    return v;
}

static struct nasl_value do_dec2str(struct nasl_call *c)
{
    int32_t number = (int32_t)nasl_arg_int(nasl_named(c, 0), -1);
    uint32_t bits = (uint32_t)number;
    if (number == -1) {
        nasl_complain(c, "dec2str(num:)");
        return nasl_undef();
    }
    uint8_t byte[4] = {(uint8_t)bits, (uint8_t)(bits >> 8), (uint8_t)(bits >> 16),
                       (uint8_t)(bits >> 24)};
    return nasl_data(c, byte, sizeof byte);
}

/* 1: the least byte comes first.  What goes over the wire is built by others, in its own order. */
static struct nasl_value do_get_byte_order(struct nasl_call *c)
{
    (void)c;
    return nasl_int(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
}

static struct nasl_value do_dump_ctxt(struct nasl_call *c)
{
    nasl_complain(c, "%u unnamed arguments", c->count);
    return nasl_undef();
}

static const struct nasl_builtin rows[] = {
    {"dec2str", do_dec2str, {"num"}, 0},
    {"defined_func", do_defined_func, {0}, 0},
    {"dump_ctxt", do_dump_ctxt, {0}, 0},
    {"exit", do_exit, {0}, 0},
    {"get_byte_order", do_get_byte_order, {0}, 0},
    {"gettimeofday", do_gettimeofday, {0}, 0},
    {"localtime", do_localtime, {"utc"}, 0},
    {"mktime", do_mktime, {"year", "mon", "mday", "hour", "min", "sec", "isdst"}, 0},
    {"rand", do_rand, {0}, 0},
    {"sleep", do_sleep, {0}, 0},
    {"unixtime", do_unixtime, {0}, 0},
    {"usleep", do_usleep, {0}, 0},
};

const struct nasl_family nasl_family_misc = {"misc", rows, ARRAY_COUNT(rows)};
