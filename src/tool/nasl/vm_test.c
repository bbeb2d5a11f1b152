/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "check.h"
#include "tool/nasl/script_test.h"

static const struct script_row language[] = {
    /* literals */
    {"display(0x1F, \" \", 017, \" \", 089, \" \", 18446744073709551616);", "31 15 89 -1"},
    {"display(strlen(\"a\\nb\"), strlen('a\\nb'), hexstr('\\x00\\xfF'));", "4300ff"},
    {"display(10.0.0.1, typeof(10.0.0.1));", "10.0.0.1string"},
    {"a = [1, \"b\"]; h = [\"k\" => 2]; display(a[0], a[1], h[\"k\"]);", "1b2"},
    /* operators */
    {"display(-2 ** 2, \" \", 2 ** 3 ** 2, \" \", 2 ** -1);", "-4 512 0"},
    {"display(7 / 0, 7 % 0, -7 / 2, -7 % 3);", "00-3-1"},
    {"display(!1 == 0, 1 + 2 << 1, 6 & 3 == 2);", "161"},
    {"display(10 == \"010\", 2 > \"10\", NULL == 0, NULL == \"\", NULL == \"a\");", "01110"},
    {"display(9223372036854775807 > -1);", "0"}, /* the difference wraps, as in the peer */
    {"display(0x7fffffffff >> 4, \" \", -1 >>> 28);", "-1 15"},
    {"display(\"hello\" - \"l\", 12 - \"1\", 'a' + 1);", "helo2a1"},
    {"display(\"ell\" >< \"hello\", \"x\" >!< \"hello\");", "11"},
    {"display('x' =~ \"^X$\", \"ab\" !~ \"^b\");", "11"},
    {"i = 2147483647; i++; display(i);", "-2147483648"}, /* steps are 32 bits wide */
    {"a = b = 3; a += b *= 2; display(a, b);", "96"},
    {"display(undef1 + 1, \"s\" - undef1, -undef1);", "1s0"},
    /* statements */
    {"for (i = 0; i < 9; i++) { if (i == 2) continue; if (i == 4) break; display(i); }", "013"},
    {"i = 0; while (i < 3) i++; repeat i--; until (i < 1); display(i);", "0"},
    {"foreach x (make_list(1, \"a\")) display(x); display(x);", "1aa"},
    {"foreach x (\"text\") display(\"never\"); display(\".\");", "."},
    {"if (1) if (0) display(\"a\"); else display(\"b\");", "b"},
    {"n = 2; display(\"w\") x n + 1;", "www"},
    {"display(1); break; display(2);", "1"},
    {"display(1); return 5; display(2);", "1"},
    /* functions: named arguments, dynamic scope, what is left out */
    {"function f(a, b) { return a + b; } display(f(b:1, a:2));", "3"},
    {"function f() { return _FCT_ANON_ARGS[1] + max_index(_FCT_ANON_ARGS); } display(f(1, 5));",
     "7"},
    {"function g() { x = 2; } function f() { local_var x; x = 1; g(); return x; } display(f());",
     "2"},
    {"function f() { made = 1; } f(); display(typeof(made));", "undef"},
    {"function f() { global_var g; g = 1; } f(); display(g);", "1"},
    {"function f(x) { x = 9; } x = 1; f(x:2); display(x);", "1"},
    {"function f(a) { return a; } display(typeof(f(a:1, a:2)));", "undef"},
    {"function f() { return 1; } function f() { return 2; } display(f());", "1"},
    {"function strlen() { return 9; } display(strlen(\"ab\"));", "2"},
    {"x = 1; display(no_such(x++), x);", "1"}, /* its arguments are not evaluated */
    {"function d(n) { if (n < 1) return 0; return 1 + d(n:n - 1); } display(d(n:900));", "900"},
    {"function on_exit() { display(\"end\"); } exit(0);", "end"},
    /* arrays are values */
    {"a = make_list(1); b = a; b[0] = 2; display(a[0], b[0]);", "12"},
    {"a[1] = \"n\"; a[\"1\"] = \"s\"; display(a[1], a[\"1\"], max_index(a));", "ns2"},
    {"a = 5; a[0] = 1; display(typeof(a)); s = \"xy\"; display(s[1], s[9]);", "inty"},
    {"display(typeof(a[0]), typeof(a));", "undefarray"}, /* looking makes an array */
    {"h[\"a\"] = 1; h[\"a\"] += 4; h[\"a\"]++; display(h[\"a\"]);", "6"},
    {"display(make_list(1, \"a\"), make_array(\"k\", \"v\"));", "[ 0: 1, 1: 'a' ][ k: 'v' ]"},
};

static const struct {
    const char *script, *says; /* part of the message */
} faults[] = {
    {"", "test.nasl:1: the file is empty"},
    {"a = ;", "test.nasl:1: syntax error: ';' instead of an expression"},
    {"\n\na = 3 @ 4;", "test.nasl:3: a character that no token begins with"},
    {"display(1)\ndisplay(2);", "test.nasl:2: syntax error"},
    {"if (1) { display(1);", "instead of '}'"},
    {"a = 1 < 2 < 3;", "an operator that may follow here"},
    {"a = \"x\" =~ r;", "a string (a regular expression)"},
    {"a = \"x\" =~ \"(\";", "bad regular expression"},
    {"s = 'a\\q';", "an unknown escape sequence"},
    {"s = \"open", "a string without its end"},
    {"include(\"no_such.inc\");", "include \"no_such.inc\""},
    {"include(\"../etc/passwd\");", "leaves the folders of scripts"},
    {"include(\"/etc/passwd\");", "leaves the folders of scripts"},
    {"{ function f() { } }", "syntax error"},
    {"a;", "an assignment or a call"},
};

/* A script's end other than its own: each by its budget. */
static int check_budgets(struct script_test *t)
{
    static const struct {
        const char *script;
        enum nasl_end end;
    } row[] = {
        {"while (1) ;", NASL_TIMED_OUT},
        {"function f() { f(); } f();", NASL_TOO_DEEP},
        {"s = \"x\"; while (1) s += s;", NASL_TOO_LARGE},
        {"while (1) a[n++] = crap(1000);", NASL_TOO_LARGE},
        {"x = crap(4000000000);", NASL_TOO_LARGE},
        {"sleep(100);", NASL_TIMED_OUT},
        {"exit(0);", NASL_RAN},
    };
    int failed = 0;
    t->how.time_ns = 300 * NS_PER_MS;
    t->how.memory = 8 << 20;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        script_test_run(t, row[i].script);
        CHECK_ROW(i, t->end == row[i].end);
    }
    t->how.time_ns = 20 * NS_PER_S;
    t->how.memory = 0;
    return failed;
}

/* A key of several values: the script goes on once for each, newest first, and its variables are
 * its own in each branch.  Run by itself it goes on once more with nothing. */
static int check_branches(struct script_test *t)
{
    static const struct script_row row[] = {
        {"x = 0; v = get_kb_item(\"k\"); x++; display(v, x, \" \");", "b1 a1 1 "},
        {"function f() { local_var l; l = 1; return get_kb_item(\"k\"); } foreach i "
         "(make_list(1, 2)) { if (i == 1) v = f(); display(i, v, \" \"); }",
         "1b 2b 1a 2a 1 2 "},
        {"display(get_kb_item(\"k\"), get_kb_item(\"k\"), \" \");", "bb ba b ab aa a b a  "},
        {"display(get_kb_item(\"k\", 1));", "b"},
    };
    int failed = 0;
    nasl_kb_add_text(t->host.kb, "k", "a");
    nasl_kb_add_text(t->host.kb, "k", "b");
    SCRIPT_ROWS(t, row);
    t->host.trusted = false;
    CHECK(strcmp(script_test_run(t, "display(get_kb_item(\"k\"));"), "ba") == 0);
    t->host.trusted = true;
    return failed;
}

int nasl_vm_test(void)
{
    int failed = 0;
    struct script_test t;
    script_test_init(&t);
    SCRIPT_ROWS(&t, language);
    for (size_t i = 0; i < ARRAY_LEN(faults); i++)
        CHECK_ROW(i, strstr(script_test_run(&t, faults[i].script), faults[i].says) != NULL);
    failed += check_budgets(&t) + check_branches(&t);
    script_test_done(&t);
    return failed;
}
