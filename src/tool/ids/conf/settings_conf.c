/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/conf/settings_conf.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/base/str.h"
#include "tool/ids/rule/action.h"
#include "tool/ids/rule/lexer.h"

/* ---- sizes and switches, by name ---- */

#define OF(field) offsetof(struct ids_settings, field)

static const struct {
    const char *name;
    size_t offset;
    bool wide; /* uint64_t, else uint32_t */
} size_row[] = {
    {"stream.memcap", OF(stream.bytes_max), true},
    {"stream.reassembly.memcap", OF(stream.bytes_max), true},
    {"stream.reassembly.depth", OF(stream.depth), false},
    {"stream.reassembly.toserver-chunk-size", OF(stream.raw_chunk[FLOW_TO_SERVER]), false},
    {"stream.reassembly.toclient-chunk-size", OF(stream.raw_chunk[FLOW_TO_CLIENT]), false},
    {"defrag.memcap", OF(defrag.bytes_max), true},
    {"defrag.trackers", OF(defrag.tracker_max), false},
    {"defrag.max-frags", OF(defrag.piece_max), false},
    {"defrag.timeout", OF(defrag.timeout_s), false},
    {"app-layer.protocols.http.libhtp.default-config.request-body-limit",
     OF(inspect.request_body_max), false},
    {"app-layer.protocols.http.libhtp.default-config.response-body-limit",
     OF(inspect.response_body_max), false},
    {"app-layer.protocols.http.libhtp.default-config.response-body-decompress-layer-limit",
     OF(inspect.decode_layer_max), false},
    {"app-layer.protocols.http.libhtp.default-config.compression-bomb-limit",
     OF(inspect.decode_bomb_max), true},
    {"app-layer.protocols.mqtt.max-msg-length", OF(inspect.mqtt_message_max), false},
    {"flow-timeouts.tcp.new", OF(flow.tcp.fresh_s), false},
    {"flow-timeouts.tcp.established", OF(flow.tcp.established_s), false},
    {"flow-timeouts.tcp.closed", OF(flow.tcp.closed_s), false},
    {"flow-timeouts.tcp.bypassed", OF(flow.tcp.bypassed_s), false},
    {"flow-timeouts.udp.new", OF(flow.udp.fresh_s), false},
    {"flow-timeouts.udp.established", OF(flow.udp.established_s), false},
    {"flow-timeouts.udp.bypassed", OF(flow.udp.bypassed_s), false},
    {"flow-timeouts.icmp.new", OF(flow.icmp.fresh_s), false},
    {"flow-timeouts.icmp.established", OF(flow.icmp.established_s), false},
    {"flow-timeouts.icmp.bypassed", OF(flow.icmp.bypassed_s), false},
    {"flow-timeouts.default.new", OF(flow.other.fresh_s), false},
    {"flow-timeouts.default.established", OF(flow.other.established_s), false},
    {"flow-timeouts.default.closed", OF(flow.other.closed_s), false},
    {"flow-timeouts.default.bypassed", OF(flow.other.bypassed_s), false},
};

static const struct {
    const char *name;
    size_t offset;
} bool_row[] = {
    {"stream.midstream", OF(stream.midstream)},
    {"stream.async-oneside", OF(stream.async_oneside)},
    {"stream.liberal-timestamps", OF(stream.liberal_timestamps)},
    {"stream.drop-invalid", OF(drop_invalid)},
    {"stream.bypass", OF(stream_bypass)},
    {"stream.reassembly.raw", OF(stream.raw)},
    {"vlan.use-for-tracking", OF(flow.vlan_matters)},
    {"app-layer.protocols.smtp.mime.body-md5", OF(inspect.mime_body_md5)},
    {"app-layer.protocols.ssh.hassh", OF(inspect.hassh)},
    {"app-layer.protocols.http.libhtp.default-config.double-decode-path",
     OF(inspect.double_decode_path)},
    {"app-layer.protocols.http.libhtp.default-config.double-decode-query",
     OF(inspect.double_decode_query)},
};

static int read_sizes(struct ids_settings *s, const struct yaml_conf *c, struct err *e)
{
    for (size_t i = 0; i < ARRAY_COUNT(size_row); i++) {
        const char *text = yaml_conf_text(c, size_row[i].name, NULL);
        uint64_t value;
        if (!text)
            continue;
        if (!yaml_text_size(text, &value) || (!size_row[i].wide && value > UINT32_MAX))
            return err_set(e, -EINVAL, "%s: \"%s\" is no size", size_row[i].name, text);
        if (size_row[i].wide)
            memcpy((char *)s + size_row[i].offset, &value, sizeof value);
        else
            *(uint32_t *)(void *)((char *)s + size_row[i].offset) = (uint32_t)value;
    }
    for (size_t i = 0; i < ARRAY_COUNT(bool_row); i++) {
        bool *to = (bool *)(void *)((char *)s + bool_row[i].offset);
        *to = yaml_conf_bool(c, bool_row[i].name, *to);
    }
    s->stream.syn_max = (uint8_t)yaml_conf_size(c, "stream.max-syn-queued", s->stream.syn_max);
    s->stream.synack_max =
        (uint8_t)yaml_conf_size(c, "stream.max-synack-queued", s->stream.synack_max);
    return 0;
}

/* ---- policies for what cannot be followed ---- */

static int read_policy(const struct yaml_conf *c, const char *name, bool is_inline,
                       enum ids_policy *out, struct err *e)
{
    const char *text = yaml_conf_text(c, name, NULL);
    if (!text)
        return 0;
    int policy = ids_policy_find(text);
    if (policy < 0)
        return err_set(e, -EINVAL, "%s: unknown policy \"%s\"", name, text);
    if (!is_inline && (policy == IDS_POLICY_DROP_FLOW || policy == IDS_POLICY_DROP_PACKET))
        policy = IDS_POLICY_IGNORE; /* nothing can be dropped beside the line */
    *out = (enum ids_policy)policy;
    return 0;
}

/* Of the policies for flows without a handshake some make no sense: what is taken up cannot be
 * dropped for that, and one packet alone cannot be passed. */
static int check_midstream(const struct ids_settings *s, const struct yaml_conf *c, struct err *e)
{
    const char *text = yaml_conf_text(c, "stream.midstream-policy", NULL);
    int policy = text ? ids_policy_find(text) : -1;
    if (policy < 0 || policy == IDS_POLICY_AUTO || policy == IDS_POLICY_IGNORE ||
        policy == IDS_POLICY_PASS_FLOW)
        return 0;
    if (policy == IDS_POLICY_PASS_PACKET || s->stream.midstream)
        return err_set(e, -EINVAL, "stream.midstream-policy: \"%s\" does not go with midstream %s",
                       text, s->stream.midstream ? "on" : "off");
    return 0;
}

static int read_policies(struct ids_settings *s, const struct yaml_conf *c, struct err *e)
{
    struct {
        const char *name;
        enum ids_policy *to;
    } row[] = {
        {"stream.midstream-policy", &s->midstream_policy},
        {"stream.memcap-policy", &s->session_policy},
        {"stream.reassembly.memcap-policy", &s->reassembly_policy},
        {"flow.memcap-policy", &s->flow_policy},
        {"defrag.memcap-policy", &s->defrag_policy},
        {"app-layer.error-policy", &s->app_error_policy},
    };
    enum ids_policy master = s->is_inline ? IDS_POLICY_DROP_FLOW : IDS_POLICY_IGNORE;
    if (read_policy(c, "exception-policy", s->is_inline, &master, e) < 0)
        return e->code;
    if (master == IDS_POLICY_AUTO)
        master = s->is_inline ? IDS_POLICY_DROP_FLOW : IDS_POLICY_IGNORE;
    for (size_t i = 0; i < ARRAY_COUNT(row); i++) {
        *row[i].to = master;
        if (row[i].to == &s->midstream_policy && s->stream.midstream)
            *row[i].to = IDS_POLICY_IGNORE;
        if (read_policy(c, row[i].name, s->is_inline, row[i].to, e) < 0)
            return e->code;
        if (row[i].to == &s->midstream_policy && check_midstream(s, c, e) < 0)
            return e->code;
        if (*row[i].to == IDS_POLICY_AUTO)
            *row[i].to = s->is_inline ? IDS_POLICY_DROP_FLOW : IDS_POLICY_IGNORE;
    }
    return 0;
}

/* ---- protocols ---- */

static void read_smtp(struct ids_settings *s, const struct yaml_conf *c)
{
    const struct yaml_node *schemes =
        yaml_conf_find(c, "app-layer.protocols.smtp.mime.extract-urls-schemes");
    s->inspect.smtp.raw_extraction =
        yaml_conf_bool(c, "app-layer.protocols.smtp.raw-extraction", false);
    s->inspect.smtp.no_mime = !yaml_conf_bool(c, "app-layer.protocols.smtp.mime.decode-mime", true);
    s->inspect.smtp.no_urls =
        !yaml_conf_bool(c, "app-layer.protocols.smtp.mime.extract-urls", true);
    s->inspect.smtp.log_url_scheme =
        yaml_conf_bool(c, "app-layer.protocols.smtp.mime.log-url-scheme", false);
    for (const struct yaml_node *n = schemes ? schemes->child : NULL; n; n = n->next)
        if (n->kind == YAML_TEXT &&
            s->inspect.smtp.scheme_count < ARRAY_COUNT(s->inspect.smtp.scheme))
            snprintf(s->inspect.smtp.scheme[s->inspect.smtp.scheme_count++],
                     sizeof s->inspect.smtp.scheme[0], "%.16s%s", n->text,
                     strcmp(n->text, "mailto") == 0 ? ":" : "://");
}

static void read_protocols(struct ids_settings *s, const struct yaml_conf *c)
{
    for (int i = INSPECT_FAILED + 1; i < INSPECT_PROTO_COUNT; i++) {
        char name[96];
        const char *proto = inspect_proto_name((enum inspect_proto_id)i);
        snprintf(name, sizeof name, "app-layer.protocols.%s.enabled", proto);
        const char *text = yaml_conf_text(c, name, NULL);
        if (i == INSPECT_DNS && !text)
            text = yaml_conf_text(c, "app-layer.protocols.dns.tcp.enabled", NULL);
        if (!text)
            continue;
        s->inspect.is_off[i] = strcmp(text, "detection-only") != 0 && !yaml_text_is_true(text);
        s->inspect.only_recognise[i] = strcmp(text, "detection-only") == 0;
    }
    const char *ja3 = yaml_conf_text(c, "app-layer.protocols.tls.ja3-fingerprints", "auto");
    const char *ja4 = yaml_conf_text(c, "app-layer.protocols.tls.ja4-fingerprints", "auto");
    s->inspect.ja3 = yaml_text_is_true(ja3);
    s->inspect.ja4 = yaml_text_is_true(ja4);
    s->inspect.ja3_off = !s->inspect.ja3 && strcmp(ja3, "auto") != 0;
    s->inspect.ja4_off = !s->inspect.ja4 && strcmp(ja4, "auto") != 0;
    const char *after =
        yaml_conf_text(c, "app-layer.protocols.tls.encryption-handling",
                       yaml_conf_text(c, "app-layer.protocols.tls.encrypt-handling", "track-only"));
    s->encrypted_bypass = strcmp(after, "bypass") == 0;
    s->encrypted_track_only = strcmp(after, "full") != 0;
    s->inspect.encrypted_bypass = s->encrypted_bypass;
    s->inspect.encrypted_full = !s->encrypted_track_only;
    s->inspect.ssh_bypass =
        strcmp(yaml_conf_text(c, "app-layer.protocols.ssh.encryption-handling", ""), "bypass") == 0;
    s->inspect.ftp_line_max =
        (uint32_t)yaml_conf_size(c, "app-layer.protocols.ftp.max-line-length", 4096);
    read_smtp(s, c);
}

/* ---- machines and their ways to put pieces together ---- */

static const struct {
    const char *name;
    enum stream_policy stream;
    enum defrag_policy defrag;
} os_row[] = {
    {"windows", STREAM_POLICY_WINDOWS, DEFRAG_WINDOWS},
    {"bsd", STREAM_POLICY_BSD, DEFRAG_BSD},
    {"bsd-right", STREAM_POLICY_BSD, DEFRAG_BSD_RIGHT},
    {"old-linux", STREAM_POLICY_OLD_LINUX, DEFRAG_LINUX},
    {"linux", STREAM_POLICY_LINUX, DEFRAG_LINUX},
    {"old-solaris", STREAM_POLICY_OLD_SOLARIS, DEFRAG_SOLARIS},
    {"solaris", STREAM_POLICY_SOLARIS, DEFRAG_SOLARIS},
    {"hpux10", STREAM_POLICY_HPUX10, DEFRAG_SOLARIS},
    {"hpux11", STREAM_POLICY_HPUX11, DEFRAG_SOLARIS},
    {"irix", STREAM_POLICY_IRIX, DEFRAG_SOLARIS},
    {"macos", STREAM_POLICY_MACOS, DEFRAG_FIRST},
    {"vista", STREAM_POLICY_VISTA, DEFRAG_WINDOWS},
    {"windows2k3", STREAM_POLICY_WINDOWS2K3, DEFRAG_WINDOWS},
};

static int add_host(struct ids_settings *s, const char *text, size_t os, struct err *e)
{
    if (s->host_os_count == IDS_HOST_OS_MAX)
        return err_set(e, -EINVAL, "host-os-policy: over %d networks", IDS_HOST_OS_MAX);
    if (cidr_parse(&s->host_os[s->host_os_count].net, text, e) < 0)
        return err_wrap(e, "host-os-policy.%s", os_row[os].name);
    s->host_os[s->host_os_count].stream = (uint8_t)os_row[os].stream;
    s->host_os[s->host_os_count++].defrag = (uint8_t)os_row[os].defrag;
    return 0;
}

/* The more exact network first: the look-up takes the first that fits. */
static void sort_hosts(struct ids_settings *s)
{
    for (unsigned i = 1; i < s->host_os_count; i++)
        for (unsigned j = i;
             j > 0 && s->host_os[j].net.prefix_len > s->host_os[j - 1].net.prefix_len; j--) {
            __typeof__(s->host_os[0]) swap = s->host_os[j];
            s->host_os[j] = s->host_os[j - 1];
            s->host_os[j - 1] = swap;
        }
}

static int read_hosts(struct ids_settings *s, const struct yaml_conf *c, struct err *e)
{
    const struct yaml_node *all = yaml_conf_find(c, "host-os-policy");
    for (size_t i = 0; i < ARRAY_COUNT(os_row); i++) {
        const struct yaml_node *list = all ? yaml_member(all, os_row[i].name) : NULL;
        for (const struct yaml_node *n = list ? list->child : NULL; n; n = n->next)
            if (n->kind == YAML_TEXT && *n->text && add_host(s, n->text, i, e) < 0)
                return e->code;
    }
    sort_hosts(s);
    return 0;
}

/* ---- tunnels over UDP ---- */

static void add_ports(struct ids_tunnel_ports *t, const char *text)
{
    uint64_t port;
    char copy[256];
    snprintf(copy, sizeof copy, "%s", text);
    for (char *rest = copy, *word; (word = strsep(&rest, "[], "));)
        if (word_to_u64(word, &port) && port <= UINT16_MAX && t->count < IDS_PORTS_MAX)
            t->port[t->count++] = (uint16_t)port;
}

static void read_tunnel(struct ids_tunnel_ports *t, const struct yaml_conf *c, const char *name)
{
    char full[64];
    snprintf(full, sizeof full, "decoder.%s.enabled", name);
    t->enabled = yaml_conf_bool(c, full, t->enabled);
    snprintf(full, sizeof full, "decoder.%s.ports", name);
    const struct yaml_node *ports = yaml_conf_find(c, full);
    if (!ports)
        return;
    char group[64];
    t->count = 0;
    if (ports->kind == YAML_TEXT && *ports->text == '$') {
        snprintf(group, sizeof group, "vars.port-groups.%s", ports->text + 1);
        add_ports(t, yaml_conf_text(c, group, ""));
    } else if (ports->kind == YAML_TEXT) {
        add_ports(t, ports->text);
    }
    for (const struct yaml_node *n = ports->child; n; n = n->next)
        add_ports(t, n->text);
}

/* ---- records ---- */

static bool flag_of(const struct yaml_node *n, const char *name, bool otherwise)
{
    const struct yaml_node *member = n ? yaml_member(n, name) : NULL;
    return member && member->kind == YAML_TEXT ? yaml_text_is_true(member->text) : otherwise;
}

static void read_alert(struct eve_alert_settings *a, const struct yaml_node *n)
{
    const struct yaml_node *metadata = n ? yaml_member(n, "metadata") : NULL;
    const struct yaml_node *size = n ? yaml_member(n, "payload-buffer-size") : NULL;
    uint64_t bytes;
    a->enabled = true;
    a->payload = flag_of(n, "payload", false);
    a->payload_printable = flag_of(n, "payload-printable", false);
    a->payload_length = flag_of(n, "payload-length", false);
    a->packet = flag_of(n, "packet", false);
    a->verdict = flag_of(n, "verdict", false);
    a->references = flag_of(n, "reference", false);
    a->rule_metadata = a->app_layer = a->flow = a->vars = true;
    a->payload_size = 4096;
    if (size && yaml_text_size(size->text, &bytes) && bytes <= UINT32_MAX)
        a->payload_size = (uint32_t)bytes;
    if (!metadata)
        return;
    if (metadata->kind == YAML_TEXT) {
        bool on = yaml_text_is_true(metadata->text);
        a->rule_metadata = a->app_layer = a->flow = a->vars = on || !*metadata->text;
        return;
    }
    const struct yaml_node *rule = yaml_member(metadata, "rule");
    a->app_layer = flag_of(metadata, "app-layer", true);
    a->flow = flag_of(metadata, "flow", true);
    a->rule_metadata = flag_of(rule, "metadata", rule == NULL || rule->kind == YAML_TEXT);
    a->rule_text = flag_of(rule, "raw", false);
    a->references = flag_of(rule, "reference", a->references);
}

static void read_anomaly(struct eve_settings *v, const struct yaml_node *n)
{
    const struct yaml_node *types = n ? yaml_member(n, "types") : NULL;
    v->kinds |= EVE_ANOMALY;
    v->anomaly_decode = flag_of(types, "decode", false);
    v->anomaly_stream = flag_of(types, "stream", false);
    v->anomaly_applayer = flag_of(types, "applayer", true);
    v->anomaly_packethdr = flag_of(n, "packethdr", false);
}

static void read_email(struct inspect_settings *v, const struct yaml_node *n)
{
    const struct yaml_node *custom = yaml_member(n, "custom"), *md5 = yaml_member(n, "md5");
    v->smtp.log_extended = flag_of(n, "extended", false);
    for (const struct yaml_node *i = custom ? custom->child : NULL; i; i = i->next)
        v->smtp.log_fields |= inspect_smtp_field(i->text);
    for (const struct yaml_node *i = md5 ? md5->child : NULL; i; i = i->next) {
        v->smtp.log_body_md5 |= strcmp(i->text, "body") == 0;
        v->smtp.log_subject_md5 |= strcmp(i->text, "subject") == 0;
    }
}

/* "dump-all-headers": none, request, response or both. */
static void read_http_dump(struct inspect_settings *to, const struct yaml_node *n)
{
    const struct yaml_node *node = n ? yaml_member(n, "dump-all-headers") : NULL;
    const char *dump = node ? node->text : "none";
    bool both = strcmp(dump, "both") == 0;
    to->http_dump = 0;
    if (both || strcmp(dump, "request") == 0)
        to->http_dump |= HTTP_DUMP_REQUEST;
    if (both || strcmp(dump, "response") == 0)
        to->http_dump |= HTTP_DUMP_RESPONSE;
}

/* One element of "types": a name, or a map of one name with its settings. */
static void read_type(struct settings_conf *s, const char *name, const struct yaml_node *n)
{
    static const struct {
        const char *name;
        uint32_t kind;
    } row[] = {{"flow", EVE_FLOW},         {"netflow", EVE_NETFLOW}, {"stats", EVE_STATS},
               {"files", EVE_FILES},       {"drop", EVE_DROP},       {"frame", EVE_FRAME},
               {"metadata", EVE_METADATA}, {"arp", EVE_ARP},         {"stream", EVE_STREAM_TCP}};
    struct eve_settings *v = &s->ids.eve;
    if (!flag_of(n, "enabled", true))
        return;
    if (strcmp(name, "alert") == 0) {
        v->kinds |= EVE_ALERT;
        read_alert(&s->alert, n);
        return;
    }
    if (strcmp(name, "anomaly") == 0) {
        read_anomaly(v, n);
        return;
    }
    for (size_t i = 0; i < ARRAY_COUNT(row); i++)
        if (strcmp(row[i].name, name) == 0)
            v->kinds |= row[i].kind;
    int proto = strcmp(name, "ikev2") == 0 ? INSPECT_IKE : inspect_proto_find(name);
    if (proto == INSPECT_HTTP_ANY) {
        v->protocol[INSPECT_HTTP1] = v->protocol[INSPECT_HTTP2] = v->protocol[INSPECT_HTTP_ANY] =
            true;
        read_http_dump(&s->ids.inspect, n);
    } else if (proto > INSPECT_FAILED) {
        v->protocol[proto] = true;
        v->protocol[INSPECT_FTPDATA] |= proto == INSPECT_FTP;
    } else if (strcmp(name, "ftp_data") == 0) {
        v->protocol[INSPECT_FTPDATA] = true;
    }
    if (strcmp(name, "files") == 0 && n) {
        const struct yaml_node *hash = yaml_member(n, "force-hash");
        for (const struct yaml_node *h = hash ? hash->child : NULL; h; h = h->next)
            s->ids.inspect.hash |= strcasecmp(h->text, "md5") == 0      ? FILE_WANT_MD5
                                   : strcasecmp(h->text, "sha1") == 0   ? FILE_WANT_SHA1
                                   : strcasecmp(h->text, "sha256") == 0 ? FILE_WANT_SHA256
                                                                        : 0;
    }
    if (strcmp(name, "mqtt") == 0 && n) {
        const struct yaml_node *limit = yaml_member(n, "string-log-limit");
        uint64_t bytes;
        if (limit && yaml_text_size(limit->text, &bytes) && bytes <= UINT32_MAX)
            s->ids.inspect.mqtt_text_max = (uint32_t)bytes;
        s->ids.inspect.mqtt_passwords = flag_of(n, "passwords", true);
    }
    if (strcmp(name, "smtp") == 0 && n)
        read_email(&s->ids.inspect, n);
    if (strcmp(name, "stats") == 0)
        v->stats_zero = !flag_of(n, "null-values", true) ? false : v->stats_zero;
}

static void read_types(struct settings_conf *s, const struct yaml_node *types)
{
    s->ids.eve.kinds = 0;
    memset(s->ids.eve.protocol, 0, sizeof s->ids.eve.protocol);
    s->alert.enabled = false;
    if (types && types->kind == YAML_TEXT) { /* --set outputs.eve-log.types=alert */
        char copy[512];
        snprintf(copy, sizeof copy, "%s", types->text);
        for (char *rest = copy, *word; (word = strsep(&rest, ", "));)
            if (*word)
                read_type(s, word, NULL);
        return;
    }
    for (const struct yaml_node *n = types ? types->child : NULL; n; n = n->next)
        if (n->kind == YAML_TEXT)
            read_type(s, n->text, NULL);
        else if (n->child)
            read_type(s, n->child->key, n->child);
}

/* The EVE outputs of the file; several are written as one. */
static void read_outputs(struct settings_conf *s, const struct yaml_conf *c)
{
    const struct yaml_node *outputs = yaml_conf_find(c, "outputs");
    bool found = false;
    for (const struct yaml_node *n = outputs ? outputs->child : NULL; n; n = n->next) {
        const struct yaml_node *store = yaml_member(n, "file-store");
        if (store && flag_of(store, "enabled", true)) /* files are stored by that name */
            s->ids.inspect.hash |= FILE_WANT_SHA256;
    }
    for (const struct yaml_node *n = outputs ? outputs->child : NULL; n && !found; n = n->next) {
        const struct yaml_node *eve = yaml_member(n, "eve-log");
        if (!eve || !flag_of(eve, "enabled", true))
            continue;
        found = true;
        read_types(s, yaml_member(eve, "types"));
        s->ids.eve.ether = flag_of(eve, "ethernet", false);
        s->ids.eve.community_id = flag_of(eve, "community-id", false);
        const struct yaml_node *file = yaml_member(eve, "filename");
        const struct yaml_node *seed = yaml_member(eve, "community-id-seed");
        uint64_t number;
        s->eve_file = file ? file->text : "eve.json";
        if (seed && word_to_u64(seed->text, &number))
            s->ids.eve.community_seed = (uint16_t)number;
        const struct yaml_node *metadata = yaml_member(eve, "metadata");
        if (metadata && metadata->kind == YAML_TEXT)
            s->alert.vars = s->alert.vars && yaml_text_is_true(metadata->text);
    }
    s->ids.eve.sensor = yaml_conf_text(c, "sensor-name", NULL);
}

static void read_checksums(struct ids_settings *s, const struct yaml_conf *c)
{
    const char *text = yaml_conf_text(c, "pcap-file.checksum-checks", "auto");
    s->checksums = strcmp(text, "auto") == 0 ? IDS_SUMS_AUTO
                   : yaml_text_is_true(text) ? IDS_SUMS_ALL
                                             : IDS_SUMS_NONE;
    if (!yaml_conf_bool(c, "stream.checksum-validation", true))
        s->checksums = IDS_SUMS_NONE;
}

static void read_urgent(struct ids_settings *s, const struct yaml_conf *c)
{
    static const char *const name[] = {"oob", "inline", "drop", "gap"};
    const char *text = yaml_conf_text(c, "stream.reassembly.urgent.policy", NULL);
    const char *limit = yaml_conf_text(c, "stream.reassembly.urgent.oob-limit-policy", NULL);
    for (size_t i = 0; i < ARRAY_COUNT(name); i++) {
        if (text && strcmp(name[i], text) == 0)
            s->stream.urgent = (uint8_t)i;
        if (limit && strcmp(name[i], limit) == 0)
            s->stream.urgent_limit = (uint8_t)i;
    }
}

int settings_conf_read(struct settings_conf *s, const struct yaml_conf *c, struct err *e)
{
    s->alert = (struct eve_alert_settings){.enabled = true};
    read_alert(&s->alert, NULL);
    s->alert_max = (uint32_t)yaml_conf_size(c, "packet-alert-max", 15);
    if (s->alert_max == 0 || s->alert_max > 255)
        s->alert_max = 15;
    if (c->root)
        read_outputs(s, c);
    else
        memset(s->ids.eve.protocol, true, sizeof s->ids.eve.protocol);
    if (read_sizes(&s->ids, c, e) < 0)
        return e->code;
    const char *is_inline = yaml_conf_text(c, "stream.inline", "auto");
    if (yaml_text_is_true(is_inline))
        s->ids.stream.is_inline = true;
    if (read_policies(&s->ids, c, e) < 0 || read_hosts(&s->ids, c, e) < 0)
        return e->code;
    read_protocols(&s->ids, c);
    read_tunnel(&s->ids.vxlan, c, "vxlan");
    read_tunnel(&s->ids.geneve, c, "geneve");
    read_tunnel(&s->ids.teredo, c, "teredo");
    read_checksums(&s->ids, c);
    read_urgent(&s->ids, c);
    s->ids.layer_max = (uint8_t)yaml_conf_size(c, "decoder.max-layers", s->ids.layer_max);
    return 0;
}

void settings_conf_snort(struct settings_conf *s)
{
    static const struct cidr net[] = {{.base.family = ADDR_IP4}, {.base.family = ADDR_IP6}};
    s->ids.stream.raw_chunk[0] = s->ids.stream.raw_chunk[1] = 16384;
    for (size_t i = 0; i < ARRAY_COUNT(net) && s->ids.host_os_count < IDS_HOST_OS_MAX; i++) {
        s->ids.host_os[s->ids.host_os_count].net = net[i];
        s->ids.host_os[s->ids.host_os_count].stream = STREAM_POLICY_BSD;
        s->ids.host_os[s->ids.host_os_count++].defrag = DEFRAG_LINUX;
    }
}

uint8_t settings_conf_order(const struct yaml_conf *c, enum rule_action out[5])
{
    const struct yaml_node *list = yaml_conf_find(c, "action-order");
    uint8_t count = 0;
    for (const struct yaml_node *n = list ? list->child : NULL; n && count < 5; n = n->next) {
        int action = rule_action_from_name(n->text, strlen(n->text));
        if (action >= 0)
            out[count++] = (enum rule_action)action;
    }
    return count;
}
