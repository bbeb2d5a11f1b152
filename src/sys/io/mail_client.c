/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/io/mail_client.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

enum { MESSAGE_MAX = 32 << 20, MESSAGES_MAX = 10000 };

static const long limit_ms = 60000;

struct reading {
    const char *at;
    size_t left;
};

static size_t on_read(char *to, size_t size, size_t count, void *ctx)
{
    struct reading *r = ctx;
    size_t n = size * count < r->left ? size * count : r->left;
    memcpy(to, r->at, n);
    r->at += n;
    r->left -= n;
    return n;
}

static size_t on_write(char *data, size_t size, size_t count, void *ctx)
{
    struct str *text = ctx;
    str_add_len(text, data, size * count);
    return text->full ? 0 : size * count;
}

static CURL *open_session(const struct mail_server *s, char *error)
{
    CURL *c = curl_easy_init();
    if (!c)
        mem_exhausted(0);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, error);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps,imap,imaps");
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, s->limit_ns ? (long)(s->limit_ns / 1000000) : limit_ms);
    curl_easy_setopt(c, CURLOPT_USE_SSL, s->must_tls ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_TRY);
    if (s->ca)
        curl_easy_setopt(c, CURLOPT_CAINFO, s->ca);
    if (s->user)
        curl_easy_setopt(c, CURLOPT_USERNAME, s->user);
    if (s->password)
        curl_easy_setopt(c, CURLOPT_PASSWORD, s->password);
    return c;
}

static int fail(const struct mail_server *s, CURLcode code, const char *error, struct err *e)
{
    int rc = code == CURLE_OPERATION_TIMEDOUT     ? -ETIMEDOUT
             : code == CURLE_LOGIN_DENIED         ? -EACCES
             : code == CURLE_COULDNT_CONNECT      ? -EHOSTUNREACH
             : code == CURLE_COULDNT_RESOLVE_HOST ? -EHOSTUNREACH
             : code == CURLE_URL_MALFORMAT        ? -EINVAL
             : code == CURLE_UNSUPPORTED_PROTOCOL ? -EINVAL
                                                  : -EPROTO;
    return err_set(e, rc, "%s: %s", s->url, *error ? error : curl_easy_strerror(code));
}

/* RFC 5321 2.3.8: lines end in CRLF; curl doubles leading dots. */
static void add_crlf(struct str *out, const struct str *message)
{
    for (size_t i = 0; i < message->len; i++) {
        if (message->text[i] == '\n' && (i == 0 || message->text[i - 1] != '\r'))
            str_add_char(out, '\r');
        str_add_char(out, message->text[i]);
    }
}

int mail_send(const struct mail_server *server, const char *from, const struct text_list *to,
              const struct str *message, struct err *e)
{
    char error[CURL_ERROR_SIZE] = "";
    struct str crlf = str_of(0);
    struct curl_slist *receivers = NULL;
    CURL *c = open_session(server, error);
    add_crlf(&crlf, message);
    struct reading reading = {str_text(&crlf), crlf.len};
    for (size_t i = 0; i < to->count; i++)
        receivers = curl_slist_append(receivers, to->text[i]);
    curl_easy_setopt(c, CURLOPT_URL, server->url);
    curl_easy_setopt(c, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(c, CURLOPT_MAIL_RCPT, receivers);
    curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(c, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(c, CURLOPT_READDATA, &reading);
    CURLcode code = curl_easy_perform(c);
    curl_slist_free_all(receivers);
    curl_easy_cleanup(c);
    str_done(&crlf);
    return code == CURLE_OK ? 0 : fail(server, code, error, e);
}

/* ---- IMAP ---- */

static int command(CURL *c, const struct mail_server *s, const char *words, struct str *out,
                   char *error, struct err *e)
{
    str_reset(out);
    curl_easy_setopt(c, CURLOPT_URL, s->url);
    curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, words);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_write);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, out);
    CURLcode code = curl_easy_perform(c);
    return code == CURLE_OK ? 0 : fail(s, code, error, e);
}

static int take_message(CURL *c, const struct mail_server *s, unsigned long uid, mail_take_fn *fn,
                        void *ctx, struct err *e)
{
    char error[CURL_ERROR_SIZE] = "";
    struct str url = str_of(0), message = str_of(MESSAGE_MAX), words = str_of(0);
    str_addf(&url, "%s;UID=%lu", s->url, uid);
    curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, NULL);
    curl_easy_setopt(c, CURLOPT_URL, str_text(&url));
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_write);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, &message);
    CURLcode code = curl_easy_perform(c);
    int rc = code == CURLE_OK ? fn(ctx, str_text(&message), message.len) : fail(s, code, error, e);
    if (rc == 0) {
        str_addf(&words, "UID STORE %lu +FLAGS (\\Seen)", uid);
        rc = command(c, s, str_text(&words), &message, error, e);
    }
    str_done(&url);
    str_done(&message);
    str_done(&words);
    return rc;
}

int mail_fetch_new(const struct mail_server *server, mail_take_fn *fn, void *ctx, struct err *e)
{
    char error[CURL_ERROR_SIZE] = "";
    struct str answer = str_of(1 << 20);
    CURL *c = open_session(server, error);
    int rc = command(c, server, "UID SEARCH UNSEEN", &answer, error, e);
    const char *at = rc == 0 ? strstr(str_text(&answer), "SEARCH") : NULL;
    at = at ? at + 6 : "";
    for (int i = 0; rc == 0 && i < MESSAGES_MAX; i++) { /* "* SEARCH 3 5 8" */
        char *end;
        unsigned long uid = strtoul(at, &end, 10);
        if (end == at || uid == 0)
            break;
        at = end;
        rc = take_message(c, server, uid, fn, ctx, e);
    }
    curl_easy_cleanup(c);
    str_done(&answer);
    return rc;
}
