/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/detect/eve_alert.h"

#include <string.h>

#include "tool/ids/eve/eve_log.h"

static const char *word_of(const struct detect_thread *t, const struct detect_alert *a)
{
    switch ((enum rule_action)a->action) {
    case RULE_REJECT:
    case RULE_REJECT_DST:
    case RULE_REJECT_BOTH:
        return "blocked";
    case RULE_DROP:
    case RULE_SDROP:
    case RULE_BLOCK:
    case RULE_REACT:
        return t->engine->is_inline ? "blocked" : "allowed";
    default:
        return "allowed";
    }
}

static void put_end(struct json_out *json, const char *key, const struct addr *a, uint16_t port,
                    bool has_port)
{
    json_object(json, key);
    eve_addr(json, "ip", a);
    if (has_port)
        json_u64(json, "port", port);
    json_end(json);
}

/* Who attacked whom, when the rule says so. */
static void put_target(struct json_out *json, const struct rule *r, const struct ids_packet *p)
{
    if (!(r->trait & (RULE_TARGET_SRC | RULE_TARGET_DST)))
        return;
    bool src = r->trait & RULE_TARGET_SRC, ports = p->proto == 6 || p->proto == 17;
    put_end(json, "source", src ? &p->dst : &p->src, src ? p->dst_port : p->src_port, ports);
    put_end(json, "target", src ? &p->src : &p->dst, src ? p->src_port : p->dst_port, ports);
}

/* {"key": ["value", ...], ...}: a key that occurs again adds to its array. */
static void put_metadata(struct json_out *json, const struct rule *r)
{
    if (r->metadata_count == 0)
        return;
    json_object(json, "metadata");
    for (uint16_t i = 0; i < r->metadata_count; i++) {
        bool before = false;
        for (uint16_t j = 0; j < i && !before; j++)
            before = strcmp(r->metadata[j].key, r->metadata[i].key) == 0;
        if (before)
            continue;
        json_array(json, r->metadata[i].key);
        for (uint16_t j = i; j < r->metadata_count; j++)
            if (strcmp(r->metadata[j].key, r->metadata[i].key) == 0)
                json_text(json, NULL, r->metadata[j].value);
        json_end(json);
    }
    json_end(json);
}

static void put_references(struct json_out *json, const struct detect_thread *t,
                           const struct rule *r)
{
    char key[32];
    if (r->reference_count == 0)
        return;
    json_array(json, "references");
    for (uint16_t i = 0; i < r->reference_count; i++) {
        size_t len = strlen(r->reference[i].system);
        for (size_t j = 0; j <= len && j < sizeof key; j++)
            key[j] = (char)(r->reference[i].system[j] >= 'A' && r->reference[i].system[j] <= 'Z'
                                ? r->reference[i].system[j] + 32
                                : r->reference[i].system[j]);
        key[sizeof key - 1] = '\0';
        const char *url = map_find_text(&t->engine->rules->reference_url, key);
        struct str text = str_of(4096);
        str_addf(&text, "%s%s", url ? url : "", r->reference[i].id);
        json_text(json, NULL, str_text(&text));
        str_done(&text);
    }
    json_end(json);
}

void eve_alert_members(struct json_out *json, const struct detect_thread *t,
                       const struct ids_packet *p, const struct detect_alert *a)
{
    const struct rule *r = t->engine->rule[a->rule].rule;
    const struct eve_alert_settings *s = t->engine->eve;
    json_object(json, "alert");
    json_text(json, "action", word_of(t, a));
    json_u64(json, "gid", r->gid);
    json_u64(json, "signature_id", r->sid);
    json_u64(json, "rev", r->rev);
    json_text(json, "signature", r->msg);
    json_text(json, "category", r->class ? r->class->text : "");
    json_u64(json, "severity", r->priority);
    put_target(json, r, p);
    if (s->references)
        put_references(json, t, r);
    if (s->rule_metadata)
        put_metadata(json, r);
    if (s->rule_text)
        json_text(json, "rule", r->text);
    if (a->context && a->context->json)
        json_raw(json, "context", a->context->json);
    json_end(json);
}

static void add_base64(struct str *out, const uint8_t *data, size_t len)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < len; i += 3) {
        uint32_t bits = (uint32_t)data[i] << 16;
        bits |= i + 1 < len ? (uint32_t)data[i + 1] << 8 : 0;
        bits |= i + 2 < len ? data[i + 2] : 0;
        str_add_char(out, digit[bits >> 18]);
        str_add_char(out, digit[bits >> 12 & 63]);
        str_add_char(out, i + 1 < len ? digit[bits >> 6 & 63] : '=');
        str_add_char(out, i + 2 < len ? digit[bits & 63] : '=');
    }
}

static void put_base64(struct json_out *json, const char *key, const void *data, size_t len)
{
    struct str text = str_of(0);
    add_base64(&text, data, len);
    json_text(json, key, str_text(&text));
    str_done(&text);
}

/* What is no printable ASCII becomes a dot, line ends stay. */
static void put_printable(struct json_out *json, const char *key, const uint8_t *data, size_t len)
{
    struct str text = str_of(0);
    for (size_t i = 0; i < len; i++)
        str_add_char(&text, (data[i] >= 32 && data[i] < 127) || data[i] == '\n' || data[i] == '\r'
                                ? (char)data[i]
                                : '.');
    json_text_len(json, key, str_text(&text), text.len);
    str_done(&text);
}

static void put_payload_bytes(struct json_out *json, const struct eve_alert_settings *s,
                              const uint8_t *data, size_t len)
{
    size_t shown = s->payload_size && len > s->payload_size ? s->payload_size : len;
    if (s->payload)
        put_base64(json, "payload", data, shown);
    if (s->payload_length)
        json_u64(json, "payload_length", len);
    if (s->payload_printable)
        put_printable(json, "payload_printable", data, shown);
}

/* The bytes of the packet's direction, from its beginning or what of it is still there. */
static size_t stream_bytes(const struct ids_packet *p, const uint8_t **out)
{
    uint32_t len = stream_bytes_at(p->flow->stream, (enum flow_side)p->side, 0, out);
    if (len == 0 && p->raw_count > 0) {
        *out = p->raw[0].data;
        len = p->raw[0].len;
    }
    return len;
}

/* As libpcap names link types. */
static const char *link_name(uint16_t type)
{
    static const struct {
        uint16_t type;
        const char *name;
    } row[] = {{0, "NULL"},   {1, "EN10MB"},   {9, "PPP"},         {12, "RAW"},
               {101, "RAW"},  {104, "C_HDLC"}, {108, "LOOP"},      {113, "LINUX_SLL"},
               {228, "IPV4"}, {229, "IPV6"},   {276, "LINUX_SLL2"}};
    for (size_t i = 0; i < ARRAY_COUNT(row); i++)
        if (row[i].type == type)
            return row[i].name;
    return "UNKNOWN";
}

static void put_payload(struct json_out *json, const struct eve_alert_settings *s,
                        const struct ids_packet *p, const struct detect_alert *a)
{
    if (s->payload || s->payload_printable || s->payload_length) {
        bool stream =
            p->proto == 6 && (a->has_tx || a->on_stream || a->frame) && p->flow && p->flow->stream;
        struct bytes_in in = packet_payload(p->packet);
        const uint8_t *data = NULL;
        size_t len = stream ? stream_bytes(p, &data) : 0;
        if (len > 0)
            put_payload_bytes(json, s, data, len);
        else if (bytes_left(&in) > 0 && !(p->flag & IDS_PSEUDO))
            put_payload_bytes(json, s, in.pos, bytes_left(&in));
        json_u64(json, "stream", stream ? 1 : 0);
    }
    if (s->packet) {
        if (!(p->flag & IDS_PSEUDO))
            put_base64(json, "packet", p->packet->frame, p->packet->len);
        json_object(json, "packet_info");
        json_u64(json, "linktype", p->link_type);
        json_text(json, "linktype_name", link_name(p->link_type));
        json_end(json);
    }
}

static void put_frame(struct json_out *json, const struct inspect_frame *f)
{
    json_object(json, "frame");
    json_text(json, "type", f->type);
    json_u64(json, "id", f->id);
    json_text(json, "direction", f->side == FLOW_TO_SERVER ? "toserver" : "toclient");
    if (f->len >= 0)
        json_i64(json, "length", f->len);
    json_bool(json, "complete", f->is_done);
    json_end(json);
}

static void put_verdict(struct json_out *json, const struct ids_packet *p, bool is_inline)
{
    json_object(json, "verdict");
    if (p->action & IDS_ACTION_PASS)
        json_text(json, "action", "pass");
    else if (p->action & IDS_ACTION_DROP && is_inline)
        json_text(json, "action", "drop");
    else
        json_text(json, "action", "alert");
    static const struct {
        uint8_t bit;
        const char *target;
    } row[] = {{IDS_ACTION_REJECT, "to_client"},
               {IDS_ACTION_REJECT_DST, "to_server"},
               {IDS_ACTION_REJECT_BOTH, "both"}};
    bool any = false;
    for (size_t i = 0; i < ARRAY_COUNT(row); i++)
        if (p->action & row[i].bit) {
            if (!any)
                json_text(json, "reject-target", row[i].target);
            any = true;
        }
    if (any) {
        json_array(json, "reject");
        json_text(json, NULL, p->proto == 6 ? "tcp-reset" : "icmp-prohib");
        json_end(json);
    }
    json_end(json);
}

static struct inspect_tx *tx_of(const struct ids_packet *p, const struct detect_alert *a)
{
    for (struct inspect_tx *tx = inspect_tx_first(p->flow); tx && a->has_tx;
         tx = inspect_tx_next(tx))
        if (tx->id == a->tx_id)
            return tx;
    return NULL;
}

static void put_tx(struct json_out *json, const struct ids_packet *p, const struct inspect_tx *tx)
{
    inspect_eve(p->flow, tx, json);
    size_t count = inspect_file_count(p->flow, tx, (enum flow_side)p->side);
    if (count == 0)
        return;
    json_array(json, "files");
    for (size_t i = 0; i < count; i++) {
        const struct inspect_file *f = inspect_file_at(p->flow, tx, (enum flow_side)p->side, i);
        if (!f)
            continue;
        json_object(json, NULL);
        eve_fileinfo_body(json, f);
        json_end(json);
    }
    json_end(json);
}

void eve_alert_write(struct detect_thread *t, struct ids_packet *p, const struct detect_alert *a)
{
    const struct eve_alert_settings *s = t->engine->eve;
    struct eve_record *r = &t->record;
    struct inspect_tx *tx = tx_of(p, a);
    eve_begin(r, t->eve, "alert", p, p->flow, EVE_AS_PACKET, p->wall_ns);
    if (tx)
        json_u64(&r->json, "tx_id", tx->id);
    if (a->tx_guessed)
        json_bool(&r->json, "tx_guessed", true);
    eve_alert_members(&r->json, t, p, a);
    if (tx && s->app_layer)
        put_tx(&r->json, p, tx);
    if (a->frame)
        put_frame(&r->json, a->frame);
    if (p->flow && s->app_layer)
        eve_app_proto(&r->json, p->flow);
    if (p->flow) {
        json_text(&r->json, "direction", p->side == FLOW_TO_SERVER ? "to_server" : "to_client");
        if (s->flow)
            eve_flow_brief(&r->json, p->flow);
    }
    put_payload(&r->json, s, p, a);
    if (s->vars)
        detect_eve_metadata(t, p->flow, &r->json);
    if (s->verdict)
        put_verdict(&r->json, p, t->engine->is_inline);
    eve_end(r, t->sink);
}
