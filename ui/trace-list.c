#include "trace-list.h"

#include <glib/gi18n.h>
#include <string.h>

#include "cli/decode.h"

#define JOIN_US (60 * 1000) /* a pause this long begins a new row */
#define JOIN_BYTES 4096

struct _MwTraceRow {
  GObject parent_instance;
  gint64 time_us;
  gint64 last_us;
  gboolean sent;
  char *note;
  char *summary; /* made when it is first wanted */
  GByteArray *bytes;
};

struct _MwTraceList {
  GObject parent_instance;
  GPtrArray *rows;
};

static void list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE (MwTraceRow, mw_trace_row, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE_WITH_CODE (MwTraceList, mw_trace_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static void
mw_trace_row_finalize (GObject *object)
{
  MwTraceRow *self = MW_TRACE_ROW (object);
  g_free (self->note);
  g_free (self->summary);
  g_byte_array_unref (self->bytes);
  G_OBJECT_CLASS (mw_trace_row_parent_class)->finalize (object);
}

static void
mw_trace_row_class_init (MwTraceRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mw_trace_row_finalize;
}

static void
mw_trace_row_init (MwTraceRow *self)
{
  self->bytes = g_byte_array_new ();
}

gint64
mw_trace_row_get_time (MwTraceRow *self)
{
  return self->time_us;
}

gboolean
mw_trace_row_is_sent (MwTraceRow *self)
{
  return self->sent;
}

gboolean
mw_trace_row_is_note (MwTraceRow *self)
{
  return self->note != NULL;
}

GBytes *
mw_trace_row_get_bytes (MwTraceRow *self)
{
  return g_bytes_new (self->bytes->data, self->bytes->len);
}

char *
mw_trace_row_dup_text (MwTraceRow *self)
{
  if (self->note)
    return g_strdup (self->note);
  GString *text = g_string_sized_new (self->bytes->len * 3);
  for (guint i = 0; i < self->bytes->len; i++)
    g_string_append_printf (text, i ? " %02X" : "%02X", self->bytes->data[i]);
  return g_string_free (text, FALSE);
}

char *
mw_trace_row_dup_words (MwTraceRow *self)
{
  return self->note
             ? g_strdup ("")
             : mw_cli_decode_text (self->bytes->data, self->bytes->len, NULL, FALSE, NULL);
}

#define HEADINGS 3 /* of a decoded piece: the frame, the APDU, the service */
#define WORDS_AT 8 /* column where bytes stand in WORDS; a line without bytes is a heading */

static char *
summarise (MwTraceRow *self)
{
  g_autofree char *words = mw_trace_row_dup_words (self);
  g_auto (GStrv) lines = g_strsplit (words ? words : "", "\n", -1);
  GString *text = g_string_new (NULL);
  guint n = 0;
  for (guint i = 0; lines[i] && n < HEADINGS; i++) {
    if (strlen (lines[i]) <= WORDS_AT || lines[i][0] != ' ' || lines[i][WORDS_AT] != ' ')
      continue;
    g_string_append_printf (text, "%s%s", n++ ? " · " : "", g_strchug (lines[i] + WORDS_AT));
  }
  if (n == 0)
    g_string_printf (text, g_dngettext (NULL, "%u byte", "%u bytes", self->bytes->len),
                     self->bytes->len);
  return g_string_free (text, FALSE);
}

char *
mw_trace_row_dup_summary (MwTraceRow *self)
{
  if (self->note)
    return g_strdup ("");
  if (!self->summary)
    self->summary = summarise (self);
  return g_strdup (self->summary);
}

static GType
get_item_type (GListModel *model)
{
  return MW_TYPE_TRACE_ROW;
}

static guint
get_n_items (GListModel *model)
{
  return MW_TRACE_LIST (model)->rows->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  MwTraceList *self = MW_TRACE_LIST (model);
  return position < self->rows->len ? g_object_ref (self->rows->pdata[position]) : NULL;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
mw_trace_list_finalize (GObject *object)
{
  g_ptr_array_unref (MW_TRACE_LIST (object)->rows);
  G_OBJECT_CLASS (mw_trace_list_parent_class)->finalize (object);
}

static void
mw_trace_list_class_init (MwTraceListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mw_trace_list_finalize;
}

static void
mw_trace_list_init (MwTraceList *self)
{
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
}

MwTraceList *
mw_trace_list_new (void)
{
  return g_object_new (MW_TYPE_TRACE_LIST, NULL);
}

static gboolean
continues (const MwTraceRow *last, const MwTraceItem *item)
{
  return !last->note && item->bytes && last->sent == item->sent
         && item->time_us - last->last_us < JOIN_US && last->bytes->len < JOIN_BYTES;
}

void
mw_trace_list_append (MwTraceList *self, const MwTraceItem *item)
{
  guint n = self->rows->len;
  MwTraceRow *last = n ? self->rows->pdata[n - 1] : NULL;
  gboolean joined = last && continues (last, item);
  MwTraceRow *row = joined ? last : g_object_new (MW_TYPE_TRACE_ROW, NULL);
  if (!joined) {
    row->time_us = item->time_us;
    row->sent = item->sent;
    row->note = item->bytes ? NULL : g_strdup (item->note ? item->note : "");
    if (n >= MW_TRACE_MAX_ROWS) {
      guint drop = MW_TRACE_MAX_ROWS / 10;
      g_ptr_array_remove_range (self->rows, 0, drop);
      g_list_model_items_changed (G_LIST_MODEL (self), 0, drop, 0);
      n -= drop;
    }
    g_ptr_array_add (self->rows, row);
  }
  row->last_us = item->time_us;
  if (item->bytes) {
    gsize size;
    const guint8 *data = g_bytes_get_data (item->bytes, &size);
    g_byte_array_append (row->bytes, data, (guint) size);
    g_clear_pointer (&row->summary, g_free);
  }
  if (joined) /* the same object has more to say */
    g_list_model_items_changed (G_LIST_MODEL (self), n - 1, 1, 1);
  else
    g_list_model_items_changed (G_LIST_MODEL (self), n, 0, 1);
}

void
mw_trace_list_clear (MwTraceList *self)
{
  guint n = self->rows->len;
  g_ptr_array_set_size (self->rows, 0);
  if (n)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n, 0);
}

char *
mw_trace_list_dup_text (MwTraceList *self)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < self->rows->len; i++) {
    MwTraceRow *row = self->rows->pdata[i];
    g_autoptr (GDateTime) t = g_date_time_new_from_unix_local (row->time_us / G_USEC_PER_SEC);
    g_autofree char *stamp = g_date_time_format (t, "%H:%M:%S");
    g_autofree char *bytes = mw_trace_row_dup_text (row);
    g_string_append_printf (text, "%s.%03d %s %s\n", stamp, (int) (row->time_us / 1000 % 1000),
                            row->note   ? "#"
                            : row->sent ? ">"
                                        : "<",
                            bytes);
  }
  return g_string_free (text, FALSE);
}
