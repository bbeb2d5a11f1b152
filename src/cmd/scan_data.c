/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/scan_data.h"

#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "core/text/json.h"
#include "tool/scan/service/data_check.h"

struct printing {
    struct str text;
    struct json_out json;
    const char *file; /* whose object is open; NULL: none */
};

static void on_fault(void *ctx, const char *file, unsigned line, const char *why)
{
    (void)ctx;
    command_complain("scan", "%s:%u: %s", file, line, why);
}

static void on_count(void *ctx, const char *file, const char *key, size_t count)
{
    struct printing *p = ctx;
    if (!p->file || strcmp(p->file, file) != 0) {
        if (p->file)
            json_end(&p->json);
        json_object(&p->json, file);
        p->file = file;
    }
    json_u64(&p->json, key, count);
}

int scan_data_check(const char *folder)
{
    struct printing p = {.text = str_of(0)};
    struct err e = {0};
    p.json = json_out_of(&p.text);
    json_object(&p.json, NULL);
    struct data_check_events events = {&p, on_fault, on_count};
    int faults = data_check(folder, &events, &e);
    if (p.file)
        json_end(&p.json);
    json_end(&p.json);
    if (faults < 0)
        command_complain("scan", "--check-data: %s", e.text);
    else
        puts(str_text(&p.text));
    str_done(&p.text);
    if (faults < 0)
        return command_status_of(faults);
    return faults ? EXIT_FAILED : EXIT_DONE;
}
