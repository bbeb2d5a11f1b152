/* SPDX-License-Identifier: GPL-3.0-or-later */
/* suricata.yaml into the settings of the pipeline, the parsers, the records. */
#pragma once

#include "tool/ids/conf/yaml_conf.h"
#include "tool/ids/detect/eve_alert.h"
#include "tool/ids/settings.h"

struct settings_conf {
    struct ids_settings ids;
    struct eve_alert_settings alert;
    uint32_t alert_max;
    const char *eve_file; /* of the configuration; NULL: no EVE there */
};

/* 0 or -EINVAL with the setting's name. */
int settings_conf_read(struct settings_conf *s, const struct yaml_conf *c,
                       struct err *e) MUST_CHECK;

/* Snort's defaults where they differ: raw bytes in larger pieces, other policies. */
void settings_conf_snort(struct settings_conf *s);

/* action-order; returns how many, 0: the default. */
uint8_t settings_conf_order(const struct yaml_conf *c, enum rule_action out[5]);
