/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool/ids/look/number_names.h"

#include <stddef.h>

const struct number_name number_names_bool[] = {{"true", 1}, {"false", 0}, {"yes", 1}, {"no", 0},
                                                {"on", 1},   {"off", 0},   {NULL, 0}};

/* IANA, "DNS RCODEs" */
const struct number_name number_names_rcode[] = {
    {"noerror", 0},  {"formerr", 1},  {"servfail", 2}, {"nxdomain", 3},  {"notimp", 4},
    {"refused", 5},  {"yxdomain", 6}, {"yxrrset", 7},  {"nxrrset", 8},   {"notauth", 9},
    {"notzone", 10}, {"badvers", 16}, {"badsig", 16},  {"badkey", 17},   {"badtime", 18},
    {"badmode", 19}, {"badname", 20}, {"badalg", 21},  {"badtrunc", 22}, {"badcookie", 23},
    {NULL, 0}};

/* IANA, "Resource Record (RR) TYPEs" */
const struct number_name number_names_rrtype[] = {
    {"a", 1},         {"ns", 2},          {"md", 3},     {"mf", 4},      {"cname", 5},
    {"soa", 6},       {"mb", 7},          {"mg", 8},     {"mr", 9},      {"null", 10},
    {"wks", 11},      {"ptr", 12},        {"hinfo", 13}, {"minfo", 14},  {"mx", 15},
    {"txt", 16},      {"rp", 17},         {"afsdb", 18}, {"x25", 19},    {"isdn", 20},
    {"rt", 21},       {"nsap", 22},       {"sig", 24},   {"key", 25},    {"px", 26},
    {"gpos", 27},     {"aaaa", 28},       {"loc", 29},   {"nxt", 30},    {"srv", 33},
    {"atma", 34},     {"naptr", 35},      {"kx", 36},    {"cert", 37},   {"a6", 38},
    {"dname", 39},    {"opt", 41},        {"apl", 42},   {"ds", 43},     {"sshfp", 44},
    {"ipseckey", 45}, {"rrsig", 46},      {"nsec", 47},  {"dnskey", 48}, {"dhcid", 49},
    {"nsec3", 50},    {"nsec3param", 51}, {"tlsa", 52},  {"hip", 55},    {"cds", 59},
    {"cdnskey", 60},  {"svcb", 64},       {"https", 65}, {"spf", 99},    {"tkey", 249},
    {"tsig", 250},    {"ixfr", 251},      {"axfr", 252}, {"mailb", 253}, {"maila", 254},
    {"any", 255},     {"uri", 256},       {NULL, 0}};

/* RFC 9113 6, 7 and 6.5.2 */
const struct number_name number_names_frametype[] = {
    {"DATA", 0},         {"HEADERS", 1},      {"PRIORITY", 2}, {"RSTSTREAM", 3},
    {"SETTINGS", 4},     {"PUSHPROMISE", 5},  {"PING", 6},     {"GOAWAY", 7},
    {"WINDOWUPDATE", 8}, {"CONTINUATION", 9}, {NULL, 0}};
const struct number_name number_names_errorcode[] = {{"NO_ERROR", 0},
                                                     {"PROTOCOL_ERROR", 1},
                                                     {"INTERNAL_ERROR", 2},
                                                     {"FLOW_CONTROL_ERROR", 3},
                                                     {"SETTINGS_TIMEOUT", 4},
                                                     {"STREAM_CLOSED", 5},
                                                     {"FRAME_SIZE_ERROR", 6},
                                                     {"REFUSED_STREAM", 7},
                                                     {"CANCEL", 8},
                                                     {"COMPRESSION_ERROR", 9},
                                                     {"CONNECT_ERROR", 10},
                                                     {"ENHANCE_YOUR_CALM", 11},
                                                     {"INADEQUATE_SECURITY", 12},
                                                     {"HTTP_1_1_REQUIRED", 13},
                                                     {NULL, 0}};
const struct number_name number_names_settings[] = {{"SETTINGS_HEADER_TABLE_SIZE", 1},
                                                    {"SETTINGS_ENABLE_PUSH", 2},
                                                    {"SETTINGS_MAX_CONCURRENT_STREAMS", 3},
                                                    {"SETTINGS_INITIAL_WINDOW_SIZE", 4},
                                                    {"SETTINGS_MAX_FRAME_SIZE", 5},
                                                    {"SETTINGS_MAX_HEADER_LIST_SIZE", 6},
                                                    {NULL, 0}};

/* RFC 2409 appendix A: attribute kinds */
const struct number_name number_names_sa[] = {{"alg_enc", 1},
                                              {"alg_hash", 2},
                                              {"alg_auth", 3},
                                              {"alg_dh", 4},
                                              {"sa_group_type", 5},
                                              {"sa_life_type", 11},
                                              {"sa_life_duration", 12},
                                              {"alg_prf", 13},
                                              {"sa_key_length", 14},
                                              {"sa_field_size", 15},
                                              {NULL, 0}};

const struct number_name number_names_tls[] = {
    {"1.0", 0x301},    {"1.1", 0x302},    {"1.2", 0x303},    {"1.3", 0x304},
    {"tls1.0", 0x301}, {"tls1.1", 0x302}, {"tls1.2", 0x303}, {"tls1.3", 0x304},
    {"sslv2", 0x200},  {"sslv3", 0x300},  {NULL, 0}};

/* MQTT 5 2.1.2 and 3.1.2.3 */
const struct number_name number_names_mqtt_type[] = {
    {"UNASSIGNED", 0},   {"CONNECT", 1},   {"CONNACK", 2},  {"PUBLISH", 3},   {"PUBACK", 4},
    {"PUBREC", 5},       {"PUBREL", 6},    {"PUBCOMP", 7},  {"SUBSCRIBE", 8}, {"SUBACK", 9},
    {"UNSUBSCRIBE", 10}, {"UNSUBACK", 11}, {"PINGREQ", 12}, {"PINGRESP", 13}, {"DISCONNECT", 14},
    {"AUTH", 15},        {NULL, 0}};
const struct number_name number_names_mqtt_flags[] = {{"dup", 8}, {"retain", 1}, {NULL, 0}};
const struct number_name number_names_mqtt_connect[] = {{"username", 0x80},    {"password", 0x40},
                                                        {"will_retain", 0x20}, {"will", 4},
                                                        {"clean_session", 2},  {NULL, 0}};

const struct number_name number_names_rfb[] = {
    {"ok", 0}, {"fail", 1}, {"toomany", 2}, {"unknown", 3}, {NULL, 0}};

/* RFC 1813 3.3 */
const struct number_name number_names_nfs[] = {
    {"NULL", 0},      {"GETATTR", 1},  {"SETATTR", 2},      {"LOOKUP", 3},  {"ACCESS", 4},
    {"READLINK", 5},  {"READ", 6},     {"WRITE", 7},        {"CREATE", 8},  {"MKDIR", 9},
    {"SYMLINK", 10},  {"MKNOD", 11},   {"REMOVE", 12},      {"RMDIR", 13},  {"RENAME", 14},
    {"LINK", 15},     {"READDIR", 16}, {"READDIRPLUS", 17}, {"FSSTAT", 18}, {"FSINFO", 19},
    {"PATHCONF", 20}, {"COMMIT", 21},  {"STATFS", 17},      {NULL, 0}};

/* RFC 6455 5.2 */
const struct number_name number_names_ws_opcode[] = {
    {"continuation", 0}, {"text", 1},  {"binary", 2}, {"connection_close", 8},
    {"ping", 9},         {"pong", 10}, {NULL, 0}};
const struct number_name number_names_ws_flags[] = {{"fin", 0x80}, {"comp", 0x40}, {NULL, 0}};

/* RFC 4511 4.2-4.14, numbers of the protocolOp's tags */
const struct number_name number_names_ldap[] = {{"bind_request", 0},
                                                {"bind_response", 1},
                                                {"unbind_request", 2},
                                                {"search_request", 3},
                                                {"search_result_entry", 4},
                                                {"search_result_done", 5},
                                                {"modify_request", 6},
                                                {"modify_response", 7},
                                                {"add_request", 8},
                                                {"add_response", 9},
                                                {"del_request", 10},
                                                {"del_response", 11},
                                                {"mod_dn_request", 12},
                                                {"mod_dn_response", 13},
                                                {"compare_request", 14},
                                                {"compare_response", 15},
                                                {"abandon_request", 16},
                                                {"search_result_reference", 19},
                                                {"extended_request", 23},
                                                {"extended_response", 24},
                                                {"intermediate_response", 25},
                                                {NULL, 0}};
const struct number_name number_names_ldap_result[] = {{"success", 0},
                                                       {"operations_error", 1},
                                                       {"protocol_error", 2},
                                                       {"time_limit_exceeded", 3},
                                                       {"size_limit_exceeded", 4},
                                                       {"compare_false", 5},
                                                       {"compare_true", 6},
                                                       {"auth_method_not_supported", 7},
                                                       {"stronger_auth_required", 8},
                                                       {"referral", 10},
                                                       {"admin_limit_exceeded", 11},
                                                       {"unavailable_critical_extension", 12},
                                                       {"confidentiality_required", 13},
                                                       {"sasl_bind_in_progress", 14},
                                                       {"no_such_attribute", 16},
                                                       {"undefined_attribute_type", 17},
                                                       {"inappropriate_matching", 18},
                                                       {"constraint_violation", 19},
                                                       {"attribute_or_value_exists", 20},
                                                       {"invalid_attribute_syntax", 21},
                                                       {"no_such_object", 32},
                                                       {"alias_problem", 33},
                                                       {"invalid_dns_syntax", 34},
                                                       {"is_leaf", 35},
                                                       {"alias_dereferencing_problem", 36},
                                                       {"inappropriate_authentication", 48},
                                                       {"invalid_credentials", 49},
                                                       {"insufficient_access_rights", 50},
                                                       {"busy", 51},
                                                       {"unavailable", 52},
                                                       {"unwilling_to_perform", 53},
                                                       {"loop_detect", 54},
                                                       {"naming_violation", 64},
                                                       {"object_class_violation", 65},
                                                       {"not_allowed_on_non_leaf", 66},
                                                       {"not_allowed_on_rdn", 67},
                                                       {"entry_already_exists", 68},
                                                       {"object_class_mods_prohibited", 69},
                                                       {"affects_multiple_dsas", 71},
                                                       {"other", 80},
                                                       {"canceled", 118},
                                                       {NULL, 0}};

/* CIP Networks Library 2, 2-3.2 */
const struct number_name number_names_enip[] = {{"nop", 0},
                                                {"list_services", 4},
                                                {"list_identity", 0x63},
                                                {"list_interfaces", 0x64},
                                                {"register_session", 0x65},
                                                {"unregister_session", 0x66},
                                                {"send_rr_data", 0x6f},
                                                {"send_unit_data", 0x70},
                                                {"indicate_status", 0x72},
                                                {"cancel", 0x73},
                                                {NULL, 0}};

const struct number_name number_names_ftp_mode[] = {{"passive", 0}, {"active", 1}, {NULL, 0}};
const struct number_name number_names_ftpdata[] = {{"stor", 0}, {"retr", 1}, {NULL, 0}};

/* RFC 5905 figure 10 */
const struct number_name number_names_ntp_mode[] = {
    {"reserved", 0}, {"symmetric_active", 1}, {"symmetric_passive", 2},
    {"client", 3},   {"server", 4},           {"broadcast", 5},
    {"control", 6},  {"private", 7},          {NULL, 0}};

/* IEEE 1815 4.4 */
const struct number_name number_names_dnp3[] = {{"confirm", 0},
                                                {"read", 1},
                                                {"write", 2},
                                                {"select", 3},
                                                {"operate", 4},
                                                {"direct_operate", 5},
                                                {"direct_operate_nr", 6},
                                                {"immed_freeze", 7},
                                                {"immed_freeze_nr", 8},
                                                {"freeze_clear", 9},
                                                {"freeze_clear_nr", 10},
                                                {"freeze_at_time", 11},
                                                {"freeze_at_time_nr", 12},
                                                {"cold_restart", 13},
                                                {"warm_restart", 14},
                                                {"initialize_data", 15},
                                                {"initialize_appl", 16},
                                                {"start_appl", 17},
                                                {"stop_appl", 18},
                                                {"save_config", 19},
                                                {"enable_unsolicited", 20},
                                                {"disable_unsolicited", 21},
                                                {"assign_class", 22},
                                                {"delay_measure", 23},
                                                {"record_current_time", 24},
                                                {"open_file", 25},
                                                {"close_file", 26},
                                                {"delete_file", 27},
                                                {"get_file_info", 28},
                                                {"authenticate_file", 29},
                                                {"abort_file", 30},
                                                {"activate_config", 31},
                                                {"authenticate_req", 32},
                                                {"authenticate_err", 33},
                                                {"response", 129},
                                                {"unsolicited_response", 130},
                                                {"authenticate_resp", 131},
                                                {NULL, 0}};
const struct number_name number_names_dnp3_ind[] = {{"all_stations", 0x0100},
                                                    {"class_1_events", 0x0200},
                                                    {"class_2_events", 0x0400},
                                                    {"class_3_events", 0x0800},
                                                    {"need_time", 0x1000},
                                                    {"local_control", 0x2000},
                                                    {"device_trouble", 0x4000},
                                                    {"device_restart", 0x8000},
                                                    {"no_func_code_support", 0x0001},
                                                    {"object_unknown", 0x0002},
                                                    {"parameter_error", 0x0004},
                                                    {"event_buffer_overflow", 0x0008},
                                                    {"already_executing", 0x0010},
                                                    {"config_corrupt", 0x0020},
                                                    {"reserved_2", 0x0040},
                                                    {"reserved_1", 0x0080},
                                                    {NULL, 0}};

const struct number_name number_names_ssl_state[] = {{"client_hello", 1}, {"server_hello", 2},
                                                     {"client_keyx", 4},  {"server_keyx", 8},
                                                     {"unknown", 16},     {NULL, 0}};
