/* meterwright [--db FILE] [--connect URI] [--page NAME]: the window. */
#include <glib/gi18n.h>
#include <locale.h>

#include "application.h"
#include "preferences.h"
#include "renderer.h"

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  bindtextdomain (MW_TEXT_DOMAIN, MW_LOCALE_DIR);
  bind_textdomain_codeset (MW_TEXT_DOMAIN, "UTF-8");
  textdomain (MW_TEXT_DOMAIN);
  mw_renderer_choose ();
  MwPreferences *preferences = mw_preferences_open ();
  g_autoptr (MwApplication) app = mw_application_new ();
  int status = g_application_run (G_APPLICATION (app), argc, argv);
  mw_preferences_close (preferences);
  return status;
}
