/* kdisplay.h: the display: four lists of readings (OMNIPOWER technical
 * description 4.2.1, 4.6.2, Table 31; METERTOOL manual 3.4.2, 3.5.2).
 *
 * By itself the display shows the list that DISPLAY_MODE chooses: the automatic or the backup
 * list, which shift every 10 s, or the manual list, which stays where the button left it.  A
 * push of the left button walks through the manual list, one of the right button through the
 * utility list; two minutes after the last push the display is by itself again.  In
 * verification mode the chosen registers alone are shown, and a push is for the next of them.
 */
#ifndef MW_CORE_KDISPLAY_H
#define MW_CORE_KDISPLAY_H

#include "core/kamstrup/kvalue.h"

enum mw_klist {
  MW_KLIST_AUTO,
  MW_KLIST_MANUAL,
  MW_KLIST_UTILITY,
  MW_KLIST_BACKUP,
  MW_N_KLISTS
};
#define MW_KLIST_MAX 30

typedef struct mw_kdisplay_setup {
  uint16_t list[MW_N_KLISTS][MW_KLIST_MAX]; /* value numbers */
  uint8_t n[MW_N_KLISTS];
} mw_kdisplay_setup;

typedef struct mw_kdisplay {
  uint8_t list;    /* enum mw_klist */
  uint8_t at;      /* of a list that is walked through */
  uint8_t manual;  /* where the manual list was left */
  bool is_pushed;  /* … within two minutes, by `pushed` */
  uint32_t pushed; /* m.uptime of the last push */
} mw_kdisplay;

typedef struct mw_kview {
  uint8_t list;
  uint8_t at;
  uint16_t id;    /* enum mw_kvalue_id; MW_KV_NONE: dark or an empty list */
  char value[20]; /* "0001234", "12.345", "2026:03:29" */
  const char *unit;
  uint8_t tariff; /* indicator */
  bool obis;      /* the OBIS code is shown beside the value */
} mw_kview;

void mw_kdisplay_now (const mw_kmeter *k, mw_kview *out);
/* A push of the left (false) or right button. */
void mw_kdisplay_push (mw_kmeter *k, bool right);
/* Show value ID as after a push of the button in whose list it is. MW_ERR_VALUE when it is in
 * none. */
enum mw_err mw_kdisplay_call (mw_kmeter *k, unsigned id);
/* Readings of a list. MW_ERR_SPACE, MW_ERR_VALUE for one that does not exist. */
enum mw_err
mw_kdisplay_set_list (mw_kmeter *k, enum mw_klist list, const uint16_t *id, unsigned n);

/* For the core. */
void mw_kdisplay_defaults (mw_kmeter *k);

#endif
