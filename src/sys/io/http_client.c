/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/io/http_client.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/text/url.h"
#include "sys/io/sock.h"

static const uint64_t body_max = 1ULL << 30, limit_s = 60, stall_s = 30;

struct hop {
    const struct http_request *request;
    struct http_response *out;
    http_body_fn *fn;
    void *ctx;
    bool guarded; /* a redirect: private addresses are not asked */
    bool refused; /* ... and one was */
    uint64_t got, max;
    int failure; /* of fn, or -EFBIG */
    CURL *curl;
};

/* ---- addresses ---- */

static bool is_inside(const struct addr *a)
{
    struct addr plain = addr_unmap(a);
    return addr_is_loopback(&plain) || addr_is_private(&plain) || addr_is_link_local(&plain) ||
           addr_is_unspecified(&plain) || addr_is_multicast(&plain);
}

/* Called with the address after the name was looked up, so that no name can lie about it. */
static curl_socket_t on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct hop *h = ctx;
    struct sockaddr_storage at = {0};
    struct endpoint endpoint;
    (void)purpose;
    if (to->addrlen <= sizeof at)
        memcpy(&at, &to->addr, to->addrlen);
    if (h->guarded && (!sock_addr_to(&endpoint, &at) || is_inside(&endpoint.addr))) {
        h->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* ---- answers ---- */

static void take_field(char to[HTTP_FIELD_MAX], const char *value, size_t len)
{
    while (len && strchr(" \t\r\n", *value))
        value++, len--;
    while (len && strchr(" \t\r\n", value[len - 1]))
        len--;
    len = len < HTTP_FIELD_MAX - 1 ? len : HTTP_FIELD_MAX - 1;
    memcpy(to, value, len);
    to[len] = '\0';
}

static size_t on_header(char *data, size_t size, size_t count, void *ctx)
{
    struct hop *h = ctx;
    size_t len = size * count;
    const char *colon = memchr(data, ':', len);
    char value[HTTP_FIELD_MAX];
    h->out->moved += len;
    if (len > 5 && memcmp(data, "HTTP/", 5) == 0) { /* a new answer: 100, 103, or the last */
        h->out->etag[0] = h->out->modified[0] = h->out->type[0] = '\0';
        h->out->retry_after_s = -1;
    }
    if (!colon)
        return len;
    size_t name = (size_t)(colon - data);
    take_field(value, colon + 1, len - name - 1);
    if (name == 4 && strncasecmp(data, "ETag", 4) == 0)
        take_field(h->out->etag, value, strlen(value));
    else if (name == 13 && strncasecmp(data, "Last-Modified", 13) == 0)
        take_field(h->out->modified, value, strlen(value));
    else if (name == 12 && strncasecmp(data, "Content-Type", 12) == 0)
        take_field(h->out->type, value, strlen(value));
    else if (name == 11 && strncasecmp(data, "Retry-After", 11) == 0)
        h->out->retry_after_s = strtoll(value, NULL, 10);
    return len;
}

static size_t on_body(char *data, size_t size, size_t count, void *ctx)
{
    struct hop *h = ctx;
    size_t len = size * count;
    long status = 0;
    curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &status);
    h->out->status = (int)status;
    h->got += len;
    if (h->got > h->max) {
        h->failure = -EFBIG;
        return 0;
    }
    if (status != 200 && status != 206)
        return len;
    h->failure = h->fn(h->ctx, h->out, data, len);
    return h->failure < 0 ? 0 : len;
}

/* ---- one hop ---- */

static struct curl_slist *add_header(struct curl_slist *list, const char *line)
{
    struct curl_slist *longer = curl_slist_append(list, line);
    if (!longer)
        mem_exhausted(0);
    return longer;
}

static struct curl_slist *headers_of(const struct http_request *r)
{
    struct curl_slist *list = NULL;
    struct str line = str_of(0);
    for (size_t i = 0; r->headers && i < r->headers->count; i++)
        list = add_header(list, r->headers->text[i]);
    if (r->resume_at) {
        str_addf(&line, "Range: bytes=%llu-", (unsigned long long)r->resume_at);
        list = add_header(list, str_text(&line));
        str_reset(&line);
        if (r->etag) {
            str_addf(&line, "If-Range: %s", r->etag);
            list = add_header(list, str_text(&line));
        }
    } else {
        if (r->etag && *r->etag) {
            str_addf(&line, "If-None-Match: %s", r->etag);
            list = add_header(list, str_text(&line));
            str_reset(&line);
        }
        if (r->modified && *r->modified) {
            str_addf(&line, "If-Modified-Since: %s", r->modified);
            list = add_header(list, str_text(&line));
        }
    }
    str_done(&line);
    return list;
}

static void set_up(struct hop *h, const char *url, struct curl_slist *headers, char *error)
{
    const struct http_request *r = h->request;
    CURL *c = h->curl;
    uint64_t limit = r->limit_ns ? r->limit_ns / 1000000 : limit_s * 1000;
    uint64_t stall = r->stall_ns ? r->stall_ns / 1000000000 : stall_s;
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, error);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "picket/" PICKET_VERSION);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)limit);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)(limit < 15000 ? limit : 15000));
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)(stall ? stall : 1));
    curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, on_socket);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, h);
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, h);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, h);
    if (!r->resume_at) /* a part of packed bytes cannot be unpacked */
        curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "");
    if (r->ca)
        curl_easy_setopt(c, CURLOPT_CAINFO, r->ca);
    if (r->post) {
        curl_easy_setopt(c, CURLOPT_POSTFIELDS, r->post);
        curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->post_len);
    }
}

static int code_of(const struct hop *h, CURLcode code)
{
    if (h->failure < 0)
        return h->failure;
    if (h->refused)
        return -EPERM;
    switch (code) {
    case CURLE_OK:
        return 0;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
        return -EHOSTUNREACH;
    case CURLE_OPERATION_TIMEDOUT:
        return -ETIMEDOUT;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return -EINVAL;
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
        return -ECONNRESET;
    default:
        return -EPROTO;
    }
}

/* One request; a redirect's target goes to *next (mem_free), which stays NULL otherwise. */
static int run_hop(struct hop *h, const char *url, char **next, struct err *e)
{
    char error[CURL_ERROR_SIZE] = "";
    struct curl_slist *headers = headers_of(h->request);
    h->curl = curl_easy_init();
    if (!h->curl)
        mem_exhausted(0);
    set_up(h, url, headers, error);
    CURLcode code = curl_easy_perform(h->curl);
    int rc = code_of(h, code);
    long status = 0;
    curl_off_t body = 0;
    char *target = NULL;
    curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(h->curl, CURLINFO_SIZE_DOWNLOAD_T, &body);
    curl_easy_getinfo(h->curl, CURLINFO_REDIRECT_URL, &target);
    h->out->status = (int)status;
    h->out->moved += (uint64_t)(body > 0 ? body : 0);
    if (rc == 0 && target && status >= 300 && status < 400)
        *next = mem_copy_text(target);
    if (rc < 0)
        err_set(e, rc, "%s: %s", url,
                rc == -EPERM   ? "leads to a private address, which is not asked"
                : rc == -EFBIG ? "the answer is too large"
                : *error       ? error
                               : curl_easy_strerror(code));
    curl_easy_cleanup(h->curl);
    curl_slist_free_all(headers);
    return rc;
}

static bool same_origin(const char *a, const char *b)
{
    struct url x = url_split(a), y = url_split(b);
    return x.scheme_len == y.scheme_len && x.authority_len == y.authority_len && x.scheme &&
           y.scheme && x.authority && y.authority &&
           strncasecmp(x.scheme, y.scheme, x.scheme_len) == 0 &&
           strncasecmp(x.authority, y.authority, x.authority_len) == 0;
}

int http_fetch(const struct http_request *request, http_body_fn *fn, void *ctx,
               struct http_response *out, struct err *e)
{
    char *url = mem_copy_text(request->url);
    struct hop h = {.request = request,
                    .out = out,
                    .fn = fn,
                    .ctx = ctx,
                    .max = request->max ? request->max : body_max};
    int rc = 0;
    *out = (struct http_response){.retry_after_s = -1};
    for (int hop = 0; rc == 0; hop++) {
        char *next = NULL;
        h.guarded = hop > 0 && !same_origin(request->url, url);
        rc = run_hop(&h, url, &next, e);
        if (!next)
            break;
        if (hop == HTTP_REDIRECTS_MAX)
            rc = err_set(e, -ELOOP, "%s: more than %d redirects", request->url, HTTP_REDIRECTS_MAX);
        else if (strncasecmp(url, "https:", 6) == 0 && strncasecmp(next, "https:", 6) != 0)
            rc = err_set(e, -EPERM, "%s: leads from HTTPS to %s, which is not followed", url, next);
        mem_free(url);
        url = next;
    }
    mem_free(url);
    return rc;
}

static int add_to_text(void *ctx, const struct http_response *so_far, const void *data, size_t len)
{
    struct str *body = ctx;
    (void)so_far;
    str_add_len(body, data, len);
    return body->full ? -EFBIG : 0;
}

int http_fetch_text(const struct http_request *request, struct str *body, struct http_response *out,
                    struct err *e)
{
    str_reset(body);
    return http_fetch(request, add_to_text, body, out, e);
}
