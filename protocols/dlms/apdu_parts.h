/* apdu_parts.h: what the APDUs of GET, SET and ACTION share; private to the apdu_ files. */
#ifndef MW_APDU_PARTS_H
#define MW_APDU_PARTS_H

#include "dlms/apdu.h"

/* DataBlock-SA (Green Book 9.5): last-block, block-number, raw-data. */
void apdu_block_get (mw_cur *c, mw_apdu *a);
void apdu_block_put (mw_wr *w, const mw_apdu *a);
/* A list of what ONE reads: its number to a->count, its octets to *LIST. */
void apdu_list_get (mw_cur *c, mw_apdu *a, void (*one) (mw_cur *c), mw_span *list);
void apdu_list_put (mw_wr *w, uint32_t count, mw_span list);
/* SEQUENCE OF Data, as many as the descriptors before it. */
void apdu_values_get (mw_cur *c, mw_apdu *a);
/* Get-Data-Result: data [0] or data-access-result [1]. */
void apdu_result_get (mw_cur *c, bool *has_data, mw_span *data, uint8_t *result);
void apdu_result_put (mw_wr *w, bool has_data, mw_span data, uint8_t result);
/* OPTIONAL in A-XDR: 00h absent, 01h present (IEC 61334-6 6.10); other octets fail. */
bool apdu_optional (mw_cur *c);

#endif
