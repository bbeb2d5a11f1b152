/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/service/own_probes.h"

#include <errno.h>

#include "core/base/str.h"

#define NMAP_FOLDER "/usr/share/nmap"
#define PROBE_FILE  "nmap-service-probes"

/* Made of the files in data/probes by the build. */
extern const char picket_probes[], picket_probes_more[];
extern const size_t picket_probes_len, picket_probes_more_len;

static void put_more(struct probe_db *db)
{
    probe_db_put_before(db, picket_probes_more, picket_probes_more_len, "picket-probes-more");
}

void own_probes_builtin(struct probe_db *db, probe_db_fault_fn *fault, void *fault_ctx)
{
    probe_db_parse(db, picket_probes, picket_probes_len, "picket-probes", fault, fault_ctx);
    put_more(db);
}

int own_probes_open(struct probe_db *db, const char *file, const char *folder,
                    probe_db_fault_fn *fault, void *fault_ctx, struct err *e)
{
    if (file)
        return probe_db_open(db, file, fault, fault_ctx, e);
    struct str path = str_of(0);
    str_addf(&path, "%s/" PROBE_FILE, folder ? folder : NMAP_FOLDER);
    int rc = probe_db_open(db, str_text(&path), fault, fault_ctx, e);
    str_done(&path);
    if (rc == -ENOENT && !folder) {
        own_probes_builtin(db, fault, fault_ctx);
        return 0;
    }
    if (rc == 0 && !folder)
        put_more(db);
    return rc;
}
