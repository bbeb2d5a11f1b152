/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Titles that mean something to the standard, in the languages for which it records them. */
#include <string.h>
#include <strings.h>

#include "tool/advisory/csaf/rules.h"

static const struct {
    const char *language;
    const char *term[CSAF_TERM_COUNT];
} translations[] = {
    {"en",
     {"Reasoning for Withdrawal", "Reasoning for Supersession", "Superseding Document", "License",
      "Product Description"}},
    {"de",
     {"Begründung für die Zurückziehung", "Begründung für die Ersetzung", "Ersetzendes Dokument",
      "Lizenz", "Produktbeschreibung"}},
};

static const char *term_of(const struct csaf *c, enum csaf_term term)
{
    const char *lang = json_member(c->document, "lang");
    if (csaf_is_english(c))
        lang = "en";
    for (size_t i = 0; i < ARRAY_COUNT(translations); i++)
        if (strncasecmp(translations[i].language, lang, 2) == 0 && (!lang[2] || lang[2] == '-'))
            return translations[i].term[term];
    return NULL;
}

bool csaf_has_term(const struct csaf *c, enum csaf_term term)
{
    return term_of(c, term) != NULL;
}

bool csaf_is_term(const struct csaf *c, const char *text, enum csaf_term term)
{
    const char *word = term_of(c, term);
    return word && strcasecmp(word, text) == 0;
}

bool csaf_begins_with_term(const struct csaf *c, const char *text, enum csaf_term term)
{
    const char *word = term_of(c, term);
    return word && strncasecmp(word, text, strlen(word)) == 0;
}
