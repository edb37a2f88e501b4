/* renderer.h: which GSK renderer suits this machine. */
#ifndef MW_RENDERER_H
#define MW_RENDERER_H

#include <glib.h>

G_BEGIN_DECLS

/* Before GTK starts: cairo where only a software OpenGL would draw (twice as fast to the first
 * frame there, and far less memory).  A GSK_RENDERER that the user has set is left alone. */
void mw_renderer_choose (void);
/* Is there no graphics processor below DRI_FOLDER ("/dev/dri") and DRM_FOLDER
 * ("/sys/class/drm")?
 */
gboolean mw_renderer_is_software (const char *dri_folder, const char *drm_folder);

G_END_DECLS

#endif
