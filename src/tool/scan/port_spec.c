/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/scan/port_spec.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum { ELEMENT_MAX = 128, IP_PROTO_LAST = 255 };

struct spec {
    const struct service_table *services;
    struct scan_ports *out;
    unsigned protos; /* those the next element counts for */
    bool only_known; /* inside [ ] */
};

static const struct {
    char letter;
    enum scan_proto proto;
} letters[] = {{'T', SCAN_TCP}, {'U', SCAN_UDP}, {'S', SCAN_SCTP}, {'P', SCAN_IP}};

/* A number up to PORT_COUNT - 1 at *pos; -1 when there is none or it is larger. */
static int read_port(const char **pos)
{
    int value = 0;
    if (!isdigit((unsigned char)**pos))
        return -1;
    for (; isdigit((unsigned char)**pos); ++*pos) {
        value = value * 10 + (**pos - '0');
        if (value >= PORT_COUNT)
            return -1;
    }
    return value;
}

static void add_range(const struct spec *s, enum scan_proto proto, int first, int last)
{
    if (s->only_known)
        service_table_known(s->services, proto, (uint16_t)first, (uint16_t)last,
                            &s->out->of[proto]);
    else
        port_set_add_range(&s->out->of[proto], (uint16_t)first, (uint16_t)last);
}

/* "80", "1-100", "-100", "1000-", "-": an open end is the first or last port there is. */
static int add_numbers(const struct spec *s, const char *element, struct err *e)
{
    const char *pos = element;
    int first = -1, last = -1;
    if (*pos != '-' && (first = read_port(&pos)) < 0)
        return err_set(e, -EINVAL, "port \"%s\" is not between 0 and 65535", element);
    if (*pos == '-') {
        pos++;
        if (*pos && (last = read_port(&pos)) < 0)
            return err_set(e, -EINVAL, "port \"%s\" is not between 0 and 65535", element);
    } else {
        last = first;
    }
    if (*pos)
        return err_set(e, -EINVAL, "port \"%s\": \"%s\" is no port number", element, pos);
    for (enum scan_proto p = 0; p < SCAN_PROTO_COUNT; p++) {
        if (!(s->protos & 1U << p))
            continue;
        int from = first >= 0 ? first : p == SCAN_IP ? 0 : 1;
        int to = last >= 0 ? last : p == SCAN_IP ? IP_PROTO_LAST : PORT_COUNT - 1;
        if (from > to)
            return err_set(e, -EINVAL, "port range \"%s\" runs backwards", element);
        if (p == SCAN_IP && to > IP_PROTO_LAST)
            return err_set(e, -EINVAL, "protocol \"%s\" is not between 0 and 255", element);
        add_range(s, p, from, to);
    }
    return 0;
}

static int add_names(const struct spec *s, const char *element, struct err *e)
{
    for (const char *c = element; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("*?-_.+/:", *c))
            return err_set(e, -EINVAL, "\"%s\" is neither a port nor a service name", element);
    size_t found = 0;
    for (enum scan_proto p = 0; p < SCAN_IP; p++)
        if (s->protos & 1U << p)
            found += service_table_match(s->services, p, element, &s->out->of[p]);
    if (!found)
        return err_set(e, -EINVAL, "no port has the service name \"%s\"", element);
    return 0;
}

/* Take "T:" and "[" off the front and "]" off the end of the element. */
static int add_element(struct spec *s, char *element, struct err *e)
{
    for (size_t i = 0; i < ARRAY_COUNT(letters); i++)
        if (element[0] == letters[i].letter && element[1] == ':') {
            s->protos = 1U << letters[i].proto;
            element += 2;
            break;
        }
    if (*element == '[') {
        if (s->only_known)
            return err_set(e, -EINVAL, "a [ inside [ ] in the port list");
        s->only_known = true;
        element++;
    }
    size_t len = strlen(element);
    bool closes = len && element[len - 1] == ']';
    if (closes && !s->only_known)
        return err_set(e, -EINVAL, "a ] without a [ in the port list");
    if (closes)
        element[--len] = '\0';
    if (!len)
        return err_set(e, -EINVAL, "an empty element in the port list");
    int rc = isdigit((unsigned char)*element) || *element == '-' ? add_numbers(s, element, e)
                                                                 : add_names(s, element, e);
    if (closes)
        s->only_known = false;
    return rc;
}

int port_spec_parse(const char *text, unsigned protos, const struct service_table *services,
                    struct scan_ports *out, struct err *e)
{
    struct spec s = {.services = services, .out = out, .protos = protos};
    const char *pos = text;
    do {
        char element[ELEMENT_MAX];
        size_t len = strcspn(pos, ",");
        if (len >= sizeof element)
            return err_set(e, -EINVAL, "port list: an element of over %d characters",
                           ELEMENT_MAX - 1);
        memcpy(element, pos, len);
        element[len] = '\0';
        if (add_element(&s, element, e) < 0)
            return e->code;
        pos += len;
    } while (*pos++ == ',');
    if (s.only_known)
        return err_set(e, -EINVAL, "a [ without a ] in the port list");
    return 0;
}
