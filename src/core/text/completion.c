/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Completion scripts for bash and zsh.  Each offers the commands first, then the options of the
 * command that was typed; values are completed where their name says what they are (FILE, DIR).
 * The scripts ask nothing of the program, so that they work while it is being updated. */
#include "core/text/completion.h"

#include <ctype.h>
#include <string.h>

enum value_kind { VALUE_OTHER, VALUE_FILE, VALUE_DIR };

/* Does `text` hold `word` with no letter on either side? */
static bool has_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = text; (at = strstr(at, word)); at++) {
        bool left = at == text || !isalpha((unsigned char)at[-1]);
        if (left && !isalpha((unsigned char)at[len]))
            return true;
    }
    return false;
}

static enum value_kind value_kind_of(const char *value)
{
    if (has_word(value, "FILE"))
        return VALUE_FILE;
    return has_word(value, "DIR") ? VALUE_DIR : VALUE_OTHER;
}

/* `word` into a list of words inside single quotes. */
static void add_word(struct str *out, const char *dashes, const char *word, const char *end)
{
    if (out->len > 0 && out->text[out->len - 1] != '\'')
        str_add_char(out, ' ');
    str_addf(out, "%s%s%s", dashes, word, end);
}

/* bash: the option words of a table, with a '=' at the end where a value belongs behind it. */
static void add_bash_options(struct str *out, const struct option_table *t)
{
    const struct option *o;
    for (size_t n = 0; (o = option_at(t, n)); n++) {
        if (o->help && o->short_name)
            add_word(out, "-", o->short_name, "");
        if (o->help && o->long_name)
            add_word(out, "--", o->long_name, o->value && o->value[0] != '[' ? "=" : "");
    }
}

/* bash: " -x --long" for the options whose value is the next word and of this kind; or, `attached`,
 * the long names behind whose '=' such a value may stand. */
static void add_bash_takers(struct str *out, const struct option_table *t, enum value_kind kind,
                            bool attached)
{
    const struct option *o;
    for (size_t n = 0; (o = option_at(t, n)); n++) {
        if (!o->value || value_kind_of(o->value) != kind || (o->value[0] == '[' && !attached))
            continue;
        if (o->short_name && !attached)
            str_addf(out, " -%s", o->short_name);
        if (o->long_name)
            str_addf(out, " --%s -%s", o->long_name, o->long_name);
    }
}

static void add_bash_case(struct str *out, const struct option_table *t)
{
    static const char *const name[] = {"other", "file", "dir"}; /* in the order of value_kind */
    str_addf(out, "    %s)\n        options='", t->command);
    add_bash_options(out, t);
    str_add(out, "'\n");
    for (enum value_kind kind = VALUE_OTHER; kind <= VALUE_DIR; kind++) {
        str_addf(out, "        next_%s='", name[kind]);
        add_bash_takers(out, t, kind, false);
        str_addf(out, " '\n        behind_%s='", name[kind]);
        add_bash_takers(out, t, kind, true);
        str_add(out, " '\n");
    }
    str_addf(out, "        operand=%s\n        ;;\n", name[value_kind_of(t->synopsis)]);
}

/* Bash cuts words at '=' (unless the user took it out of COMP_WORDBREAKS), so "--name=val" comes as
 * three words: on the '=' and behind it, the name is looked for before it. */
static const char bash_body[] =
    "    *)\n"
    "        return\n"
    "        ;;\n"
    "    esac\n"
    "    local kind=$operand prefix= behind= i\n"
    "    for ((i = 2; i < COMP_CWORD; i++)); do\n"
    "        [[ ${COMP_WORDS[i]} == -- ]] && break\n"
    "    done\n"
    "    if ((i == COMP_CWORD)); then\n"
    "        if [[ $cur == = ]]; then\n"
    "            cur= behind=1\n"
    "        elif [[ $prev == = ]]; then\n"
    "            prev=${COMP_WORDS[COMP_CWORD - 2]} behind=1\n"
    "        elif [[ $cur == -*=* ]]; then\n"
    "            prefix=${cur%%=*}= prev=${cur%%=*} cur=${cur#*=} behind=1\n"
    "        fi\n"
    "        if [[ $behind ]]; then\n"
    "            next_other=$behind_other next_file=$behind_file next_dir=$behind_dir\n"
    "        fi\n"
    "        if [[ $next_file == *\" $prev \"* ]]; then\n"
    "            kind=file\n"
    "        elif [[ $next_dir == *\" $prev \"* ]]; then\n"
    "            kind=dir\n"
    "        elif [[ $behind || $next_other == *\" $prev \"* ]]; then\n"
    "            return\n"
    "        elif [[ $cur == -* ]]; then\n"
    "            kind=option\n"
    "        fi\n"
    "    fi\n"
    "    case $kind in\n"
    "    option)\n"
    "        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$cur\")\n"
    "        [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace\n"
    "        ;;\n"
    "    file)\n"
    "        compopt -o filenames\n"
    "        mapfile -t COMPREPLY < <(compgen -P \"$prefix\" -f -- \"$cur\")\n"
    "        ;;\n"
    "    dir)\n"
    "        compopt -o filenames\n"
    "        mapfile -t COMPREPLY < <(compgen -P \"$prefix\" -d -- \"$cur\")\n"
    "        ;;\n"
    "    esac\n"
    "} 2>/dev/null\n";

void completion_bash(const char *program, const struct option_table *const *table, size_t count,
                     struct str *out)
{
    str_addf(out, "# bash completion for %s\n_%s()\n{\n", program, program);
    str_add(out, "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
                 "    local options operand next_other next_file next_dir\n"
                 "    local behind_other behind_file behind_dir\n"
                 "    COMPREPLY=()\n"
                 "    if ((COMP_CWORD == 1)); then\n"
                 "        mapfile -t COMPREPLY < <(compgen -W '");
    for (size_t i = 0; i < count; i++)
        add_word(out, "", table[i]->command, "");
    str_add(out, "' -- \"$cur\")\n        return\n    fi\n    case ${COMP_WORDS[1]} in\n");
    for (size_t i = 0; i < count; i++)
        add_bash_case(out, table[i]);
    str_add(out, bash_body);
    str_addf(out, "complete -F _%s %s\n", program, program);
}

/* zsh: `text` in single quotes, where the marks of _arguments and _describe mean themselves. */
static void add_zsh_text(struct str *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\'')
            str_add(out, "'\\'");
        else if (strchr("[]:\\", *text))
            str_add_char(out, '\\');
        str_add_char(out, *text);
    }
}

static const char *const zsh_action[] = {" ", "_files", "_files -/"}; /* as value_kind */

/* zsh: ":NAME:ACTION" of a value; what may be left out has one colon more. */
static void add_zsh_value(struct str *out, const char *value)
{
    bool may_miss = value[0] == '[';
    size_t len = strlen(value) - (may_miss ? 2 : 0);
    struct str name = str_of(0);
    str_add_len(&name, value + may_miss, len);
    str_add(out, may_miss ? "::" : ":");
    add_zsh_text(out, str_text(&name));
    str_addf(out, ":%s", zsh_action[value_kind_of(value)]);
    str_done(&name);
}

/* zsh: one name of an option.  `joint` says how its value is joined (zshcompsys(1), _arguments). */
static void add_zsh_spec(struct str *out, const struct option *o, const char *dashes,
                         const char *name, const char *joint)
{
    str_addf(out, " \\\n            '*%s%s%s[", dashes, name, o->value ? joint : "");
    add_zsh_text(out, o->help);
    str_add_char(out, ']');
    if (o->value)
        add_zsh_value(out, o->value);
    str_add_char(out, '\'');
}

static void add_zsh_case(struct str *out, const struct option_table *t)
{
    const struct option *o;
    str_addf(out, "    %s)\n        _arguments", t->command);
    for (size_t n = 0; (o = option_at(t, n)); n++) {
        bool may_miss = o->value && o->value[0] == '[';
        if (o->help && o->short_name)
            add_zsh_spec(out, o, "-", o->short_name, may_miss ? "-" : "+");
        if (o->help && o->long_name)
            add_zsh_spec(out, o, "--", o->long_name, may_miss ? "=-" : "=");
    }
    str_addf(out, " \\\n            '*:operand:%s'\n        ;;\n",
             zsh_action[value_kind_of(t->synopsis)]);
}

void completion_zsh(const char *program, const struct option_table *const *table, size_t count,
                    struct str *out)
{
    str_addf(out, "#compdef %s\n_%s()\n{\n    local -a commands=(\n", program, program);
    for (size_t i = 0; i < count; i++) {
        str_addf(out, "        '%s:", table[i]->command);
        add_zsh_text(out, table[i]->summary);
        str_add(out, "'\n");
    }
    str_add(out, "    )\n"
                 "    if ((CURRENT == 2)); then\n"
                 "        _describe command commands\n"
                 "        return\n"
                 "    fi\n"
                 "    local command=$words[2]\n"
                 "    shift words\n"
                 "    ((CURRENT--))\n"
                 "    case $command in\n");
    for (size_t i = 0; i < count; i++)
        add_zsh_case(out, table[i]);
    /* the file may lie in $fpath, where its text is the function, or be sourced */
    str_addf(out,
             "    esac\n}\nif [[ $funcstack[1] == _%s ]]; then\n    _%s \"$@\"\n"
             "else\n    compdef _%s %s\nfi\n",
             program, program, program, program);
}
