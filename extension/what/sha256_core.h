/*
 * SHA-256 (FIPS 180-4), for household names. The server's own makes a digest context of OpenSSL for
 * every call, which costs three times as much as the digest.
 */
#ifndef GEORISK_SHA256_CORE_H
#define GEORISK_SHA256_CORE_H

#include "../pure.h"

#define SHA256_SIZE 32

extern void sha256(const void *message, size_t length, uint8_t digest[SHA256_SIZE]);

#endif
