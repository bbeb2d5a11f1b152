/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An event as a line of EVE, the JSON log of Suricata: what reads eve.json reads ours.  What EVE
 * has no word for stands in an object of its own:
 *
 *     "picket": {"id", "severity", "strength", "wish", "ban_s", "summary"}
 *
 * "id" is a text, because JavaScript and jq lose digits of a number that long; "ban_s" (0: without
 * end) is there with the wish "ban"; "summary" where there is no alert to hold it as its signature.
 * Reading EVE is not done here. */
#pragma once

#include "core/base/str.h"
#include "hub/model/event.h"

/* Append the line with its newline.  Of event.json, an object "alert" that comes first is merged
 * into EVE's alert (category, metadata ...), the other members go in as they are. */
void eve_format(const struct event *e, struct str *out);
