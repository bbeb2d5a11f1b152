/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine that runs compiled scripts, within a budget of time and memory.  A built-in never
 * comes back into the machine, so that all of a script's state lies in the machine's own tables: it
 * can be copied, which is how a script goes on once for each value of a key that has several. */
#pragma once

#include "tool/nasl/builtin.h"
#include "tool/nasl/host.h"
#include "tool/nasl/library.h"

enum nasl_end {
    NASL_RAN,       /* to its end, or to exit() */
    NASL_TIMED_OUT, /* over its budget of time */
    NASL_TOO_LARGE, /* over its budget of memory */
    NASL_TOO_DEEP,  /* calls nested too deeply */
    NASL_STOPPED,   /* host->stop said so */
};

struct nasl_run {
    bool description;  /* what the variable of this name holds */
    bool command_line; /* COMMAND_LINE */
    const char *name;  /* SCRIPT_NAME */
    uint64_t time_ns;  /* 0: no limit */
    size_t memory;     /* bytes; 0: 256 MiB */
};

enum nasl_end nasl_run(struct nasl_library *l, const struct nasl_unit *u, struct nasl_host *h,
                       const struct nasl_run *how);

/* For built-ins. */
struct nasl_host *nasl_vm_host(struct nasl_vm *vm);
struct nasl_library *nasl_vm_library(struct nasl_vm *vm);
struct regex_match *nasl_vm_match(struct nasl_vm *vm); /* scratch of regular expressions */
void nasl_vm_exit(struct nasl_vm *vm);
bool nasl_vm_has_function(struct nasl_vm *vm, const char *name);
const char *nasl_vm_oid(struct nasl_vm *vm); /* of the script that runs; NULL: unknown */

/* The built-in that is running gives one of several results: the script goes on with what it
 * returns, and afterwards once more with each of these, which become the machine's. */
void nasl_vm_fork(struct nasl_vm *vm, const struct nasl_value *others, size_t count);

/* Which of the host's names get_host_name() gives in this branch; -1: not yet asked. */
int nasl_vm_host_name(struct nasl_vm *vm);
void nasl_vm_fork_host_name(struct nasl_vm *vm);

/* How long a built-in may still wait: what it asks for, cut to the script's budget. */
uint64_t nasl_vm_wait_ns(struct nasl_vm *vm, uint64_t wanted_ns);
bool nasl_vm_should_stop(struct nasl_vm *vm);

/* Handles: numbers that stand for something a built-in keeps (a socket, a session).  A branch of
 * the script has its own numbers; the thing is closed when the last branch has closed it. */
struct nasl_handle_kind {
    const char *name;
    int64_t first; /* handles are numbered from here */
    void (*close)(void *thing);
};
enum { NASL_HANDLES_MAX = 1024 };

int64_t nasl_handle_add(struct nasl_vm *vm, const struct nasl_handle_kind *kind, void *thing);
void *nasl_handle_get(struct nasl_vm *vm, const struct nasl_handle_kind *kind, int64_t number);
bool nasl_handle_close(struct nasl_vm *vm, const struct nasl_handle_kind *kind, int64_t number);
/* The first thing of the kind for which `fits` says true; its number, or -1. */
int64_t nasl_handle_find(struct nasl_vm *vm, const struct nasl_handle_kind *kind,
                         bool (*fits)(void *thing, int64_t detail), int64_t detail);
