/* The catalogue: loaded from the program or a folder, checked against its schema, asked. */
#include <glib/gstdio.h>
#include <string.h>

#include "sample.h"

static MwStore *store;

static void
test_families (void)
{
  g_autoptr (GPtrArray) families = mw_store_list_families (store, NULL);
  gboolean generic = FALSE, mx381 = FALSE;

  for (guint i = 0; i < families->len; i++) {
    const MwFamilyInfo *info = families->pdata[i];
    generic = generic || g_str_equal (info->id, "dlms");
    mx381 = mx381 || g_str_equal (info->id, "iskraemeco-mx381");
  }
  g_assert_true (generic);
  g_assert_true (mx381);
}

static void
assert_recognised (const char *logical_name, const char *iec, const char *type_number,
                   const char *family, const char *type)
{
  g_autoptr (GError) error = NULL;
  MwRecognition *r = mw_store_recognise (store, logical_name, iec, type_number, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (r->family, ==, family);
  g_assert_cmpstr (r->type, ==, type);
  mw_recognition_free (r);
}

static void
test_recognise (void)
{
  assert_recognised ("ISK1030700000001", NULL, NULL, "iskraemeco-mx381", "MT381");
  assert_recognised (NULL, "ISk5\\2MT381-1000", NULL, "iskraemeco-mx381", "MT381");
  assert_recognised (NULL, "/ISk5\\2ME381-1000", "ME381-D1A51R56S12", "iskraemeco-mx381",
                     "ME381-D1");
  assert_recognised ("KAM1234567890123", NULL, NULL, "kamstrup-omnipower", NULL);
  assert_recognised ("LGZ1030700000001", NULL, NULL, "dlms", NULL);
  assert_recognised (NULL, NULL, NULL, "dlms", NULL);
}

static void
test_registers (void)
{
  g_autoptr (GPtrArray) mt =
      mw_store_list_registers (store, "iskraemeco-mx381", "MT381-D1", NULL);
  g_autoptr (GPtrArray) all = mw_store_list_registers (store, "iskraemeco-mx381", NULL, NULL);
  g_autoptr (GPtrArray) loggers =
      mw_store_list_family_loggers (store, "iskraemeco-mx381", NULL);
  gboolean energy = FALSE, profile = FALSE, events = FALSE;

  g_assert_cmpuint (mt->len, >, 100);
  g_assert_cmpuint (mt->len, <=, all->len);
  for (guint i = 0; i < mt->len; i++) {
    const MwRegisterInfo *info = mt->pdata[i];
    if (!g_str_equal (info->obis, "1-0:1.8.0.255"))
      continue;
    energy = TRUE;
    g_assert_cmpstr (info->name, ==, "Active energy A+");
    g_assert_cmpstr (info->group, ==, "energy");
    g_assert_cmpint (info->unit, ==, MW_UNIT_WH);
    g_assert_cmpint (info->class_id, ==, 3);
    g_assert_false (info->assigned_reference);
  }
  g_assert_true (energy);
  for (guint i = 0; i < loggers->len; i++) {
    const MwLoggerInfo *info = loggers->pdata[i];
    profile = profile
              || (g_str_equal (info->logger, "load-profile")
                  && g_str_equal (info->obis, "1-0:99.1.0.255") && !info->events);
    events = events || (g_str_equal (info->logger, "events-standard") && info->events);
  }
  g_assert_true (profile);
  g_assert_true (events);
}

static void
test_codes (void)
{
  g_autofree char *description = NULL;
  g_autofree char *name =
      mw_store_dup_event_text (store, "iskraemeco-mx381", "events-standard", 1, &description);
  g_autofree char *status =
      mw_store_dup_status_text (store, "iskraemeco-mx381", "load-profile", 0x84);
  g_autofree char *unknown =
      mw_store_dup_status_text (store, "iskraemeco-mx381", "load-profile", 0x10000);
  g_autofree char *none =
      mw_store_dup_status_text (store, "iskraemeco-mx381", "load-profile", 0);
  guint32 mask = mw_store_get_doubtful_mask (store, "iskraemeco-mx381", "load-profile");

  g_assert_cmpstr (name, ==, "Power down");
  g_assert_nonnull (description);
  g_assert_null (
      mw_store_dup_event_text (store, "iskraemeco-mx381", "events-standard", 9999, NULL));
  g_assert_cmpstr (status, ==, "Value not for billing, Power failure");
  g_assert_cmpstr (unknown, ==, "0x10000");
  g_assert_cmpstr (none, ==, "");
  g_assert_cmphex (mask & 0x0f, ==, 0x07); /* ERR, CIV, DNV; daylight saving is no doubt */
}

static void
test_names (void)
{
  g_autofree char *group = NULL;
  guint8 unit = 0;
  g_autofree char *own =
      mw_store_dup_object_name (store, "iskraemeco-mx381", "1-0:1.8.0.255", &group, &unit);
  g_autofree char *generic =
      mw_store_dup_object_name (store, NULL, "1-1:1.8.3.255", NULL, NULL);
  g_autofree char *class_name = mw_store_dup_class_name (store, 7, 1);
  g_autofree char *attribute = mw_store_dup_attribute_name (store, 3, 3);

  g_assert_cmpstr (own, ==, "Active energy A+");
  g_assert_cmpstr (group, ==, "energy");
  g_assert_cmpint (unit, ==, MW_UNIT_WH);
  g_assert_cmpstr (generic, ==, "Active energy A+ T3");
  g_assert_cmpstr (class_name, ==, "Profile generic");
  g_assert_cmpstr (attribute, ==, "scaler_unit");
  g_assert_null (mw_store_dup_object_name (store, NULL, "9-9:250.250.250.250", NULL, NULL));
  g_assert_null (mw_store_dup_object_name (store, NULL, "no code", NULL, NULL));
}

/* ---- from a folder ---- */

static char *
copy_catalogue (void)
{
  char *folder = sample_folder ();
  const char *source = g_getenv ("MW_CATALOGUE_SOURCE");
  static const char *const names[] = { "catalogue.xsd", "dlms-generic.xml" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *from = g_build_filename (source, names[i], NULL);
    g_autofree char *to = g_build_filename (folder, names[i], NULL);
    g_autofree char *text = NULL;
    gsize len;
    g_assert_true (g_file_get_contents (from, &text, &len, NULL));
    g_assert_true (g_file_set_contents (to, text, (gssize) len, NULL));
  }
  return folder;
}

/* Put TEXT as a further file into a catalogue and open a store with it. */
static void
assert_catalogue_refused (const char *text)
{
  g_autofree char *folder = copy_catalogue ();
  g_autofree char *path = g_build_filename (folder, "zz.xml", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_setenv ("MW_CATALOGUE_DIR", folder, TRUE);
  g_assert_null (mw_store_open (":memory:", &error));
  g_unsetenv ("MW_CATALOGUE_DIR");
  g_assert_error (error, MW_STORE_ERROR, MW_STORE_ERROR_CATALOGUE);
  g_assert_nonnull (strstr (error->message, "zz.xml"));
  sample_remove (folder);
}

#define FAMILY(id, inner)                                                                      \
  "<catalogue format=\"1\"><family id=\"" id                                                   \
  "\" name=\"N\" manufacturer=\"M\" flag=\"F\" protocol=\"dlms\">" inner                       \
  "</family></catalogue>"

static void
test_bad_files (void)
{
  assert_catalogue_refused ("<catalogue format=\"1\"><surprise/></catalogue>");
  assert_catalogue_refused ("<catalogue");
  assert_catalogue_refused ("");
  assert_catalogue_refused (
      "<!DOCTYPE c [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" FAMILY ("x", ""));
}

#define REGISTER(id, more)                                                                     \
  "<register id=\"" id "\" name=\"R\" group=\"g\" octets=\"4\" bind=\"A14\" " more "/>"
#define TYPE_NUMBER(pattern, positions)                                                        \
  "<type-numbers><type-number length=\"4\" pattern=\"" pattern                                 \
  "\" shape=\"XX-XX\" name=\"T\">" positions "</type-number></type-numbers>"
#define POSITION(at, length, codes)                                                            \
  "<position at=\"" at "\" length=\"" length "\" name=\"P\">" codes "</position>"

/* Rows of KMP meters that contradict themselves. */
static void
test_bad_rows (void)
{
  assert_catalogue_refused (
      FAMILY ("x", "<registers>" REGISTER ("1", "") REGISTER ("1", "") "</registers>"));
  assert_catalogue_refused (
      FAMILY ("x", "<registers>" REGISTER ("1", "kind=\"odd\"") "</registers>"));
  assert_catalogue_refused (FAMILY ("x", "<registers>" REGISTER ("xyz", "") "</registers>"));
  assert_catalogue_refused (
      FAMILY ("x", "<registers>" REGISTER ("1", "in=\"k382:\"") "</registers>"));
  assert_catalogue_refused (FAMILY ("x", TYPE_NUMBER ("^[", POSITION ("1", "4", ""))));
  assert_catalogue_refused (FAMILY ("x", TYPE_NUMBER ("^6", POSITION ("1", "3", ""))));
  assert_catalogue_refused (
      FAMILY ("x", TYPE_NUMBER ("^6", POSITION ("1", "2", "") POSITION ("4", "1", ""))));
  assert_catalogue_refused (
      FAMILY ("x", TYPE_NUMBER ("^6", POSITION ("1", "4", "<code value=\"6\" name=\"N\"/>"))));
  assert_catalogue_refused (
      FAMILY ("x", "<recognise><kmp-type word=\"53\" model=\"m\"/></recognise>"));
}

/* A change of the files replaces what was loaded, and only that. */
static void
test_reload (void)
{
  g_autofree char *catalogue = copy_catalogue ();
  g_autofree char *folder = sample_folder ();
  g_autofree char *path = g_build_filename (folder, "x.db", NULL);
  g_autofree char *extra = g_build_filename (catalogue, "zz.xml", NULL);
  g_autoptr (MwMeterInfo) meter = sample_meter ("REF1");
  g_autoptr (MwMeterInfo) kept = NULL;
  g_autoptr (GPtrArray) families = NULL;
  g_autoptr (GPtrArray) meters = NULL;
  g_autoptr (GError) error = NULL;
  MwStore *other = mw_store_open (path, NULL);

  kept = mw_store_save_meter (other, meter, NULL);
  mw_store_unref (other);
  g_setenv ("MW_CATALOGUE_DIR", catalogue, TRUE);
  g_assert_true (g_file_set_contents (extra, FAMILY ("new-one", ""), -1, NULL));
  other = mw_store_open (path, &error);
  g_unsetenv ("MW_CATALOGUE_DIR");
  g_assert_no_error (error);
  families = mw_store_list_families (other, NULL);
  g_assert_cmpuint (families->len, ==, 2);
  g_assert_cmpstr (((MwFamilyInfo *) families->pdata[1])->id, ==, "new-one");
  meters = mw_store_list_meters (other, NULL);
  g_assert_cmpuint (meters->len, ==, 1);
  mw_store_unref (other);
  sample_remove (catalogue);
  sample_remove (folder);
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
  g_test_add_func ("/catalogue/families", test_families);
  g_test_add_func ("/catalogue/recognise", test_recognise);
  g_test_add_func ("/catalogue/registers", test_registers);
  g_test_add_func ("/catalogue/codes", test_codes);
  g_test_add_func ("/catalogue/names", test_names);
  g_test_add_func ("/catalogue/bad-files", test_bad_files);
  g_test_add_func ("/catalogue/bad-rows", test_bad_rows);
  g_test_add_func ("/catalogue/reload", test_reload);
  result = g_test_run ();
  mw_store_unref (store);
  return result;
}
