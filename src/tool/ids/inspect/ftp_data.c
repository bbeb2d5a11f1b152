/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FTP's data connections, which the control connection announced: one file each. */
#include <string.h>

#include "core/base/mem.h"
#include "tool/ids/eve/eve_head.h"
#include "tool/ids/inspect/inspect_private.h"

struct data_tx {
    struct inspect_tx head;
    struct inspect_expect what;
    struct inspect_file *file;
    uint8_t side;
};

static struct data_tx *tx_of(const struct inspect_tx *tx)
{
    return CONTAINER_OF(tx, struct data_tx, head);
}

static struct stream_used take(struct inspect_flow *f, void *state, enum flow_side side,
                               const struct stream_chunk *c)
{
    struct data_tx *tx = f->first ? tx_of(f->first) : NULL;
    (void)state;
    if (!tx && (c->len || c->gap)) {
        tx = inspect_tx_new(f, sizeof *tx);
        if (!tx)
            return inspect_all(c);
        tx->head.flag |= INSPECT_TX_KEEP;
        tx->side = (uint8_t)side;
        if (f->expected)
            tx->what = *f->expected;
        struct inspect_file_new how = {.name = tx->what.name, .name_len = strlen(tx->what.name)};
        tx->file = inspect_file_open(f, &tx->head, side, &how);
        inspect_tx_progress(f, &tx->head, (enum flow_side) !side, INSPECT_DONE);
        tx->head.log_side = (uint8_t)side;
    }
    if (!tx || tx->side != side)
        return inspect_all(c);
    if (tx->file && c->gap)
        inspect_file_gap(tx->file, c->gap);
    if (tx->file && c->len)
        inspect_file_add(tx->file, c->data, c->len);
    inspect_tx_touch(&tx->head, side);
    if (c->is_end) {
        if (tx->file)
            inspect_file_close(tx->file, FILE_CLOSED);
        inspect_tx_done(f, &tx->head);
    }
    return inspect_all(c);
}

static void tx_free(struct inspect_flow *f, struct inspect_tx *head)
{
    (void)f;
    if (tx_of(head)->file)
        inspect_file_free(tx_of(head)->file);
}

static struct inspect_file *file(const struct inspect_tx *head, enum flow_side side, size_t index)
{
    return index == 0 && side == tx_of(head)->side ? tx_of(head)->file : NULL;
}

static bool is_retr(const struct data_tx *tx)
{
    return strcmp(inspect_ftp_command(tx->what.command), "RETR") == 0;
}

static bool number(const struct inspect_flow *f, const struct inspect_tx *head, enum flow_side side,
                   enum number_id id, unsigned index, uint64_t *out)
{
    (void)f, (void)side, (void)index;
    *out = is_retr(tx_of(head));
    return id == NUMBER_FTPDATA_COMMAND;
}

static void eve(const struct inspect_flow *f, const struct inspect_tx *head, struct json_out *json)
{
    const struct data_tx *tx = tx_of(head);
    (void)f;
    json_object(json, "ftp_data");
    if (tx->what.name[0])
        eve_bytes(json, "filename", tx->what.name, strlen(tx->what.name));
    json_text(json, "command", inspect_ftp_command(tx->what.command));
    json_end(json);
}

const struct inspect_proto inspect_proto_ftp_data = {
    .id = INSPECT_FTPDATA,
    .transports = INSPECT_TCP,
    .first_side = FLOW_SIDES,
    .event_type = "ftp_data",
    .take = take,
    .tx_free = tx_free,
    .number = number,
    .file = file,
    .eve = eve,
};
