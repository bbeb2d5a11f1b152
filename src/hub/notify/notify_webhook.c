/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alerts as JSON by HTTP POST, signed with HMAC-SHA-256 (RFC 2104) over the body. */
#include <errno.h>
#include <string.h>

#include "core/base/digest.h"
#include "core/text/json.h"
#include "hub/notify/notify_channel.h"
#include "sys/io/http_client.h"

enum { BLOCK = 64, SUM = 32, ANSWER_MAX = 1 << 16 };

static void sign(const char *secret, const struct str *body, struct str *out)
{
    uint8_t key[DIGEST_MAX] = {0}, pad[BLOCK], inner[DIGEST_MAX], outer[DIGEST_MAX];
    size_t len = strlen(secret);
    if (len > BLOCK)
        digest_of(DIGEST_SHA256, secret, len, key);
    else
        memcpy(key, secret, len);
    for (size_t i = 0; i < BLOCK; i++)
        pad[i] = key[i] ^ 0x36;
    struct digest *d = digest_begin(DIGEST_SHA256);
    digest_feed(d, pad, BLOCK);
    digest_feed(d, body->text, body->len);
    digest_end(d, inner);
    for (size_t i = 0; i < BLOCK; i++)
        pad[i] = key[i] ^ 0x5c;
    d = digest_begin(DIGEST_SHA256);
    digest_feed(d, pad, BLOCK);
    digest_feed(d, inner, SUM);
    digest_end(d, outer);
    digest_print(out, outer, SUM);
}

static int post(const struct notify_batch *b, struct err *e)
{
    const struct notify_alert *a = &b->alert[0];
    struct str body = str_of(0), key = str_of(0), signature = str_of(0),
               answer = str_of(ANSWER_MAX);
    struct text_list headers = {0};
    struct http_response response;
    struct json_out j = json_out_of(&body);
    json_object(&j, NULL);
    json_text(&j, "id", a->id);
    json_text(&j, "title", a->title);
    json_text(&j, "severity", a->severity);
    json_text(&j, "source", a->source);
    json_text(&j, "url", a->url);
    json_text(&j, "text", a->text);
    json_end(&j);
    text_list_add(&headers, "Content-Type: application/json");
    str_addf(&key, "Idempotency-Key: %s", b->key[0]);
    text_list_add(&headers, str_text(&key));
    if (b->options->secret) {
        str_add(&signature, "X-Picket-Signature: sha256=");
        sign(b->options->secret, &body, &signature);
        text_list_add(&headers, str_text(&signature));
    }
    struct http_request request = {.url = b->to,
                                   .post = body.text,
                                   .post_len = body.len,
                                   .headers = &headers,
                                   .ca = b->options->ca,
                                   .max = ANSWER_MAX};
    int rc = http_fetch_text(&request, &answer, &response, e);
    if (rc == 0 && (response.status < 200 || response.status > 299))
        rc = err_set(e, -EPROTO, "%s: the server answers with status %d", b->to, response.status);
    text_list_done(&headers);
    str_done(&body);
    str_done(&key);
    str_done(&signature);
    str_done(&answer);
    return rc;
}

const struct notify_channel notify_webhook = {.name = "webhook", .send = post};
