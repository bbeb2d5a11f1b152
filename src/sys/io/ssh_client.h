/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An SSH client over a connected descriptor (RFC 4251-4254): log in, run commands.  The door to
 * libssh, which may be left out of the build: then ssh_client_is_built() is false and opening
 * fails. Calls block, each no longer than the time-out; host keys are told, not judged. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/str.h"

struct ssh_client;

struct ssh_client_options {
    const char *host;      /* for messages and host key lookups; never resolved */
    uint64_t timeout_ns;   /* of each step; 0: 20 s */
    const char *key_types; /* of the host: "ssh-rsa,ssh-ed25519"; NULL: the library's */
    const char *ciphers_out, *ciphers_in;
};

bool ssh_client_is_built(void);

/* Banner exchange and key exchange on `fd`, which stays the caller's.  NULL: *e says why. */
struct ssh_client *ssh_client_open(int fd, const struct ssh_client_options *o,
                                   struct err *e) MUST_CHECK;
void ssh_client_close(struct ssh_client *c); /* takes NULL */

enum { /* ways to log in: ssh_client_methods */
       SSH_CLIENT_NONE = 1,
       SSH_CLIENT_PASSWORD = 2,
       SSH_CLIENT_PUBLIC_KEY = 4,
       SSH_CLIENT_HOST_BASED = 8,
       SSH_CLIENT_INTERACTIVE = 16,
};

/* The user of all that follows; only the first call counts. */
void ssh_client_set_user(struct ssh_client *c, const char *user);
bool ssh_client_has_user(const struct ssh_client *c);
unsigned ssh_client_methods(struct ssh_client *c); /* asks once; logged in already: NONE is set */

/* Each true when it let the user in. */
bool ssh_client_try_password(struct ssh_client *c, const char *password); /* interactive, too */
bool ssh_client_try_key(struct ssh_client *c, const char *pem, const char *phrase);

/* Keyboard-interactive by hand: the first prompt that hides its answer into *prompt; then the
 * answer. */
bool ssh_client_prompt(struct ssh_client *c, struct str *prompt);
bool ssh_client_answer(struct ssh_client *c, const char *answer);

/* Run a command to its end.  0, or a negative errno value.  Either text may be NULL. */
int ssh_client_exec(struct ssh_client *c, const char *command, struct str *out, struct str *err_out,
                    struct err *e) MUST_CHECK;

/* One shell, or subsystem, at a time. */
int ssh_client_shell(struct ssh_client *c, bool terminal, struct err *e) MUST_CHECK;
int ssh_client_subsystem(struct ssh_client *c, const char *name, struct err *e) MUST_CHECK;
int ssh_client_read(struct ssh_client *c, uint64_t wait_ns, struct str *out) MUST_CHECK;
int ssh_client_write(struct ssh_client *c, const char *text, size_t len) MUST_CHECK;
void ssh_client_shell_close(struct ssh_client *c);
bool ssh_client_has_sftp(struct ssh_client *c);

/* Texts that live as long as the client; NULL: none. */
const char *ssh_client_server_banner(const struct ssh_client *c);
void ssh_client_issue(struct ssh_client *c, struct str *out);    /* what is shown before log-in */
bool ssh_client_host_key(struct ssh_client *c, struct str *out); /* RFC 4253 6.6 */
