/* encode-icons FOLDER SVG…: FOLDER/NAME-SIZE.png of each symbolic icon, in the sizes that the
 * window shows first.  GTK takes such a picture as it is, and only for other sizes and finer
 * screens loads librsvg to draw the icon: that costs the first frame of the window dearly.
 *
 * The form is that of gtk4-encode-symbolic-svg for icons of one colour: opacity in alpha, and
 * no red, green and blue, which would mean success, warning and error. */
#include <gdk-pixbuf/gdk-pixbuf.h>

static const int sizes[] = { 16, 96 }; /* in a row or button; in the page of an empty state */

static void
keep_opacity_only (GdkPixbuf *picture)
{
  guchar *pixels = gdk_pixbuf_get_pixels (picture);
  int stride = gdk_pixbuf_get_rowstride (picture);
  for (int y = 0; y < gdk_pixbuf_get_height (picture); y++)
    for (int x = 0; x < gdk_pixbuf_get_width (picture); x++) {
      guchar *pixel = pixels + y * stride + 4 * x;
      pixel[0] = pixel[1] = pixel[2] = 0;
    }
}

static gboolean
encode (const char *folder, const char *svg, int size, GError **error)
{
  g_autoptr (GdkPixbuf) picture =
      gdk_pixbuf_new_from_file_at_scale (svg, size, size, TRUE, error);
  if (!picture)
    return FALSE;
  if (!gdk_pixbuf_get_has_alpha (picture)) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "no transparency");
    return FALSE;
  }
  g_autofree char *base = g_path_get_basename (svg);
  g_autofree char *name =
      g_strdup_printf ("%.*s-%d.png", (int) (strlen (base) - strlen (".svg")), base, size);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  keep_opacity_only (picture);
  return gdk_pixbuf_save (picture, path, "png", error, NULL);
}

int
main (int argc, char **argv)
{
  for (int i = 2; i < argc; i++)
    for (gsize k = 0; k < G_N_ELEMENTS (sizes); k++) {
      g_autoptr (GError) error = NULL;
      if (!encode (argv[1], argv[i], sizes[k], &error)) {
        g_printerr ("%s: %s\n", argv[i], error->message);
        return 1;
      }
    }
  return argc > 2 ? 0 : 1;
}
