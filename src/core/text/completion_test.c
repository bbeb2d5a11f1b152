/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bash script is run by bash itself, with the variables that readline would set. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "core/base/own.h"
#include "core/text/completion.h"

static const struct option scan_option[] = {
    {"sT", NULL, OPTION_SET, .help = "Connect to [each] port"},
    {"oX", "xml", OPTION_TEXT, "FILE", .help = "It's XML: to FILE"},
    {NULL, "datadir", OPTION_TEXT, "DIR", .help = "Where data lie"},
    {"p", "ports", OPTION_TEXT, "PORTS", .help = "Ports"},
    {NULL, "color", OPTION_TEXT, "[WHEN]", .help = "Colours"},
    {"PS", NULL, OPTION_TEXT, "[PORTS]", .help = "SYN ping"},
    {NULL, "open", OPTION_SET, .help = "Only open ones"},
    {NULL, "old", OPTION_SET, .help = NULL},
};
static const struct option import_option[] = {
    {"v", "verbose", OPTION_COUNT, .help = "More words"},
};
static const struct option_group scan_group[] = {{"ALL", scan_option, ARRAY_LEN(scan_option)}};
static const struct option_group import_group[] = {
    {"ALL", import_option, ARRAY_LEN(import_option)}};
static const struct option_table scan = {
    "scan", "[OPTION...] TARGET...", "Look at hosts", scan_group, 1, NULL, false};
static const struct option_table import = {
    "import", "[OPTION...] FILE...", "Read other tools' files", import_group, 1, NULL, false};
static const struct option_table *const tables[] = {&scan, &import};

/* Words of the line as bash cuts them; the last one is being completed.  What is offered, sorted,
 * '|' between. */
static const struct {
    const char *words, *want;
} row[] = {
    {"picket|", "import|scan"}, /* the command first */
    {"picket|s", "scan"},
    {"picket|x", ""},
    {"picket|nosuch|-", ""},
    {"picket|scan|--",
     "--color|--datadir=|--open|--ports=|--xml="}, /* old spellings are not told */
    {"picket|scan|--o", "--open"},
    {"picket|scan|-", "--color|--datadir=|--open|--ports=|--xml=|-PS|-oX|-p|-sT"},
    {"picket|scan|-o", "-oX"},
    {"picket|import|-", "--verbose|-v"}, /* that command's options */
    {"picket|scan|-oX|", "a.xml|b c.xml|sub"},
    {"picket|scan|-oX|b", "b c.xml"}, /* a blank in a name stays in it */
    {"picket|scan|-oX|-", ""},        /* a value, not an option */
    {"picket|scan|--xml|a", "a.xml"},
    {"picket|scan|--xml|=", "a.xml|b c.xml|sub"},
    {"picket|scan|-xml|=", "a.xml|b c.xml|sub"},
    {"picket|scan|--xml|=|a", "a.xml"},
    {"picket|scan|--xml=a", "--xml=a.xml"}, /* without '=' in COMP_WORDBREAKS */
    {"picket|scan|--datadir|", "sub"},
    {"picket|scan|--datadir|=|s", "sub"},
    {"picket|scan|-p|", ""},
    {"picket|scan|--ports|=|", ""},
    {"picket|scan|--color|--o", "--open"}, /* a value that may be left out is attached */
    {"picket|scan|--color|=|a", ""},
    {"picket|scan|-PS|-s", "-sT"},
    {"picket|scan|a", ""}, /* a target is no file */
    {"picket|import|a", "a.xml"},
    {"picket|import|--|-", ""}, /* no options behind "--" */
    {"picket|import|--|a", "a.xml"},
};

static void add_row(struct str *script, const char *words)
{
    unsigned count = 0;
    str_add(script, "COMP_WORDS=(");
    while (true) {
        size_t len = strcspn(words, "|");
        str_addf(script, "'%.*s' ", (int)len, words);
        count++;
        if (!words[len])
            break;
        words += len + 1;
    }
    str_addf(script, ")\nCOMP_CWORD=%u\n_picket\n", count - 1);
    str_add(script, "printf '%s\\n' \"${COMPREPLY[@]}\" | LC_ALL=C sort | paste -sd'|'\n");
}

/* Run `program -FLAG TEXT` in `folder`; what it writes (both streams) goes to *out.  Its status. */
static int run(const char *program, const char *flag, const char *text, const char *folder,
               struct str *out)
{
    int pipe_fd[2], status = -1;
    if (pipe(pipe_fd) != 0)
        return -1;
    pid_t pid = fork();
    if (pid == 0) {
        if (chdir(folder) == 0 && dup2(pipe_fd[1], 1) == 1 && dup2(pipe_fd[1], 2) == 2)
            execlp(program, program, flag, text, (char *)NULL);
        _exit(127);
    }
    close(pipe_fd[1]);
    char part[4096];
    for (ssize_t len; (len = read(pipe_fd[0], part, sizeof part)) > 0;)
        str_add_len(out, part, (size_t)len);
    close(pipe_fd[0]);
    return pid > 0 && waitpid(pid, &status, 0) == pid ? status : -1;
}

static const char *const file[] = {"a.xml", "b c.xml"};

static bool fill_folder(int folder_fd)
{
    for (size_t i = 0; i < ARRAY_LEN(file); i++) {
        OWN_FD int fd = openat(folder_fd, file[i], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0)
            return false;
    }
    return mkdirat(folder_fd, "sub", 0700) == 0;
}

static bool empty_folder(int folder_fd)
{
    for (size_t i = 0; i < ARRAY_LEN(file); i++)
        if (unlinkat(folder_fd, file[i], 0) != 0)
            return false;
    return unlinkat(folder_fd, "sub", AT_REMOVEDIR) == 0;
}

static int check_bash(const char *folder)
{
    int failed = 0;
    struct str script = str_of(0), out = str_of(0);
    completion_bash("picket", tables, ARRAY_LEN(tables), &script);
    for (size_t i = 0; i < ARRAY_LEN(row); i++)
        add_row(&script, row[i].words);
    str_add(&script, "complete -p picket\n");
    CHECK(run("bash", "-c", str_text(&script), folder, &out) == 0);
    const char *at = str_text(&out);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        size_t len = strcspn(at, "\n");
        CHECK_ROW(i, len == strlen(row[i].want) && memcmp(at, row[i].want, len) == 0);
        at += at[len] ? len + 1 : len;
    }
    CHECK(strcmp(at, "complete -F _picket picket\n") == 0);
    str_done(&script);
    str_done(&out);
    return failed;
}

static const char zsh_want[] = "#compdef picket\n"
                               "_picket()\n"
                               "{\n"
                               "    local -a commands=(\n"
                               "        'scan:Look at hosts'\n"
                               "        'import:Read other tools'\\'' files'\n"
                               "    )\n"
                               "    if ((CURRENT == 2)); then\n"
                               "        _describe command commands\n"
                               "        return\n"
                               "    fi\n"
                               "    local command=$words[2]\n"
                               "    shift words\n"
                               "    ((CURRENT--))\n"
                               "    case $command in\n"
                               "    scan)\n"
                               "        _arguments \\\n"
                               "            '*-sT[Connect to \\[each\\] port]' \\\n"
                               "            '*-oX+[It'\\''s XML\\: to FILE]:FILE:_files' \\\n"
                               "            '*--xml=[It'\\''s XML\\: to FILE]:FILE:_files' \\\n"
                               "            '*--datadir=[Where data lie]:DIR:_files -/' \\\n"
                               "            '*-p+[Ports]:PORTS: ' \\\n"
                               "            '*--ports=[Ports]:PORTS: ' \\\n"
                               "            '*--color=-[Colours]::WHEN: ' \\\n"
                               "            '*-PS-[SYN ping]::PORTS: ' \\\n"
                               "            '*--open[Only open ones]' \\\n"
                               "            '*:operand: '\n"
                               "        ;;\n"
                               "    import)\n"
                               "        _arguments \\\n"
                               "            '*-v[More words]' \\\n"
                               "            '*--verbose[More words]' \\\n"
                               "            '*:operand:_files'\n"
                               "        ;;\n"
                               "    esac\n"
                               "}\n"
                               "if [[ $funcstack[1] == _picket ]]; then\n"
                               "    _picket \"$@\"\n"
                               "else\n"
                               "    compdef _picket picket\n"
                               "fi\n";

int text_completion_test(void)
{
    int failed = 0;
    struct str zsh = str_of(0);
    completion_zsh("picket", tables, ARRAY_LEN(tables), &zsh);
    CHECK(strcmp(str_text(&zsh), zsh_want) == 0);
    char folder[] = "/tmp/picket-completion-XXXXXX";
    CHECK(mkdtemp(folder) != NULL);
    OWN_FD int folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(folder_fd >= 0 && fill_folder(folder_fd));
    failed += check_bash(folder);
    CHECK(empty_folder(folder_fd) && rmdir(folder) == 0);
    str_done(&zsh);
    return failed;
}
