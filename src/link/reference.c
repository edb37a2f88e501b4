/* reference.c: the reference meter inside this process as a link (`ref:mt381?history=90d`).
 *
 * This is the one file above protocols/ that knows firmware-ref.  Meters are kept in a table by
 * their options, under a mutex; a meter in use belongs to the thread of its link alone, and who
 * asks for the same options meanwhile gets a meter of his own.
 */
#include "link/reference.h"

#include "host/inproc.h"
#include "link/link.h"
#include "link/pump.h"

#include <stdlib.h>
#include <string.h>

enum { SLICE_MS = 20 };

typedef struct bench {
  char *key; /* the options */
  mw_inproc *meter;
  gboolean used;
} bench;

typedef struct reference_link {
  mw_link link;
  bench *place;
  mw_inproc *meter; /* of PLACE */
} reference_link;

static GMutex lock;
static GPtrArray *benches; /* bench, under LOCK */

static void
bench_free (gpointer data)
{
  bench *b = data;
  mw_inproc_free (b->meter);
  g_free (b->key);
  g_free (b);
}

static const char *
option (const MwUri *uri, const char *name)
{
  return g_hash_table_lookup (uri->options, name);
}

static guint32
seconds_of (const char *text)
{
  guint64 n = g_ascii_strtoull (text, NULL, 10);
  return (guint32) (n * (text[strlen (text) - 1] == 'd' ? 86400 : 3600));
}

static gboolean
clock_of (const char *text, int64_t *out, GError **error)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, utc);
  if (time) {
    *out = g_date_time_to_unix (time);
    return TRUE;
  }
  g_set_error (error, MW_LINK_ERROR, MW_LINK_ERROR_URI,
               "The parameter clock=%s is wrong: it must be a time as 2026-01-01T00:00:00Z.",
               text);
  return FALSE;
}

static enum mw_inproc_framing
framing_of (const MwUri *uri)
{
  gboolean given = uri->framing != MW_FRAMING_UNSET && uri->framing != MW_FRAMING_AUTO;
  if (mw_uri_mode (uri) == MW_MODE_MODULE)
    return MW_INPROC_MODULE;
  if (mw_uri_mode (uri) == MW_MODE_OPTICAL || mw_uri_framing (uri) == MW_FRAMING_IEC)
    return MW_INPROC_OPTICAL;
  if (!given)
    return mw_inproc_usual (uri->target);
  if (uri->framing == MW_FRAMING_KMP)
    return MW_INPROC_KMP;
  return uri->framing == MW_FRAMING_HDLC ? MW_INPROC_HDLC : MW_INPROC_WRAPPER;
}

/* Has the port of the meter a speed? */
static gboolean
has_line (const MwUri *uri)
{
  return framing_of (uri) == MW_INPROC_OPTICAL || framing_of (uri) == MW_INPROC_MODULE;
}

static mw_inproc *
build (const MwUri *uri, GError **error)
{
  char why[200] = "";
  mw_inproc_options o = { .model = uri->target,
                          .generation = option (uri, "generation"),
                          .type_number = option (uri, "type-number"),
                          .serial = option (uri, "serial"),
                          .scenario = option (uri, "scenario"),
                          .nvm = option (uri, "nvm"),
                          .framing = framing_of (uri),
                          .echo = g_strcmp0 (option (uri, "head"), "echo") == 0 };
  if (option (uri, "seed"))
    o.seed = (uint32_t) g_ascii_strtoull (option (uri, "seed"), NULL, 10);
  if (option (uri, "history"))
    o.history_s = seconds_of (option (uri, "history"));
  if (option (uri, "speed"))
    o.speed = g_ascii_strtod (option (uri, "speed"), NULL);
  if (option (uri, "clock") && !clock_of (option (uri, "clock"), &o.clock_utc, error))
    return NULL;
  mw_inproc *meter = mw_inproc_new (&o, why, sizeof why);
  /* A known model without a file can only have been asked for what it is not. */
  gboolean uri_wrong = mw_inproc_knows (uri->target) && !o.nvm;
  if (!meter)
    g_set_error (error, MW_LINK_ERROR, uri_wrong ? MW_LINK_ERROR_URI : MW_LINK_ERROR_NO_PORT,
                 "The reference meter cannot be started: %s.", why);
  return meter;
}

/* What makes a meter another one. */
static char *
key_of (const MwUri *uri)
{
  g_autoptr (GList) names = g_hash_table_get_keys (uri->options);
  names = g_list_sort (names, (GCompareFunc) strcmp);
  GString *key = g_string_new (uri->target);
  g_string_append_printf (key, " %d", framing_of (uri));
  for (GList *n = names; n; n = n->next)
    g_string_append_printf (key, "\n%s=%s", (char *) n->data, option (uri, n->data));
  return g_string_free (key, FALSE);
}

/* An unused meter with these options; NULL: there is none. */
static bench *
take_bench (const char *key)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  for (guint i = 0; benches && i < benches->len; i++) {
    bench *b = benches->pdata[i];
    if (!b->used && strcmp (b->key, key) == 0) {
      b->used = TRUE;
      return b;
    }
  }
  return NULL;
}

static bench *
add_bench (const char *key, mw_inproc *meter)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  bench *b = g_new0 (bench, 1);
  b->key = g_strdup (key);
  b->meter = meter;
  b->used = TRUE;
  if (!benches)
    benches = g_ptr_array_new_with_free_func (bench_free);
  g_ptr_array_add (benches, b);
  return b;
}

static const mw_link_class line_class;

static gboolean
reference_open (mw_link *link, const MwUri *uri, GCancellable *cancel, GError **error)
{
  reference_link *l = (reference_link *) link;
  g_autofree char *key = key_of (uri);
  l->place = take_bench (key);
  if (!l->place) {
    mw_inproc *meter = build (uri, error);
    if (!meter)
      return FALSE;
    l->place = add_bench (key, meter);
  }
  l->meter = l->place->meter;
  mw_inproc_reset (l->meter, mw_pump_now ());
  if (has_line (uri)) {
    link->klass = &line_class;
    link->line = mw_line_7e1 (300);
  }
  return TRUE;
}

static gssize
reference_read (mw_link *link, void *buf, size_t cap, guint timeout_ms, GCancellable *cancel,
                GError **error)
{
  reference_link *l = (reference_link *) link;
  mw_ms until = mw_pump_now () + timeout_ms;
  for (;;) {
    mw_ms now = mw_pump_now ();
    if (now >= mw_inproc_deadline (l->meter))
      mw_inproc_tick (l->meter, now);
    size_t n = mw_inproc_take (l->meter, buf, cap, now);
    if (n)
      return (gssize) n;
    if (mw_link_cancelled (cancel, error))
      return -1;
    if (now >= until)
      return 0;
    mw_ms due = mw_inproc_deadline (l->meter);
    mw_ms next = MIN (MIN (due, until), now + SLICE_MS);
    g_usleep (1000 * (gulong) (next > now ? next - now : 1));
  }
}

/* At a speed at which the meter does not listen nothing is understood. */
static gboolean
reference_write (mw_link *link, const void *data, size_t len, GCancellable *cancel,
                 GError **error)
{
  reference_link *l = (reference_link *) link;
  mw_ms now = mw_pump_now ();
  if (link->klass->set_line)
    mw_inproc_hear (l->meter, link->line.baud, now);
  mw_inproc_feed (l->meter, data, len, now);
  return TRUE;
}

static gboolean
reference_set_line (mw_link *link, const mw_line *line, GError **error)
{
  return TRUE; /* mw_link_set_line keeps it */
}

static void
reference_discard (mw_link *link)
{
  reference_link *l = (reference_link *) link;
  char buf[512];
  while (mw_inproc_take (l->meter, buf, sizeof buf, mw_pump_now ()))
    continue;
}

static void
reference_close (mw_link *link)
{
  reference_link *l = (reference_link *) link;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  if (l->place)
    l->place->used = FALSE;
}

static const mw_link_class direct_class = {
  .scheme = "ref",
  .size = sizeof (reference_link),
  .open = reference_open,
  .read = reference_read,
  .write = reference_write,
  .discard = reference_discard,
  .close = reference_close,
};

/* The same through an optical head or the module port: the line has a speed. */
static const mw_link_class line_class = {
  .scheme = "ref",
  .size = sizeof (reference_link),
  .open = reference_open,
  .read = reference_read,
  .write = reference_write,
  .set_line = reference_set_line,
  .discard = reference_discard,
  .close = reference_close,
};

void
mw_reference_link_register (void)
{
  mw_link_register (MW_SCHEME_REF, &direct_class);
}

void
mw_reference_link_forget (void)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  for (guint i = benches ? benches->len : 0; i-- > 0;)
    if (!((bench *) benches->pdata[i])->used)
      g_ptr_array_remove_index (benches, i);
}
