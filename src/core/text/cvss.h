/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CVSS vectors, versions 2.0, 3.0, 3.1 and 4.0, and their scores (first.org/cvss). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"

enum cvss_version { CVSS_20, CVSS_30, CVSS_31, CVSS_40, CVSS_VERSION_COUNT };

enum {
    CVSS_METRIC_MAX = 32,
    CVSS_VECTOR_MAX = 512, /* bytes; all metrics of 4.0 together need less than 200 */
};

/* One metric of a version. */
struct cvss_metric {
    const char *name;   /* "AV" */
    const char *values; /* "N A L P", the worst first */
    const char *group;  /* "base", "threat", "temporal", "environmental", "supplemental" */
    double weight[6];   /* of the values; 2.0 and 3.x */
};

struct cvss_metrics {
    const struct cvss_metric *metric;
    uint8_t count;
};

const char *cvss_version_name(enum cvss_version version); /* "3.1" */

struct cvss {
    enum cvss_version version;
    int8_t value[CVSS_METRIC_MAX]; /* index into the metric's values; -1: not given */
    double score;                  /* the one to show: with all that the vector says */
    double base;                   /* 4.0: with base metrics alone (CVSS-B) */
    /* Negative: there is none.  2.0 has one where the vector names a metric of that group; 3.x
     * always; 4.0 never. */
    double temporal, environmental;
};

/* Parse and score.  0, or -EINVAL with what is wrong: all base metrics once, the others at most
 * once; in 4.0 in the order of the specification (4.0, 7). */
int cvss_parse(struct cvss *out, const char *vector, struct err *e) MUST_CHECK;

/* Give the metric another value and score anew.  false: no such metric, or no such value of it. */
bool cvss_set(struct cvss *c, const char *name, const char *value);

/* The values of the metric, "N A L P"; NULL: no metric of this version. */
const char *cvss_values(enum cvss_version version, const char *name);

/* "none", "low", "medium", "high", "critical"; 2.0 knows no "critical" (NVD's bands). */
const char *cvss_severity(enum cvss_version version, double score);

/* The value of the metric called `name` as text into `to` ("N"); false: not given, or no metric of
 * this version. */
bool cvss_value(const struct cvss *c, const char *name, char to[8]);
