/* crc.h: the 16-bit cyclic redundancy checks of the meter protocols.
 *
 * HDLC FCS and HCS (ISO/IEC 13239 4.2.5.2; IEC 62056-46), polynomial 1021h reflected,
 *       initial FFFFh, final complement, sent low byte first.
 * XMODEM: KMP, polynomial 1021h, initial 0, sent high byte first.
 * ARC: P1 (DSMR), polynomial 8005h reflected (A001h), initial 0.
 */
#ifndef MW_CRC_H
#define MW_CRC_H

#include <stddef.h>
#include <stdint.h>

/* Running X-25: start with MW_CRC_X25_INIT, finish with the complement (~crc). */
#define MW_CRC_X25_INIT 0xffffu
/* What a running X-25 is after a block and its own check bytes (before the complement). */
#define MW_CRC_X25_GOOD 0xf0b8u

uint16_t mw_crc_x25_update (uint16_t crc, const void *data, size_t len);
uint16_t mw_crc_x25 (const void *data, size_t len);
uint16_t mw_crc_xmodem (uint16_t crc, const void *data, size_t len);
uint16_t mw_crc_arc (uint16_t crc, const void *data, size_t len);

#endif
