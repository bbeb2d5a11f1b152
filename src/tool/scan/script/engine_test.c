/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine with a small nse_main.lua of our own: it runs the text of the first choice as the one
 * script, and schedules it as nmap's does.  What the installed scripts make of it is tests/lab's.
 */
#include "tool/scan/script/engine.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "core/base/own.h"
#include "core/base/str.h"
#include "sys/io/file.h"
#include "sys/io/sock.h"
#include "test_folder.h"

static const char small_main[] =
    "local cnse, rules = ...\n"
    "local R, nmap, socket = debug.getregistry(), require 'nmap', require 'nmap.socket'\n"
    "local yield_value = {}\n"
    "R.NSE_FORMAT_TABLE = function(t) return 'a table' end\n"
    "local body = assert(load(rules[1], '=script'))\n"
    "return function(hosts, phase)\n"
    "  local threads, results, pending = {}, {}, {}\n"
    "  R.NSE_YIELD = function() return yield_value end\n"
    "  R.NSE_WAITING_TO_RUNNING = function(co, ...)\n"
    "    if threads[co] then pending[co] = table.pack(...) end end\n"
    "  R.NSE_DESTRUCTOR = function() end\n"
    "  local function start(fn, ...) local co = coroutine.create(fn)\n"
    "    threads[co] = true; pending[co] = table.pack(...) return co end\n"
    "  spawn = start\n"
    "  local host = hosts[1]\n"
    "  local port = host and cnse.ports(host)()\n"
    "  local main = start(body, host, port, phase)\n"
    "  while next(threads) do\n"
    "    local now = pending; pending = {}\n"
    "    for co, args in pairs(now) do\n"
    "      local ok, a, b = coroutine.resume(co, table.unpack(args, 1, args.n))\n"
    "      if coroutine.status(co) == 'dead' then\n"
    "        threads[co] = nil\n"
    "        if co == main then\n"
    "          if not ok then a = 'ERR ' .. tostring(type(a) == 'table' and a.message or a) end\n"
    "          local tab, text = nil, a\n"
    "          if type(a) == 'table' then tab, text = a, b end\n"
    "          if port then cnse.port_set_output(host, port, 'it', tab, text)\n"
    "          elseif host then cnse.host_set_output(host, 'it', tab, text)\n"
    "          else cnse.script_set_output('it', tab, text) end\n"
    "        end\n"
    "      end\n"
    "    end\n"
    "    socket.loop(20)\n"
    "  end\n"
    "end\n";

/* Subject CN=picket.example, O=Test; a P-256 key. */
static const char certificate[] =
    "308201933082013aa003020102020107300a06082a8648ce3d04030230283117301506035504030c0e7069636b"
    "65742e6578616d706c65310d300b060355040a0c04546573743020170d3236313132343231323730305a180f32"
    "313236313033313231323730305a30283117301506035504030c0e7069636b65742e6578616d706c65310d300b"
    "060355040a0c04546573743059301306072a8648ce3d020106082a8648ce3d03010703420004fe18068dfcc617"
    "9886c60e3688d3fd334cc392e8aefdc5650bcf39f71c17d05ed7237c455173eec3422669429ac1fcd142b2cb56"
    "f8c54b882371572b47ad234ba3533051301d0603551d0e04160414d39942c44e84901ad1a681f8c29b421d7507"
    "5992301f0603551d23041830168014d39942c44e84901ad1a681f8c29b421d75075992300f0603551d130101ff"
    "040530030101ff300a06082a8648ce3d040302034700304402203a90b16351b22724a88c6de6a7819304d5330a"
    "69e3badf87d63bfd082c9c7e1802202645ec3d6cf899b8657fece24bbfbdabec01e2141522afec07fe498ff968"
    "bcae";

/* Each script's output.  SERVER is the port of a server that says what it is told, line by line;
 * CLOSED one where nobody listens; CERT a certificate in hex. */
static const struct {
    const char *script, *output;
} row[] = {
    {"local h, p = ... return h.ip .. ' ' .. h.targetname .. ' ' .. p.number .. p.protocol .. ' ' "
     ".. "
     "p.state .. ' ' .. p.service .. ' ' .. p.version.product .. ' ' .. p.version.cpe[1]",
     "127.0.0.1 it.example 22tcp open ssh Prod cpe:/a:x:y"},
    {"local h, p, phase = ... return phase .. ' ' .. #h.bin_ip .. ' ' .. tostring(h.registry)"
     ":sub(1, 5) .. ' ' .. h.times.srtt",
     "NSE_SCAN 4 table 0.002"},
    /* sockets */
    {"local n = require 'nmap' local s = n.new_socket() s:connect('127.0.0.1', SERVER) "
     "s:send('one\\ntwo\\nrest') local ok, d = s:receive_lines(2) s:close() return d",
     "one\ntwo\nrest"},
    {"local n = require 'nmap' local s = n.new_socket() assert(s:connect({ip='127.0.0.1'}, "
     "{number=SERVER, protocol='tcp'})) s:send('a;b;c') local _, a = s:receive_buf(';', false) "
     "local _, b = s:receive_buf(';', true) local _, c = s:receive() return a .. b .. c",
     "ab;c"},
    {"local n = require 'nmap' local s = n.new_socket() s:connect('127.0.0.1', SERVER) "
     "s:send('12345') local ok, d = s:receive_bytes(5) local _, lh, lp, rh, rp = s:get_info() "
     "return d .. ' ' .. lh .. ' ' .. rh .. ' ' .. tostring(rp == SERVER)",
     "12345 127.0.0.1 127.0.0.1 true"},
    {"local n = require 'nmap' local s = n.new_socket() s:set_timeout(50) "
     "s:connect('127.0.0.1', SERVER) local ok, why = s:receive() return tostring(ok) .. why",
     "nilTIMEOUT"},
    {"local n = require 'nmap' local s = n.new_socket() local ok, why = "
     "s:connect('127.0.0.1', CLOSED) return tostring(ok) .. why",
     "nilERROR"},
    {"local n = require 'nmap' local s = n.new_socket() local ok, why = s:send('x') return "
     "tostring(ok)",
     "nil"},
    {"local n = require 'nmap' local s = n.new_socket() s:connect('127.0.0.1', SERVER) "
     "s:send('BYE\\n') local ok, why = s:receive() return tostring(ok) .. why",
     "nilEOF"},
    {"local n = require 'nmap' local s = n.new_socket() s:connect('127.0.0.1', SERVER, 'udp') "
     "local t = n.new_socket('udp') local _, _, lp = s:get_info() t:sendto('127.0.0.1', lp, 'hi') "
     "return 'sent'",
     "sent"},
    {"local n = require 'nmap' local try = n.new_try() try(false, 'bad luck') return 'no'",
     "ERR bad luck"},
    /* threads */
    {"local n = require 'nmap' require 'nmap.socket'.sleep(0.01) return 'woke'", "woke"},
    {"local n = require 'nmap' local m, log = n.mutex('x'), {} m 'lock' "
     "spawn(function() n.mutex('x') 'lock' log[#log+1] = 'second' n.mutex('x') 'done' end) "
     "require 'nmap.socket'.sleep(0.01) log[#log+1] = 'first' m 'done' "
     "require 'nmap.socket'.sleep(0.01) return table.concat(log, ' ')",
     "first second"},
    {"local n = require 'nmap' local c, done = n.condvar('y'), false "
     "spawn(function() done = true n.condvar('y') 'signal' end) c 'wait' return tostring(done)",
     "true"},
    {"local n = require 'nmap' local m = n.mutex('z') m 'lock' return tostring(m 'trylock')",
     "false"},
    /* digests and numbers: RFC 1320, RFC 2202 */
    {"local o = require 'openssl' return (o.md4('abc'):gsub('.', function(c) return "
     "('%02x'):format(c:byte()) end))",
     "a448017aaf21d8525fc10ae87aa6729d"},
    {"local o = require 'openssl' return (o.hmac('md5', 'Jefe', 'what do ya want for nothing?')"
     ":gsub('.', function(c) return ('%02x'):format(c:byte()) end))",
     "750c783e6ab0b503eaa86e310a5db738"},
    {"local o = require 'openssl' local k = o.DES_string_to_key('1234567') local c = "
     "o.encrypt('des-ecb', k, nil, '12345678') return o.decrypt('des-ecb', k, nil, c)",
     "12345678"},
    {"local o = require 'openssl' local b = o.bignum_dec2bn('3') return "
     "o.bignum_bn2dec(o.bignum_mod_exp(b, o.bignum_dec2bn('200'), o.bignum_dec2bn('13')))",
     "9"},
    {"local o = require 'openssl' return o.bignum_hex2bn('ff'):todec() .. ' ' .. "
     "o.bignum_dec2bn('255'):num_bits()",
     "255 8"},
    {"local c = require 'nmap.socket'.parse_ssl_certificate((CERT:gsub('..', function(x) return "
     "string.char(tonumber(x, 16)) end))) return c.subject.commonName .. ' ' .. c.pubkey.type .. "
     "c.pubkey.bits .. ' ' .. c.pubkey.ecdhparams.curve_params.curve .. ' ' .. c.sig_algorithm .. "
     "' ' .. #c:digest('sha1') .. ' ' .. c.pem:sub(1, 10)",
     "picket.example ec256 secp256r1 ecdsa-with-SHA256 20 -----BEGIN"},
    {"return tostring((require 'nmap.socket'.parse_ssl_certificate('junk')))", "nil"},
    /* ports */
    {"local h, p = ... local n = require 'nmap' p.version.product = 'New' p.version.name = 'foo' "
     "n.set_port_version(h, p) return n.get_port_state(h, p).version.product",
     "New"},
    {"local h, p = ... local n = require 'nmap' local q = n.get_ports(h, nil, 'tcp', 'open') "
     "return q.number .. tostring(n.get_ports(h, q, 'tcp', 'open'))",
     "22nil"},
    /* the machine */
    {"local n = require 'nmap' local i = n.get_interface_info('lo') return i.link .. ' ' .. "
     "i.device "
     ".. ' ' .. i.mtu // 1",
     "loopback lo 65536"},
    {"local n = require 'nmap' local i, why = n.get_interface_info('nowhere0') return "
     "tostring(i) .. ' ' .. why",
     "nil no interface nowhere0"},
    {"local n = require 'nmap' return tostring(n.clock() > 1e9 and n.clock_ms() > 1e12)", "true"},
    {"local l = require 'lfs' for f in l.dir('/') do if f == 'etc' then return f end end", "etc"},
    /* limits and faults */
    {"local s = string.rep('x', 1 << 20) local t = {} for i = 1, 1000 do t[i] = s .. i end return "
     "'no'",
     "ERR not enough memory"},
    {"return 'a\\0b\\1c'", "a\\x00b\\x01c"},
    {"error('woe')", "ERR script:1: woe"},
};

struct echo {
    struct loop *loop;
    struct loop_fd listen, client[64];
    size_t count;
};

static void on_client(struct loop_fd *watch, unsigned ready)
{
    struct echo *s = watch->ctx;
    char data[4096];
    (void)ready;
    ssize_t got = recv(watch->fd, data, sizeof data, 0);
    if (got > 0 && memcmp(data, "BYE", 3) != 0) {
        (void)!send(watch->fd, data, (size_t)got, MSG_NOSIGNAL);
        return;
    }
    int fd = watch->fd;
    loop_fd_remove(s->loop, watch);
    close(fd);
}

static void on_accept(struct loop_fd *watch, unsigned ready)
{
    struct echo *s = watch->ctx;
    struct err e = {0};
    (void)ready;
    int fd = accept4(watch->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0 || s->count == ARRAY_LEN(s->client))
        return;
    s->client[s->count] = (struct loop_fd){.fn = on_client, .ctx = s, .fd = fd};
    (void)!loop_fd_add(s->loop, &s->client[s->count++], LOOP_READ, &e);
}

static uint16_t listen_somewhere(struct echo *s, int *out_fd, struct err *e)
{
    struct endpoint at = {addr_ip4(0x7f000001), 0}, got = {0};
    if (sock_listen(&at, 64, out_fd, e) < 0 || sock_local(*out_fd, &got, e) < 0)
        return 0;
    if (s) {
        s->listen = (struct loop_fd){.fn = on_accept, .ctx = s, .fd = *out_fd};
        (void)!loop_fd_add(s->loop, &s->listen, LOOP_READ, e);
    }
    return got.port;
}

static void on_log(void *ctx, const char *text)
{
    str_add(ctx, text);
}

static bool never(void *ctx)
{
    (void)ctx;
    return false;
}

struct bench {
    struct loop *loop;
    struct arena arena;
    struct str log;
    char folder[TEST_FOLDER_MAX];
    uint16_t server, closed;
};

/* Run the text as the one script, over one host with one port, or over none. */
static int run_script(struct bench *b, const char *text, bool with_host, struct script_run *run,
                      struct err *e)
{
    static const char *const cpe[] = {"cpe:/a:x:y"};
    static const struct scan_name name = {"it.example", true};
    struct scan_port *port = arena_take(&b->arena, sizeof *port);
    struct scan_host *host = arena_take(&b->arena, sizeof *host);
    struct script_target *target = arena_take(&b->arena, sizeof *target);
    *port = (struct scan_port){
        .proto = SCAN_TCP,
        .number = 22,
        .state = SCAN_OPEN,
        .service = {.name = "ssh", .product = "Prod", .cpe = cpe, .cpe_count = 1}};
    *host = (struct scan_host){.addr = addr_ip4(0x7f000001),
                               .state = SCAN_HOST_UP,
                               .name = &name,
                               .name_count = 1,
                               .port = port,
                               .port_count = 1,
                               .has_times = true,
                               .srtt_us = 2000};
    *target = (struct script_target){.host = host, .port = port};
    struct script_options options = {.folder = b->folder, .choice = &text, .choice_count = 1};
    struct script_setup setup = {b->loop, &clock_system, on_log, never, &b->log};
    struct script_engine *engine = NULL;
    *run = (struct script_run){.phase = with_host ? SCRIPT_HOSTS : SCRIPT_PRE,
                               .target = with_host ? target : NULL,
                               .target_count = with_host,
                               .arena = &b->arena};
    int rc = script_engine_open(&engine, &options, &setup, e);
    if (rc == 0)
        rc = script_engine_run(engine, run, e);
    script_engine_close(engine);
    return rc;
}

static void check_rows(int *failures, struct bench *b)
{
    int failed = 0;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct str text = str_of(0);
        struct script_run run;
        struct err e = {0};
        str_addf(&text, "local SERVER, CLOSED, CERT = %u, %u, '%s' %s", b->server, b->closed,
                 certificate, row[i].script);
        CHECK_ROW(i, run_script(b, text.text, true, &run, &e) == 0);
        const struct scan_port *port = run.target[0].port;
        if (CHECK_ROW(i, port->script_count == 1))
            CHECK_ROW(i, strcmp(port->script[0].output, row[i].output) == 0);
        if (port->script_count == 1 && strcmp(port->script[0].output, row[i].output) != 0)
            printf("  %s\n", port->script[0].output);
        str_done(&text);
    }
    *failures += failed;
}

/* A table becomes nodes: members first, then what has a name; too deep is left out. */
static void check_nodes(int *failures, struct bench *b)
{
    int failed = 0;
    struct script_run run;
    struct err e = {0};
    static const char text[] = "local t = {'one', {2, x = 'y'}, key = 'value'} local deep = t "
                               "for i = 1, 40 do deep.d = {} deep = deep.d end return t";
    if (!CHECK(run_script(b, text, false, &run, &e) == 0 && run.script_count == 1))
        return;
    const struct scan_script *s = &run.script[0];
    CHECK(strcmp(s->id, "it") == 0 && strcmp(s->output, "a table") == 0 && s->node_count == 4);
    CHECK(!s->node[0].key && strcmp(s->node[0].text, "one") == 0);
    CHECK(!s->node[1].text && s->node[1].child_count == 2);
    CHECK(strcmp(s->node[1].child[0].text, "2") == 0);
    CHECK(strcmp(s->node[1].child[1].key, "x") == 0);
    unsigned depth = 0;
    const struct scan_script_node *n = NULL;
    for (size_t i = 0; i < s->node_count; i++)
        if (s->node[i].key && strcmp(s->node[i].key, "d") == 0)
            n = &s->node[i];
    for (; n && n->child_count; n = n->child)
        depth++;
    CHECK(depth > 5 && depth < SCAN_SCRIPT_DEPTH_MAX);
    *failures += failed;
}

static void check_faults(int *failures, struct bench *b)
{
    int failed = 0;
    struct script_run run;
    struct err e = {0};
    CHECK(run_script(b, "this is no Lua", true, &run, &e) == -EINVAL && strstr(e.text, "script:1"));
    struct script_options nowhere = {.folder = "/nowhere"};
    struct script_setup setup = {b->loop, &clock_system, on_log, never, &b->log};
    struct script_engine *engine = NULL;
    e = (struct err){0};
    CHECK(script_engine_open(&engine, &nowhere, &setup, &e) < 0 && strstr(e.text, "/nowhere"));
    *failures += failed;
}

int script_engine_test(void)
{
    int failed = 0;
    struct bench b = {0};
    struct err e = {0};
    static struct echo echo;
    int listener = -1, closed = -1;
    char path[TEST_FOLDER_MAX + 16];
    if (!CHECK(loop_open(&b.loop, &clock_system, &e) == 0 && test_folder_make(b.folder)))
        return failed;
    snprintf(path, sizeof path, "%s/nse_main.lua", b.folder);
    CHECK(file_replace(path, small_main, sizeof small_main - 1, 0600, &e) == 0);
    echo.loop = b.loop;
    b.server = listen_somewhere(&echo, &listener, &e);
    b.closed = listen_somewhere(NULL, &closed, &e);
    close(closed);
    check_rows(&failed, &b);
    check_nodes(&failed, &b);
    check_faults(&failed, &b);
    close(listener);
    CHECK(test_folder_remove(b.folder));
    str_done(&b.log);
    arena_done(&b.arena);
    loop_close(b.loop);
    return failed;
}
