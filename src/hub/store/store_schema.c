/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses are blobs (store_private.h: store_addr_pack) that sort as addr_compare does, so that a
 * prefix is a range.  Scales (severity, strength, source, state, action) are the numbers of their
 * enums, kinds are names.  Moments are nanoseconds since 1970. */
#include "hub/store/store_schema.h"

/* An event's place is `row`: given under the write lock, so rows are committed in their order and a
 * reader that goes by it misses nothing.  Ids of two writers are not in that order.  No full-text
 * index: filled row by row it makes writing 3.5 times slower (10,000 events a second instead of
 * 38,000); it can be made in one go when a day is sealed. */
static const char event_1[] = "CREATE TABLE event("
                              " row INTEGER PRIMARY KEY AUTOINCREMENT,"
                              " id INTEGER NOT NULL,"
                              " ts INTEGER NOT NULL,"
                              " kind TEXT NOT NULL,"
                              " severity INTEGER NOT NULL,"
                              " strength INTEGER NOT NULL,"
                              " action INTEGER NOT NULL,"
                              " ban_s INTEGER NOT NULL,"
                              " src BLOB, sport INTEGER NOT NULL,"
                              " dst BLOB, dport INTEGER NOT NULL,"
                              " ip_proto INTEGER NOT NULL,"
                              " flow_id INTEGER NOT NULL,"
                              " gid INTEGER NOT NULL, sid INTEGER NOT NULL, rev INTEGER NOT NULL,"
                              " type TEXT, sensor TEXT, summary TEXT, json TEXT) STRICT;"
                              "CREATE INDEX event_id ON event(id);"
                              "CREATE INDEX event_src ON event(src, ts) WHERE src IS NOT NULL;"
                              "CREATE INDEX event_kind ON event(kind, ts);"
                              "CREATE TABLE day(sealed INTEGER NOT NULL) STRICT;"
                              "INSERT INTO day VALUES(0);";

static const char main_1[] =
    /* key: the value where a host or port may have several of that kind, else empty.  The claim
     * (value, source, detail) was made at claimed; last_seen is when anybody last agreed. */
    "CREATE TABLE fact("
    " host BLOB NOT NULL, kind TEXT NOT NULL, ip_proto INTEGER NOT NULL, port INTEGER NOT NULL,"
    " key TEXT NOT NULL,"
    " value TEXT NOT NULL, detail TEXT, source INTEGER NOT NULL, confidence INTEGER NOT NULL,"
    " observer TEXT,"
    " first_seen INTEGER NOT NULL, claimed INTEGER NOT NULL, last_seen INTEGER NOT NULL,"
    " PRIMARY KEY(host, kind, ip_proto, port, key)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE finding("
    " host BLOB NOT NULL, tool TEXT NOT NULL, test TEXT NOT NULL,"
    " ip_proto INTEGER NOT NULL, port INTEGER NOT NULL,"
    " severity INTEGER NOT NULL, cvss REAL NOT NULL, quality INTEGER NOT NULL,"
    " name TEXT, evidence TEXT, cure TEXT, refs TEXT, detail TEXT,"
    " first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,"
    " PRIMARY KEY(host, tool, test, ip_proto, port)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE run("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " tool TEXT NOT NULL, args TEXT, started INTEGER NOT NULL, ended INTEGER NOT NULL,"
    " state INTEGER NOT NULL, progress REAL NOT NULL,"
    " hosts_total INTEGER NOT NULL, hosts_up INTEGER NOT NULL, ports_open INTEGER NOT NULL,"
    " findings INTEGER NOT NULL, error TEXT) STRICT;"
    "CREATE INDEX run_tool ON run(tool, id);"

    "CREATE TABLE ban("
    " who BLOB NOT NULL, prefix_len INTEGER NOT NULL, source TEXT NOT NULL,"
    " why TEXT, since INTEGER NOT NULL, until INTEGER NOT NULL, count INTEGER NOT NULL,"
    " event_id INTEGER NOT NULL, strength INTEGER NOT NULL, lifted INTEGER,"
    " PRIMARY KEY(who, prefix_len, source)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE ack("
    " kind TEXT NOT NULL, id TEXT NOT NULL, who TEXT NOT NULL, why TEXT, until INTEGER NOT NULL,"
    " PRIMARY KEY(kind, id)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE advisory("
    " id TEXT PRIMARY KEY, source TEXT NOT NULL, title TEXT, severity INTEGER NOT NULL,"
    " published INTEGER NOT NULL, json TEXT) STRICT, WITHOUT ROWID;";

static const char *const event_steps[] = {event_1};
static const char *const main_steps[] = {main_1};

const struct db_schema store_event_schema = {event_steps, ARRAY_COUNT(event_steps)};
const struct db_schema store_main_schema = {main_steps, ARRAY_COUNT(main_steps)};
