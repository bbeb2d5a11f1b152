/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket ban list, why, export, add, lift: the one ban table of the machine, seen through the
 * keeper. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd_ban.h"
#include "cmd/privileged.h"
#include "core/base/clock.h"
#include "core/text/json.h"
#include "hub/respond/respond.h"

struct list_cli {
    bool help, json;
    const char *format, *source, *why;
    int64_t duration_ns;
};

#define FIELD(name) offsetof(struct list_cli, name)

static const struct option list_rows[] = {
    {NULL, "json", OPTION_SET, NULL, FIELD(json), .help = "one JSON object a ban"},
    {NULL, "source", OPTION_TEXT, "NAME", FIELD(source), .help = "only bans of this source"},
    {"h", "help", OPTION_SET, NULL, FIELD(help), .help = "print this"},
};
static const struct option why_rows[] = {
    {NULL, "json", OPTION_SET, NULL, FIELD(json), .help = "one JSON object a ban"},
    {"h", "help", OPTION_SET, NULL, FIELD(help), .help = "print this"},
};
static const struct option export_rows[] = {
    {NULL, "format", OPTION_TEXT, "FORM", FIELD(format),
     .help = "plain, json, nft, ipset or hosts.deny"},
    {"h", "help", OPTION_SET, NULL, FIELD(help), .help = "print this"},
};
static const struct option add_rows[] = {
    {NULL, "for", OPTION_DURATION, "TIME", FIELD(duration_ns),
     .help = "how long (10m, 1h, 2d); without it: for good"},
    {NULL, "why", OPTION_TEXT, "TEXT", FIELD(why), .help = "what the list shows"},
    {"h", "help", OPTION_SET, NULL, FIELD(help), .help = "print this"},
};
static const struct option lift_rows[] = {
    {NULL, "source", OPTION_TEXT, "NAME", FIELD(source), .help = "only the ban of this source"},
    {"h", "help", OPTION_SET, NULL, FIELD(help), .help = "print this"},
};

#define TABLE(name, words, text, rows)                                                             \
    static const struct option_group name##_groups[] = {{"Options", rows, ARRAY_COUNT(rows)}};     \
    static const struct option_table name##_table = {.command = "ban " #name,                      \
                                                     .synopsis = words,                            \
                                                     .summary = text,                              \
                                                     .group = name##_groups,                       \
                                                     .group_count = 1}

TABLE(list, "[OPTION...]", "who is banned, by whom, until when", list_rows);
TABLE(why, "[OPTION...] ADDRESS", "why an address is banned", why_rows);
TABLE(export, "[OPTION...]", "the banned addresses, for other programs", export_rows);
TABLE(add, "[OPTION...] ADDRESS[/LEN]", "ban an address or network", add_rows);
TABLE(lift, "[OPTION...] ADDRESS[/LEN]", "take a ban back", lift_rows);

/* What is done with each row. */
struct view {
    const struct list_cli *cli;
    const struct addr *about; /* NULL: all */
    size_t shown;
};

static struct cidr who_of(const struct ban_row *row)
{
    return ban_request_who(row->family, row->prefix_len, row->addr);
}

/* An address where the prefix is one. */
static const char *who_text(const struct cidr *who, char text[CIDR_TEXT_MAX])
{
    return who->prefix_len == addr_bits(&who->base) ? addr_format(&who->base, text)
                                                    : cidr_format(who, text);
}

static void time_text(uint64_t wall_s, char text[32])
{
    if (!wall_s) {
        snprintf(text, 32, "for good");
        return;
    }
    struct civil c = clock_civil(wall_s * NS_PER_S);
    snprintf(text, 32, "%04d-%02u-%02u %02u:%02u:%02u", c.year, c.month, c.day, c.hour, c.minute,
             c.second);
}

static void print_json(const struct ban_row *row)
{
    struct str line = str_of(0);
    struct json_out j = json_out_of(&line);
    struct cidr who = who_of(row);
    char text[CIDR_TEXT_MAX];
    json_object(&j, NULL);
    json_text(&j, "who", who_text(&who, text));
    json_text(&j, "source", row->source);
    json_text(&j, "why", row->why);
    json_u64(&j, "since", row->since_wall_s);
    if (row->until_wall_s)
        json_u64(&j, "until", row->until_wall_s);
    else
        json_null(&j, "until");
    json_u64(&j, "count", row->count);
    json_text(&j, "strength", strength_name(row->strength));
    json_u64(&j, "event", row->event_id);
    json_end(&j);
    puts(str_text(&line));
    str_done(&line);
}

static void print_row(const struct ban_row *row)
{
    char who[CIDR_TEXT_MAX], since[32], until[32];
    struct cidr net = who_of(row);
    time_text(row->since_wall_s, since);
    time_text(row->until_wall_s, until);
    printf("%-22s %-14s %-19s %-19s %s\n", who_text(&net, who), row->source, since, until,
           row->why);
}

static bool show_row(void *ctx, const struct ban_row *row)
{
    struct view *v = ctx;
    struct cidr who = who_of(row);
    if (v->cli->source && strcmp(v->cli->source, row->source) != 0)
        return true;
    if (v->about && !cidr_contains(&who, v->about))
        return true;
    if (!v->cli->json && v->shown == 0)
        printf("%-22s %-14s %-19s %-19s %s\n", "WHO", "SOURCE", "SINCE (UTC)", "UNTIL (UTC)",
               "WHY");
    v->shown++;
    if (v->cli->json)
        print_json(row);
    else
        print_row(row);
    return true;
}

static void print_export(const char *format, const struct ban_row *row)
{
    char text[CIDR_TEXT_MAX];
    struct cidr who = who_of(row);
    bool is6 = who.base.family == ADDR_IP6;
    const char *name = who_text(&who, text);
    uint64_t now_s = clock_wall_ns(&clock_system) / NS_PER_S;
    uint64_t left_s = row->until_wall_s > now_s ? row->until_wall_s - now_s : 0;
    if (strcmp(format, "nft") == 0) {
        printf("add element inet filter banned%c { %s", is6 ? '6' : '4', name);
        if (left_s)
            printf(" timeout %llus", (unsigned long long)left_s);
        puts(" }");
    } else if (strcmp(format, "ipset") == 0) {
        printf("add banned%c %s timeout %llu -exist\n", is6 ? '6' : '4', name,
               (unsigned long long)left_s);
    } else if (strcmp(format, "hosts.deny") == 0) {
        char bare[ADDR_TEXT_MAX];
        if (is6)
            printf("ALL: [%s]/%u\n", addr_format(&who.base, bare), who.prefix_len);
        else
            printf("ALL: %s\n", name);
    } else {
        puts(name);
    }
}

static bool export_row(void *ctx, const struct ban_row *row)
{
    struct view *v = ctx;
    if (v->cli->format && strcmp(v->cli->format, "json") == 0)
        print_json(row);
    else
        print_export(v->cli->format ? v->cli->format : "plain", row);
    return true;
}

static int fail(const char *command, const struct err *e)
{
    command_complain(command, "%s", e->text);
    return e->code == -EINVAL ? EXIT_USAGE : e->code == -ENOENT ? EXIT_FAILED : EXIT_ENVIRONMENT;
}

static bool is_export_format(const char *format)
{
    static const char *const formats[] = {"plain", "json", "nft", "ipset", "hosts.deny"};
    for (size_t i = 0; i < ARRAY_COUNT(formats); i++)
        if (strcmp(formats[i], format) == 0)
            return true;
    return false;
}

/* Ask for all rows and show them. */
static int show(const char *command, respond_row_fn *fn, struct view *v)
{
    struct respond *r;
    struct err e = {0};
    respond_open(&r, privileged_connect, NULL);
    int rc = respond_list(r, fn, v, &e);
    respond_close(r);
    return rc < 0 ? fail(command, &e) : EXIT_DONE;
}

static int run_list(int argc, char **argv)
{
    struct list_cli cli = {0};
    struct text_list words = {0};
    struct view v = {.cli = &cli};
    int status;
    if (!ban_cli_parse(&list_table, argc, argv, &cli, &cli.help, &words, EXIT_USAGE, &status))
        status = show("ban list", show_row, &v);
    text_list_done(&words);
    return status;
}

static int run_export(int argc, char **argv)
{
    struct list_cli cli = {0};
    struct text_list words = {0};
    struct view v = {.cli = &cli};
    int status;
    if (!ban_cli_parse(&export_table, argc, argv, &cli, &cli.help, &words, EXIT_USAGE, &status)) {
        if (cli.format && !is_export_format(cli.format)) {
            command_complain("ban export", "\"%s\" is none of plain, json, nft, ipset, hosts.deny",
                             cli.format);
            status = EXIT_USAGE;
        } else {
            status = show("ban export", export_row, &v);
        }
    }
    text_list_done(&words);
    return status;
}

static int why(const struct list_cli *cli, const struct text_list *words)
{
    struct addr about;
    struct err e = {0};
    if (words->count != 1) {
        command_complain("ban why", "give one address");
        return EXIT_USAGE;
    }
    if (addr_parse(&about, words->text[0], &e) < 0)
        return fail("ban why", &e);
    about = addr_unmap(&about);
    struct view v = {.cli = cli, .about = &about};
    int status = show("ban why", show_row, &v);
    if (status == EXIT_DONE && !v.shown) {
        command_complain("ban why", "%s is not banned", words->text[0]);
        status = EXIT_FAILED;
    }
    return status;
}

static int run_why(int argc, char **argv)
{
    struct list_cli cli = {0};
    struct text_list words = {0};
    int status;
    if (!ban_cli_parse(&why_table, argc, argv, &cli, &cli.help, &words, EXIT_USAGE, &status))
        status = why(&cli, &words);
    text_list_done(&words);
    return status;
}

/* add and lift: one address or network. */
static int change(const char *command, const struct list_cli *cli, const struct text_list *words,
                  bool add)
{
    struct cidr who;
    struct err e = {0};
    if (words->count != 1) {
        command_complain(command, "give one address or network");
        return EXIT_USAGE;
    }
    if (cidr_parse(&who, words->text[0], &e) < 0)
        return fail(command, &e);
    struct respond *r;
    respond_open(&r, privileged_connect, NULL);
    struct respond_wish wish = {.who = who,
                                .duration_s = (uint32_t)(cli->duration_ns / (int64_t)NS_PER_S),
                                .strength = STRENGTH_HELD,
                                .source = "user",
                                .why = cli->why ? cli->why : "by hand"};
    int rc =
        add ? respond_ban(r, &wish, &e) : respond_lift(r, &who, cli->source ? cli->source : "", &e);
    respond_close(r);
    return rc < 0 ? fail(command, &e) : EXIT_DONE;
}

static int run_add(int argc, char **argv)
{
    struct list_cli cli = {0};
    struct text_list words = {0};
    int status;
    if (!ban_cli_parse(&add_table, argc, argv, &cli, &cli.help, &words, EXIT_USAGE, &status))
        status = change("ban add", &cli, &words, true);
    text_list_done(&words);
    return status;
}

static int run_lift(int argc, char **argv)
{
    struct list_cli cli = {0};
    struct text_list words = {0};
    int status;
    if (!ban_cli_parse(&lift_table, argc, argv, &cli, &cli.help, &words, EXIT_USAGE, &status))
        status = change("ban lift", &cli, &words, false);
    text_list_done(&words);
    return status;
}

const struct ban_subcommand ban_list_command = {"list", &list_table, run_list};
const struct ban_subcommand ban_why_command = {"why", &why_table, run_why};
const struct ban_subcommand ban_export_command = {"export", &export_table, run_export};
const struct ban_subcommand ban_add_command = {"add", &add_table, run_add};
const struct ban_subcommand ban_lift_command = {"lift", &lift_table, run_lift};
