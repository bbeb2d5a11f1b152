/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Order of elements and attributes, and where a line ends, is nmap's: people compare such files as
 * text.  The root is opened by the first record and closed by the tail, so that each record is a
 * small document of its own to the writer. */
#include "hub/outlet/nmap_xml.h"

#include <inttypes.h>

#include "core/base/clock.h"
#include "core/text/xml.h"
#include "hub/outlet/nmap_xml_host.h"
#include "hub/outlet/scan_words.h"

static const char output_version[] = "1.05"; /* of nmap.dtd in nmap 7.93 */

static void xml_date(struct xml_out *x, const char *name, uint64_t wall_ns)
{
    struct str date = str_of(0);
    scan_words_date(&date, wall_ns);
    xml_attr(x, name, str_text(&date));
    str_done(&date);
}

/* A processing instruction: the writer knows elements only, so its end is put by hand.  "?>" cannot
 * come from the value, where ">" is escaped. */
static void add_stylesheet(struct str *out, const char *href)
{
    struct xml_out x = xml_out_of(out);
    xml_open(&x, "?xml-stylesheet");
    xml_attr(&x, "href", href);
    xml_attr(&x, "type", "text/xsl");
    str_add(out, "?>\n");
}

static void add_comment(struct xml_out *x, const struct scan_head *head)
{
    struct str text = str_of(0);
    str_addf(&text, "picket %s scan initiated ", head->version);
    scan_words_date(&text, head->start_wall_ns);
    str_addf(&text, " as: %s", head->args);
    xml_comment(x, str_text(&text));
    str_done(&text);
}

static void add_scan_info(struct xml_out *x, const struct scan_info *info)
{
    struct str ports = str_of(0);
    port_set_format(info->ports, &ports);
    xml_open(x, "scaninfo");
    xml_attr(x, "type", info->type);
    xml_attr(x, "scanflags", info->flags);
    xml_attr(x, "protocol", scan_proto_name(info->proto));
    xml_attr_u64(x, "numservices", port_set_count(info->ports));
    xml_attr(x, "services", str_text(&ports));
    xml_close(x);
    xml_newline(x);
    str_done(&ports);
}

static void add_level(struct xml_out *x, const char *tag, int level)
{
    xml_open(x, tag);
    xml_attr_i64(x, "level", level);
    xml_close(x);
    xml_newline(x);
}

static void begin(void *state, const struct scan_head *head, struct str *out)
{
    (void)state;
    struct xml_out x = xml_out_of(out);
    xml_declaration(&x);
    xml_raw(&x, "\n<!DOCTYPE nmaprun>\n");
    if (head->stylesheet)
        add_stylesheet(out, head->stylesheet);
    add_comment(&x, head);
    xml_newline(&x);
    xml_open(&x, "nmaprun");
    xml_attr(&x, "scanner", "nmap"); /* the DTD allows no other */
    xml_attr(&x, "args", head->args);
    xml_attr_u64(&x, "start", head->start_wall_ns / NS_PER_S);
    xml_date(&x, "startstr", head->start_wall_ns);
    xml_attr(&x, "version", head->version);
    xml_attr(&x, "xmloutputversion", output_version);
    xml_newline(&x);
    for (size_t i = 0; i < head->info_count; i++)
        add_scan_info(&x, &head->info[i]);
    add_level(&x, "verbose", head->verbosity);
    add_level(&x, "debugging", head->debugging);
}

static void host(void *state, const struct scan_head *head, const struct scan_host *h,
                 struct str *out)
{
    (void)state;
    (void)head;
    struct xml_out x = xml_out_of(out);
    nmap_xml_host_add(&x, h);
}

static void hint(void *state, const struct scan_head *head, const struct scan_host *h,
                 struct str *out)
{
    (void)state;
    (void)head;
    struct xml_out x = xml_out_of(out);
    nmap_xml_host_add_hint(&x, h);
}

static void task(void *state, const struct scan_head *head, const struct scan_task *t,
                 struct str *out)
{
    static const char *const tag[] = {
        [SCAN_TASK_BEGIN] = "taskbegin",
        [SCAN_TASK_PROGRESS] = "taskprogress",
        [SCAN_TASK_END] = "taskend",
    };
    (void)state;
    (void)head;
    struct xml_out x = xml_out_of(out);
    xml_open(&x, tag[t->phase]);
    xml_attr(&x, "task", t->name);
    xml_attr_u64(&x, "time", t->wall_ns / NS_PER_S);
    if (t->phase == SCAN_TASK_PROGRESS)
        xml_attrf(&x, "percent", "%.2f", t->percent);
    else
        xml_attr(&x, "extrainfo", t->extra);
    if (t->phase == SCAN_TASK_PROGRESS && t->expected_wall_s) {
        xml_attr_u64(&x, "remaining", t->remaining_s);
        xml_attr_u64(&x, "etc", t->expected_wall_s);
    }
    xml_close(&x);
    xml_newline(&x);
}

static void target(void *state, const struct scan_head *head, const char *bad_target,
                   struct str *out)
{
    (void)state;
    (void)head;
    struct xml_out x = xml_out_of(out);
    xml_open(&x, "target");
    xml_attr(&x, "specification", bad_target);
    xml_attr(&x, "status", "skipped");
    xml_attr(&x, "reason", "invalid");
    xml_close(&x);
    xml_newline(&x);
}

static void scripts(void *state, const struct scan_head *head, const struct scan_run_scripts *s,
                    struct str *out)
{
    (void)state;
    (void)head;
    struct xml_out x = xml_out_of(out);
    xml_open(&x, s->post ? "postscript" : "prescript");
    for (size_t i = 0; i < s->script_count; i++)
        nmap_xml_host_add_script(&x, &s->script[i]);
    xml_close(&x);
    xml_newline(&x);
}

static void add_finished(struct xml_out *x, const struct scan_tail *tail)
{
    struct str summary = str_of(0);
    str_add(&summary, "picket done at ");
    scan_words_date(&summary, tail->end_wall_ns);
    str_add(&summary, "; ");
    scan_words_totals(&summary, tail);
    xml_open(x, "finished");
    xml_attr_u64(x, "time", tail->end_wall_ns / NS_PER_S);
    xml_date(x, "timestr", tail->end_wall_ns);
    xml_attr(x, "summary", str_text(&summary));
    xml_attrf(x, "elapsed", "%.2f", tail->elapsed_s);
    xml_attr(x, "exit", tail->error ? "error" : "success");
    xml_attr(x, "errormsg", tail->error);
    xml_close(x);
    str_done(&summary);
}

static void end(void *state, const struct scan_head *head, const struct scan_tail *tail,
                struct str *out)
{
    (void)state;
    (void)head;
    struct xml_out x = xml_out_of(out);
    xml_open(&x, "runstats");
    add_finished(&x, tail);
    xml_open(&x, "hosts");
    xml_attr_u64(&x, "up", tail->hosts_up);
    xml_attr_u64(&x, "down", tail->hosts_down);
    xml_attr_u64(&x, "total", tail->hosts_total);
    xml_close(&x);
    xml_newline(&x);
    xml_close(&x);
    xml_raw(&x, "\n</nmaprun>\n");
}

const struct scan_outlet_format scan_outlet_nmap_xml = {
    .name = "xml",
    .option = "oX",
    .suffix = ".xml",
    .doc = "XML, as nmap writes it",
    .begin = begin,
    .host = host,
    .hint = hint,
    .task = task,
    .target = target,
    .scripts = scripts,
    .end = end,
};
