/* dialogs.h: file choosers and message dialogs, all of them: newer GTK has others. */
#ifndef MW_DIALOGS_H
#define MW_DIALOGS_H

#include <adwaita.h>

G_BEGIN_DECLS

/* FILE is owned by the caller of this; not called when the person cancels. */
typedef void (*MwDialogFileFunc) (GFile *file, gpointer data);
/* DATA is destroyed in any case. */
void mw_dialogs_save_file (GtkWidget *parent, const char *title, const char *name,
                           MwDialogFileFunc func, gpointer data, GDestroyNotify destroy);

/* A file that exists; files named PATTERN are offered first. */
void mw_dialogs_open_file (GtkWidget *parent, const char *title, const char *kind,
                           const char *pattern, MwDialogFileFunc func, gpointer data,
                           GDestroyNotify destroy);

typedef void (*MwDialogTextFunc) (const char *text, gpointer data);
/* A line of text; the button is named ACCEPT. */
void mw_dialogs_ask_text (GtkWidget *parent, const char *title, const char *body,
                          const char *label, const char *text, const char *accept,
                          MwDialogTextFunc func, gpointer data, GDestroyNotify destroy);

/* The same without showing what is typed. */
void mw_dialogs_ask_password (GtkWidget *parent, const char *title, const char *body,
                              const char *accept, MwDialogTextFunc func, gpointer data,
                              GDestroyNotify destroy);

/* What the page is for and its keys. */
void mw_dialogs_explain (GtkWidget *parent, const char *title, const char *purpose,
                         const char *keys);
void mw_dialogs_about (GtkWindow *parent);

G_END_DECLS

#endif
