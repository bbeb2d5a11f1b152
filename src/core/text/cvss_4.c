/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CVSS 4.0 (specification document, 8): the score of the MacroVector, less the mean of how far the
 * vector lies below the worst of its MacroVector, in each of five directions. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/text/cvss_private.h"

enum {
    AV,
    AC,
    AT,
    PR,
    UI,
    VC,
    VI,
    VA,
    SC,
    SI,
    SA,
    E,
    CR,
    IR,
    AR,
    MAV,
    MAC,
    MAT,
    MPR,
    MUI,
    MVC,
    MVI,
    MVA,
    MSC,
    MSI,
    MSA,
    S,
    AU,
    R,
    V,
    RE,
    U,
    COUNT
};

#define IMPACT          "H L N", "base"
#define MODIFIED_IMPACT "H L N X", "environmental"
#define REQUIREMENT     "H M L X", "environmental"

static const struct cvss_metric v4[COUNT] = {
    [AV] = {"AV", "N A L P", "base", {0}},
    [AC] = {"AC", "L H", "base", {0}},
    [AT] = {"AT", "N P", "base", {0}},
    [PR] = {"PR", "N L H", "base", {0}},
    [UI] = {"UI", "N P A", "base", {0}},
    [VC] = {"VC", IMPACT, {0}},
    [VI] = {"VI", IMPACT, {0}},
    [VA] = {"VA", IMPACT, {0}},
    [SC] = {"SC", IMPACT, {0}},
    [SI] = {"SI", IMPACT, {0}},
    [SA] = {"SA", IMPACT, {0}},
    [E] = {"E", "A P U X", "threat", {0}},
    [CR] = {"CR", REQUIREMENT, {0}},
    [IR] = {"IR", REQUIREMENT, {0}},
    [AR] = {"AR", REQUIREMENT, {0}},
    [MAV] = {"MAV", "N A L P X", "environmental", {0}},
    [MAC] = {"MAC", "L H X", "environmental", {0}},
    [MAT] = {"MAT", "N P X", "environmental", {0}},
    [MPR] = {"MPR", "N L H X", "environmental", {0}},
    [MUI] = {"MUI", "N P A X", "environmental", {0}},
    [MVC] = {"MVC", MODIFIED_IMPACT, {0}},
    [MVI] = {"MVI", MODIFIED_IMPACT, {0}},
    [MVA] = {"MVA", MODIFIED_IMPACT, {0}},
    [MSC] = {"MSC", MODIFIED_IMPACT, {0}},
    [MSI] = {"MSI", "H L N X S", "environmental", {0}}, /* S, safety, is above H */
    [MSA] = {"MSA", "H L N X S", "environmental", {0}},
    [S] = {"S", "N P X", "supplemental", {0}},
    [AU] = {"AU", "N Y X", "supplemental", {0}},
    [R] = {"R", "A U I X", "supplemental", {0}},
    [V] = {"V", "D C X", "supplemental", {0}},
    [RE] = {"RE", "L M H X", "supplemental", {0}},
    [U] = {"U", "Clear Green Amber Red X", "supplemental", {0}},
};

const struct cvss_metrics cvss_metrics_40 = {v4, COUNT};

/* Table 24, in tenths: a row for each EQ1, EQ2, EQ3; in it EQ4 x EQ5 x EQ6.  EQ3 = 2 with EQ6 = 0
 * cannot be: who has no high impact has none that matters more. */
enum { NO = 0 };
static const uint8_t macro[3][2][3][18] = {
    {{{100, 99, 98, 95, 95, 92, 100, 96, 93, 87, 91, 81, 93, 90, 89, 80, 81, 68},
      {98, 95, 95, 92, 90, 84, 93, 92, 89, 81, 81, 65, 88, 80, 78, 70, 69, 48},
      {NO, 92, NO, 82, NO, 72, NO, 79, NO, 69, NO, 50, NO, 69, NO, 55, NO, 27}},
     {{99, 97, 95, 92, 92, 85, 95, 91, 90, 83, 84, 71, 92, 81, 82, 71, 72, 53},
      {95, 93, 92, 85, 85, 73, 92, 82, 80, 72, 70, 59, 84, 70, 71, 52, 50, 30},
      {NO, 86, NO, 75, NO, 52, NO, 71, NO, 52, NO, 29, NO, 63, NO, 29, NO, 17}}},
    {{{98, 95, 94, 87, 91, 81, 94, 89, 86, 74, 77, 64, 87, 75, 74, 63, 63, 49},
      {94, 89, 88, 77, 76, 67, 86, 76, 74, 58, 59, 50, 72, 57, 57, 52, 52, 25},
      {NO, 83, NO, 70, NO, 54, NO, 65, NO, 58, NO, 26, NO, 53, NO, 21, NO, 13}},
     {{95, 90, 88, 76, 76, 70, 90, 77, 75, 62, 61, 53, 77, 66, 68, 59, 52, 30},
      {89, 78, 76, 67, 62, 58, 74, 59, 57, 57, 47, 23, 61, 52, 57, 29, 24, 16},
      {NO, 71, NO, 59, NO, 30, NO, 58, NO, 26, NO, 15, NO, 23, NO, 13, NO, 6}}},
    {{{93, 87, 86, 72, 75, 58, 86, 74, 74, 61, 56, 34, 70, 54, 52, 40, 40, 22},
      {85, 75, 74, 55, 62, 51, 72, 57, 55, 41, 46, 19, 53, 36, 34, 19, 19, 8},
      {NO, 64, NO, 51, NO, 20, NO, 47, NO, 21, NO, 11, NO, 24, NO, 9, NO, 4}},
     {{88, 75, 73, 53, 60, 50, 73, 55, 59, 40, 41, 20, 54, 43, 45, 22, 20, 11},
      {75, 55, 58, 45, 40, 21, 61, 51, 48, 18, 20, 9, 46, 18, 17, 7, 8, 2},
      {NO, 53, NO, 24, NO, 14, NO, 24, NO, 12, NO, 5, NO, 10, NO, 3, NO, 1}}},
};

/* A vector with its metrics as levels below the worst value: AV:N is 0, AV:P is 3.  SI and SA have
 * S at 0, so H is 1 there, and in SC, too, as the specification counts. */
struct levels {
    uint8_t of[AR + 1];
};

struct eq {
    int eq1, eq2, eq3, eq4, eq5, eq6;
};

static bool is_x(const struct cvss *c, int metric)
{
    char text[8];
    return !cvss_value(c, v4[metric].name, text) || strcmp(text, "X") == 0;
}

static struct levels levels_of(const struct cvss *c, bool base_only)
{
    struct levels l;
    for (int i = AV; i <= AR; i++) {
        int from = i;
        if (i <= SA && !base_only && !is_x(c, MAV + i))
            from = MAV + i;
        bool given = i <= SA || (!base_only && !is_x(c, i)); /* else the worst is assumed */
        int level = given ? c->value[from] : 0;
        if (i >= SC && i <= SA)
            level = level == 4 ? 0 : level + 1;
        l.of[i] = (uint8_t)level;
    }
    return l;
}

static struct eq eq_of(const struct levels *l)
{
    const uint8_t *v = l->of;
    bool any_best = v[AV] == 0 || v[PR] == 0 || v[UI] == 0;
    bool all_best = v[AV] == 0 && v[PR] == 0 && v[UI] == 0;
    struct eq q = {.eq1 = all_best ? 0 : any_best && v[AV] != 3 ? 1 : 2};
    q.eq2 = !(v[AC] == 0 && v[AT] == 0);
    q.eq3 = v[VC] == 0 && v[VI] == 0 ? 0 : v[VC] == 0 || v[VI] == 0 || v[VA] == 0 ? 1 : 2;
    q.eq4 = v[SI] == 0 || v[SA] == 0 ? 0 : v[SC] == 1 || v[SI] == 1 || v[SA] == 1 ? 1 : 2;
    q.eq5 = v[E];
    q.eq6 =
        !((v[CR] == 0 && v[VC] == 0) || (v[IR] == 0 && v[VI] == 0) || (v[AR] == 0 && v[VA] == 0));
    return q;
}

/* In tenths; negative: no such MacroVector. */
static int macro_score(const struct eq *q)
{
    if (q->eq1 > 2 || q->eq2 > 1 || q->eq3 > 2 || q->eq4 > 2 || q->eq5 > 2 || q->eq6 > 1)
        return -1;
    int score = macro[q->eq1][q->eq2][q->eq3][q->eq4 * 6 + q->eq5 * 2 + q->eq6];
    return score == NO ? -1 : score;
}

/* The worst vectors of each equivalence class, as levels of `metric` (table 25 and following). */
struct worst {
    uint8_t level[6];
};

static int distance(const struct levels *l, const int *metric, size_t count,
                    const struct worst *worst, size_t worst_count)
{
    for (size_t w = 0; w < worst_count; w++) {
        int sum = 0;
        size_t i = 0;
        for (; i < count && l->of[metric[i]] >= worst[w].level[i]; i++)
            sum += l->of[metric[i]] - worst[w].level[i];
        if (i == count)
            return sum;
    }
    return 0;
}

static int distance_1(const struct levels *l, int eq1)
{
    static const int metric[] = {AV, PR, UI};
    static const struct worst w0[] = {{{0, 0, 0}}}, w1[] = {{{1, 0, 0}}, {{0, 1, 0}}, {{0, 0, 1}}},
                              w2[] = {{{3, 0, 0}}, {{1, 1, 1}}};
    return eq1 == 0   ? distance(l, metric, 3, w0, 1)
           : eq1 == 1 ? distance(l, metric, 3, w1, 3)
                      : distance(l, metric, 3, w2, 2);
}

static int distance_2(const struct levels *l, int eq2)
{
    static const int metric[] = {AC, AT};
    static const struct worst w0[] = {{{0, 0}}}, w1[] = {{{1, 0}}, {{0, 1}}};
    return eq2 == 0 ? distance(l, metric, 2, w0, 1) : distance(l, metric, 2, w1, 2);
}

static int distance_36(const struct levels *l, int eq3, int eq6)
{
    static const int metric[] = {VC, VI, VA, CR, IR, AR};
    static const struct worst w00[] = {{{0, 0, 0, 0, 0, 0}}},
                              w01[] = {{{0, 0, 1, 1, 1, 0}}, {{0, 0, 0, 1, 1, 1}}},
                              w10[] = {{{1, 0, 0, 0, 0, 0}}, {{0, 1, 0, 0, 0, 0}}},
                              w11[] = {{{1, 0, 1, 0, 1, 0}},
                                       {{1, 0, 0, 0, 1, 1}},
                                       {{0, 1, 0, 1, 0, 1}},
                                       {{0, 1, 1, 1, 0, 0}},
                                       {{1, 1, 0, 0, 0, 1}}},
                              w21[] = {{{1, 1, 1, 0, 0, 0}}};
    if (eq3 == 0)
        return eq6 == 0 ? distance(l, metric, 6, w00, 1) : distance(l, metric, 6, w01, 2);
    if (eq3 == 1)
        return eq6 == 0 ? distance(l, metric, 6, w10, 2) : distance(l, metric, 6, w11, 5);
    return distance(l, metric, 6, w21, 1);
}

static int distance_4(const struct levels *l, int eq4)
{
    static const int metric[] = {SC, SI, SA};
    static const struct worst w[3] = {{{1, 0, 0}}, {{1, 1, 1}}, {{2, 2, 2}}};
    return distance(l, metric, 3, &w[eq4], 1);
}

/* The MacroVector one step below in EQ3 and EQ6, which belong together. */
static int lower_36(struct eq q)
{
    if (q.eq6 == 0 && q.eq3 == 0) {
        struct eq left = q, right = q;
        left.eq6++;
        right.eq3++;
        int a = macro_score(&left), b = macro_score(&right);
        return a > b ? a : b;
    }
    if (q.eq3 == 1 && q.eq6 == 0)
        q.eq6++;
    else
        q.eq3++;
    return macro_score(&q);
}

static double score_of(const struct levels *l)
{
    static const int depth1[] = {1, 4, 5}, depth2[] = {1, 2}, depth4[] = {6, 5, 4};
    static const int depth36[3][2] = {{7, 6}, {8, 8}, {10, 10}};
    const uint8_t *v = l->of;
    if (v[VC] == 2 && v[VI] == 2 && v[VA] == 2 && v[SC] == 3 && v[SI] == 3 && v[SA] == 3)
        return 0;
    struct eq q = eq_of(l), q1 = q, q2 = q, q4 = q, q5 = q;
    q1.eq1++, q2.eq2++, q4.eq4++, q5.eq5++;
    int value = macro_score(&q);
    const struct {
        int lower, distance, depth;
    } way[] = {
        {macro_score(&q1), distance_1(l, q.eq1), depth1[q.eq1]},
        {macro_score(&q2), distance_2(l, q.eq2), depth2[q.eq2]},
        {lower_36(q), distance_36(l, q.eq3, q.eq6), depth36[q.eq3][q.eq6]},
        {macro_score(&q4), distance_4(l, q.eq4), depth4[q.eq4]},
        {macro_score(&q5), 0, 1}, /* EQ5 has one vector a level: no way down inside it */
    };
    double sum = 0;
    int ways = 0;
    for (size_t i = 0; i < ARRAY_COUNT(way); i++)
        if (way[i].lower >= 0) {
            sum += (double)(value - way[i].lower) * way[i].distance / way[i].depth;
            ways++;
        }
    double score = value - (ways ? sum / ways : 0);
    return fmax(0, fmin(100, floor(score + 0.5 + 1e-6))) / 10;
}

void cvss_score_4(struct cvss *c)
{
    struct levels base = levels_of(c, true), all = levels_of(c, false);
    c->base = score_of(&base);
    c->score = score_of(&all);
}
