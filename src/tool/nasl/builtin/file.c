/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files and programs of this machine: for a script that its user runs by himself.  A script of a
 * feed gets nothing here, whatever it asks for. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "sys/io/file.h"
#include "sys/loop/child.h"
#include "tool/nasl/array.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/vm.h"

enum { FILE_BYTES_MAX = 64 << 20, ARGUMENTS_MAX = 256, PROGRAM_TIME_S = 3600 };

/* Says no once for all scripts that are not the user's own. */
static bool may(struct nasl_call *c)
{
    if (nasl_vm_host(c->vm)->trusted)
        return true;
    nasl_complain(c, "a script of a feed may not touch this machine");
    return false;
}

/* A path without a NUL in it; NULL: none. */
static const char *path_of(struct nasl_call *c, const struct nasl_value *v)
{
    if (nasl_is_text(v) && v->string->len && strlen(v->string->text) == v->string->len)
        return v->string->text;
    nasl_complain(c, "a file name is needed");
    return NULL;
}

static struct nasl_value do_fread(struct nasl_call *c)
{
    const char *path = may(c) ? path_of(c, nasl_arg(c, 0)) : NULL;
    struct str text = str_of(FILE_BYTES_MAX);
    struct err e = {0};
    if (!path)
        return nasl_undef();
    if (file_read(path, &text, &e) < 0) {
        nasl_complain(c, "%s", e.text);
        str_done(&text);
        return nasl_undef();
    }
    return nasl_data_str(c, &text);
}

enum { WRITE_DATA, WRITE_FILE };

static struct nasl_value do_fwrite(struct nasl_call *c)
{
    const struct nasl_value *data = nasl_named(c, WRITE_DATA);
    const char *path = may(c) ? path_of(c, nasl_named(c, WRITE_FILE)) : NULL;
    struct err e = {0};
    if (!path || !nasl_is_text(data))
        return nasl_undef();
    if (file_replace(path, data->string->text, data->string->len, 0600, &e) < 0) {
        nasl_complain(c, "%s", e.text);
        return nasl_undef();
    }
    return nasl_int(data->string->len);
}

static struct nasl_value do_unlink(struct nasl_call *c)
{
    const char *path = may(c) ? path_of(c, nasl_arg(c, 0)) : NULL;
    if (path && unlink(path) < 0)
        nasl_complain(c, "%s: %s", path, strerror(errno));
    return nasl_undef();
}

static struct nasl_value do_file_stat(struct nasl_call *c)
{
    const char *path = may(c) ? path_of(c, nasl_arg(c, 0)) : NULL;
    struct stat st;
    if (!path || stat(path, &st) < 0)
        return nasl_undef();
    return nasl_int(st.st_size);
}

static struct nasl_value do_get_tmp_dir(struct nasl_call *c)
{
    struct str path = str_of(0);
    if (!may(c))
        return nasl_undef();
    const char *set = getenv("TMPDIR");
    str_addf(&path, "%s/", set && *set ? set : P_tmpdir);
    return nasl_data_str(c, &path);
}

struct open_file {
    int fd;
};

static void close_file(void *thing)
{
    struct open_file *f = thing;
    close(f->fd);
    mem_free(f);
}

static const struct nasl_handle_kind file_kind = {"file", 3, close_file};

static const struct {
    const char *word;
    int flags;
} modes[] = {
    {"r", O_RDONLY},
    {"w", O_WRONLY | O_CREAT},
    {"w+", O_WRONLY | O_TRUNC | O_CREAT},
    {"a", O_WRONLY | O_APPEND | O_CREAT},
    {"a+", O_RDWR | O_APPEND | O_CREAT},
};

enum { OPEN_MODE, OPEN_NAME };

static struct nasl_value do_file_open(struct nasl_call *c)
{
    const struct nasl_value *mode = nasl_named(c, OPEN_MODE);
    const char *path = may(c) ? path_of(c, nasl_named(c, OPEN_NAME)) : NULL;
    int flags = O_RDONLY;
    for (size_t i = 0; nasl_is_text(mode) && i < ARRAY_COUNT(modes); i++)
        if (strcmp(modes[i].word, mode->string->text) == 0)
            flags = modes[i].flags;
    if (!path || !nasl_is_text(mode))
        return nasl_undef();
    int fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        nasl_complain(c, "%s: %s", path, strerror(errno));
        return nasl_undef();
    }
    struct open_file *f = mem_zero(sizeof *f);
    f->fd = fd;
    return nasl_int(nasl_handle_add(c->vm, &file_kind, f));
}

static struct open_file *file_of(struct nasl_call *c, const struct nasl_value *v)
{
    struct open_file *f = nasl_handle_get(c->vm, &file_kind, nasl_arg_int(v, -1));
    if (!f)
        nasl_complain(c, "no open file");
    return f;
}

static struct nasl_value do_file_close(struct nasl_call *c)
{
    bool ok = nasl_handle_close(c->vm, &file_kind, nasl_arg_int(nasl_arg(c, 0), -1));
    return ok ? nasl_int(0) : nasl_undef();
}

enum { FP_FP, FP_OTHER };

static struct nasl_value do_file_read(struct nasl_call *c)
{
    struct open_file *f = file_of(c, nasl_named(c, FP_FP));
    int64_t len = nasl_arg_int(nasl_named(c, FP_OTHER), 0);
    if (!f || len < 0 || len > FILE_BYTES_MAX)
        return nasl_undef();
    char *room = mem_zero((size_t)len + 1);
    size_t got = 0;
    for (ssize_t rc = 1; rc > 0 && got<(size_t)len; got += rc> 0 ? (size_t)rc : 0)
        rc = read(f->fd, room + got, (size_t)len - got);
    struct nasl_value v = nasl_data(c, room, got);
    mem_free(room);
    return v;
}

static struct nasl_value do_file_write(struct nasl_call *c)
{
    struct open_file *f = file_of(c, nasl_named(c, FP_FP));
    const struct nasl_value *data = nasl_named(c, FP_OTHER);
    if (!f || !nasl_is_text(data))
        return nasl_undef();
    if (file_write_all(f->fd, data->string->text, data->string->len) < 0) {
        nasl_complain(c, "%s", strerror(errno));
        return nasl_undef();
    }
    return nasl_int(data->string->len);
}

static struct nasl_value do_file_seek(struct nasl_call *c)
{
    struct open_file *f = file_of(c, nasl_named(c, FP_FP));
    if (!f || lseek(f->fd, nasl_arg_int(nasl_named(c, FP_OTHER), 0), SEEK_SET) < 0)
        return nasl_undef();
    return nasl_int(0);
}

static struct nasl_value do_find_in_path(struct nasl_call *c)
{
    const char *name = path_of(c, nasl_arg(c, 0)), *path = getenv("PATH");
    bool found = false;
    struct str file = str_of(0);
    if (!name)
        return nasl_undef();
    while (path && *path && !found && !strchr(name, '/')) {
        size_t len = strcspn(path, ":");
        str_reset(&file);
        str_add_len(&file, path, len);
        str_addf(&file, "/%s", name);
        found = access(str_text(&file), X_OK) == 0;
        path += len + (path[len] == ':');
    }
    str_done(&file);
    return nasl_int(found);
}

enum { PREAD_ARGV, PREAD_CD, PREAD_CMD, PREAD_USER };

/* The output of a program; argv[0] is the program's name again. */
static struct nasl_value do_pread(struct nasl_call *c)
{
    const struct nasl_value *argv = nasl_named(c, PREAD_ARGV);
    const char *cmd = may(c) ? path_of(c, nasl_named(c, PREAD_CMD)) : NULL;
    struct arena arena = {0};
    const char *words[ARGUMENTS_MAX + 1] = {cmd};
    size_t count = 0;
    struct nasl_walk walk = {0};
    int64_t index;
    const char *name;
    const struct nasl_value *item;
    if (!cmd || argv->type != NASL_ARRAY || nasl_named(c, PREAD_USER)->type != NASL_UNDEF) {
        nasl_complain(c, "pread(cmd:, argv:); programs run as the user who runs this");
        return nasl_undef();
    }
    struct str room = str_of(0), out = str_of(FILE_BYTES_MAX);
    while (count < ARGUMENTS_MAX && nasl_array_walk(argv, &walk, &index, &name, &item))
        words[count++] = arena_text(&arena, nasl_value_text(item, &room, NULL));
    words[count] = NULL;
    int status = 0;
    struct err e = {0};
    uint64_t limit = nasl_vm_wait_ns(c->vm, PROGRAM_TIME_S * NS_PER_S);
    int rc = child_run(cmd, words, limit, &out, &status, &e);
    if (rc < 0)
        nasl_complain(c, "%s", e.text);
    str_done(&room);
    arena_done(&arena);
    if (rc == 0 || out.len)
        return nasl_data_str(c, &out);
    str_done(&out);
    return nasl_undef();
}

static const struct nasl_builtin rows[] = {
    {"file_close", do_file_close, {0}, NASL_UNSAFE},
    {"file_open", do_file_open, {"mode", "name"}, NASL_UNSAFE},
    {"file_read", do_file_read, {"fp", "length"}, NASL_UNSAFE},
    {"file_seek", do_file_seek, {"fp", "offset"}, NASL_UNSAFE},
    {"file_stat", do_file_stat, {0}, NASL_UNSAFE},
    {"file_write", do_file_write, {"fp", "data"}, NASL_UNSAFE},
    {"find_in_path", do_find_in_path, {0}, NASL_UNSAFE},
    {"fread", do_fread, {0}, NASL_UNSAFE},
    {"fwrite", do_fwrite, {"data", "file"}, NASL_UNSAFE},
    {"get_tmp_dir", do_get_tmp_dir, {0}, NASL_UNSAFE},
    {"pread", do_pread, {"argv", "cd", "cmd", "drop_privileges_user"}, NASL_UNSAFE},
    {"unlink", do_unlink, {0}, NASL_UNSAFE},
};

const struct nasl_family nasl_family_file = {"file", rows, ARRAY_COUNT(rows)};
