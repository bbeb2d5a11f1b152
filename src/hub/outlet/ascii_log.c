/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/ascii_log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/own.h"
#include "hub/outlet/alert_text.h"
#include "sys/io/file.h"
#include "wire/packet/print_icmp.h"

/* Who is foreign: the end outside the home net; both or neither: the end with the higher port. */
static struct addr foreign_end(const struct packet *p, const struct cidr_set *home)
{
    struct addr src = packet_src(p), dst = packet_dst(p);
    bool src_is_home = cidr_set_has(home, &src), dst_is_home = cidr_set_has(home, &dst);
    if (src_is_home != dst_is_home)
        return src_is_home ? dst : src;
    return p->src_port >= p->dst_port ? src : dst;
}

static void add_file_name(const struct packet *p, struct str *out)
{
    bool is_tcp = p->transport == PACKET_TCP;
    if (p->flag & PACKET_FLAG_FRAGMENT)
        str_add(out, "IP_FRAG");
    else if (is_tcp || p->transport == PACKET_UDP)
        str_addf(out, "%s:%u-%u", is_tcp ? "TCP" : "UDP",
                 p->src_port > p->dst_port ? p->src_port : p->dst_port,
                 p->src_port > p->dst_port ? p->dst_port : p->src_port);
    else if (p->transport == PACKET_ICMP4 || p->transport == PACKET_ICMP6)
        str_addf(out, "ICMP_%s", packet_print_icmp_file(p));
    else
        str_addf(out, "PROTO%u", p->ip_proto);
}

void ascii_log_path(const struct packet *p, const struct cidr_set *home, const char *log_to,
                    struct str *out)
{
    char text[ADDR_TEXT_MAX];
    if (log_to) {
        str_add(out, log_to);
    } else if (p->net == PACKET_ARP) {
        str_add(out, "ARP");
    } else if (p->net == PACKET_NONE) {
        str_add(out, "PACKET_NONIP");
    } else {
        struct addr who = foreign_end(p, home);
        str_addf(out, "%s/", addr_format(&who, text));
        add_file_name(p, out);
    }
}

/* `path` is relative; its folder, of one name, is made. */
static int open_below(const char *folder, char *path, int *out_fd, struct err *e)
{
    OWN_FD int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return err_set(e, -errno, "%s: %s", folder, strerror(errno));
    char *slash = strchr(path, '/');
    if (slash) {
        *slash = '\0';
        if (mkdirat(dir, path, 0775) < 0 && errno != EEXIST)
            return err_set(e, -errno, "%s/%s: %s", folder, path, strerror(errno));
        *slash = '/';
    }
    *out_fd = openat(dir, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (*out_fd < 0)
        return err_set(e, -errno, "%s/%s: %s", folder, path, strerror(errno));
    return 0;
}

int ascii_log_write(const char *folder, const struct packet_print *how, const struct cidr_set *home,
                    const struct packet *p, uint64_t wall_ns, const struct alert *a, struct err *e)
{
    struct str path = str_of(4096), text = str_of(0);
    int raw_fd = -1;
    ascii_log_path(p, home, a ? a->log_to : NULL, &path);
    int rc = open_below(folder, path.text, &raw_fd, e);
    OWN_FD int fd = raw_fd;
    if (rc == 0) {
        if (a) {
            str_add(&text, "[**] ");
            alert_write_message(a, &text);
            str_add(&text, " [**]\n");
        }
        packet_print(how, p, wall_ns, &text);
        rc = file_write_all(fd, str_text(&text), text.len);
        if (rc < 0)
            err_set(e, rc, "%s/%s: %s", folder, str_text(&path), strerror(-rc));
    }
    str_done(&path);
    str_done(&text);
    return rc;
}
