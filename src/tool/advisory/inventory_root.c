/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The package manager of a system: dpkg, apk or rpm. */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/io/file.h"
#include "sys/loop/child.h"
#include "tool/advisory/inventory.h"

enum { DATABASE_MAX = 128 << 20 };

static const uint64_t rpm_limit_ns = 120ULL * 1000000000ULL;

/* apk-db: "P:" name, "V:" version, "A:" arch, "o:" origin; an empty line ends a package. */
int inventory_read_apk(struct arena *arena, const char *path, const char *ecosystem,
                       struct inventory *out, struct err *e)
{
    struct str text = str_of(DATABASE_MAX);
    struct inventory_item item = {.ecosystem = ecosystem, .place = "apk"};
    int rc = file_read(path, &text, e);
    for (const char *line = str_text(&text); rc == 0; line += strcspn(line, "\n")) {
        line += *line == '\n';
        const char *value =
            *line && line[1] == ':' ? arena_copy(arena, line + 2, strcspn(line + 2, "\n")) : NULL;
        if (value && *line == 'P')
            item.name = value;
        else if (value && *line == 'V')
            item.version = value;
        else if (value && *line == 'A')
            item.arch = value;
        else if (value && *line == 'o')
            item.source = value;
        if ((*line == '\n' || !*line) && item.name && item.version) {
            item.source = item.source ? item.source : item.name;
            item.source_version = item.version;
            inventory_add(arena, out, &item);
            item = (struct inventory_item){.ecosystem = ecosystem, .place = "apk"};
        }
        if (!*line)
            break;
    }
    str_done(&text);
    return rc;
}

/* "openssl-3.0.7-1.el9.src.rpm": name and version of the source. */
static const char *source_name(struct arena *arena, const char *file)
{
    size_t len = strlen(file);
    for (int dashes = 0; len && dashes < 2; dashes += file[len] == '-')
        len--;
    return len ? arena_copy(arena, file, len) : NULL;
}

static void take_rpm(struct arena *arena, const char *line, size_t len, const char *ecosystem,
                     struct inventory *out)
{
    const char *field[4];
    size_t count = 0;
    const char *text = arena_copy(arena, line, len);
    for (const char *at = text; count < ARRAY_COUNT(field); count++) {
        size_t n = strcspn(at, "\t");
        field[count] = arena_copy(arena, at, n);
        if (!at[n]) {
            count++;
            break;
        }
        at += n + 1;
    }
    if (count < ARRAY_COUNT(field))
        return;
    const char *version = strncmp(field[1], "0:", 2) == 0 ? field[1] + 2 : field[1];
    const char *source = source_name(arena, field[3]);
    inventory_add(arena, out,
                  &(struct inventory_item){.ecosystem = ecosystem,
                                           .name = field[0],
                                           .version = version,
                                           .arch = field[2],
                                           .source = source ? source : field[0],
                                           .source_version = version,
                                           .place = "rpm"});
}

int inventory_read_rpm(struct arena *arena, const char *root, const char *ecosystem,
                       struct inventory *out, struct err *e)
{
    const char *argv[] = {"rpm",
                          "--root",
                          *root ? root : "/",
                          "-qa",
                          "--queryformat",
                          "%{NAME}\\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\\t%{ARCH}\\t%{SOURCERPM}\\n",
                          NULL};
    struct str text = str_of(DATABASE_MAX);
    int status;
    int rc = child_run("rpm", argv, rpm_limit_ns, &text, &status, e);
    if (rc == 0 && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
        rc = err_set(e, -EIO, "rpm -qa failed");
    for (const char *line = str_text(&text); rc == 0 && *line;) {
        size_t len = strcspn(line, "\n");
        take_rpm(arena, line, len, ecosystem, out);
        line += len + (line[len] == '\n');
    }
    str_done(&text);
    return rc;
}

/* OSV's name of the system: "Debian:12", "Alpine:v3.20", "Red Hat". */
static const char *ecosystem_of(struct arena *arena, const struct inventory_system *s)
{
    const char *id = s->id ? s->id : "", *version = s->version_id ? s->version_id : "";
    if (strcmp(id, "debian") == 0)
        return *version ? arena_print(arena, "Debian:%s", version) : "Debian";
    if (strcmp(id, "ubuntu") == 0)
        return arena_print(arena, "Ubuntu:%s", version);
    if (strcmp(id, "alpine") == 0) { /* 3.20.1 is of v3.20 */
        const char *dot = strchr(version, '.');
        size_t len = dot ? (size_t)(dot - version) + 1 + strcspn(dot + 1, ".") : strlen(version);
        return arena_print(arena, "Alpine:v%.*s", (int)len, version);
    }
    if (strcmp(id, "rocky") == 0 || strcmp(id, "almalinux") == 0)
        return arena_print(arena, "%s:%.*s", *id == 'r' ? "Rocky Linux" : "AlmaLinux",
                           (int)strcspn(version, "."), version);
    if (strstr(id, "suse"))
        return "SUSE";
    return s->like && strstr(s->like, "debian") ? "Debian" : "Red Hat";
}

int inventory_read_root(struct arena *arena, const char *root, struct inventory *out, struct err *e)
{
    struct inventory_system system;
    inventory_read_system(arena, root, &system);
    const char *ecosystem = ecosystem_of(arena, &system);
    const char *dpkg = arena_print(arena, "%s/var/lib/dpkg/status", root);
    const char *apk = arena_print(arena, "%s/lib/apk/db/installed", root);
    if (access(apk, R_OK) == 0)
        return inventory_read_apk(arena, apk, ecosystem, out, e);
    if (access(dpkg, R_OK) == 0)
        return inventory_read_dpkg(arena, dpkg, ecosystem, out, e);
    if (access(arena_print(arena, "%s/var/lib/rpm", root), R_OK) == 0 ||
        access(arena_print(arena, "%s/usr/lib/sysimage/rpm", root), R_OK) == 0)
        return inventory_read_rpm(arena, root, ecosystem, out, e);
    return err_set(e, -ENOENT, "%s: neither dpkg, apk nor rpm has a database there",
                   *root ? root : "/");
}
