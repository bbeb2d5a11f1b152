/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/io/pgp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/text/base64.h"
#include "sys/io/file.h"
#include "sys/loop/child.h"

enum { PATH_MAX_BYTES = 256, OUTPUT_MAX = 1 << 16 };

static const uint64_t limit_ns = 20 * NS_PER_S;

/* A folder of our own for what gpgv is to read: it takes files only. */
struct scratch {
    char folder[PATH_MAX_BYTES], data[PATH_MAX_BYTES + 8], signature[PATH_MAX_BYTES + 8];
};

static int open_scratch(struct scratch *s, struct err *e)
{
    const char *base = getenv("TMPDIR");
    snprintf(s->folder, sizeof s->folder, "%.200s/picket-pgp-XXXXXX",
             base && *base ? base : P_tmpdir);
    if (!mkdtemp(s->folder))
        return err_set(e, -errno, "%s: %s", s->folder, strerror(errno));
    snprintf(s->data, sizeof s->data, "%s/data", s->folder);
    snprintf(s->signature, sizeof s->signature, "%s/sig", s->folder);
    return 0;
}

static void close_scratch(const struct scratch *s)
{
    unlink(s->data);
    unlink(s->signature);
    rmdir(s->folder);
}

static int run(const char *const *argv, struct err *e)
{
    struct str out = str_of(OUTPUT_MAX);
    int status;
    int rc = child_run("gpgv", argv, limit_ns, &out, &status, e);
    str_done(&out);
    if (rc < 0)
        return rc;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return err_set(e, -EKEYREJECTED, "the signature does not fit, or not by a known key");
    return 0;
}

int pgp_verify(const char *keyring, const void *data, size_t len, const void *signature,
               size_t signature_len, struct err *e)
{
    struct scratch s;
    int rc = open_scratch(&s, e);
    if (rc < 0)
        return rc;
    const char *argv[] = {"gpgv", "--quiet", "--keyring", keyring, s.signature, s.data, NULL};
    rc = file_replace(s.data, data, len, 0600, e);
    rc = rc < 0 ? rc : file_replace(s.signature, signature, signature_len, 0600, e);
    rc = rc < 0 ? rc : run(argv, e);
    close_scratch(&s);
    return rc;
}

int pgp_verify_inline(const char *keyring, const void *text, size_t len, struct err *e)
{
    struct scratch s;
    int rc = open_scratch(&s, e);
    if (rc < 0)
        return rc;
    const char *argv[] = {"gpgv", "--quiet", "--keyring", keyring, s.data, NULL};
    rc = file_replace(s.data, text, len, 0600, e);
    rc = rc < 0 ? rc : run(argv, e);
    close_scratch(&s);
    return rc;
}

/* RFC 4880 6.2: headers, an empty line, base64, and a line that begins with '=' (the checksum). */
static void take_armour(const char *text, struct str *out)
{
    const char *at = strstr(text, "-----BEGIN PGP PUBLIC KEY BLOCK-----");
    struct base64_in in = {0};
    at = at ? strchr(at, '\n') : NULL;
    bool headers = true;
    while (at && *at) {
        at += *at == '\n';
        size_t len = strcspn(at, "\n");
        size_t trimmed = len && at[len - 1] == '\r' ? len - 1 : len;
        if (strncmp(at, "-----END", 8) == 0 || (!headers && *at == '='))
            break;
        if (headers && trimmed == 0)
            headers = false;
        else if (!headers)
            base64_feed(&in, at, len, out);
        at += len;
    }
    base64_finish(&in, out);
}

int pgp_write_keyring(const char *path, const void *key, size_t len, struct err *e)
{
    struct str text = str_of(0), plain = str_of(0);
    str_add_len(&text, key, len);
    if (strstr(str_text(&text), "-----BEGIN PGP"))
        take_armour(str_text(&text), &plain);
    else
        str_add_len(&plain, key, len);
    int rc = plain.len ? file_replace(path, plain.text, plain.len, 0644, e)
                       : err_set(e, -EBADMSG, "no OpenPGP key");
    str_done(&text);
    str_done(&plain);
    return rc;
}
