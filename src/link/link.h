/* link.h: a way to move bytes to and from a meter.
 *
 * A link belongs to one thread at a time (the session's worker) and does no framing.  Filters
 * (software parity, echo cancelling, the trace tap) are links over a link, so that whoever
 * pumps bytes sees one thing only.  What a link lacks is a NULL slot, and the call does
 * nothing.
 *
 *   trace ─► echo ─► parity ─► serial | pty | tcp | ref | replay
 *
 * Errors are MW_LINK_ERROR; the text is a sentence that a person can act on.
 */
#ifndef MW_LINK_H
#define MW_LINK_H

#include <gio/gio.h>

#include "base/line.h"
#include "uri.h"

G_BEGIN_DECLS

#define MW_LINK_ERROR (mw_link_error_quark ())
GQuark mw_link_error_quark (void);

typedef enum {
  MW_LINK_ERROR_URI,         /* the URI is not understood                    exit status 1 */
  MW_LINK_ERROR_NO_PORT,     /* there is no such port, host or model         2 */
  MW_LINK_ERROR_PERMISSION,  /* the port may not be opened by this user      2 */
  MW_LINK_ERROR_BUSY,        /* another program has the port                 2 */
  MW_LINK_ERROR_REFUSED,     /* nobody listens there                         2 */
  MW_LINK_ERROR_UNREACHABLE, /* no way to the host                           2 */
  MW_LINK_ERROR_TIMEOUT,     /* no connection, or nothing could be sent, in time  2 */
  MW_LINK_ERROR_CLOSED,      /* the other side hung up, the head was unplugged    2 */
  MW_LINK_ERROR_IO,          /* the system reports something else            2 */
  MW_LINK_ERROR_FILE,        /* a trace cannot be written or read            6 */
  MW_LINK_ERROR_REPLAY,      /* what was sent is not what the recording holds 3 */
  MW_LINK_ERROR_CANCELLED    /* by the user                                  130 */
} MwLinkError;

/* The exit status of `mw` for ERROR; 2 for one that is not of this domain. */
int mw_link_error_exit_status (const GError *error);

typedef struct mw_link mw_link;

/* Told in words what is being done while a link opens: "dialling". */
typedef void (*mw_link_watch) (gpointer data, const char *step);

typedef struct mw_link_class {
  const char *scheme; /* "serial", "tcp", …; of a filter its name */
  size_t size;        /* of the struct that begins with mw_link */
  gboolean (*open) (mw_link *l, const MwUri *uri, GCancellable *cancel, GError **error);
  /* Bytes read; 0: nothing came in TIMEOUT_MS; -1: error. */
  gssize (*read) (mw_link *l, void *buf, size_t cap, guint timeout_ms, GCancellable *cancel,
                  GError **error);
  /* All of it, or an error. */
  gboolean (*write) (mw_link *l, const void *data, size_t len, GCancellable *cancel,
                     GError **error);
  gboolean (*set_line) (mw_link *l, const mw_line *line, GError **error); /* NULL: no line */
  void (*discard) (mw_link *l); /* forget what came in and was not read; NULL: nothing held */
  void (*note) (mw_link *l, const char *text); /* NULL: nobody writes it down */
  void (*hide) (mw_link *l, const void *secret, size_t len);
  /* Would these be taken as the next that are sent?  NULL: anything would. */
  gboolean (*expects) (mw_link *l, const void *data, size_t len);
  void (*close) (mw_link *l);
} mw_link_class;

typedef void (*mw_link_observer) (gpointer data, char direction, const void *bytes, size_t len,
                                  gint64 time_us);

struct mw_link {
  const mw_link_class *klass;
  mw_link *below;      /* of a filter; owned */
  mw_line line;        /* last set; baud 0: none */
  mw_link_watch watch; /* while it opens; NULL: nobody */
  gpointer watch_data;
};

/* Open what URI names, with the filters that it needs.  NULL and an error, or the caller's. */
mw_link *mw_link_open (const MwUri *uri, GCancellable *cancel, GError **error);
/* The same, and WATCH is told of steps that take their time. */
mw_link *mw_link_open_watched (const MwUri *uri, mw_link_watch watch, gpointer data,
                               GCancellable *cancel, GError **error);
/* As mw_link_open of mw_uri_parse. */
mw_link *mw_link_open_uri (const char *uri, GCancellable *cancel, GError **error);
/* Close and free, all the filters above and the links below. NULL is allowed. */
void mw_link_free (mw_link *l);

/* Wait at most TIMEOUT_MS for bytes (0: take what is there).  Returns how many, 0 when none
 * came, -1 on error.  A cancel is seen within 50 ms. */
gssize mw_link_read (mw_link *l, void *buf, size_t cap, guint timeout_ms, GCancellable *cancel,
                     GError **error);
gboolean
mw_link_write (mw_link *l, const void *data, size_t len, GCancellable *cancel, GError **error);
gboolean mw_link_set_line (mw_link *l, const mw_line *line, GError **error);
void mw_link_discard (mw_link *l);
/* Is there an asynchronous line, whose speed an IEC opening must change? */
gboolean mw_link_has_line (const mw_link *l);

/* Filters: each takes BELOW over and gives the link to be used instead. */
mw_link *mw_link_add_parity (mw_link *below);
mw_link *mw_link_add_echo (mw_link *below, MwEcho echo);
/* Record to FILE (NULL: no file) and call OBSERVER (NULL: nobody) in the thread that reads and
 * writes.  TITLE (the URI) stands in the file's head; NULL goes on with a file that is there.
 * On error BELOW stays the caller's. */
mw_link *mw_link_add_trace (mw_link *below, const char *file, const char *title,
                            mw_link_observer observer, gpointer data, GError **error);
/* Of the LEN bytes of SECRET (a password in the clear; at least 4, else nothing is done) the
 * trace and its observer get to see "**" and '*' only, from now on. */
void mw_link_hide (mw_link *l, const void *secret, size_t len);
/* May LEN bytes of DATA be sent next?  A recording takes its own alone, every other link
 * whatever it is given. */
gboolean mw_link_expects (mw_link *l, const void *data, size_t len);
/* A line of text in the trace's file ("# associated"), so that a reader finds his way. */
void mw_link_note (mw_link *l, const char *text);

/* For links that cannot be built in here (the reference meter has a library of its own):
 * registered at program start, before any thread opens a link. */
void mw_link_register (MwScheme scheme, const mw_link_class *klass);

/* Used by the implementations. */
mw_link *mw_link_new (const mw_link_class *klass, mw_link *below);
gboolean mw_link_cancelled (GCancellable *cancel, GError **error);
/* serial.c's or pty.c's, as DEVICE needs it. */
const mw_link_class *mw_device_link_class (const char *device);
extern const mw_link_class mw_serial_link_class, mw_pty_link_class, mw_tcp_link_class,
    mw_gsm_link_class, mw_replay_link_class;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (mw_link, mw_link_free)

G_END_DECLS

#endif
