/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/data/service_table.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "core/text/glob.h"
#include "sys/io/file.h"

#define NMAP_FOLDER  "/usr/share/nmap"
#define SERVICE_FILE "nmap-services"
#define ETC_SERVICES "/etc/services"
#define PROTO_FILE   "nmap-protocols"

static const struct {
    uint8_t proto;
    uint16_t port;
    const char *name; /* "": likely open, but nothing is registered there */
} own_list[] = {
#define SERVICE(proto, port, name) {SCAN_##proto, port, name},
#include "tool/scan/data/service_list.def"
#undef SERVICE
};

static int by_proto_and_port(const void *a, const void *b)
{
    const struct service *x = a, *y = b;
    if (x->proto != y->proto)
        return x->proto < y->proto ? -1 : 1;
    return (x->port > y->port) - (x->port < y->port);
}

static int by_frequency(const void *a, const void *b)
{
    const struct service *x = a, *y = b;
    if (x->frequency != y->frequency)
        return x->frequency > y->frequency ? -1 : 1;
    return by_proto_and_port(a, b);
}

static struct service *find_row(const struct service_table *t, enum scan_proto proto, uint16_t port)
{
    struct service key = {.proto = (uint8_t)proto, .port = port};
    return t->count ? bsearch(&key, t->row, t->count, sizeof *t->row, by_proto_and_port) : NULL;
}

static void add_row(struct service_table *t, struct service row)
{
    MEM_GROW(t->row, t->count, t->capacity);
    t->row[t->count++] = row;
}

/* Of two rows for one port the likelier one speaks; the other fills in a missing name. */
static void merge(struct service *into, const struct service *other)
{
    const char *spare = other->name;
    if (other->frequency > into->frequency) {
        spare = into->name;
        *into = *other;
    }
    if (!into->name)
        into->name = spare;
}

/* Sort, one row each for protocol and port. */
static void seal(struct service_table *t)
{
    if (!t->count)
        return;
    qsort(t->row, t->count, sizeof *t->row, by_proto_and_port);
    size_t kept = 1;
    for (size_t i = 1; i < t->count; i++) {
        struct service *last = &t->row[kept - 1];
        if (by_proto_and_port(last, &t->row[i]) == 0)
            merge(last, &t->row[i]);
        else
            t->row[kept++] = t->row[i];
    }
    t->count = kept;
}

/* One blank-separated word of [*pos, end); false when only blanks or a comment are left. */
static bool next_word(const char **pos, const char *end, const char **out, size_t *out_len)
{
    const char *p = *pos;
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
        p++;
    const char *start = p;
    while (p < end && *p != ' ' && *p != '\t' && *p != '\r')
        p++;
    *pos = p;
    *out = start;
    *out_len = (size_t)(p - start);
    return p > start && *start != '#';
}

/* "22/tcp".  False: no such form.  A protocol that is never scanned (dccp, ddp) gives proto
 * SCAN_PROTO_COUNT. */
static bool read_port(const char *word, size_t len, uint16_t *out_port, uint8_t *out_proto)
{
    unsigned port = 0;
    size_t i = 0;
    for (; i < len && word[i] >= '0' && word[i] <= '9'; i++) {
        port = port * 10 + (unsigned)(word[i] - '0');
        if (port >= PORT_COUNT)
            return false;
    }
    if (i == 0 || i + 1 >= len || word[i] != '/')
        return false;
    static const char *const proto_word[] = {
        [SCAN_TCP] = "tcp", [SCAN_UDP] = "udp", [SCAN_SCTP] = "sctp"};
    *out_port = (uint16_t)port;
    *out_proto = SCAN_PROTO_COUNT;
    for (size_t p = 0; p < ARRAY_COUNT(proto_word); p++)
        if (strlen(proto_word[p]) == len - i - 1 &&
            memcmp(proto_word[p], word + i + 1, len - i - 1) == 0)
            *out_proto = (uint8_t)p;
    return true;
}

/* A decimal fraction as the file has it ("0.000273", "1/2048" in old files); 0 for another word,
 * since /etc/services has aliases in this place. */
static double read_frequency(const char *word, size_t len)
{
    char text[32];
    if (len >= sizeof text)
        return 0;
    memcpy(text, word, len);
    text[len] = '\0';
    char *end;
    double value = strtod(text, &end);
    if (*end == '/') {
        double below = strtod(end + 1, &end);
        value = below > 0 ? value / below : 0;
    }
    return *end == '\0' && value > 0 && value <= 1 ? value : 0;
}

/* "tcp 6 # Transmission Control": a line of nmap-protocols. */
static int parse_protocol(struct service_table *t, const char *line, const char *end, struct err *e)
{
    const char *name, *word;
    size_t name_len, len;
    unsigned number = 0;
    if (!next_word(&line, end, &name, &name_len))
        return 0;
    if (!next_word(&line, end, &word, &len) || len > 3)
        return err_set(e, -EINVAL, "no protocol number behind the name");
    for (size_t i = 0; i < len; i++) {
        if (word[i] < '0' || word[i] > '9')
            return err_set(e, -EINVAL, "no protocol number behind the name");
        number = number * 10 + (unsigned)(word[i] - '0');
    }
    if (number > UINT8_MAX)
        return err_set(e, -EINVAL, "protocol number %u is over 255", number);
    add_row(t, (struct service){.name = arena_copy(&t->arena, name, name_len),
                                .port = (uint16_t)number,
                                .proto = SCAN_IP});
    return 0;
}

static int parse_line(struct service_table *t, const char *line, const char *end, struct err *e)
{
    const char *name, *port_word, *word;
    size_t name_len, port_len, len;
    if (!next_word(&line, end, &name, &name_len))
        return 0;
    struct service row = {0};
    if (!next_word(&line, end, &port_word, &port_len) ||
        !read_port(port_word, port_len, &row.port, &row.proto))
        return err_set(e, -EINVAL, "no port/protocol behind the name \"%.*s\"",
                       (int)(name_len < 40 ? name_len : 40), name);
    if (next_word(&line, end, &word, &len))
        row.frequency = read_frequency(word, len);
    if (row.proto == SCAN_PROTO_COUNT)
        return 0;
    row.name = arena_copy(&t->arena, name, name_len);
    add_row(t, row);
    return 0;
}

typedef int line_fn(struct service_table *t, const char *line, const char *end, struct err *e);

static int parse_lines(struct service_table *t, struct bytes_in text, const char *name,
                       line_fn *parse, struct err *e)
{
    const char *pos = (const char *)text.pos, *end = (const char *)text.end;
    for (unsigned line = 1; pos < end; line++) {
        const char *stop = memchr(pos, '\n', (size_t)(end - pos));
        stop = stop ? stop : end;
        if (parse(t, pos, stop, e) < 0)
            return err_wrap(e, "%s:%u", name, line);
        pos = stop + 1;
    }
    seal(t);
    return 0;
}

int service_table_parse(struct service_table *t, const char *text, size_t len, const char *name,
                        struct err *e)
{
    return parse_lines(t, bytes_in_of(text, len), name, parse_line, e);
}

int service_table_parse_protocols(struct service_table *t, const char *text, size_t len,
                                  const char *name, struct err *e)
{
    return parse_lines(t, bytes_in_of(text, len), name, parse_protocol, e);
}

static int read_lines(struct service_table *t, const char *path, line_fn *parse, struct err *e)
{
    struct str text = str_of(SERVICE_FILE_MAX);
    int rc = file_read(path, &text, e);
    if (rc == 0)
        rc = parse_lines(t, bytes_in_of(str_text(&text), text.len), path, parse, e);
    str_done(&text);
    return rc;
}

static int read_file(struct service_table *t, const char *path, struct err *e)
{
    return read_lines(t, path, parse_line, e);
}

/* Names of IP protocols: of the file where there is one, else the few of our own. */
static int read_protocols(struct service_table *t, const char *folder, struct err *e)
{
    static const struct {
        uint8_t number;
        const char *name;
    } few[] = {{1, "icmp"},   {2, "igmp"},     {4, "ipv4"},  {6, "tcp"},    {17, "udp"},
               {41, "ipv6"},  {47, "gre"},     {50, "esp"},  {51, "ah"},    {58, "ipv6-icmp"},
               {88, "eigrp"}, {89, "ospfigp"}, {103, "pim"}, {112, "vrrp"}, {132, "sctp"}};
    char path[4096];
    snprintf(path, sizeof path, "%s/" PROTO_FILE, folder ? folder : NMAP_FOLDER);
    int rc = read_lines(t, path, parse_protocol, e);
    if (rc != -ENOENT)
        return rc;
    for (size_t i = 0; i < ARRAY_COUNT(few); i++)
        add_row(t, (struct service){.name = few[i].name, .port = few[i].number, .proto = SCAN_IP});
    seal(t);
    return 0;
}

/* The rank in the list stands for a frequency; /etc/services (if any) only adds names. */
static void use_own_list(struct service_table *t)
{
    struct err ignored = {0};
    if (read_file(t, ETC_SERVICES, &ignored) < 0)
        t->count = 0;
    size_t own_count = ARRAY_COUNT(own_list);
    for (size_t i = 0; i < own_count; i++)
        add_row(t, (struct service){
                       .name = *own_list[i].name ? own_list[i].name : NULL,
                       .port = own_list[i].port,
                       .proto = own_list[i].proto,
                       .frequency = 1.0 - (double)i / (double)(own_count + 1),
                   });
    seal(t);
}

int service_table_read(struct service_table *t, const char *file, struct err *e)
{
    *t = (struct service_table){0};
    int rc = read_file(t, file, e);
    if (rc < 0)
        service_table_done(t);
    return rc;
}

int service_table_open(struct service_table *t, const char *folder, struct err *e)
{
    *t = (struct service_table){0};
    struct str path = str_of(4096);
    str_addf(&path, "%s/" SERVICE_FILE, folder ? folder : NMAP_FOLDER);
    int rc = read_file(t, str_text(&path), e);
    str_done(&path);
    if (rc == -ENOENT && !folder) {
        use_own_list(t);
        rc = 0;
    }
    if (rc == 0)
        rc = read_protocols(t, folder, e);
    if (rc < 0)
        service_table_done(t);
    return rc;
}

void service_table_done(struct service_table *t)
{
    mem_free(t->row);
    arena_done(&t->arena);
    *t = (struct service_table){0};
}

const char *service_table_name(const struct service_table *t, enum scan_proto proto, uint16_t port)
{
    const struct service *row = find_row(t, proto, port);
    return row ? row->name : NULL;
}

void service_table_top(const struct service_table *t, enum scan_proto proto, size_t count,
                       const struct port_set *among, struct port_set *out)
{
    struct service *ranked = mem_resize(NULL, t->count, sizeof *ranked);
    size_t rows = 0;
    for (size_t i = 0; i < t->count; i++)
        if (t->row[i].proto == proto && t->row[i].frequency > 0 &&
            port_set_has(among, t->row[i].port))
            ranked[rows++] = t->row[i];
    qsort(ranked, rows, sizeof *ranked, by_frequency);
    size_t added = 0;
    for (size_t i = 0; i < rows && added < count; i++, added++)
        port_set_add(out, ranked[i].port);
    for (int port = -1; added < count && (port = port_set_next(among, port + 1)) >= 0;)
        if (!port_set_has(out, (uint16_t)port)) {
            port_set_add(out, (uint16_t)port);
            added++;
        }
    mem_free(ranked);
}

void service_table_ratio(const struct service_table *t, enum scan_proto proto, double ratio,
                         const struct port_set *among, struct port_set *out)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->row[i].proto == proto && t->row[i].frequency >= ratio &&
            port_set_has(among, t->row[i].port))
            port_set_add(out, t->row[i].port);
}

size_t service_table_match(const struct service_table *t, enum scan_proto proto,
                           const char *pattern, struct port_set *out)
{
    size_t matched = 0;
    for (size_t i = 0; i < t->count; i++)
        if (t->row[i].proto == proto && t->row[i].name && glob_match(pattern, t->row[i].name)) {
            port_set_add(out, t->row[i].port);
            matched++;
        }
    return matched;
}

void service_table_known(const struct service_table *t, enum scan_proto proto, uint16_t first,
                         uint16_t last, struct port_set *out)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->row[i].proto == proto && t->row[i].port >= first && t->row[i].port <= last)
            port_set_add(out, t->row[i].port);
}
