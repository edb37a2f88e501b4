/* meterwright [--db FILE] [--connect URI] [--page NAME]: the window. */
#include "application.h"
#include "preferences.h"
#include "renderer.h"

int
main (int argc, char **argv)
{
  mw_renderer_choose ();
  MwPreferences *preferences = mw_preferences_open ();
  g_autoptr (MwApplication) app = mw_application_new ();
  int status = g_application_run (G_APPLICATION (app), argc, argv);
  mw_preferences_close (preferences);
  return status;
}
