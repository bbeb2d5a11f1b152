/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "check.h"
#include "hub/store/store_fixture_test.h"
#include "hub/store/store_private.h"
#include "hub/store/store_schema.h"

static int test_open(void)
{
    static const struct {
        const char *name;
        mode_t mode;
    } made[] = {
        {"store", 0750},      {"store/main.db", 0640},     {"store/writers", 0640},
        {"store/wake", 0640}, {"store/main.db-wal", 0640}, {"store/main.db-shm", 0640},
    };
    int failed = 0;
    struct err e = {0};
    struct store *s = NULL;
    CHECK(store_open(&s, "store", STORE_READ, &clock_system, &e) == -ENOENT);
    CHECK(strstr(e.text, "store/main.db: ") != NULL && s == NULL);
    CHECK(store_open(&s, "store", STORE_WRITE, &clock_system, &e) == 0);
    for (size_t i = 0; i < ARRAY_LEN(made); i++) {
        struct stat st;
        CHECK_ROW(i, stat(made[i].name, &st) == 0 && (st.st_mode & 07777) == made[i].mode);
    }
    store_close(s);
    CHECK(access("store/main.db-wal", F_OK) == 0); /* kept: who may only read needs it */
    CHECK(store_open(&s, "store", STORE_READ, &clock_system, &e) == 0);
    struct event event = {.kind = EVENT_TRAP};
    CHECK(store_add_events(s, &event, 1, &e) < 0);
    struct fact fact = {.value = "x"};
    CHECK(store_add_facts(s, &fact, 1, &e) == -EROFS);
    store_close(s);
    store_close(NULL);
    fixture_empty("store");
    return failed;
}

/* Older, newer and broken files: opened, or refused with their name. */
static int test_versions(void)
{
    static const struct {
        const char *sql;
        int rc;
        const char *text;
    } row[] = {
        {"PRAGMA user_version=1", 0, NULL}, /* the first release */
        {"PRAGMA user_version=99", -EPROTO, "store/main.db: schema version 99; this program"},
        {"PRAGMA user_version=-1", -EPROTO, "store/main.db: schema version -1; this program"},
    };
    int failed = 0;
    struct err e = {0};
    struct store *s = NULL;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct db *d = NULL;
        CHECK_ROW(i, mkdir("store", 0750) == 0);
        CHECK_ROW(i, db_open(&d, "store/main.db", DB_WRITE,
                             &(struct db_schema){store_main_schema.step, 1}, &e) == 0);
        CHECK_ROW(i, db_exec(d, row[i].sql, &e) == 0);
        db_close(d);
        CHECK_ROW(i, store_open(&s, "store", STORE_WRITE, &clock_system, &e) == row[i].rc);
        CHECK_ROW(i, row[i].rc == 0 || strncmp(e.text, row[i].text, strlen(row[i].text)) == 0);
        if (row[i].rc == 0)
            store_close(s);
        CHECK_ROW(i, store_open(&s, "store", STORE_READ, &clock_system, &e) == row[i].rc);
        if (row[i].rc == 0)
            store_close(s);
        fixture_empty("store");
    }
    CHECK(mkdir("store", 0750) == 0);
    FILE *f = fopen("store/main.db", "w");
    for (int i = 0; i < 300; i++)
        fputs("not a database at all; ", f);
    fclose(f);
    CHECK(store_open(&s, "store", STORE_WRITE, &clock_system, &e) == -EBADMSG);
    CHECK(strstr(e.text, "store/main.db: ") != NULL);
    fixture_empty("store");
    return failed;
}

/* The child's part: open, take a number, tell it, hold it until the parent lets go. */
static void hold_number(int go, int tell)
{
    struct err e = {0};
    struct store *s = NULL;
    char byte;
    if (read(go, &byte, 1) != 1)
        _exit(1);
    byte = 'n';
    if (store_open(&s, "store", STORE_WRITE, &clock_system, &e) == 0 &&
        store_take_writer_number(s, &e) == 0)
        byte = (char)('0' + s->ids.writer);
    (void)!write(tell, &byte, 1);
    (void)!read(go, &byte, 1);
    _exit(0);
}

static bool has_number(struct store **s, uint16_t number)
{
    struct err e = {0};
    return store_open(s, "store", STORE_WRITE, &clock_system, &e) == 0 &&
           store_take_writer_number(*s, &e) == 0 && (*s)->ids.writer == number;
}

/* Each writer has a number of its own, in other processes too; a dead one's is free again.  (The
 * child is made first: an open file that it inherits would keep its locks.) */
static int test_writer_numbers(void)
{
    int failed = 0, status = 0, tell[2], go[2];
    struct store *a = NULL, *b = NULL, *c = NULL;
    CHECK(pipe2(tell, O_CLOEXEC) == 0 && pipe2(go, O_CLOEXEC) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        close(go[1]);
        hold_number(go[0], tell[1]);
    }
    CHECK(has_number(&a, 0) && has_number(&b, 1));
    char byte = 0;
    CHECK(write(go[1], "g", 1) == 1 && read(tell[0], &byte, 1) == 1 && byte == '2');
    store_close(b); /* gives 1 back, and nothing of a's */
    CHECK(has_number(&b, 1) && has_number(&c, 3));
    store_close(c);
    close(go[1]);
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    CHECK(has_number(&c, 2));
    store_close(a);
    store_close(b);
    store_close(c);
    close(tell[0]);
    close(tell[1]);
    close(go[0]);
    fixture_empty("store");
    return failed;
}

static int test_watch(void)
{
    int failed = 0, fd = -1, same = -1;
    struct err e = {0};
    struct store *writer = NULL, *reader = NULL;
    CHECK(store_open(&writer, "store", STORE_WRITE, &clock_system, &e) == 0);
    CHECK(store_open(&reader, "store", STORE_READ, &clock_system, &e) == 0);
    CHECK(store_watch(reader, &fd, &e) == 0 && store_watch(reader, &same, &e) == 0 && fd == same);
    struct pollfd watched = {.fd = fd, .events = POLLIN};
    CHECK(poll(&watched, 1, 0) == 0);
    for (int i = 0; i < 3; i++) {
        struct event event = {.kind = EVENT_TRAP};
        CHECK_ROW(i, store_add_events(writer, &event, 1, &e) == 0 && event.id != 0);
        CHECK_ROW(i, poll(&watched, 1, 0) == 1);
        store_watch_clear(reader);
        CHECK_ROW(i, poll(&watched, 1, 0) == 0);
    }
    store_close(reader);
    store_close(writer);
    fixture_empty("store");
    return failed;
}

/* Packed addresses sort as addresses do, and come back the same. */
static int test_addresses(void)
{
    static const char *const rising[] = {
        "0.0.0.0", "10.0.0.1",   "10.0.0.2", "203.0.113.255", "255.255.255.255", "::",
        "::1",     "2001:db8::", "fe80::1",  "fe80::1%3",     "fe80::2%1",       "ff02::1"};
    int failed = 0;
    struct err e = {0};
    uint8_t last[STORE_ADDR_MAX + 1] = {0};
    for (size_t i = 0; i < ARRAY_LEN(rising); i++) {
        struct addr a;
        uint8_t packed[STORE_ADDR_MAX + 1] = {0};
        CHECK_ROW(i, addr_parse(&a, rising[i], &e) == 0);
        size_t len = store_addr_pack(packed, &a);
        struct addr back = store_addr_unpack(packed, len);
        CHECK_ROW(i, addr_equal(&a, &back) && memcmp(last, packed, sizeof last) < 0);
        memcpy(last, packed, sizeof last);
        CHECK_ROW(i, store_addr_unpack(packed, len - 1).family == ADDR_NONE); /* cut */
    }
    struct addr none = {0};
    CHECK(store_addr_pack(last, &none) == 0 && store_addr_unpack("", 0).family == ADDR_NONE);
    CHECK(store_addr_unpack("\5abcd", 5).family == ADDR_NONE);
    return failed;
}

int store_store_test(void)
{
    int failed = 0;
    char path[TEST_FOLDER_MAX];
    CHECK(fixture_open(path));
    umask(022);
    failed += test_open() + test_versions() + test_writer_numbers() + test_watch();
    failed += test_addresses();
    CHECK(fixture_close(path));
    return failed;
}
