/* The hints about the wiring: each test wires a meter wrongly, computes what it would measure,
 * and asks for the right sentence. */
#include <glib.h>
#include <math.h>

#include "wiring.h"

#define RAD(d) ((d) *G_PI / 180.0)

typedef struct {
  int order[3];  /* element K carries the current of phase order[K] */
  int sign[3];   /* -1: turned round */
  double phi[3]; /* of the loads */
  double i[3];
  double u[3];
  int rotation; /* +1, -1 */
  gboolean say_rotation;
  gboolean factor_only; /* a meter that gives U, I, unsigned PF and the totals */
} Bench;

static const Bench right = {
  .order = { 0, 1, 2 },
  .sign = { 1, 1, 1 },
  .phi = { 18, 12, 25 },
  .i = { 5.2, 4.1, 6.3 },
  .u = { 230.4, 229.8, 231.1 },
  .rotation = 1,
};

static mw_wiring
measure (const Bench *b)
{
  mw_wiring w = mw_wiring_unknown (3);
  w.p = w.q = 0;
  for (int k = 0; k < 3; k++) {
    int from = b->order[k];
    double ua = -120.0 * k * b->rotation, ia = -120.0 * from * b->rotation - b->phi[from];
    double lag = ua - ia + (b->sign[k] < 0 ? 180 : 0);
    double p = b->u[k] * b->i[from] * cos (RAD (lag)),
           q = b->u[k] * b->i[from] * sin (RAD (lag));
    w.phase[k].u = b->u[k];
    w.phase[k].i = b->i[from];
    w.p += p;
    w.q += q;
    if (b->factor_only) {
      w.phase[k].pf = fabs (cos (RAD (lag)));
    } else {
      w.phase[k].p = p;
      w.phase[k].q = q;
    }
  }
  w.sequence_known = b->say_rotation;
  w.sequence_reversed = b->rotation < 0;
  return w;
}

static gboolean
says (const mw_wiring *w, mw_wiring_kind kind, int a, int b)
{
  mw_wiring_hint hints[MW_WIRING_MAX_HINTS];
  size_t n = mw_wiring_examine (w, hints);
  g_assert_cmpuint (n, >, 0);
  for (size_t k = 1; k < n; k++)
    g_assert_cmpint (hints[k - 1].severity, >=, hints[k].severity);
  for (size_t k = 0; k < n; k++)
    if (hints[k].kind == kind && hints[k].a == a && hints[k].b == b)
      return TRUE;
  return FALSE;
}

static size_t
count_faults (const mw_wiring *w)
{
  mw_wiring_hint hints[MW_WIRING_MAX_HINTS];
  size_t n = mw_wiring_examine (w, hints), faults = 0;
  for (size_t k = 0; k < n; k++)
    faults += hints[k].severity == MW_WIRING_FAULT;
  return faults;
}

static void
test_right (void)
{
  for (int phi = -30; phi <= 60; phi += 5)
    for (int only = 0; only < 2; only++) {
      Bench b = right;
      b.factor_only = only;
      for (int k = 0; k < 3; k++)
        b.phi[k] = phi;
      mw_wiring w = measure (&b);
      g_assert_true (says (&w, MW_WIRING_OK, -1, -1));
      g_assert_cmpuint (count_faults (&w), ==, 0);
    }
}

static void
test_reversed (void)
{
  for (int only = 0; only < 2; only++)
    for (int k = 0; k < 3; k++) {
      Bench b = right;
      b.factor_only = only;
      b.sign[k] = -1;
      mw_wiring w = measure (&b);
      g_assert_true (says (&w, MW_WIRING_CURRENT_REVERSED, k, -1));
      g_assert_cmpuint (count_faults (&w), ==, 1);
    }
}

static void
test_swapped (void)
{
  static const int pairs[3][2] = { { 0, 1 }, { 0, 2 }, { 1, 2 } };
  for (int phi = 0; phi <= 40; phi += 10)
    for (int p = 0; p < 3; p++) {
      Bench b = right;
      int a = pairs[p][0], c = pairs[p][1];
      for (int k = 0; k < 3; k++)
        b.phi[k] = phi;
      b.order[a] = c;
      b.order[c] = a;
      mw_wiring w = measure (&b);
      g_assert_true (says (&w, MW_WIRING_CURRENTS_SWAPPED, a, c));
      g_assert_cmpuint (count_faults (&w), ==, 1);
    }
}

static void
test_voltages_swapped (void)
{
  /* Seen from the meter the voltages turn the other way and two currents stand wrong. */
  Bench b = right;
  b.rotation = -1;
  b.say_rotation = TRUE;
  b.order[0] = 2;
  b.order[2] = 0;
  mw_wiring w = measure (&b);
  g_assert_true (says (&w, MW_WIRING_VOLTAGES_SWAPPED, 0, 2));
  g_assert_false (says (&w, MW_WIRING_CURRENTS_SWAPPED, 0, 2));
}

static void
test_rotation (void)
{
  Bench b = right;
  b.rotation = -1;
  b.say_rotation = TRUE;
  mw_wiring w = measure (&b);
  g_assert_true (says (&w, MW_WIRING_SEQUENCE_REVERSED, -1, -1));
  g_assert_cmpuint (count_faults (&w), ==, 0);
  b.order[0] = 1;
  b.order[1] = 2;
  b.order[2] = 0;
  b.rotation = 1;
  w = measure (&b);
  g_assert_true (says (&w, MW_WIRING_CURRENTS_ROTATED, -1, -1));
}

static void
test_swapped_and_reversed (void)
{
  Bench b = right;
  b.order[0] = 1;
  b.order[1] = 0;
  b.sign[2] = -1;
  mw_wiring w = measure (&b);
  g_assert_true (says (&w, MW_WIRING_CURRENTS_SWAPPED, 0, 1)
                 || says (&w, MW_WIRING_ANGLES_ODD, -1, -1));
  g_assert_cmpuint (count_faults (&w), >=, 1);
}

static void
test_export (void)
{
  Bench b = right;
  for (int k = 0; k < 3; k++)
    b.sign[k] = -1;
  mw_wiring w = measure (&b);
  g_assert_true (says (&w, MW_WIRING_EXPORT, -1, -1));
  g_assert_cmpuint (count_faults (&w), ==, 0);
}

static void
test_voltages (void)
{
  for (int k = 0; k < 3; k++) {
    Bench b = right;
    b.u[k] = 3;
    mw_wiring w = measure (&b);
    g_assert_true (says (&w, MW_WIRING_VOLTAGE_MISSING, k, -1));
    b.u[k] = 200;
    w = measure (&b);
    g_assert_true (says (&w, MW_WIRING_VOLTAGE_LOW, k, -1));
    b.u[k] = 262;
    w = measure (&b);
    g_assert_true (says (&w, MW_WIRING_VOLTAGE_HIGH, k, -1));
  }
  Bench b = right;
  b.u[0] = 175;
  b.u[1] = 281;
  mw_wiring w = measure (&b);
  g_assert_true (says (&w, MW_WIRING_NEUTRAL_SUSPECT, -1, -1));
}

static void
test_nominal (void)
{
  static const double nominals[] = { 57.7, 120, 133, 230 };
  for (size_t n = 0; n < G_N_ELEMENTS (nominals); n++) {
    mw_wiring w = mw_wiring_unknown (3);
    for (int k = 0; k < 3; k++)
      w.phase[k].u = nominals[n] * (0.97 + 0.02 * k);
    g_assert_cmpfloat_with_epsilon (mw_wiring_nominal (&w), nominals[n], 0.01);
    w.phase[0].u = 0;
    w.phase[1].u = 0;
    g_assert_cmpfloat_with_epsilon (mw_wiring_nominal (&w), nominals[n], 0.01);
  }
}

static void
test_currents (void)
{
  Bench b = right;
  b.i[1] = 0;
  mw_wiring w = measure (&b);
  g_assert_true (says (&w, MW_WIRING_NO_CURRENT, 1, -1));
  g_assert_cmpuint (count_faults (&w), ==, 0);
  b.sign[2] = -1;
  w = measure (&b);
  g_assert_true (says (&w, MW_WIRING_CURRENT_REVERSED, 2, -1));
  b.i[0] = b.i[2] = 0;
  w = measure (&b);
  g_assert_true (says (&w, MW_WIRING_NO_LOAD, -1, -1));
}

static void
test_single_phase (void)
{
  mw_wiring w = mw_wiring_unknown (1);
  w.phase[0].u = 231;
  w.phase[0].i = 3;
  w.phase[0].pf = 0.97;
  w.p = 672;
  w.q = 168;
  g_assert_true (says (&w, MW_WIRING_OK, -1, -1));
  w.p = -672;
  g_assert_true (says (&w, MW_WIRING_EXPORT, -1, -1));
  w = mw_wiring_unknown (1);
  g_assert_true (says (&w, MW_WIRING_UNKNOWN, -1, -1));
}

static void
test_quadrants (void)
{
  g_assert_cmpint (mw_wiring_quadrant (20), ==, 1);
  g_assert_cmpint (mw_wiring_quadrant (120), ==, 2);
  g_assert_cmpint (mw_wiring_quadrant (200), ==, 3);
  g_assert_cmpint (mw_wiring_quadrant (-120), ==, 3);
  g_assert_cmpint (mw_wiring_quadrant (-20), ==, 4);
  g_assert_cmpint (mw_wiring_quadrant (NAN), ==, 0);
}

static void
test_angles_from_factor (void)
{
  double phi[3];
  Bench b = right;
  b.factor_only = TRUE;
  mw_wiring w = measure (&b);
  mw_wiring_angles (&w, phi);
  for (int k = 0; k < 3; k++)
    g_assert_cmpfloat_with_epsilon (phi[k], b.phi[k], 0.01);
}

/* Voltages and currents alone say nothing of how they stand to each other. */
static void
test_no_angles (void)
{
  mw_wiring w = measure (&right);
  mw_wiring_hint hints[MW_WIRING_MAX_HINTS];
  for (int k = 0; k < 3; k++)
    w.phase[k].p = w.phase[k].q = w.phase[k].pf = NAN;
  g_assert_cmpuint (mw_wiring_examine (&w, hints), >=, 1);
  g_assert_cmpint (hints[0].kind, ==, MW_WIRING_NO_ANGLES);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wiring/right", test_right);
  g_test_add_func ("/wiring/no-angles", test_no_angles);
  g_test_add_func ("/wiring/reversed", test_reversed);
  g_test_add_func ("/wiring/swapped", test_swapped);
  g_test_add_func ("/wiring/voltages-swapped", test_voltages_swapped);
  g_test_add_func ("/wiring/rotation", test_rotation);
  g_test_add_func ("/wiring/swapped-and-reversed", test_swapped_and_reversed);
  g_test_add_func ("/wiring/export", test_export);
  g_test_add_func ("/wiring/voltages", test_voltages);
  g_test_add_func ("/wiring/nominal", test_nominal);
  g_test_add_func ("/wiring/currents", test_currents);
  g_test_add_func ("/wiring/single-phase", test_single_phase);
  g_test_add_func ("/wiring/quadrants", test_quadrants);
  g_test_add_func ("/wiring/angles-from-factor", test_angles_from_factor);
  return g_test_run ();
}
