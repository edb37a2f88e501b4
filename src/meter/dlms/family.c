/* family.c: any DLMS/COSEM meter. See family.h. */
#include "meter/dlms/family.h"

#include "meter/dlms/decode.h"

#define CLASS_DATA 1
#define CLASS_CLOCK 8

static const mw_obis logical_name = MW_OBIS (0, 0, 42, 0, 0, 255);
static const mw_obis clock_name = MW_OBIS (0, 0, 1, 0, 0, 255);
static const mw_obis firmware_name = MW_OBIS (1, 0, 0, 2, 0, 255);
static const mw_obis serial_name = MW_OBIS (0, 0, 96, 1, 0, 255);
/* Where meters without the IDIS objects have them. */
static const mw_obis firmware_elsewhere = MW_OBIS (0, 0, 0, 2, 0, 255);
static const mw_obis serial_elsewhere = MW_OBIS (1, 0, 0, 0, 0, 255);

gboolean
mw_dlms_read_logical_name (MwMeter *self, char **name, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (GBytes) raw =
      mw_wire_get_one (self->wire, CLASS_DATA, logical_name, 2, NULL, &failure);
  *name = raw ? mw_decode_text (raw) : NULL;
  if (failure == NULL || g_error_matches (failure, MW_SESSION_ERROR, MW_SESSION_ERROR_REFUSED))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* The deviation of this machine, for a meter that gives none. */
static gint16
machine_deviation (gint64 utc)
{
  g_autoptr (GDateTime) here = g_date_time_new_from_unix_local (utc);
  return (gint16) (g_date_time_get_utc_offset (here) / G_TIME_SPAN_MINUTE);
}

/* For times without a deviation: the meter's time zone (attribute 3, counted as COSEM counts
 * deviations, the other way round), else this machine's. Meters that leave the deviation out
 * keep normal time all the year. */
static void
note_zone (MwMeter *self, GBytes *raw)
{
  gint64 minutes;
  if (raw && mw_decode_int (raw, &minutes) && minutes >= -840 && minutes <= 720)
    self->deviation = (gint16) -minutes;
  else
    self->deviation = machine_deviation (g_get_real_time () / G_USEC_PER_SEC);
}

void
mw_dlms_note_clock (MwMeter *self, GBytes *raw)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  mw_civil t;
  int64_t utc;
  if (raw == NULL || !mw_decode_civil (raw, &t))
    return;
  if (t.deviation != MW_DEVIATION_ANY)
    self->deviation = t.deviation;
  if (mw_civil_to_utc (&t, self->deviation, &utc) != MW_OK)
    return;
  self->clock_utc = utc;
  self->clock_drift = utc - now;
}

static char *
first_text (GArray *answers, guint a, guint b)
{
  const guint order[2] = { a, b };
  for (guint i = 0; i < 2; i++) {
    GBytes *raw = g_array_index (answers, MwAnswer, order[i]).raw;
    char *text = raw ? mw_decode_text (raw) : NULL;
    if (text && *text)
      return text;
    g_free (text);
  }
  return NULL;
}

gboolean
mw_dlms_family_identify (MwMeter *self, MwMeterInfo *draft, GError **error)
{
  g_autoptr (GArray) answers = mw_answers_new ();
  mw_answers_add (answers, CLASS_DATA, serial_name, 2);
  mw_answers_add (answers, CLASS_DATA, serial_elsewhere, 2);
  mw_answers_add (answers, CLASS_DATA, firmware_name, 2);
  mw_answers_add (answers, CLASS_DATA, firmware_elsewhere, 2);
  mw_answers_add (answers, CLASS_CLOCK, clock_name, 3);
  mw_answers_add (answers, CLASS_CLOCK, clock_name, 2);
  if (!mw_batch_get (self, answers, NULL, NULL, error))
    return FALSE;
  draft->serial = first_text (answers, 0, 1);
  draft->firmware = first_text (answers, 2, 3);
  note_zone (self, g_array_index (answers, MwAnswer, 4).raw);
  mw_dlms_note_clock (self, g_array_index (answers, MwAnswer, 5).raw);
  return TRUE;
}

const MwFamily mw_family_dlms = {
  .id = "dlms",
  .identify = mw_dlms_family_identify,
  .registers = mw_dlms_family_registers,
  .loggers = mw_dlms_family_loggers,
  MW_DLMS_FAMILY_SLOTS,
};

/* A family that names no register for DLMS is read by its object list. */
static GPtrArray *
rows_registers (MwMeter *self, GError **error)
{
  MwMeterKind kind = mw_meter_kind_of (self->info);
  GPtrArray *list = mw_store_list_kind_registers (self->store, &kind, error);
  if (list == NULL)
    mw_error_adopt (error, MW_SESSION_ERROR_STORE);
  for (guint i = list ? list->len : 0; i-- > 0;)
    if (((MwRegisterInfo *) list->pdata[i])->class_id == 0)
      g_ptr_array_remove_index (list, i);
  if (list == NULL || list->len)
    return list;
  g_ptr_array_unref (list);
  return mw_dlms_family_registers (self, error);
}

const MwFamily mw_family_dlms_rows = {
  .identify = mw_dlms_family_identify,
  .registers = rows_registers,
  .loggers = mw_dlms_family_loggers,
  MW_DLMS_FAMILY_SLOTS,
};

/* OMNIPOWER over DLMS: the client, logical device and password that were seen in the field. */
static const MwManager omnipower_manager = { 19, 16, "12345" };

/* What OMNIPOWER has beside the objects of every meter: its type number, its clock, and of a
 * reference meter that it is one. */
static const mw_obis type_number_name = MW_OBIS (1, 1, 96, 1, 1, 255);
static const mw_obis omnipower_clock = MW_OBIS (0, 1, 1, 0, 0, 255);
static const mw_obis reference_name = MW_OBIS (1, 1, 96, 128, 0, 255);

/* The type number says what meter it is; without one the family alone is known. */
static gboolean
omnipower_type (MwMeter *self, MwMeterInfo *draft, GError **error)
{
  g_autoptr (GArray) answers = mw_answers_new ();
  g_autofree char *type = NULL, *mark = NULL;
  mw_answers_add (answers, CLASS_DATA, type_number_name, 2);
  mw_answers_add (answers, CLASS_DATA, reference_name, 2);
  mw_answers_add (answers, CLASS_CLOCK, omnipower_clock, 2);
  if (!mw_batch_get (self, answers, NULL, NULL, error))
    return FALSE;
  type = first_text (answers, 0, 0);
  mark = first_text (answers, 1, 1);
  draft->reference = draft->reference || g_strcmp0 (mark, "REF") == 0;
  mw_dlms_note_clock (self, g_array_index (answers, MwAnswer, 2).raw);
  return type == NULL || mw_meter_recognise (self, draft, self->wire->ident, type, error);
}

/* "KAM0000017000001": the letters of the maker and the serial number that KMP gives without its
 * zeros. */
static gboolean
omnipower_identify (MwMeter *self, MwMeterInfo *draft, GError **error)
{
  const char *name = draft->logical_name;
  if (!mw_dlms_family_identify (self, draft, error))
    return FALSE;
  if (draft->serial == NULL && name && strlen (name) == 16 && g_str_has_prefix (name, "KAM")) {
    const char *digits = name + 3 + strspn (name + 3, "0");
    draft->serial = g_strdup (*digits ? digits : "0");
  }
  return omnipower_type (self, draft, error);
}

static const MwFamily omnipower = {
  .id = "kamstrup-omnipower",
  .manager = &omnipower_manager,
  .identify = omnipower_identify,
  .registers = rows_registers,
  .loggers = mw_dlms_family_loggers,
  MW_DLMS_FAMILY_SLOTS,
};

/* ---- the talk ---- */

/* Families with code or a manager of their own. */
static const MwFamily *const families[] = { &mw_family_mx381, &omnipower, &mw_family_dlms };

const MwFamily *
mw_dlms_family_by_id (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    if (g_strcmp0 (families[i]->id, id) == 0)
      return families[i];
  return &mw_family_dlms_rows;
}

/* Which family, by the words that the meter said before any password was sent. */
static gboolean
recognise (MwMeter *self, MwMeterInfo *draft, const char *type_number, GError **error)
{
  if (!mw_meter_recognise (self, draft, self->wire->ident, type_number, error))
    return FALSE;
  self->family = draft->family ? mw_dlms_family_by_id (draft->family) : &mw_family_dlms;
  return TRUE;
}

/* The public client has little to say; what manages the meter is client 1 with a password,
 * unless the URI names a client. */
static gboolean
become_manager (MwMeter *self, GError **error)
{
  if (self->family->manager)
    mw_wire_set_manager (self->wire, self->family->manager);
  if (self->channel->uri->client >= 0 || self->wire->client == self->wire->manager->client)
    return TRUE;
  mw_monitor_step (self->monitor, "Associating as client %u…", self->wire->manager->client);
  return mw_wire_associate (self->wire, self->wire->manager->client, error);
}

static gboolean
meet (MwMeter *self, MwMeterInfo *draft, GError **error)
{
  if (!mw_dlms_read_logical_name (self, &draft->logical_name, error)
      || !recognise (self, draft, NULL, error) || !become_manager (self, error))
    return FALSE;
  if (draft->logical_name == NULL
      && (!mw_dlms_read_logical_name (self, &draft->logical_name, error)
          || !recognise (self, draft, NULL, error)))
    return FALSE;
  if (!self->family->identify (self, draft, error)
      || (draft->firmware && !recognise (self, draft, draft->firmware, error)))
    return FALSE;
  if (draft->logical_name == NULL)
    draft->logical_name = g_strdup (self->wire->ident);
  if (draft->serial == NULL)
    draft->serial = g_strdup (draft->logical_name);
  return TRUE;
}

static char *
dup_way (MwMeter *self)
{
  return mw_wire_dup_way (self->wire);
}

static void
shut (MwMeter *self)
{
  mw_wire_shut (self->wire);
}

const MwTalk mw_talk_dlms = {
  .name = "DLMS",
  .word = "dlms",
  .meet = meet,
  .dup_way = dup_way,
  .shut = shut,
};
