/* language.c: which language the window speaks.  See appearance.h. */
#include <glib/gi18n.h>
#include <locale.h>

#include "appearance.h"

const MwLanguage mw_languages[] = {
  { "", N_ ("As the system") },
  { "en", "English" },
  { "de", "Deutsch" },
  { NULL, NULL },
};

/* A locale of that language, for decimal commas and the names of months, where there is one. */
static void
try_locale (const char *id)
{
  static const struct {
    const char *id, *locale;
  } locales[] = { { "de", "de_DE.UTF-8" }, { "en", "en_GB.UTF-8" } };
  for (gsize i = 0; i < G_N_ELEMENTS (locales); i++)
    if (g_str_equal (locales[i].id, id))
      setlocale (LC_ALL, locales[i].locale);
}

void
mw_language_choose (const char *id, const char *domain, const char *folder)
{
  setlocale (LC_ALL, "");
  if (id && *id) {
    try_locale (id);
    if (g_strcmp0 (setlocale (LC_MESSAGES, NULL), "C") == 0)
      setlocale (LC_ALL, "C.UTF-8"); /* in the locale C nothing is ever translated */
    g_setenv ("LANGUAGE", id, TRUE);
  }
  bindtextdomain (domain, folder);
  bind_textdomain_codeset (domain, "UTF-8");
  textdomain (domain);
}

char *
mw_language_dup_folder (const char *program, const char *installed)
{
  g_autofree char *path = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (path ? path : program);
  char *built = g_build_filename (folder, "..", "po", NULL);
  g_autofree char *sign = g_build_filename (built, "de", "LC_MESSAGES", NULL);
  if (g_file_test (sign, G_FILE_TEST_IS_DIR))
    return built;
  g_free (built);
  return g_strdup (installed);
}
