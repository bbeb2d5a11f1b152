/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the calculators of CVSS share. */
#pragma once

#include "core/text/cvss.h"

/* Both fill in the scores of a vector whose values are set. */
void cvss_score_old(struct cvss *c); /* 2.0, 3.0, 3.1 */
void cvss_score_4(struct cvss *c);

extern const struct cvss_metrics cvss_metrics_20, cvss_metrics_3x, cvss_metrics_40;
