/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picket advisory: the option table and the verbs.  What a verb does is in cmd_advisory_*.c. */
#include "cmd/cmd_advisory.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "core/text/version.h"
#include "tool/advisory/feed.h"

static const struct {
    const char *name, *doc;
    advisory_verb_fn *run;
} verbs[] = {
    {"sources", "who tells of flaws, who did, and who does so instead", advisory_sources},
    {"validate", "hold a CSAF document against its standard", advisory_validate},
    {"subscribe", "join or leave an advisory list by mail", advisory_subscribe},
    {"vercmp", "compare two versions: <, = or >", advisory_vercmp},
    {"fetch", "fetch addresses of advisories", advisory_fetch},
    {"receive", "read mail: answers of list managers, and bulletins", advisory_receive},
    {"watch", "fetch and receive again and again, and tell what is new", advisory_watch},
    {"import", "read files, Maildirs and folders of advisories", advisory_import},
    {"list", "list what the store holds", advisory_list},
    {"show", "all that is known of one advisory or CVE", advisory_show_verb},
    {"match", "hold what is installed against a tracker", advisory_match},
    {"cvss", "the scores of a CVSS vector", advisory_cvss},
};

#define FIELD(name) offsetof(struct advisory_cli, name)
#define ROWS(rows)  rows, ARRAY_COUNT(rows)

static const struct option general[] = {
    {NULL, "db", OPTION_TEXT, "FILE", FIELD(db), .help = "the file that advisories are kept in"},
    {NULL, "json", OPTION_SET, NULL, FIELD(json), .help = "print JSON lines"},
    {"h", "help", OPTION_SET, NULL, FIELD(help), .help = "print this"},
};

static const struct option import[] = {
    {NULL, "format", OPTION_TEXT, "NAME", FIELD(format),
     .help = "what the files are (below); auto: see by what is in them"},
    {NULL, "http-header", OPTION_LIST, "LINE", FIELD(http_headers),
     .help = "a header that came with the feed: 'Content-Type: text/xml'"},
    {NULL, "base-url", OPTION_TEXT, "URL", FIELD(base_url),
     .help = "where the feed came from; its relative links start there"},
};

static const struct option fetching[] = {
    {NULL, "mirror", OPTION_TEXT, "DIR", FIELD(mirror),
     .help = "keep what is fetched there (else FILE.mirror)"},
    {NULL, "ca", OPTION_TEXT, "FILE", FIELD(ca),
     .help = "trust these certificates (PEM), not the system's"},
    {NULL, "keyring", OPTION_TEXT, "FILE", FIELD(keyring),
     .help = "OpenPGP keys of the CSAF provider (else its own, pinned the first time)"},
};

static const struct option match[] = {
    {NULL, "root", OPTION_TEXT, "DIR", FIELD(root), .help = "the system below this folder"},
    {NULL, "status", OPTION_TEXT, "FILE", FIELD(status), .help = "this dpkg status file alone"},
    {NULL, "inventory", OPTION_TEXT, "PATH", FIELD(inventory),
     .help = "this lock file or bill of materials, or all below this folder"},
    {NULL, "tracker", OPTION_TEXT, "FILE", FIELD(tracker),
     .help = "the JSON of Debian's security tracker"},
    {NULL, "suite", OPTION_TEXT, "NAME", FIELD(suite),
     .help = "the suite it runs (bookworm); else as os-release tells"},
};

static const struct option subscribing[] = {
    {NULL, "manager", OPTION_TEXT, "NAME", FIELD(manager),
     .help = "what runs the list: listproc, majordomo, mailman or ezmlm"},
    {NULL, "address", OPTION_TEXT, "ADDRESS", FIELD(address),
     .help = "its address (mailman, ezmlm: the list's)"},
    {NULL, "list", OPTION_TEXT, "NAME", FIELD(list), .help = "the list"},
    {NULL, "from", OPTION_TEXT, "ADDRESS", FIELD(from), .help = "your own address"},
    {NULL, "name", OPTION_TEXT, "NAME", FIELD(name), .help = "your name: Last, First (listproc)"},
    {NULL, "phone", OPTION_TEXT, "NUMBER", FIELD(phone), .help = "your telephone (listproc)"},
    {NULL, "off", OPTION_SET, NULL, FIELD(off), .help = "leave the list"},
    {NULL, "pin", OPTION_TEXT, "PIN", FIELD(pin), .help = "the PIN that the manager gave"},
    {NULL, "set-address", OPTION_TEXT, "ADDRESS", FIELD(new_address),
     .help = "have the list sent there (listproc; needs --pin)"},
    {NULL, "set-pin", OPTION_TEXT, "PIN", FIELD(new_pin),
     .help = "change the PIN (listproc; needs --pin)"},
    {NULL, "token", OPTION_TEXT, "TOKEN", FIELD(token),
     .help = "confirm with what the manager sent"},
    {NULL, "list-help", OPTION_SET, NULL, FIELD(list_help), .help = "ask the manager for its help"},
    {NULL, "print", OPTION_SET, NULL, FIELD(print), .help = "print the mail, send nothing"},
};

static const struct option mailing[] = {
    {NULL, "smtp", OPTION_TEXT, "URL", FIELD(smtp),
     .help = "the server that sends mail: smtp://mail.example:587"},
    {NULL, "imap", OPTION_TEXT, "URL", FIELD(imap),
     .help = "the mailbox that is read: imaps://mail.example/INBOX"},
    {NULL, "login", OPTION_TEXT, "FILE", FIELD(login),
     .help = "user and password for them, a line each; mode 0600"},
    {NULL, "maildir", OPTION_TEXT, "DIR", FIELD(maildir), .help = "the Maildir that is read"},
    {NULL, "subscriptions", OPTION_TEXT, "FILE", FIELD(subscriptions),
     .help = "what was asked for, with the PINs; kept 0600"},
};

static const struct option watching[] = {
    {NULL, "tell", OPTION_LIST, "TARGET", FIELD(tell),
     .help = "mail:ADDRESS, webhook:URL, syslog:, atom:FILE or desktop:; may be given again"},
    {NULL, "every", OPTION_DURATION, "SPAN", FIELD(every), .help = "ask that often (1h)"},
    {NULL, "once", OPTION_SET, NULL, FIELD(once), .help = "one round, for cron"},
    {NULL, "all", OPTION_SET, NULL, FIELD(all), .help = "tell all, not what is installed here"},
    {NULL, "quiet", OPTION_TEXT, "HH:MM-HH:MM", FIELD(quiet),
     .help = "tell nothing but critical ones in these hours (UTC); the rest later"},
    {NULL, "secret", OPTION_TEXT, "FILE", FIELD(secret),
     .help = "sign webhooks with the text of this file"},
    {NULL, "queue", OPTION_TEXT, "FILE", FIELD(queue),
     .help = "what was told and what waits (else that of --db with .alerts behind)"},
};

static const struct option compare[] = {
    {NULL, "ecosystem", OPTION_TEXT, "NAME", FIELD(ecosystem),
     .help = "whose order of versions (below)"},
    {NULL, "batch", OPTION_SET, NULL, FIELD(batch),
     .help = "one answer for each line of standard input"},
};

static const struct option_group groups[] = {
    {"Importing", ROWS(import)},
    {"Fetching", ROWS(fetching)},
    {"Matching", ROWS(match)},
    {"Subscribing", ROWS(subscribing)},
    {"Mail", ROWS(mailing)},
    {"Watching", ROWS(watching)},
    {"Comparing and scoring", ROWS(compare)},
    {"Other", ROWS(general)},
};

static const struct option_table table = {
    .command = "advisory",
    .synopsis = "VERB [OPTION...] [WORD...]",
    .summary = "security advisories: which concern this machine, and what fixes them",
    .group = groups,
    .group_count = ARRAY_COUNT(groups),
};

static void print_help(void)
{
    struct str text = str_of(0);
    option_help(&table, &text);
    str_add(&text, "\nVerbs:\n");
    for (size_t i = 0; i < ARRAY_COUNT(verbs); i++)
        str_addf(&text, "  %-10s %s\n", verbs[i].name, verbs[i].doc);
    str_add(&text, "\nFormats:\n");
    for (size_t i = 0; advisory_feeds[i]; i++)
        str_addf(&text, "  %-14s %s\n", advisory_feeds[i]->name, advisory_feeds[i]->doc);
    str_add(&text, "\nOrders of versions:\n");
    for (size_t i = 0; version_schemes[i]; i++)
        str_addf(&text, "  %-10s %s\n", version_schemes[i]->name, version_schemes[i]->doc);
    fputs(str_text(&text), stdout);
    str_done(&text);
}

static int run_verb(const struct advisory_cli *cli, struct text_list *words)
{
    if (words->count == 0) {
        command_complain("advisory", "a verb is missing; --help lists them");
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < ARRAY_COUNT(verbs); i++)
        if (strcmp(verbs[i].name, words->text[0]) == 0) {
            struct text_list rest = {.text = words->text + 1, .count = words->count - 1};
            return verbs[i].run(cli, &rest);
        }
    command_complain("advisory", "no verb \"%s\"; --help lists them", words->text[0]);
    return EXIT_USAGE;
}

static int run(int argc, char **argv)
{
    struct advisory_cli cli = {0};
    struct text_list words = {0};
    struct err e = {0};
    int status = EXIT_DONE;
    if (option_parse(&table, argc, argv, &cli, &words, &e) < 0) {
        command_complain("advisory", "%s", e.text);
        status = EXIT_USAGE;
    } else if (cli.help) {
        print_help();
    } else {
        status = run_verb(&cli, &words);
    }
    text_list_done(&words);
    text_list_done(&cli.http_headers);
    text_list_done(&cli.tell);
    return status;
}

const struct command command_advisory = {
    .name = "advisory",
    .beside = "debsecan, osv-scanner",
    .summary = "security advisories that concern this machine",
    .options = &table,
    .run = run,
};
