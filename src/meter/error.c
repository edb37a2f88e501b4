/* error.c: see error.h. */
#include "meter/error.h"

#include <gio/gio.h>

G_DEFINE_QUARK (mw - session - error - quark, mw_session_error)

gboolean
mw_fail (GError **error, MwSessionError code, const char *format, ...)
{
  va_list args;
  if (error == NULL)
    return FALSE;
  va_start (args, format);
  g_clear_error (error);
  *error = g_error_new_valist (MW_SESSION_ERROR, code, format, args);
  va_end (args);
  return FALSE;
}

void
mw_error_adopt (GError **error, MwSessionError code)
{
  GError *ours;
  if (error == NULL || *error == NULL || (*error)->domain == MW_SESSION_ERROR
      || g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  ours = g_error_new_literal (MW_SESSION_ERROR, code, (*error)->message);
  g_error_free (*error);
  *error = ours;
}
