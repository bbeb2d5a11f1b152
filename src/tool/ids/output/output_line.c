/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>
#include <syslog.h>

#include "core/base/mem.h"
#include "tool/ids/output/outputs.h"

enum { LINE_MAX_LEN = 4096 };

static const struct {
    const char *name;
    int value;
    bool is_facility;
} syslog_word[] = {
    {"auth", LOG_AUTH, true},     {"authpriv", LOG_AUTHPRIV, true}, {"daemon", LOG_DAEMON, true},
    {"local0", LOG_LOCAL0, true}, {"local1", LOG_LOCAL1, true},     {"local2", LOG_LOCAL2, true},
    {"local3", LOG_LOCAL3, true}, {"local4", LOG_LOCAL4, true},     {"local5", LOG_LOCAL5, true},
    {"local6", LOG_LOCAL6, true}, {"local7", LOG_LOCAL7, true},     {"user", LOG_USER, true},
    {"emerg", LOG_EMERG, false},  {"alert", LOG_ALERT, false},      {"crit", LOG_CRIT, false},
    {"err", LOG_ERR, false},      {"warning", LOG_WARNING, false},  {"notice", LOG_NOTICE, false},
    {"info", LOG_INFO, false},    {"debug", LOG_DEBUG, false},
};

static int take_word(const char *word, int *facility, int *priority)
{
    if (strncasecmp(word, "LOG_", 4) == 0)
        word += 4;
    for (size_t i = 0; i < ARRAY_COUNT(syslog_word); i++) {
        if (strcasecmp(word, syslog_word[i].name) == 0) {
            *(syslog_word[i].is_facility ? facility : priority) = syslog_word[i].value;
            return 0;
        }
    }
    return -EINVAL;
}

int output_syslog_words(const char *words, int *out, struct err *e)
{
    int facility = LOG_AUTH, priority = LOG_ALERT;
    char *copy = mem_copy_text(words), *at = NULL;
    int rc = 0;
    for (char *w = strtok_r(copy, " \t|", &at); w && rc == 0; w = strtok_r(NULL, " \t|", &at))
        if (take_word(w, &facility, &priority) < 0)
            rc = err_set(e, -EINVAL, "syslog: \"%s\" is no facility and no priority", w);
    mem_free(copy);
    *out = facility | priority;
    return rc;
}

static const struct {
    const char *name;
    enum output_kind kind;
    bool events, packets;
} line_kind[] = {
    {"alert_fast", OUTPUT_FAST, true, false},
    {"alert_full", OUTPUT_FULL, true, false},
    {"alert_csv", OUTPUT_CSV, true, false},
    {"csv", OUTPUT_CSV, true, false},
    {"alert_syslog", OUTPUT_SYSLOG, true, false},
    {"alert_unixsock", OUTPUT_SOCKET, true, false},
    {"unified2", OUTPUT_UNIFIED2, true, true},
    {"alert_unified2", OUTPUT_UNIFIED2, true, false},
    {"log_unified2", OUTPUT_UNIFIED2, false, true},
    {"log_tcpdump", OUTPUT_PCAP, false, true},
    {"log_ascii", OUTPUT_ASCII, false, true},
};

/* "filename NAME, limit 128, nostamp, vlan_event_types" */
static int read_unified2(struct output_spec *spec, char *arguments, struct err *e)
{
    char *at = NULL;
    for (char *part = strtok_r(arguments, ",", &at); part; part = strtok_r(NULL, ",", &at)) {
        part += strspn(part, " \t");
        size_t len = strcspn(part, " \t");
        char *value = part + len + strspn(part + len, " \t");
        value[strcspn(value, " \t")] = '\0';
        part[len] = '\0';
        if (strcmp(part, "filename") == 0)
            spec->name = value;
        else if (strcmp(part, "nostamp") == 0)
            spec->no_stamp = true;
        else if (strcmp(part, "vlan_event_types") == 0)
            spec->vlan_events = true;
        else if (strcmp(part, "limit") != 0 && strcmp(part, "mpls_event_types") != 0)
            return err_set(e, -EINVAL, "unified2: \"%s\" is not known", part);
    }
    return 0;
}

static int read_arguments(struct output_spec *spec, char *arguments, struct err *e)
{
    if (spec->kind == OUTPUT_UNIFIED2)
        return read_unified2(spec, arguments, e);
    if (spec->kind == OUTPUT_SYSLOG)
        return output_syslog_words(arguments, &spec->priority, e);
    char *at = NULL;
    char *name = strtok_r(arguments, " \t", &at);
    if (name)
        spec->name = strcmp(name, "stdout") == 0 ? "-" : name;
    if (spec->kind == OUTPUT_CSV) {
        const char *fields = strtok_r(NULL, " \t", &at);
        spec->word = fields ? fields : "default";
    }
    return 0;
}

static int add_line(struct outputs *o, const struct snort_line *line, struct err *e)
{
    for (size_t i = 0; i < ARRAY_COUNT(line_kind); i++) {
        if (strcmp(line->name, line_kind[i].name) != 0)
            continue;
        struct output_spec spec = {.kind = line_kind[i].kind,
                                   .events = line_kind[i].events,
                                   .packets = line_kind[i].packets};
        char *copy = mem_copy_text(line->arguments);
        int rc = read_arguments(&spec, copy, e);
        if (rc == 0)
            rc = outputs_add(o, &spec, e);
        mem_free(copy);
        return rc;
    }
    if (strcmp(line->name, "log_null") == 0)
        return 0;
    return err_set(e, -EINVAL, "output \"%s\" is not known", line->name);
}

int outputs_add_lines(struct outputs *o, const struct snort_lines *lines, struct err *e)
{
    for (size_t i = 0; i < lines->count; i++) {
        struct err why = {0};
        if (add_line(o, &lines->line[i], &why) < 0)
            return err_set(e, why.code, "%s:%u: %s", lines->line[i].file, lines->line[i].line,
                           why.text);
    }
    return 0;
}
