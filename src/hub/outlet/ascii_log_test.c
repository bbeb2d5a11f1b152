/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hub/outlet/ascii_log.h"

#include <string.h>
#include <unistd.h>

#include "check.h"
#include "sys/io/file.h"
#include "test_folder.h"
#include "wire/packet/print_frames_test.h"

static const struct {
    enum print_frame frame;
    const char *home, *log_to, *path;
} rows[] = {
    {FRAME_UDP, "198.51.100.0/24", NULL, "192.0.2.10/UDP:6003-5000"},
    {FRAME_UDP, "192.0.2.0/24", NULL, "198.51.100.20/UDP:6003-5000"},
    {FRAME_UDP, NULL, NULL, "198.51.100.20/UDP:6003-5000"}, /* the higher port */
    {FRAME_TCP, NULL, NULL, "192.0.2.10/TCP:40000-80"},
    {FRAME_TCP, "0.0.0.0/0", NULL, "192.0.2.10/TCP:40000-80"},
    {FRAME_ECHO, NULL, NULL, "192.0.2.10/ICMP_ECHO"},
    {FRAME_UNREACHABLE, NULL, NULL, "192.0.2.10/ICMP_PORT_UNRCH"},
    {FRAME_FRAGMENT, NULL, NULL, "192.0.2.10/IP_FRAG"},
    {FRAME_ARP, NULL, NULL, "ARP"},
    {FRAME_OTHER, NULL, NULL, "PACKET_NONIP"},
    {FRAME_UDP, NULL, "mine", "mine"},
};

static int test_row(size_t i, const char *folder)
{
    int failed = 0;
    struct err e = {0};
    uint8_t bytes[PRINT_FRAME_MAX];
    struct packet p = make_print_frame(rows[i].frame, bytes);
    struct cidr_set home = {0};
    struct cidr c;
    if (rows[i].home && cidr_parse(&c, rows[i].home, &e) == 0)
        cidr_set_add(&home, &c);
    cidr_set_seal(&home);
    struct str path = str_of(0), text = str_of(1 << 20), wanted = str_of(0);
    ascii_log_path(&p, &home, rows[i].log_to, &path);
    CHECK_ROW(i, strcmp(str_text(&path), rows[i].path) == 0);
    const struct alert a = {.message = "hey", .log_to = rows[i].log_to};
    const struct packet_print how = {.wire_len = p.len};
    char whole[2 * TEST_FOLDER_MAX];
    snprintf(whole, sizeof whole, "%s/%s", folder, rows[i].path);
    unlink(whole);
    CHECK_ROW(i, ascii_log_write(folder, &how, &home, &p, 0, &a, &e) == 0);
    CHECK_ROW(i, rows[i].log_to || ascii_log_write(folder, &how, &home, &p, 0, NULL, &e) == 0);
    str_add(&wanted, "[**] hey [**]\n");
    packet_print(&how, &p, 0, &wanted);
    if (!rows[i].log_to)
        packet_print(&how, &p, 0, &wanted);
    CHECK_ROW(i, file_read(whole, &text, &e) == 0);
    CHECK_ROW(i, strcmp(str_text(&text), str_text(&wanted)) == 0);
    cidr_set_done(&home);
    str_done(&path);
    str_done(&text);
    str_done(&wanted);
    return failed;
}

int outlet_ascii_log_test(void)
{
    int failed = 0;
    char folder[TEST_FOLDER_MAX];
    CHECK(test_folder_make(folder));
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
        failed += test_row(i, folder);
    CHECK(test_folder_remove(folder));
    return failed;
}
