#include "renderer.h"

gboolean
mw_renderer_is_software (const char *dri_folder, const char *drm_folder)
{
  static const char *const empty_drivers[] = {
    "vgem", "vkms", "bochs-drm", "cirrus", "simple-framebuffer", NULL
  };
  g_autoptr (GDir) dir = g_dir_open (dri_folder, 0, NULL);
  const char *name;
  while (dir && (name = g_dir_read_name (dir))) {
    if (!g_str_has_prefix (name, "renderD"))
      continue;
    g_autofree char *link = g_build_filename (drm_folder, name, "device", "driver", NULL);
    g_autofree char *target = g_file_read_link (link, NULL);
    g_autofree char *driver = target ? g_path_get_basename (target) : NULL;
    if (!driver || !g_strv_contains (empty_drivers, driver))
      return FALSE;
  }
  return TRUE;
}

void
mw_renderer_choose (void)
{
  if (g_getenv ("GSK_RENDERER"))
    return;
#ifdef G_OS_UNIX
  if (g_getenv ("LIBGL_ALWAYS_SOFTWARE")
      || mw_renderer_is_software ("/dev/dri", "/sys/class/drm"))
    g_setenv ("GSK_RENDERER", "cairo", FALSE);
#endif
}
