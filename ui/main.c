/* meterwright [--db FILE] [--connect URI] [--page NAME]: the window. */
#include "appearance.h"
#include "application.h"
#include "preferences.h"
#include "renderer.h"

int
main (int argc, char **argv)
{
  MwPreferences *preferences = mw_preferences_open ();
  g_autofree char *language = mw_preferences_dup_text (preferences, "language", NULL);
  g_autofree char *folder = mw_language_dup_folder (argv[0], MW_LOCALE_DIR);
  mw_language_choose (language, MW_TEXT_DOMAIN, folder);
  mw_renderer_choose ();
  g_autoptr (MwApplication) app = mw_application_new ();
  int status = g_application_run (G_APPLICATION (app), argc, argv);
  mw_preferences_close (preferences);
  return status;
}
