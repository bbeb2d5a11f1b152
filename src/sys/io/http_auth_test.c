/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sys/io/http_auth.h"

#include <stdio.h>
#include <string.h>

#include "check.h"

static const struct http_login login = {"user", "pass", "CONNECT", "a.test:99", NULL};

static int test_challenges(void)
{
    static const struct {
        const char *first, *second;
        bool basic, digest, qop;
        const char *realm;
    } row[] = {
        {"Basic realm=\"x\"", NULL, true, false, false, ""},
        {"Basic realm=\"x\"", "Digest realm=\"y\", nonce=\"abc\", qop=\"auth\"", true, true, true,
         "y"},
        {"digest nonce=n,realm=\"a \\\" b\"", NULL, false, true, false, "a \" b"},
        {"Digest realm=\"r\"", NULL, false, false, false, ""}, /* no nonce */
        {"Digest nonce=\"n\", algorithm=MD5-sess", NULL, false, false, false, ""},
        {"Digest nonce=\"n\", qop=\"auth-int\"", NULL, false, false, false, ""},
        {"Digest nonce=\"n\", qop=\"auth-int, auth\"", NULL, false, true, true, ""},
        {"Negotiate", "Digestive nonce=\"n\"", false, false, false, ""},
        {"", "Digest", false, false, false, ""},
    };
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct http_challenge c = {0};
        http_challenge_read(&c, row[i].first);
        if (row[i].second)
            http_challenge_read(&c, row[i].second);
        CHECK_ROW(i, c.basic == row[i].basic && c.digest == row[i].digest);
        CHECK_ROW(i, c.has_qop == row[i].qop && strcmp(c.realm, row[i].realm) == 0);
    }
    struct http_challenge c = {0};
    http_challenge_read(&c, "Digest nonce=\"a\", algorithm=SHA-256");
    http_challenge_read(&c, "Digest nonce=\"b\", algorithm=MD5"); /* the weaker one is left */
    CHECK(c.kind == DIGEST_SHA256 && strcmp(c.nonce, "a") == 0);
    return failed;
}

/* RFC 7616 3.9.1, as a server sees it: the client's words of the example. */
static int test_rfc_example(void)
{
    static const char claim[] =
        "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", "
        "uri=\"/dir/index.html\", algorithm=MD5, "
        "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, "
        "cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, "
        "response=\"8ca523f5e9506fed4657c9700eebdbec\", "
        "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
    static const char nonce[] = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
    struct http_login mufasa = {"Mufasa", "Circle of Life", "GET", "/dir/index.html", NULL};
    int failed = 0;
    uint32_t count = 0;
    char found[HTTP_AUTH_TEXT_MAX];
    CHECK(http_auth_nonce(claim, found) && strcmp(found, nonce) == 0);
    CHECK(!http_auth_nonce("Basic eA==", found) && !http_auth_nonce("Digest qop=auth", found));
    CHECK(http_auth_check(claim, &mufasa, nonce, &count) && count == 1);
    CHECK(!http_auth_check(claim, &mufasa, nonce, &count)); /* said before */
    count = 0;
    CHECK(!http_auth_check(claim, &mufasa, "another", &count));
    mufasa.uri = "http://www.example.org/dir/index.html";
    CHECK(!http_auth_check(claim, &mufasa, nonce, &count));
    mufasa.path = "/dir/index.html";
    count = 0;
    CHECK(http_auth_check(claim, &mufasa, nonce, &count));
    count = 0;
    mufasa.path = NULL;
    mufasa.uri = "/dir/other.html";
    CHECK(!http_auth_check(claim, &mufasa, nonce, &count));
    mufasa = (struct http_login){"Mufasa", "circle of life", "GET", "/dir/index.html", NULL};
    CHECK(!http_auth_check(claim, &mufasa, nonce, &count) && count == 0);
    return failed;
}

static int test_both_sides(void)
{
    int failed = 0;
    static const char *const scheme[] = {"Basic realm=\"r\"",
                                         "Digest realm=\"r\", nonce=\"n\", qop=\"auth\""};
    for (size_t i = 0; i < ARRAY_LEN(scheme); i++) {
        struct http_challenge c = {0};
        struct str answer = str_of(0);
        uint32_t count = 0;
        http_challenge_read(&c, scheme[i]);
        CHECK_ROW(i, http_auth_answer(&answer, &c, &login));
        CHECK_ROW(i, http_auth_check(str_text(&answer), &login, "n", &count));
        struct http_login wrong = login;
        wrong.password = "word";
        count = 0;
        CHECK_ROW(i, !http_auth_check(str_text(&answer), &wrong, "n", &count));
        str_done(&answer);
    }
    struct http_challenge none = {0};
    struct str answer = str_of(0);
    CHECK(!http_auth_answer(&answer, &none, &login) && answer.len == 0);
    http_auth_ask(&answer, "Proxy-Authenticate", "r", "n");
    CHECK(strstr(str_text(&answer), "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\""));
    uint32_t count = 0;
    CHECK(!http_auth_check("Basic !", &login, "n", &count));
    CHECK(!http_auth_check("Bearer dXNlcjpwYXNz", &login, "n", &count));
    str_done(&answer);
    return failed;
}

int io_http_auth_test(void)
{
    return test_challenges() + test_rfc_example() + test_both_sides();
}
