/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/text/xml_reader.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <string.h>

enum { ATTRS_MAX = 256, CHUNK = 1 << 16, FAULT_MAX = 200 };

struct reading {
    const struct xml_events *events;
    struct str *fault;
    bool broken;
};

static void on_open(void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
                    int namespace_count, const xmlChar **namespaces, int count, int defaulted,
                    const xmlChar **attributes)
{
    struct reading *r = ctx;
    struct xml_attr attr[ATTRS_MAX];
    struct xml_name name = {(const char *)local, (const char *)prefix, (const char *)uri};
    size_t n = 0;
    (void)namespace_count, (void)namespaces, (void)defaulted;
    for (int i = 0; i < count && n < ATTRS_MAX; i++) { /* five pointers each: libxml/parser.h */
        const xmlChar **a = attributes + 5 * i;
        attr[n++] = (struct xml_attr){{(const char *)a[0], (const char *)a[1], (const char *)a[2]},
                                      (const char *)a[3],
                                      (size_t)(a[4] - a[3])};
    }
    r->events->open(r->events->ctx, &name, attr, n);
}

static void on_close(void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
    struct reading *r = ctx;
    struct xml_name name = {(const char *)local, (const char *)prefix, (const char *)uri};
    r->events->close(r->events->ctx, &name);
}

static void on_text(void *ctx, const xmlChar *text, int len)
{
    struct reading *r = ctx;
    r->events->text(r->events->ctx, (const char *)text, (size_t)len);
}

static void on_error(void *ctx, xmlErrorPtr error)
{
    struct reading *r = ctx;
    /* a relative namespace name is only a warning of taste */
    if (error->level < XML_ERR_ERROR || error->code == XML_WAR_NS_URI_RELATIVE)
        return;
    if (!r->broken && r->fault) {
        const char *text = error->message ? error->message : "";
        size_t len = strcspn(text, "\n");
        str_addf(r->fault, "line %d: %.*s", error->line, (int)(len < FAULT_MAX ? len : FAULT_MAX),
                 text);
    }
    r->broken = true;
}

bool xml_read(const char *text, size_t len, const struct xml_events *events, struct str *fault)
{
    static const int options = XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_IGNORE_ENC;
    struct reading r = {.events = events, .fault = fault};
    xmlSAXHandler handler = {.initialized = XML_SAX2_MAGIC,
                             .startElementNs = on_open,
                             .endElementNs = on_close,
                             .characters = on_text,
                             .ignorableWhitespace = on_text,
                             .cdataBlock = on_text,
                             .serror = on_error};
    xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&handler, &r, NULL, 0, NULL);
    if (!parser)
        return false;
    (void)xmlCtxtUseOptions(parser, options);
    for (size_t at = 0; at < len; at += CHUNK) {
        size_t n = len - at < CHUNK ? len - at : CHUNK;
        (void)xmlParseChunk(parser, text + at, (int)n, at + n == len);
    }
    if (len == 0)
        (void)xmlParseChunk(parser, "", 0, 1);
    bool well = parser->wellFormed && !r.broken;
    xmlFreeParserCtxt(parser);
    return well;
}
