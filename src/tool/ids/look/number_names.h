/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words that rules may write for numbers of protocols.  Each table ends with NULL. */
#pragma once

#include "tool/ids/look/number_range.h"

extern const struct number_name number_names_bool[], number_names_rcode[], number_names_rrtype[],
    number_names_frametype[], number_names_errorcode[], number_names_settings[], number_names_sa[],
    number_names_tls[], number_names_mqtt_type[], number_names_mqtt_flags[],
    number_names_mqtt_connect[], number_names_rfb[], number_names_nfs[], number_names_ws_opcode[],
    number_names_ws_flags[], number_names_ldap[], number_names_ldap_result[], number_names_enip[],
    number_names_ftp_mode[], number_names_ftpdata[], number_names_ntp_mode[], number_names_dnp3[],
    number_names_dnp3_ind[], number_names_ssl_state[];
