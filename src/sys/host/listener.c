/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/host/listener.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/str.h"
#include "sys/io/file.h"
#include "sys/link/netlink.h"

enum {
    STATE_ESTABLISHED = 1,
    STATE_CLOSE = 7,   /* TCP_CLOSE: what an unconnected UDP socket shows */
    STATE_LISTEN = 10, /* TCP_LISTEN */
    PROC_FILE_MAX = 64 * 1024 * 1024,
};

static const struct source {
    uint8_t family, ip_proto, state;
    const char *file;
} sources[] = {
    {AF_INET, IPPROTO_TCP, STATE_LISTEN, "tcp"},
    {AF_INET6, IPPROTO_TCP, STATE_LISTEN, "tcp6"},
    {AF_INET, IPPROTO_UDP, STATE_CLOSE, "udp"},
    {AF_INET6, IPPROTO_UDP, STATE_CLOSE, "udp6"},
};

struct reading {
    struct listener *item;
    size_t count, capacity, start;
    const struct source *source;
    bool bound; /* connected UDP sockets, too */
};

static bool is_wanted(const struct reading *r, unsigned state)
{
    return state == r->source->state ||
           (r->bound && r->source->ip_proto == IPPROTO_UDP && state == STATE_ESTABLISHED);
}

static struct listener *add(struct reading *r, unsigned state)
{
    MEM_GROW(r->item, r->count, r->capacity);
    struct listener *l = &r->item[r->count++];
    *l =
        (struct listener){.ip_proto = r->source->ip_proto, .connected = state == STATE_ESTABLISHED};
    return l;
}

static void restart(void *ctx)
{
    struct reading *r = ctx;
    r->count = r->start;
}

static int read_socket(void *ctx, const struct nlmsghdr *message)
{
    struct reading *r = ctx;
    const struct inet_diag_msg *head = netlink_head(message, sizeof *head);
    const struct nlattr *attr[INET_DIAG_SKV6ONLY + 1];
    if (!head || !is_wanted(r, head->idiag_state))
        return 0;
    netlink_attrs(message, sizeof *head, attr, INET_DIAG_SKV6ONLY);
    struct listener *l = add(r, head->idiag_state);
    struct addr a = {.family = r->source->family == AF_INET ? ADDR_IP4 : ADDR_IP6};
    memcpy(a.byte, head->id.idiag_src, a.family == ADDR_IP4 ? 4 : 16);
    a = addr_unmap(&a);
    if (a.family == ADDR_IP6 && addr_is_link_local(&a))
        a.scope = head->id.idiag_if;
    l->at = (struct endpoint){a, ntohs(head->id.idiag_sport)};
    l->interface = head->id.idiag_if;
    l->uid = head->idiag_uid;
    l->inode = head->idiag_inode;
    l->v6_only = netlink_u8(attr[INET_DIAG_SKV6ONLY], 0);
    return 0;
}

static int ask(struct netlink *n, struct reading *r)
{
    struct inet_diag_req_v2 request = {.sdiag_family = r->source->family,
                                       .sdiag_protocol = r->source->ip_proto,
                                       .idiag_states = 1u << r->source->state};
    if (is_wanted(r, STATE_ESTABLISHED))
        request.idiag_states |= 1u << STATE_ESTABLISHED;
    netlink_begin(n, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &request, sizeof request);
    return netlink_dump(n, read_socket, restart, r);
}

/* The hexadecimal digits of an address: words of four bytes in the machine's order. */
static bool read_hex(struct addr *out, const char *text, size_t words)
{
    for (size_t i = 0; i < words; i++) {
        char digits[9] = {0};
        char *end;
        memcpy(digits, text + 8 * i, 8);
        uint32_t word = (uint32_t)strtoul(digits, &end, 16);
        if (*end)
            return false;
        memcpy(out->byte + 4 * i, &word, sizeof word);
    }
    out->family = words == 1 ? ADDR_IP4 : ADDR_IP6;
    return true;
}

/* Words of a line, each ended by a NUL; returns how many, at most `max`. */
static size_t split(char *line, char **word, size_t max)
{
    size_t count = 0;
    for (char *at = line + strspn(line, " "); *at && count < max; at += strspn(at, " ")) {
        word[count++] = at;
        at += strcspn(at, " ");
        if (*at)
            *at++ = '\0';
    }
    return count;
}

static bool read_number(const char *text, int base, unsigned long long max, unsigned long long *out)
{
    char *end;
    *out = strtoull(text, &end, base);
    return end != text && *end == '\0' && *out <= max;
}

/* The columns of /proc/net/tcp and udp (proc_net_tcp in the kernel's documentation). */
enum { LOCAL = 1, STATE = 3, UID = 7, INODE = 9, WORDS };

static void read_line(struct reading *r, char *line)
{
    char *word[WORDS];
    unsigned long long port, state, uid, inode;
    if (split(line, word, WORDS) < WORDS)
        return;
    char *colon = strchr(word[LOCAL], ':');
    size_t words = r->source->family == AF_INET ? 1 : 4;
    struct addr a = {0};
    if (!colon || (size_t)(colon - word[LOCAL]) != 8 * words || !read_hex(&a, word[LOCAL], words) ||
        !read_number(colon + 1, 16, UINT16_MAX, &port) ||
        !read_number(word[STATE], 16, UINT8_MAX, &state) || !is_wanted(r, (unsigned)state) ||
        !read_number(word[UID], 10, UINT32_MAX, &uid) ||
        !read_number(word[INODE], 10, UINT64_MAX, &inode))
        return;
    struct listener *l = add(r, (unsigned)state);
    l->at = (struct endpoint){addr_unmap(&a), (uint16_t)port};
    l->uid = (uint32_t)uid;
    l->inode = inode;
}

static int read_file(struct reading *r, const char *proc_net, struct err *e)
{
    struct str path = str_of(4096), text = str_of(PROC_FILE_MAX);
    str_addf(&path, "%s/%s", proc_net, r->source->file);
    int result = file_read(str_text(&path), &text, e);
    str_done(&path);
    char *next = text.text;
    while (result == 0 && next && *next) {
        char *line = next;
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        read_line(r, line);
    }
    str_done(&text);
    return result == -ENOENT ? 0 : result;
}

static int compare(const void *a, const void *b)
{
    const struct listener *x = a, *y = b;
    if (x->ip_proto != y->ip_proto)
        return x->ip_proto < y->ip_proto ? -1 : 1;
    if (x->at.port != y->at.port)
        return x->at.port < y->at.port ? -1 : 1;
    int order = addr_compare(&x->at.addr, &y->at.addr);
    if (order)
        return order;
    return x->inode < y->inode ? -1 : x->inode > y->inode;
}

static int finish(struct arena *arena, struct reading *r, int result, struct listener_list *out)
{
    if (result == 0) {
        out->count = r->count;
        out->item = arena_array(arena, r->count, sizeof *out->item);
        if (r->count) {
            memcpy(out->item, r->item, r->count * sizeof *out->item);
            qsort(out->item, out->count, sizeof *out->item, compare);
        }
    }
    mem_free(r->item);
    return result;
}

static int read_files(struct arena *arena, const char *proc_net, bool bound,
                      struct listener_list *out, struct err *e)
{
    struct reading r = {.bound = bound};
    int result = 0;
    for (size_t i = 0; i < ARRAY_COUNT(sources) && result == 0; i++) {
        r.source = &sources[i];
        result = read_file(&r, proc_net, e);
    }
    return finish(arena, &r, result, out);
}

int listener_read_proc(struct arena *arena, const char *proc_net, struct listener_list *out,
                       struct err *e)
{
    return read_files(arena, proc_net, false, out, e);
}

static int read_sockets(struct arena *arena, const char *proc_net, bool bound,
                        struct listener_list *out, struct err *e)
{
    struct netlink *n;
    struct reading r = {.bound = bound};
    if (netlink_open(&n, NETLINK_SOCK_DIAG, e)) /* a kernel without sock_diag at all */
        return read_files(arena, proc_net, bound, out, e);
    int result = 0;
    for (size_t i = 0; i < ARRAY_COUNT(sources) && result == 0; i++) {
        r.source = &sources[i];
        r.start = r.count;
        result = ask(n, &r);
        if (result == -ENOENT || result == -EOPNOTSUPP) /* no tcp_diag or udp_diag */
            result = read_file(&r, proc_net, e);
        else if (result)
            err_set(e, result, "sockets: %s", strerror(-result));
    }
    netlink_close(n);
    return finish(arena, &r, result, out);
}

int listener_read(struct arena *arena, const char *proc_net, struct listener_list *out,
                  struct err *e)
{
    return read_sockets(arena, proc_net, false, out, e);
}

int listener_read_bound(struct arena *arena, const char *proc_net, struct listener_list *out,
                        struct err *e)
{
    return read_sockets(arena, proc_net, true, out, e);
}
