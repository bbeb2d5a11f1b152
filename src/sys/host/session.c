/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/host/session.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/base/own.h"
#include "core/base/str.h"
#include "sys/io/file.h"
#include "sys/link/netlink.h"

enum { TITLE_MAX = 4096, GROUP_FILE_MAX = 16 << 20, ESTABLISHED = 1, INODE_MAX = 4096 };

struct inodes {
    uint64_t item[INODE_MAX];
    size_t count;
};

bool session_user_of(const char *title, char user[SESSION_USER_MAX])
{
    static const char *const names[] = {"sshd: ", "sshd-session: "};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        size_t len = strlen(names[i]);
        if (strncmp(title, names[i], len) != 0)
            continue;
        size_t user_len = strcspn(title + len, "@ ");
        if (title[len + user_len] != '@' || user_len == 0 || user_len >= SESSION_USER_MAX)
            return false;
        memcpy(user, title + len, user_len);
        user[user_len] = '\0';
        return true;
    }
    return false;
}

static bool list_has(const char *list, const char *name)
{
    size_t len = strlen(name);
    for (const char *at = list; *at; at += at[strcspn(at, ",")] ? strcspn(at, ",") + 1 : strlen(at))
        if (strcspn(at, ",") == len && memcmp(at, name, len) == 0)
            return true;
    return false;
}

/* Lines NAME:PASSWORD:NUMBER:MEMBER,MEMBER (group(5)). */
static bool is_administrator(const char *user, const char *groups)
{
    static const char *const of_admins[] = {"sudo:", "wheel:", "admin:"};
    struct str text = str_of(GROUP_FILE_MAX);
    bool found = strcmp(user, "root") == 0;
    str_add(&text, groups);
    char *rest = text.text;
    for (char *line; !found && (line = strsep(&rest, "\n"));) {
        char *members = strrchr(line, ':');
        for (size_t i = 0; members && i < ARRAY_COUNT(of_admins); i++)
            found |= strncmp(line, of_admins[i], strlen(of_admins[i])) == 0 &&
                     list_has(members + 1, user);
    }
    str_done(&text);
    return found;
}

static void add_sockets(int process_fd, struct inodes *out)
{
    int fd = openat(process_fd, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (!folder) {
        if (fd >= 0)
            close(fd);
        return;
    }
    for (struct dirent *entry; (entry = readdir(folder)) && out->count < INODE_MAX;) {
        char link[64];
        ssize_t len = readlinkat(fd, entry->d_name, link, sizeof link - 1);
        if (len <= 9 || memcmp(link, "socket:[", 8) != 0)
            continue;
        link[len] = '\0';
        out->item[out->count++] = strtoull(link + 8, NULL, 10);
    }
    closedir(folder);
}

static void look_at_process(int proc_fd, const char *pid, const char *groups, struct inodes *out)
{
    struct err ignored = {0};
    char user[SESSION_USER_MAX];
    struct str title = str_of(TITLE_MAX);
    OWN_FD int fd = openat(proc_fd, pid, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && file_read_at(fd, "cmdline", &title, &ignored) == 0 &&
        session_user_of(str_text(&title), user) && is_administrator(user, groups))
        add_sockets(fd, out);
    str_done(&title);
}

static int look_at_all(const char *proc, const char *groups, struct inodes *out, struct err *e)
{
    DIR *folder = opendir(proc);
    if (!folder)
        return err_set(e, -errno, "%s: %s", proc, strerror(errno));
    for (struct dirent *entry; (entry = readdir(folder));)
        if (entry->d_name[strspn(entry->d_name, "0123456789")] == '\0')
            look_at_process(dirfd(folder), entry->d_name, groups, out);
    closedir(folder);
    return 0;
}

struct peers {
    struct cidr_set *set;
    const struct inodes *inodes;
    uint8_t family;
};

static int take_connection(void *ctx, const struct nlmsghdr *message)
{
    struct peers *p = ctx;
    const struct inet_diag_msg *head = netlink_head(message, sizeof *head);
    for (size_t i = 0; head && i < p->inodes->count; i++)
        if (p->inodes->item[i] == head->idiag_inode && head->idiag_inode) {
            struct addr a = {.family = p->family};
            memcpy(a.byte, head->id.idiag_dst, a.family == ADDR_IP4 ? 4 : 16);
            a = addr_unmap(&a);
            struct cidr one = cidr_of(&a, addr_bits(&a));
            cidr_set_add(p->set, &one);
        }
    return 0;
}

/* Whatever was added before the dump was disturbed is right still. */
static void start_over(void *ctx)
{
    (void)ctx;
}

static int add_peers_of(struct cidr_set *set, const struct inodes *inodes, struct err *e)
{
    static const uint8_t families[] = {ADDR_IP4, ADDR_IP6};
    struct netlink *n;
    int rc = 0;
    if (netlink_open(&n, NETLINK_SOCK_DIAG, e) < 0)
        return e->code;
    for (size_t i = 0; i < ARRAY_COUNT(families) && rc == 0; i++) {
        const struct inet_diag_req_v2 request = {.sdiag_family =
                                                     families[i] == ADDR_IP4 ? AF_INET : AF_INET6,
                                                 .sdiag_protocol = IPPROTO_TCP,
                                                 .idiag_states = 1u << ESTABLISHED};
        struct peers peers = {.set = set, .inodes = inodes, .family = families[i]};
        netlink_begin(n, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &request, sizeof request);
        rc = netlink_dump(n, take_connection, start_over, &peers);
    }
    netlink_close(n);
    return rc < 0 ? err_set(e, rc, "connections: %s", strerror(-rc)) : 0;
}

int session_add_peers(struct cidr_set *set, const char *proc, const char *group_file, struct err *e)
{
    struct str groups = str_of(GROUP_FILE_MAX);
    struct err ignored = {0};
    struct inodes *inodes = mem_zero(sizeof *inodes);
    (void)!file_read(group_file, &groups, &ignored); /* without it, root alone is one */
    int rc = look_at_all(proc, str_text(&groups), inodes, e);
    if (rc == 0 && inodes->count)
        rc = add_peers_of(set, inodes, e);
    mem_free(inodes);
    str_done(&groups);
    return rc;
}
