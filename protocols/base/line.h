/* line.h: the setting of an asynchronous line, as engines ask for it and links and UARTs set
 * it.
 */
#ifndef MW_LINE_H
#define MW_LINE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct mw_line {
  uint32_t baud;
  uint8_t data_bits; /* 7 or 8 */
  char parity;       /* 'N', 'E' or 'O' */
  uint8_t stop_bits; /* 1 or 2 */
} mw_line;

static inline mw_line
mw_line_8n1 (uint32_t baud)
{
  mw_line l = { baud, 8, 'N', 1 };
  return l;
}

/* The character format of IEC 62056-21 clause 5: ISO 1177, 7 bits, even parity. */
static inline mw_line
mw_line_7e1 (uint32_t baud)
{
  mw_line l = { baud, 7, 'E', 1 };
  return l;
}

static inline bool
mw_line_equal (mw_line a, mw_line b)
{
  return a.baud == b.baud && a.data_bits == b.data_bits && a.parity == b.parity
         && a.stop_bits == b.stop_bits;
}

/* Bits on the wire of one character: start, data, parity, stop. */
static inline uint32_t
mw_line_bits (mw_line l)
{
  return 1u + l.data_bits + (l.parity != 'N') + l.stop_bits;
}

/* Milliseconds that LEN characters take on the wire, rounded up. */
static inline uint32_t
mw_line_ms (mw_line l, uint64_t len)
{
  return l.baud ? (uint32_t) ((len * mw_line_bits (l) * 1000u + l.baud - 1) / l.baud) : 0;
}

#endif
