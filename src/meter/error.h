/* error.h: the one error domain of src/: what went wrong, in the numbers of the command line's
 * exit status (INTERFACES), with a sentence that names the cause and the next step. */
#ifndef MW_METER_ERROR_H
#define MW_METER_ERROR_H

#include <glib.h>

G_BEGIN_DECLS

#define MW_SESSION_ERROR (mw_session_error_quark ())
GQuark mw_session_error_quark (void);

/* The numbers are those of INTERFACES (exit status). */
typedef enum {
  MW_SESSION_ERROR_USAGE = 1, /* a malformed URI, an unknown register or logger name */
  MW_SESSION_ERROR_LINK = 2,  /* no port, no answer, no carrier, hung up */
  MW_SESSION_ERROR_PROTOCOL = 3,
  MW_SESSION_ERROR_ACCESS = 4,  /* password, key, association refused */
  MW_SESSION_ERROR_REFUSED = 5, /* by the meter, or by the checks before it */
  MW_SESSION_ERROR_STORE = 6,   /* database or file */
} MwSessionError;

/* Sets ERROR (when not NULL) to CODE and the sentence; always FALSE, to be returned. */
gboolean
mw_fail (GError **error, MwSessionError code, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* Puts an error of any other domain (GIO, store, link) under ours: G_IO_ERROR_CANCELLED stays
 * as it is, errors of ours stay, everything else becomes CODE with its own message. */
void mw_error_adopt (GError **error, MwSessionError code);

G_END_DECLS

#endif
