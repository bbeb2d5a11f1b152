/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/alert_socket.h"

#include <string.h>

#include "check.h"
#include "core/base/mem.h"
#include "wire/packet/print_frames_test.h"

static uint32_t word_at(const uint8_t *data, size_t at)
{
    uint32_t value;
    memcpy(&value, data + at, sizeof value);
    return value;
}

int outlet_alert_socket_test(void)
{
    int failed = 0;
    uint8_t bytes[PRINT_FRAME_MAX];
    struct packet p = make_print_frame(FRAME_UDP, bytes);
    uint8_t *data = mem_zero(ALERT_SOCKET_LEN);
    struct alert a = {.wall_ns = UINT64_C(1700000000125000000),
                      .id = 4,
                      .gid = 1,
                      .sid = 2,
                      .rev = 3,
                      .message = "hello",
                      .packet = &p,
                      .wire_len = 99};
    alert_socket_encode(&a, data);
    CHECK(strcmp((const char *)data, "hello") == 0);
    CHECK(word_at(data, 256) == 1700000000 && word_at(data, 260) == 125000);
    CHECK(word_at(data, 264) == p.len && word_at(data, 268) == 99);
    CHECK(word_at(data, 272) == 0 && word_at(data, 276) == 14 && word_at(data, 280) == 34);
    CHECK(word_at(data, 284) == 42 && word_at(data, 288) == 0);
    CHECK(memcmp(data + 292, bytes, p.len) == 0);
    CHECK(word_at(data, 65828) == 1 && word_at(data, 65832) == 2 && word_at(data, 65836) == 3);
    CHECK(word_at(data, 65848) == 4 && word_at(data, 65860) == 125000);
    char long_text[400];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    a.message = long_text;
    a.packet = NULL;
    alert_socket_encode(&a, data);
    CHECK(data[254] == 'x' && data[255] == '\0');
    CHECK(word_at(data, 288) == 1 && word_at(data, 264) == 0);
    mem_free(data);
    return failed;
}
