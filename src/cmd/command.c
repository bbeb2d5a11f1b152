/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/command.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 1024 };

void command_complain(const char *command, const char *format, ...)
{
    char raw[LINE_MAX_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(raw, sizeof raw, format, args);
    va_end(args);
    struct str line = str_of(0);
    for (const char *c = raw; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            str_addf(&line, "\\x%02x", (unsigned char)*c);
        else
            str_add_char(&line, *c);
    fprintf(stderr, "picket %s: %s\n", command, str_text(&line));
    str_done(&line);
}

int command_status_of(int code)
{
    return code == -EINVAL ? EXIT_USAGE : EXIT_ENVIRONMENT;
}

/* Quoted where it has to be, so that the words can be told apart again (scan_resume_words). */
static void add_word(struct str *line, const char *word)
{
    if (*word && !strpbrk(word, " \t\n\"\\")) {
        str_add(line, word);
        return;
    }
    str_add_char(line, '"');
    for (; *word; word++) {
        if (*word == '"' || *word == '\\')
            str_add_char(line, '\\');
        str_add_char(line, *word);
    }
    str_add_char(line, '"');
}

char *command_line(int argc, char **argv)
{
    struct str line = str_of(0);
    str_add(&line, "picket");
    for (int i = 0; i < argc; i++) {
        str_add_char(&line, ' ');
        add_word(&line, argv[i]);
    }
    return str_take(&line);
}
