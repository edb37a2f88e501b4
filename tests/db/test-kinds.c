/* What the catalogue says of a kind of meter.  The availability table below was written by hand
 * from METERTOOL manual 3.3 to 3.5 and the type numbers from the manuals' tables and from real
 * meters; neither comes from the catalogue. */
#include <string.h>

#include "sample.h"

static MwStore *store;

static MwMeterKind
kind_of (const char *family, const char *model, const char *generation)
{
  return (MwMeterKind){ .family = family, .model = model, .generation = generation };
}

/* ---- functions: METERTOOL manual 3.3 to 3.5 ---- */

/* In the order of COLUMNS: y available, n not, m through the module port alone. */
static const struct {
  const char *model, *generation;
} columns[] = { { "k162", "B" }, { "k162", "E" },  { "k162", "J" }, { "k162", "K" },
                { "k162", "L" }, { "k382", "C" },  { "k382", "D" }, { "k382", "J" },
                { "k382", "K" }, { "k382", "L" },  { "k282", "J" }, { "k282", "K" },
                { "k282", "L" }, { "k351b", "B" }, { "k351", NULL } };
static const struct {
  const char *function, *cells;
} matrix[] = {
  /*                        162   162   382   282   351B 351 */
  /*                         BEJKL CDJKL JKL  B */
  { "meter-data", "yyyyyyyyyyyyyyy" },              /* 3.3.2 */
  { "loggers", "yyyyyyyyyyyyyyn" },                 /* 3.3.1 */
  { "load-profile", "nnyyynnyyyyyyyn" },            /* 3.3.1: from generation J, 351B */
  { "display-plan", "yyyyyyyyyyyyyyn" },            /* 3.4.2 */
  { "smart-disconnect", "nnmmmnnmmmmmmmn" },        /* 3.4.3: from generation J, 351B */
  { "analysis-logger", "nnnyynnnyynyynn" },         /* 3.4.4: 162, 282, 382 from K */
  { "configuration", "yyyyyyyyyyyyyyn" },           /* 3.4.5 */
  { "transformer-ratio", "nnnnnnnnnnnnnmn" },       /* 3.4.5.1: CT meters, module port */
  { "configuration-variables", "yyyyyyyyyyyyyyn" }, /* 3.4.5.3 */
  { "voltage-quality", "yyyyyyyyyyyyyyn" },         /* 3.4.6 */
  { "debiting-2", "nnnyynnnyynyyyn" },              /* 3.4.7: from generation K, 351B */
  { "change-tariff", "yyyyyyyyyyyyyyn" },           /* 3.5.1 */
  { "verification", "yyyyyyyyyyyyyyn" },            /* 3.5.2 */
  { "daylight-saving", "yyyyyyyyyyyyyyn" },         /* 3.5.3 */
  { "power-control", "yyyyyyyyyyyyynn" },           /* 3.5.4: integrated breakers */
  { "iec-request", "yyyyyyyyyyyyyyy" },             /* 3.5.5 */
  { "tariff-plan", "yyyynyyyynyynyn" },             /* 3.5.6, 3.5.8: not L */
  { "period-plan", "nnnnynnnnynnynn" },             /* 3.5.8: L */
  { "set-time", "yyyyyyyyyyyyyyn" },                /* 3.5.9 */
  { "add-prepayment", "nnmmmnnmmmmmmnn" },          /* 3.5.10: module port; not 351B (3.4.3) */
  { "neutral-fault", "nnnnnnnnnynnnnn" },           /* 3.5.11: 382 of generation L */
};

static const MwFunctionInfo *
find_function (GPtrArray *functions, const char *id)
{
  for (guint i = 0; i < functions->len; i++)
    if (g_str_equal (((MwFunctionInfo *) functions->pdata[i])->id, id))
      return functions->pdata[i];
  g_error ("no function %s", id);
}

static void
test_functions (void)
{
  for (guint c = 0; c < G_N_ELEMENTS (columns); c++) {
    MwMeterKind kind = kind_of ("kamstrup-382", columns[c].model, columns[c].generation);
    g_autoptr (GPtrArray) functions = mw_store_list_functions (store, &kind, NULL);
    for (guint r = 0; r < G_N_ELEMENTS (matrix); r++) {
      const MwFunctionInfo *info = find_function (functions, matrix[r].function);
      char cell = matrix[r].cells[c];
      g_assert_cmpuint (strlen (matrix[r].cells), ==, G_N_ELEMENTS (columns));
      if (info->available != (cell != 'n') || (cell == 'm') > info->module_port)
        g_error ("%s of %s %s is not “%c” (%s)", info->id, columns[c].model,
                 columns[c].generation, cell, info->reason ? info->reason : "available");
      g_assert_true (info->available || (info->reason && g_str_has_suffix (info->reason, ".")));
    }
  }
}

/* 3.5.5: in generation J from software revision L1. */
static void
test_revision (void)
{
  static const struct {
    const char *revision;
    gboolean available;
  } rows[] = {
    { NULL, TRUE }, { "K9", FALSE }, { "L1", TRUE }, { "L2", TRUE }, { "M1", TRUE }
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    MwMeterKind kind = kind_of ("kamstrup-382", "k382", "J");
    g_autoptr (GPtrArray) functions = NULL;
    kind.revision = rows[i].revision;
    functions = mw_store_list_functions (store, &kind, NULL);
    g_assert_cmpint (find_function (functions, "iec-request")->available, ==,
                     rows[i].available);
  }
}

/* 3.5.4: only meters with integrated breakers; the type number says whether there is one. */
static void
test_breaker (void)
{
  MwMeterKind with = { .family = "kamstrup-omnipower", .type_number = "6841131BN143101040" };
  MwMeterKind without = { .family = "kamstrup-omnipower", .type_number = "6841131BN140101040" };
  g_autoptr (GPtrArray) yes = mw_store_list_functions (store, &with, NULL);
  g_autoptr (GPtrArray) no = mw_store_list_functions (store, &without, NULL);

  g_assert_cmpint (mw_store_get_breaker (store, &with), ==, 1);
  g_assert_cmpint (mw_store_get_breaker (store, &without), ==, 0);
  g_assert_true (find_function (yes, "power-control")->available);
  g_assert_false (find_function (no, "power-control")->available);
  g_assert_nonnull (strstr (find_function (no, "power-control")->reason, "no breaker"));
}

/* Every family has the same functions, so that the window can dim what one lacks. */
static void
test_same_functions (void)
{
  static const char *const families[] = { "kamstrup-382", "kamstrup-omnipower",
                                          "iskraemeco-mx381" };
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint f = 0; f < G_N_ELEMENTS (families); f++) {
    MwMeterKind kind = kind_of (families[f], NULL, NULL);
    g_autoptr (GPtrArray) list = mw_store_list_functions (store, &kind, NULL);
    for (guint i = 0; i < list->len; i++) {
      const MwFunctionInfo *info = list->pdata[i];
      if (f == 0)
        g_assert_true (g_hash_table_add (ids, g_strdup (info->id)));
      else if (!g_hash_table_contains (ids, info->id))
        g_error ("%s has the function %s, %s has not", families[f], info->id, families[0]);
    }
    g_assert_cmpuint (list->len, ==, g_hash_table_size (ids));
  }
}

/* ---- loggers: METERTOOL manual 3.3.1; OMNIPOWER technical description 4.5, 4.9 ---- */

static const MwLoggerInfo *
find_logger (GPtrArray *loggers, const char *id)
{
  for (guint i = 0; i < loggers->len; i++)
    if (g_str_equal (((MwLoggerInfo *) loggers->pdata[i])->logger, id))
      return loggers->pdata[i];
  return NULL;
}

static void
test_loggers (void)
{
  static const struct {
    const char *id, *cells;
  } rows[] = {
    { "cutoff", "nnyyynnyyyyyyy" },
    { "debiting", "yyyyyyyyyyyyyy" },
    { "debiting-2", "nnnyynnnyynyyy" },
    { "load-profile", "nnyyynnyyyyyyy" },
    { "rtc", "yyyyyyyyyyyyyy" },
    { "status", "yyyyyyyyyyyyyy" },
    { "transformer-ratio", "nnnnnnnnnnnnny" },
    { "voltage-quality", "yyyyyyyyyyyyyy" },
    { "load-profile-events", "nnnynnnnynnynn" },
    { "analysis", "nnnyynnnyynyyn" },
    { "neutral-fault", "nnnnnnnnnynnnn" },
  };

  for (guint c = 0; c + 1 < G_N_ELEMENTS (columns); c++) {
    MwMeterKind kind = kind_of ("kamstrup-382", columns[c].model, columns[c].generation);
    g_autoptr (GPtrArray) all = mw_store_list_kind_loggers (store, &kind, TRUE, NULL);
    g_autoptr (GPtrArray) own = mw_store_list_kind_loggers (store, &kind, FALSE, NULL);
    for (guint r = 0; r < G_N_ELEMENTS (rows); r++) {
      gboolean has = rows[r].cells[c] == 'y';
      const MwLoggerInfo *info = find_logger (all, rows[r].id);
      if ((find_logger (own, rows[r].id) != NULL) != has || !info
          || (info->reason == NULL) != has)
        g_error ("%s of %s %s", rows[r].id, columns[c].model, columns[c].generation);
    }
    g_assert_cmpuint (all->len, ==, G_N_ELEMENTS (rows));
  }
}

/* OMNIPOWER technical description Table 11 and its note: days for so many registers. */
static void
test_depth (void)
{
  static const struct {
    guint registers, minutes, days;
  } table[] = { { 1, 15, 275 }, { 1, 30, 550 }, { 1, 60, 1100 }, { 2, 15, 231 }, { 2, 30, 462 },
                { 2, 60, 924 }, { 4, 15, 175 }, { 4, 30, 350 },  { 4, 60, 700 } };
  MwMeterKind kind = kind_of ("kamstrup-omnipower", "omnipower-3p", "N");
  g_autoptr (GPtrArray) first = NULL, second = NULL;

  kind.variant = 1;
  first = mw_store_list_kind_loggers (store, &kind, FALSE, NULL);
  kind.variant = 2;
  second = mw_store_list_kind_loggers (store, &kind, FALSE, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    g_assert_cmpuint (
        mw_logger_info_depth (find_logger (first, "load-profile"), table[i].registers), ==,
        table[i].days * 24 * 60 / table[i].minutes);
  g_assert_cmpuint (mw_logger_info_depth (find_logger (second, "load-profile"), 4), ==,
                    180 * 96);
  g_assert_cmpuint (find_logger (first, "debiting")->entries, ==, 36);
  g_assert_cmpuint (find_logger (first, "debiting-2")->entries, ==, 175);
  g_assert_cmpuint (find_logger (first, "status")->entries, ==, 200);
  g_assert_cmpuint (find_logger (first, "cutoff")->entries, ==, 200);
  g_assert_cmpuint (find_logger (first, "neutral-fault")->entries, ==, 45);
  /* Table 13: clock, hours, four energies and four tariffs of each. */
  g_assert_cmpuint (find_logger (first, "debiting-2")->columns->len, ==, 2 + 4 + 16);
  g_assert_cmpuint (g_array_index (find_logger (first, "debiting-2")->columns, guint16, 0), ==,
                    0x417);
}

/* ---- registers ---- */

static const MwRegisterInfo *
find_register (GPtrArray *registers, guint16 id)
{
  for (guint i = 0; i < registers->len; i++)
    if (((MwRegisterInfo *) registers->pdata[i])->kmp_id == id)
      return registers->pdata[i];
  return NULL;
}

static void
test_registers (void)
{
  MwMeterKind c = kind_of ("kamstrup-382", "k382", "C");
  MwMeterKind l = kind_of ("kamstrup-382", "k382", "L");
  MwMeterKind single = kind_of ("kamstrup-382", "k162", "L");
  MwMeterKind ct = kind_of ("kamstrup-382", "k351b", "B");
  g_autoptr (GPtrArray) older = mw_store_list_kind_registers (store, &c, NULL);
  g_autoptr (GPtrArray) newer = mw_store_list_kind_registers (store, &l, NULL);
  g_autoptr (GPtrArray) phase = mw_store_list_kind_registers (store, &single, NULL);
  g_autoptr (GPtrArray) behind = mw_store_list_kind_registers (store, &ct, NULL);
  const MwRegisterInfo *energy = find_register (older, 1);

  /* A real 382 sends A14 as 4 octets with exponent 41h in kWh. */
  g_assert_cmpstr (energy->obis, ==, "1-1:1.8.0.255");
  g_assert_cmpint (energy->unit, ==, MW_UNIT_WH);
  g_assert_cmpint (energy->exponent, ==, 2);
  g_assert_cmpint (energy->octets, ==, 4);
  g_assert_cmpint (find_register (older, 0x41e)->unit, ==, MW_UNIT_V);
  g_assert_cmpint (find_register (older, 0x41e)->octets, ==, 2);
  g_assert_cmpint (find_register (older, 0x434)->exponent, ==, -2);
  g_assert_cmpstr (find_register (older, 0x466)->obis, ==, "kmp:466");
  g_assert_null (find_register (older, 0x423)); /* tariff 5 */
  g_assert_nonnull (find_register (newer, 0x423));
  g_assert_null (find_register (phase, 0x41f)); /* L2 */
  g_assert_null (find_register (newer, 7));     /* secondary energy */
  g_assert_nonnull (find_register (behind, 7));
  g_assert_null (find_register (newer, 0x49c)); /* the password is not read */
}

/* No two registers of a meter have the same OBIS code and attribute. */
static void
test_unique (void)
{
  static const char *const models[] = { "k162",           "k282",         "k382",
                                        "k351b",          "omnipower-1p", "omnipower-3p",
                                        "omnipower-aron", "omnipower-ct", "omnipower-ct-aron" };

  for (guint m = 0; m < G_N_ELEMENTS (models); m++) {
    MwMeterKind kind =
        kind_of (models[m][0] == 'k' ? "kamstrup-382" : "kamstrup-omnipower", models[m], NULL);
    g_autoptr (GPtrArray) registers = mw_store_list_kind_registers (store, &kind, NULL);
    g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    g_assert_cmpuint (registers->len, >, 100);
    for (guint i = 0; i < registers->len; i++) {
      const MwRegisterInfo *info = registers->pdata[i];
      if (!g_hash_table_add (seen, g_strdup_printf ("%s:%d", info->obis, info->attribute)))
        g_error ("%s: %s attribute %d stands there twice", models[m], info->obis,
                 info->attribute);
    }
  }
}

/* ---- recognising ---- */

static void
assert_kmp (guint16 word, const char *number, const char *model, const char *generation,
            const char *type, gboolean noted)
{
  MwRecognition *r = mw_store_recognise_kmp (store, word, number, NULL);

  g_assert_cmpstr (r->model, ==, model);
  g_assert_cmpstr (r->generation, ==, generation);
  g_assert_cmpstr (r->type, ==, type);
  g_assert_cmpstr (r->manufacturer, ==, "Kamstrup");
  g_assert_cmpint (r->note != NULL, ==, noted);
  mw_recognition_free (r);
}

static void
test_recognise_kmp (void)
{
  assert_kmp (0x5300, NULL, "k382", "B C", "382", FALSE);
  assert_kmp (0x5300, "68438BC450000", "k382", "C", "382", FALSE);
  assert_kmp (0x5301, NULL, "k382", "J", "382", FALSE);
  assert_kmp (0x5502, NULL, "k382", "J", "382 NTA", FALSE);
  assert_kmp (0x5503, NULL, "k382", "K", "382", FALSE);
  assert_kmp (0x5702, NULL, "k162", "J", "162 NTA", FALSE);
  assert_kmp (0x5900, NULL, "k282", "D E", "282", FALSE);
  assert_kmp (0x6000, NULL, "k351b", "B", "351B", FALSE);
  assert_kmp (0x6201, NULL, "k382", "L", "382", FALSE);
  assert_kmp (0x6812, NULL, "k382m", "M", "382M", TRUE);
  assert_kmp (0x7500, NULL, "k351c", "C", "351C", TRUE);
  assert_kmp (0x7600, NULL, "k251c", "C", "251C", TRUE);
  assert_kmp (0x5a00, NULL, "omnipower", NULL, "OMNIPOWER", TRUE);
  assert_kmp (0x5a00, "6861111BN242101040", "omnipower-1p", "N", "OMNIPOWER single-phase",
              FALSE);
  assert_kmp (0x5a00, "685-11-35C-D14-0011-010", "omnipower-ct", "D", "OMNIPOWER CT", FALSE);
  assert_kmp (0x1234, NULL, NULL, NULL, NULL, TRUE);
  /* A type number that contradicts the word does not count. */
  assert_kmp (0x5301, "68438BC450000", "k382", "J", "382", FALSE);
}

static void
assert_number (const char *iec, const char *number, const char *family, const char *model,
               const char *generation)
{
  MwRecognition *r = mw_store_recognise (store, NULL, iec, number, NULL);

  g_assert_cmpstr (r->family, ==, family);
  g_assert_cmpstr (r->model, ==, model);
  g_assert_cmpstr (r->generation, ==, generation);
  mw_recognition_free (r);
}

static void
test_recognise_numbers (void)
{
  /* Identifications of two real meters. */
  assert_number ("KAM 68438BC450000", NULL, "kamstrup-382", "k382", "C");
  assert_number ("KAM 685-382-OK-10", NULL, "kamstrup-382", "k382-10", NULL);
  /* METERTOOL manual Table 1: the four shapes. */
  assert_number (NULL, "685-351-1-23-010", "kamstrup-382", "k351", NULL);
  assert_number (NULL, "685-351-A1-23-010", "kamstrup-382", "k351a", NULL);
  assert_number (NULL, "686-162-OK-10", "kamstrup-382", "k162-10", NULL);
  assert_number (NULL, "686-18B-J4-30-010", "kamstrup-382", "k162", "J");
  assert_number (NULL, "685-35B-B4-00-010", "kamstrup-382", "k351b", "B");
  assert_number (NULL, "684-11-31B-N14-3101-040", "kamstrup-omnipower", "omnipower-3p", "N");
  assert_number (NULL, "684-11-21B-N24-3101-040", "kamstrup-omnipower", "omnipower-aron", "N");
  assert_number (NULL, "12345", "dlms", NULL, NULL);
}

/* ---- type numbers ---- */

static void
assert_decoded (const char *number, const char *shape, const char *const *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *printed = NULL;
  g_autoptr (GPtrArray) parts =
      mw_store_decode_type_number (store, NULL, number, &printed, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (printed, ==, shape);
  for (guint i = 0; expected[i]; i++) {
    const MwTypePosition *part = parts->pdata[i];
    g_assert_cmpuint (i, <, parts->len);
    g_assert_cmpstr (part->meaning ? part->meaning : "?", ==, expected[i]);
    g_assert_cmpint (part->reason != NULL, ==, part->meaning == NULL);
  }
}

/* OMNIPOWER technical description 5.2; the first number is that of a real meter in Norway. */
static void
test_type_numbers (void)
{
  assert_decoded ("6861111BN242101040", "686-11-11B-N24-2101-040",
                  (const char *const[]){
                      "Electricity meter", "OMNIPOWER single-phase", "OMNIPOWER", "Standard",
                      "1 system", "5(100) A", "Class B", "Generation N, direct meters",
                      "Second variant: no DLMS and no IEC 62056-21", "A+/A-/R+/R-",
                      "Dual breaker", "Radio", "Supercap", "S0 output", "Norway", NULL });
  assert_decoded ("685-11-35C-D13-0011-070", "685-11-35C-D13-0011-070",
                  (const char *const[]){
                      "Electricity meter", "OMNIPOWER CT", "OMNIPOWER", "Standard", "3 systems",
                      "Of CT meters, without words in the manual", "Class C",
                      "Generation D, CT meters", "First variant", "A+/R+", "No breaker",
                      "No radio", "Supercap and battery", "S0 output", "Germany", NULL });
  assert_decoded ("684 12 24A-N11-3002-090", "684-12-24A-N11-3002-090",
                  (const char *const[]){ "Electricity meter", "OMNIPOWER three-phase",
                                         "OMNIPOWER", "ST meter (BS 7856), single-phase",
                                         "2 systems (Aron)", "5(65) A", "Class A",
                                         "Generation N, direct meters", "First variant", "A+",
                                         "Standard breaker", "No radio", "Supercap",
                                         "Auxiliary power supply", "Sweden", NULL });
  assert_decoded ("68438BC450000", "684-38B-C4-50-000",
                  (const char *const[]){ "Three-phase meter", "3 measuring systems", "5(80) A",
                                         "Class B", "Generation C", "A+/A-/R+/R-", "?",
                                         "Standard", "No country", NULL });
  assert_decoded ("685-351-A1-23-010", "685-351-A1-23-010",
                  (const char *const[]){ "Meter behind current transformers", "351",
                                         "Second generation, 351A", "?", "?", "Denmark",
                                         NULL });
  assert_decoded ("685351123010", "685-351-1-23-010",
                  (const char *const[]){ "Meter behind current transformers", "351", "?", "?",
                                         "Denmark", NULL });
  assert_decoded ("685-382-OK-10", "685-382-OK-10",
                  (const char *const[]){ "Three-phase meter", "382", "?", "?", NULL });
}

static void
assert_no_number (const char *number, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (mw_store_decode_type_number (store, NULL, number, NULL, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_bad_type_numbers (void)
{
  g_autoptr (GPtrArray) parts =
      mw_store_decode_type_number (store, NULL, "6861111BX942101040", NULL, NULL);

  assert_no_number ("", "0 characters");
  assert_no_number ("68438BC45000", "12 characters");
  assert_no_number ("68438BC4500001", "14 characters");
  assert_no_number ("99938BC450000", "begin with 684, 685 or 686");
  assert_no_number (NULL, "0 characters");
  g_assert_null (((MwTypePosition *) parts->pdata[7])->meaning);
  g_assert_nonnull (strstr (((MwTypePosition *) parts->pdata[7])->reason, "“X”"));
  g_assert_nonnull (strstr (((MwTypePosition *) parts->pdata[8])->reason, "Variant"));
}

/* ---- rules ---- */

static MwValueRule *
rule_of (const char *family, const char *model, const char *object, gint8 attribute)
{
  MwMeterKind kind = kind_of (family, model, NULL);
  g_autoptr (GError) error = NULL;
  MwValueRule *rule = mw_store_get_value_rule (store, &kind, object, 0, attribute, &error);

  g_assert_no_error (error);
  return rule;
}

/* OMNIPOWER technical description Tables 18 to 23: limits in V, tenths of V, s, days. */
static void
test_ranges (void)
{
  static const struct {
    const char *object;
    gint64 min, max, preset;
    const char *range;
  } rows[] = {
    { "kmp:4BC", 1840, 2277, 2070, "184.0 to 227.7 V" },
    { "kmp:4BD", 2323, 2760, 2530, NULL },
    { "kmp:7071", 1840, 2277, 2070, NULL },
    { "kmp:7072", 2323, 2760, 2530, NULL },
    { "kmp:7073", 10, 1800, 600, "10 to 1800 s" },
    { "kmp:7074", 50, 160, 50, NULL },
    { "kmp:7075", 0, 1800, 10, NULL },
    { "1-1:128.0.19.255", 260, 320, 285, "260 to 320 V" },
    { "1-1:128.0.20.255", 1, 3600, 1, NULL },
    { "1-1:128.0.21.255", 250, 270, 265, NULL },
    { "1-1:128.0.22.255", 1, 3600, 60, NULL },
    { "1-1:128.0.2.255", 0, 99, 10, "0.0 to 9.9" },
    { "1-1:128.0.5.255", 0, 65535, 10, "0 to 65535 s" },
    { "1-1:128.0.9.255", 0, 255, 0, "0 to 255 d" },
    { "kmp:4DE", 10, 100, 40, NULL },
    { "kmp:4DF", 231, 300, 253, NULL },
    { "kmp:4E0", 1, 3600, 60, NULL },
    { "kmp:4F7", 0, 63, 63, "0 to 63" },
    { "kmp:704C", 16, 125, 32, "16 to 125" },
    { "kmp:4F4", 0, 254, 254, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (MwValueRule) rule =
        rule_of ("kamstrup-omnipower", "omnipower-3p", rows[i].object, 2);
    g_autofree char *range = mw_value_rule_dup_range (rule);
    g_autofree char *reason = NULL;
    g_assert_true (rule->writable);
    g_assert_cmpint (rule->default_value, ==, rows[i].preset);
    g_assert_true (mw_value_rule_check (rule, rows[i].min, NULL));
    g_assert_true (mw_value_rule_check (rule, rows[i].max, NULL));
    g_assert_false (mw_value_rule_check (rule, rows[i].min - 1, NULL));
    g_assert_false (mw_value_rule_check (rule, rows[i].max + 1, &reason));
    g_assert_nonnull (strstr (reason, range));
    if (rows[i].range)
      g_assert_cmpstr (range, ==, rows[i].range);
  }
}

static void
test_rules (void)
{
  g_autoptr (MwValueRule) period = rule_of ("kamstrup-382", "k382", "kmp:C7", 2);
  g_autoptr (MwValueRule) state = rule_of ("kamstrup-382", "k382", "kmp:43F", 2);
  g_autoptr (MwValueRule) jj = rule_of ("kamstrup-382", "k382", "kmp:454", 2);
  g_autoptr (MwValueRule) name = rule_of ("kamstrup-382", "k382", "kmp:7000", 2);
  g_autoptr (MwValueRule) high = rule_of ("kamstrup-omnipower", "omnipower-3p", "kmp:4BD", 2);
  g_autofree char *range = mw_value_rule_dup_range (period);
  g_autofree char *length = mw_value_rule_dup_range (name);
  g_autofree char *reason = NULL;
  gint64 number = 0;

  g_assert_cmpstr (range, ==, "5, 15, 30 or 60 min");
  g_assert_false (mw_value_rule_check (period, 20, NULL));
  g_assert_false (state->writable);
  g_assert_false (mw_value_rule_check (state, 4, &reason));
  g_assert_cmpstr (reason, ==, "Cut-off state cannot be written.");
  g_assert_cmpstr (((MwValueWord *) state->words->pdata[0])->name, ==,
                   "Disconnected by command");
  g_assert_true (jj->module_port && jj->writable);
  g_assert_true (name->text);
  g_assert_cmpstr (length, ==, "at most 16 characters");
  /* 240.5 V are 2405 tenths; 240.55 V are more decimals than the meter keeps. */
  g_assert_true (mw_value_rule_take (high, mw_decimal_of (2405, -1, MW_UNIT_V), &number, NULL));
  g_assert_cmpint (number, ==, 2405);
  g_assert_true (mw_value_rule_take (high, mw_decimal_of (240, 0, MW_UNIT_V), &number, NULL));
  g_assert_cmpint (number, ==, 2400);
  g_clear_pointer (&reason, g_free);
  g_assert_false (
      mw_value_rule_take (high, mw_decimal_of (24055, -2, MW_UNIT_V), &number, &reason));
  g_assert_nonnull (strstr (reason, "steps of 0.1 V"));
}

/* OMNIPOWER technical description 4.8.8: t1 <= t2 <= t3 and k3 <= k2 <= k1. */
static void
test_orders (void)
{
  MwMeterKind direct = kind_of ("kamstrup-omnipower", "omnipower-3p", "N");
  MwMeterKind ct = kind_of ("kamstrup-omnipower", "omnipower-ct", "D");
  g_autoptr (GPtrArray) orders = mw_store_list_value_orders (store, &direct, NULL);
  g_autoptr (GPtrArray) none = mw_store_list_value_orders (store, &ct, NULL);
  const MwValueOrder *factors;

  g_assert_cmpuint (orders->len, ==, 2);
  g_assert_cmpuint (none->len, ==, 0);
  factors = orders->pdata[1];
  g_assert_cmpuint (factors->ids->len, ==, 3);
  for (guint i = 0; i < 3; i++) {
    g_autofree char *object =
        g_strdup_printf ("kmp:%X", g_array_index (factors->ids, guint16, i));
    g_autofree char *name = g_strdup_printf ("Factor k%u", 3 - i);
    g_autoptr (MwValueRule) rule = rule_of ("kamstrup-omnipower", "omnipower-3p", object, 2);
    g_assert_cmpstr (rule->name, ==, name);
  }
  g_assert_nonnull (strstr (factors->reason, "k3"));
}

/* The same of COSEM attributes; Mx381 manual 6.12 and 6.10. */
static void
test_attribute_rules (void)
{
  MwMeterKind kind = kind_of ("iskraemeco-mx381", NULL, NULL);
  g_autoptr (MwValueRule) mode = rule_of ("iskraemeco-mx381", NULL, "0-0:96.3.10.255", 4);
  g_autoptr (MwValueRule) energy = rule_of ("iskraemeco-mx381", NULL, "1-0:1.8.0.255", 2);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (mode->class_id, ==, 70);
  g_assert_nonnull (mode->words);
  g_assert_true (mode->writable);
  g_assert_true (mw_value_rule_check (mode, 6, NULL));
  g_assert_false (mw_value_rule_check (mode, 7, NULL));
  g_assert_false (energy->writable);
  g_assert_cmpint (energy->unit, ==, MW_UNIT_WH);
  g_assert_null (mw_store_get_value_rule (store, &kind, "9-9:9.9.9.9", 0, 2, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND);
}

/* ---- configuration codes, display, ports ---- */

/* OMNIPOWER technical description 5.3. */
static void
test_settings (void)
{
  static const struct {
    const char *id, *code, *meaning;
  } rows[] = {
    { "Z1", "3", "7.2" },
    { "Z3", "28", "Pulse in / toggle load control 1 and 2" },
    { "Z4", "3", "30 min" },
    { "Z7", "09", "Every sixth month from March" },
    { "Z7", "24", "Yearly in December" },
    { "Z8", "4", "80 ms, alarm input on" },
    { "Z11", "13", "-11 h" },
    { "Z11", "23", "-1 h" },
    { "Z12", "02", "m³" },
    { "Z16", "348", "Denmark, 348" },
    { "Z19", "2", "Disconnected" },
    { "Z25", "2", "Weekly" },
    { "Z13", "123", "Tariff plan of the maker, 123" },
    { "Z4", "9", NULL },
    { "Z21", "600", NULL }, /* CT meters */
    { "Z99", "1", NULL },
  };
  MwMeterKind direct = kind_of ("kamstrup-omnipower", "omnipower-3p", "N");
  MwMeterKind ct = kind_of ("kamstrup-omnipower", "omnipower-ct", "D");
  g_autoptr (GPtrArray) settings = NULL;
  g_autofree char *ratio = NULL, *decimals = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *reason = NULL;
    g_autofree char *meaning =
        mw_store_dup_setting_meaning (store, &direct, rows[i].id, rows[i].code, &reason);
    g_assert_cmpstr (meaning, ==, rows[i].meaning);
    g_assert_cmpint (reason != NULL, ==, meaning == NULL);
  }
  ratio = mw_store_dup_setting_meaning (store, &ct, "Z21", "024", NULL);
  g_assert_cmpstr (ratio, ==, "120 A / 5 A or 24 A / 1 A");
  decimals = mw_store_dup_setting_meaning (store, &ct, "Z1", "2", NULL);
  g_assert_cmpstr (decimals, ==, "7.1");
  settings = mw_store_list_settings (store, &ct, NULL);
  g_assert_cmpuint (settings->len, ==, 23); /* all 25 but breaker and disconnect */
}

/* OMNIPOWER technical description Tables 2 and 31. */
static void
test_display (void)
{
  MwMeterKind direct = kind_of ("kamstrup-omnipower", "omnipower-3p", "N");
  MwMeterKind ct = kind_of ("kamstrup-omnipower", "omnipower-ct", "D");
  g_autoptr (GPtrArray) lists = mw_store_list_display_lists (store, &direct, NULL);
  g_autoptr (GPtrArray) readings = mw_store_list_display_readings (store, &direct, NULL);
  g_autoptr (GPtrArray) behind = mw_store_list_display_readings (store, &ct, NULL);
  static const guint most[] = { 16, 30, 16, 8 };
  guint mandatory = 0, secondary = 0;

  g_assert_cmpuint (lists->len, ==, 4);
  for (guint i = 0; i < lists->len; i++)
    g_assert_cmpuint (((MwDisplayList *) lists->pdata[i])->most, ==, most[i]);
  for (guint i = 0; i < readings->len; i++)
    mandatory += ((MwDisplayReading *) readings->pdata[i])->mandatory != FALSE;
  for (guint i = 0; i < behind->len; i++) {
    const MwDisplayReading *reading = behind->pdata[i];
    secondary += g_str_has_prefix (reading->name, "Secondary");
    g_assert_true (!reading->text || !g_str_has_prefix (reading->text, "THD/I"));
  }
  g_assert_cmpuint (mandatory, ==, 4);
  g_assert_cmpuint (secondary, ==, 6 + 32);
}

static void
test_ports (void)
{
  static const struct {
    const char *family, *model, *generation;
    guint optical, module;
    gboolean iec, dlms;
  } rows[] = {
    { "kamstrup-382", "k382", "C", 1200, 1200, TRUE, FALSE },
    { "kamstrup-382", "k162", "E", 1200, 1200, TRUE, FALSE },
    { "kamstrup-382", "k382", "J", 9600, 1200, TRUE, FALSE },
    { "kamstrup-382", "k351b", "B", 9600, 1200, TRUE, FALSE },
  };
  MwMeterKind first = { "kamstrup-omnipower", "omnipower-1p", "N", 1, NULL, NULL };
  MwMeterKind second = { "kamstrup-omnipower", "omnipower-1p", "N", 2, NULL, NULL };
  MwMeterKind unknown = kind_of ("kamstrup-382", "k351", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *revision = mw_kmp_dup_revision (0x0c02);
  MwPortInfo ports;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    MwMeterKind kind = kind_of (rows[i].family, rows[i].model, rows[i].generation);
    g_assert_true (mw_store_get_ports (store, &kind, &ports, NULL));
    g_assert_cmpuint (ports.optical_baud, ==, rows[i].optical);
    g_assert_cmpuint (ports.module_baud, ==, rows[i].module);
    g_assert_cmpint (ports.iec, ==, rows[i].iec);
    g_assert_cmpint (ports.dlms, ==, rows[i].dlms);
  }
  g_assert_true (mw_store_get_ports (store, &first, &ports, NULL));
  g_assert_true (ports.kmp && ports.dlms && ports.iec);
  g_assert_true (mw_store_get_ports (store, &second, &ports, NULL));
  g_assert_true (ports.kmp && !ports.dlms && !ports.iec);
  g_assert_false (mw_store_get_ports (store, &unknown, &ports, &error));
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_NOT_FOUND);
  g_assert_cmpstr (revision, ==, "L2");
}

/* A real 382 of generation C answered these, in this order. */
static void
test_iec_lines (void)
{
  static const char *const codes[] = { "0.0.0", "1.8.0",  "1.8.1",   "1.8.2", "1.8.3",
                                       "1.8.4", "96.8.0", "0.128.1", "1.6.0" };
  MwMeterKind kind = kind_of ("kamstrup-382", "k382", "C");
  g_autoptr (GPtrArray) lines = mw_store_list_iec_lines (store, &kind, NULL);

  g_assert_cmpuint (lines->len, ==, G_N_ELEMENTS (codes));
  for (guint i = 0; i < lines->len; i++)
    g_assert_cmpstr (((MwIecLine *) lines->pdata[i])->code, ==, codes[i]);
  g_assert_cmpstr (((MwIecLine *) lines->pdata[1])->obis, ==, "1-1:1.8.0.255");
}

/* Names and bits of what a reading or a column is called by. */
static void
test_names (void)
{
  g_autofree char *group = NULL;
  guint8 unit = 0;
  g_autofree char *power =
      mw_store_dup_object_name (store, "kamstrup-382", "1-1:1.7.0.255", &group, &unit);
  g_autofree char *word =
      mw_store_dup_object_name (store, "kamstrup-382", "kmp:466", NULL, NULL);
  g_autofree char *maximum =
      mw_store_dup_object_name (store, "kamstrup-omnipower", "1-1:1.6.0.255", NULL, NULL);
  g_autofree char *unknown =
      mw_store_dup_object_name (store, "kamstrup-382", "kmp:EEEE", NULL, NULL);
  g_autoptr (GPtrArray) bits =
      mw_store_list_object_bits (store, "kamstrup-382", "kmp:440", NULL);
  g_autoptr (GPtrArray) none = mw_store_list_object_bits (store, "kamstrup-382", "kmp:1", NULL);

  g_assert_cmpstr (power, ==, "Active power P+");
  g_assert_cmpstr (group, ==, "power");
  g_assert_cmpint (unit, ==, MW_UNIT_W);
  g_assert_cmpstr (word, ==, "Complete type number");
  g_assert_cmpstr (maximum, ==, "Maximum P+");
  g_assert_null (unknown);
  g_assert_cmpuint (bits->len, ==, 7);
  g_assert_cmpstr (((MwStatusBit *) bits->pdata[5])->name, ==, "Cut");
  g_assert_cmpuint (none->len, ==, 0);
}

/* Model and generation are kept with the meter. */
static void
test_stored (void)
{
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF382");
  g_autoptr (MwMeterInfo) info = mw_meter_info_dup (meter);
  g_autoptr (MwMeterInfo) kept = NULL;
  MwMeterKind kind;

  g_free (info->family);
  info->family = g_strdup ("kamstrup-382");
  info->model = g_strdup ("k382");
  info->generation = g_strdup ("J");
  g_free (info->firmware);
  info->firmware = g_strdup ("L2");
  kept = mw_store_save_meter (store, info, NULL);
  g_assert_cmpstr (kept->model, ==, "k382");
  g_assert_cmpstr (kept->generation, ==, "J");
  kind = mw_meter_kind_of (kept);
  g_assert_cmpstr (kind.revision, ==, "L2");
  g_assert_cmpstr (kind.generation, ==, "J");
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  g_unsetenv ("MW_CATALOGUE_DIR");
  store = mw_store_open (":memory:", &error);
  g_assert_no_error (error);
  g_test_add_func ("/kinds/functions", test_functions);
  g_test_add_func ("/kinds/revision", test_revision);
  g_test_add_func ("/kinds/breaker", test_breaker);
  g_test_add_func ("/kinds/same-functions", test_same_functions);
  g_test_add_func ("/kinds/loggers", test_loggers);
  g_test_add_func ("/kinds/depth", test_depth);
  g_test_add_func ("/kinds/registers", test_registers);
  g_test_add_func ("/kinds/unique", test_unique);
  g_test_add_func ("/kinds/recognise-kmp", test_recognise_kmp);
  g_test_add_func ("/kinds/recognise-numbers", test_recognise_numbers);
  g_test_add_func ("/kinds/type-numbers", test_type_numbers);
  g_test_add_func ("/kinds/bad-type-numbers", test_bad_type_numbers);
  g_test_add_func ("/kinds/ranges", test_ranges);
  g_test_add_func ("/kinds/rules", test_rules);
  g_test_add_func ("/kinds/orders", test_orders);
  g_test_add_func ("/kinds/attribute-rules", test_attribute_rules);
  g_test_add_func ("/kinds/settings", test_settings);
  g_test_add_func ("/kinds/display", test_display);
  g_test_add_func ("/kinds/ports", test_ports);
  g_test_add_func ("/kinds/iec-lines", test_iec_lines);
  g_test_add_func ("/kinds/names", test_names);
  g_test_add_func ("/kinds/stored", test_stored);
  result = g_test_run ();
  mw_store_unref (store);
  return result;
}
