/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines against a filter of every feature: connections, several users, dates. */
#include <string.h>

#include "tool/ban/filter/ban_filter.h"

static void on_found(void *ctx, struct ban_filter *f, const struct ban_found *found)
{
    size_t *sum = ctx;
    (void)f;
    *sum += strlen(found->id.text) + found->fail->line_count;
}

static void set_up(struct ban_filter *f, struct date_book *book)
{
    static const char *const rules[] = {
        "^<F-NOFAIL>user</F-NOFAIL> <F-USER>\\S+|.*?</F-USER> from <HOST>$",
        "^<F-MLFFORGET><F-MLFGAINED>welcome</F-MLFGAINED></F-MLFFORGET> <F-USER>\\S+</F-USER>",
        "(?i)^fail(?:ed|ure) (?P<alt_user_1>\\w+)? ?<ADDR>(?:/<CIDR>)?", "^<F-ID>\\w+</F-ID> bad"};
    struct err e = {0};
    date_book_init(book, &(struct date_rules){2000, 2029});
    ban_filter_init(f, book);
    f->use_find_time = false;
    f->check_all = true;
    (void)!ban_filter_set_pref(f, "^\\s*(?:<F-MLFID>c\\d+</F-MLFID>: )?<F-CONTENT>.+</F-CONTENT>$",
                               &e);
    for (size_t i = 0; i < ARRAY_COUNT(rules); i++)
        (void)!ban_filter_add_fail(f, rules[i], &e);
    (void)!ban_filter_add_ignore(f, "ignore", &e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct date_book book;
    struct ban_filter f;
    size_t sum = 0;
    set_up(&f, &book);
    f.found = on_found;
    f.ctx = &sum;
    const char *text = (const char *)data;
    for (size_t at = 0; at < size;) {
        const char *end = memchr(text + at, 10, size - at);
        size_t len = end ? (size_t)(end - text) - at : size - at;
        ban_filter_line(&f, text + at, len, NULL, 1124013600, 1124013600);
        at += len + 1;
    }
    ban_filter_done(&f);
    date_book_done(&book);
    return 0;
}
