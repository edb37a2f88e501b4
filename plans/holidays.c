/* holidays.c: a rule per holiday and country.
 *
 * A rule gives a fixed date, a distance from Easter Sunday, or the first weekday from a date
 * on, and the years in which it is in force.  The United Kingdom's days (England and Wales)
 * that fall on a weekend have a substitute day, by the Banking and Financial Dealings Act 1971.
 */
#include "holidays.h"

#include <string.h>

typedef enum {
  FIXED,   /* month, day */
  EASTER,  /* day: days after Easter Sunday */
  WEEKDAY, /* the first `weekday` on or after month, day */
  BANK,    /* month, day, but the next free working day when it is a weekend */
} RuleKind;

typedef struct {
  const char *countries; /* codes with spaces around each */
  RuleKind kind;
  gint8 month;
  gint8 day;
  guint8 weekday;
  guint16 from, until; /* years; 0: no limit */
  const char *name;
} Rule;

static const MwHolidayCountry countries[] = {
  { "AT", "Austria" },        { "BE", "Belgium" },  { "CZ", "Czechia" },
  { "DK", "Denmark" },        { "FI", "Finland" },  { "DE", "Germany" },
  { "NL", "Netherlands" },    { "NO", "Norway" },   { "PL", "Poland" },
  { "SK", "Slovakia" },       { "SI", "Slovenia" }, { "SE", "Sweden" },
  { "GB", "United Kingdom" },
};

/* clang-format off */
static const Rule rules[] = {
  { " AT BE CZ DK FI DE NL NO PL SK SI SE ", FIXED, 1, 1, 0, 0, 0, "New Year's Day" },
  { " SI ",                   FIXED,   1,  2, 0, 1955, 2012, "New Year's Day" },
  { " SI ",                   FIXED,   1,  2, 0, 2017, 0, "New Year's Day" },
  { " AT FI SE SK ",          FIXED,   1,  6, 0, 0, 0, "Epiphany" },
  { " PL ",                   FIXED,   1,  6, 0, 2011, 0, "Epiphany" },
  { " SI ",                   FIXED,   2,  8, 0, 1992, 0, "Prešeren Day" },
  { " DK NO ",                EASTER,  0, -3, 0, 0, 0, "Maundy Thursday" },
  { " DK FI DE NO SK SE GB ", EASTER,  0, -2, 0, 0, 0, "Good Friday" },
  { " CZ ",                   EASTER,  0, -2, 0, 2016, 0, "Good Friday" },
  { " BE DK FI NL NO PL SI SE ", EASTER, 0, 0, 0, 0, 0, "Easter Sunday" },
  { " AT BE CZ DK FI DE NL NO PL SK SI SE GB ", EASTER, 0, 1, 0, 0, 0, "Easter Monday" },
  { " DK ",                   EASTER,  0, 26, 0, 0, 2023, "Great Prayer Day" },
  { " AT BE DK FI DE NL NO SE ", EASTER, 0, 39, 0, 0, 0, "Ascension Day" },
  { " BE DK NL NO PL SI SE FI ", EASTER, 0, 49, 0, 0, 0, "Whit Sunday" },
  { " AT BE DK DE NL NO ",    EASTER,  0, 50, 0, 0, 0, "Whit Monday" },
  { " SE ",                   EASTER,  0, 50, 0, 0, 2004, "Whit Monday" },
  { " AT PL ",                EASTER,  0, 60, 0, 0, 0, "Corpus Christi" },
  { " NL ",                   FIXED,   4, 27, 0, 2014, 0, "King's Day" },
  { " SI ",                   FIXED,   4, 27, 0, 1992, 0, "Day of Uprising Against Occupation" },
  { " AT BE CZ FI DE NO PL SK SI SE ", FIXED, 5, 1, 0, 0, 0, "Labour Day" },
  { " SI ",                   FIXED,   5,  2, 0, 1949, 0, "Labour Day" },
  { " PL ",                   FIXED,   5,  3, 0, 1990, 0, "Constitution Day" },
  { " NL ",                   FIXED,   5,  5, 0, 1990, 0, "Liberation Day" },
  { " CZ ",                   FIXED,   5,  8, 0, 1992, 0, "Liberation Day" },
  { " SK ",                   FIXED,   5,  8, 0, 1997, 2025, "Victory over Fascism Day" },
  { " SK ",                   FIXED,   5,  8, 0, 2027, 0, "Victory over Fascism Day" },
  { " NO ",                   FIXED,   5, 17, 0, 0, 0, "Constitution Day" },
  { " SE ",                   FIXED,   6,  6, 0, 2005, 0, "National Day" },
  { " FI SE ",                WEEKDAY, 6, 20, 6, 0, 0, "Midsummer Day" },
  { " SI ",                   FIXED,   6, 25, 0, 1991, 0, "Statehood Day" },
  { " CZ SK ",                FIXED,   7,  5, 0, 1990, 0, "Saints Cyril and Methodius" },
  { " CZ ",                   FIXED,   7,  6, 0, 1990, 0, "Jan Hus Day" },
  { " BE ",                   FIXED,   7, 21, 0, 0, 0, "National Day" },
  { " AT BE PL SI ",          FIXED,   8, 15, 0, 0, 0, "Assumption Day" },
  { " SK ",                   FIXED,   8, 29, 0, 1992, 0, "National Uprising Day" },
  { " SK ",                   FIXED,   9,  1, 0, 1993, 2023, "Constitution Day" },
  { " SK ",                   FIXED,   9, 15, 0, 1994, 2025, "Our Lady of Sorrows" },
  { " SK ",                   FIXED,   9, 15, 0, 2027, 0, "Our Lady of Sorrows" },
  { " CZ ",                   FIXED,   9, 28, 0, 2000, 0, "Statehood Day" },
  { " DE ",                   FIXED,  10,  3, 0, 1990, 0, "German Unity Day" },
  { " AT ",                   FIXED,  10, 26, 0, 1967, 0, "National Day" },
  { " CZ ",                   FIXED,  10, 28, 0, 1988, 0, "Independence Day" },
  { " SK ",                   FIXED,  10, 30, 0, 2018, 2018, "100 years of the Martin Declaration" },
  { " DE ",                   FIXED,  10, 31, 0, 2017, 2017, "500 years of the Reformation" },
  { " SI ",                   FIXED,  10, 31, 0, 1992, 0, "Reformation Day" },
  { " FI SE ",                WEEKDAY, 10, 31, 6, 0, 0, "All Saints' Day" },
  { " AT BE PL SK SI ",       FIXED,  11,  1, 0, 0, 0, "All Saints' Day" },
  { " BE ",                   FIXED,  11, 11, 0, 0, 0, "Armistice Day" },
  { " PL ",                   FIXED,  11, 11, 0, 1989, 0, "Independence Day" },
  { " PL ",                   FIXED,  11, 12, 0, 2018, 2018, "100 years of independence" },
  { " CZ ",                   FIXED,  11, 17, 0, 2000, 0, "Freedom and Democracy Day" },
  { " SK ",                   FIXED,  11, 17, 0, 2001, 2024, "Freedom and Democracy Day" },
  { " FI ",                   FIXED,  12,  6, 0, 0, 0, "Independence Day" },
  { " AT ",                   FIXED,  12,  8, 0, 0, 0, "Immaculate Conception" },
  { " CZ SK ",                FIXED,  12, 24, 0, 1990, 0, "Christmas Eve" },
  { " PL ",                   FIXED,  12, 24, 0, 2025, 0, "Christmas Eve" },
  { " AT BE CZ DK FI DE NL NO PL SK SI SE ", FIXED, 12, 25, 0, 0, 0, "Christmas Day" },
  { " AT CZ DK FI DE NL NO PL SK SE ", FIXED, 12, 26, 0, 0, 0, "Second Day of Christmas" },
  { " SI ",                   FIXED,  12, 26, 0, 1991, 0, "Independence and Unity Day" },
  /* England and Wales. */
  { " GB ",                   BANK,    1,  1, 0, 1974, 0, "New Year's Day" },
  { " GB ",                   WEEKDAY, 5,  1, 1, 1978, 1994, "Early May bank holiday" },
  { " GB ",                   FIXED,   5,  8, 0, 1995, 1995, "Early May bank holiday" },
  { " GB ",                   WEEKDAY, 5,  1, 1, 1996, 2019, "Early May bank holiday" },
  { " GB ",                   FIXED,   5,  8, 0, 2020, 2020, "Early May bank holiday" },
  { " GB ",                   WEEKDAY, 5,  1, 1, 2021, 0, "Early May bank holiday" },
  { " GB ",                   WEEKDAY, 5, 25, 1, 1971, 2001, "Spring bank holiday" },
  { " GB ",                   FIXED,   6,  3, 0, 2002, 2002, "Golden Jubilee" },
  { " GB ",                   FIXED,   6,  4, 0, 2002, 2002, "Spring bank holiday" },
  { " GB ",                   WEEKDAY, 5, 25, 1, 2003, 2011, "Spring bank holiday" },
  { " GB ",                   FIXED,   4, 29, 0, 2011, 2011, "Royal wedding" },
  { " GB ",                   FIXED,   6,  4, 0, 2012, 2012, "Spring bank holiday" },
  { " GB ",                   FIXED,   6,  5, 0, 2012, 2012, "Diamond Jubilee" },
  { " GB ",                   WEEKDAY, 5, 25, 1, 2013, 2021, "Spring bank holiday" },
  { " GB ",                   FIXED,   6,  2, 0, 2022, 2022, "Spring bank holiday" },
  { " GB ",                   FIXED,   6,  3, 0, 2022, 2022, "Platinum Jubilee" },
  { " GB ",                   FIXED,   9, 19, 0, 2022, 2022, "State funeral of the Queen" },
  { " GB ",                   WEEKDAY, 5, 25, 1, 2023, 0, "Spring bank holiday" },
  { " GB ",                   FIXED,   5,  8, 0, 2023, 2023, "Coronation of the King" },
  { " GB ",                   WEEKDAY, 8, 25, 1, 1971, 0, "Summer bank holiday" },
  { " GB ",                   BANK,   12, 25, 0, 1974, 0, "Christmas Day" },
  { " GB ",                   BANK,   12, 26, 0, 1974, 0, "Boxing Day" },
};
/* clang-format on */

const MwHolidayCountry *
mw_holiday_countries (guint *n)
{
  *n = G_N_ELEMENTS (countries);
  return countries;
}

static void
add (GArray *days, MwDay day, const char *name)
{
  MwHoliday holiday = { day, name };
  g_array_append_val (days, holiday);
}

/* Where the day off is: Monday for a New Year's Day at the weekend; Christmas and Boxing Day
 * move two days, and so past the weekend and past each other. */
static MwDay
bank_day (int year, const Rule *r)
{
  MwDay day = mw_day (year, r->month, r->day);
  int weekday = mw_day_weekday (day);
  if (r->month == 12)
    return weekday >= 6 ? day + 2 : day;
  return weekday >= 6 ? day + 8 - weekday : day;
}

static void
apply (GArray *days, const Rule *r, int year)
{
  MwDay day = 0;
  switch (r->kind) {
  case FIXED: /* King's Day is a day earlier when it would be a Sunday */
    day = mw_day (year, r->month, r->day);
    if (r->month == 4 && r->day == 27 && strstr (r->countries, " NL ")
        && mw_day_weekday (day) == 7)
      day--;
    break;
  case EASTER:
    day = mw_day_easter (year) + r->day;
    break;
  case WEEKDAY:
    day = mw_day (year, r->month, r->day);
    day += (r->weekday - mw_day_weekday (day) + 7) % 7;
    break;
  case BANK:
  default:
    day = bank_day (year, r);
    if (day != mw_day (year, r->month, r->day))
      add (days, mw_day (year, r->month, r->day), r->name);
    break;
  }
  add (days, day, r->name);
}

static int
by_day (gconstpointer a, gconstpointer b)
{
  const MwHoliday *x = a, *y = b;
  return (x->day > y->day) - (x->day < y->day);
}

GArray *
mw_holidays (const char *code, int first, int last)
{
  g_autofree char *word = g_strdup_printf (" %s ", code);
  gboolean known = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (countries); i++)
    known |= strcmp (countries[i].code, code) == 0;
  if (!known)
    return NULL;
  GArray *days = g_array_new (FALSE, TRUE, sizeof (MwHoliday));
  for (int year = first; year <= last; year++)
    for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
      if ((!rules[i].from || year >= rules[i].from)
          && (!rules[i].until || year <= rules[i].until) && strstr (rules[i].countries, word))
        apply (days, &rules[i], year);
  g_array_sort (days, by_day);
  return days;
}
