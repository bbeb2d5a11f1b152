/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programs on the data "\x01\x02...\x10" that return what one instruction made; each also run by
 * the kernel, where the result is how many bytes of a datagram it lets through. */
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "sys/link/filter_run.h"

static const struct {
    struct sock_filter code[5];
    uint8_t count;
    uint32_t result;
    bool kernel_refuses;
} row[] = {
    {{{BPF_LD | BPF_W | BPF_ABS, 0, 0, 0},
      {BPF_ALU | BPF_RSH, 0, 0, 24},
      {BPF_RET | BPF_A, 0, 0, 0}},
     3,
     1,
     false},
    {{{BPF_LD | BPF_H | BPF_ABS, 0, 0, 2},
      {BPF_ALU | BPF_AND, 0, 0, 0xff},
      {BPF_RET | BPF_A, 0, 0, 0}},
     3,
     4,
     false},
    {{{BPF_LDX | BPF_B | BPF_MSH, 0, 0, 1},
      {BPF_LD | BPF_B | BPF_IND, 0, 0, 1},
      {BPF_RET | BPF_A, 0, 0, 0}},
     3,
     10,
     false},
    {{{BPF_LD | BPF_IMM, 0, 0, 9},
      {BPF_ST, 0, 0, 15},
      {BPF_LDX | BPF_MEM, 0, 0, 15},
      {BPF_MISC | BPF_TXA, 0, 0, 0},
      {BPF_RET | BPF_A, 0, 0, 0}},
     5,
     9,
     false},
    {{{BPF_LD | BPF_LEN, 0, 0, 0}, {BPF_ALU | BPF_DIV, 0, 0, 2}, {BPF_RET | BPF_A, 0, 0, 0}},
     3,
     8,
     false},
    {{{BPF_LD | BPF_IMM, 0, 0, 5},
      {BPF_MISC | BPF_TAX, 0, 0, 0},
      {BPF_ALU | BPF_MUL | BPF_X, 0, 0, 0},
      {BPF_ALU | BPF_SUB, 0, 0, 14},
      {BPF_RET | BPF_A, 0, 0, 0}},
     5,
     11,
     false},
    {{{BPF_LD | BPF_IMM, 0, 0, 13},
      {BPF_ALU | BPF_MOD, 0, 0, 8},
      {BPF_ALU | BPF_XOR, 0, 0, 2},
      {BPF_ALU | BPF_OR, 0, 0, 8},
      {BPF_RET | BPF_A, 0, 0, 0}},
     5,
     15,
     false},
    {{{BPF_LD | BPF_IMM, 0, 0, 1},
      {BPF_ALU | BPF_NEG, 0, 0, 0},
      {BPF_ALU | BPF_ADD, 0, 0, 4},
      {BPF_ALU | BPF_LSH, 0, 0, 1},
      {BPF_RET | BPF_A, 0, 0, 0}},
     5,
     6,
     false},
    {{{BPF_JMP | BPF_JA, 0, 0, 1}, {BPF_RET, 0, 0, 1}, {BPF_RET, 0, 0, 2}}, 3, 2, false},
    {{{BPF_LD | BPF_IMM, 0, 0, 6},
      {BPF_JMP | BPF_JSET, 0, 1, 2},
      {BPF_RET, 0, 0, 3},
      {BPF_RET, 0, 0, 4}},
     4,
     3,
     false},
    {{{BPF_LD | BPF_IMM, 0, 0, 6},
      {BPF_JMP | BPF_JGT, 0, 1, 6},
      {BPF_RET, 0, 0, 3},
      {BPF_RET, 0, 0, 4}},
     4,
     4,
     false},
    {{{BPF_LD | BPF_IMM, 0, 0, 6},
      {BPF_JMP | BPF_JGE, 0, 1, 6},
      {BPF_RET, 0, 0, 3},
      {BPF_RET, 0, 0, 4}},
     4,
     3,
     false},
    {{{BPF_LD | BPF_B | BPF_ABS, 0, 0, 16}, {BPF_RET, 0, 0, 3}}, 2, 0, false}, /* behind the end */
    {{{BPF_LD | BPF_W | BPF_ABS, 0, 0, 13}, {BPF_RET, 0, 0, 3}}, 2, 0, false}, /* over the end */
    {{{BPF_LDX | BPF_IMM, 0, 0, 0}, {BPF_ALU | BPF_DIV | BPF_X, 0, 0, 0}, {BPF_RET, 0, 0, 3}},
     3,
     0,
     false},
    {{{BPF_ALU | BPF_DIV, 0, 0, 0}, {BPF_RET, 0, 0, 3}}, 2, 0, true},
    {{{BPF_JMP | BPF_JA, 0, 0, 9}, {BPF_RET, 0, 0, 3}}, 2, 0, true},
    {{{BPF_ST, 0, 0, 16}, {BPF_RET, 0, 0, 3}}, 2, 0, true},
    {{{BPF_LD | BPF_IMM, 0, 0, 3}}, 1, 0, true}, /* does not return */
    {{{0xffff, 0, 0, 0}, {BPF_RET | BPF_K, 0, 0, 0}}, 2, 0, true},
};

static const uint8_t data[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

int link_filter_run_test(void)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct err e = {0};
        struct filter f = {.count = row[i].count};
        memcpy(f.code, row[i].code, sizeof row[i].code);
        CHECK_ROW(i, filter_run(&f, data, sizeof data, PACKET_HOST) == row[i].result);
        int pair[2];
        uint8_t back[16];
        CHECK_ROW(i, socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, pair) == 0);
        bool refused = filter_attach(pair[1], &f, &e) != 0;
        CHECK_ROW(i, refused == row[i].kernel_refuses);
        (void)!write(pair[0], data, sizeof data);
        ssize_t got = read(pair[1], back, sizeof back);
        if (!refused)
            CHECK_ROW(i, (got < 0 ? 0 : got) == (ssize_t)row[i].result);
        close(pair[0]);
        close(pair[1]);
    }
    return failed;
}
