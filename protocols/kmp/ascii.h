/* ascii.h: the KMP of Kamstrup 685-382 meters from before 2006: everything in hexadecimal
 * digits.
 *
 *   "@" | "H"   address   command   data …   LRC   CR      "@" to the meter, "H" from it
 *
 * Every octet but the first character travels as two digits; the LRC makes the sum of all
 * octets 0 modulo 256.  The line is 1200 baud 8E2.  The address in all known telegrams is FEh.
 *
 * One public source alone knows this variant (the KMP382-driver of C. Bang, who found it by
 * listening); frame, check, and the fields below agree with the telegrams printed there.  What
 * else the meters answer is not known.  No meter of ours speaks it.
 */
#ifndef MW_KMP_ASCII_H
#define MW_KMP_ASCII_H

#include "base/cursor.h"
#include "base/line.h"

enum {
  MW_KMP_ASCII_TO_METER = '@',
  MW_KMP_ASCII_FROM_METER = 'H',
  MW_KMP_ASCII_ADDRESS = 0xfe,
  MW_KMP_ASCII_HELLO = 0x00,
  MW_KMP_ASCII_MEMORY = 0x01,   /* offset (2), length (2) */
  MW_KMP_ASCII_READINGS = 0x90, /* no data */
  MW_KMP_ASCII_TARIFFS = 0x95   /* 00 */
};

static inline mw_line
mw_kmp_ascii_line (void)
{
  mw_line l = { 1200, 8, 'E', 2 };
  return l;
}

typedef struct mw_kmp_ascii_frame {
  char start;
  uint8_t address;
  uint8_t command;
  mw_span data; /* octets, without the LRC */
} mw_kmp_ascii_frame;

/* MESSAGE is one telegram from its start character on, with or without CR; its octets go to
 * BUF. MW_ERR_VALUE for what is no digit, MW_ERR_SHORT, MW_ERR_CHECK, MW_ERR_SPACE. */
enum mw_err
mw_kmp_ascii_decode (mw_span message, uint8_t *buf, size_t cap, mw_kmp_ascii_frame *out);
void mw_kmp_ascii_encode (mw_wr *w, const mw_kmp_ascii_frame *f);
/* So that all octets with it sum up to 0. */
uint8_t mw_kmp_ascii_lrc (const uint8_t *p, size_t n);

/* The requests: HELLO, READINGS and TARIFFS as they are; LENGTH octets of memory from OFFSET.
 */
void mw_kmp_ascii_request (mw_wr *w, uint8_t command);
void mw_kmp_ascii_request_memory (mw_wr *w, uint16_t offset, uint16_t length);

/* What READINGS answers with. */
typedef struct mw_kmp_ascii_readings {
  uint32_t energy;   /* kWh */
  uint32_t load;     /* taken for a power; 0 in the telegram that is known */
  uint32_t hours;    /* hour counter */
  uint32_t resets;   /* "reset counter" */
  uint32_t peak;     /* "peak power" */
  uint32_t customer; /* customer number */
} mw_kmp_ascii_readings;
enum mw_err
mw_kmp_ascii_readings_decode (const mw_kmp_ascii_frame *f, mw_kmp_ascii_readings *out);

/* What TARIFFS answers with, in kWh. */
typedef struct mw_kmp_ascii_tariffs {
  uint32_t energy, tariff[2];
} mw_kmp_ascii_tariffs;
enum mw_err
mw_kmp_ascii_tariffs_decode (const mw_kmp_ascii_frame *f, mw_kmp_ascii_tariffs *out);

/* The type ("685382OK10") at the beginning of memory offset 1; TYPE takes 11 characters. */
enum mw_err mw_kmp_ascii_type_decode (const mw_kmp_ascii_frame *f, char type[11]);

#endif
