/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The digests of the content security policy are held against sha256sum(1). */
#include "hub/outlet/page.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "hub/outlet/page_asset.h"

int outlet_page_test(void);

enum { DIGEST_LEN = 32 };

/* `text` through sha256sum; false when that fails. */
static bool digest_of(const char *text, uint8_t digest[DIGEST_LEN])
{
    int to[2], from[2], status = -1;
    char hex[2 * DIGEST_LEN + 1] = "";
    if (pipe(to) || pipe(from))
        return false;
    pid_t pid = fork();
    if (pid == 0) {
        dup2(to[0], STDIN_FILENO);
        dup2(from[1], STDOUT_FILENO);
        close(to[1]);
        close(from[0]);
        execlp("sha256sum", "sha256sum", (char *)NULL);
        _exit(127);
    }
    close(to[0]);
    close(from[1]);
    bool ok = pid > 0 && write(to[1], text, strlen(text)) == (ssize_t)strlen(text);
    close(to[1]);
    ok = ok && read(from[0], hex, sizeof hex - 1) == (ssize_t)sizeof hex - 1;
    close(from[0]);
    ok = pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && !status && ok;
    for (size_t i = 0; ok && i < DIGEST_LEN; i++) {
        unsigned byte;
        ok = sscanf(hex + 2 * i, "%2x", &byte) == 1;
        digest[i] = (uint8_t)byte;
    }
    return ok;
}

/* RFC 4648 4, for 32 bytes: 43 letters and one "=". */
static void base64_of(const uint8_t digest[DIGEST_LEN], char to[45])
{
    static const char letter[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < 43; i++) {
        unsigned bits = 0;
        for (size_t k = 6 * i; k < 6 * i + 6; k++)
            bits = bits << 1 | (k < 8 * DIGEST_LEN ? digest[k / 8] >> (7 - k % 8) & 1 : 0);
        to[i] = letter[bits];
    }
    memcpy(to + 43, "=", 2);
}

static int check_digests(void)
{
    int failed = 0;
    const struct {
        const char *text, *digest;
    } row[] = {{page_style, page_style_digest}, {page_script, page_script_digest}};
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        uint8_t digest[DIGEST_LEN] = {0};
        char want[64] = "sha256-";
        if (!CHECK_ROW(i, digest_of(row[i].text, digest)))
            continue;
        base64_of(digest, want + strlen(want));
        if (!CHECK_ROW(i, strcmp(row[i].digest, want) == 0))
            printf("it should be %s\n", want);
    }
    return failed;
}

static int check_frame(void)
{
    int failed = 0;
    static const char *const column[] = {"A<", "B"};
    struct str out = str_of(0);
    struct html_out h = html_out_of(&out);
    page_begin(&h, "<title>");
    CHECK(strncmp(out.text,
                  "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                  "&#39;none&#39;; style-src &#39;sha256-",
                  146) == 0);
    CHECK(strstr(out.text, "<title>&lt;title&gt;</title>") != NULL);
    CHECK(strstr(page_style, "</") == NULL && strstr(page_script, "</") == NULL);
    str_reset(&out);
    page_table_begin(&h, NULL, "L", column, 2);
    page_row_begin(&h);
    page_row_head_open(&h, column[0]);
    html_close(&h);
    page_cell_open(&h, column[1]);
    page_command(&h, "rm -- '<'");
    html_close(&h);
    page_row_end(&h);
    page_table_end(&h);
    CHECK(strcmp(out.text,
                 "<table role=\"table\" aria-label=\"L\"><thead role=\"rowgroup\"><tr role=\"row\">"
                 "<th role=\"columnheader\" scope=\"col\">A&lt;</th><th role=\"columnheader\" "
                 "scope=\"col\">B</th></tr></thead><tbody role=\"rowgroup\">\n<tr role=\"row\">"
                 "<th role=\"rowheader\" scope=\"row\" data-title=\"A&lt;\"></th><td role=\"cell\" "
                 "data-title=\"B\"><div class=\"command\"><code><bdi>rm -- &#39;&lt;&#39;</bdi>"
                 "</code></div></td></tr>\n</tbody></table>\n") == 0);
    str_reset(&out);
    page_moment(&h, 0);
    CHECK(strcmp(out.text, "<time datetime=\"1970-01-01T00:00:00Z\">1 January 1970, 00:00 UTC"
                           "</time>") == 0);
    CHECK(h.depth == 0);
    str_done(&out);
    return failed;
}

int outlet_page_test(void)
{
    return check_digests() + check_frame();
}
