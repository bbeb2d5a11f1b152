/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/patch/restart.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "sys/host/listener.h"
#include "sys/host/package.h"
#include "sys/host/process.h"
#include "sys/loop/child.h"
#include "tool/patch/verify.h"

enum { OUTPUT_MAX = 1 << 16, LINK_MAX_BYTES = 4096 };

static const uint64_t restart_limit = 120 * NS_PER_S, port_limit = 20 * NS_PER_S;

bool patch_is_spared(const char *service)
{
    static const char *const spared[] = {
        "dbus*",
        "systemd-logind*",
        "gdm*",
        "lightdm*",
        "sddm*",
        "user@*",
        "*.scope",
        "init.scope",
        "NetworkManager*",
        "wpa_supplicant*",
        "ifup@*",
        "networking*",
        "systemd-networkd*",
        "getty@*",
        "serial-getty@*",
        "lxdm*",
        "xdm*",
        "wicd*",
        "systemd-user*",
        "picket*",
    };
    for (size_t i = 0; i < ARRAY_COUNT(spared); i++)
        if (fnmatch(spared[i], service, 0) == 0)
            return true;
    return false;
}

/* ---- which ---- */

static void add(struct arena *arena, struct patch_services *list, const struct patch_service *s)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->item[i].name, s->name) == 0 && list->item[i].port == s->port &&
            list->item[i].ip_proto == s->ip_proto)
            return;
    if (list->count == list->capacity) {
        size_t more = list->capacity ? list->capacity * 2 : 16;
        struct patch_service *bigger = arena_array(arena, more, sizeof *bigger);
        if (list->count)
            memcpy(bigger, list->item, list->count * sizeof *bigger);
        list->item = bigger;
        list->capacity = more;
    }
    list->item[list->count++] = *s;
}

static bool has_script(struct arena *arena, const char *root, const char *name)
{
    return name && *name && !strchr(name, '/') &&
           access(arena_print(arena, "%s/etc/init.d/%s", root, name), X_OK) == 0;
}

/* The script that starts a process without a unit: called like it, or like its package. */
static const char *script_of(struct arena *arena, const char *root, const char *proc,
                             const struct patch_stale *p)
{
    char path[LINK_MAX_BYTES], real[LINK_MAX_BYTES] = "";
    struct err ignored = {0};
    if (has_script(arena, root, p->name))
        return p->name;
    ssize_t len = readlink(arena_print(arena, "%s/%d/exe", proc, p->pid), path, sizeof path - 1);
    if (len <= 0)
        return NULL;
    path[len] = '\0';
    char *tail = strstr(path, " (deleted)");
    if (tail)
        *tail = '\0';
    size_t skip =
        *root && realpath(root, real) && strncmp(path, real, strlen(real)) == 0 ? strlen(real) : 0;
    struct package_owner owner = {.path = path + skip};
    if (package_find_owners(arena, root, &owner, 1, &ignored) < 0 || !owner.name)
        return NULL;
    const char *base = strrchr(path, '/') + 1;
    return has_script(arena, root, base)         ? arena_text(arena, base)
           : has_script(arena, root, owner.name) ? owner.name
                                                 : NULL;
}

static void add_service(struct arena *arena, struct patch_services *out, const char *name,
                        bool is_unit, const struct patch_stale *p,
                        const struct listener_list *sockets, const struct process_owner *owners)
{
    struct patch_service s = {.name = name, .is_unit = is_unit, .spared = patch_is_spared(name)};
    bool any = false;
    for (size_t i = 0; i < sockets->count; i++)
        for (size_t k = 0; owners && k < sockets->count; k++) {
            if (owners[k].inode != sockets->item[i].inode || !owners[k].leader ||
                owners[k].leader->pid != p->pid)
                continue;
            s.port = sockets->item[i].at.port;
            s.ip_proto = sockets->item[i].ip_proto;
            add(arena, out, &s);
            any = true;
            break;
        }
    for (size_t i = 0; i < out->count; i++)
        any |= strcmp(out->item[i].name, name) == 0;
    if (!any)
        add(arena, out, &s);
}

static int by_inode(const void *a, const void *b)
{
    const struct process_owner *x = a, *y = b;
    return x->inode < y->inode ? -1 : x->inode > y->inode;
}

int patch_find_services(struct arena *arena, const char *root, const char *proc,
                        struct patch_services *out, struct err *e)
{
    struct patch_verdict v;
    struct listener_list sockets = {0};
    *out = (struct patch_services){0};
    int rc = patch_verify(arena, root, proc, &v, e);
    if (rc == 0)
        rc = listener_read(arena, arena_print(arena, "%s/net", proc), &sockets, e);
    struct process_owner *owners = arena_array(arena, sockets.count + 1, sizeof *owners);
    for (size_t i = 0; i < sockets.count; i++)
        owners[i].inode = sockets.item[i].inode;
    qsort(owners, sockets.count, sizeof *owners, by_inode);
    if (rc == 0)
        rc = process_find_owners(arena, proc, owners, sockets.count, e);
    for (size_t i = 0; rc == 0 && i < v.stale.count; i++) {
        const struct patch_stale *p = &v.stale.item[i];
        bool is_unit = p->unit && !*root;
        const char *name = is_unit ? p->unit : script_of(arena, root, proc, p);
        if (name)
            add_service(arena, out, name, is_unit, p, &sockets, owners);
    }
    return rc;
}

/* ---- do it ---- */

static bool run(const char *const *argv)
{
    struct str out = str_of(OUTPUT_MAX);
    struct err ignored = {0};
    int status = -1;
    int rc = child_run(argv[0], argv, restart_limit, &out, &status, &ignored);
    str_done(&out);
    return rc == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool restart_one(const char *root, const struct patch_service *s)
{
    const char *systemd[] = {"systemctl", "restart", "--", s->name, NULL};
    const char *script[] = {"service", s->name, "restart", NULL};
    const char *below[] = {"chroot", root, "service", s->name, "restart", NULL};
    return run(s->is_unit ? systemd : *root ? below : script);
}

static bool is_open(struct arena *arena, const struct patch_service *s)
{
    struct listener_list sockets;
    struct err ignored = {0};
    if (listener_read(arena, "/proc/net", &sockets, &ignored) < 0)
        return false;
    for (size_t i = 0; i < sockets.count; i++)
        if (sockets.item[i].at.port == s->port && sockets.item[i].ip_proto == s->ip_proto)
            return true;
    return false;
}

static bool wait_open(const struct patch_service *s)
{
    const struct timespec pause = {.tv_nsec = 200000000};
    uint64_t until = clock_mono_ns(&clock_system) + port_limit;
    bool open = false;
    while (!open && clock_mono_ns(&clock_system) < until) {
        struct arena arena = {0};
        open = is_open(&arena, s);
        arena_done(&arena);
        if (!open)
            nanosleep(&pause, NULL);
    }
    return open;
}

int patch_restart(struct arena *arena, const struct patch_apply *a, struct patch_services *services,
                  struct err *e)
{
    int rc = 0;
    for (size_t i = 0; i < services->count; i++) {
        struct patch_service *s = &services->item[i];
        bool again = i > 0 && strcmp(services->item[i - 1].name, s->name) == 0;
        if (s->spared)
            continue;
        if (!again && a->word)
            a->word(a->ctx, arena_print(arena, "restarting %s", s->name));
        s->failed = !(again ? !services->item[i - 1].failed : restart_one(a->root, s));
        if (!s->failed && s->port)
            s->failed = !wait_open(s);
        if (s->failed && rc == 0)
            rc = err_set(e, -EIO, "%s did not come back%s", s->name,
                         s->port ? " with its port" : "");
    }
    return rc;
}
