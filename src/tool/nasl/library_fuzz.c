/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a script: compiled, and what compiles is run in a small budget.  It gets no rights
 * and a host that answers nothing. */
#include <stdint.h>
#include <string.h>

#include "core/base/mem.h"
#include "tool/nasl/vm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool reaches_out(const char *text)
{
    static const char *const words[] = {"sock",  "http", "ssh",   "snmp", "send",   "pcap",
                                        "sleep", "host", "local", "ping", "denial", "plugin_run"};
    for (size_t i = 0; i < ARRAY_COUNT(words); i++)
        if (strstr(text, words[i]))
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 20000)
        return 0;
    char *text = mem_zero(size + 1);
    if (size)
        memcpy(text, data, size);
    struct nasl_library *l = nasl_library_new(NULL, NULL);
    struct rng rng = rng_of(1);
    struct nasl_host host = {.addr = addr_ip4(0x7f000001),
                             .ip = "127.0.0.1",
                             .kb = nasl_kb_new(1 << 16, &clock_system),
                             .clock = &clock_system,
                             .rng = &rng};
    struct nasl_meta meta;
    nasl_meta_init(&meta);
    host.meta = &meta;
    struct nasl_unit *u;
    struct err e = {0};
    if (nasl_compile_text(l, "fuzz", text, size, &u, &e) == 0) {
        struct nasl_run how = {.name = "fuzz", .time_ns = 20 * NS_PER_MS, .memory = 1 << 20};
        if (!reaches_out(text))
            (void)nasl_run(l, u, &host, &how);
        nasl_unit_free(u);
    }
    nasl_meta_done(&meta);
    nasl_kb_free(host.kb);
    nasl_library_free(l);
    mem_free(text);
    return 0;
}
