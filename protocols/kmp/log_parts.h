/* log_parts.h: what log.c and log_write.c share. */
#ifndef MW_KMP_LOG_PARTS_H
#define MW_KMP_LOG_PARTS_H

#include "kmp/log.h"

/* B8: no register steps by itself. */
#define MW_KMP_NO_INTERVAL 0xffffu

/* MW_KMP_INFO_ flags as A0 to A3 (one octet) or B8 (two) have them. */
uint16_t mw_kmp_info_to_wire (bool wide, uint16_t info);
/* Is F written so that a difference can be added to it? */
bool mw_kmp_log_counts (const mw_kmp_log_format *f);
/* F becomes how V is written and what it says. */
void mw_kmp_log_keep (mw_kmp_log_format *f, const mw_kmp_value *v);

#endif
