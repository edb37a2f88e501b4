/* plan.h: what a plan of each kind holds.
 *
 * A plan is a value: one struct without pointers or padding, all zero where nothing is used, so
 * that two plans are equal when their octets are, a snapshot for undo is an assignment, and
 * nothing has to be freed but what mw_plan_new gave.  Whoever shortens a list clears what is
 * behind its end (mw_plan_tidy does it for a whole plan).
 *
 *   tariff plan     162/382 before generation L, 351B: 25 years, 15 minutes
 *                   (METERTOOL manual 3.5.6)
 *   period plan     162/382 of generation L: tariff, load control 1 and 2 (METERTOOL
 * manual 3.5.8) calendar plan   OMNIPOWER: three tariff plans, seasons, load control that may
 * follow (OMNIPOWER technical description 4.3.3, 4.4.6.3, 4.10.4) activity plan   activity
 * calendar, special days and scripts of the COSEM meters (Mx381 manual 5.4; Blue Book classes
 * 20, 11, 9) DST plan        when the meter's clock goes forward and back (METERTOOL
 * manual 3.5.3; OMNIPOWER technical description 4.3.3; Mx381 manual 5.3.3)
 *
 * Days are numbers, days since 1970-01-01 (day.h); minutes are of the meter's own clock, which
 * has daylight saving when its DST plan says so.  Threads: a plan belongs to one at a time.
 */
#ifndef MW_PLAN_H
#define MW_PLAN_H

#include <glib.h>

#include "day.h"

G_BEGIN_DECLS

typedef enum {
  MW_PLAN_TARIFF,
  MW_PLAN_PERIOD,
  MW_PLAN_CALENDAR,
  MW_PLAN_ACTIVITY,
  MW_PLAN_DST,
  MW_N_PLAN_KINDS,
} MwPlanKind;

/* "tariff", "period", "calendar", "activity", "dst": the names in files and of the command
 * line.
 */
const char *mw_plan_kind_name (MwPlanKind kind);
gboolean mw_plan_kind_parse (const char *name, MwPlanKind *kind);

#define MW_PLAN_TARIFFS 8
#define MW_MINUTES_PER_DAY 1440
#define MW_PLAN_STEPS 16

/* From MINUTE of the day on, VALUE holds: a tariff 1 … 8, or 0 / 1 for a relay. */
typedef struct {
  guint16 minute;
  guint16 value;
} MwPlanStep;

/* The changes of a day in rising order.  Before the first one what held the day before goes on;
 * a day without changes changes nothing. */
typedef struct {
  guint16 n;
  MwPlanStep step[MW_PLAN_STEPS];
} MwPlanProgram;

/* ---- tariff plan ---- */

#define MW_TARIFF_PLAN_YEARS 25
#define MW_TARIFF_PLAN_SLOTS 96

typedef enum { MW_SEASON_WINTER, MW_SEASON_SUMMER, MW_N_TARIFF_SEASONS } MwTariffSeason;
typedef enum { MW_DAY_WEEKDAY, MW_DAY_SATURDAY, MW_DAY_HOLIDAY, MW_N_TARIFF_DAYS } MwTariffDay;

/* A bit for each day of a year, 0: 1 January. */
typedef struct {
  guint8 bits[46];
} MwYearDays;

typedef struct {
  guint16 first_year;
  guint16 years; /* 1 … MW_TARIFF_PLAN_YEARS */
  MwYearDays summer[MW_TARIFF_PLAN_YEARS];
  MwYearDays holiday[MW_TARIFF_PLAN_YEARS]; /* Sundays are holidays by themselves */
  guint8 tariff[MW_N_TARIFF_SEASONS][MW_N_TARIFF_DAYS][MW_TARIFF_PLAN_SLOTS]; /* 1 … 8 */
} MwTariffPlan;

/* ---- period plan ---- */

#define MW_PERIOD_CHANGES 8
#define MW_EXCEPTION_DAYS 250

/* A day of every year. */
typedef struct {
  guint8 month, day;
} MwMonthDay;

typedef enum { MW_PERIOD_A, MW_PERIOD_B, MW_N_PERIODS } MwPeriod;
typedef enum { MW_DAY_WORKING, MW_DAY_NON_WORKING, MW_N_PERIOD_DAYS } MwPeriodDay;
typedef enum {
  MW_CONTROL_TARIFF,
  MW_CONTROL_LOAD_1,
  MW_CONTROL_LOAD_2,
  MW_N_CONTROLS
} MwControl;

/* Days of their own dates in rising order. */
typedef struct {
  guint32 n;
  MwDay day[MW_EXCEPTION_DAYS];
} MwDayList;

typedef struct {
  gboolean used;           /* FALSE: this output is not controlled by a plan */
  gboolean non_working[7]; /* Monday … Sunday */
  MwMonthDay start[MW_N_PERIODS];
  MwPlanProgram program[MW_N_PERIODS][MW_N_PERIOD_DAYS]; /* up to MW_PERIOD_CHANGES */
  MwDayList exceptions;                                  /* non-working days */
} MwPeriodControl;

typedef struct {
  MwPeriodControl control[MW_N_CONTROLS];
} MwPeriodPlan;

/* ---- calendar plan ---- */

#define MW_CALENDAR_PLANS 3
#define MW_CALENDAR_SEASONS 4
#define MW_CALENDAR_SHIFTS 8
#define MW_CALENDAR_CHANGES 10
#define MW_CALENDAR_EXCEPTIONS 200
#define MW_CALENDAR_YEARS 20 /* ahead, of exception days */
#define MW_CALENDAR_LOADS 2

typedef enum {
  MW_CAL_WORKING,
  MW_CAL_NON_WORKING,
  MW_CAL_HOLIDAY,
  MW_N_CAL_DAYS,
} MwCalendarDay;

typedef struct {
  guint16 week[7]; /* MwCalendarDay of Monday … Sunday */
  MwPlanProgram program[MW_N_CAL_DAYS];
} MwCalendarSeason;

/* From this day of every year on. */
typedef struct {
  MwMonthDay from;
  guint8 season; /* 0 … seasons - 1 */
} MwSeasonShift;

typedef struct {
  guint16 seasons; /* 1 … MW_CALENDAR_SEASONS; 0: this plan is not used */
  guint16 shifts;  /* in rising order; 0: season 0 all year */
  MwCalendarSeason season[MW_CALENDAR_SEASONS];
  MwSeasonShift shift[MW_CALENDAR_SHIFTS];
} MwCalendarTrack;

typedef enum { MW_LOAD_NONE, MW_LOAD_OWN, MW_LOAD_FOLLOW } MwLoadMode;

typedef struct {
  MwLoadMode mode;
  MwCalendarTrack track; /* MW_LOAD_OWN: values 0 and 1 */
  guint32 on_tariffs;    /* MW_LOAD_FOLLOW: bit t-1: on while tariff t holds */
} MwCalendarLoad;

typedef struct {
  MwCalendarTrack plan[MW_CALENDAR_PLANS];
  guint32 selected; /* the plan that is followed */
  MwCalendarLoad load[MW_CALENDAR_LOADS];
  MwDayList exceptions; /* holidays, up to MW_CALENDAR_EXCEPTIONS */
} MwCalendarPlan;

/* ---- activity plan ---- */

#define MW_ACTIVITY_SEASONS 12
#define MW_ACTIVITY_WEEKS 12
#define MW_ACTIVITY_DAYS 12
#define MW_ACTIVITY_ACTIONS 16
#define MW_ACTIVITY_SPECIALS 64
#define MW_ACTIVITY_SCRIPTS 24
#define MW_ACTIVITY_SCRIPT_ACTIONS 4

/* An octet-string; most meters have one to eight letters. */
#define MW_PLAN_NAME 8
typedef struct {
  guint8 len;
  guint8 octets[MW_PLAN_NAME];
  guint8 reserved; /* 0 */
} MwPlanName;

#define MW_PLAN_ANY_YEAR 0xffff
#define MW_PLAN_ANY 0xff
#define MW_PLAN_LAST 0xfe /* day of month */
#define MW_PLAN_SECOND_LAST 0xfd

/* A date of the Blue Book, 4.1.6.1: parts that are not specified match any. */
typedef struct {
  guint16 year;
  guint8 month;
  guint8 day;
  guint8 weekday;  /* 1 Monday … 7 Sunday */
  guint8 reserved; /* 0 */
} MwPlanDate;

typedef struct {
  MwPlanName name;
  MwPlanDate start;
  guint16 minute; /* of that day */
  MwPlanName week;
} MwActivitySeason;

typedef struct {
  MwPlanName name;
  guint8 day[7]; /* id of a day profile, Monday … Sunday */
} MwActivityWeek;

/* A day profile: the value of a step is the number of a script. */
typedef struct {
  guint16 id;
  MwPlanProgram program;
} MwActivityDay;

typedef struct {
  guint16 index;
  MwPlanDate date;
  guint16 day_id;
} MwActivitySpecial;

typedef enum {
  MW_SCRIPT_NOTHING,
  MW_SCRIPT_ENERGY_TARIFF, /* value: tariff 1 … 8 */
  MW_SCRIPT_DEMAND_TARIFF,
  MW_SCRIPT_RELAY,   /* value: 0 off, 1 on */
  MW_SCRIPT_SERVICE, /* the service output */
  MW_N_SCRIPT_KINDS,
} MwScriptKind;

typedef struct {
  guint8 kind; /* MwScriptKind */
  guint8 value;
} MwScriptAction;

typedef struct {
  guint16 id;
  guint16 n;
  MwScriptAction action[MW_ACTIVITY_SCRIPT_ACTIONS];
} MwActivityScript;

typedef struct {
  gint64 activation; /* seconds of the meter's clock since 1970-01-01, 0: never */
  gboolean at_once;  /* instead: the passive calendar becomes active when it is written */
  guint16 seasons, weeks, days, specials, scripts;
  MwPlanName name;
  MwActivitySeason season[MW_ACTIVITY_SEASONS];
  MwActivityWeek week[MW_ACTIVITY_WEEKS];
  MwActivityDay day[MW_ACTIVITY_DAYS];
  MwActivitySpecial special[MW_ACTIVITY_SPECIALS];
  MwActivityScript script[MW_ACTIVITY_SCRIPTS];
} MwActivityPlan;

/* ---- DST plan ---- */

#define MW_DST_YEARS 20

typedef enum { MW_DST_NONE, MW_DST_EU, MW_DST_RULE, MW_DST_LIST } MwDstMode;

/* "The last Sunday of March at 02:00": WEEK 1 … 4 from the front, 5 the last; WEEKDAY 0: DAY of
 * the month.  The time is that of the clock before it is moved. */
typedef struct {
  guint8 month;
  guint8 week;
  guint8 weekday; /* 1 … 7, or 0 */
  guint8 day;
  guint16 minute;
} MwDstRule;

typedef struct {
  MwDay day;
  guint32 minute; /* of the clock before it is moved */
} MwDstMoment;

typedef struct {
  MwDstMode mode;
  gint16 shift;                    /* minutes, 60; of MW_DST_EU always 60 */
  MwDstRule begin, end;            /* MW_DST_RULE */
  guint16 years;                   /* MW_DST_LIST */
  MwDstMoment from[MW_DST_YEARS];  /* in rising order */
  MwDstMoment until[MW_DST_YEARS]; /* after from[i] and before from[i + 1] */
} MwDstPlan;

/* ---- a plan ---- */

#define MW_PLAN_TITLE 64

typedef struct {
  MwPlanKind kind;
  char title[MW_PLAN_TITLE]; /* UTF-8, what the user calls it */
  union {
    MwTariffPlan tariff;
    MwPeriodPlan period;
    MwCalendarPlan calendar;
    MwActivityPlan activity;
    MwDstPlan dst;
  } u;
} MwPlan;

/* A plan of KIND that a person can begin with and that passes the checks: tariff 1 all day;
 * a tariff plan begins with FIRST_YEAR. */
MwPlan *mw_plan_new (MwPlanKind kind, int first_year);
MwPlan *mw_plan_copy (const MwPlan *plan);
void mw_plan_free (MwPlan *plan);
/* The same content, whatever their titles. */
gboolean mw_plan_equal (const MwPlan *a, const MwPlan *b);
/* Sort what has an order, drop what is twice, clear what is behind the end of lists. */
void mw_plan_tidy (MwPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwPlan, mw_plan_free)

/* Parts. */
gboolean mw_year_days_get (const MwYearDays *days, int day_of_year);
void mw_year_days_set (MwYearDays *days, int day_of_year, gboolean on);
/* What PROGRAM has reached at MINUTE; -1: nothing yet that day. */
int mw_plan_program_at (const MwPlanProgram *program, int minute);
/* From MINUTE on VALUE; FALSE when MAX changes are there already. */
gboolean mw_plan_program_put (MwPlanProgram *program, int minute, int value, int max);
gboolean mw_day_list_has (const MwDayList *list, MwDay day);
/* FALSE when MAX days are there already. */
gboolean mw_day_list_add (MwDayList *list, MwDay day, int max);
void mw_day_list_remove (MwDayList *list, MwDay day);
gboolean mw_plan_date_matches (const MwPlanDate *date, MwDay day);
/* The same, for many dates on one day. */
typedef struct {
  int year, month, dom, weekday, days; /* of its month */
} MwSplitDay;
MwSplitDay mw_plan_split (MwDay day);
gboolean mw_plan_date_matches_split (const MwPlanDate *date, const MwSplitDay *day);
gboolean mw_plan_name_equal (const MwPlanName *a, const MwPlanName *b);
MwPlanName mw_plan_name (const char *text);

G_END_DECLS

#endif
