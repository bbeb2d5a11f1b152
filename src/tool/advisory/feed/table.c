/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/advisory/feed.h"

#define MODULE(name, doc) extern const struct advisory_feed advisory_feed_##name;
#include "modules.def"
#undef MODULE

const struct advisory_feed *const advisory_feeds[] = {
#define MODULE(name, doc) &advisory_feed_##name,
#include "modules.def"
#undef MODULE
    NULL,
};
