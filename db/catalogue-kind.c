/* catalogue-kind.c: from a meter's words to family, model, generation and variant. */
#include "catalogue-kind.h"

#include <string.h>

/* ---- kinds ---- */

MwMeterKind
mw_meter_kind_of (const MwMeterInfo *info)
{
  MwMeterKind kind = { info->family, info->model, info->generation, 0, NULL, info->type };
  const char *f = info->firmware;

  if (f && g_ascii_isupper (f[0]) && g_ascii_isdigit (f[1]))
    kind.revision = f;
  return kind;
}

char *
mw_kind_plain_number (const char *type_number)
{
  GString *plain = g_string_new (NULL);

  for (const char *c = type_number ? type_number : ""; *c; c++)
    if (g_ascii_isalnum (*c))
      g_string_append_c (plain, g_ascii_toupper (*c));
  return g_string_free (plain, FALSE);
}

void
mw_kind_clear (MwWholeKind *kind)
{
  g_free (kind->model);
  g_free (kind->generation);
}

gboolean
mw_kind_complete (MwStore *store, const MwMeterKind *kind, MwWholeKind *out, GError **error)
{
  MwNumberedModel numbered = { 0 };

  *out = (MwWholeKind){ .family = kind->family ? kind->family : MW_GENERIC_FAMILY,
                        .variant = kind->variant,
                        .revision = kind->revision,
                        .type_number = kind->type_number };
  if (kind->type_number
      && !mw_kind_model_of_number (store, out->family, kind->type_number, &numbered, error))
    return FALSE;
  out->model = g_strdup (kind->model ? kind->model : numbered.model);
  out->generation = g_strdup (kind->generation ? kind->generation : numbered.generation);
  if (!out->variant)
    out->variant = numbered.variant;
  mw_numbered_model_clear (&numbered);
  return TRUE;
}

/* Is one of the generations of KIND ("B C") among LETTERS; with SURE: all of them? */
static gboolean
generation_agrees (const char *letters, const MwWholeKind *kind, gboolean sure)
{
  guint known = 0, found = 0;

  for (const char *g = kind->generation ? kind->generation : ""; *g; g++)
    if (g_ascii_isupper (*g)) {
      known++;
      found += strchr (letters, *g) != NULL;
    }
  if (!known)
    return !sure;
  return sure ? found == known : found > 0;
}

static gboolean
token_agrees (const char *token, const MwWholeKind *kind, gboolean sure)
{
  const char *colon = strchr (token, ':');
  gsize length = colon ? (gsize) (colon - token) : strlen (token);
  gboolean letters = FALSE, digits = FALSE;

  if (strncmp (token, "*", length) != 0) {
    if (!kind->model)
      return !sure;
    if (strlen (kind->model) != length || strncmp (kind->model, token, length) != 0)
      return FALSE;
  }
  for (const char *c = colon ? colon + 1 : ""; *c; c++) {
    letters = letters || g_ascii_isupper (*c);
    digits = digits || g_ascii_isdigit (*c);
  }
  if (letters && !generation_agrees (colon + 1, kind, sure))
    return FALSE;
  if (digits && !kind->variant)
    return !sure;
  return !digits || strchr (colon + 1, '0' + (int) kind->variant) != NULL;
}

gboolean
mw_kind_agrees (const char *within, const MwWholeKind *kind, gboolean sure)
{
  g_auto (GStrv) tokens = NULL;

  if (!within)
    return TRUE;
  tokens = g_strsplit (within, " ", -1);
  for (char **t = tokens; *t; t++)
    if (token_agrees (*t, kind, sure))
      return TRUE;
  return FALSE;
}

void
mw_numbered_model_clear (MwNumberedModel *model)
{
  g_free (model->model);
  g_free (model->name);
  g_free (model->generation);
  g_free (model->note);
}

/* The character at position AT of NUMBER, or NUL. */
static char
char_at (const char *number, int at)
{
  return at > 0 && (gsize) at <= strlen (number) ? number[at - 1] : '\0';
}

gboolean
mw_kind_model_of_number (MwStore *store, const char *family, const char *type_number,
                         MwNumberedModel *out, GError **error)
{
  static const char sql[] =
      "SELECT id, name, note, type_number, generation_at, variant_at FROM family_model "
      "WHERE family = ? AND type_number IS NOT NULL ORDER BY position";
  g_autofree char *plain = mw_kind_plain_number (type_number);
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  *out = (MwNumberedModel){ 0 };
  if (stmt)
    mw_db_bind (stmt, "t", family);
  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    char generation, variant;
    if (!g_regex_match_simple (mw_db_text (stmt, 3), plain, 0, 0))
      continue;
    generation = char_at (plain, sqlite3_column_int (stmt, 4));
    variant = char_at (plain, sqlite3_column_int (stmt, 5));
    out->model = mw_db_dup_text (stmt, 0);
    out->name = mw_db_dup_text (stmt, 1);
    out->note = mw_db_dup_text (stmt, 2);
    out->generation = generation ? g_strndup (&generation, 1) : NULL;
    out->variant = g_ascii_isdigit (variant) ? (guint) (variant - '0') : 0;
    return TRUE;
  }
  return step == 0;
}

GArray *
mw_kind_parse_ids (const char *text)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (guint16));
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (char **id = words; *id; id++) {
    guint16 number = (guint16) g_ascii_strtoull (*id, NULL, 16);
    g_array_append_val (ids, number);
  }
  return ids;
}

/* ---- recognising ---- */

void
mw_recognition_free (MwRecognition *recognition)
{
  if (!recognition)
    return;
  g_free (recognition->family);
  g_free (recognition->manufacturer);
  g_free (recognition->type);
  g_free (recognition->model);
  g_free (recognition->generation);
  g_free (recognition->note);
  g_free (recognition);
}

/* What a meter said. */
typedef struct {
  const char *logical_name;
  const char *iec;
  const char *type_number;
  const char *plain; /* type number without dashes */
} Words;

/* The first family one of whose patterns matches, those of type numbers first; TRUE without
 * one, too. */
static gboolean
find_family (MwStore *store, const Words *words, MwRecognition *out, char **flag,
             GError **error)
{
  static const char sql[] =
      "SELECT f.id, f.manufacturer, f.flag, r.what, r.pattern FROM family_recognise r "
      "JOIN family f ON f.id = r.family "
      "ORDER BY r.what <> 'type-number', f.position, r.position";
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step = -1;

  while (stmt && (step = mw_db_step (store, stmt, error)) == 1) {
    const char *what = mw_db_text (stmt, 3);
    const char *subject = g_str_equal (what, "type-number")          ? words->plain
                          : g_str_equal (what, "iec-identification") ? words->iec
                                                                     : words->logical_name;
    if (!subject || !g_regex_match_simple (mw_db_text (stmt, 4), subject, 0, 0))
      continue;
    out->family = mw_db_dup_text (stmt, 0);
    out->manufacturer = mw_db_dup_text (stmt, 1);
    *flag = mw_db_dup_text (stmt, 2);
    return TRUE;
  }
  return step == 0;
}

/* The type: the longest designation with which the type number begins, else the model whose
 * name stands in one of the texts, else the one whose device type follows the manufacturer's
 * flag in the logical device name. */
static gboolean
find_type (MwStore *store, const char *family, const char *flag, const Words *words,
           char **type, GError **error)
{
  static const char sql[] =
      "SELECT name FROM (SELECT designation AS name FROM family_type WHERE family = ?1 "
      "AND substr (?2, 1, length (designation)) = designation "
      "UNION ALL SELECT name FROM family_model WHERE family = ?1 AND type_number IS NULL "
      "AND note IS NULL AND (instr (?2, name) OR instr (?3, name) "
      "OR substr (?4, 1, length (?5) + length (device_type)) = ?5 || device_type)) "
      "ORDER BY length (name) DESC LIMIT 1";
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step;

  if (!stmt)
    return FALSE;
  mw_db_bind (stmt, "ttttt", family, words->type_number ? words->type_number : "",
              words->iec ? words->iec : "", words->logical_name ? words->logical_name : "",
              flag);
  step = mw_db_step (store, stmt, error);
  if (step == 1)
    *type = mw_db_dup_text (stmt, 0);
  return step >= 0;
}

/* Model and generation as the type number has them. */
static gboolean
take_model (MwStore *store, const char *type_number, MwRecognition *out, GError **error)
{
  MwNumberedModel numbered;

  if (!mw_kind_model_of_number (store, out->family, type_number, &numbered, error))
    return FALSE;
  if (numbered.model) {
    g_free (out->model);
    g_free (out->type);
    g_free (out->generation);
    g_free (out->note);
    out->model = g_steal_pointer (&numbered.model);
    out->type = g_steal_pointer (&numbered.name);
    out->generation = g_steal_pointer (&numbered.generation);
    out->note = g_steal_pointer (&numbered.note);
    out->variant = numbered.variant;
  }
  mw_numbered_model_clear (&numbered);
  return TRUE;
}

/* Kamstrup meters put their type number into the identification: "/KAM5684-38B-C4-50-000". */
static char *
number_in_identification (const char *iec)
{
  const char *flag = iec ? strstr (iec, "KA") : NULL;
  const char *number = flag ? strstr (flag, "68") : NULL;

  return number ? g_strdup (number) : NULL;
}

static gboolean
recognise (MwStore *store, const Words *words, MwRecognition *out, GError **error)
{
  g_autofree char *flag = NULL;

  if (!find_family (store, words, out, &flag, error))
    return FALSE;
  if (!out->family)
    return TRUE;
  if (words->plain && !take_model (store, words->plain, out, error))
    return FALSE;
  return out->type || find_type (store, out->family, flag, words, &out->type, error);
}

MwRecognition *
mw_store_recognise (MwStore *store, const char *logical_name, const char *iec_identification,
                    const char *type_number, GError **error)
{
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_autofree char *iec = NULL, *number = NULL, *plain = NULL;
  MwRecognition *out = g_new0 (MwRecognition, 1);
  Words words;

  /* The patterns begin with the "/" of the identification message (IEC 62056-21 6.3.2). */
  if (iec_identification)
    iec = g_strconcat (*iec_identification == '/' ? "" : "/", iec_identification, NULL);
  number = type_number ? g_strdup (type_number) : number_in_identification (iec);
  plain = number ? mw_kind_plain_number (number) : NULL;
  words = (Words){ logical_name, iec, type_number, plain };
  if (!recognise (store, &words, out, error)) {
    mw_recognition_free (out);
    return NULL;
  }
  if (!out->family)
    out->family = g_strdup (MW_GENERIC_FAMILY);
  if (!out->manufacturer)
    out->manufacturer = g_strdup ("");
  return out;
}

/* ---- the type word of KMP ---- */

char *
mw_kmp_dup_revision (guint16 revision)
{
  guint letter = revision >> 8;

  if (letter < 1 || letter > 26)
    return g_strdup_printf ("%u.%u", letter, revision & 255u);
  return g_strdup_printf ("%c%u", (char) ('A' + letter - 1), revision & 255u);
}

static gboolean
find_word (MwStore *store, guint16 word, MwRecognition *out, GError **error)
{
  static const char sql[] =
      "SELECT t.family, f.manufacturer, t.model, t.generations, coalesce (t.name, m.name), "
      "m.note FROM family_kmp_type t JOIN family f ON f.id = t.family "
      "JOIN family_model m ON m.family = t.family AND m.id = t.model "
      "WHERE ? BETWEEN t.low AND t.high ORDER BY t.high - t.low, f.position, t.position LIMIT "
      "1";
  MW_STMT *stmt = mw_db_prepare (store, sql, error);
  int step;

  if (!stmt)
    return FALSE;
  mw_db_bind (stmt, "d", (int) word);
  step = mw_db_step (store, stmt, error);
  if (step == 1) {
    out->family = mw_db_dup_text (stmt, 0);
    out->manufacturer = mw_db_dup_text (stmt, 1);
    out->model = mw_db_dup_text (stmt, 2);
    out->generation = mw_db_dup_text (stmt, 3);
    out->type = mw_db_dup_text (stmt, 4);
    out->note = mw_db_dup_text (stmt, 5);
  }
  return step >= 0;
}

/* The type number tells what the word leaves open; where they contradict the word counts. */
static gboolean
refine (MwStore *store, const char *type_number, MwRecognition *out, GError **error)
{
  MwNumberedModel numbered;
  gboolean fits;

  if (!mw_kind_model_of_number (store, out->family, type_number, &numbered, error))
    return FALSE;
  fits = numbered.model && (!out->model || g_str_has_prefix (numbered.model, out->model))
         && (!out->generation || !numbered.generation
             || strstr (out->generation, numbered.generation));
  if (fits) {
    if (g_strcmp0 (out->model, numbered.model) != 0) {
      g_free (out->type);
      g_free (out->note);
      out->type = g_steal_pointer (&numbered.name);
      out->note = g_steal_pointer (&numbered.note);
    }
    g_free (out->model);
    out->model = g_steal_pointer (&numbered.model);
    if (numbered.generation) {
      g_free (out->generation);
      out->generation = g_steal_pointer (&numbered.generation);
    }
    out->variant = numbered.variant;
  }
  mw_numbered_model_clear (&numbered);
  return TRUE;
}

MwRecognition *
mw_store_recognise_kmp (MwStore *store, guint16 word, const char *type_number, GError **error)
{
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  MwRecognition *out = g_new0 (MwRecognition, 1);
  gboolean ok = find_word (store, word, out, error);

  if (ok && !out->family) {
    out->family = g_strdup ("kamstrup-382");
    out->manufacturer = g_strdup ("Kamstrup");
    out->note = g_strdup_printf ("The catalogue does not know the meter type %04X. It is read "
                                 "with what KMP gives for every Kamstrup meter.",
                                 word);
    if (type_number)
      ok = take_model (store, type_number, out, error);
  } else if (ok && type_number) {
    ok = refine (store, type_number, out, error);
  }
  if (ok)
    return out;
  mw_recognition_free (out);
  return NULL;
}

/* ---- ports and breaker ---- */

gboolean
mw_store_get_ports (MwStore *store, const MwMeterKind *kind, MwPortInfo *out, GError **error)
{
  static const char sql[] =
      "SELECT optical_baud, module_baud, protocols, breaker FROM family_personality "
      "WHERE family = ?1 AND model = ?2 AND (?3 IS NULL OR instr (?3, generation)) "
      "AND (?4 = 0 OR variant = ?4) ORDER BY position DESC LIMIT 1";
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->lock);
  g_auto (MwWholeKind) whole = { 0 };
  MW_STMT *stmt = NULL;
  int step;

  if (!mw_kind_complete (store, kind, &whole, error))
    return FALSE;
  stmt = mw_db_prepare (store, sql, error);
  if (!stmt)
    return FALSE;
  mw_db_bind (stmt, "tttd", whole.family, whole.model, whole.generation, (int) whole.variant);
  step = mw_db_step (store, stmt, error);
  if (step == 1) {
    const char *protocols = mw_db_text (stmt, 2);
    *out = (MwPortInfo){
      .optical_baud = (guint32) sqlite3_column_int64 (stmt, 0),
      .module_baud = (guint32) sqlite3_column_int64 (stmt, 1),
      .kmp = strstr (protocols, "kmp") != NULL,
      .iec = strstr (protocols, "iec") != NULL,
      .dlms = strstr (protocols, "dlms") != NULL,
      .breaker = sqlite3_column_int (stmt, 3),
    };
  } else if (step == 0) {
    g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND,
                         "The catalogue does not say what this meter's ports speak.");
  }
  return step == 1;
}

int
mw_store_get_breaker (MwStore *store, const MwMeterKind *kind)
{
  g_autoptr (GPtrArray) parts = NULL;

  if (!kind->type_number)
    return -1;
  parts = mw_store_decode_type_number (store, kind->family, kind->type_number, NULL, NULL);
  for (guint i = 0; parts && i < parts->len; i++) {
    const MwTypePosition *part = parts->pdata[i];
    if (g_str_equal (part->name, "Breaker") && part->meaning)
      return !g_str_equal (part->text, "0");
  }
  return -1;
}
