/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/patch/apt.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#include "sys/loop/child.h"

static void add_option(struct text_list *argv, const char *option)
{
    text_list_add(argv, "-o");
    text_list_add(argv, option);
}

/* The caches are kept in memory: a plan writes nothing. */
static void add_options(const struct apt *apt, struct text_list *argv)
{
    struct arena *a = apt->arena;
    add_option(argv, "Dir::Cache::pkgcache=");
    add_option(argv, "Dir::Cache::srcpkgcache=");
    add_option(argv, "APT::Get::Assume-Yes=true");
    if (*apt->root) {
        add_option(argv, arena_print(a, "Dir=%s", apt->root));
        add_option(argv, arena_print(a, "Dir::State::status=%s/var/lib/dpkg/status", apt->root));
        add_option(argv, arena_print(a, "DPkg::Chroot-Directory=%s", apt->root));
    }
    if (apt->sources) {
        add_option(argv, "Dir::Etc::sourcelist=/dev/null");
        add_option(argv, arena_print(a, "Dir::Etc::sourceparts=%s", apt->sources));
    }
}

/* The last line that says something. */
static const char *last_words(struct arena *arena, const char *text)
{
    size_t len = strlen(text);
    while (len && text[len - 1] == '\n')
        len--;
    size_t from = len;
    while (from && text[from - 1] != '\n')
        from--;
    return arena_copy(arena, text + from, len - from);
}

/* Frees the argument vector. */
static int run(const struct apt *apt, struct text_list *argv, struct str *out, struct err *e)
{
    int status;
    const char *program = argv->text[0];
    text_list_add(argv, NULL);
    int rc = child_run(program, argv->text, apt_plan_limit_ns, out, &status, e);
    text_list_done(argv);
    if (rc < 0)
        return rc;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return err_set(e, -EIO, "%s: %s", program, last_words(apt->arena, str_text(out)));
    return 0;
}

int apt_run(const struct apt *apt, const char *program, const struct text_list *words,
            struct str *out, struct err *e)
{
    struct text_list argv = {0};
    text_list_add(&argv, program);
    add_options(apt, &argv);
    for (size_t i = 0; i < words->count; i++)
        text_list_add(&argv, words->text[i]);
    return run(apt, &argv, out, e);
}

int apt_run_dpkg(const struct apt *apt, const struct text_list *words, struct str *out,
                 struct err *e)
{
    struct text_list argv = {0};
    text_list_add(&argv, "dpkg");
    if (*apt->root)
        text_list_add(&argv, arena_print(apt->arena, "--root=%s", apt->root));
    for (size_t i = 0; i < words->count; i++)
        text_list_add(&argv, words->text[i]);
    return run(apt, &argv, out, e);
}
