/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cmd/command.h"

#define COMMAND(name) extern const struct command command_##name;
#include "commands.def"
#undef COMMAND

const struct command *const commands[] = {
#define COMMAND(name) &command_##name,
#include "commands.def"
#undef COMMAND
    NULL,
};

const struct command *command_find(const char *name)
{
    for (size_t i = 0; commands[i]; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

const struct command *command_called(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    for (size_t i = 0; commands[i]; i++)
        for (size_t n = 0; commands[i]->called && commands[i]->called[n]; n++)
            if (strcmp(commands[i]->called[n], name) == 0)
                return commands[i];
    return NULL;
}
