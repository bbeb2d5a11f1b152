-- SPDX-License-Identifier: GPL-3.0-or-later
-- The native side of nmap's script engine, as far as it need not be C: what scripts know as the
-- modules nmap, nmap.socket, nmap.dnet, lfs and openssl, and what the engine itself (nse_main.lua of
-- the installed nmap) calls cnse.  It runs once, before the engine is loaded, and returns cnse.
--
-- `native` is what C gives: sockets, files, times, digests, the outlet of results.  A thread waits by
-- a yield that the engine recognises (registry NSE_YIELD) and is woken by name (registry
-- NSE_WAITING_TO_RUNNING); both exist only while the engine runs.

local native = ...
local options = native.options

local registry = debug.getregistry()
local running, raw_yield = coroutine.running, coroutine.yield
local type, tostring, tonumber, pairs, ipairs, error, assert, select, setmetatable =
    type, tostring, tonumber, pairs, ipairs, error, assert, select, setmetatable
local find, sub, byte, format = string.find, string.sub, string.byte, string.format
local remove, insert, unpack, pack = table.remove, table.insert, table.unpack, table.pack

registry.NSE_PARALLELISM = options.parallelism

-- Wait until somebody wakes this thread; returns what it is woken with.
local function wait()
  return raw_yield(registry.NSE_YIELD((running())))
end

local function wake(thread, ...)
  registry.NSE_WAITING_TO_RUNNING(thread, ...)
end

-- When the script that runs now ends in any way, `action(thread, key)` is called.
local function at_end(key, action)
  registry.NSE_DESTRUCTOR("add", (running()), key, action)
end

local function no_end(key)
  registry.NSE_DESTRUCTOR("remove", (running()), key)
end

-- ---- sockets -----------------------------------------------------------------------------------

local socket = {}
local methods = native.socket_methods
local rest = setmetatable({}, {__mode = "k"}) -- bytes read and not yet handed out, by socket

local function close_at_end(thread, sock)
  sock:close()
end

-- "10.0.0.1" or { ip =, targetname = }: the address and the name for TLS.
local function address_of(host)
  if type(host) == "table" then
    return host.ip, host.targetname or host.name
  end
  assert(type(host) == "string", "a host is a table or a text")
  local kind = native.address_kind(host)
  if kind then
    return host, nil
  end
  native.resolve((running()), host, options.family)
  local found = wait()
  return found and found[1], host
end

-- 80, "80" or { number =, protocol = }.
local function port_of(port)
  if type(port) == "table" then
    return tonumber(port.number), port.protocol
  end
  return tonumber(port)
end

function socket.new(protocol, family)
  local sock = native.socket_new()
  if protocol == "udp" then
    native.socket_plan(sock, "udp", family == "inet6" and 6 or family == "inet" and 4 or options.family)
  end
  return sock
end

function methods.connect(sock, host, port, protocol)
  local number, wanted = port_of(port)
  local address, name = address_of(host)
  protocol = protocol or wanted or "tcp"
  if not address then
    return nil, "ERROR"
  end
  rest[sock] = nil
  at_end(sock, close_at_end)
  local ok, problem = native.socket_connect(sock, address, number, protocol, name)
  if ok == nil then
    return nil, problem
  end
  return wait()
end

function methods.reconnect_ssl(sock)
  local ok, problem = native.socket_handshake(sock)
  if ok == nil then
    return nil, problem
  end
  return wait()
end

function methods.send(sock, data)
  local ok, problem = native.socket_send(sock, tostring(data))
  if ok == nil then
    return nil, problem
  end
  return wait()
end

function methods.sendto(sock, host, port, data)
  local address = address_of(host)
  if not address then
    return nil, "ERROR"
  end
  at_end(sock, close_at_end)
  local ok, problem = native.socket_sendto(sock, address, (port_of(port)), tostring(data))
  if ok == nil then
    return nil, problem
  end
  return true
end

local function receive(sock, bytes, lines)
  local ok, problem = native.socket_receive(sock, bytes, lines)
  if ok == nil then
    return nil, problem
  end
  return wait()
end

-- What was left behind by receive_buf comes first.
local function take_rest(sock)
  local left = rest[sock]
  rest[sock] = nil
  return left and left ~= "" and left or nil
end

function methods.receive(sock)
  local left = take_rest(sock)
  if left then
    return true, left
  end
  return receive(sock, 1, 0)
end

function methods.receive_bytes(sock, count)
  local left = take_rest(sock) or ""
  if #left >= count and left ~= "" then
    return true, left
  end
  local ok, data = receive(sock, count - #left, 0)
  if ok then
    return true, left .. data
  elseif left ~= "" then
    return true, left
  end
  return ok, data
end

function methods.receive_lines(sock, count)
  local left = take_rest(sock) or ""
  local _, have = left:gsub("\n", "")
  if have >= count and left ~= "" then
    return true, left
  end
  local ok, data = receive(sock, 1, count - have)
  if ok then
    return true, left .. data
  elseif left ~= "" then
    return true, left
  end
  return ok, data
end

-- Up to a delimiter: a pattern, or a function that gives its first and last place.
function methods.receive_buf(sock, delimiter, keep)
  local buffer = rest[sock] or ""
  while true do
    local first, last
    if type(delimiter) == "function" then
      first, last = delimiter(buffer)
    else
      first, last = find(buffer, delimiter)
    end
    if first then
      rest[sock] = sub(buffer, last + 1)
      return true, sub(buffer, 1, keep and last or first - 1)
    end
    local ok, data = receive(sock, 1, 0)
    if not ok then
      rest[sock] = buffer
      return nil, data
    end
    buffer = buffer .. data
  end
end

function methods.get_ssl_certificate(sock)
  local der = native.socket_certificate(sock)
  assert(der, "not a TLS connection")
  return (socket.parse_ssl_certificate(der))
end

for _, name in ipairs {"pcap_open", "pcap_close", "pcap_register", "pcap_receive"} do
  methods[name] = function()
    error("picket gives scripts no packet capture: " .. name)
  end
end

function socket.sleep(seconds)
  native.sleep((running()), seconds)
  wait()
end

socket.loop = native.loop

function socket.get_stats()
  return 0, 0, 0, 0
end

local certificate = {}
certificate.__index = certificate

function certificate:digest(algorithm)
  return native.digest(algorithm, self.der)
end

function socket.parse_ssl_certificate(der)
  local parsed = native.parse_certificate(der)
  if not parsed then
    return nil, "not a certificate"
  end
  parsed.der = nil
  return setmetatable(parsed, {__index = {digest = function(_, algorithm)
    return native.digest(algorithm, der)
  end}})
end

-- ---- mutexes and condition variables -----------------------------------------------------------

local nmap = {registry = {}}
local mutexes = setmetatable({}, {__mode = "v"})
local conditions = setmetatable({}, {__mode = "k"})

-- One answer for each object: a function that remembers who holds it and who waits.
function nmap.mutex(object)
  assert(object ~= nil and type(object) ~= "boolean" and type(object) ~= "number",
      "a mutex is of an object or a text")
  if mutexes[object] then
    return mutexes[object]
  end
  local holder, waiting, key = nil, {}, {}
  local function release(thread)
    if holder ~= thread then
      for i, other in ipairs(waiting) do
        if other == thread then
          remove(waiting, i)
          return
        end
      end
      return
    end
    holder = remove(waiting, 1)
    if holder then
      wake(holder)
    end
  end
  local function mutex(what)
    local me = (running())
    if what == "lock" or what == "trylock" then
      if holder == nil then
        holder = me
        registry.NSE_DESTRUCTOR("add", me, key, release)
        return what == "trylock" or nil
      elseif what == "trylock" then
        return false
      end
      insert(waiting, me)
      registry.NSE_DESTRUCTOR("add", me, key, release)
      wait()
      return
    elseif what == "done" then
      assert(holder == me, "the mutex is not held by this thread")
      release(me)
      registry.NSE_DESTRUCTOR("remove", me, key)
      return
    elseif what == "running" then
      return holder
    end
    error("a mutex knows lock, trylock, done and running")
  end
  mutexes[object] = mutex
  return mutex
end

-- Whoever has asked for the condition and ends wakes those who wait: they may wait for him.
function nmap.condvar(object)
  assert(object ~= nil and type(object) ~= "boolean" and type(object) ~= "number",
      "a condition variable is of an object or a text")
  local known = conditions[object]
  if not known then
    known = {waiting = {}}
    function known.broadcast()
      local all = known.waiting
      known.waiting = {}
      for _, thread in ipairs(all) do
        wake(thread)
      end
    end
    function known.call(what)
      if what == "wait" then
        insert(known.waiting, (running()))
        wait()
      elseif what == "signal" then
        local first = remove(known.waiting, 1)
        if first then
          wake(first)
        end
      elseif what == "broadcast" then
        known.broadcast()
      else
        error("a condition variable knows wait, signal and broadcast")
      end
    end
    conditions[object] = known
  end
  at_end(known, known.broadcast)
  return known.call
end

-- ---- the module nmap ---------------------------------------------------------------------------

nmap.new_socket = socket.new
nmap.socket = socket

function nmap.new_try(handler)
  return function(ok, ...)
    if ok then
      return ...
    end
    if handler then
      handler(...)
    end
    error({errtype = "nmap.new_try", message = (...)}, 0)
  end
end

function nmap.new_dnet()
  local function refuse()
    error("picket gives scripts no raw frames")
  end
  return {ethernet_open = refuse, ethernet_send = refuse, ethernet_close = refuse,
    ip_open = refuse, ip_send = refuse, ip_close = refuse}
end

-- A script that was named is told of one level more, so that it says what it would keep to itself.
function nmap.verbosity()
  local boost = registry.NSE_SELECTED_BY_NAME and registry.NSE_SELECTED_BY_NAME()
  return options.verbosity + (boost and 1 or 0)
end

function nmap.debugging() return options.debugging end
function nmap.version_intensity() return options.intensity end
function nmap.timing_level() return options.timing_level end
function nmap.have_ssl() return true end
function nmap.is_privileged() return options.privileged end
function nmap.address_family() return options.family == 6 and "inet6" or "inet" end
function nmap.get_ttl() return 64 end
function nmap.get_payload_length() return 0 end
function nmap.get_interface() return options.interface end
nmap.list_interfaces = native.interfaces
function nmap.get_dns_servers() return native.name_servers() end
function nmap.port_is_excluded() return false end
function nmap.get_random_bytes(count) return native.random(count) end
nmap.clock = native.clock
function nmap.clock_ms() return native.clock() * 1000 // 1 end

-- An interface by its name; of several addresses the first of the family that is scanned.
function nmap.get_interface_info(name)
  local found
  for _, one in ipairs(native.interfaces()) do
    local six = one.address and find(one.address, ":", 1, true)
    if one.device == name and (not found or (not six) == (options.family ~= 6)) then
      found = found or one
      if one.address and (not six) == (options.family ~= 6) then
        return one
      end
    end
  end
  if not found then
    return nil, "no interface " .. tostring(name)
  end
  return found
end

function nmap.log_write(where, text)
  native.log("NSE: " .. tostring(text) .. "\n")
end

-- Targets that scripts find are told, not scanned: the list was the user's.
function nmap.add_targets(...)
  return 0, "targets of scripts are not taken"
end

function nmap.resolve(name, family)
  local wanted = family == "inet6" and 6 or family == "inet" and 4 or options.family
  native.resolve((running()), name, wanted)
  local found = wait()
  if not found then
    return nil, "no such name"
  end
  return true, found
end

local function where_is(name)
  local path = options.folder .. "/" .. name
  local kind = native.path_kind(path)
  if kind == "directory" and sub(path, -1) ~= "/" then
    path = path .. "/"
  end
  if kind then
    return kind, path
  end
  kind = native.path_kind(name)
  if kind then
    return kind, name
  end
  return nil, "not found: " .. name
end

function nmap.fetchfile(name)
  local kind, path = where_is(name)
  return kind == "file" and path or nil
end

-- Ports are found by the address of their host: scripts hold copies of the tables.
function nmap.get_port_state(host, port)
  return native.port_get(host.ip, (port_of(port)), port.protocol or "tcp")
end

function nmap.set_port_state(host, port, state)
  native.port_set_state(host.ip, port.number, port.protocol, state)
  port.state = state
end

function nmap.set_port_version(host, port, confidence)
  native.port_set_version(host.ip, port.number, port.protocol, port.version or {},
      confidence or "hardmatched")
end

function nmap.get_ports(host, port, protocol, state)
  local after = port and port.number or -1
  for _, other in ipairs(native.ports(host.ip)) do
    if other.protocol == protocol and other.number > after and other.state == state then
      return other
    end
  end
  return nil
end

-- ---- lfs, openssl, dnet ------------------------------------------------------------------------

local lfs = {}

function lfs.dir(path)
  local names = native.list_folder(path) or error("cannot open " .. tostring(path))
  local at = 0
  return function()
    at = at + 1
    return names[at]
  end
end

function lfs.attributes(path)
  local kind = native.path_kind(path)
  return kind and {mode = kind}
end

function lfs.get_path_separator() return "/" end
lfs.mkdir, lfs.rmdir = native.make_folder, native.remove_folder

local package_loaded = package.loaded
package_loaded["nmap"] = nmap
package_loaded["nmap.socket"] = socket
package_loaded["nmap.dnet"] = {}
package_loaded["lfs"] = lfs
package_loaded["openssl"] = native.openssl

-- ---- cnse: what nse_main.lua calls -------------------------------------------------------------

local cnse = {
  NMAP_URL = "https://nmap.org",
  script_dbpath = "scripts/script.db",
  scriptupdatedb = false,
  scripthelp = options.help,
  default = options.by_default,
  scriptversion = options.versions,
  scriptargs = options.args,
  scriptargsfile = options.args_file,
  script_timeout = options.timeout,
}

cnse.fetchfile_absolute = where_is

function cnse.fetchscript(name)
  local kind, path = where_is("scripts/" .. name)
  if kind == "file" or (kind and sub(name, -1) == "/") then
    return kind, path
  end
  kind = native.path_kind(name)
  if kind == "directory" and sub(name, -1) ~= "/" then
    return "bare_directory", name
  end
  return kind, kind and name or "not found: " .. name
end

function cnse.log_write(where, text) native.log(text) end
function cnse.key_was_pressed() return false end
function cnse.timedOut(host) return native.timed_out(host.ip) end
function cnse.startTimeOutClock() end
function cnse.stopTimeOutClock() end

function cnse.scan_progress_meter()
  return function() return false end
end

function cnse.ports(host)
  local list, at = native.ports(host.ip), 0
  return function()
    repeat
      at = at + 1
    until not list[at] or list[at].state == "open" or list[at].state == "open|filtered"
    return list[at]
  end
end

-- XML is written by the outlets; the help that nse_main.lua would write there is not asked for.
local function nothing() end
cnse.xml_start_tag, cnse.xml_end_tag, cnse.xml_newline = nothing, nothing, nothing
cnse.xml_write_escaped = nothing
function cnse.protect_xml(text) return text end

-- A result: its text, and what it is made of, in the order of pairs().
local function emit_nodes(object)
  for _, value in ipairs(object) do
    if type(value) == "table" then
      native.emit_table(nil)
      emit_nodes(value)
      native.emit_end()
    else
      native.emit_text(nil, tostring(value))
    end
  end
  for key, value in pairs(object) do
    if type(key) ~= "string" then
      goto next
    end
    if type(value) == "table" then
      native.emit_table(key)
      emit_nodes(value)
      native.emit_end()
    else
      native.emit_text(key, tostring(value))
    end
    ::next::
  end
end

local function emit(ip, number, protocol, id, object, text)
  native.emit_begin(ip, number, protocol, id, text or registry.NSE_FORMAT_TABLE(object))
  if type(object) == "table" then
    emit_nodes(object)
  elseif object ~= nil and text == nil then
    native.emit_text(nil, tostring(object))
  end
  native.emit_done()
end

function cnse.script_set_output(id, object, text)
  emit(nil, nil, nil, id, object, text)
end

function cnse.host_set_output(host, id, object, text)
  emit(host.ip, nil, nil, id, object, text)
end

function cnse.port_set_output(host, port, id, object, text)
  emit(host.ip, port.number, port.protocol, id, object, text)
end

return cnse
