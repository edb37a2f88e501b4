/* display.c: menus and keys (manual 4.4.3); what a value looks like is in display-text.c.
 *
 *                   Scroll short            Scroll short        Scroll long
 *   auto-scroll ─────────────────► test ───────────────► data menu ────────► manual, P.01, P.02
 *        ▲                           │ Reset short
 *        └── Scroll ≥ 5 s, or 120 s  └───────────────► set menu ────────────► LCD test
 *
 * Behind "rESEt" of the set menu, and behind a long press of Scroll during the test of all
 * segments after power-up, the meter is reset with both keys (4.4.3.9).
 *
 * With the reduced menu Scroll leads from auto-scroll by way of the test to the manual list.
 * Nothing here runs by itself: what is shown follows from the mode and the time since.
 */
#include "core/meter.h"

#include <string.h>

#define EXIT_S 120 /* manual 4.4.1.11 */
#define AUTO_S 10
#define BACKLIGHT_S 30
#define LONG_S 2
#define EXTENDED_S 5
#define DISCONNECT_S 10 /* manual 6.9.2 */
#define STARTUP_S 5     /* manual 4.4.3.9 */
#define REJECTED_S 3
#define VALUE_DIGITS 8

enum { MENU_STD, MENU_P01, MENU_P02, MENU_END };
enum { SET_RESET, SET_LCD_TEST, SET_END };
enum { RESET_DONE, RESET_FAILED, RESET_REJECTED };

void
mw_display_defaults (mw_meter *m)
{
  static const mw_list_item items[] = {
    { MW_V_LOCAL_TIME, { 1, 0, 0, 9, 1, 255 } },
    { MW_V_LOCAL_DATE, { 1, 0, 0, 9, 2, 255 } },
    { MW_V_ENERGY (MW_Q_AP, 0), { 1, 0, 1, 8, 0, 255 } },
    { MW_V_ENERGY (MW_Q_AP, 1), { 1, 0, 1, 8, 1, 255 } },
    { MW_V_ENERGY (MW_Q_AP, 2), { 1, 0, 1, 8, 2, 255 } },
    { MW_V_ENERGY (MW_Q_AM, 0), { 1, 0, 2, 8, 0, 255 } },
    { MW_V_MAXIMUM (MW_D_AP, 0), { 1, 0, 1, 6, 0, 255 } },
    { MW_V_ERROR1, { 0, 0, 97, 97, 0, 255 } },
  };
  m->display = (mw_display){ .mode = MW_SHOW_AUTO, .since = m->uptime, .key_time = m->uptime };
  if (m->started)
    return;
  for (unsigned l = 0; l < MW_N_LISTS; l++) {
    m->list[l].n = sizeof items / sizeof *items;
    memcpy (m->list[l].item, items, sizeof items);
  }
}

const mw_list *
mw_list_of (const mw_meter *m, enum mw_list_id which)
{
  return &m->list[which];
}

enum mw_err
mw_list_set (mw_meter *m, enum mw_list_id which, const mw_list_item *items, unsigned n)
{
  if (which >= MW_N_LISTS || n > MW_LIST_MAX)
    return MW_ERR_VALUE;
  m->list[which].n = (uint8_t) n;
  memmove (m->list[which].item, items, n * sizeof *items);
  mw_store_touch (&m->store, MW_AREA_LISTS);
  mw_parameters_changed (m);
  return MW_OK;
}

void
mw_list_rename (mw_meter *m, enum mw_list_id which, unsigned i, uint16_t id)
{
  m->list[which].item[i].value = id;
  mw_store_touch (&m->store, MW_AREA_LISTS);
}

static unsigned
configuration (const mw_meter *m)
{
  return m->setting[MW_SET_DISPLAY_CONFIGURATION];
}

static void
go (mw_meter *m, enum mw_display_mode mode, unsigned item)
{
  m->display.mode = (uint8_t) mode;
  m->display.item = (uint8_t) item;
  m->display.since = m->uptime;
}

/* Is item ITEM of the data menu enabled? */
static bool
in_data_menu (const mw_meter *m, unsigned item)
{
  return item == MENU_STD || item == MENU_END
         || (item == MENU_P01 && configuration (m) & MW_DISPLAY_P01)
         || (item == MENU_P02 && configuration (m) & MW_DISPLAY_P02);
}

static void
next_data_item (mw_meter *m)
{
  unsigned item = m->display.item;
  do
    item = item == MENU_END ? MENU_STD : item + 1;
  while (!in_data_menu (m, item));
  go (m, MW_SHOW_DATA_MENU, item);
}

static enum mw_profile_id
shown_profile (const mw_meter *m)
{
  return m->display.profile == 0 ? MW_PROFILE_LOAD1 : MW_PROFILE_LOAD2;
}

static int64_t
local_day (mw_meter *m, uint32_t record)
{
  mw_stamp t;
  if (mw_profile_time (m, shown_profile (m), record, &t))
    return 0;
  return (t.utc + mw_clock_deviation_of (m, t) * 60) / 86400;
}

/* The newest record of the day before the one on show; 0 behind the oldest. */
static uint32_t
day_before (mw_meter *m)
{
  uint32_t first = mw_profile_first (m, shown_profile (m));
  uint32_t n = m->display.record;
  int64_t day = local_day (m, n);
  while (n > first && local_day (m, n) == day)
    n--;
  return local_day (m, n) == day ? 0 : n;
}

static void
enter_profile (mw_meter *m, unsigned profile)
{
  enum mw_profile_id p;
  m->display.profile = (uint8_t) profile;
  p = shown_profile (m);
  m->display.record = mw_profile_first (m, p) + mw_profile_count (m, p) - 1;
  if (mw_profile_count (m, p))
    go (m, MW_SHOW_LP_DATE, 0);
}

static void
enter_data_item (mw_meter *m)
{
  if (m->display.item == MENU_STD)
    go (m, MW_SHOW_MANUAL, 0);
  else if (m->display.item == MENU_END)
    go (m, MW_SHOW_AUTO, 0);
  else
    enter_profile (m, m->display.item - MENU_P01);
}

static void
scroll_short (mw_meter *m)
{
  const mw_list *list = &m->list[MW_LIST_ALTERNATE];
  mw_display *d = &m->display;
  uint32_t record;
  switch (d->mode) {
  case MW_SHOW_AUTO:
  case MW_SHOW_STARTUP:
    go (m, MW_SHOW_TEST, 0);
    break;
  case MW_SHOW_RESET:
  case MW_SHOW_RESET_RESULT:
    break; /* by both keys, or left by a long press */
  case MW_SHOW_TEST:
    go (m, configuration (m) & MW_DISPLAY_NORMAL ? MW_SHOW_DATA_MENU : MW_SHOW_MANUAL, 0);
    break;
  case MW_SHOW_DATA_MENU:
    next_data_item (m);
    break;
  case MW_SHOW_SET_MENU:
    go (m, MW_SHOW_SET_MENU, (d->item + 1u) % (SET_END + 1));
    break;
  case MW_SHOW_MANUAL: /* behind the last comes End */
    if (d->item >= list->n)
      go (m, configuration (m) & MW_DISPLAY_NORMAL ? MW_SHOW_MANUAL : MW_SHOW_AUTO, 0);
    else
      go (m, MW_SHOW_MANUAL, d->item + 1u);
    break;
  case MW_SHOW_LCD_TEST: /* all, odd, even, none */
    if (d->item == 3)
      go (m, MW_SHOW_SET_MENU, SET_LCD_TEST);
    else
      go (m, MW_SHOW_LCD_TEST, d->item + 1u);
    break;
  case MW_SHOW_LP_DATE:
    record = day_before (m);
    if (record)
      d->record = record;
    else
      enter_profile (m, d->profile);
    break;
  case MW_SHOW_LP_TIME:
    if (d->record > mw_profile_first (m, shown_profile (m)))
      d->record--;
    break;
  default:
    go (m, MW_SHOW_LP_VALUE, (d->item + 1u) % m->profile[shown_profile (m)].n);
    break;
  }
}

static void
scroll_long (mw_meter *m)
{
  switch (m->display.mode) {
  case MW_SHOW_DATA_MENU:
    enter_data_item (m);
    break;
  case MW_SHOW_SET_MENU:
    if (m->display.item == SET_RESET)
      go (m, MW_SHOW_RESET, 0);
    else if (m->display.item == SET_LCD_TEST)
      go (m, MW_SHOW_LCD_TEST, 0);
    else if (m->display.item == SET_END)
      go (m, MW_SHOW_AUTO, 0);
    break;
  case MW_SHOW_MANUAL:
    go (m, configuration (m) & MW_DISPLAY_NORMAL ? MW_SHOW_DATA_MENU : MW_SHOW_AUTO, 0);
    break;
  case MW_SHOW_LCD_TEST:
    go (m, MW_SHOW_SET_MENU, SET_LCD_TEST);
    break;
  case MW_SHOW_STARTUP:
    go (m, MW_SHOW_RESET, 0);
    break;
  case MW_SHOW_RESET:
  case MW_SHOW_RESET_RESULT:
    go (m, MW_SHOW_SET_MENU, SET_RESET);
    break;
  case MW_SHOW_LP_DATE:
    go (m, MW_SHOW_LP_TIME, 0);
    break;
  case MW_SHOW_LP_TIME:
    go (m, MW_SHOW_LP_VALUE, 0);
    break;
  case MW_SHOW_LP_VALUE:
    go (m, MW_SHOW_LP_TIME, 0);
    break;
  case MW_SHOW_AUTO:
    if (m->user.long_press)
      m->user.long_press (m->user.ctx);
    break;
  default:
    break;
  }
}

/* Holding Scroll works the disconnector too (manual 6.9.2). */
static bool
hold_for_switch (mw_meter *m, uint32_t seconds)
{
  if (seconds >= EXTENDED_S && mw_switch_may (m, MW_SWITCH_MAIN, MW_MANUAL_RECONNECT))
    return mw_switch_do (m, MW_SWITCH_MAIN, MW_MANUAL_RECONNECT) == MW_OK;
  if (seconds >= DISCONNECT_S && mw_switch_may (m, MW_SWITCH_MAIN, MW_MANUAL_DISCONNECT))
    return mw_switch_do (m, MW_SWITCH_MAIN, MW_MANUAL_DISCONNECT) == MW_OK;
  return false;
}

/* Two minutes without a key: back to auto-scroll.  The test after power-up and a refusal end by
 * themselves. */
static void
time_out (mw_meter *m)
{
  const mw_display *d = &m->display;
  if (d->mode == MW_SHOW_STARTUP && m->uptime - d->since >= STARTUP_S && !d->held)
    go (m, MW_SHOW_AUTO, 0);
  if (d->mode == MW_SHOW_RESET_RESULT && d->item == RESET_REJECTED
      && m->uptime - d->since >= REJECTED_S)
    go (m, MW_SHOW_RESET, 0);
  if (m->display.mode != MW_SHOW_AUTO && m->uptime - m->display.key_time >= EXIT_S)
    go (m, MW_SHOW_AUTO, 0);
}

/* Have both keys been held long enough to reset the meter (manual Figure 57)? */
static bool
says_release (const mw_meter *m)
{
  const mw_display *d = &m->display;
  return d->mode == MW_SHOW_RESET && d->held == 3
         && d->down[MW_KEY_RESET] <= d->down[MW_KEY_SCROLL]
         && m->uptime - d->down[MW_KEY_RESET] >= EXTENDED_S;
}

static void
reset_meter (mw_meter *m)
{
  enum mw_err err = mw_script_execute (m, MW_TABLE_METER_RESET, 1, true);
  if (!err)
    err = mw_meter_commit (m);
  go (m, MW_SHOW_RESET_RESULT,
      err == MW_OK            ? RESET_DONE
      : err == MW_ERR_REFUSED ? RESET_REJECTED
                              : RESET_FAILED);
}

void
mw_display_hold (mw_meter *m, enum mw_key key, bool down)
{
  mw_display *d = &m->display;
  if (!m->powered || (d->held >> key & 1) == down)
    return;
  time_out (m);
  d->key_time = m->uptime;
  if (down) {
    d->down[key] = m->uptime;
    d->held = (uint8_t) (d->held | 1u << key);
    d->both = d->held == 3;
    d->armed = false;
    return;
  }
  bool armed = d->armed, both = d->both;
  d->armed = key == MW_KEY_RESET && says_release (m);
  d->held = (uint8_t) (d->held & ~(1u << key));
  d->both = both && d->held;
  if (key == MW_KEY_SCROLL && armed)
    reset_meter (m);
  else if (!both) /* one of two keys does nothing by itself */
    mw_display_key (m, key, m->uptime - d->down[key]);
}

void
mw_display_key (mw_meter *m, enum mw_key key, uint32_t seconds)
{
  if (!m->powered)
    return;
  time_out (m);
  m->display.key_time = m->uptime;
  if (key == MW_KEY_RESET) {
    if (m->display.mode == MW_SHOW_TEST && seconds < LONG_S)
      go (m, MW_SHOW_SET_MENU, 0);
    return;
  }
  if (seconds >= EXTENDED_S) {
    hold_for_switch (m, seconds);
    go (m, MW_SHOW_AUTO, 0);
  } else if (seconds >= LONG_S) {
    scroll_long (m);
  } else {
    scroll_short (m);
  }
}

static uint32_t
seconds_on_show (const mw_meter *m, const mw_list_item *item)
{
  char text[MW_DISPLAY_TEXT];
  size_t len = mw_display_string (m, item, text);
  return AUTO_S + (len > VALUE_DIGITS ? (uint32_t) (len - VALUE_DIGITS) : 0);
}

/* Which item of the general list auto-scroll is at, and since when. */
static unsigned
auto_item (const mw_meter *m, uint32_t *since)
{
  const mw_list *list = &m->list[MW_LIST_GENERAL];
  uint32_t cycle = 0, at = m->uptime - m->display.since;
  for (unsigned i = 0; i < list->n; i++)
    cycle += seconds_on_show (m, &list->item[i]);
  at = cycle ? at % cycle : 0;
  for (unsigned i = 0; i < list->n; i++) {
    uint32_t s = seconds_on_show (m, &list->item[i]);
    if (at < s) {
      *since = at;
      return i;
    }
    at -= s;
  }
  return 0;
}

static void
say (mw_lcd *out, const char *text)
{
  size_t n = strlen (text);
  memcpy (out->value, text, n + 1);
}

static void
show_auto (mw_meter *m, mw_lcd *out)
{
  uint32_t since = 0;
  unsigned i = auto_item (m, &since);
  if (mw_switch_may (m, MW_SWITCH_MAIN, MW_MANUAL_RECONNECT))
    say (out, "ConnEct");
  else if (m->list[MW_LIST_GENERAL].n)
    mw_display_item (m, &m->list[MW_LIST_GENERAL].item[i], since, out);
}

static void
show_manual (mw_meter *m, mw_lcd *out)
{
  const mw_list *list = &m->list[MW_LIST_ALTERNATE];
  if (m->display.item >= list->n)
    say (out, "End");
  else
    mw_display_item (m, &list->item[m->display.item], m->uptime - m->display.since, out);
}

static void
show_menu (mw_meter *m, mw_lcd *out)
{
  static const char *const data[] = { "Std dAtA", "P.01", "P.02", "End" };
  static const char *const set[] = { "rESEt", "LCd tESt", "End" };
  say (out,
       m->display.mode == MW_SHOW_DATA_MENU ? data[m->display.item] : set[m->display.item]);
}

static void
show_reset (mw_meter *m, mw_lcd *out)
{
  static const char *const results[] = { "rSuCCES", "rFAIL", "rEJectEd" };
  if (m->display.mode == MW_SHOW_RESET_RESULT)
    say (out, results[m->display.item]);
  else
    say (out, says_release (m) ? "rLEASE" : "rESEt");
}

static void
show_lcd_test (mw_meter *m, mw_lcd *out)
{
  static const char *const conditions[] = { "8.8.8.8.8.8.8.8", "8 8 8 8", " 8 8 8 8", "" };
  say (out, conditions[m->display.item]);
  out->all_segments = m->display.item == 0;
}

static void
show_profile (mw_meter *m, mw_lcd *out)
{
  mw_record r;
  mw_civil c;
  memcpy (out->obis, m->display.profile == 0 ? "P.01" : "P.02", 5);
  if (mw_profile_read (m, shown_profile (m), m->display.record, &r)) {
    say (out, "Error 31");
    return;
  }
  c = mw_clock_civil (m, r.time);
  if (m->display.mode == MW_SHOW_LP_DATE)
    mw_display_three (c.year % 100u, c.month, c.day, '.', out->value);
  else if (m->display.mode == MW_SHOW_LP_TIME)
    mw_display_three (c.day, c.hour, c.minute, ':', out->value);
  else if (m->display.item < r.n)
    mw_display_value (m, m->profile[shown_profile (m)].capture[m->display.item],
                      &r.value[m->display.item], out);
  if (m->display.mode == MW_SHOW_LP_TIME)
    out->value[2] = '.'; /* DD.hh:mm */
}

static void
show_flags (const mw_meter *m, mw_lcd *out)
{
  unsigned tariff = mw_tariff_active (m, MW_ACTIVATE_ENERGY);
  if (tariff)
    out->cursors |= (uint16_t) MW_CURSOR_TARIFF ((tariff - 1) % 4 + 1);
  if (tariff > 4)
    out->blinking = out->cursors;
  if (m->st.disconnect.sw[MW_SWITCH_MAIN].state != MW_CONNECTED)
    out->cursors |= MW_CURSOR_SD;
  if (m->uptime < m->display.busy_until)
    out->cursors |= MW_CURSOR_DRO;
  out->cursors |= m->user.cursors;
  out->blinking |= m->user.blinking;
  if (mw_error_shown (m))
    out->cursors |= MW_CURSOR_FF;
  if (m->display.mode == MW_SHOW_SET_MENU || m->display.mode == MW_SHOW_LCD_TEST
      || m->display.mode == MW_SHOW_RESET)
    out->cursors |= MW_CURSOR_SET;
  for (unsigned ph = 0; ph < m->phases; ph++)
    if (!m->st.quality.phase[ph].lost)
      out->phases |= (uint8_t) (1u << ph);
  out->phases_blink = m->st.quality.reversed;
  out->backlight = m->display.key_time && m->uptime - m->display.key_time < BACKLIGHT_S;
}

static void
show_arrows (const mw_meter *m, mw_lcd *out)
{
  const int64_t *rate = m->power.rate;
  out->arrows =
      (uint8_t) ((rate[MW_Q_AP] ? MW_ARROW_P_PLUS : 0) | (rate[MW_Q_AM] ? MW_ARROW_P_MINUS : 0)
                 | (rate[MW_Q_RP] ? MW_ARROW_Q_PLUS : 0)
                 | (rate[MW_Q_RM] ? MW_ARROW_Q_MINUS : 0));
}

void
mw_display_show (mw_meter *m, mw_lcd *out)
{
  *out = (mw_lcd){ 0 };
  if (!m->powered)
    return;
  time_out (m);
  show_flags (m, out);
  show_arrows (m, out);
  switch (m->display.mode) {
  case MW_SHOW_AUTO:
    show_auto (m, out);
    break;
  case MW_SHOW_RESET:
  case MW_SHOW_RESET_RESULT:
    show_reset (m, out);
    break;
  case MW_SHOW_TEST:
  case MW_SHOW_STARTUP:
    say (out, "8.8.8.8.8.8.8.8");
    out->all_segments = true;
    break;
  case MW_SHOW_DATA_MENU:
  case MW_SHOW_SET_MENU:
    show_menu (m, out);
    break;
  case MW_SHOW_MANUAL:
    show_manual (m, out);
    break;
  case MW_SHOW_LCD_TEST:
    show_lcd_test (m, out);
    break;
  default:
    show_profile (m, out);
    break;
  }
}
