/* iec-family.h: the readings of an IEC 62056-21 data readout. */
#ifndef MW_IEC_FAMILY_H
#define MW_IEC_FAMILY_H

#include "meter/meter-private.h"

/* The data sets of self->iec->telegram as MwReading; NULL with ERROR when they are none. */
GPtrArray *mw_iec_readings (MwMeter *self, GError **error);
/* "1.8.0" as "1-0:1.8.0.255"; what is no OBIS address as "iec:…". Free with g_free. */
char *mw_iec_dup_obis (mw_span address);

#endif
