/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/nasl/meta_json.h"

#include "core/text/json.h"

static void write_text(struct json_out *j, const char *key, const char *latin1)
{
    struct str utf8 = str_of(0);
    for (const char *p = latin1; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c >= 0x80)
            str_add_char(&utf8, (char)(0xc0 | c >> 6));
        str_add_char(&utf8, (char)(c >= 0x80 ? 0x80 | (c & 0x3f) : c));
    }
    json_text(j, key, str_text(&utf8));
    str_done(&utf8);
}

static void write_list(struct json_out *j, const char *key, const struct text_list *list)
{
    json_array(j, key);
    for (size_t i = 0; i < list->count; i++)
        write_text(j, NULL, list->text[i]);
    json_end(j);
}

static void write_tags(struct json_out *j, const struct nasl_meta *m)
{
    json_object(j, "tag");
    for (size_t i = 0; i < m->tags.count; i++)
        write_text(j, m->tags.pair[i].name, m->tags.pair[i].value);
    json_end(j);
}

static void write_references(struct json_out *j, const struct nasl_meta *m)
{
    json_array(j, "references");
    for (size_t i = 0; i < m->references.count; i++) {
        json_object(j, NULL);
        write_text(j, "class", m->references.pair[i].name);
        write_text(j, "id", m->references.pair[i].value);
        json_end(j);
    }
    json_end(j);
}

static void write_preferences(struct json_out *j, const struct nasl_meta *m)
{
    json_array(j, "preferences");
    for (size_t i = 0; i < m->preference_count; i++) {
        const struct nasl_preference *p = &m->preference[i];
        json_object(j, NULL);
        json_i64(j, "id", p->id);
        write_text(j, "class", p->type);
        write_text(j, "name", p->name);
        write_text(j, "default", p->value);
        json_end(j);
    }
    json_end(j);
}

void nasl_meta_write_json(const struct nasl_meta *m, const char *file, struct str *out)
{
    struct json_out writer = json_out_of(out), *j = &writer;
    json_object(j, NULL);
    write_text(j, "oid", m->oid ? m->oid : "");
    write_text(j, "name", m->name ? m->name : "");
    write_text(j, "filename", file);
    write_tags(j, m);
    write_list(j, "dependencies", &m->dependencies);
    write_list(j, "required_keys", &m->required_keys);
    write_list(j, "mandatory_keys", &m->mandatory_keys);
    write_list(j, "excluded_keys", &m->excluded_keys);
    write_list(j, "required_ports", &m->required_ports);
    write_list(j, "required_udp_ports", &m->required_udp_ports);
    write_references(j, m);
    write_preferences(j, m);
    const char *category = nasl_category_name(m->category);
    json_text(j, "category", category ? category : "");
    write_text(j, "family", m->family ? m->family : "");
    json_end(j);
}
