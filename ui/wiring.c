/* wiring.c: the explanation of a set of phase angles that needs the fewest mistakes.
 *
 * A fitter can turn a current round (its angle moves by 180 degrees) or lead it to another
 * phase's element (by 120).  Every combination of the six orders and eight reversals is a
 * hypothesis; it holds when, undone, each current would lag its voltage as a load does.  The
 * cheapest hypothesis wins; when two different ones cost the same, none is named.
 */
#include "wiring.h"

#include <math.h>
#include <string.h>

#define DEGREES (180.0 / 3.14159265358979323846)
/* An ordinary load: cables and electronics lead a little, motors lag. */
#define LOAD_PHI_MIN (-35.0)
#define LOAD_PHI_MAX 62.0
#define MISSING_PART 0.45 /* of nominal: below it a voltage is missing, not low (EN 50160) */
#define LOW_PART 0.90
#define HIGH_PART 1.10
#define NO_CURRENT_A 0.02
#define NO_CURRENT_PART 0.002 /* of the largest phase's current */

static const unsigned char orders[6][3] = {
  { 0, 1, 2 }, { 1, 0, 2 }, { 2, 1, 0 }, { 0, 2, 1 }, { 1, 2, 0 }, { 2, 0, 1 },
};
static const int order_cost[6] = { 0, 2, 2, 2, 3, 3 };

mw_wiring
mw_wiring_unknown (unsigned phases)
{
  mw_wiring w;
  memset (&w, 0, sizeof w);
  w.phases = phases == 1 ? 1 : 3;
  w.p = w.q = NAN;
  for (size_t k = 0; k < MW_WIRING_PHASES; k++)
    w.phase[k] = (mw_wiring_phase){ NAN, NAN, NAN, NAN, NAN, NAN };
  return w;
}

static double
turn (double degrees)
{
  double t = fmod (degrees, 360.0);
  return t > 180.0 ? t - 360.0 : t <= -180.0 ? t + 360.0 : t;
}

double
mw_wiring_nominal (const mw_wiring *w)
{
  static const double nominals[] = { 57.7, 120.0, 133.0, 230.0, 240.0 };
  double top = NAN, best = NAN;
  double sorted[MW_WIRING_PHASES];
  size_t n = 0;
  for (size_t k = 0; k < w->phases; k++)
    if (!isnan (w->phase[k].u))
      sorted[n++] = w->phase[k].u;
  for (size_t k = 0; k < n; k++) /* the middle of three, the larger of two */
    for (size_t j = k + 1; j < n; j++)
      if (sorted[j] < sorted[k]) {
        double t = sorted[k];
        sorted[k] = sorted[j];
        sorted[j] = t;
      }
  if (n == 0)
    return NAN;
  top = sorted[n / 2] > 0.6 * sorted[n - 1] ? sorted[n / 2] : sorted[n - 1];
  for (size_t k = 0; k < sizeof nominals / sizeof nominals[0]; k++)
    if (isnan (best) || fabs (nominals[k] - top) < fabs (best - top))
      best = nominals[k];
  return best == 240.0 ? 230.0 : best; /* 240 V nets became 230 V nets (IEC 60038) */
}

static bool
carries (const mw_wiring *w, size_t k)
{
  double top = 0;
  for (size_t j = 0; j < w->phases; j++)
    if (!isnan (w->phase[j].i))
      top = fmax (top, w->phase[j].i);
  return !isnan (w->phase[k].i) && w->phase[k].i > fmax (NO_CURRENT_A, top * NO_CURRENT_PART);
}

/* The signs (bit set: negative) with which PARTS add up to TOTAL best; fewest negatives when
 * several do. */
static unsigned
signs_for (const double *parts, size_t n, double total)
{
  unsigned best = 0;
  double best_error = INFINITY, scale = 0;
  for (size_t k = 0; k < n; k++)
    scale += fabs (parts[k]);
  for (unsigned s = 0; s < 1u << n; s++) {
    double sum = 0, few = 0;
    for (size_t k = 0; k < n; k++) {
      sum += s >> k & 1u ? -parts[k] : parts[k];
      few += s >> k & 1u;
    }
    double error = fabs (sum - total) + few * 0.02 * scale;
    if (error < best_error) {
      best_error = error;
      best = s;
    }
  }
  return best;
}

void
mw_wiring_angles (const mw_wiring *w, double phi[MW_WIRING_PHASES])
{
  double active[MW_WIRING_PHASES] = { 0 }, reactive[MW_WIRING_PHASES] = { 0 };
  bool from_factor[MW_WIRING_PHASES] = { false };
  bool any = false, signs_given = false;
  for (size_t k = 0; k < MW_WIRING_PHASES; k++)
    phi[k] = NAN;
  for (size_t k = 0; k < w->phases; k++) {
    const mw_wiring_phase *f = &w->phase[k];
    if (!isnan (f->p) && !isnan (f->q) && (f->p != 0 || f->q != 0)) {
      phi[k] = atan2 (f->q, f->p) * DEGREES;
    } else if (carries (w, k) && !isnan (f->u) && !isnan (f->pf) && fabs (f->pf) <= 1.0001) {
      double cosine = fmax (-1, fmin (1, f->pf));
      from_factor[k] = any = true;
      signs_given = signs_given || f->pf < 0;
      active[k] = f->u * f->i * cosine;
      reactive[k] = f->u * f->i * sqrt (1 - cosine * cosine);
    }
  }
  if (!any)
    return;
  unsigned ps = signs_given || isnan (w->p) ? 0 : signs_for (active, w->phases, w->p);
  unsigned qs = isnan (w->q) ? 0 : signs_for (reactive, w->phases, w->q);
  for (size_t k = 0; k < w->phases; k++)
    if (from_factor[k])
      phi[k] = atan2 (qs >> k & 1u ? -reactive[k] : reactive[k],
                      ps >> k & 1u ? -active[k] : active[k])
               * DEGREES;
}

int
mw_wiring_quadrant (double phi)
{
  if (isnan (phi))
    return 0;
  phi = turn (phi);
  return phi >= 0 ? phi <= 90 ? 1 : 2 : phi >= -90 ? 4 : 3;
}

typedef struct {
  size_t n;
  mw_wiring_hint *hints;
} report;

static void
say (report *r, mw_wiring_kind kind, mw_wiring_severity severity, int a, int b, double value)
{
  if (r->n < MW_WIRING_MAX_HINTS)
    r->hints[r->n++] = (mw_wiring_hint){ kind, severity, a, b, value };
}

static void
examine_voltages (const mw_wiring *w, report *r)
{
  double nominal = mw_wiring_nominal (w), low = INFINITY, high = 0;
  bool missing = false;
  if (isnan (nominal))
    return;
  for (size_t k = 0; k < w->phases; k++) {
    double u = w->phase[k].u;
    if (isnan (u))
      continue;
    missing = missing || u < nominal * MISSING_PART;
    low = fmin (low, u);
    high = fmax (high, u);
  }
  if (w->phases == 3 && !missing && low < nominal * LOW_PART && high > nominal * HIGH_PART) {
    say (r, MW_WIRING_NEUTRAL_SUSPECT, MW_WIRING_FAULT, -1, -1, 0);
    return;
  }
  for (size_t k = 0; k < w->phases; k++) {
    double part = w->phase[k].u / nominal;
    if (isnan (part))
      continue;
    if (part < MISSING_PART)
      say (r, MW_WIRING_VOLTAGE_MISSING, MW_WIRING_FAULT, (int) k, -1, part * 100);
    else if (part < LOW_PART)
      say (r, MW_WIRING_VOLTAGE_LOW, MW_WIRING_WARNING, (int) k, -1, part * 100 - 100);
    else if (part > HIGH_PART)
      say (r, MW_WIRING_VOLTAGE_HIGH, MW_WIRING_WARNING, (int) k, -1, part * 100 - 100);
  }
}

/* +1 L1 L2 L3, -1 reversed, 0 not known. */
static int
rotation (const mw_wiring *w)
{
  if (w->sequence_known)
    return w->sequence_reversed ? -1 : 1;
  double a = turn (w->phase[1].u_angle - w->phase[0].u_angle);
  if (isnan (a) || fabs (a) < 60 || fabs (a) > 150)
    return 0;
  return a < 0 ? 1 : -1;
}

typedef struct {
  int order;         /* row of orders[] */
  unsigned reversed; /* bit per phase */
  int cost;
} hypothesis;

/* Undone as H says, does every current look like that of a load?  The element of phase K
 * carries the current of phase orders[H][K], which stands 120 degrees further on for each step.
 */
static bool
holds (const hypothesis *h, const double *phi, unsigned present, int direction)
{
  for (int k = 0; k < 3; k++) {
    if (!(present >> k & 1u)) {
      if (orders[h->order][k] != k) /* nothing to be told from a current that is not there */
        return false;
      continue;
    }
    if (!(present >> orders[h->order][k] & 1u))
      return false;
    double lag = direction * 120.0 * (orders[h->order][k] - k);
    double p = turn (phi[k] - lag - (h->reversed >> k & 1u ? 180.0 : 0.0));
    if (p < LOAD_PHI_MIN || p > LOAD_PHI_MAX)
      return false;
  }
  return true;
}

/* FALSE when no hypothesis, or several equally cheap ones, hold. */
static bool
explain (const double *phi, unsigned present, int direction, hypothesis *out)
{
  hypothesis best = { 0, 0, 1000 };
  bool tie = false;
  for (int o = 0; o < 6; o++)
    for (unsigned rev = 0; rev < 8; rev++) {
      hypothesis h = { o, rev & present, 0 };
      if (rev & ~present)
        continue;
      int turned = __builtin_popcount (rev);
      h.cost = order_cost[o] * 2 + turned * 2;
      if (present == 7 && rev == 7) /* one cause, not three: generation */
        h.cost = order_cost[o] * 2 + 3;
      if (!holds (&h, phi, present, direction))
        continue;
      tie = h.cost == best.cost ? true : h.cost < best.cost ? false : tie;
      if (h.cost < best.cost)
        best = h;
    }
  *out = best;
  return best.cost < 1000 && !tie;
}

static void
say_order (report *r, int order, bool voltages)
{
  static const signed char pair[6][2] = { { -1, -1 }, { 0, 1 },   { 0, 2 },
                                          { 1, 2 },   { -1, -1 }, { -1, -1 } };
  if (order == 0)
    return;
  if (order >= 4)
    say (r, MW_WIRING_CURRENTS_ROTATED, MW_WIRING_FAULT, -1, -1, 0);
  else
    say (r, voltages ? MW_WIRING_VOLTAGES_SWAPPED : MW_WIRING_CURRENTS_SWAPPED, MW_WIRING_FAULT,
         pair[order][0], pair[order][1], 0);
}

static void
examine_three (const mw_wiring *w, const double *phi, unsigned present, report *r)
{
  int direction = rotation (w);
  hypothesis h;
  bool explained = explain (phi, present, direction < 0 ? -1 : 1, &h);
  bool voltages = explained && direction < 0 && h.order >= 1 && h.order <= 3;
  if (direction < 0 && !voltages)
    say (r, MW_WIRING_SEQUENCE_REVERSED, MW_WIRING_WARNING, -1, -1, 0);
  if (!explained) {
    say (r, MW_WIRING_ANGLES_ODD, MW_WIRING_FAULT, -1, -1, 0);
    return;
  }
  say_order (r, h.order, voltages);
  if (h.reversed == 7) {
    say (r, MW_WIRING_EXPORT, MW_WIRING_NOTE, -1, -1, 0);
    return;
  }
  for (int k = 0; k < 3; k++)
    if (h.reversed >> k & 1u)
      say (r, MW_WIRING_CURRENT_REVERSED, MW_WIRING_FAULT, k, -1, 0);
}

static void
examine_currents (const mw_wiring *w, report *r)
{
  double phi[MW_WIRING_PHASES];
  unsigned present = 0, measured = 0;
  mw_wiring_angles (w, phi);
  for (size_t k = 0; k < w->phases; k++) {
    measured |= isnan (w->phase[k].i) ? 0 : 1u << k;
    present |= carries (w, k) && !isnan (phi[k]) ? 1u << k : 0;
  }
  if (!measured)
    return;
  bool any = false;
  for (size_t k = 0; k < w->phases; k++)
    any = any || carries (w, k);
  if (!any) {
    say (r, MW_WIRING_NO_LOAD, MW_WIRING_NOTE, -1, -1, 0);
    return;
  }
  if (w->phases == 1) {
    if ((present & 1u) && fabs (turn (phi[0])) > 90)
      say (r, MW_WIRING_EXPORT, MW_WIRING_NOTE, -1, -1, 0);
    return;
  }
  if (present)
    examine_three (w, phi, present, r);
  for (size_t k = 0; k < w->phases; k++)
    if ((measured >> k & 1u) && !carries (w, k))
      say (r, MW_WIRING_NO_CURRENT, MW_WIRING_NOTE, (int) k, -1, 0);
}

/* Does a phase carry a current of which nobody knows how it stands to its voltage? */
static bool
angles_missing (const mw_wiring *w)
{
  double phi[MW_WIRING_PHASES];
  mw_wiring_angles (w, phi);
  for (size_t k = 0; k < w->phases; k++)
    if (carries (w, k) && isnan (phi[k]))
      return true;
  return false;
}

size_t
mw_wiring_examine (const mw_wiring *w, mw_wiring_hint hints[MW_WIRING_MAX_HINTS])
{
  report r = { 0, hints };
  if (isnan (mw_wiring_nominal (w))) {
    say (&r, MW_WIRING_UNKNOWN, MW_WIRING_NOTE, -1, -1, 0);
    return r.n;
  }
  examine_voltages (w, &r);
  examine_currents (w, &r);
  if (r.n == 0 && angles_missing (w))
    say (&r, MW_WIRING_NO_ANGLES, MW_WIRING_NOTE, -1, -1, 0);
  else if (r.n == 0)
    say (&r, MW_WIRING_OK, MW_WIRING_GOOD, -1, -1, 0);
  for (size_t k = 1; k < r.n; k++) /* worst first, stable */
    for (size_t j = k; j > 0 && hints[j].severity > hints[j - 1].severity; j--) {
      mw_wiring_hint t = hints[j];
      hints[j] = hints[j - 1];
      hints[j - 1] = t;
    }
  return r.n;
}
