#include "signal-text.h"

#include <glib/gi18n.h>

char *
mw_signal_dup_text (int local, int remote, gboolean *low)
{
  *low = (local >= 0 && local < MW_SIGNAL_LOW) || (remote >= 0 && remote < MW_SIGNAL_LOW);
  const char *weak = *low ? _ (": weak, communication is doubtful") : "";
  if (local >= 0 && remote >= 0)
    return g_strdup_printf (_ ("Signal %d here, %d at the meter%s"), local, remote, weak);
  if (local >= 0)
    return g_strdup_printf (_ ("Signal %d here%s"), local, weak);
  if (remote >= 0)
    return g_strdup_printf (_ ("Signal %d at the meter%s"), remote, weak);
  return NULL;
}
