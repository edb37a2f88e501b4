/* appearance.h: style, text size and language as the person wishes them.  Style and size take
 * effect at once, the language when the program starts. */
#ifndef MW_APPEARANCE_H
#define MW_APPEARANCE_H

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* "system", "light", "dark". */
void mw_appearance_set_style (const char *style);
/* Percent of the size that the system has: 100 to 200. */
void mw_appearance_set_text_size (int percent);
/* The size that was set last, 100 when none was. */
int mw_appearance_get_text_size (void);

/* PIXELS for text of the size that is set. */
int mw_appearance_scale (int pixels);
/* Widths of VIEW's columns and the position of PANED are meant for text of the usual size: they
 * follow it from now on. */
void mw_appearance_fit_columns (GtkColumnView *view);
void mw_appearance_fit_paned (GtkPaned *paned);

/* A language that the window speaks wholly. */
typedef struct {
  const char *id;   /* "" as the system has it, else for gettext: "de" */
  const char *name; /* in the language itself; the first is to be translated */
} MwLanguage;

/* Ended by a row with a NULL id. */
extern const MwLanguage mw_languages[];
/* Before anything is translated: the locale of the environment, the language that was chosen
 * (ID, NULL or "": that of the environment), and where the translations are: FOLDER. */
void mw_language_choose (const char *id, const char *domain, const char *folder);
/* The folder of the translations: beside the program when it stands in its build folder, else
 * INSTALLED.  Free with g_free. */
char *mw_language_dup_folder (const char *program, const char *installed);

G_END_DECLS

#endif
