/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A probe file, and a few answers held against whatever lines it has. */
#include "tool/scan/service/match.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char answer[] = "220 host FTP server ready\r\n";
    struct probe_db db;
    struct arena arena = {0};
    struct service_hit hit;
    probe_db_parse(&db, (const char *)data, size / 2, "fuzz", NULL, NULL);
    probe_db_put_before(&db, (const char *)data + size / 2, size - size / 2, "more");
    struct service_matcher *m = service_matcher_new(&db);
    for (size_t i = 0; i < db.count; i++)
        (void)service_match(m, db.probe[i], answer, sizeof answer - 1, &arena, &hit);
    service_matcher_free(m);
    arena_done(&arena);
    probe_db_done(&db);
    return 0;
}
