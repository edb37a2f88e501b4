/* mw_kqual_def.h: settings and values of voltage quality, analysis, neutral fault, disconnection
 * and prepayment; rows as in mw_kvalues_def.h. */
#ifndef MW_KQUAL_DEF_H
#define MW_KQUAL_DEF_H

/* clang-format off */
#define MW_KQUAL_SETTINGS(ROW)

#define MW_KQUAL_VALUES(ROW)
/* clang-format on */

#endif
