/* obis.c: see obis.h. */
#include "dlms/obis.h"

#include <string.h>

enum { GROUP_A, GROUP_B, GROUP_C, GROUP_D, GROUP_E, GROUP_F };

typedef struct reader {
  const char *at, *end;
} reader;

static int
hex_digit (char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  c = (char) (c | 0x20);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
parse_hex (const char *text, mw_obis *out)
{
  for (size_t i = 0; i < 12; i++) {
    int d = hex_digit (text[i]);
    if (d < 0)
      return false;
    out->v[i / 2] = (uint8_t) (out->v[i / 2] << 4 | d);
  }
  return true;
}

/* A number 0-255, or one of the letters of groups C and D (IEC 62056-61 annex A); else -1. */
static int
group (reader *r)
{
  static const char letters[] = "CFLP";
  const char *letter = r->at < r->end && *r->at ? strchr (letters, *r->at) : NULL;
  int n = -1;
  if (letter) {
    r->at++;
    return 96 + (int) (letter - letters);
  }
  for (; r->at < r->end && *r->at >= '0' && *r->at <= '9' && n <= 255; r->at++)
    n = (n < 0 ? 0 : n * 10) + (*r->at - '0');
  return n > 255 ? -1 : n;
}

static bool
take (reader *r, char c)
{
  if (r->at == r->end || *r->at != c)
    return false;
  r->at++;
  return true;
}

/* The groups in their order of writing with what stands between them; at most six. */
static size_t
split (reader *r, int value[6], char before[6])
{
  size_t n = 0;
  char mark = 0;
  while (n < 6) {
    value[n] = group (r);
    before[n] = mark;
    if (value[n] < 0)
      return 0;
    n++;
    if (r->at == r->end)
      return n;
    mark = *r->at;
    if (!strchr ("-:.*&", mark) || !take (r, mark))
      return 0;
  }
  return 0; /* a mark after the sixth */
}

/* Which group each value is: said by the marks, as "A-B:C.D.E*F" shows them. */
static bool
assign (const int *value, const char *before, size_t n, mw_obis *out)
{
  size_t g = GROUP_C;
  bool dots = n == 6 && before[1] == '.' && before[2] == '.';
  if (dots || (n > 1 && before[1] == '-'))
    g = GROUP_A;
  else if (n > 1 && before[1] == ':')
    g = GROUP_B;
  if (g + n > 6 || g + n < 5 - (g == GROUP_C))
    return false;
  for (size_t i = 0; i < n; i++, g++) {
    static const char *const marks[] = { "", "-.", ":.", ".", ".", ".*&" };
    if (i > 0 && !strchr (marks[g], before[i]))
      return false;
    if (i > 0 && !dots && g <= GROUP_C && before[i] == '.')
      return false;
    out->v[g] = (uint8_t) value[i];
  }
  return true;
}

enum mw_err
mw_obis_parse (const char *text, size_t len, mw_obis *out)
{
  reader r = { text, text + len };
  int value[6];
  char before[6];
  mw_obis o = { { 1, 0, 0, 0, 0, 255 } };
  size_t n;

  if (len == 12 && parse_hex (text, out))
    return MW_OK;
  n = split (&r, value, before);
  if (n < 2 || !assign (value, before, n, &o))
    return MW_ERR_VALUE;
  if (before[1] == '.' && n < 6 && (o.v[GROUP_C] == 96 || o.v[GROUP_C] == 97))
    o.v[GROUP_A] = 0; /* service entries and error codes are of no medium */
  *out = o;
  return MW_OK;
}

static char *
put_number (char *p, unsigned n, char mark)
{
  if (n >= 100)
    *p++ = (char) ('0' + n / 100);
  if (n >= 10)
    *p++ = (char) ('0' + n / 10 % 10);
  *p++ = (char) ('0' + n % 10);
  *p++ = mark;
  return p;
}

static size_t
format (mw_obis o, unsigned first, unsigned last, char *buf, size_t cap)
{
  static const char after[] = "-:....";
  char text[MW_OBIS_TEXT];
  char *p = text;
  size_t len;
  for (unsigned g = first; g <= last; g++)
    p = put_number (p, o.v[g], after[g]);
  p[-1] = '\0';
  len = (size_t) (p - text) - 1;
  if (len >= cap)
    return 0;
  memcpy (buf, text, len + 1);
  return len;
}

size_t
mw_obis_format (mw_obis o, char *buf, size_t cap)
{
  return format (o, GROUP_A, GROUP_F, buf, cap);
}

size_t
mw_obis_format_short (mw_obis o, char *buf, size_t cap)
{
  bool plain =
      o.v[GROUP_A] == 1 && o.v[GROUP_B] == 0 && o.v[GROUP_C] != 96 && o.v[GROUP_C] != 97;
  if (o.v[GROUP_F] != 255)
    return format (o, GROUP_A, GROUP_F, buf, cap);
  return format (o, plain ? GROUP_C : GROUP_A, GROUP_E, buf, cap);
}

int
mw_obis_compare (mw_obis a, mw_obis b)
{
  int d = memcmp (a.v, b.v, sizeof a.v);
  return (d > 0) - (d < 0);
}

bool
mw_obis_equal (mw_obis a, mw_obis b)
{
  return mw_obis_compare (a, b) == 0;
}

mw_obis
mw_obis_read (mw_cur *c)
{
  mw_obis o = { { 0 } };
  mw_span s = mw_cur_bytes (c, sizeof o.v);
  if (s.len)
    memcpy (o.v, s.ptr, sizeof o.v);
  return o;
}

void
mw_obis_write (mw_wr *w, mw_obis o)
{
  mw_wr_bytes (w, o.v, sizeof o.v);
}
