/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/rule/header.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "tool/ids/rule/action.h"

/* Protocols below the application. */
static const struct {
    const char *name;
    uint16_t link;
} link_row[] = {
    {"tcp", RULE_TCP},
    {"tcp-pkt", RULE_TCP | RULE_PACKETS_ONLY},
    {"tcp-stream", RULE_TCP | RULE_STREAM_ONLY},
    {"udp", RULE_UDP},
    {"icmp", RULE_ICMP4 | RULE_ICMP6},
    {"icmpv4", RULE_ICMP4},
    {"icmpv6", RULE_ICMP6},
    {"sctp", RULE_SCTP},
    {"ip", RULE_ANY_IP},
    {"ipv4", RULE_ANY_IP | RULE_ONLY_IP4},
    {"ip4", RULE_ANY_IP | RULE_ONLY_IP4},
    {"ipv6", RULE_ANY_IP | RULE_ONLY_IP6},
    {"ip6", RULE_ANY_IP | RULE_ONLY_IP6},
    {"pkthdr", RULE_ANY_IP | RULE_NOT_IP},
};

#define BIT(upper) (UINT64_C(1) << INSPECT_##upper)

/* Names that other tools give to protocols; those without a bit are known, but not told apart here:
 * rules for them are tried on no flow. */
static const struct {
    const char *name;
    uint64_t bits;
} service_row[] = {
    {"ssl", BIT(TLS)},
    {"https", BIT(TLS)},
    {"http", BIT(HTTP1) | BIT(HTTP2) | BIT(HTTP_ANY)},
    {"http1", BIT(HTTP1)},
    {"http2", BIT(HTTP2)},
    {"netbios-ssn", BIT(SMB)},
    {"netbios-dgm", 0},
    {"netbios-ns", 0},
    {"dce_smb", BIT(SMB)},
    {"dce_tcp", BIT(DCERPC)},
    {"dce_udp", BIT(DCERPC)},
    {"dcerpc", BIT(DCERPC)},
    {"dce_http_proxy", 0},
    {"dce_http_server", 0},
    {"ikev2", BIT(IKE)},
    {"kerberos", BIT(KRB5)},
    {"krb5", BIT(KRB5)},
    {"sunrpc", BIT(NFS)},
    {"vnc-server", BIT(RFB)},
    {"vnc", BIT(RFB)},
    {"pop3", BIT(POP3)},
    {"pop3s", 0},
    {"imaps", 0},
    {"smtps", 0},
    {"mysql", 0},
    {"postgresql", BIT(PGSQL)},
    {"mssql", 0},
    {"oracle", 0},
    {"teamview", 0},
    {"wins", 0},
    {"syslog", 0},
    {"java_rmi", 0},
    {"ircd", BIT(IRC)},
    {"irc", BIT(IRC)},
    {"rtmp", 0},
    {"rtsp", 0},
    {"rdp", BIT(RDP)},
    {"drda", 0},
    {"gopher", 0},
    {"finger", 0},
    {"cvspserver", 0},
    {"cvs", 0},
    {"nntp", 0},
    {"login", 0},
    {"shell", 0},
    {"exec", 0},
    {"rlogin", 0},
    {"ssdp", 0},
    {"upnp", 0},
    {"wmi", 0},
    {"gtp", 0},
    {"cip", BIT(ENIP)},
    {"iec104", 0},
    {"mms", 0},
    {"opcua", 0},
    {"s7commplus", 0},
    {"socks", 0},
    {"netflow", 0},
    {"file", 0},
    {"bgp", 0},
    {"ldp", 0},
    {"radius", 0},
    {"xmpp", BIT(JABBER)},
    {"jabber", BIT(JABBER)},
    {"bit", 0},
    {"bittorrent", 0},
    {"sdp", BIT(SIP)},
    {"dnp3", BIT(DNP3)},
    {"bacnet", 0},
    {"jdwp", 0},
    {"ms-sql-m", 0},
    {"zmtp", 0},
    {"hpserver", 0},
    {"printer", 0},
    {"rsync", 0},
    {"ipp", 0},
};

int header_service(const char *name, uint64_t *out_bits)
{
    for (size_t i = 0; i < ARRAY_COUNT(service_row); i++)
        if (strcasecmp(service_row[i].name, name) == 0) {
            *out_bits = service_row[i].bits;
            return 0;
        }
    int proto = inspect_proto_find(name);
    if (proto < 0)
        return -1;
    *out_bits = UINT64_C(1) << proto;
    return 0;
}

static uint16_t link_of_proto(int proto)
{
    switch (proto) { /* those that one transport alone carries; the others are tried on both */
    case INSPECT_HTTP1:
    case INSPECT_TLS:
    case INSPECT_SMTP:
        return RULE_TCP;
    default:
        return RULE_TCP | RULE_UDP;
    }
}

static int parse_protocol(struct rule_parser *p, const char *name, struct err *e)
{
    for (size_t i = 0; i < ARRAY_COUNT(link_row); i++)
        if (strcasecmp(link_row[i].name, name) == 0) {
            p->rule->link = link_row[i].link;
            return 0;
        }
    if (p->dialect == RULE_SNORT3) {
        uint64_t bits;
        if (header_service(name, &bits) == 0) {
            p->rule->link = RULE_TCP | RULE_UDP;
            p->rule->service |= bits ? bits : UINT64_C(1) << 63;
            p->rule->trait |= RULE_SERVICE_ONLY;
            return 0;
        }
        return err_set(e, -EINVAL, "unknown protocol or service \"%s\"", name);
    }
    int proto = strcasecmp(name, "sdp") == 0     ? INSPECT_SIP
                : strcasecmp(name, "ikev2") == 0 ? INSPECT_IKE
                                                 : inspect_proto_find(name);
    if (proto <= INSPECT_FAILED)
        return err_set(e, -EINVAL, "unknown protocol \"%s\"", name);
    p->rule->proto = (uint8_t)proto;
    p->rule->link = link_of_proto(proto);
    return 0;
}

/* The next word of a header: ends at a blank outside brackets. */
static char *next_word(char **rest)
{
    char *word = *rest;
    while (*word == ' ' || *word == '\t' || *word == '\n' || *word == '\r')
        word++;
    if (!*word)
        return NULL;
    int depth = 0;
    char *c = word;
    for (; *c && (depth > 0 || (*c != ' ' && *c != '\t' && *c != '\n' && *c != '\r')); c++) {
        depth += *c == '[';
        depth -= *c == ']';
    }
    *rest = *c ? c + 1 : c;
    *c = '\0';
    return word;
}

static int parse_direction(struct rule_parser *p, const char *word, struct err *e)
{
    if (strcmp(word, "<>") == 0)
        p->rule->trait |= RULE_BOTH_WAYS;
    else if (strcmp(word, "=>") == 0 && p->rule->proto)
        p->rule->trait |= RULE_FULL_FLOW | RULE_BOTH_WAYS;
    else if (strcmp(word, "->") != 0)
        return err_set(e, -EINVAL, "\"%s\" is no direction (-> or <>)", word);
    return 0;
}

enum { WORD_ACTION, WORD_PROTO, WORD_SRC, WORD_SPORT, WORD_WAY, WORD_DST, WORD_DPORT, WORD_COUNT };

static int parse_ends(struct rule_parser *p, char *const word[WORD_COUNT], int *out_word,
                      struct err *e)
{
    struct variable_table *v = &p->set->variable;
    struct rule *r = p->rule;
    *out_word = WORD_SRC;
    if (variable_addresses(v, word[WORD_SRC], &r->src.addresses, e) < 0)
        return e->code;
    *out_word = WORD_SPORT;
    if (variable_ports(v, word[WORD_SPORT], &r->src.ports, e) < 0)
        return e->code;
    *out_word = WORD_WAY;
    if (parse_direction(p, word[WORD_WAY], e) < 0)
        return e->code;
    *out_word = WORD_DST;
    if (variable_addresses(v, word[WORD_DST], &r->dst.addresses, e) < 0)
        return e->code;
    *out_word = WORD_DPORT;
    return variable_ports(v, word[WORD_DPORT], &r->dst.ports, e);
}

/* "any any -> any any" */
static int any_ends(struct rule_parser *p, struct err *e)
{
    struct variable_table *v = &p->set->variable;
    if (variable_addresses(v, "any", &p->rule->src.addresses, e) < 0 ||
        variable_ports(v, "any", &p->rule->src.ports, e) < 0)
        return e->code;
    p->rule->dst = p->rule->src;
    return 0;
}

int header_parse(struct rule_parser *p, char *text, size_t *out_at, struct err *e)
{
    char *word[WORD_COUNT + 1] = {0}, *rest = text;
    int count = 0, bad = WORD_ACTION;
    while (count <= WORD_COUNT && (word[count] = next_word(&rest)))
        count++;
    *out_at = 0;
    if (count == 0)
        return err_set(e, -EINVAL, "no action");
    int action = rule_action_from_name(word[0], strlen(word[0]));
    if (action < 0)
        return err_set(e, -EINVAL, "unknown action \"%s\"", word[0]);
    p->rule->action = (uint8_t)action;
    if (count == 1 && p->dialect == RULE_SNORT3) { /* the stub of a built-in event */
        p->rule->link = RULE_ANY_IP | RULE_NOT_IP;
        p->rule->trait |= RULE_BUILTIN;
        return any_ends(p, e);
    }
    if (count != WORD_COUNT && !(count == 2 && p->dialect == RULE_SNORT3))
        return err_set(
            e, -EINVAL,
            "a rule begins with action, protocol, addresses, ports, direction, addresses, "
            "ports");
    *out_at = (size_t)(word[WORD_PROTO] - text);
    if (parse_protocol(p, word[WORD_PROTO], e) < 0)
        return e->code;
    if (count == 2)
        return any_ends(p, e);
    int rc = parse_ends(p, word, &bad, e);
    if (rc < 0)
        *out_at = (size_t)(word[bad] - text);
    return rc;
}
