/* day-steps.h: what a plan changes on one day of its clock; between the kinds of plan and the
 * simulation. */
#ifndef MW_PLAN_DAY_STEPS_H
#define MW_PLAN_DAY_STEPS_H

#include "plan.h"

G_BEGIN_DECLS

typedef enum {
  MW_TRACK_TARIFF,
  MW_TRACK_DEMAND,
  MW_TRACK_OUTPUT_1,
  MW_TRACK_OUTPUT_2,
  MW_TRACK_SEASON,
  MW_TRACK_DAY_KIND,
  MW_TRACK_DAY_ID,
  MW_N_TRACKS,
} MwTrack;

/* From MINUTE on TRACK has VALUE. */
typedef struct {
  guint16 minute;
  guint8 track;
  guint16 value;
} MwTrackStep;

#define MW_DAY_STEPS 512
#define MW_SEASON_STARTS 1024

/* When the seasons of an activity plan begin in one year, in rising order; kept, for every day
 * of that year asks. */
typedef struct {
  const MwPlan *plan; /* of which they are; NULL: none yet */
  int year;
  int before; /* the season that holds when the year begins, -1: none */
  guint n;
  struct {
    gint64 minute; /* since 1970 */
    int season;
  } at[MW_SEASON_STARTS];
} MwSeasonStarts;

/* Zero it before its first use. It must not outlive the plan, nor the plan change meanwhile. */
typedef struct {
  guint n;
  MwTrackStep step[MW_DAY_STEPS];
  MwSeasonStarts starts;
} MwDaySteps;

/* Bits of the tracks that PLAN says anything of. */
guint mw_plan_tracks (const MwPlan *plan);
/* The steps of DAY in rising order of their minutes. */
void mw_plan_day_steps (const MwPlan *plan, MwDay day, MwDaySteps *out);

G_END_DECLS

#endif
