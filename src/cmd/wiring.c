/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/wiring.h"

#include "cmd/config.h"
#include "hub/outlet/store_outlet.h"

enum { RING_BYTES = 1 << 20 };

static int open_store(struct wiring *w, const char *folder, struct err *e)
{
    w->bus = bus_new();
    int rc = store_outlet_open(&w->store, folder, w->bus, &clock_system, e);
    if (rc == 0) {
        w->port = bus_port_new(w->bus, RING_BYTES);
        rc = bus_start(w->bus, e);
    }
    if (rc < 0) {
        bus_stop(w->bus);
        if (w->store)
            (void)!store_outlet_close(w->store, &(struct err){0});
        *w = (struct wiring){0};
    }
    return rc;
}

int wiring_open(struct wiring *w, const char *folder, struct err *e)
{
    struct arena arena = {0};
    struct config config = {0};
    *w = (struct wiring){0};
    int rc = folder ? 0 : config_read(&config, NULL, &arena, e);
    folder = folder ? folder : config.store_folder;
    if (rc == 0 && folder)
        rc = open_store(w, folder, e);
    arena_done(&arena);
    return rc;
}

void wiring_publish_run(struct wiring *w, const struct run *run)
{
    struct record r = {.kind = RECORD_RUN, .run = *run};
    if (w->port)
        bus_publish_wait(w->port, &r);
}

int wiring_close(struct wiring *w, struct err *e)
{
    if (!w->bus)
        return 0;
    bus_stop(w->bus);
    int rc = store_outlet_close(w->store, e);
    *w = (struct wiring){0};
    return rc;
}
