/* sample.h: records that the tests of db/ and reports/ keep, print and compare. */
#ifndef MW_SAMPLE_H
#define MW_SAMPLE_H

#include "store.h"

/* A reference meter MT381-D1 with SERIAL, not stored yet. */
MwMeterInfo *sample_meter (const char *serial);
/* Readings of every kind. */
MwReadout *sample_readout (MwMeterInfo *meter);
/* N rows of a load profile of four energies that count up, 15 minutes apart from FROM. */
MwSeries *sample_profile (MwMeterInfo *meter, gint64 from, guint n_rows);
/* N events of a log: codes 1, 2, 3, … a minute apart from FROM. */
MwSeries *sample_events (MwMeterInfo *meter, gint64 from, guint n_rows);
/* Every field of every row is the same in both. */
void sample_assert_same_rows (const MwSeries *a, const MwSeries *b);
/* A folder for one test, removed with all in it by sample_remove. */
char *sample_folder (void);
void sample_remove (const char *folder);

#endif
