/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/io/mail_search.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>

#include "core/base/str.h"

enum { ANSWER_MAX = 64 * 1024, TIMEOUT_S = 20 };

static size_t take(char *data, size_t size, size_t count, void *ctx)
{
    struct str *answer = ctx;
    str_add_len(answer, data, size * count);
    return size * count;
}

static CURL *open_box(const struct mail_box *box)
{
    CURL *c = curl_easy_init();
    if (!c)
        return NULL;
    curl_easy_setopt(c, CURLOPT_URL, box->url);
    curl_easy_setopt(c, CURLOPT_USERNAME, box->user);
    curl_easy_setopt(c, CURLOPT_PASSWORD, box->password);
    curl_easy_setopt(c, CURLOPT_USE_SSL, (long)CURLUSESSL_TRY);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "imap,imaps");
    curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)TIMEOUT_S);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
    return c;
}

/* "* SEARCH 4 7": the numbers of what was found. */
int mail_search(struct mail_box *box, const char *text, bool *found, struct err *e)
{
    struct str answer = str_of(ANSWER_MAX), command = str_of(0);
    if (!box->connection)
        box->connection = open_box(box);
    CURL *c = box->connection;
    if (!c)
        return err_set(e, -ENOMEM, "IMAP: no connection can be made");
    str_addf(&command, "SEARCH TEXT \"%s\"", text);
    curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, str_text(&command));
    curl_easy_setopt(c, CURLOPT_WRITEDATA, &answer);
    CURLcode code = curl_easy_perform(c);
    const char *numbers = strstr(str_text(&answer), "SEARCH");
    *found = numbers && strpbrk(numbers, "0123456789");
    str_done(&answer);
    str_done(&command);
    return code == CURLE_OK ? 0 : err_set(e, -EIO, "IMAP: %s", curl_easy_strerror(code));
}

void mail_box_done(struct mail_box *box)
{
    if (box->connection)
        curl_easy_cleanup(box->connection);
    box->connection = NULL;
}
