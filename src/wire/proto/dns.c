/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/proto/dns.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
    uint16_t number;
    const char *name;
} type_name[] = {
    {1, "A"},           {2, "NS"},         {3, "MD"},        {4, "MF"},       {5, "CNAME"},
    {6, "SOA"},         {7, "MB"},         {8, "MG"},        {9, "MR"},       {10, "NULL"},
    {11, "WKS"},        {12, "PTR"},       {13, "HINFO"},    {14, "MINFO"},   {15, "MX"},
    {16, "TXT"},        {17, "RP"},        {18, "AFSDB"},    {19, "X25"},     {20, "ISDN"},
    {21, "RT"},         {22, "NSAP"},      {23, "NSAPPTR"},  {24, "SIG"},     {25, "KEY"},
    {26, "PX"},         {27, "GPOS"},      {28, "AAAA"},     {29, "LOC"},     {30, "NXT"},
    {31, "EID"},        {32, "NIMLOC"},    {33, "SRV"},      {34, "ATMA"},    {35, "NAPTR"},
    {36, "KX"},         {37, "CERT"},      {38, "A6"},       {39, "DNAME"},   {40, "SINK"},
    {41, "OPT"},        {42, "APL"},       {43, "DS"},       {44, "SSHFP"},   {45, "IPSECKEY"},
    {46, "RRSIG"},      {47, "NSEC"},      {48, "DNSKEY"},   {49, "DHCID"},   {50, "NSEC3"},
    {51, "NSEC3PARAM"}, {52, "TLSA"},      {53, "SMIMEA"},   {55, "HIP"},     {56, "NINFO"},
    {57, "RKEY"},       {58, "TALINK"},    {59, "CDS"},      {60, "CDNSKEY"}, {61, "OPENPGPKEY"},
    {62, "CSYNC"},      {63, "ZONEMD"},    {64, "SVCB"},     {65, "HTTPS"},   {99, "SPF"},
    {100, "UINFO"},     {101, "UID"},      {102, "GID"},     {103, "UNSPEC"}, {104, "NID"},
    {105, "L32"},       {106, "L64"},      {107, "LP"},      {108, "EUI48"},  {109, "EUI64"},
    {249, "TKEY"},      {250, "TSIG"},     {251, "IXFR"},    {252, "AXFR"},   {253, "MAILB"},
    {254, "MAILA"},     {255, "ANY"},      {256, "URI"},     {257, "CAA"},    {258, "AVC"},
    {259, "DOA"},       {260, "AMTRELAY"}, {261, "RESINFO"}, {32768, "TA"},   {32769, "DLV"},
};

static const struct {
    uint16_t number;
    const char *name;
} rcode_name[] = {
    {0, "NOERROR"},  {1, "FORMERR"},  {2, "SERVFAIL"},  {3, "NXDOMAIN"}, {4, "NOTIMP"},
    {5, "REFUSED"},  {6, "YXDOMAIN"}, {7, "YXRRSET"},   {8, "NXRRSET"},  {9, "NOTAUTH"},
    {10, "NOTZONE"}, {16, "BADVERS"}, {17, "BADKEY"},   {18, "BADTIME"}, {19, "BADMODE"},
    {20, "BADNAME"}, {21, "BADALG"},  {22, "BADTRUNC"},
};

const char *dns_type_name(uint16_t type, char room[16])
{
    for (size_t i = 0; i < sizeof type_name / sizeof type_name[0]; i++)
        if (type_name[i].number == type)
            return type_name[i].name;
    snprintf(room, 16, "TYPE%u", type);
    return room;
}

int dns_type_find(const char *name)
{
    for (size_t i = 0; i < sizeof type_name / sizeof type_name[0]; i++)
        if (strcasecmp(type_name[i].name, name) == 0)
            return type_name[i].number;
    return -1;
}

const char *dns_rcode_name(uint16_t rcode, char room[16])
{
    for (size_t i = 0; i < sizeof rcode_name / sizeof rcode_name[0]; i++)
        if (rcode_name[i].number == rcode)
            return rcode_name[i].name;
    snprintf(room, 16, "UNKNOWN-%u", rcode);
    return room;
}

bool dns_head_is_plausible(const uint8_t *data, size_t have, size_t len)
{
    struct bytes_in in = bytes_in_of(data, have);
    bytes_skip(&in, 2);
    uint16_t flags = bytes_u16be(&in);
    uint16_t queries = bytes_u16be(&in);
    size_t records = queries;
    records += bytes_u16be(&in);
    records += bytes_u16be(&in);
    records += bytes_u16be(&in);
    if (in.bad || 2 * records > len || (records == 0 && len > DNS_HEAD_LEN))
        return false;
    return flags & DNS_FLAG_RESPONSE || queries > 0;
}

static void add_label(struct dns_name *out, const uint8_t *label, size_t len)
{
    if (out->odd & DNS_ODD_LONG_NAME)
        return;
    if (out->len)
        out->text[out->len++] = '.';
    size_t room = sizeof out->text - out->len;
    memcpy(out->text + out->len, label, len < room ? len : room);
    out->len = (uint16_t)(out->len + (len < room ? len : room));
    if (out->len > DNS_NAME_MAX) {
        out->len = DNS_NAME_MAX;
        out->odd |= DNS_ODD_LONG_NAME;
    }
}

/* RFC 1035 4.1.4: a pointer leads elsewhere; what stands behind the first one follows the name. */
size_t dns_name_at(const struct dns_message *m, size_t at, struct dns_name *out)
{
    size_t behind = 0;
    unsigned labels = 0;
    out->len = 0;
    out->odd = 0;
    for (;;) {
        if (at >= m->len)
            return behind ? behind : at;
        uint8_t len = m->data[at];
        if (len == 0)
            return behind ? behind : at + 1;
        if ((len & 0xc0) == 0xc0) {
            if (at + 1 >= m->len)
                return 0;
            size_t to = (size_t)(len & 0x3f) << 8 | m->data[at + 1];
            if (to > m->len)
                return 0;
            if (to == at) {
                out->odd |= DNS_ODD_LOOP;
                return behind;
            }
            behind = behind ? behind : at + 2;
            at = to;
        } else if (len & 0xc0 || at + 1 + len > m->len) {
            return 0;
        } else {
            add_label(out, m->data + at + 1, len);
            at += 1u + len;
        }
        if (++labels > DNS_LABEL_COUNT_MAX) {
            out->odd |= DNS_ODD_LABELS | DNS_ODD_LONG_NAME;
            return behind;
        }
        if (out->odd & DNS_ODD_LONG_NAME && behind)
            return behind;
    }
}

/* One record; 0: malformed. */
static size_t read_record(struct dns_message *m, size_t at, bool query, struct dns_record *out)
{
    struct dns_name name;
    *out = (struct dns_record){.name_at = (uint32_t)at};
    at = dns_name_at(m, at, &name);
    m->odd |= name.odd;
    if (!at)
        return 0;
    struct bytes_in in = bytes_in_of(m->data + at, m->len - at);
    out->type = bytes_u16be(&in);
    out->class = bytes_u16be(&in);
    if (!query) {
        out->ttl = bytes_u32be(&in);
        out->data_len = bytes_u16be(&in);
        out->data_at = (uint32_t)(in.pos - m->data);
        bytes_skip(&in, out->data_len);
    }
    return in.bad ? 0 : (size_t)(in.pos - m->data);
}

static size_t read_section(struct dns_message *m, int section, size_t at, struct arena *arena)
{
    size_t left = m->len > at ? (m->len - at) / 5 + 1 : 1; /* no record is shorter */
    size_t room = m->promised[section] < left ? m->promised[section] : left;
    if (room == 0)
        return at;
    m->record[section] = arena_array(arena, room, sizeof *m->record[section]);
    for (uint16_t i = 0; i < m->promised[section]; i++) {
        if (m->count[section] == room)
            return 0;
        size_t next =
            read_record(m, at, section == DNS_QUERIES, &m->record[section][m->count[section]]);
        if (!next)
            return 0;
        m->count[section]++;
        at = next;
    }
    return at;
}

bool dns_parse(struct dns_message *out, const uint8_t *data, size_t len, struct arena *arena)
{
    struct bytes_in in = bytes_in_of(data, len);
    *out = (struct dns_message){.data = data, .len = len};
    out->id = bytes_u16be(&in);
    out->flags = bytes_u16be(&in);
    for (int i = 0; i < DNS_SECTIONS; i++)
        out->promised[i] = bytes_u16be(&in);
    if (in.bad)
        return false;
    size_t at = DNS_HEAD_LEN;
    for (int section = 0; section < DNS_SECTIONS; section++) {
        size_t next = read_section(out, section, at, arena);
        if (!next && section < DNS_AUTHORITIES)
            return false;
        if (!next) {
            out->odd |= DNS_ODD_SECTION;
            return true;
        }
        at = next;
    }
    return true;
}
