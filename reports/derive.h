/* derive.h: what a column of a logger means per interval: energy, power, or the register
 * itself.
 *
 * A load profile holds registers that count up (OBIS value group D = 8), energies of the
 * interval (D = 29), or average powers (D = 4, 5, 24, 25, 27, 28).  A track is one column
 * turned into one quantity, exact as integers of one exponent and unit, in order of time;
 * floating point begins in the chart.
 *
 * Counting registers: the value of an interval is the difference to the row one capture period
 * before; many equal steps in a row show what the period was before somebody changed it.
 * Where that row is missing there is no value (a gap is never spread over).  A register that
 * passes its last digit goes on at zero (10^n or 2^32 is recognised when the
 * difference then is as small as its neighbours); one that falls back otherwise was reset: no
 * value, and the point is marked.  After the clock was set back there are two rows of one time:
 * each row's difference is taken to the row that the meter captured before it.
 */
#ifndef MW_DERIVE_H
#define MW_DERIVE_H

#include "records.h"

G_BEGIN_DECLS

typedef enum {
  MW_QUANTITY_REGISTER, /* as the meter keeps it: 1234.56 kWh, 231.2 V */
  MW_QUANTITY_ENERGY,   /* per interval: 0.31 kWh */
  MW_QUANTITY_POWER,    /* average of the interval: 1.24 kW */
} MwQuantity;

typedef enum {
  MW_POINT_NULL = 1 << 0,     /* no value */
  MW_POINT_DOUBTFUL = 1 << 1, /* a status bit of the mask was set, or the register fell back */
  MW_POINT_GAP = 1 << 2,      /* rows are missing before this one */
} MwPointFlags;

/* Points in order of time. A point stands for the time from FROM to TO; a register's has
 * FROM == TO. */
typedef struct {
  guint n;
  gint64 *from;
  gint64 *to;
  gint64 *value; /* mantissa */
  guint8 *flags; /* MwPointFlags */
  guint32 *row;  /* of the series */
  gint8 exponent;
  guint8 unit;
} MwTrack;

/* Can COLUMN of SERIES be shown as QUANTITY? */
gboolean mw_series_has_quantity (const MwSeries *series, guint column, MwQuantity quantity);
/* NULL when it has no such quantity.  DOUBTFUL_MASK: status bits that make a row doubtful
 * (mw_store_get_doubtful_mask). */
MwTrack *
mw_track_new (const MwSeries *series, guint column, MwQuantity quantity, guint32 doubtful_mask);
void mw_track_free (MwTrack *track);
static inline mw_decimal
mw_track_value (const MwTrack *track, guint i)
{
  return mw_decimal_of (track->value[i], track->exponent, track->unit);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwTrack, mw_track_free)

G_END_DECLS

#endif
