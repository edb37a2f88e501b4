/* axdr-table: how fast a profile buffer becomes values (Blue Book, class 7): ten years of
 * 15-minute rows of clock, status and four registers, as blocks of 1,000 octets bring them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "dlms/axdr.h"

#define ROWS 350400u
#define COLUMNS 6u

static double
now_s (void)
{
  struct timespec t;
  timespec_get (&t, TIME_UTC);
  return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

enum form { FULL, NULLS, COMPACT };

static void
put_row (mw_wr *w, enum form form, uint32_t row)
{
  mw_civil t = mw_civil_from_utc (1262304000 + 900 * (int64_t) row, 60, 0);
  uint8_t octets[12];
  if (form == COMPACT) {
    mw_axdr_civil_octets (&t, octets);
    mw_wr_u8 (w, 12);
    mw_wr_bytes (w, octets, 12);
    mw_wr_u8 (w, 0);
    for (uint32_t i = 0; i < 4; i++)
      mw_wr_u32 (w, row * (i + 1));
    return;
  }
  mw_axdr_put_structure (w, COLUMNS);
  if (form == NULLS && row % 96) {
    mw_axdr_put_null (w);
    mw_axdr_put_null (w);
  } else {
    mw_axdr_put_civil (w, &t);
    mw_axdr_put_u8 (w, 0);
  }
  for (uint32_t i = 0; i < 4; i++)
    mw_axdr_put_u32 (w, row * (i + 1));
}

static size_t
build (uint8_t *buf, size_t cap, enum form form)
{
  static const uint8_t types[] = {
    MW_AXDR_COMPACT_ARRAY, MW_AXDR_STRUCTURE, 6, 9, 17, 6, 6, 6, 6
  };
  mw_wr w;
  mw_wr_init (&w, buf, cap);
  if (form == COMPACT) {
    mw_wr_bytes (&w, types, sizeof types);
    mw_axdr_put_length (&w, ROWS * 30);
  } else {
    mw_axdr_put_array (&w, ROWS);
  }
  for (uint32_t i = 0; i < ROWS; i++)
    put_row (&w, form, i);
  return w.err ? 0 : mw_wr_len (&w);
}

/* Values read; the sum keeps the compiler honest and is checked. */
static uint64_t
read_all (const uint8_t *buf, size_t n, size_t piece, uint64_t *sum)
{
  mw_axdr_value row[COLUMNS];
  uint8_t keep[300];
  uint64_t values = 0;
  mw_axdr_table t;
  mw_axdr_table_init (&t, row, COLUMNS, keep, sizeof keep);
  *sum = 0;
  for (size_t at = 0; at < n; at += piece) {
    mw_axdr_table_feed (&t, buf + at, n - at < piece ? n - at : piece);
    while (mw_axdr_table_next (&t)) {
      values += t.columns;
      *sum += row[2].u + row[5].u + row[0].ptr[11];
    }
  }
  return t.done && !t.err ? values : 0;
}

int
main (void)
{
  static const char *const names[] = { "array, full rows", "array, null-data",
                                       "compact-array" };
  size_t cap = (size_t) ROWS * 48;
  uint8_t *buf = malloc (cap);
  uint64_t want = 5ull * ROWS * (ROWS - 1) / 2;
  for (int form = FULL; form <= COMPACT; form++) {
    size_t n = build (buf, cap, (enum form) form);
    double best = 1e9;
    uint64_t values = 0, sum = 0;
    for (int run = 0; run < 5; run++) {
      double start = now_s ();
      values = read_all (buf, n, 1000, &sum);
      double took = now_s () - start;
      best = took < best ? took : best;
    }
    CHECK_EQ (values, (uint64_t) ROWS * COLUMNS);
    CHECK_EQ (sum, want);
    printf ("axdr-table %-18s %7.1f million values/s  %7.1f MB/s\n", names[form],
            (double) values / best / 1e6, (double) n / best / 1e6);
  }
  free (buf);
  return check_failed != 0;
}
