/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket ids: options, configuration and rules; the work is tool/ids. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/ids_cli.h"
#include "cmd/ids_run.h"
#include "tool/ids/conf/ids_conf.h"

static void tell_fault(void *ctx, const char *file, unsigned line, const char *text)
{
    (void)ctx;
    (void)line;
    command_complain("ids", "%s: %s", file, text);
}

static int with_conf(const struct ids_cli *cli)
{
    struct ids_conf conf = {0};
    struct ids_conf_spec spec = {.yaml = cli->yaml,
                                 .snort = cli->snort_conf,
                                 .set = cli->set,
                                 .define = cli->define,
                                 .rules = cli->rules,
                                 .fault = tell_fault};
    struct err e = {0};
    int status = EXIT_DONE;
    if (ids_conf_read(&conf, &spec, &e) < 0) {
        command_complain("ids", "%s", e.text);
        status = EXIT_FAILED;
    } else if (conf.rules.failed > 0 && (cli->test || cli->fatal)) {
        status = EXIT_FAILED;
    }
    if (cli->test || (!cli->quiet && conf.rules.loaded + conf.rules.failed > 0))
        printf("%zu rules loaded, %zu failed\n", conf.rules.loaded, conf.rules.failed);
    if (status == EXIT_DONE && !cli->test)
        status = ids_run(cli, &conf);
    ids_conf_done(&conf);
    return status;
}

static int run(int argc, char **argv)
{
    struct ids_cli cli = {0};
    struct text_list words = {0};
    struct err e = {0};
    int status = EXIT_DONE;
    if (option_parse(&ids_cli_table, argc, argv, &cli, &words, &e) < 0) {
        command_complain("ids", "%s", e.text);
        status = EXIT_USAGE;
    } else if (cli.help) {
        struct str text = str_of(0);
        option_help(&ids_cli_table, &text);
        fputs(str_text(&text), stdout);
        str_done(&text);
    } else if (cli.version) {
        printf("picket %s\n", PICKET_VERSION);
    } else if (words.count > 0) {
        command_complain("ids", "\"%s\": filters are not known here", words.text[0]);
        status = EXIT_USAGE;
    } else if (!cli.test && !cli.capture == !cli.interface) {
        command_complain("ids", "%s", cli.capture ? "-r and -i: one of them" : "no -r and no -i");
        status = EXIT_USAGE;
    } else {
        status = with_conf(&cli);
    }
    text_list_done(&words);
    text_list_done(&cli.rules);
    text_list_done(&cli.set);
    text_list_done(&cli.define);
    return status;
}

const struct command command_ids = {
    .name = "ids",
    .beside = "snort",
    .summary = "watch the network: show packets, log them, or try rules on them",
    .options = &ids_cli_table,
    .run = run,
};
