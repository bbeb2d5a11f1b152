/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/eve/eve_log.h"

#include <string.h>

#include "core/base/digest.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/tcp.h"
#include "wire/packet/layer/udp.h"

/* ---- anomalies ---- */

static void anomaly(struct eve_record *r, const struct eve_settings *s, const struct eve_sink *sink,
                    const struct ids_packet *p, enum packet_event event)
{
    bool stream = packet_event_is_stream(event);
    const char *name = packet_event_row[event].name;
    eve_begin(r, s, "anomaly", p, p->flow, EVE_AS_PACKET, p->wall_ns);
    json_object(&r->json, "anomaly");
    json_text(&r->json, "type", stream ? "stream" : "decode");
    json_text(&r->json, "event", name);
    json_end(&r->json);
    eve_end(r, sink);
}

void eve_packet_anomalies(struct eve_record *r, const struct eve_settings *s,
                          const struct eve_sink *sink, const struct ids_packet *p)
{
    for (uint8_t i = 0; i < p->event.count; i++) {
        enum packet_event event = (enum packet_event)p->event.id[i];
        if (packet_event_is_stream(event) ? s->anomaly_stream : s->anomaly_decode)
            anomaly(r, s, sink, p, event);
    }
}

/* "http.missing_host_header" is told as "MISSING_HOST_HEADER" of "http", "dns.z_flag_set" as
 * "z_flag_set". */
static void put_event(struct json_out *json, enum inspect_event event)
{
    static const char *const capital[] = {"applayer_", "http.", "tls.", "smtp.", "dnp3."};
    const char *name = inspect_event_name(event);
    const char *dot = strchr(name, '.');
    char text[80];
    size_t len = 0;
    bool upper = false;
    for (size_t i = 0; i < ARRAY_COUNT(capital); i++)
        upper |= strncmp(name, capital[i], strlen(capital[i])) == 0;
    for (const char *c = dot ? dot + 1 : name; *c && len < sizeof text; c++)
        text[len++] = upper && *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
    json_text_len(json, "event", text, len);
}

static void app_anomaly(struct eve_record *r, const struct eve_settings *s,
                        const struct eve_sink *sink, const struct ids_packet *p,
                        const struct inspect_tx *tx, enum inspect_event event)
{
    const struct flow *f = p->flow;
    eve_begin(r, s, "anomaly", p, f, EVE_AS_PACKET, p->wall_ns);
    if (tx)
        json_u64(&r->json, "tx_id", tx->id);
    json_object(&r->json, "anomaly");
    json_text(&r->json, "app_proto",
              inspect_proto_name((enum inspect_proto_id)(tx ? tx->proto : f->app)));
    json_text(&r->json, "type", "applayer");
    put_event(&r->json, event);
    json_text(&r->json, "layer", tx ? "proto_parser" : "proto_detect");
    json_end(&r->json);
    eve_end(r, sink);
}

void eve_app_anomalies(struct eve_record *r, const struct eve_settings *s,
                       const struct eve_sink *sink, const struct ids_packet *p)
{
    struct inspect_flow *f = inspect_of(p->flow);
    bool wanted = s->kinds & EVE_ANOMALY && s->anomaly_applayer;
    if (!f)
        return;
    for (; f->event_logged < f->event_count; f->event_logged++)
        if (wanted)
            app_anomaly(r, s, sink, p, NULL, (enum inspect_event)f->event[f->event_logged]);
    for (struct inspect_tx *tx = f->first; tx; tx = tx->next)
        for (; tx->event_logged < tx->event_count; tx->event_logged++)
            if (wanted)
                app_anomaly(r, s, sink, p, tx, (enum inspect_event)tx->event[tx->event_logged]);
}

/* ---- transactions ---- */

static bool is_ready(const struct inspect_proto *proto, const struct inspect_tx *tx)
{
    for (int side = 0; side < FLOW_SIDES; side++) {
        uint8_t want = proto->log_progress[side] ? proto->log_progress[side] : INSPECT_DONE;
        if (tx->progress[side] < want)
            return false;
    }
    return true;
}

static enum eve_direction direction_of(const struct inspect_proto *proto,
                                       const struct inspect_tx *tx)
{
    if (proto->log_as_packet)
        return EVE_AS_PACKET;
    return tx->log_side == FLOW_TO_CLIENT ? EVE_TO_CLIENT : EVE_TO_SERVER;
}

static void log_tx(struct eve_record *r, const struct eve_settings *s, const struct eve_sink *sink,
                   const struct ids_packet *p, struct inspect_tx *tx,
                   const struct inspect_proto *proto)
{
    const struct flow *f = p->flow;
    tx->flag |= INSPECT_TX_LOGGED;
    if (!proto->event_type || !proto->eve || !s->protocol[proto->id] ||
        (proto->wants_log && !proto->wants_log(inspect_of(f), tx)))
        return;
    eve_begin(r, s, proto->event_type, p, f, direction_of(proto, tx), p->wall_ns);
    json_u64(&r->json, "tx_id", tx->id);
    if (proto->eve_before)
        proto->eve_before(inspect_of(f), tx, &r->json);
    proto->eve(inspect_of(f), tx, &r->json);
    eve_end(r, sink);
}

void eve_transactions(struct eve_record *r, const struct eve_settings *s,
                      const struct eve_sink *sink, const struct ids_packet *p, bool all)
{
    struct inspect_flow *f = inspect_of(p->flow);
    for (struct inspect_tx *tx = f ? f->first : NULL; tx; tx = tx->next) {
        const struct inspect_proto *proto = inspect_proto_of((enum inspect_proto_id)tx->proto);
        if (tx->flag & (INSPECT_TX_LOGGED | INSPECT_TX_NO_LOG) || !proto)
            continue;
        if (all || is_ready(proto, tx))
            log_tx(r, s, sink, p, tx, proto);
    }
}

/* ---- files ---- */

static void put_digest(struct json_out *json, const char *key, const uint8_t *value, size_t size)
{
    struct str hex = str_of(0);
    digest_print(&hex, value, size);
    json_text_len(json, key, hex.text, hex.len);
    str_done(&hex);
}

static const char *file_state(const struct inspect_file *file)
{
    static const char *const name[] = {"UNKNOWN", "CLOSED", "TRUNCATED", "ERROR"};
    return name[file->state];
}

void eve_fileinfo_body(struct json_out *json, const struct inspect_file *file)
{
    eve_bytes(json, "filename", file->name, file->name_len);
    json_bool(json, "gaps", file->has_gaps);
    json_text(json, "state", file_state(file));
    if (file->has_digest & FILE_WANT_MD5)
        put_digest(json, "md5", file->md5, sizeof file->md5);
    if (file->has_digest & FILE_WANT_SHA1)
        put_digest(json, "sha1", file->sha1, sizeof file->sha1);
    if (file->has_digest & FILE_WANT_SHA256)
        put_digest(json, "sha256", file->sha256, sizeof file->sha256);
    json_bool(json, "stored", file->is_stored);
    if (file->is_stored)
        json_u64(json, "file_id", file->id);
    json_u64(json, "size", file->size);
    if (file->has_range) {
        json_u64(json, "start", file->start);
        json_u64(json, "end", file->end);
    }
    json_u64(json, "tx_id", file->tx_id);
}

static void log_file(struct eve_record *r, const struct eve_settings *s,
                     const struct eve_sink *sink, const struct ids_packet *p,
                     const struct inspect_tx *tx, enum flow_side side, struct inspect_file *file)
{
    const struct flow *f = p->flow;
    const struct inspect_proto *proto = inspect_proto_of((enum inspect_proto_id)tx->proto);
    inspect_file_set_logged(file);
    eve_begin(r, s, "fileinfo", p, f, side == FLOW_TO_SERVER ? EVE_TO_SERVER : EVE_TO_CLIENT,
              p->wall_ns);
    if (proto->eve_before)
        proto->eve_before(inspect_of(f), tx, &r->json);
    if (proto->eve)
        proto->eve(inspect_of(f), tx, &r->json);
    json_text(&r->json, "app_proto", inspect_proto_name((enum inspect_proto_id)f->app));
    json_object(&r->json, "fileinfo");
    eve_fileinfo_body(&r->json, file);
    json_end(&r->json);
    eve_end(r, sink);
}

void eve_files(struct eve_record *r, const struct eve_settings *s, const struct eve_sink *sink,
               const struct ids_packet *p, bool all)
{
    const struct inspect_flow *inspect = inspect_of(p->flow);
    for (struct inspect_tx *tx = inspect ? inspect->first : NULL; tx; tx = tx->next)
        for (int side = 0; side < FLOW_SIDES; side++)
            for (size_t i = 0;; i++) {
                struct inspect_file *file = inspect_file_at(p->flow, tx, (enum flow_side)side, i);
                if (!file)
                    break;
                if (inspect_file_is_logged(file))
                    continue;
                if (all && file->state == FILE_OPENED)
                    inspect_file_close(file, FILE_TRUNCATED);
                if (file->state != FILE_OPENED)
                    log_file(r, s, sink, p, tx, (enum flow_side)side, file);
            }
}

/* ---- drops ---- */

static void drop_ip4(struct json_out *json, const struct packet *p)
{
    struct bytes_in in = packet_net(p);
    struct ip4_head head;
    if (p->net != PACKET_IP4 || !ip4_decode(&in, &head))
        return;
    json_u64(json, "len", head.total_len);
    json_u64(json, "tos", head.tos);
    json_u64(json, "ttl", head.ttl);
    json_u64(json, "ipid", head.id);
}

static void drop_transport(struct json_out *json, const struct packet *p)
{
    struct bytes_in in = packet_transport(p);
    struct tcp_head tcp;
    struct udp_head udp;
    if (p->transport == PACKET_TCP && tcp_decode(&in, &tcp)) {
        json_u64(json, "tcpseq", tcp.seq);
        json_u64(json, "tcpack", tcp.ack);
        json_u64(json, "tcpwin", tcp.window);
        json_bool(json, "syn", tcp.flags & TCP_SYN);
        json_bool(json, "ack", tcp.flags & TCP_ACK);
        json_bool(json, "psh", tcp.flags & TCP_PSH);
        json_bool(json, "rst", tcp.flags & TCP_RST);
        json_bool(json, "urg", tcp.flags & TCP_URG);
        json_bool(json, "fin", tcp.flags & TCP_FIN);
        json_u64(json, "tcpres", 0);
        json_u64(json, "tcpurgp", tcp.urgent);
    } else if (p->transport == PACKET_UDP && udp_decode(&in, &udp)) {
        json_u64(json, "udplen", udp.len);
    }
}

void eve_drop(struct eve_record *r, const struct eve_settings *s, const struct eve_sink *sink,
              const struct ids_packet *p, struct detect_thread *detect)
{
    eve_begin(r, s, "drop", p, p->flow, EVE_AS_PACKET, p->wall_ns);
    json_object(&r->json, "drop");
    drop_ip4(&r->json, p->packet);
    drop_transport(&r->json, p->packet);
    json_text(&r->json, "reason", ids_drop_reason_name((enum ids_drop_reason)p->drop_reason));
    json_end(&r->json);
    if (detect)
        detect_eve_drop_alert(detect, p, &r->json);
    if (p->flow)
        json_text(&r->json, "direction", p->side == FLOW_TO_SERVER ? "to_server" : "to_client");
    eve_end(r, sink);
}
