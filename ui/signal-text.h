/* signal-text.h: strength of the radio signal at both modems, 0 to 31 (3GPP TS 27.007 8.5). */
#ifndef MW_SIGNAL_TEXT_H
#define MW_SIGNAL_TEXT_H

#include <glib.h>

G_BEGIN_DECLS

/* Below it communication is doubtful (METERTOOL manual 3.2.2.2). */
#define MW_SIGNAL_LOW 12

/* "Signal 18 here, 9 at the meter: weak"; LOCAL and REMOTE are -1 when not known; NULL when
 * both are.  *LOW: one of them is below MW_SIGNAL_LOW.  Free with g_free. */
char *mw_signal_dup_text (int local, int remote, gboolean *low);

G_END_DECLS

#endif
