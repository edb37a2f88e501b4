/* iec-family.c: a meter that gives its readings by the IEC 62056-21 data readout alone, of any
 * maker.  What it has is what its readout says; it is read whole or not at all.
 *
 * An address is a value group C.D.E of OBIS, with A-B: before it and *F behind where they are
 * written; C, F, L and P stand for 96 to 99 (IEC 62056-61, annex).  What is none stays as the
 * meter wrote it: "iec:T3".
 */
#include "iec62056_21/telegram.h"
#include "meter/iec/iec-family.h"

#include <string.h>

/* The readout that was read to learn who the meter is serves the next read as well. */
#define FRESH_US (15 * G_USEC_PER_SEC)

/* ---- addresses ---- */

static gboolean
group (const char **at, guint *out)
{
  static const char letters[] = "CFLP";
  const char *letter = **at ? strchr (letters, **at) : NULL;
  char *end;
  guint64 n;
  if (letter) {
    *out = 96 + (guint) (letter - letters);
    ++*at;
    return TRUE;
  }
  if (!g_ascii_isdigit (**at))
    return FALSE;
  n = g_ascii_strtoull (*at, &end, 10);
  *at = end;
  *out = (guint) n;
  return n <= 255;
}

static gboolean
parse_address (const char *text, mw_obis *out)
{
  guint v[6] = { 1, 0, 0, 0, 255, 255 };
  const char *colon = strchr (text, ':');
  const char *at = text;
  if (colon && (!group (&at, &v[0]) || *at++ != '-' || !group (&at, &v[1]) || at++ != colon))
    return FALSE;
  if (!group (&at, &v[2]) || *at++ != '.' || !group (&at, &v[3]))
    return FALSE;
  if (colon == NULL && v[2] >= 96 && v[2] <= 99)
    v[0] = 0;
  v[4] = 0;
  if (*at == '.' && (++at, !group (&at, &v[4])))
    return FALSE;
  if ((*at == '*' || *at == '&') && (++at, !group (&at, &v[5])))
    return FALSE;
  for (guint i = 0; i < 6; i++)
    out->v[i] = (guint8) v[i];
  return *at == 0;
}

char *
mw_iec_dup_obis (mw_span address)
{
  g_autofree char *text = g_strndup ((const char *) address.ptr, address.len);
  mw_obis o;
  return parse_address (text, &o) ? mw_names_obis (o) : g_strconcat ("iec:", text, NULL);
}

/* ---- values ---- */

/* "YYMMDDhhmm[ss]" behind a maximum. */
static gboolean
parse_captured (mw_span text, mw_civil *out)
{
  guint v[6] = { 0 };
  if (text.len != 10 && text.len != 12)
    return FALSE;
  for (gsize i = 0; i < text.len; i++) {
    if (!g_ascii_isdigit (text.ptr[i]))
      return FALSE;
    v[i / 2] = v[i / 2] * 10 + (guint) (text.ptr[i] - '0');
  }
  *out = mw_civil_any ();
  out->year = (guint16) (2000 + v[0]);
  out->month = (guint8) v[1];
  out->day = (guint8) v[2];
  out->hour = (guint8) v[3];
  out->minute = (guint8) v[4];
  out->second = (guint8) v[5];
  return mw_civil_is_complete (out);
}

/* Serial numbers and codes are digits, too, and keep their zeros. */
static gboolean
is_number (const mw_iec_set *set, const char *obis)
{
  mw_obis o;
  if (set->unit.len)
    return TRUE;
  return mw_obis_parse (obis, strlen (obis), &o) == MW_OK && o.v[2] > 0 && o.v[2] < 94;
}

static GBytes *
raw_of (const mw_iec_set *set)
{
  GByteArray *raw = g_byte_array_new ();
  g_byte_array_append (raw, set->address.ptr, (guint) set->address.len);
  g_byte_array_append (raw, (const guint8 *) "(", 1);
  g_byte_array_append (raw, set->value.ptr, (guint) set->value.len);
  if (set->unit.len) {
    g_byte_array_append (raw, (const guint8 *) "*", 1);
    g_byte_array_append (raw, set->unit.ptr, (guint) set->unit.len);
  }
  g_byte_array_append (raw, (const guint8 *) ")", 1);
  return g_byte_array_free_to_bytes (raw);
}

static MwReading *
make_reading (MwMeter *self, const mw_iec_set *set)
{
  MwReading *reading = mw_reading_new ();
  g_autofree char *group_name = NULL;
  reading->obis = mw_iec_dup_obis (set->address);
  reading->raw = raw_of (set);
  if (self->store)
    reading->name =
        mw_store_dup_object_name (self->store, self->info ? self->info->family : NULL,
                                  reading->obis, &reading->group, NULL);
  if (reading->name == NULL)
    reading->name = g_strndup ((const char *) set->address.ptr, set->address.len);
  if (is_number (set, reading->obis) && mw_iec_set_number (set, &reading->value) == MW_OK) {
    reading->kind = MW_READING_DECIMAL;
    return reading;
  }
  reading->kind = MW_READING_TEXT;
  reading->text = g_strndup ((const char *) set->value.ptr, set->value.len);
  g_strchomp (reading->text);
  return reading;
}

static gboolean
parse_telegram (MwMeter *self, GBytes *telegram, GPtrArray *readings, GError **error)
{
  gsize len;
  const guint8 *bytes = g_bytes_get_data (telegram, &len);
  mw_iec_sets it;
  mw_iec_set set;
  mw_iec_sets_init (&it, (mw_span){ bytes, len });
  while (mw_iec_sets_next (&it, &set)) {
    MwReading *before = readings->len ? readings->pdata[readings->len - 1] : NULL;
    if (set.further && before && !before->has_captured
        && parse_captured (set.value, &before->captured))
      before->has_captured = TRUE;
    else if (!set.further)
      g_ptr_array_add (readings, make_reading (self, &set));
  }
  return it.cur.err == MW_OK
         || mw_fail (error, MW_SESSION_ERROR_PROTOCOL,
                     "Line %u of the meter's readout is not what IEC 62056-21 says. The trace "
                     "shows it.",
                     it.line);
}

GPtrArray *
mw_iec_readings (MwMeter *self, GError **error)
{
  g_autoptr (GPtrArray) readings =
      g_ptr_array_new_with_free_func ((GDestroyNotify) mw_reading_unref);
  if (!parse_telegram (self, self->iec->telegram, readings, error))
    return NULL;
  return g_steal_pointer (&readings);
}

/* ---- the family ---- */

/* The telegram of the opening, or a new one. */
static gboolean
have_telegram (MwMeter *self, GError **error)
{
  MwIecOutcome outcome;
  if (self->iec->telegram && g_get_monotonic_time () - self->iec->read_us < FRESH_US) {
    self->iec->read_us = 0; /* once */
    return TRUE;
  }
  if (!mw_channel_open (self->channel, error)
      || !mw_iec_wire_open (self->iec, FALSE, TRUE, &outcome, error))
    return FALSE;
  mw_channel_note_alive (self->channel);
  self->iec->read_us = 0;
  return TRUE;
}

static GPtrArray *
registers (MwMeter *self, GError **error)
{
  g_autoptr (GPtrArray) readings = mw_iec_readings (self, error);
  GPtrArray *list;
  if (readings == NULL)
    return NULL;
  list = g_ptr_array_new_with_free_func ((GDestroyNotify) mw_register_info_free);
  for (guint i = 0; i < readings->len; i++) {
    const MwReading *reading = readings->pdata[i];
    MwRegisterInfo *info = g_new0 (MwRegisterInfo, 1);
    info->obis = g_strdup (reading->obis);
    info->name = g_strdup (reading->name);
    info->group = g_strdup (reading->group ? reading->group : "other");
    info->unit = reading->kind == MW_READING_DECIMAL ? reading->value.unit : MW_UNIT_NONE;
    g_ptr_array_add (list, info);
  }
  return list;
}

static GPtrArray *
loggers (MwMeter *self, GError **error)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) mw_logger_info_free);
}

static MwReading *
find_reading (GPtrArray *readings, const char *obis)
{
  for (guint i = 0; i < readings->len; i++) {
    MwReading *reading = readings->pdata[i];
    if (strcmp (reading->obis, obis) == 0)
      return reading;
  }
  return NULL;
}

/* What was in the readout at first and is no longer. */
static MwReading *
missing (const MwRegisterInfo *info)
{
  MwReading *reading = mw_reading_new ();
  reading->obis = g_strdup (info->obis);
  reading->name = g_strdup (info->name);
  reading->kind = MW_READING_REFUSED;
  reading->text = g_strdup ("not in the meter's readout");
  reading->result = 1;
  return reading;
}

static gboolean
read_wanted (MwMeter *self, GPtrArray *wanted, MwReadout *readout, GError **error)
{
  g_autoptr (GPtrArray) readings = NULL;
  if (!have_telegram (self, error))
    return FALSE;
  readings = mw_iec_readings (self, error);
  if (readings == NULL)
    return FALSE;
  for (guint i = 0; i < wanted->len; i++) {
    const MwRegisterInfo *info = wanted->pdata[i];
    MwReading *found = find_reading (readings, info->obis);
    MwReading *reading = found ? mw_reading_ref (found) : missing (info);
    g_ptr_array_add (readout->readings, reading);
    mw_monitor_reading (self->monitor, reading);
  }
  return TRUE;
}

const MwFamily mw_family_iec = {
  .id = "iec",
  .registers = registers,
  .loggers = loggers,
  .read = read_wanted,
};

/* ---- the talk ---- */

static char *
first_of (GPtrArray *readings, const char *const *addresses)
{
  for (; *addresses; addresses++) {
    const MwReading *reading = find_reading (readings, *addresses);
    if (reading && reading->kind == MW_READING_TEXT && *reading->text)
      return g_strdup (reading->text);
  }
  return NULL;
}

static gboolean
meet (MwMeter *self, MwMeterInfo *draft, GError **error)
{
  static const char *const serials[] = { "1-0:0.0.0.255", "0-0:96.1.0.255", "1-0:0.0.9.255",
                                         "1-0:0.0.1.255", NULL };
  static const char *const firmwares[] = { "1-0:0.2.0.255", "0-0:96.1.2.255", NULL };
  g_autoptr (GPtrArray) readings = NULL;
  if (!mw_meter_recognise (self, draft, self->iec->ident, NULL, error))
    return FALSE;
  if (g_strcmp0 (draft->family, mw_family_dlms.id) == 0)
    g_clear_pointer (&draft->family, g_free); /* a maker that the catalogue does not know */
  self->family = &mw_family_iec;
  readings = mw_iec_readings (self, error);
  if (readings == NULL)
    return FALSE;
  draft->logical_name = g_strdup (self->iec->ident);
  draft->serial = first_of (readings, serials);
  draft->firmware = first_of (readings, firmwares);
  if (draft->serial == NULL)
    draft->serial = g_strdup (self->iec->ident);
  return TRUE;
}

static char *
dup_way (MwMeter *self)
{
  return g_strdup ("iec");
}

/* After a readout the meter waits for nobody. */
static void
shut (MwMeter *self)
{
}

const MwTalk mw_talk_iec = {
  .name = "IEC 62056-21",
  .word = "iec",
  .meet = meet,
  .dup_way = dup_way,
  .shut = shut,
};
