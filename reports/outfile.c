/* outfile.c: a file that appears whole or not at all; see outfile.h. */
#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct _MwOutfile {
  char *path;      /* as given */
  char *target;    /* what is renamed over: PATH with its symbolic links followed */
  char *temporary; /* NULL: written straight */
  int fd;
  GOutputStream *stream;
};

static void
set_error (const MwOutfile *file, int number, GError **error)
{
  const char *next =
      number == ENOSPC || number == EDQUOT ? "The disk is full: free some space and try again."
      : number == EACCES || number == EPERM || number == EROFS
          ? "You may not write there: choose another folder."
      : number == ENOENT || number == ENOTDIR ? "The folder does not exist: choose another one."
                                              : "Choose another place and try again.";

  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (number),
               "%s could not be written (%s). %s", file->path, g_strerror (number), next);
}

static void
outfile_free (MwOutfile *file)
{
  g_clear_object (&file->stream);
  if (file->fd >= 0)
    close (file->fd);
  if (file->temporary)
    g_unlink (file->temporary);
  g_free (file->temporary);
  g_free (file->target);
  g_free (file->path);
  g_free (file);
}

/* A file that is replaced keeps its mode. */
static gboolean
keep_mode (const MwOutfile *file)
{
  struct stat st;

  return stat (file->target, &st) != 0 || fchmod (file->fd, st.st_mode & 07777) == 0;
}

MwOutfile *
mw_outfile_open (const char *path, GError **error)
{
  MwOutfile *file = g_new0 (MwOutfile, 1);
  struct stat st;
  gboolean straight = stat (path, &st) == 0 && !S_ISREG (st.st_mode);
  g_autofree char *resolved = realpath (path, NULL);

  file->path = g_strdup (path);
  file->target = g_strdup (resolved ? resolved : path);
  if (straight) {
    file->fd = open (path, O_WRONLY | O_CLOEXEC);
  } else {
    g_autofree char *folder = g_path_get_dirname (file->target);
    g_autofree char *base = g_path_get_basename (file->target);
    file->temporary = g_strdup_printf ("%s/.%s.XXXXXX", folder, base);
    file->fd = g_mkstemp_full (file->temporary, O_WRONLY | O_CLOEXEC, 0666);
    if (file->fd < 0)
      g_clear_pointer (&file->temporary, g_free);
  }
  if (file->fd >= 0)
    return file;
  set_error (file, errno, error);
  outfile_free (file);
  return NULL;
}

gboolean
mw_outfile_write (MwOutfile *file, const void *data, gsize len, GError **error)
{
  const char *at = data;

  while (len > 0) {
    gssize n = write (file->fd, at, len);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      set_error (file, errno, error);
      return FALSE;
    }
    at += n;
    len -= (gsize) n;
  }
  return TRUE;
}

gboolean
mw_outfile_commit (MwOutfile *file, GError **error)
{
  gboolean ok = TRUE;

  if (file->temporary) {
    ok = keep_mode (file) && fsync (file->fd) == 0
         && g_rename (file->temporary, file->target) == 0;
    if (ok)
      g_clear_pointer (&file->temporary, g_free);
  }
  if (!ok)
    set_error (file, errno, error);
  outfile_free (file);
  return ok;
}

void
mw_outfile_discard (MwOutfile *file)
{
  if (file)
    outfile_free (file);
}

/* ---- a stream over it ---- */

#define MW_TYPE_OUTFILE_STREAM (mw_outfile_stream_get_type ())
G_DECLARE_FINAL_TYPE (MwOutfileStream, mw_outfile_stream, MW, OUTFILE_STREAM, GOutputStream)

struct _MwOutfileStream {
  GOutputStream parent;
  MwOutfile *file; /* who owns the stream */
};

G_DEFINE_FINAL_TYPE (MwOutfileStream, mw_outfile_stream, G_TYPE_OUTPUT_STREAM)

static gssize
stream_write (GOutputStream *stream, const void *data, gsize len, GCancellable *cancellable,
              GError **error)
{
  MwOutfileStream *self = MW_OUTFILE_STREAM (stream);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;
  return mw_outfile_write (self->file, data, len, error) ? (gssize) len : -1;
}

static void
mw_outfile_stream_class_init (MwOutfileStreamClass *klass)
{
  G_OUTPUT_STREAM_CLASS (klass)->write_fn = stream_write;
}

static void
mw_outfile_stream_init (MwOutfileStream *self)
{
}

GOutputStream *
mw_outfile_get_stream (MwOutfile *file)
{
  if (!file->stream) {
    file->stream = g_object_new (MW_TYPE_OUTFILE_STREAM, NULL);
    MW_OUTFILE_STREAM (file->stream)->file = file;
  }
  return file->stream;
}
