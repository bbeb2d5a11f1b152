/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record of a mail as JSON, as `picket advisory import --json` prints it. */
#include "core/text/json.h"
#include "tool/advisory/mail.h"

static void put(struct json_out *j, const char *key, const char *value)
{
    if (value)
        json_text(j, key, value);
}

static void put_words(struct json_out *j, const char *key, const struct advisory_words *list)
{
    json_array(j, key);
    for (size_t i = 0; i < list->count; i++)
        json_text(j, NULL, list->text[i]);
    json_end(j);
}

void mail_to_json(const struct advisory_mail *mail, struct str *out)
{
    struct json_out j = json_out_of(out);
    json_object(&j, NULL);
    put(&j, "message_id", mail->message_id);
    put(&j, "subject", mail->subject);
    put_words(&j, "from", &mail->from);
    put(&j, "date", mail->date);
    put(&j, "list", mail->list);
    json_text(&j, "signed", mail_signed_name(mail->is_signed));
    json_u64(&j, "leaf_parts", mail->leaf_parts);
    put_words(&j, "attachments", &mail->attachments);
    put_words(&j, "cves", &mail->cves);
    json_array(&j, "advisories");
    for (size_t i = 0; i < mail->advisories.count; i++) {
        json_object(&j, NULL);
        advisory_put_json(&mail->advisories.item[i], &j);
        json_end(&j);
    }
    json_end(&j);
    if (mail->subscription.list) {
        json_object(&j, "subscription");
        put(&j, "list", mail->subscription.list);
        put(&j, "address", mail->subscription.address);
        put(&j, "pin", mail->subscription.pin);
        put(&j, "state", mail->subscription.state);
        put(&j, "token", mail->subscription.token);
        json_end(&j);
    }
    json_text_len(&j, "text", mail->text, mail->text_len);
    json_end(&j);
}
