/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket advisory vercmp and cvss: the two arithmetics for scripts. */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd_advisory.h"
#include "cmd/command.h"
#include "core/text/cvss.h"
#include "core/text/json.h"
#include "core/text/version.h"
#include "sys/io/file.h"

enum { BATCH_MAX = 256 << 20 };

/* Calls fn for each line of standard input, which it may change.  0 or a negative errno value. */
static int each_line(void (*fn)(void *ctx, char *line), void *ctx)
{
    struct str text = str_of(BATCH_MAX);
    struct err e = {0};
    int rc = file_read("-", &text, &e);
    if (rc < 0)
        command_complain("advisory", "%s", e.text);
    for (char *line = text.text, *end; rc == 0 && line && *line; line = end) {
        end = line + strcspn(line, "\n");
        if (*end)
            *end++ = '\0';
        fn(ctx, line);
    }
    str_done(&text);
    return rc;
}

static void print_order(const struct version_scheme *scheme, const char *a, const char *b)
{
    int order = scheme->compare(a, b);
    puts(order < 0 ? "<" : order > 0 ? ">" : "=");
}

static void compare_line(void *ctx, char *line)
{
    char *tab = strchr(line, '\t');
    if (tab)
        *tab++ = '\0';
    print_order(ctx, line, tab ? tab : "");
}

int advisory_vercmp(const struct advisory_cli *cli, const struct text_list *words)
{
    const struct version_scheme *scheme =
        cli->ecosystem ? version_scheme_find(cli->ecosystem) : NULL;
    if (cli->ecosystem && !scheme)
        scheme = version_scheme_of_ecosystem(cli->ecosystem);
    if (!scheme) {
        command_complain("advisory", "vercmp: --ecosystem %s is not known; --help lists them",
                         cli->ecosystem ? cli->ecosystem : "is missing or");
        return EXIT_USAGE;
    }
    if (words->count != (cli->batch ? 0u : 2u)) {
        command_complain("advisory", "vercmp: %s",
                         cli->batch ? "--batch takes no words" : "two versions are needed");
        return EXIT_USAGE;
    }
    if (!cli->batch)
        print_order(scheme, words->text[0], words->text[1]);
    else if (each_line(compare_line, (void *)scheme) < 0)
        return EXIT_ENVIRONMENT;
    return EXIT_DONE;
}

static void put_score(struct json_out *j, const char *key, double score)
{
    if (score < 0)
        json_null(j, key);
    else
        json_double(j, key, score, 1);
}

static void print_score(const struct cvss *c)
{
    struct str text = str_of(0);
    struct json_out j = json_out_of(&text);
    json_object(&j, NULL);
    json_text(&j, "version", cvss_version_name(c->version));
    json_double(&j, "score", c->score, 1);
    json_text(&j, "severity", cvss_severity(c->version, c->score));
    json_double(&j, "base", c->base, 1);
    if (c->version != CVSS_40) {
        put_score(&j, "temporal", c->temporal);
        put_score(&j, "environmental", c->environmental);
    }
    json_end(&j);
    puts(str_text(&text));
    str_done(&text);
}

static bool score(const char *vector)
{
    struct cvss c;
    struct err e = {0};
    if (cvss_parse(&c, vector, &e) < 0) {
        command_complain("advisory", "cvss: \"%s\": %s", vector, e.text);
        return false;
    }
    print_score(&c);
    return true;
}

static void score_line(void *ctx, char *line)
{
    bool *failed = ctx;
    if (!score(line)) {
        *failed = true;
        puts("{}"); /* so that answers and lines stay side by side */
    }
}

int advisory_cvss(const struct advisory_cli *cli, const struct text_list *words)
{
    bool failed = false;
    if (words->count != (cli->batch ? 0u : 1u)) {
        command_complain("advisory", "cvss: %s",
                         cli->batch ? "--batch takes no words" : "one vector is needed");
        return EXIT_USAGE;
    }
    if (!cli->batch)
        failed = !score(words->text[0]);
    else if (each_line(score_line, &failed) < 0)
        return EXIT_ENVIRONMENT;
    return failed ? EXIT_FAILED : EXIT_DONE;
}
