/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>

#include "check.h"
#include "core/base/ring.h"

enum { MESSAGES = 200000, LEN_MAX = 200 };

/* Message n holds n in its first four bytes and is 4 + n % LEN_MAX bytes long. */
static void *write_all(void *ctx)
{
    struct ring *r = ctx;
    for (uint32_t n = 0; n < MESSAGES; n++) {
        size_t len = 4 + n % LEN_MAX;
        uint8_t *room;
        while (!(room = ring_reserve(r, len)))
            sched_yield();
        memset(room, (int)(n & 0xff), len);
        memcpy(room, &n, 4);
        ring_commit(r);
    }
    return NULL;
}

int base_ring_test(void)
{
    int failed = 0;
    struct ring *r = ring_new(1);
    size_t len;
    CHECK(ring_peek(r, &len) == NULL);
    CHECK(ring_reserve(r, 4096) == NULL); /* over a quarter of the ring */
    CHECK(ring_reserve(r, 100) != NULL && ring_peek(r, &len) == NULL); /* not committed */
    ring_commit(r);
    CHECK(ring_peek(r, &len) != NULL && len == 100);
    ring_release(r);
    pthread_t writer;
    CHECK(pthread_create(&writer, NULL, write_all, r) == 0);
    for (uint32_t n = 0; n < MESSAGES;) {
        const uint8_t *message = ring_peek(r, &len);
        if (!message) {
            sched_yield();
            continue;
        }
        uint32_t got;
        memcpy(&got, message, 4);
        if (!CHECK_ROW(n, got == n && len == 4 + n % LEN_MAX &&
                              (len == 4 || message[len - 1] == (n & 0xff))))
            break;
        ring_release(r);
        n++;
    }
    pthread_join(writer, NULL);
    ring_free(r);
    ring_free(NULL);
    return failed;
}
