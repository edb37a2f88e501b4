/* axdr-table: rows of profile buffers, whole and in pieces of every size, null-data, strings
 * that outlive their piece, hostile buffers. */
#include "dlms/axdr.h"
#include "vectors.h"

typedef struct text {
  char at[4000];
  size_t len;
} text;

static void
add_value (text *t, const mw_axdr_value *v)
{
  int64_t n = 0;
  char *at = t->at + t->len;
  size_t cap = sizeof t->at - t->len;
  int k;
  if (v->type == MW_AXDR_OCTET_STRING || v->type == MW_AXDR_VISIBLE_STRING)
    k = snprintf (at, cap, "%u'%02x..%02x'+%u ", v->len, v->len ? v->ptr[0] : 0,
                  v->len ? v->ptr[v->len - 1] : 0, v->nulls);
  else if (v->type == MW_AXDR_STRUCTURE)
    k = snprintf (at, cap, "{%u}+%u ", v->len, v->nulls);
  else if (mw_axdr_to_int (v, &n) == MW_OK)
    k = snprintf (at, cap, "%d+%u ", (int) n, v->nulls);
  else
    k = snprintf (at, cap, "?%u+%u ", v->type, v->nulls);
  t->len += (size_t) k;
}

/* Read OCTETS in pieces of CHUNK, each in memory of its own that is overwritten afterwards. */
static enum mw_err
read_pieces (const uint8_t *octets, size_t n, size_t chunk, text *t)
{
  mw_axdr_value values[8];
  uint8_t keep[120], piece[4000];
  mw_axdr_table table;
  t->len = 0;
  t->at[0] = 0;
  mw_axdr_table_init (&table, values, 8, keep, sizeof keep);
  for (size_t at = 0; at < n && !table.err && !table.done; at += chunk) {
    size_t k = n - at < chunk ? n - at : chunk;
    memcpy (piece, octets + at, k);
    mw_axdr_table_feed (&table, piece, k);
    while (mw_axdr_table_next (&table)) {
      for (uint32_t i = 0; i < table.columns; i++)
        add_value (t, &values[i]);
      t->len += (size_t) snprintf (t->at + t->len, sizeof t->at - t->len, "| ");
    }
    memset (piece, 0xee, k);
  }
  return table.err ? table.err : table.done ? MW_OK : MW_ERR_SHORT;
}

static void
reads_as (const char *hex, const char *want)
{
  static uint8_t octets[2000];
  size_t n = unhex (hex, octets, sizeof octets);
  text t;
  for (size_t chunk = 1; chunk <= n; chunk++) {
    CHECK_EQ (read_pieces (octets, n, chunk, &t), MW_OK);
    CHECK_STR (t.at, want);
  }
}

static void
test_rows (void)
{
  reads_as ("01 02 02 03 090C07E4020F06011922FF800000 1100 0600000001"
            "      02 03 090C07E4020F06011922FF800080 1108 0600000002",
            "12'07..00'+0 0+0 1+0 | 12'07..80'+0 8+0 2+0 | ");
  reads_as ("01 03 1105 1106 00", "5+0 | 6+0 | 6+1 | ");
  reads_as ("01 00", "");
  reads_as ("00", "");
  reads_as ("01 01 02 00", "| ");
  reads_as ("01 02 02 02 0203110111021103 1209C4 02 02 00 00",
            "{8}+0 2500+0 | {8}+1 2500+1 | ");
}

static void
test_nulls (void)
{
  reads_as ("01 06 02 02 00 00" /* nothing before */
            "02 02 09 03 AABBCC 1101"
            "02 02 00 00"
            "02 02 00 1102"
            "02 02 09 04 DDEEFF11 00"
            "02 02 00 00",
            "?0+1 ?0+1 | 3'aa..cc'+0 1+0 | 3'aa..cc'+1 1+1 | 3'aa..cc'+2 2+0 | "
            "4'dd..11'+0 2+1 | 4'dd..11'+1 2+2 | ");
}

/* Rows of changing width: a column keeps its value over rows that do not have it. */
static void
test_widths (void)
{
  reads_as (
      "01 05 02 02 09 03 AABBCC 09 02 DDEE"
      "02 01 1101"
      "02 01 1102"
      "02 02 00 00"
      "02 02 09 03 112233 00",
      "3'aa..cc'+0 2'dd..ee'+0 | 1+0 | 2+0 | 2+1 2'dd..ee'+1 | 3'11..33'+0 2'dd..ee'+2 | ");
}

static void
test_compact (void)
{
  reads_as ("13 02 02 12 06 12 0001 00000064 0002 000000C8 0003 0000012C",
            "1+0 100+0 | 2+0 200+0 | 3+0 300+0 | ");
  reads_as ("13 12 06 0001 0002 0003", "1+0 | 2+0 | 3+0 | ");
  reads_as ("13 02 02 09 11 0B 03 AABBCC 01 04 DDEEFF11 02",
            "3'aa..cc'+0 1+0 | 4'dd..11'+0 2+0 | ");
  reads_as ("13 02 01 12 00", "");
}

static void
test_refused (void)
{
  static const struct {
    const char *hex;
    enum mw_err err;
  } rows[] = {
    { "01", MW_ERR_SHORT },
    { "02 01 1101", MW_ERR_VALUE },
    { "01 02 02 01 1101", MW_ERR_SHORT },
    { "01 02 02 01 0801", MW_ERR_VALUE },
    { "01 80", MW_ERR_VALUE },
    { "01 01 02 09 1101 1101 1101 1101 1101 1101 1101 1101 1101", MW_ERR_SPACE },
    { "13 02 02 00 00 04 01", MW_ERR_VALUE },
    { "13 02 00 04 01", MW_ERR_VALUE },
    { "13 02 01 02 04 01", MW_ERR_UNSUPPORTED },
    { "13 12 03 000100", MW_ERR_VALUE }, /* half a row at the end of its contents */
    { "13 12 04 0001", MW_ERR_SHORT },
    { "13 08 02 0101", MW_ERR_VALUE },
  };
  uint8_t octets[100];
  text t;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    size_t n = unhex (rows[i].hex, octets, sizeof octets);
    for (size_t chunk = 1; chunk <= n; chunk++)
      CHECK_EQ (read_pieces (octets, n, chunk, &t), rows[i].err);
  }
  /* a row longer than a third of keep, cut: said, not overrun */
  memset (octets, 0, sizeof octets);
  memcpy (octets, "\x01\x01\x02\x01\x09\x50", 6);
  CHECK_EQ (read_pieces (octets, 86, 86, &t), MW_OK);
  CHECK_EQ (read_pieces (octets, 86, 43, &t), MW_ERR_SPACE);
}

/* A clock column whose null-data goes on by the capture period. */
static void
test_time (void)
{
  HEX (octets, "01 04 02 02 090C07E9010103000000FFFFC400 06000003E8"
               "      02 02 00 06000003E9  02 02 00 00"
               "      02 02 090C07E901010302000000FFC400 00");
  mw_axdr_value values[2];
  uint8_t keep[90];
  mw_axdr_table t;
  int64_t utc, start;
  mw_axdr_table_init (&t, values, 2, keep, sizeof keep);
  mw_axdr_table_feed (&t, octets, octets_len);
  CHECK (mw_axdr_table_next (&t));
  CHECK_EQ (mw_axdr_table_time (&t, 0, 900, 0, &start), MW_OK);
  CHECK_EQ (start, 1735689600 - 3600); /* 2025-01-01T00:00+01:00 */
  CHECK (mw_axdr_table_next (&t));
  CHECK_EQ (mw_axdr_table_time (&t, 0, 900, 0, &utc), MW_OK);
  CHECK_EQ (utc, start + 900);
  CHECK (mw_axdr_table_next (&t));
  CHECK_EQ (mw_axdr_table_time (&t, 0, 900, 0, &utc), MW_OK);
  CHECK_EQ (utc, start + 1800);
  CHECK_EQ (values[1].nulls, 1);
  CHECK (mw_axdr_table_next (&t));
  CHECK_EQ (mw_axdr_table_time (&t, 0, 900, 0, &utc), MW_OK);
  CHECK_EQ (utc, start + 7200);
  CHECK_EQ (mw_axdr_table_time (&t, 2, 900, 0, &utc), MW_ERR_VALUE);
  CHECK (!mw_axdr_table_next (&t));
  CHECK (t.done);
}

/* Any octets: no overrun, no endless loop (run under the sanitizers too). */
static void
test_random (void)
{
  static const uint8_t likely[] = { 0, 1, 2, 3, 4, 5, 6, 9, 12, 0x11, 0x12, 0x13, 0x16, 0x82 };
  uint32_t seed = 2463534242;
  uint8_t octets[60];
  unsigned done = 0, refused = 0;
  text t;
  for (int i = 0; i < 40000; i++) {
    for (size_t k = 0; k < sizeof octets; k++) {
      seed ^= seed << 13, seed ^= seed >> 17, seed ^= seed << 5;
      octets[k] = seed % 5 ? likely[seed / 8 % sizeof likely] : (uint8_t) (seed >> 24);
    }
    octets[0] = i % 2 ? 0x01 : 0x13;
    enum mw_err err = read_pieces (octets, sizeof octets, 1 + (size_t) i % 60, &t);
    done += err == MW_OK;
    refused += err != MW_OK;
  }
  CHECK (done > 100 && refused > 100);
}

CHECK_MAIN (test_rows, test_nulls, test_widths, test_compact, test_refused, test_time,
            test_random)
