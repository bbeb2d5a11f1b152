/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run of nc is asked for, whatever netcat's letters it was asked in.  Plain data: texts are
 * the caller's and outlive the run. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/text_list.h"
#include "core/net/addr.h"
#include "sys/io/proxy_client.h"
#include "sys/io/sock_option.h"

struct nc_manner;

enum nc_medium { NC_IP, NC_UNIX, NC_VSOCK };
enum nc_program { NC_EXEC_NONE, NC_EXEC_PATH, NC_EXEC_WORDS, NC_EXEC_SHELL, NC_EXEC_LUA };
enum nc_dump { NC_DUMP_NONE, NC_DUMP_RAW, NC_DUMP_BOTH_WAYS, NC_DUMP_PLAIN };

struct nc_dump_file {
    const char *path;
    enum nc_dump form;
};

struct nc_options {
    const struct nc_manner *manner;

    enum nc_medium medium;
    uint8_t family; /* ADDR_NONE: both */
    bool udp, sctp;
    const char *host; /* to connect to; listening: the address to bind, or NULL */
    const uint16_t *port;
    size_t port_count;

    const char *source_host; /* -s; NULL: any */
    uint16_t source_port;    /* 0: any */
    bool random_source;      /* ... of those, one by chance */
    struct sock_options sock;
    const char *const *hop; /* loose source routing */
    size_t hop_count;
    uint8_t hop_pointer;

    bool listen, keep_open, scan, broker, chat;
    int64_t max_connections; /* -1: no limit */
    struct text_list allow, deny;
    struct text_list allow_file, deny_file;

    int verbose;
    bool no_dns, dns_check;

    bool no_stdin, shut_at_eof, no_shutdown, send_only, recv_only;
    int64_t quit_after_ns; /* after the end of input; -1: never */
    int64_t connect_ns;    /* 0: as long as the system waits */
    int64_t listen_ns;     /* 0: for ever */
    int64_t idle_ns;       /* without a byte either way; 0: for ever */
    bool idle_is_fault;    /* an idle end is told and makes the exit status */
    int64_t last_read_ns;  /* after the end of input: how long without a byte from the peer */
    int64_t interval_ns;   /* between lines sent and ports scanned */
    int64_t delay_ns;      /* between chunks, either way */
    int64_t packet_max;    /* received messages until the end; 0: no limit */

    bool crlf, telnet, zero_io;
    struct nc_dump_file dump[2];
    bool dump_append;
    bool pass_descriptor; /* -F */

    enum nc_program program;
    const char *program_text;

    bool tls, tls_verify;
    const char *tls_cert, *tls_key, *tls_ca, *tls_name, *tls_alpn, *tls_ciphers;

    enum proxy_kind proxy;   /* to go through */
    const char *proxy_place; /* "HOST:PORT" */
    const char *proxy_auth;  /* "USER:PASSWORD" */
    bool proxy_local_dns;
    enum proxy_kind serve; /* to be */
};
