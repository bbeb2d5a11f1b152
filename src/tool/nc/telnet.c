/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nc/telnet.h"

enum { SE = 240, SB = 250, WILL = 251, WONT = 252, DO = 253, DONT = 254, IAC = 255 };
enum { IN_DATA, IN_COMMAND, IN_OPTION, IN_SUB, IN_SUB_COMMAND };

/* Behind an IAC.  true: the byte is data (IAC IAC is one 255). */
static bool take_command(struct telnet *t, uint8_t byte)
{
    t->state = IN_DATA;
    if (byte == SB)
        t->state = IN_SUB;
    else if (byte >= WILL && byte <= DONT) {
        t->verb = byte;
        t->state = IN_OPTION;
    }
    return byte == IAC;
}

static void refuse(struct telnet *t, uint8_t option, struct str *reply)
{
    t->state = IN_DATA;
    if (t->verb == WONT || t->verb == DONT)
        return; /* we never had it on: RFC 854, "to prevent loops" */
    const char answer[3] = {(char)IAC, (char)(t->verb == DO ? WONT : DONT), (char)option};
    str_add_len(reply, answer, sizeof answer);
}

size_t telnet_receive(struct telnet *t, uint8_t *data, size_t len, struct str *reply)
{
    size_t kept = 0;
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = data[i];
        switch (t->state) {
        case IN_DATA:
            if (byte == IAC)
                t->state = IN_COMMAND;
            else
                data[kept++] = byte;
            break;
        case IN_COMMAND:
            if (take_command(t, byte))
                data[kept++] = byte;
            break;
        case IN_OPTION:
            refuse(t, byte, reply);
            break;
        case IN_SUB:
            t->state = byte == IAC ? IN_SUB_COMMAND : IN_SUB;
            break;
        default:
            t->state = byte == SE ? IN_DATA : IN_SUB;
        }
    }
    return kept;
}

size_t telnet_send(const uint8_t *data, size_t len, uint8_t *out)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++) {
        out[count++] = data[i];
        if (data[i] == IAC)
            out[count++] = IAC;
    }
    return count;
}
