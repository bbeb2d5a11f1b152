/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bits of a packet's heads: TCP flags, fragment bits, IP options, checksums. */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "tool/ids/keyword/keyword.h"
#include "tool/ids/look/look.h"
#include "wire/packet/layer/ip4.h"
#include "wire/packet/layer/ip6.h"
#include "wire/packet/layer/tcp.h"

enum how { BITS_EXACT, BITS_ALL, BITS_ANY, BITS_NONE };

struct bits_test {
    uint8_t how, bits, ignored;
};

static bool bits_hold(const struct bits_test *t, uint8_t bits)
{
    switch ((enum how)t->how) {
    case BITS_EXACT:
        return (bits & (uint8_t)~t->ignored) == t->bits;
    case BITS_ALL:
        return (bits & t->bits) == t->bits;
    case BITS_ANY:
        return (bits & t->bits) != 0;
    default:
        return (bits & t->bits) == 0;
    }
}

/* One of + * ! in front or behind. */
static char *read_how(char *text, struct bits_test *t)
{
    static const char mark[] = "+*!";
    static const uint8_t how[] = {BITS_ALL, BITS_ANY, BITS_NONE};
    size_t len = strlen(text);
    const char *first = *text ? strchr(mark, *text) : NULL;
    if (first) {
        t->how = how[first - mark];
        return word_trim(text + 1);
    }
    const char *last = len ? strchr(mark, text[len - 1]) : NULL;
    if (last) {
        t->how = how[last - mark];
        text[len - 1] = '\0';
    }
    return word_trim(text);
}

static int read_letters(const char *text, const char *letter, const uint8_t *bit, uint8_t *out,
                        struct err *e)
{
    for (; *text; text++) {
        char c = *text >= 'a' && *text <= 'z' ? (char)(*text - 32) : *text;
        const char *found = strchr(letter, c);
        if (!found)
            return err_set(e, -EINVAL, "unknown letter \"%c\"", *text);
        *out |= bit[found - letter];
    }
    return 0;
}

static bool tcp_holds(const void *state, const struct look *look)
{
    const struct packet *p = look->packet->packet;
    return p->transport == PACKET_TCP && bits_hold(state, p->tcp_flags);
}

/* [+*!]LETTERS[,LETTERS to leave out] */
static int parse_tcp(struct rule_parser *p, const struct ids_keyword *k, char *value, struct err *e)
{
    static const char letter[] = "FSRPAU21CE0";
    static const uint8_t bit[] = {TCP_FIN, TCP_SYN, TCP_RST, TCP_PSH, TCP_ACK, TCP_URG,
                                  TCP_ECE, TCP_CWR, TCP_CWR, TCP_ECE, 0};
    struct bits_test *t = parser_take(p, sizeof *t);
    char *rest = value, *flags = word_next(&rest, ','), *mask = word_next(&rest, ',');
    (void)k;
    flags = read_how(flags, t);
    if (!*flags)
        return err_set(e, -EINVAL, "no flags");
    if (read_letters(flags, letter, bit, &t->bits, e) < 0 ||
        (mask && read_letters(mask, letter, bit, &t->ignored, e) < 0))
        return e->code;
    parser_add_test(p, tcp_holds, t);
    p->rule->trait |= RULE_HAS_PACKET_TEST;
    return 0;
}

enum { FRAGMENT_MORE = 1, FRAGMENT_DONT = 2, FRAGMENT_RESERVED = 4 };

static bool fragment_holds(const void *state, const struct look *look)
{
    const struct packet *p = look->packet->packet;
    struct bytes_in in = packet_net(p);
    struct ip4_head four;
    struct ip6_head six;
    uint8_t bits = 0;
    if (p->net == PACKET_IP4 && ip4_decode(&in, &four)) {
        bits = (uint8_t)((four.more_fragments ? FRAGMENT_MORE : 0) |
                         (four.dont_fragment ? FRAGMENT_DONT : 0) |
                         (four.reserved ? FRAGMENT_RESERVED : 0));
    } else if (p->net == PACKET_IP6 && ip6_decode(&in, &six)) {
        struct ip6_ext x = {0};
        ip6_skip_ext(&in, six.next, &x);
        if (look->rule->dialect == RULE_SURICATA) /* Snort knows the bits of IPv4 only */
            bits = x.more_fragments ? FRAGMENT_MORE : 0;
    } else {
        return false;
    }
    return bits_hold(state, bits);
}

static int parse_fragment(struct rule_parser *p, const struct ids_keyword *k, char *value,
                          struct err *e)
{
    static const uint8_t bit[] = {FRAGMENT_MORE, FRAGMENT_DONT, FRAGMENT_RESERVED};
    struct bits_test *t = parser_take(p, sizeof *t);
    (void)k;
    value = read_how(value, t);
    if (!*value)
        return err_set(e, -EINVAL, "no bits");
    if (read_letters(value, "MDR", bit, &t->bits, e) < 0)
        return e->code;
    if (t->how == BITS_ALL && p->dialect != RULE_SURICATA)
        t->how = BITS_ANY; /* measured: Snort's "+MD" holds on either */
    parser_add_test(p, fragment_holds, t);
    p->rule->trait |= RULE_HAS_PACKET_TEST;
    return 0;
}

struct option_test {
    uint8_t kind; /* of the IPv4 option */
    bool any, negated;
};

static bool option_holds(const void *state, const struct look *look)
{
    const struct option_test *t = state;
    const struct packet *p = look->packet->packet;
    struct bytes_in in = packet_net(p);
    struct ip4_head h;
    struct ip4_option o;
    bool found = false;
    if (p->net != PACKET_IP4 || !ip4_decode(&in, &h))
        return false;
    if (t->any)
        return (h.option_len > 0) != t->negated;
    struct bytes_in options = bytes_in_of(h.option, h.option_len);
    while (!found && ip4_option_next(&options, &o))
        found = o.kind == t->kind;
    return found != t->negated;
}

static int parse_option(struct rule_parser *p, const struct ids_keyword *k, char *value,
                        struct err *e)
{
    static const struct {
        const char *name;
        uint8_t kind;
    } row[] = {
        {"rr", IP4_OPTION_RECORD_ROUTE},
        {"eol", IP4_OPTION_END},
        {"nop", IP4_OPTION_NOP},
        {"ts", IP4_OPTION_TIMESTAMP},
        {"sec", IP4_OPTION_SECURITY},
        {"esec", 133},
        {"lsrr", IP4_OPTION_LOOSE_ROUTE},
        {"lsrre", IP4_OPTION_LOOSE_ROUTE},
        {"ssrr", IP4_OPTION_STRICT_ROUTE},
        {"satid", IP4_OPTION_STREAM_ID},
        {"cipso", 134},
        {"rtralt", IP4_OPTION_ROUTER_ALERT},
    };
    struct option_test *t = parser_take(p, sizeof *t);
    (void)k;
    if (*value == '!') {
        t->negated = true;
        value = word_trim(value + 1);
    }
    t->any = strcasecmp(value, "any") == 0;
    bool known = t->any;
    for (size_t i = 0; i < ARRAY_COUNT(row); i++)
        if (strcasecmp(row[i].name, value) == 0) {
            t->kind = row[i].kind;
            known = true;
        }
    if (!known)
        return err_set(e, -EINVAL, "unknown IP option \"%s\"", value);
    parser_add_test(p, option_holds, t);
    p->rule->trait |= RULE_HAS_PACKET_TEST;
    return 0;
}

/* Which checksum a row is about. */
struct sum_kind {
    uint8_t net, transport; /* enum packet_kind; transport NONE: of IP itself */
};

struct sum_test {
    const struct sum_kind *kind;
    bool valid;
};

static bool sum_holds(const void *state, const struct look *look)
{
    const struct sum_test *t = state;
    const struct packet *p = look->packet->packet;
    if (p->net != t->kind->net || (look->packet->flag & IDS_PSEUDO) ||
        (t->kind->transport != PACKET_NONE && p->transport != t->kind->transport))
        return false;
    enum packet_sum sum = packet_sum_check(p);
    bool bad = t->kind->transport == PACKET_NONE ? sum == PACKET_SUM_BAD_NET
                                                 : sum == PACKET_SUM_BAD_TRANSPORT;
    return bad != t->valid;
}

static int parse_sum(struct rule_parser *p, const struct ids_keyword *k, char *value, struct err *e)
{
    struct sum_test *t = parser_take(p, sizeof *t);
    char *text = word_unquote(value);
    if (!text)
        text = value;
    t->kind = k->detail;
    t->valid = strcasecmp(text, "valid") == 0;
    if (!t->valid && strcasecmp(text, "invalid") != 0)
        return err_set(e, -EINVAL, "\"%s\" is neither \"valid\" nor \"invalid\"", value);
    parser_add_test(p, sum_holds, t);
    p->rule->trait |= RULE_HAS_PACKET_TEST | RULE_CHECKS_SUM;
    return 0;
}

static const struct sum_kind ip4_sum = {PACKET_IP4, PACKET_NONE};
static const struct sum_kind tcp4_sum = {PACKET_IP4, PACKET_TCP};
static const struct sum_kind tcp6_sum = {PACKET_IP6, PACKET_TCP};
static const struct sum_kind udp4_sum = {PACKET_IP4, PACKET_UDP};
static const struct sum_kind udp6_sum = {PACKET_IP6, PACKET_UDP};
static const struct sum_kind icmp4_sum = {PACKET_IP4, PACKET_ICMP4};
static const struct sum_kind icmp6_sum = {PACKET_IP6, PACKET_ICMP6};

#define SUM(word, kind)                                                                            \
    {                                                                                              \
        word, RULE_SURICATA, KEYWORD_NEEDS_VALUE, parse_sum, &kind,                                \
            word ":valid|invalid; checksum"                                                        \
    }

static const struct ids_keyword keyword[] = {
    {"flags", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_tcp, NULL,
     "flags:[+*!]FSRPAUCE0[,MASK]; TCP flags"},
    {"tcp.flags", RULE_SURICATA, KEYWORD_NEEDS_VALUE, parse_tcp, NULL,
     "tcp.flags:[+*!]FSRPAUCE0[,MASK]; TCP flags"},
    {"fragbits", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_fragment, NULL,
     "fragbits:[+*!]MDR; fragment bits"},
    {"ipopts", RULE_ANY_DIALECT, KEYWORD_NEEDS_VALUE, parse_option, NULL,
     "ipopts:NAME|any; an IPv4 option is there"},
    SUM("ipv4-csum", ip4_sum),
    SUM("tcpv4-csum", tcp4_sum),
    SUM("tcpv6-csum", tcp6_sum),
    SUM("udpv4-csum", udp4_sum),
    SUM("udpv6-csum", udp6_sum),
    SUM("icmpv4-csum", icmp4_sum),
    SUM("icmpv6-csum", icmp6_sum),
};

const struct ids_keyword_family ids_keyword_flags = {"flags", "bits of a packet's heads", keyword,
                                                     ARRAY_COUNT(keyword)};
