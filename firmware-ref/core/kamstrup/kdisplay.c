/* kdisplay.c: see kdisplay.h. */
#include "core/kamstrup/kmeter.h"

#include <string.h>

#define AUTO_S 10    /* OMNIPOWER technical description Table 2 */
#define RETURN_S 120 /* after the last push */

/* clang-format off */
static const uint8_t longest[MW_N_KLISTS] = { 16, 30, 16, 8 }; /* Table 2 */
static const uint16_t automatic[] = { MW_KV_A14, MW_KV_DATE, MW_KV_TIME, MW_KV_P14, MW_KV_TARIFF };
static const uint16_t manual[] = { MW_KV_A14, MW_KV_A23, MW_KV_R12, MW_KV_R34, MW_KV_A14_T1,
  MW_KV_A14_T2, MW_KV_P14, MW_KV_P14_MAX, MW_KV_U_L1, MW_KV_U_L2, MW_KV_U_L3, MW_KV_I_L1,
  MW_KV_I_L2, MW_KV_I_L3, MW_KV_HOURS, MW_KV_SERIAL };
static const uint16_t utility[] = { MW_KV_R1, MW_KV_R4, MW_KV_PF, MW_KV_FREQUENCY, MW_KV_STATUS };
static const uint16_t backup[] = { MW_KV_A14, MW_KV_A23, MW_KV_DATE, MW_KV_TIME };
static const uint16_t verification[] = { MW_KV_A14, MW_KV_A23, MW_KV_R12, MW_KV_R34 };
/* clang-format on */

#define LIST(array) array, sizeof array / sizeof *array

enum mw_err
mw_kdisplay_set_list (mw_kmeter *k, enum mw_klist list, const uint16_t *id, unsigned n)
{
  mw_kdisplay_setup *d = &k->setup.display;
  if (list >= MW_N_KLISTS)
    return MW_ERR_VALUE;
  if (n > longest[list])
    return MW_ERR_SPACE;
  for (unsigned i = 0; i < n; i++)
    if (!mw_kvalue_info_of (id[i]))
      return MW_ERR_VALUE;
  memset (d->list[list], 0, sizeof d->list[list]);
  memcpy (d->list[list], id, n * sizeof *id);
  d->n[list] = (uint8_t) n;
  mw_kmeter_changed (k);
  return MW_OK;
}

void
mw_kdisplay_defaults (mw_kmeter *k)
{
  mw_kdisplay_set_list (k, MW_KLIST_AUTO, LIST (automatic));
  mw_kdisplay_set_list (k, MW_KLIST_MANUAL, LIST (manual));
  mw_kdisplay_set_list (k, MW_KLIST_UTILITY, LIST (utility));
  mw_kdisplay_set_list (k, MW_KLIST_BACKUP, LIST (backup));
}

/* Without power the left button walks through the backup list, which needs a battery. */
static uint8_t
list_of_button (const mw_kmeter *k, bool right)
{
  if (!k->m.powered)
    return MW_KLIST_BACKUP;
  return right ? MW_KLIST_UTILITY : MW_KLIST_MANUAL;
}

/* Nobody has pushed for a while. */
static bool
is_back (const mw_kmeter *k)
{
  return !k->display.is_pushed || k->m.uptime - k->display.pushed >= RETURN_S;
}

void
mw_kdisplay_push (mw_kmeter *k, bool right)
{
  mw_kdisplay *d = &k->display;
  uint8_t list = list_of_button (k, right), n = k->setup.display.n[list];
  bool by_itself = list == MW_KLIST_MANUAL && mw_kset (k, MW_KV_DISPLAY_MODE) == 1;
  if (!by_itself && (is_back (k) || d->list != list))
    d->at = 0;
  else
    d->at = (uint8_t) ((by_itself ? d->manual : d->at) + 1);
  if (!mw_kset (k, MW_KV_VERIFICATION))
    d->at = (uint8_t) (n ? d->at % n : 0);
  if (list == MW_KLIST_MANUAL)
    d->manual = d->at;
  d->list = list;
  d->is_pushed = true;
  d->pushed = k->m.uptime;
}

enum mw_err
mw_kdisplay_call (mw_kmeter *k, unsigned id)
{
  static const uint8_t lists[] = { MW_KLIST_MANUAL, MW_KLIST_UTILITY };
  const mw_kdisplay_setup *setup = &k->setup.display;
  mw_kdisplay *d = &k->display;
  for (unsigned l = 0; l < sizeof lists; l++)
    for (uint8_t i = 0; i < setup->n[lists[l]]; i++)
      if (setup->list[lists[l]][i] == id) {
        *d = (mw_kdisplay){ lists[l], i, l == 0 ? i : d->manual, true, k->m.uptime };
        return MW_OK;
      }
  return MW_ERR_VALUE;
}

/* DIGITS places of the number without sign, most significant first; at least one. */
static unsigned
digits_of (uint64_t x, char out[20])
{
  char turned[20];
  unsigned n = 0;
  do
    turned[n++] = (char) ('0' + x % 10);
  while (x /= 10);
  for (unsigned i = 0; i < n; i++)
    out[i] = turned[n - 1 - i];
  return n;
}

/* NUMBER with DECIMALS, filled with zeroes to LEADING places before the point. */
static void
write_number (char out[20], int64_t number, unsigned decimals, unsigned leading)
{
  char digits[20];
  unsigned n = digits_of (number < 0 ? 0 - (uint64_t) number : (uint64_t) number, digits);
  unsigned at = 0, whole = n > decimals ? n - decimals : 1, places;
  if (number < 0)
    out[at++] = '-';
  for (places = whole; places < leading && at < 8; places++)
    out[at++] = '0';
  for (unsigned i = 0; i < whole && at < 18; i++)
    out[at++] = n > decimals ? digits[i] : '0';
  if (decimals)
    out[at++] = '.';
  for (unsigned i = 0; i < decimals && at < 19; i++) {
    unsigned from_end = decimals - i;
    out[at++] = from_end <= n ? digits[n - from_end] : '0';
  }
  out[at] = 0;
}

/* Date as 2026:03:29 (never: all 0), time as 12:34:56. */
static void
write_date (char out[20], const mw_kvalue *v)
{
  char digits[20];
  bool date = v->kind == MW_KVALUE_DATE;
  unsigned n = 0, places = date ? 8 : 6, first = date ? 4 : 2;
  digits_of ((uint64_t) v->number + (date ? 100000000 : 1000000), digits); /* a 1 before them */
  for (unsigned i = 0; i < places; i++) {
    if (i == first || i == first + 2)
      out[n++] = ':';
    out[n++] = digits[1 + i];
  }
  out[n] = 0;
}

/* Energies in kWh as configured (4.6.2), secondary ones [5.2], in verification mode [3.4];
 * powers [2.3]; the rest in its own resolution. */
static void
write_value (const mw_kmeter *k, mw_kview *out, const mw_kvalue *v)
{
  unsigned decimals = (unsigned) mw_kset (k, MW_KV_DISPLAY_DECIMALS);
  bool energy = v->unit == MW_UNIT_WH || v->unit == MW_UNIT_VARH || v->unit == MW_UNIT_VAH;
  bool power = v->unit == MW_UNIT_W || v->unit == MW_UNIT_VAR || v->unit == MW_UNIT_VA;
  int64_t number = v->number;
  unsigned leading = 0;
  if (energy) {
    if (mw_kset (k, MW_KV_DISPLAY_ZEROES))
      leading = decimals == 1 || decimals == 3 ? 6 : 7; /* Table 6 */
    if (out->id >= MW_KV_A14_S && out->id < MW_KV_A14_L1) {
      decimals = 2;
      leading = leading ? 5 : 0;
    }
    if (mw_kset (k, MW_KV_VERIFICATION)) {
      decimals = 4;
      leading = 3;
      number %= INT64_C (1000000000);
    }
    for (unsigned i = 6; i > decimals; i--) /* 0.001 Wh is six places behind the kWh */
      number /= 10;
  } else if (power) {
    decimals = 3;
    leading = 2;
    number /= v->exponent == -3 ? 1000 : 1;
  } else {
    decimals = (unsigned) -v->exponent;
  }
  write_number (out->value, number, decimals, leading);
}

static const char *
unit_of (uint8_t unit)
{
  switch (unit) {
  case MW_UNIT_WH:
    return "kWh";
  case MW_UNIT_VARH:
    return "kvarh";
  case MW_UNIT_VAH:
    return "kVAh";
  case MW_UNIT_W:
    return "kW";
  case MW_UNIT_VAR:
    return "kvar";
  case MW_UNIT_VA:
    return "kVA";
  default:
    return mw_unit_text (unit);
  }
}

/* The N-th of the chosen verification registers. */
static uint16_t
verified (const mw_kmeter *k, unsigned n)
{
  int64_t chosen = mw_kset (k, MW_KV_VERIFICATION);
  unsigned count = 0, at = 0;
  for (unsigned i = 0; i < 4; i++)
    count += (unsigned) chosen >> i & 1;
  for (n %= count; !(chosen >> at & 1) || n; at++)
    n -= (unsigned) chosen >> at & 1;
  return verification[at];
}

static void
choose (const mw_kmeter *k, mw_kview *out)
{
  static const uint8_t lists[] = { MW_KLIST_AUTO, MW_KLIST_MANUAL, MW_KLIST_BACKUP };
  const mw_kdisplay_setup *d = &k->setup.display;
  bool alone = is_back (k);
  out->list = alone ? lists[mw_kset (k, MW_KV_DISPLAY_MODE)] : k->display.list;
  out->at = alone ? k->display.manual : k->display.at;
  if (mw_kset (k, MW_KV_VERIFICATION) && k->m.powered) {
    out->id = verified (k, alone ? 0 : k->display.at);
    return;
  }
  if (!k->m.powered && (alone || out->list != MW_KLIST_BACKUP))
    return; /* dark */
  if (d->n[out->list] == 0)
    return;
  if (alone && out->list != MW_KLIST_MANUAL)
    out->at = (uint8_t) (k->m.uptime / AUTO_S % d->n[out->list]);
  out->at = (uint8_t) (out->at % d->n[out->list]);
  out->id = d->list[out->list][out->at];
}

/* The pulse inputs count what they are told to (4.10.7). */
static const char *
unit_of_input (const mw_kmeter *k)
{
  static const char *const units[] = { "", "kWh", "m³", "l" };
  return units[mw_kset (k, MW_KV_PULSE_IN_UNIT)];
}

void
mw_kdisplay_now (const mw_kmeter *k, mw_kview *out)
{
  mw_kvalue v;
  memset (out, 0, sizeof *out);
  out->unit = "";
  out->tariff = k->st.control.tariff;
  out->obis = mw_kset (k, MW_KV_DISPLAY_OBIS);
  choose (k, out);
  /* What the display itself shows has no end: its own value is not asked for. */
  if (out->id == MW_KV_NONE || out->id == MW_KV_DISPLAY_CALL
      || mw_kmeter_value (k, out->id, &v))
    return;
  if (v.kind == MW_KVALUE_TEXT) {
    memcpy (out->value, v.octets, v.len < sizeof out->value ? v.len : sizeof out->value - 1);
    return;
  }
  if (v.kind == MW_KVALUE_RTC) {
    mw_civil c = mw_clock_civil (&k->m, (mw_stamp){ v.number, v.status, { 0 } });
    v.kind = MW_KVALUE_DATE;
    v.number = c.year == MW_YEAR_ANY ? 0 : c.year * 10000 + c.month * 100 + c.day;
  }
  if (v.kind == MW_KVALUE_DATE || v.kind == MW_KVALUE_TIME)
    write_date (out->value, &v);
  else
    write_value (k, out, &v);
  out->unit = out->id == MW_KV_PULSE_IN1 || out->id == MW_KV_PULSE_IN2 ? unit_of_input (k)
                                                                       : unit_of (v.unit);
}
