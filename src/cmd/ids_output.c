/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/ids_output.h"

#include <errno.h>
#include <string.h>
#include <syslog.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "tool/ids/conf/yaml_conf.h"

bool ids_output_only_packets(const struct ids_cli *cli)
{
    return !cli->snort_conf && !cli->yaml && !cli->eve && cli->rules.count == 0;
}

static void set_style(struct outputs *o, const struct ids_cli *cli)
{
    enum packet_print_payload payload = cli->payload ? PACKET_PRINT_HEX : PACKET_PRINT_NONE;
    if (cli->characters)
        payload = PACKET_PRINT_CHARS;
    if (cli->whole_frame)
        payload = PACKET_PRINT_ALL;
    o->style = (struct alert_text_style){.packet = {.link_head = cli->link_head,
                                                    .year = cli->year,
                                                    .obfuscate = cli->obfuscate,
                                                    .payload = payload},
                                         .interface = cli->interface_in_alerts};
    o->interface = cli->interface;
    o->folder = cli->log_folder;
    o->local_time = !cli->utc;
    o->start_s = clock_wall_ns(&clock_system) / NS_PER_S;
}

static int set_home(struct outputs *o, const char *nets, struct err *e)
{
    char *copy = mem_copy_text(nets), *at = NULL;
    int rc = 0;
    for (char *net = strtok_r(copy, ",", &at); net && rc == 0; net = strtok_r(NULL, ",", &at)) {
        struct cidr cidr;
        rc = cidr_parse(&cidr, net, e);
        if (rc == 0)
            cidr_set_add(&o->home, &cidr);
    }
    mem_free(copy);
    return rc;
}

static int add_alert_mode(struct outputs *o, const char *mode, struct err *e)
{
    static const struct {
        const char *name;
        enum output_kind kind;
        const char *file;
    } known[] = {
        {"fast", OUTPUT_FAST, NULL}, {"full", OUTPUT_FULL, NULL},     {"console", OUTPUT_FAST, "-"},
        {"cmg", OUTPUT_CMG, "-"},    {"unsock", OUTPUT_SOCKET, NULL},
    };
    if (strcmp(mode, "none") == 0)
        return 0;
    for (size_t i = 0; i < ARRAY_COUNT(known); i++) {
        if (strcmp(mode, known[i].name) == 0) {
            struct output_spec spec = {.kind = known[i].kind, .name = known[i].file};
            return outputs_add(o, &spec, e);
        }
    }
    return err_set(e, -EINVAL, "-A %s: alerts are fast, full, console, cmg, unsock or none", mode);
}

static bool logs_packets(const struct outputs *o)
{
    for (size_t i = 0; i < o->count; i++)
        if (o->one[i].kind == OUTPUT_UNIFIED2 || o->one[i].kind >= OUTPUT_PCAP)
            return true;
    return false;
}

/* -K and what stands for it; a log folder alone means pcap, as with Snort. */
static int add_log(struct outputs *o, const struct ids_cli *cli, bool is_usual, struct err *e)
{
    const char *mode = cli->log_binary ? "pcap" : cli->log_mode;
    struct output_spec spec = {.kind = OUTPUT_PCAP, .name = cli->log_name};
    if (!mode)
        mode = cli->log_folder && is_usual && !logs_packets(o) ? "pcap" : "none";
    if (strcmp(mode, "ascii") == 0)
        spec.kind = OUTPUT_ASCII;
    else if (strcmp(mode, "pcap") != 0 && strcmp(mode, "none") != 0)
        return err_set(e, -EINVAL, "-K %s: packets are logged as pcap, ascii or none", mode);
    return cli->no_log || strcmp(mode, "none") == 0 ? 0 : outputs_add(o, &spec, e);
}

static int add_syslog(struct outputs *o, struct err *e)
{
    struct output_spec spec = {.kind = OUTPUT_SYSLOG, .priority = LOG_AUTH | LOG_ALERT};
    return outputs_add(o, &spec, e);
}

/* "fast" of suricata.yaml's outputs */
static int add_yaml(struct outputs *o, const struct yaml_conf *c, struct err *e)
{
    const struct yaml_node *list = yaml_conf_find(c, "outputs");
    for (const struct yaml_node *n = list ? list->child : NULL; n; n = n->next) {
        const struct yaml_node *fast = yaml_member(n, "fast");
        const struct yaml_node *enabled = fast ? yaml_member(fast, "enabled") : NULL;
        const struct yaml_node *name = fast ? yaml_member(fast, "filename") : NULL;
        if (!enabled || !enabled->text || !yaml_text_is_true(enabled->text))
            continue;
        struct output_spec spec = {.kind = OUTPUT_FAST,
                                   .name = name && name->text ? name->text : "fast.log"};
        if (outputs_add(o, &spec, e) < 0)
            return e->code;
    }
    return 0;
}

static int add_all(struct outputs *o, const struct ids_cli *cli, const struct ids_conf *conf,
                   struct err *e)
{
    bool has_rules = !ids_output_only_packets(cli);
    if (cli->home_net && set_home(o, cli->home_net, e) < 0)
        return e->code;
    cidr_set_seal(&o->home);
    if (has_rules && cli->alert_mode && add_alert_mode(o, cli->alert_mode, e) < 0)
        return e->code;
    if (has_rules && !cli->alert_mode && outputs_add_lines(o, &conf->snort.output, e) < 0)
        return e->code;
    if (has_rules && !cli->alert_mode && o->count == 0 && cli->snort_conf && cli->log_folder &&
        add_alert_mode(o, "full", e) < 0)
        return e->code;
    if (cli->yaml && add_yaml(o, &conf->yaml, e) < 0)
        return e->code;
    if (cli->syslog && add_syslog(o, e) < 0)
        return e->code;
    struct output_spec popup = {.kind = OUTPUT_WINPOPUP, .word = cli->winpopup};
    if (cli->winpopup && outputs_add(o, &popup, e) < 0)
        return e->code;
    return add_log(o, cli, !has_rules || cli->snort_conf, e);
}

int ids_output_open(struct outputs *out, const struct ids_cli *cli, const struct ids_conf *conf,
                    struct err *e)
{
    set_style(out, cli);
    return add_all(out, cli, conf, e);
}
