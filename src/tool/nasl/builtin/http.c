/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTTP: requests as texts (http_get and its kin send nothing), and http2_*, which do. */
#include <ctype.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "tool/nasl/builtin.h"
#include "tool/nasl/constant.h"
#include "tool/nasl/stream.h"

enum { DATA, ITEM, PORT };
enum { ANSWER_MAX = 16 << 20, HEADERS_MAX = 64, LINE_MAX_BYTES = 16384 };

static const char agent[] = "Mozilla/5.0 (compatible; picket/" PICKET_VERSION ")";

/* The name that the host is asked for by: of this branch, else its address. */
static const char *host_name(struct nasl_call *c)
{
    const struct nasl_host *h = nasl_vm_host(c->vm);
    int which = nasl_vm_host_name(c->vm);
    if (!h->name_count)
        return h->ip;
    return h->name[which >= 0 && (size_t)which < h->name_count ? which : 0].name;
}

static void add_host(struct nasl_call *c, int64_t port, struct str *out)
{
    bool ip6 = strchr(host_name(c), ':') != NULL;
    str_addf(out, ip6 ? "[%s]" : "%s", host_name(c));
    if (port != 80 && port != 443) /* servers were seen that refuse their own usual port here */
        str_addf(out, ":%lld", (long long)port);
}

static bool is_http10(struct nasl_call *c, int64_t port)
{
    struct str key = str_of(0);
    struct nasl_kb_value v;
    bool clean;
    str_addf(&key, "http/%lld", (long long)port);
    int64_t version = 0;
    if (nasl_kb_get(nasl_vm_host(c->vm)->kb, str_text(&key), 0, &v))
        version = v.is_number ? v.number : nasl_number_of(v.text, 10, &clean);
    str_done(&key);
    return version > 0 && version != 11;
}

/* A header that the knowledge base holds for the port, or for all. */
static void add_credentials(struct nasl_call *c, int64_t port, struct str *out)
{
    struct nasl_kb *kb = nasl_vm_host(c->vm)->kb;
    struct str key = str_of(0);
    struct nasl_kb_value v;
    str_addf(&key, "/%s/http/auth/%lld", "tmp", (long long)port); /* a key, not a path */
    if (nasl_kb_get(kb, str_text(&key), 0, &v) || nasl_kb_get(kb, "http/auth", 0, &v)) {
        str_add_len(out, v.text ? v.text : "", v.len);
        str_add(out, "\r\n");
    }
    str_done(&key);
}

static struct nasl_value request(struct nasl_call *c, const char *method)
{
    struct str item_room = str_of(0), data_room = str_of(0), out = str_of(NASL_STRING_MAX);
    const char *item = nasl_arg_text(nasl_named(c, ITEM), &item_room, NULL);
    const char *data = nasl_arg_text(nasl_named(c, DATA), &data_room, NULL);
    int64_t port = nasl_arg_int(nasl_named(c, PORT), -1);
    bool ok = item && port > 0 && port < 65536;
    if (!ok) {
        nasl_complain(c, "port: and item: are needed");
    } else if (is_http10(c, port)) {
        str_addf(&out, "%s %s HTTP/1.0\r\n", method, item);
    } else {
        str_addf(&out, "%s %s HTTP/1.1\r\nConnection: Close\r\nHost: ", method, item);
        add_host(c, port, &out);
        str_addf(&out,
                 "\r\nPragma: no-cache\r\nCache-Control: no-cache\r\nUser-Agent: %s\r\n"
                 "Accept: image/gif, image/x-xbitmap, image/jpeg, image/pjpeg, image/png, */*\r\n"
                 "Accept-Language: en\r\nAccept-Charset: iso-8859-1,*,utf-8\r\n",
                 agent);
    }
    if (ok)
        add_credentials(c, port, &out);
    if (ok && data)
        str_addf(&out, "Content-Length: %zu\r\n\r\n%s", strlen(data), data);
    else
        str_add(&out, "\r\n");
    str_done(&item_room);
    str_done(&data_room);
    if (ok)
        return nasl_data_str(c, &out);
    str_done(&out);
    return nasl_undef();
}

#define DO_METHOD(function, run, method)                                                           \
    static struct nasl_value function(struct nasl_call *c)                                         \
    {                                                                                              \
        return run(c, method);                                                                     \
    }

DO_METHOD(do_get, request, "GET")
DO_METHOD(do_head, request, "HEAD")
DO_METHOD(do_post, request, "POST")
DO_METHOD(do_put, request, "PUT")
DO_METHOD(do_delete, request, "DELETE")

/* Where CGI programs are looked for: the preference, else the usual folders. */
static struct nasl_value do_cgibin(struct nasl_call *c)
{
    struct nasl_host *h = nasl_vm_host(c->vm);
    const char *path = h->preference ? h->preference(h->ctx, NULL, "cgi_path", -1) : NULL;
    path = path ? path : "/cgi-bin:/scripts";
    return nasl_data(c, path, strlen(path));
}

/* ---- http2_*: a handle keeps headers and the last status ---- */

struct client {
    char *header[HEADERS_MAX];
    size_t count;
    int64_t status; /* -1: nothing was asked yet */
};

static void close_client(void *thing)
{
    struct client *client = thing;
    for (size_t i = 0; i < client->count; i++)
        mem_free(client->header[i]);
    mem_free(client);
}

static const struct nasl_handle_kind client_kind = {"HTTP client", 9000, close_client};

static struct nasl_value do_handle(struct nasl_call *c)
{
    struct client *client = mem_zero(sizeof *client);
    client->status = -1;
    return nasl_int(nasl_handle_add(c->vm, &client_kind, client));
}

static struct client *client_of(struct nasl_call *c, const struct nasl_value *v)
{
    struct client *client = nasl_handle_get(c->vm, &client_kind, nasl_arg_int(v, -1));
    if (!client)
        nasl_complain(c, "no such handle");
    return client;
}

static struct nasl_value do_close_handle(struct nasl_call *c)
{
    bool ok = nasl_handle_close(c->vm, &client_kind, nasl_arg_int(nasl_arg(c, 0), -1));
    return nasl_int(ok ? 0 : -1);
}

static struct nasl_value do_response_code(struct nasl_call *c)
{
    struct client *client = client_of(c, nasl_named(c, 0));
    return client ? nasl_int(client->status) : nasl_undef();
}

static struct nasl_value do_custom_header(struct nasl_call *c)
{
    struct client *client = client_of(c, nasl_named(c, 0));
    struct str room = str_of(LINE_MAX_BYTES);
    const char *item = nasl_arg_text(nasl_named(c, 1), &room, NULL);
    bool ok = client && item && client->count < HEADERS_MAX && !strpbrk(item, "\r\n");
    if (ok)
        client->header[client->count++] = mem_copy_text(item);
    str_done(&room);
    return nasl_int(ok ? 0 : -1);
}

enum { H2_DATA, H2_HANDLE, H2_ITEM, H2_PORT, H2_SCHEMA };

static bool send_request(struct nasl_call *c, const struct client *client, struct nasl_stream *s,
                         const char *method, int64_t port)
{
    struct str out = str_of(NASL_STRING_MAX), room = str_of(0);
    const struct nasl_value *data = nasl_named(c, H2_DATA);
    const char *item = nasl_arg_text(nasl_named(c, H2_ITEM), &room, NULL);
    str_addf(&out, "%s %s HTTP/1.1\r\nHost: ", method, item && *item ? item : "/");
    add_host(c, port, &out);
    str_addf(&out, "\r\nUser-Agent: %s\r\nAccept: */*\r\nConnection: close\r\n", agent);
    for (size_t i = 0; i < client->count; i++)
        str_addf(&out, "%s\r\n", client->header[i]);
    if (nasl_arg_size(data))
        str_addf(&out, "Content-Length: %zu\r\n", nasl_arg_size(data));
    str_add(&out, "\r\n");
    if (nasl_arg_size(data))
        str_add_len(&out, data->string->text, data->string->len);
    bool ok = nasl_stream_write(c->vm, s, str_text(&out), out.len, 0) == (int64_t)out.len;
    str_done(&out);
    str_done(&room);
    return ok;
}

static void receive(struct nasl_call *c, struct nasl_stream *s, struct str *out)
{
    char *room = mem_resize(NULL, LINE_MAX_BYTES, 1);
    size_t got;
    while (!out->full && (got = nasl_stream_read(c->vm, s, room, 1, LINE_MAX_BYTES)))
        str_add_len(out, room, got);
    mem_free(room);
}

/* RFC 9112 7.1: sizes in hex, each before its bytes. */
static void unchunk(const char *p, const char *end, struct str *out)
{
    while (p < end) {
        bool clean;
        const char *line = memmem(p, (size_t)(end - p), "\r\n", 2);
        int64_t size = line ? nasl_number_of(p, 16, &clean) : 0;
        if (size <= 0 || size > end - line - 2)
            return;
        str_add_len(out, line + 2, (size_t)size);
        p = line + 2 + size + 2;
    }
}

/* Status into the client, the body to the script. */
static struct nasl_value read_answer(struct nasl_call *c, struct client *client,
                                     struct nasl_stream *s, bool head)
{
    struct str raw = str_of(ANSWER_MAX), body = str_of(ANSWER_MAX);
    receive(c, s, &raw);
    const char *text = str_text(&raw), *end = text + raw.len;
    const char *space = strchr(text, ' '), *blank = strstr(text, "\r\n\r\n");
    bool clean;
    client->status =
        strncmp(text, "HTTP/", 5) == 0 && space ? nasl_number_of(space, 10, &clean) : 0;
    struct nasl_value v = nasl_undef();
    if (client->status && blank) {
        const char *coding = strcasestr(text, "\r\ntransfer-encoding: chunked");
        if (head)
            str_add_len(&body, text, (size_t)(blank - text));
        else if (coding && coding < blank)
            unchunk(blank + 4, end, &body);
        else
            str_add_len(&body, blank + 4, (size_t)(end - blank - 4));
        v = nasl_data(c, str_text(&body), body.len);
    }
    str_done(&raw);
    str_done(&body);
    return v;
}

static struct nasl_value exchange(struct nasl_call *c, const char *method)
{
    struct client *client = client_of(c, nasl_named(c, H2_HANDLE));
    struct str room = str_of(0);
    const char *schema = nasl_arg_text(nasl_named(c, H2_SCHEMA), &room, NULL);
    bool secure = !schema || strcasecmp(schema, "https") == 0;
    str_done(&room);
    int64_t port = nasl_arg_int(nasl_named(c, H2_PORT), secure ? 443 : 80);
    if (!client || port <= 0 || port > 65535)
        return nasl_undef();
    struct nasl_stream_options o = {
        .port = (uint16_t)port,
        .transport = secure ? NASL_ENCAPS_TLS_CUSTOM : NASL_ENCAPS_IP,
        .timeout_ns = nasl_vm_host(c->vm)->read_timeout_ns * 2,
    };
    struct nasl_stream *s = nasl_stream_open(c->vm, &o);
    struct nasl_value v = nasl_undef();
    if (!s)
        nasl_complain(c, "no connection to port %lld", (long long)port);
    else if (send_request(c, client, s, method, port))
        v = read_answer(c, client, s, strcmp(method, "HEAD") == 0);
    nasl_stream_close(s);
    return v;
}

DO_METHOD(do_get2, exchange, "GET")
DO_METHOD(do_head2, exchange, "HEAD")
DO_METHOD(do_post2, exchange, "POST")
DO_METHOD(do_put2, exchange, "PUT")
DO_METHOD(do_delete2, exchange, "DELETE")

#define NAMES                                                                                      \
    {                                                                                              \
        "data", "item", "port"                                                                     \
    }
#define NAMES2                                                                                     \
    {                                                                                              \
        "data", "handle", "item", "port", "schema"                                                 \
    }

static const struct nasl_builtin rows[] = {
    {"cgibin", do_cgibin, {0}, 0},
    {"http2_close_handle", do_close_handle, {0}, 0},
    {"http2_delete", do_delete2, NAMES2, 0},
    {"http2_get", do_get2, NAMES2, 0},
    {"http2_get_response_code", do_response_code, {"handle"}, 0},
    {"http2_handle", do_handle, {"ca_cert"}, 0},
    {"http2_head", do_head2, NAMES2, 0},
    {"http2_post", do_post2, NAMES2, 0},
    {"http2_put", do_put2, NAMES2, 0},
    {"http2_set_custom_header", do_custom_header, {"handle", "header_item"}, 0},
    {"http_delete", do_delete, NAMES, 0},
    {"http_get", do_get, NAMES, 0},
    {"http_head", do_head, NAMES, 0},
    {"http_post", do_post, NAMES, 0},
    {"http_put", do_put, NAMES, 0},
};

const struct nasl_family nasl_family_http = {"http", rows, ARRAY_COUNT(rows)};
