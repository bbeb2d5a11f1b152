/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/assess/collection.h"

#include <errno.h>
#include <fts.h>
#include <string.h>

#include "core/base/mem.h"
#include "tool/assess/own_checks.h"
#include "tool/nasl/vm.h"

enum { DESCRIBE_TIME_S = 10, DESCRIBE_BYTES = 32 << 20 };

void assess_collection_init(struct assess_collection *c, assess_fault_fn *fault, void *fault_ctx)
{
    *c = (struct assess_collection){.fault = fault, .fault_ctx = fault_ctx};
    c->library = nasl_library_new(NULL, NULL);
}

void assess_collection_done(struct assess_collection *c)
{
    nasl_library_free(c->library);
    map_done(&c->by_file);
    map_done(&c->by_oid);
    mem_free(c->check);
    arena_done(&c->arena);
    *c = (struct assess_collection){0};
}

static struct assess_texts keep_texts(struct arena *a, const struct text_list *from)
{
    const char **text = from->count ? arena_array(a, from->count, sizeof *text) : NULL;
    for (size_t i = 0; i < from->count; i++)
        text[i] = arena_text(a, from->text[i]);
    return (struct assess_texts){text, from->count};
}

static void remember(struct map *m, const char *key, size_t index)
{
    if (!map_find_text(m, key))
        map_put_text(m, key, (void *)(uintptr_t)(index + 1));
}

static void keep(struct assess_collection *c, struct assess_check *check,
                 const struct nasl_meta *meta)
{
    struct arena *a = &c->arena;
    check->oid = arena_text(a, meta->oid ? meta->oid : "");
    check->name = arena_text(a, meta->name ? meta->name : "");
    check->family = arena_text(a, meta->family ? meta->family : "");
    check->category = (uint8_t)meta->category;
    check->dependencies = keep_texts(a, &meta->dependencies);
    check->required_keys = keep_texts(a, &meta->required_keys);
    check->mandatory_keys = keep_texts(a, &meta->mandatory_keys);
    check->excluded_keys = keep_texts(a, &meta->excluded_keys);
    check->required_ports = keep_texts(a, &meta->required_ports);
    check->required_udp_ports = keep_texts(a, &meta->required_udp_ports);
    MEM_GROW(c->check, c->count, c->capacity);
    const char *slash = strrchr(check->file, '/');
    remember(&c->by_file, check->file, c->count);
    if (slash)
        remember(&c->by_file, slash + 1, c->count);
    if (*check->oid)
        remember(&c->by_oid, check->oid, c->count);
    c->check[c->count++] = *check;
}

int assess_check_compile(const struct assess_collection *c, const struct assess_check *check,
                         struct nasl_unit **out, struct err *e)
{
    if (check->path)
        return nasl_compile_file(c->library, check->path, out, e);
    return nasl_compile_text(c->library, check->file, check->text, check->text_len, out, e);
}

int assess_check_describe(const struct assess_collection *c, const struct assess_check *check,
                          struct nasl_meta *meta, struct err *e)
{
    struct nasl_unit *u;
    int rc = assess_check_compile(c, check, &u, e);
    if (rc < 0)
        return rc;
    struct rng rng = rng_system();
    struct nasl_host h = {
        .kb = nasl_kb_new(1 << 16, &clock_system),
        .clock = &clock_system,
        .rng = &rng,
        .meta = meta,
    };
    struct nasl_run how = {.description = true,
                           .name = check->file,
                           .time_ns = DESCRIBE_TIME_S * NS_PER_S,
                           .memory = DESCRIBE_BYTES};
    enum nasl_end end = nasl_run(c->library, u, &h, &how);
    nasl_kb_free(h.kb);
    nasl_unit_free(u);
    return end == NASL_RAN ? 0 : err_set(e, -ETIMEDOUT, "its description does not end");
}

/* The check described and kept, or left out with a word about it. */
static void add(struct assess_collection *c, struct assess_check *check)
{
    struct nasl_meta meta;
    struct err e = {0};
    nasl_meta_init(&meta);
    int rc = assess_check_describe(c, check, &meta, &e);
    if (rc == 0 && !meta.oid)
        rc = err_set(&e, -EINVAL, "it has no OID");
    if (rc == 0) {
        keep(c, check, &meta);
    } else {
        c->left_out++;
        if (c->fault)
            c->fault(c->fault_ctx, check->file, e.text);
    }
    nasl_meta_done(&meta);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool ends_with(const char *name, const char *ending)
{
    size_t len = strlen(name), end = strlen(ending);
    return len > end && strcmp(name + len - end, ending) == 0;
}

int assess_each_file(const char *folder, const char *ending, assess_file_fn *fn, void *ctx,
                     struct err *e)
{
    char *const roots[] = {(char *)folder, NULL}; /* fts(3) does not write to them */
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
    size_t skip = strlen(folder);
    int rc = 0;
    if (!walk)
        return err_set(e, -errno, "%s: %s", folder, strerror(errno));
    for (FTSENT *at; rc == 0 && (at = fts_read(walk));) {
        if ((at->fts_info == FTS_NS || at->fts_info == FTS_DNR) && at->fts_level == 0)
            rc = err_set(e, -at->fts_errno, "%s: %s", folder, strerror(at->fts_errno));
        else if (at->fts_info == FTS_F && ends_with(at->fts_name, ending) &&
                 !fn(ctx, at->fts_path, at->fts_path + skip + strspn(at->fts_path + skip, "/")))
            break;
    }
    fts_close(walk);
    return rc;
}

static bool add_file(void *ctx, const char *path, const char *file)
{
    struct assess_collection *c = ctx;
    struct assess_check check = {.path = arena_text(&c->arena, path)};
    check.file = check.path + (strlen(path) - strlen(file));
    add(c, &check);
    return true;
}

int assess_collection_add_folder(struct assess_collection *c, const char *folder, struct err *e)
{
    nasl_library_add_folder(c->library, folder);
    return assess_each_file(folder, ".nasl", add_file, c, e);
}

void assess_collection_add_own(struct assess_collection *c)
{
    for (const struct own_check *own = own_checks; own->name; own++)
        if (!ends_with(own->name, ".nasl"))
            nasl_library_carry(c->library, own->name, own->text, own->len);
    for (const struct own_check *own = own_checks; own->name; own++)
        if (ends_with(own->name, ".nasl"))
            add(c,
                &(struct assess_check){.file = own->name, .text = own->text, .text_len = own->len});
}

static const struct assess_check *numbered(const struct assess_collection *c, const void *number)
{
    return number ? &c->check[(uintptr_t)number - 1] : NULL;
}

const struct assess_check *assess_collection_find_file(const struct assess_collection *c,
                                                       const char *file)
{
    return numbered(c, map_find_text(&c->by_file, file));
}

const struct assess_check *assess_collection_find_oid(const struct assess_collection *c,
                                                      const char *oid)
{
    return numbered(c, map_find_text(&c->by_oid, oid));
}
