/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket advisory subscribe: one mail to a list manager, printed or sent. */
#include <errno.h>
#include <stdio.h>

#include "cmd/cmd_advisory.h"
#include "cmd/command.h"
#include "core/base/clock.h"
#include "tool/advisory/receive.h"

static enum subscribe_verb verb_of(const struct advisory_cli *cli)
{
    return cli->token         ? SUBSCRIBE_CONFIRM
           : cli->off         ? SUBSCRIBE_OFF
           : cli->new_address ? SUBSCRIBE_SET_ADDRESS
           : cli->new_pin     ? SUBSCRIBE_SET_PIN
           : cli->list_help   ? SUBSCRIBE_HELP
                              : SUBSCRIBE_ON;
}

static int print_mail(struct arena *arena, const struct subscribe_request *r, struct err *e)
{
    struct subscribe_mail mail;
    struct str text = str_of(0);
    if (subscribe_compose(arena, r, &mail, e) < 0)
        return e->code;
    subscribe_print(&mail, (int64_t)(clock_wall_ns(&clock_system) / NS_PER_S), &text);
    fputs(str_text(&text), stdout);
    str_done(&text);
    return 0;
}

static int send_mail(const struct advisory_cli *cli, struct arena *arena,
                     const struct subscribe_request *r, struct err *e)
{
    struct mail_server smtp;
    struct receive_options o = {
        .subscriptions = cli->subscriptions, .smtp = &smtp, .clock = &clock_system};
    if (!cli->smtp || !cli->subscriptions)
        return err_set(e, -EINVAL, "--smtp and --subscriptions are needed, or --print");
    int rc = advisory_mail_server(cli, cli->smtp, arena, &smtp, e);
    return rc < 0 ? rc : receive_ask(&o, r, e);
}

static int compose(const struct advisory_cli *cli, struct arena *arena, struct err *e)
{
    struct subscribe_request r = {.manager = cli->manager,
                                  .address = cli->address,
                                  .list = cli->list,
                                  .from = cli->from,
                                  .name = cli->name,
                                  .phone = cli->phone,
                                  .pin = cli->pin,
                                  .new_address = cli->new_address,
                                  .new_pin = cli->new_pin,
                                  .token = cli->token,
                                  .verb = verb_of(cli)};
    return cli->print ? print_mail(arena, &r, e) : send_mail(cli, arena, &r, e);
}

int advisory_subscribe(const struct advisory_cli *cli, const struct text_list *words)
{
    struct arena arena = {0};
    struct err e = {0};
    int status = EXIT_DONE;
    if (words->count) {
        command_complain("advisory", "subscribe takes no words, but \"%s\"", words->text[0]);
        return EXIT_USAGE;
    }
    if (compose(cli, &arena, &e) < 0) {
        command_complain("advisory", "subscribe: %s", e.text);
        status = command_status_of(e.code);
    }
    arena_done(&arena);
    return status;
}
