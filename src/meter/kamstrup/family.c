/* family.c: Kamstrup's meters over KMP: who one is, and what its family does; see kamstrup.h.
 */
#include "meter/kamstrup/kamstrup.h"

#include <string.h>

/* Type number in full and in short; and what only a reference meter has (assigned by us), for
 * its serial number cannot begin with REF. */
enum { TYPE_COMPLETE = 0x0466, TYPE_NUMBER = 0x0422, REFERENCE_MARK = 0x70ff };

/* ---- identity ---- */

typedef struct {
  MwMeter *meter;
  char *complete, *shorter;
  gboolean reference;
} Words;

static char *
text_of (const mw_kmp_value *value)
{
  g_autofree char *text = NULL;
  GString *out = g_string_new (NULL);
  mw_kmp_number n;
  if (mw_kmp_unit_kind (value->unit) == MW_KMP_KIND_TEXT)
    text = g_strndup ((const char *) value->data, value->octets);
  else if (mw_kmp_value_raw (value, &n) == MW_OK && n.mantissa)
    text = g_strdup_printf ("%" G_GUINT64_FORMAT, n.mantissa);
  for (const char *c = text; c && *c; c++)
    if (g_ascii_isalnum (*c))
      g_string_append_c (out, *c);
  return g_string_free (out, out->len == 0);
}

static void
on_word (gpointer user, guint16 id, const mw_kmp_value *value)
{
  Words *words = user;
  mw_civil t;
  gint64 utc;
  if (value == NULL)
    return;
  if (id == TYPE_COMPLETE)
    words->complete = text_of (value);
  else if (id == TYPE_NUMBER)
    words->shorter = text_of (value);
  else if (id == REFERENCE_MARK)
    words->reference = value->octets >= 3 && memcmp (value->data, "REF", 3) == 0;
  else if (mw_kmp_value_civil (value, &t) == MW_OK
           && mw_kam_to_utc (&t, &utc, &words->meter->deviation)) {
    words->meter->clock_utc = utc;
    words->meter->clock_drift = utc - g_get_real_time () / G_USEC_PER_SEC;
  }
}

static gboolean
ask (MwMeter *self, gboolean *reference, GError **error)
{
  static const guint16 ids[] = { TYPE_COMPLETE, TYPE_NUMBER, MW_KMP_RTC, REFERENCE_MARK };
  Words words = { self, NULL, NULL, FALSE };
  gboolean good = mw_kmp_wire_get (self->kmp, ids, G_N_ELEMENTS (ids), on_word, &words, error);
  *reference = words.reference;
  self->kamstrup->type_number = words.complete ? words.complete : words.shorter;
  if (words.complete)
    g_free (words.shorter);
  return good;
}

/* The type number as it is printed on meters. */
static char *
printed_number (MwMeter *self, const char *family)
{
  char *shape = NULL;
  g_autoptr (GPtrArray) parts = mw_store_decode_type_number (
      self->store, family, self->kamstrup->type_number, &shape, NULL);
  if (parts && shape)
    return shape;
  g_free (shape);
  return g_strdup (self->kamstrup->type_number);
}

/* Without the catalogue, and of a meter whose words it does not know. */
static char *
plain_type (MwMeter *self)
{
  const char *known = mw_kmp_type_name (self->kmp->type);
  return known ? g_strdup (known) : g_strdup_printf ("unknown type %04X", self->kmp->type);
}

static gboolean
name_meter (MwMeter *self, MwMeterInfo *draft, GError **error)
{
  MwRecognition *found;
  draft->manufacturer = g_strdup ("Kamstrup");
  if (self->store == NULL) {
    draft->family = g_strdup (mw_family_kamstrup.id);
    draft->type = plain_type (self);
    return TRUE;
  }
  found =
      mw_store_recognise_kmp (self->store, self->kmp->type, self->kamstrup->type_number, error);
  if (found == NULL) {
    mw_error_adopt (error, MW_SESSION_ERROR_STORE);
    return FALSE;
  }
  draft->family = g_strdup (found->family);
  draft->model = g_strdup (found->model);
  draft->generation = g_strdup (found->generation);
  if (self->kamstrup->type_number)
    draft->type = printed_number (self, found->family);
  else
    draft->type = found->type ? g_strdup (found->type) : plain_type (self);
  self->kamstrup->variant = found->variant;
  self->kamstrup->note = g_strdup (found->note);
  mw_recognition_free (found);
  return TRUE;
}

/* Password and serial number; when the link breaks meanwhile, by a fresh one. */
static gboolean
introduce (MwKmpWire *kmp, GError **error)
{
  g_autoptr (GError) failure = NULL;
  if (mw_kmp_wire_login (kmp, &failure) && mw_kmp_wire_get_serial (kmp, &failure))
    return TRUE;
  if (mw_channel_may_retry (failure))
    return mw_kmp_wire_reopen (kmp, error);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
meet (MwMeter *self, MwMeterInfo *draft, GError **error)
{
  self->kamstrup = g_new0 (MwKamstrup, 1);
  self->family = &mw_family_kamstrup;
  if (!introduce (self->kmp, error) || !ask (self, &draft->reference, error))
    return FALSE;
  draft->serial = g_strdup_printf ("%u", self->kmp->serial);
  draft->firmware = mw_kmp_dup_revision (self->kmp->revision);
  draft->logical_name = g_strdup (self->kamstrup->type_number);
  return name_meter (self, draft, error);
}

/* ---- functions ---- */

static char *
iec_refusal (MwMeter *self)
{
  MwMeterKind kind = mw_kam_kind (self);
  g_autoptr (GPtrArray) list =
      self->store ? mw_store_list_functions (self->store, &kind, NULL) : NULL;
  for (guint i = 0; list && i < list->len; i++) {
    const MwFunctionInfo *f = list->pdata[i];
    if (strcmp (f->id, "iec-request") == 0 && !f->available)
      return g_strdup (f->reason);
  }
  return NULL;
}

static char *
note (MwMeter *self)
{
  return g_strdup (self->kamstrup->note);
}

/* ---- lists ---- */

static GPtrArray *
registers (MwMeter *self, GError **error)
{
  GPtrArray *list;
  if (!mw_kam_load_rows (self, error))
    return NULL;
  list = g_ptr_array_new_with_free_func ((GDestroyNotify) mw_register_info_free);
  for (guint i = 0; i < self->kamstrup->rows->len; i++)
    g_ptr_array_add (
        list, mw_register_info_copy (((MwKmpRow *) self->kamstrup->rows->pdata[i])->info));
  return list;
}

static GPtrArray *
loggers (MwMeter *self, GError **error)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) mw_logger_info_free);
  for (guint i = 0; i < self->kamstrup->logs->len; i++)
    g_ptr_array_add (list,
                     mw_logger_info_copy (((MwKmpLog *) self->kamstrup->logs->pdata[i])->info));
  return list;
}

const MwFamily mw_family_kamstrup = {
  .id = "kamstrup",
  .registers = registers,
  .loggers = loggers,
  .find_register = mw_kam_find_register,
  .read = mw_kam_read,
  .log = mw_kam_log,
  .status = mw_kam_status,
  .plan_kinds = mw_kam_plan_kinds,
  .plan_read = mw_kam_plan_read,
  .plan_expect = mw_kam_plan_expect,
  .plan_write = mw_kam_plan_write,
  .iec_refusal = iec_refusal,
  .note = note,
};

/* ---- the talk ---- */

static char *
dup_way (MwMeter *self)
{
  return g_strdup_printf ("kmp %u", self->kmp->line.baud);
}

/* Nobody takes leave in KMP. */
static void
shut (MwMeter *self)
{
}

const MwTalk mw_talk_kmp = {
  .name = "KMP",
  .word = "kmp",
  .meet = meet,
  .dup_way = dup_way,
  .shut = shut,
};
