/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Languages, references, titles, ids: what stands in a document as words. */
#include <string.h>
#include <strings.h>

#include "core/text/url.h"
#include "tool/advisory/csaf/rules.h"

/* ISO 639-1, without blanks between. */
static const char languages[] =
    "aaabaeafakamanarasavayazbabebgbhbibmbnbobrbscacechcocrcscucvcydadedvdzeeeleneoeseteufafffifj"
    "fofrfygagdglgngugvhahehihohrhthuhyhziaidieigiiikioisitiujajvkakgkikjkkklkmknkokrkskukvkwkylalb"
    "lglilnloltlulvmgmhmimkmlmnmrmsmtmynanbndnengnlnnnonrnvnyocojomorospapiplpsptqurmrnrorurwsascsd"
    "sesgsiskslsmsnsosqsrssstsusvswtatetgthtitktltntotrtstttwtyugukuruzvevivowawoxhyiyozazhzu";

static bool is_language(const char *tag, size_t len)
{
    if (len ==
        3) /* ISO 639-2 and -3: 8,000 codes; only those for private use are known to be none */
        return !(tag[0] == 'q' && tag[1] >= 'a' && tag[1] <= 't');
    for (size_t i = 0; len == 2 && i + 1 < sizeof languages; i += 2)
        if (strncasecmp(languages + i, tag, 2) == 0)
            return true;
    return false;
}

/* 6.1.12 */
void csaf_language_unknown(struct csaf *c)
{
    for (size_t i = 0; i < c->langs.count; i++) {
        const char *tag = c->langs.item[i]->text;
        size_t len = strcspn(tag, "-");
        bool other = (len == 1 && (*tag | 0x20) == 'i') || (len == 1 && (*tag | 0x20) == 'x') ||
                     (len == 3 && (*tag | 0x20) == 'q');
        if (!other && !is_language(tag, len))
            csaf_found(c, c->langs.item[i], NULL, "\"%s\" is no language", tag);
    }
}

static bool is_private_subtag(const char *tag, size_t len, size_t place)
{
    char s[16];
    if (len == 1)
        return (*tag | 0x20) == 'x';
    if (len >= sizeof s)
        return false;
    for (size_t i = 0; i < len; i++)
        s[i] = (char)(tag[i] | 0x20);
    s[len] = '\0';
    if (place == 0)
        return len == 3 && s[0] == 'q' && s[1] >= 'a' && s[1] <= 't';
    if (len == 2) /* regions AA, QM..QZ, XA..XZ, ZZ */
        return strcmp(s, "aa") == 0 || strcmp(s, "zz") == 0 || s[0] == 'x' ||
               (s[0] == 'q' && s[1] >= 'm');
    return len == 4 && s[0] == 'q' && s[1] == 'a' && (s[2] == 'a' || (s[2] == 'b' && s[3] <= 'x'));
}

/* 6.2.14 */
void csaf_language_private(struct csaf *c)
{
    for (size_t i = 0; i < c->langs.count; i++) {
        const char *tag = c->langs.item[i]->text;
        for (size_t place = 0; *tag; place++) {
            size_t len = strcspn(tag, "-");
            if (is_private_subtag(tag, len, place)) {
                csaf_found(c, c->langs.item[i], NULL, "a subtag for private use");
                break;
            }
            tag += len + (tag[len] == '-');
        }
    }
}

/* 6.2.15 */
void csaf_language_default(struct csaf *c)
{
    for (size_t i = 0; i < c->langs.count; i++)
        if (strcasecmp(c->langs.item[i]->text, "i-default") == 0)
            csaf_found(c, c->langs.item[i], NULL, "i-default is no language");
}

/* 6.1.15 */
void csaf_translator(struct csaf *c)
{
    const char *category = json_string(json_at(c->document, "publisher", "category", NULL));
    const char *source = json_member(c->document, "source_lang");
    if (category && strcmp(category, "translator") == 0 && (!source || !*source))
        csaf_found(c, c->document, "source_lang", "a translation without its source language: %s",
                   json_find(c->document, "source_lang") ? "it is empty" : "it is missing");
}

/* 6.1.28 */
void csaf_translation_same(struct csaf *c)
{
    const char *lang = json_member(c->document, "lang"),
               *source = json_member(c->document, "source_lang");
    if (lang && source && strcasecmp(lang, source) == 0)
        csaf_found(c, c->document, "source_lang", "translated from \"%s\" into itself", source);
}

/* 6.2.12 */
void csaf_language_missing(struct csaf *c)
{
    const char *lang = json_member(c->document, "lang");
    if (!lang || !*lang)
        csaf_found(c, c->document, "lang", "the document's language is %s",
                   json_find(c->document, "lang") ? "empty" : "missing");
}

/* 6.2.10 */
void csaf_tlp_missing(struct csaf *c)
{
    if (!*c->label)
        csaf_found(c, c->document, "distribution", "no TLP label");
}

/* 6.2.11: a reference to itself by https, whose file name is made of the id (section 5.1). */
static void file_name(const char *id, struct str *out)
{
    bool gap = false;
    for (; *id; id++) {
        char l = *id >= 'A' && *id <= 'Z' ? (char)(*id | 0x20) : *id;
        bool plain = (l >= 'a' && l <= 'z') || (l >= '0' && l <= '9') || l == '+' || l == '-';
        if (plain)
            str_add_char(out, l);
        else if (!gap)
            str_add_char(out, '_');
        gap = !plain;
    }
    str_add(out, ".json");
}

void csaf_canonical_missing(struct csaf *c)
{
    struct str name = str_of(0);
    const char *id = json_member(c->tracking, "id");
    bool found = false;
    file_name(id ? id : "", &name);
    JSON_EACH (reference, json_find(c->document, "references")) {
        const char *category = json_member(reference, "category"),
                   *url = json_member(reference, "url");
        size_t len = url ? strlen(url) : 0;
        found |= category && strcmp(category, "self") == 0 && url &&
                 strncmp(url, "https://", 8) == 0 && len > name.len &&
                 strcmp(url + len - name.len, str_text(&name)) == 0 &&
                 url[len - name.len - 1] == '/';
    }
    if (!found)
        csaf_found(c, c->document, "references", "no canonical URL (https, self, .../%s)",
                   str_text(&name));
    str_done(&name);
}

static bool check_sorted(struct csaf *c, const struct json_node *n)
{
    const char *before = NULL;
    JSON_EACH (child, n) {
        if (before && n->type == JSON_OBJECT && strcmp(before, child->key) > 0) {
            csaf_found(c, child, NULL, "\"%s\" stands behind \"%s\"", child->key, before);
            return false;
        }
        before = child->key;
    }
    return true;
}

/* 6.2.13 */
void csaf_keys_unsorted(struct csaf *c)
{
    for (const struct json_node *n = c->root; n;) {
        (void)check_sorted(c, n);
        if (n->first) {
            n = n->first;
            continue;
        }
        while (n && !n->next)
            n = n->parent;
        n = n ? n->next : NULL;
    }
}

/* 6.2.22 */
void csaf_id_in_title(struct csaf *c)
{
    const char *title = json_member(c->document, "title"), *id = json_member(c->tracking, "id");
    if (title && id && *id && strstr(title, id))
        csaf_found(c, c->document, "title", "the title repeats the tracking id");
}

/* 6.3.3, 6.3.4 */
void csaf_cve_missing(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        if (!json_find(v, "cve"))
            csaf_found(c, v, "cve", "no CVE number");
}

void csaf_cwe_missing(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        if (!json_find(v, c->v21 ? "cwes" : "cwe"))
            csaf_found(c, v, c->v21 ? "cwes" : "cwe", "no CWE");
}

/* 6.2.17 */
void csaf_cve_as_id(struct csaf *c)
{
    JSON_EACH (v, c->vulnerabilities)
        JSON_EACH (id, json_find(v, "ids")) {
            const char *text = json_member(id, "text");
            if (text && strncmp(text, "CVE-", 4) == 0 && strspn(text + 4, "0123456789") == 4 &&
                text[8] == '-' && strspn(text + 9, "0123456789") >= 4 &&
                !text[9 + strspn(text + 9, "0123456789")])
                csaf_found(c, id, "text", "a CVE number belongs into cve");
        }
}

/* 6.3.6, 6.3.7: this program fetches nothing here; names that are reserved never to resolve (RFC
 * 2606, RFC 6761) are told all the same. */
static void check_url(struct csaf *c, const struct json_node *n)
{
    struct str host = str_of(0);
    if (json_string(n) && url_host(n->text, &host)) {
        const char *dot = strrchr(str_text(&host), '.');
        const char *top = dot ? dot + 1 : str_text(&host);
        if (strcasecmp(top, "invalid") == 0 || strcasecmp(top, "test") == 0 ||
            strcasecmp(top, "localhost") == 0)
            csaf_found(c, n, NULL, "%s never resolves", str_text(&host));
    }
    str_done(&host);
}

static void check_references(struct csaf *c, const struct json_node *list, bool own)
{
    JSON_EACH (reference, list) {
        const char *category = json_member(reference, "category");
        if ((category && strcmp(category, "self") == 0) == own)
            check_url(c, json_find(reference, "url"));
    }
}

static void check_all_references(struct csaf *c, bool own)
{
    check_references(c, json_find(c->document, "references"), own);
    JSON_EACH (v, c->vulnerabilities)
        check_references(c, json_find(v, "references"), own);
}

void csaf_url_other(struct csaf *c)
{
    check_all_references(c, false);
    JSON_EACH (ack, json_find(c->document, "acknowledgments"))
        JSON_EACH (url, json_find(ack, "urls"))
            check_url(c, url);
    check_url(c, json_at(c->document, "aggregate_severity", "namespace", NULL));
    check_url(c, json_at(c->document, "publisher", "namespace", NULL));
    check_url(c, json_at(c->document, "distribution", "tlp", "url", NULL));
}

void csaf_url_self(struct csaf *c)
{
    check_all_references(c, true);
}

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* 6.3.8: no dictionary comes with this program; a digit amid small letters ("Vu1nerability") is no
 * spelling of any language, and is told. */
static void check_spelling(struct csaf *c, const struct json_node *n)
{
    const char *text = json_string(n);
    for (const char *at = text; at && *at; at++) {
        bool amid = *at >= '0' && *at <= '9' && at > text + 1 && at[-1] >= 'a' && at[-1] <= 'z' &&
                    is_letter(at[-2]) && at[1] >= 'a' && at[1] <= 'z' && is_letter(at[2]);
        if (amid) {
            csaf_found(c, n, NULL, "a digit amid letters");
            return;
        }
    }
}

void csaf_spelling(struct csaf *c)
{
    if (!json_member(c->document, "lang"))
        return;
    check_spelling(c, json_find(c->document, "title"));
    JSON_EACH (v, c->vulnerabilities) {
        check_spelling(c, json_find(v, "title"));
        JSON_EACH (note, json_find(v, "notes")) {
            check_spelling(c, json_find(note, "title"));
            check_spelling(c, json_find(note, "text"));
        }
    }
}
