/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates for tests: a CA, and a server's (good.test, *.wild.test, 127.0.0.1) that it signed;
 * both valid from 2020 to 2120.  The key is public, so it protects nothing. */
#pragma once

static const char tls_test_ca[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBVDCB+6ADAgECAgEBMAoGCCqGSM49BAMCMBkxFzAVBgNVBAMMDnBpY2tldCB0\n"
    "ZXN0IENBMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAZMRcwFQYD\n"
    "VQQDDA5waWNrZXQgdGVzdCBDQTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKFz\n"
    "Lo6KFU056lOn8BxiSpvewMO/w3GlBkTy9FdzLdd43sGnSVHF3GE+ry/XyDZy/e3q\n"
    "bLuZM2BIYmwCuKckABSjMjAwMA8GA1UdEwEB/wQFMAMBAf8wHQYDVR0OBBYEFGHL\n"
    "oaZjMzdzNPEWvEgAFFSVl6MZMAoGCCqGSM49BAMCA0gAMEUCIQCiMR6+PelE4c93\n"
    "9O7uMH1rpdTZFDRYoMuFJQ6hZ8ajnwIgFUxHsP+5DdE9rYwNJQka3OrSN+LtFU+q\n"
    "7zNwnscP7yQ=\n"
    "-----END CERTIFICATE-----\n";

static const char tls_test_cert[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBiTCCAS+gAwIBAgIBAjAKBggqhkjOPQQDAjAZMRcwFQYDVQQDDA5waWNrZXQg\n"
    "dGVzdCBDQTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFDESMBAG\n"
    "A1UEAwwJZ29vZC50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEefuuoeHy\n"
    "ItihTJY3sak/xaY7uxZdojaGrUioM0qSAmca73+W9uSWjXJGTzUhOtAj49Z62RuE\n"
    "nllkxccClqTfjKNrMGkwJwYDVR0RBCAwHoIJZ29vZC50ZXN0ggsqLndpbGQudGVz\n"
    "dIcEfwAAATAdBgNVHQ4EFgQU1JU/aJlyqsyLVglEfPstq7xzPCcwHwYDVR0jBBgw\n"
    "FoAUYcuhpmMzN3M08Ra8SAAUVJWXoxkwCgYIKoZIzj0EAwIDSAAwRQIgEt0Y085y\n"
    "Az6O7zQDzKsIy0b4gzZCqctPWGmrf9iunEICIQCccsTnnODa3Wb7JfzBE0RD9aoy\n"
    "y8nBGB6lcG9GO5QkNg==\n"
    "-----END CERTIFICATE-----\n";

static const char tls_test_key[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgYPCwdgEqeVKvH60i\n"
    "pFUYAgozeMm9wGHO6i0GkiCglCqhRANCAAR5+66h4fIi2KFMljexqT/Fpju7Fl2i\n"
    "NoatSKgzSpICZxrvf5b25JaNckZPNSE60CPj1nrZG4SeWWTFxwKWpN+M\n"
    "-----END PRIVATE KEY-----\n";
