/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From an address into the store: a plain file of any format, NVD's paged interface, or a CSAF
 * provider with all that it lists, each document held against its checksum and signature. */
#pragma once

#include "tool/advisory/fetch_file.h"

/* Fetch what the address names and take it in.  Parts that are refused are told and counted, the
 * others are taken all the same. */
int fetch_source(struct fetch *f, const char *url, struct err *e) MUST_CHECK;

/* ---- for the kinds of source ---- */

bool fetch_is_nvd(const char *url);
int fetch_nvd(struct fetch *f, const char *url, struct err *e) MUST_CHECK;

bool fetch_is_csaf(const char *url); /* ".../provider-metadata.json" */
int fetch_csaf(struct fetch *f, const char *url, struct err *e) MUST_CHECK;

/* Read a file of the mirror into the store. */
int fetch_take(struct fetch *f, const char *path, const char *url, struct err *e) MUST_CHECK;

void fetch_refuse(struct fetch *f, const char *what, const char *why);
