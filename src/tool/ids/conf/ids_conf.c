/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/conf/ids_conf.h"

#include <errno.h>
#include <string.h>

#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/str.h"
#include "sys/io/file.h"
#include "tool/ids/look/reputation.h"
#include "tool/ids/rule/load.h"

enum { CONF_FILE_MAX = 64 << 20 };

static const char *folder_of(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? arena_copy(arena, path, slash == path ? 1 : (size_t)(slash - path)) : NULL;
}

static void define_group(struct variable_table *v, const struct yaml_node *group,
                         void (*set)(struct variable_table *, const char *, const char *))
{
    for (const struct yaml_node *n = group ? group->child : NULL; n; n = n->next)
        if (n->key && n->kind == YAML_TEXT)
            set(v, n->key, n->text);
}

static int define(struct ids_conf *c, const struct text_list *list, struct err *e)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *equal = strchr(list->text[i], '=');
        if (!equal)
            return err_set(e, -EINVAL, "-S wants NAME=VALUE, not \"%s\"", list->text[i]);
        char *name = arena_copy(&c->rules.arena, list->text[i], (size_t)(equal - list->text[i]));
        variable_fix(&c->rules.variable, name, equal + 1);
    }
    return 0;
}

static int read_text(const char *path, size_t max, char **out, size_t *out_len, struct err *e)
{
    struct str text = str_of(max);
    int rc = file_read(path, &text, e);
    *out_len = text.len;
    if (rc == 0)
        *out = str_take(&text);
    str_done(&text);
    return rc;
}

/* A file of the configuration that need not be there. */
static int read_config_file(struct ids_conf *c, const char *path, struct err *e)
{
    size_t len;
    char *text;
    if (!path)
        return 0;
    int rc = read_text(path, CONF_FILE_MAX, &text, &len, e);
    if (rc < 0) {
        log_at(LOG_LEVEL_WARN, "%s", e->text);
        e->code = 0;
        return 0;
    }
    rc = rule_set_read_config(&c->rules, text, path, e);
    mem_free(text);
    return rc;
}

static int read_thresholds(struct ids_conf *c, struct err *e)
{
    const char *path = yaml_conf_text(&c->yaml, "threshold-file", NULL);
    size_t len;
    char *text;
    if (!path)
        return 0;
    if (read_text(path, CONF_FILE_MAX, &text, &len, e) < 0) {
        e->code = 0; /* the default name need not exist */
        return 0;
    }
    int rc = filter_conf_read(&c->filters, &c->rules, text, path, e);
    mem_free(text);
    return rc;
}

static int read_reputation(struct ids_conf *c, struct err *e)
{
    const char *categories = yaml_conf_text(&c->yaml, "reputation-categories-file", NULL);
    const char *folder = yaml_conf_text(&c->yaml, "default-reputation-path", NULL);
    const struct yaml_node *files = yaml_conf_find(&c->yaml, "reputation-files");
    size_t len;
    char *text;
    if (!categories)
        return 0;
    c->rules.reputation = reputation_new(&c->rules.arena);
    if (read_text(categories, CONF_FILE_MAX, &text, &len, e) < 0)
        return e->code;
    int rc = reputation_read_categories(c->rules.reputation, text, categories, e);
    mem_free(text);
    for (const struct yaml_node *n = files ? files->child : NULL; rc == 0 && n; n = n->next) {
        const char *path = folder && *n->text != '/'
                               ? arena_print(&c->rules.arena, "%s/%s", folder, n->text)
                               : n->text;
        rc = read_text(path, CONF_FILE_MAX, &text, &len, e);
        if (rc == 0) {
            rc = reputation_read(c->rules.reputation, text, path, e);
            mem_free(text);
        }
    }
    return rc;
}

static int read_yaml(struct ids_conf *c, const struct ids_conf_spec *spec, struct err *e)
{
    if (spec->yaml && yaml_conf_read(&c->yaml, spec->yaml, e) < 0)
        return e->code;
    for (size_t i = 0; i < spec->set.count; i++)
        if (yaml_conf_set(&c->yaml, spec->set.text[i], e) < 0)
            return e->code;
    define_group(&c->rules.variable, yaml_conf_find(&c->yaml, "vars.address-groups"),
                 variable_set_addresses);
    define_group(&c->rules.variable, yaml_conf_find(&c->yaml, "vars.port-groups"),
                 variable_set_ports);
    if (read_config_file(c, yaml_conf_text(&c->yaml, "classification-file", NULL), e) < 0 ||
        read_config_file(c, yaml_conf_text(&c->yaml, "reference-config-file", NULL), e) < 0 ||
        read_reputation(c, e) < 0)
        return e->code;
    c->rules.never_write = !yaml_conf_bool(&c->yaml, "datasets.rules.allow-write", true);
    const char *ja3 = yaml_conf_text(&c->yaml, "app-layer.protocols.tls.ja3-fingerprints", "auto");
    const char *ja4 = yaml_conf_text(&c->yaml, "app-layer.protocols.tls.ja4-fingerprints", "auto");
    c->rules.ja3_off = !yaml_text_is_true(ja3) && strcmp(ja3, "auto") != 0;
    c->rules.ja4_off = !yaml_text_is_true(ja4) && strcmp(ja4, "auto") != 0;
    c->rules.may_write = yaml_conf_bool(&c->yaml, "datasets.rules.allow-absolute-filenames", false);
    return 0;
}

static int read_rules(struct ids_conf *c, const char *path, struct err *e)
{
    size_t len;
    char *text;
    if (read_text(path, RULE_FILE_MAX, &text, &len, e) < 0)
        return err_wrap(e, "rules");
    c->rules.folder = folder_of(&c->rules.arena, path);
    rule_load(&c->rules, text, len, path);
    return 0;
}

/* rule-files of suricata.yaml, when the command line names none. */
static int read_configured_rules(struct ids_conf *c, struct err *e)
{
    const struct yaml_node *files = yaml_conf_find(&c->yaml, "rule-files");
    const char *folder = yaml_conf_text(&c->yaml, "default-rule-path", NULL);
    for (const struct yaml_node *n = files ? files->child : NULL; n; n = n->next) {
        const char *path = folder && *n->text != '/'
                               ? arena_print(&c->rules.arena, "%s/%s", folder, n->text)
                               : n->text;
        if (read_rules(c, path, e) < 0) { /* the names of the default file need not exist */
            log_at(LOG_LEVEL_WARN, "%s", e->text);
            e->code = 0;
        }
    }
    return 0;
}

int ids_conf_read(struct ids_conf *c, const struct ids_conf_spec *spec, struct err *e)
{
    c->is_snort = spec->snort != NULL;
    rule_set_init(&c->rules, c->is_snort ? RULE_ENGINE_SNORT : RULE_ENGINE_SURICATA);
    c->rules.fault = spec->fault;
    c->rules.fault_ctx = spec->fault_ctx;
    if (define(c, &spec->define, e) < 0 || read_yaml(c, spec, e) < 0)
        return e->code;
    if (spec->snort && snort_conf_read(&c->snort, &c->rules, &c->filters, spec->snort, e) < 0)
        return e->code;
    for (size_t i = 0; i < spec->rules.count; i++)
        if (read_rules(c, spec->rules.text[i], e) < 0)
            return e->code;
    if (spec->rules.count == 0 && !spec->snort && read_configured_rules(c, e) < 0)
        return e->code;
    if (read_thresholds(c, e) < 0)
        return e->code;
    rule_set_seal(&c->rules);
    return 0;
}

void ids_conf_done(struct ids_conf *c)
{
    yaml_conf_done(&c->yaml);
    snort_conf_done(&c->snort);
    filter_conf_done(&c->filters);
    rule_set_done(&c->rules);
}
