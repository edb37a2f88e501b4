/* textbuf.c: see textbuf.h. */
#include <string.h>

#include "civil.h"
#include "textbuf.h"

MwTextbuf *
mw_textbuf_new (GOutputStream *out, GTimeZone *zone, GCancellable *cancellable)
{
  MwTextbuf *b = g_new (MwTextbuf, 1);

  b->out = g_object_ref (out);
  b->cancellable = cancellable;
  b->error = NULL;
  b->len = 0;
  b->zone = zone ? g_time_zone_ref (zone) : g_time_zone_new_local ();
  b->offset_from = G_MAXINT64;
  b->offset_to = G_MININT64;
  b->date_day = G_MININT64;
  return b;
}

gboolean
mw_textbuf_finish (MwTextbuf *b, GError **error)
{
  gboolean ok;

  mw_textbuf_flush (b);
  ok = b->error == NULL;
  if (!ok)
    g_propagate_error (error, b->error);
  g_time_zone_unref (b->zone);
  g_object_unref (b->out);
  g_free (b);
  return ok;
}

void
mw_textbuf_flush (MwTextbuf *b)
{
  if (!b->error && b->len > 0)
    g_output_stream_write_all (b->out, b->buf, b->len, NULL, b->cancellable, &b->error);
  b->len = 0;
}

void
mw_textbuf_bytes (MwTextbuf *b, const char *text, gsize len)
{
  while (len > 0) {
    gsize n = MIN (len, MW_TEXTBUF_SIZE - b->len);
    memcpy (b->buf + b->len, text, n);
    b->len += n;
    text += n;
    len -= n;
    if (b->len == MW_TEXTBUF_SIZE)
      mw_textbuf_flush (b);
  }
}

/* Room for MW_TEXTBUF_ROOM octets in a row. */
static char *
room (MwTextbuf *b)
{
  if (b->len + MW_TEXTBUF_ROOM > MW_TEXTBUF_SIZE)
    mw_textbuf_flush (b);
  return b->buf + b->len;
}

/* ---- numbers ---- */

/* Two digits at once. */
static const char pairs[] = "0001020304050607080910111213141516171819"
                            "2021222324252627282930313233343536373839"
                            "4041424344454647484950515253545556575859"
                            "6061626364656667686970717273747576777879"
                            "8081828384858687888990919293949596979899";

/* The digits of V so that they end before END; where they begin. */
static char *
digits (guint64 v, char *end)
{
  while (v >= 100) {
    end -= 2;
    memcpy (end, pairs + 2 * (v % 100), 2);
    v /= 100;
  }
  if (v >= 10) {
    end -= 2;
    memcpy (end, pairs + 2 * v, 2);
  } else {
    *--end = (char) ('0' + v);
  }
  return end;
}

void
mw_textbuf_decimal (MwTextbuf *b, gint64 mantissa, int exponent, char point)
{
  guint64 v = mantissa < 0 ? (guint64) 0 - (guint64) mantissa : (guint64) mantissa;
  char scratch[48], *end = scratch + sizeof scratch, *at = digits (v, end), *to = room (b);
  char *start = to;
  int n = (int) (end - at), fraction = exponent < 0 ? -exponent : 0;

  if (mantissa < 0)
    *to++ = '-';
  if (n <= fraction) {
    *to++ = '0';
  } else {
    memcpy (to, at, (gsize) (n - fraction));
    to += n - fraction;
    at += n - fraction;
  }
  if (fraction > 0) {
    *to++ = point;
    for (int i = n; i < fraction; i++)
      *to++ = '0';
    memcpy (to, at, (gsize) (end - at));
    to += end - at;
  }
  for (int i = 0; i < exponent && v != 0; i++)
    *to++ = '0';
  b->len += (gsize) (to - start);
}

/* ---- times ---- */

/* The offset of the zone at UTC; asked again only when the hour leaves what is known. */
static gint64
zone_offset (MwTextbuf *b, gint64 utc)
{
  gint64 hour = 3600 * (utc >= 0 ? utc / 3600 : (utc - 3599) / 3600);

  if (utc < b->offset_from || utc >= b->offset_to) {
    int interval = g_time_zone_find_interval (b->zone, G_TIME_TYPE_UNIVERSAL, utc);
    b->offset = g_time_zone_get_offset (b->zone, interval);
    b->offset_from = hour;
    b->offset_to = hour + 3600;
    /* Days in a row mostly have one offset: see whether a day from here has it too. */
    if (g_time_zone_find_interval (b->zone, G_TIME_TYPE_UNIVERSAL, hour + 86400) == interval)
      b->offset_to = hour + 86400;
  }
  return b->offset;
}

static void
two (char *to, int v)
{
  memcpy (to, pairs + 2 * v, 2);
}

void
mw_textbuf_time (MwTextbuf *b, gint64 utc, int deviation_min)
{
  gint64 offset =
      deviation_min == MW_DEVIATION_ANY ? zone_offset (b, utc) : (gint64) deviation_min * 60;
  gint64 local = utc + offset;
  gint64 day = local >= 0 ? local / 86400 : (local - 86399) / 86400;
  int s = (int) (local - day * 86400), minutes = (int) (offset < 0 ? -offset : offset) / 60;
  char *to = room (b);

  if (day != b->date_day) {
    int year, month, dom;
    mw_date_from_days ((int32_t) CLAMP (day, -719162, 2932896), &year, &month, &dom);
    b->date_day = day;
    two (b->date, year / 100);
    two (b->date + 2, year % 100);
    b->date[4] = b->date[7] = '-';
    two (b->date + 5, month);
    two (b->date + 8, dom);
    b->date[10] = 'T';
  }
  memcpy (to, b->date, 11);
  two (to + 11, s / 3600);
  two (to + 14, s / 60 % 60);
  two (to + 17, s % 60);
  to[13] = to[16] = to[22] = ':';
  to[19] = offset < 0 ? '-' : '+';
  two (to + 20, minutes / 60 % 100);
  two (to + 23, minutes % 60);
  b->len += 25;
}
