/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan as JSON and as text. */
#include "core/text/json.h"
#include "tool/patch/plan.h"

static void put_steps(struct json_out *j, const char *key, const struct patch_step *step,
                      size_t count)
{
    json_array(j, key);
    for (size_t i = 0; i < count; i++) {
        json_object(j, NULL);
        json_text(j, "package", step[i].package);
        if (step[i].from)
            json_text(j, "from", step[i].from);
        if (step[i].to)
            json_text(j, "to", step[i].to);
        if (step[i].origin)
            json_text(j, "origin", step[i].origin);
        json_array(j, "advisories");
        for (size_t a = 0; a < step[i].advisories.count; a++)
            json_text(j, NULL, step[i].advisories.text[a]);
        json_end(j);
        json_end(j);
    }
    json_end(j);
}

void patch_plan_to_json(const struct patch_plan *plan, struct str *out)
{
    struct json_out j = json_out_of(out);
    json_object(&j, NULL);
    put_steps(&j, "upgrades", plan->upgrades.item, plan->upgrades.count);
    put_steps(&j, "new", plan->added.item, plan->added.count);
    put_steps(&j, "removals", plan->removals.item, plan->removals.count);
    json_array(&j, "kept");
    for (size_t i = 0; i < plan->kept.count; i++) {
        json_object(&j, NULL);
        json_text(&j, "package", plan->kept.item[i].package);
        json_text(&j, "why", plan->kept.item[i].why);
        json_end(&j);
    }
    json_end(&j);
    json_array(&j, "problems");
    for (size_t i = 0; i < plan->problems.count; i++)
        json_text(&j, NULL, plan->problems.item[i]);
    json_end(&j);
    json_end(&j);
}

static void add_steps(struct str *out, const char *head, const struct patch_step *step,
                      size_t count)
{
    if (count)
        str_addf(out, "%s\n", head);
    for (size_t i = 0; i < count; i++) {
        str_addf(out, "  %-28s %s%s%s", step[i].package, step[i].from ? step[i].from : "",
                 step[i].from && step[i].to ? " -> " : "", step[i].to ? step[i].to : "");
        for (size_t a = 0; a < step[i].advisories.count; a++)
            str_addf(out, "%s%s", a ? " " : "  closes ", step[i].advisories.text[a]);
        str_add_char(out, '\n');
    }
}

void patch_plan_to_text(const struct patch_plan *plan, struct str *out)
{
    for (size_t i = 0; i < plan->problems.count; i++)
        str_addf(out, "Problem: %s\n", plan->problems.item[i]);
    add_steps(out, "To be upgraded:", plan->upgrades.item, plan->upgrades.count);
    add_steps(out, "To be added:", plan->added.item, plan->added.count);
    add_steps(out, "To be removed:", plan->removals.item, plan->removals.count);
    if (plan->kept.count)
        str_add(out, "Kept as they are:\n");
    for (size_t i = 0; i < plan->kept.count; i++)
        str_addf(out, "  %-28s %s\n", plan->kept.item[i].package, plan->kept.item[i].why);
    if (!plan->upgrades.count && !plan->added.count)
        str_add(out, "Nothing to do: no security fix is waiting.\n");
}
