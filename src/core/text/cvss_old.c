/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CVSS 2.0 (A Complete Guide, 3.2), 3.0 and 3.1 (specification documents, 7). */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "core/text/cvss_private.h"

/* ---- 2.0 ---- */

enum {
    V2_AV,
    V2_AC,
    V2_AU,
    V2_C,
    V2_I,
    V2_A,
    V2_E,
    V2_RL,
    V2_RC,
    V2_CDP,
    V2_TD,
    V2_CR,
    V2_IR,
    V2_AR,
    V2_COUNT
};

#define IMPACT_2                                                                                   \
    "N P C", "base",                                                                               \
    {                                                                                              \
        0, 0.275, 0.660                                                                            \
    }
#define REQUIREMENT_2                                                                              \
    "L M H ND", "environmental",                                                                   \
    {                                                                                              \
        0.5, 1, 1.51, 1                                                                            \
    }

static const struct cvss_metric v2[V2_COUNT] = {
    [V2_AV] = {"AV", "L A N", "base", {0.395, 0.646, 1}},
    [V2_AC] = {"AC", "H M L", "base", {0.35, 0.61, 0.71}},
    [V2_AU] = {"Au", "M S N", "base", {0.45, 0.56, 0.704}},
    [V2_C] = {"C", IMPACT_2},
    [V2_I] = {"I", IMPACT_2},
    [V2_A] = {"A", IMPACT_2},
    [V2_E] = {"E", "U POC F H ND", "temporal", {0.85, 0.9, 0.95, 1, 1}},
    [V2_RL] = {"RL", "OF TF W U ND", "temporal", {0.87, 0.9, 0.95, 1, 1}},
    [V2_RC] = {"RC", "UC UR C ND", "temporal", {0.9, 0.95, 1, 1}},
    [V2_CDP] = {"CDP", "N L LM MH H ND", "environmental", {0, 0.1, 0.3, 0.4, 0.5, 0}},
    [V2_TD] = {"TD", "N L M H ND", "environmental", {0, 0.25, 0.75, 1, 1}},
    [V2_CR] = {"CR", REQUIREMENT_2},
    [V2_IR] = {"IR", REQUIREMENT_2},
    [V2_AR] = {"AR", REQUIREMENT_2},
};

const struct cvss_metrics cvss_metrics_20 = {v2, V2_COUNT};

/* What binary fractions lose must not decide a rounding. */
static const double tolerance = 1e-9;

static double round_1(double x)
{
    return floor(x * 10 + 0.5 + tolerance) / 10;
}

static double weight_2(const struct cvss *c, int metric, double otherwise)
{
    return c->value[metric] < 0 ? otherwise : v2[metric].weight[c->value[metric]];
}

static double base_2(const struct cvss *c, double impact)
{
    double exploitability =
        20 * weight_2(c, V2_AV, 0) * weight_2(c, V2_AC, 0) * weight_2(c, V2_AU, 0);
    double f = impact <= 0 ? 0 : 1.176;
    return round_1((0.6 * impact + 0.4 * exploitability - 1.5) * f);
}

static double temporal_2(const struct cvss *c, double base)
{
    return round_1(base * weight_2(c, V2_E, 1) * weight_2(c, V2_RL, 1) * weight_2(c, V2_RC, 1));
}

static bool has_any(const struct cvss *c, int from, int to)
{
    for (int i = from; i <= to; i++)
        if (c->value[i] >= 0)
            return true;
    return false;
}

static void score_2(struct cvss *c)
{
    double conf = weight_2(c, V2_C, 0), integ = weight_2(c, V2_I, 0), avail = weight_2(c, V2_A, 0);
    c->base = base_2(c, 10.41 * (1 - (1 - conf) * (1 - integ) * (1 - avail)));
    c->score = c->base;
    if (has_any(c, V2_E, V2_RC))
        c->score = c->temporal = temporal_2(c, c->base);
    if (!has_any(c, V2_CDP, V2_AR))
        return;
    conf *= weight_2(c, V2_CR, 1);
    integ *= weight_2(c, V2_IR, 1);
    avail *= weight_2(c, V2_AR, 1);
    double impact = fmin(10, 10.41 * (1 - (1 - conf) * (1 - integ) * (1 - avail)));
    double adjusted = temporal_2(c, base_2(c, impact));
    c->environmental =
        round_1((adjusted + (10 - adjusted) * weight_2(c, V2_CDP, 0)) * weight_2(c, V2_TD, 1));
    c->score = c->environmental;
}

/* ---- 3.0 and 3.1 ---- */

enum {
    V3_AV,
    V3_AC,
    V3_PR,
    V3_UI,
    V3_S,
    V3_C,
    V3_I,
    V3_A,
    V3_E,
    V3_RL,
    V3_RC,
    V3_CR,
    V3_IR,
    V3_AR,
    V3_MAV,
    V3_MAC,
    V3_MPR,
    V3_MUI,
    V3_MS,
    V3_MC,
    V3_MI,
    V3_MA,
    V3_COUNT
};

enum { V3_BASE_COUNT = V3_A + 1 };

#define IMPACT_3                                                                                   \
    "H L N", "base",                                                                               \
    {                                                                                              \
        0.56, 0.22, 0                                                                              \
    }
#define REQUIREMENT_3                                                                              \
    "H M L X", "environmental",                                                                    \
    {                                                                                              \
        1.5, 1, 0.5, 1                                                                             \
    }
#define MODIFIED_IMPACT_3                                                                          \
    "H L N X", "environmental",                                                                    \
    {                                                                                              \
        0.56, 0.22, 0                                                                              \
    }

static const struct cvss_metric v3[V3_COUNT] = {
    [V3_AV] = {"AV", "N A L P", "base", {0.85, 0.62, 0.55, 0.2}},
    [V3_AC] = {"AC", "L H", "base", {0.77, 0.44}},
    [V3_PR] = {"PR", "N L H", "base", {0.85, 0.62, 0.27}},
    [V3_UI] = {"UI", "N R", "base", {0.85, 0.62}},
    [V3_S] = {"S", "C U", "base", {1, 0}},
    [V3_C] = {"C", IMPACT_3},
    [V3_I] = {"I", IMPACT_3},
    [V3_A] = {"A", IMPACT_3},
    [V3_E] = {"E", "H F P U X", "temporal", {1, 0.97, 0.94, 0.91, 1}},
    [V3_RL] = {"RL", "U W T O X", "temporal", {1, 0.97, 0.96, 0.95, 1}},
    [V3_RC] = {"RC", "C R U X", "temporal", {1, 0.96, 0.92, 1}},
    [V3_CR] = {"CR", REQUIREMENT_3},
    [V3_IR] = {"IR", REQUIREMENT_3},
    [V3_AR] = {"AR", REQUIREMENT_3},
    [V3_MAV] = {"MAV", "N A L P X", "environmental", {0.85, 0.62, 0.55, 0.2}},
    [V3_MAC] = {"MAC", "L H X", "environmental", {0.77, 0.44}},
    [V3_MPR] = {"MPR", "N L H X", "environmental", {0.85, 0.62, 0.27}},
    [V3_MUI] = {"MUI", "N R X", "environmental", {0.85, 0.62}},
    [V3_MS] = {"MS", "C U X", "environmental", {1, 0}},
    [V3_MC] = {"MC", MODIFIED_IMPACT_3},
    [V3_MI] = {"MI", MODIFIED_IMPACT_3},
    [V3_MA] = {"MA", MODIFIED_IMPACT_3},
};

const struct cvss_metrics cvss_metrics_3x = {v3, V3_COUNT};

/* 3.0: the next tenth above; 3.1, appendix A, takes what is above by less than 1/100,000 as even.
 */
static double round_up(const struct cvss *c, double x)
{
    if (c->version == CVSS_30)
        return ceil(x * 10 - tolerance) / 10;
    int64_t scaled = (int64_t)round(x * 100000);
    int64_t tenths = scaled / 10000 + (scaled % 10000 != 0);
    return (double)tenths / 10;
}

static double weight_3(const struct cvss *c, int metric, double otherwise)
{
    return c->value[metric] < 0 ? otherwise : v3[metric].weight[c->value[metric]];
}

/* The modified metric where it is given and not X, else the base metric; both have their values in
 * one order, X is last. */
static int effective(const struct cvss *c, int base, bool modified)
{
    static const int first = V3_MAV;
    int8_t own = modified ? c->value[first + base] : -1;
    char text[8];
    if (own < 0 || (cvss_value(c, v3[first + base].name, text) && strcmp(text, "X") == 0))
        return c->value[base];
    return own;
}

static double privilege(const struct cvss *c, bool modified)
{
    static const double changed[] = {0.85, 0.68, 0.5};
    int value = effective(c, V3_PR, modified);
    return effective(c, V3_S, modified) == 0 ? changed[value] : v3[V3_PR].weight[value];
}

static double impact_3(const struct cvss *c, double iss, bool modified)
{
    if (effective(c, V3_S, modified) != 0)
        return 6.42 * iss;
    if (modified && c->version == CVSS_31)
        return 7.52 * (iss - 0.029) - 3.25 * pow(iss * 0.9731 - 0.02, 13);
    return 7.52 * (iss - 0.029) - 3.25 * pow(iss - 0.02, 15);
}

/* The impact and exploitability together, before the temporal metrics. */
static double combined_3(const struct cvss *c, bool modified)
{
    double left = 1;
    for (int i = 0; i < 3; i++) {
        double requirement = modified ? weight_3(c, V3_CR + i, 1) : 1;
        left *= 1 - v3[V3_C + i].weight[effective(c, V3_C + i, modified)] * requirement;
    }
    double iss = modified ? fmin(1 - left, 0.915) : 1 - left;
    double impact = impact_3(c, iss, modified);
    double exploitability = 8.22 * v3[V3_AV].weight[effective(c, V3_AV, modified)] *
                            v3[V3_AC].weight[effective(c, V3_AC, modified)] *
                            privilege(c, modified) *
                            v3[V3_UI].weight[effective(c, V3_UI, modified)];
    if (impact <= 0)
        return 0;
    double scope = effective(c, V3_S, modified) == 0 ? 1.08 : 1;
    return round_up(c, fmin(scope * (impact + exploitability), 10));
}

static void score_3(struct cvss *c)
{
    double temporal = weight_3(c, V3_E, 1) * weight_3(c, V3_RL, 1) * weight_3(c, V3_RC, 1);
    c->base = combined_3(c, false);
    c->temporal = round_up(c, c->base * temporal);
    c->environmental = round_up(c, combined_3(c, true) * temporal);
    c->score = c->environmental;
}

void cvss_score_old(struct cvss *c)
{
    if (c->version == CVSS_20)
        score_2(c);
    else
        score_3(c);
}
