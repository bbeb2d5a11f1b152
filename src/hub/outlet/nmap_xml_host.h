/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The elements of nmap.dtd that speak of one host. */
#pragma once

#include "core/text/xml.h"
#include "hub/model/scan_report.h"

void nmap_xml_host_add(struct xml_out *x, const struct scan_host *h);
void nmap_xml_host_add_hint(struct xml_out *x, const struct scan_host *h);
void nmap_xml_host_add_script(struct xml_out *x, const struct scan_script *script);
