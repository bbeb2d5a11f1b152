/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Vectors in, words out; the arithmetic is in cvss_old.c and cvss_4.c. */
#include "core/text/cvss.h"

#include <errno.h>
#include <string.h>

#include "core/text/cvss_private.h"

static const char *const names[CVSS_VERSION_COUNT] = {"2.0", "3.0", "3.1", "4.0"};

static const struct cvss_metrics *metrics_of(enum cvss_version version)
{
    return version == CVSS_20   ? &cvss_metrics_20
           : version == CVSS_40 ? &cvss_metrics_40
                                : &cvss_metrics_3x;
}

const char *cvss_version_name(enum cvss_version version)
{
    return names[version];
}

/* The place of `word` among "N A L P"; -1: not there. */
static int value_index(const char *values, const char *word, size_t len)
{
    for (int i = 0;; i++) {
        size_t here = strcspn(values, " ");
        if (here == len && memcmp(values, word, len) == 0)
            return i;
        if (!values[here])
            return -1;
        values += here + 1;
    }
}

static int find_metric(const struct cvss_metrics *m, const char *name, size_t len)
{
    for (int i = 0; i < m->count; i++)
        if (strlen(m->metric[i].name) == len && memcmp(m->metric[i].name, name, len) == 0)
            return i;
    return -1;
}

/* One "AV:N" into out; its place in the table, or -EINVAL. */
static int take_metric(struct cvss *out, const struct cvss_metrics *m, const char *part, size_t len,
                       struct err *e)
{
    const char *colon = memchr(part, ':', len);
    int at = colon ? find_metric(m, part, (size_t)(colon - part)) : -1;
    if (at < 0)
        return err_set(e, -EINVAL, "\"%.*s\" is no metric of CVSS %s", (int)len, part,
                       names[out->version]);
    if (out->value[at] >= 0)
        return err_set(e, -EINVAL, "%s is given twice", m->metric[at].name);
    size_t value_len = len - (size_t)(colon - part) - 1;
    int value = value_index(m->metric[at].values, colon + 1, value_len);
    if (value < 0)
        return err_set(e, -EINVAL, "%s cannot be \"%.*s\" (%s)", m->metric[at].name, (int)value_len,
                       colon + 1, m->metric[at].values);
    out->value[at] = (int8_t)value;
    return at;
}

static int take_metrics(struct cvss *out, const struct cvss_metrics *m, const char *text,
                        struct err *e)
{
    int before = -1;
    for (;;) {
        size_t len = strcspn(text, "/");
        int at = take_metric(out, m, text, len, e);
        if (at < 0)
            return at;
        if (out->version == CVSS_40 && at < before)
            return err_set(e, -EINVAL, "%s stands behind %s: CVSS 4.0 has a fixed order",
                           m->metric[at].name, m->metric[before].name);
        before = at;
        if (!text[len])
            break;
        text += len + 1;
    }
    for (int i = 0; i < m->count; i++)
        if (strcmp(m->metric[i].group, "base") == 0 && out->value[i] < 0)
            return err_set(e, -EINVAL, "%s is missing", m->metric[i].name);
    return 0;
}

static int take_version(struct cvss *out, const char **text, struct err *e)
{
    static const char prefix[] = "CVSS:";
    out->version = CVSS_20;
    if (strncmp(*text, prefix, sizeof prefix - 1) != 0)
        return 0;
    const char *version = *text + sizeof prefix - 1;
    size_t len = strcspn(version, "/");
    for (int i = CVSS_30; i < CVSS_VERSION_COUNT; i++)
        if (strlen(names[i]) == len && memcmp(names[i], version, len) == 0 && version[len]) {
            out->version = (enum cvss_version)i;
            *text = version + len + 1;
            return 0;
        }
    return err_set(e, -EINVAL, "no version of CVSS known here: \"%.*s\"", (int)len, version);
}

static void score(struct cvss *c)
{
    if (c->version == CVSS_40)
        cvss_score_4(c);
    else
        cvss_score_old(c);
}

int cvss_parse(struct cvss *out, const char *vector, struct err *e)
{
    struct cvss c = {.temporal = -1, .environmental = -1};
    memset(c.value, -1, sizeof c.value);
    if (!*vector)
        return err_set(e, -EINVAL, "an empty vector");
    if (strlen(vector) > CVSS_VECTOR_MAX)
        return err_set(e, -EINVAL, "a vector of more than %d bytes", CVSS_VECTOR_MAX);
    if (take_version(&c, &vector, e) < 0 || take_metrics(&c, metrics_of(c.version), vector, e) < 0)
        return e->code;
    score(&c);
    *out = c;
    return 0;
}

const char *cvss_severity(enum cvss_version version, double score)
{
    if (version == CVSS_20)
        return score < 4 ? "low" : score < 7 ? "medium" : "high";
    return score <= 0  ? "none"
           : score < 4 ? "low"
           : score < 7 ? "medium"
           : score < 9 ? "high"
                       : "critical";
}

bool cvss_value(const struct cvss *c, const char *name, char to[8])
{
    const struct cvss_metrics *m = metrics_of(c->version);
    int at = find_metric(m, name, strlen(name));
    if (at < 0 || c->value[at] < 0)
        return false;
    const char *values = m->metric[at].values;
    for (int i = 0; i < c->value[at]; i++)
        values += strcspn(values, " ") + 1;
    size_t len = strcspn(values, " ");
    memcpy(to, values, len);
    to[len] = '\0';
    return true;
}

bool cvss_set(struct cvss *c, const char *name, const char *value)
{
    const struct cvss_metrics *m = metrics_of(c->version);
    int at = find_metric(m, name, strlen(name));
    int index = at < 0 ? -1 : value_index(m->metric[at].values, value, strlen(value));
    if (index < 0)
        return false;
    c->value[at] = (int8_t)index;
    score(c);
    return true;
}

const char *cvss_values(enum cvss_version version, const char *name)
{
    const struct cvss_metrics *m = metrics_of(version);
    int at = find_metric(m, name, strlen(name));
    return at < 0 ? NULL : m->metric[at].values;
}
