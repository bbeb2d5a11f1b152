/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/scan_script.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/command.h"
#include "core/base/str.h"
#include "core/base/text_list.h"

#define NMAP_FOLDER "/usr/share/nmap"

/* "default,http-*": expressions have no commas (nmap(1), --script). */
static void cut_choice(const char *text, struct arena *arena, struct script_options *out)
{
    struct text_list list = {0};
    for (const char *at = text; at && *at;) {
        size_t len = strcspn(at, ",");
        if (len)
            text_list_add(&list, arena_copy(arena, at, len));
        at += len + (at[len] == ',');
    }
    if (list.count)
        out->choice = (const char *const *)(const void *)arena_copy(arena, list.text,
                                                                    list.count * sizeof *list.text);
    out->choice_count = list.count;
    text_list_done(&list);
}

/* -A asks for what there is. */
static bool is_installed(const char *folder)
{
    struct str path = str_of(0);
    str_addf(&path, "%s/nse_main.lua", folder);
    bool installed = access(str_text(&path), R_OK) == 0;
    str_done(&path);
    return installed;
}

bool scan_script_choose(const struct scan_cli *cli, const struct scan_options *options,
                        struct arena *arena, struct script_options *out)
{
    bool versions = cli->versions || cli->aggressive;
    *out = (struct script_options){
        .folder = cli->data_folder ? cli->data_folder : NMAP_FOLDER,
        .args = cli->script_args,
        .args_file = cli->script_args_file,
        .by_default = cli->script_default,
        .timeout_s = cli->script_timeout_ns > 0 ? (uint64_t)cli->script_timeout_ns / NS_PER_S : 0,
        .verbosity = cli->verbosity,
        .debugging = cli->debugging,
        .timing_level = cli->level,
        .intensity = options->intensity,
        .family = options->family,
        .privileged = options->frames,
        .interface = cli->interface,
        .dns_servers = cli->dns_servers,
        .source = options->source,
    };
    cut_choice(cli->scripts, arena, out);
    out->by_default |= cli->aggressive && !out->choice_count && is_installed(out->folder);
    out->versions = versions && (out->choice_count || out->by_default);
    return out->choice_count || out->by_default;
}

static void print_text(void *ctx, const char *text)
{
    (void)ctx;
    fputs(text, stdout);
}

int scan_script_help(const struct scan_cli *cli)
{
    struct arena arena = {0};
    struct loop *loop = NULL;
    struct script_options options;
    struct script_engine *engine = NULL;
    struct script_setup setup = {.clock = &clock_system, .log = print_text};
    struct scan_options none = {0};
    struct err e = {0};
    (void)scan_script_choose(cli, &none, &arena, &options);
    cut_choice(cli->script_help, &arena, &options);
    options.help = true;
    int rc = loop_open(&loop, &clock_system, &e);
    setup.loop = loop;
    if (rc == 0)
        rc = script_engine_open(&engine, &options, &setup, &e);
    if (rc < 0)
        command_complain("scan", "%s", e.text);
    else
        script_engine_close(engine);
    if (loop)
        loop_close(loop);
    arena_done(&arena);
    return rc < 0 ? command_status_of(rc) : EXIT_DONE;
}
