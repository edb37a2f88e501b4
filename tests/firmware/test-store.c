/* test-store.c: the power is cut at the n-th write, for n = 1, 2, … until the scenario passes;
 * what is found afterwards is the state before or after a commit, whole. */
#include "rig.h"

#define START "2026-03-01T00:00:00"
#define POWER_W 690

/* A calendar that is all of one kind: named K, switching to script K at hour K. */
static mw_calendar
calendar_of (uint8_t k)
{
  mw_calendar c;
  memset (&c, 0, sizeof c);
  c.name = (mw_name){ 1, { k } };
  c.seasons = c.weeks = 1;
  c.days = MW_DAYS_MAX;
  mw_when_any_midnight (&c.season[0].start);
  c.season[0].start.month = c.season[0].start.day = 1;
  c.season[0].week = c.week[0].name = (mw_name){ 1, { k } };
  for (unsigned d = 0; d < MW_DAYS_MAX; d++) {
    c.day[d].id = (uint8_t) (d + 1);
    c.day[d].n = 1;
    c.day[d].action[0] = (mw_action){ k, 0, 0, MW_TABLE_TARIFF, k };
  }
  for (unsigned d = 0; d < 7; d++)
    c.week[0].day[d] = (uint8_t) (d + 1);
  return c;
}

static void
open_meter (rig *r)
{
  mw_meter_config config = { &r->nvm.nvm, 3, 7 };
  mw_meter_init (&r->m, &config);
}

/* What happens; errors are not looked at, for the power may be gone. */
static void
scenario (rig *r)
{
  mw_meter *m = &r->m;
  mw_calendar two = calendar_of (2), three = calendar_of (3);
  open_meter (r);
  if (mw_meter_start (m, utc_of (START)))
    return;
  rig_load (r, 230, 1000, 0);
  mw_meter_run (m, 3600);
  mw_calendar_set_passive (m, &two);
  mw_calendar_activate (m);
  mw_meter_commit (m);
  for (unsigned i = 0; i < 5; i++) {
    mw_meter_run (m, 1000);
    mw_script_execute (m, MW_TABLE_BILLING, 1, false);
    mw_meter_run (m, 1);
  }
  mw_setting_set (m, MW_SET_SAG_TIME, 77);
  mw_calendar_set_passive (m, &three);
  mw_calendar_activate (m);
  mw_meter_commit (m);
  mw_meter_power (m, false);
  mw_meter_run (m, 600);
  mw_meter_power (m, true);
  mw_meter_run (m, 3600);
  mw_meter_stop (m);
}

static bool
is_whole (const mw_calendar *c)
{
  mw_calendar want = calendar_of (c->name.text[0]);
  return c->name.len != 1 || memcmp (c, &want, sizeof want) == 0; /* or the default */
}

static unsigned
count_events (rig *r, enum mw_log log, uint8_t code)
{
  unsigned n = 0;
  uint32_t first = mw_log_first (&r->m, log);
  for (uint32_t i = first; i < first + mw_log_count (&r->m, log); i++) {
    mw_log_entry e = { 0 };
    CHECK_EQ (mw_log_read (&r->m, log, i, &e), MW_OK);
    n += e.code == code;
  }
  return n;
}

/* Records follow each other and hold what the constant load makes of their time. */
static void
check_profile (rig *r)
{
  uint32_t first = mw_profile_first (&r->m, MW_PROFILE_LOAD1);
  uint32_t n = mw_profile_count (&r->m, MW_PROFILE_LOAD1);
  int64_t before = r->born, last_wh = -1;
  for (uint32_t i = 0; i < n; i++) {
    mw_record rec;
    if (!CHECK (mw_profile_read (&r->m, MW_PROFILE_LOAD1, first + i, &rec) == MW_OK))
      return;
    CHECK_EQ (rec.time.utc % 900, 0);
    CHECK (rec.time.utc > before);
    CHECK (rec.value[2].u.i > last_wh || rec.value[1].u.i & MW_PS_PDN);
    if (!(rec.value[1].u.i & MW_PS_PDN) && rec.time.utc < r->born + 9000)
      CHECK_EQ (rec.value[2].u.i, (rec.time.utc - r->born) * POWER_W / 3600);
    before = rec.time.utc;
    last_wh = rec.value[2].u.i;
  }
  CHECK (mw_energy_wh (&r->m, MW_Q_AP, 0) >= last_wh);
}

static void
check_state (rig *r)
{
  const mw_meter *m = &r->m;
  unsigned billed = mw_counter_get (m, MW_CNT_BILLING);
  CHECK (is_whole (&m->calendar) && is_whole (&m->passive));
  CHECK_EQ (mw_profile_count (m, MW_PROFILE_BILLING1), billed);
  CHECK_EQ (count_events (r, MW_LOG_STANDARD, 231), billed);
  CHECK (mw_setting_get (m, MW_SET_SAG_TIME) == 60
         || mw_setting_get (m, MW_SET_SAG_TIME) == 77);
  if (mw_setting_get (m, MW_SET_SAG_TIME) == 77)
    CHECK (billed == 5 && count_events (r, MW_LOG_STANDARD, 47) == 1);
  for (unsigned l = 0; l < MW_N_LOGS; l++)
    count_events (r, l, 0);
  check_profile (r);
}

/* Cut the power after PART sixteenths of write N, and if K ≠ 0 once more at the K-th write of
 * the next start. Returns whether the scenario passed without a cut. */
static bool
cut_at (uint64_t n, unsigned part, uint64_t k)
{
  rig *r = rig_make (3);
  bool passed;
  r->born = utc_of (START);
  r->nvm.power_cut_after = n;
  r->nvm.cut_part = part;
  scenario (r);
  passed = !r->nvm.cut;
  if (k) {
    r->nvm.cut = 0;
    r->nvm.power_cut_after = r->nvm.writes + k;
    open_meter (r);
    mw_meter_start (&r->m, utc_of ("2026-03-01T06:00:00"));
  }
  r->nvm.cut = 0;
  r->nvm.power_cut_after = 0;
  open_meter (r);
  CHECK_EQ (mw_meter_start (&r->m, utc_of ("2026-03-01T06:10:00")), MW_OK);
  if (r->m.store.generation == 1 && r->m.st.saved_utc == utc_of ("2026-03-01T06:10:00")
      && mw_log_count (&r->m, MW_LOG_STANDARD) == 0)
    r->born = utc_of ("2026-03-01T06:10:00"); /* cut before the first commit: a new life */
  check_state (r);
  rig_load (r, 230, 1000, 0);
  mw_meter_run (&r->m, 7200); /* life goes on */
  CHECK_EQ (r->m.store.err, MW_OK);
  check_state (r);
  rig_free (r);
  return passed;
}

static void
test_power_cut_at_every_write (void)
{
  static const unsigned parts[] = { 0, 8, 12, 16 };
  uint64_t n = 0;
  for (bool passed = false; !passed && check_failed == 0;) {
    n++;
    for (unsigned i = 0; i < 4; i++)
      passed = cut_at (n, parts[i], (n + i) % 5 ? 0 : 1 + (n + i) / 5 % 40);
  }
  printf ("%u power cuts\n", 4 * ((unsigned) n - 1));
  CHECK (n > 200);
}

/* A life with many compactions of the journal is found again in every octet. */
static void
test_everything_is_found_again (void)
{
  rig *r = rig_new (3, START);
  mw_meter *copy = malloc (sizeof *copy);
  rig_load (r, 230, 5000, 100);
  mw_meter_run (&r->m, 3 * 86400);
  mw_list_set (&r->m, MW_LIST_PORT, mw_list_of (&r->m, MW_LIST_GENERAL)->item, 3);
  mw_meter_stop (&r->m);
  memcpy (copy, &r->m, sizeof *copy);
  open_meter (r);
  CHECK_EQ (mw_store_mount (&r->m.store), MW_OK);
  CHECK_MEM (&r->m.setting, sizeof r->m.setting, copy->setting, sizeof copy->setting);
  CHECK_MEM (&r->m.reg, offsetof (mw_registers, fuse), &copy->reg,
             offsetof (mw_registers, fuse));
  CHECK_MEM (&r->m.st, sizeof r->m.st, &copy->st, sizeof copy->st);
  CHECK_MEM (&r->m.tariffs, sizeof r->m.tariffs, &copy->tariffs, sizeof copy->tariffs);
  CHECK_MEM (r->m.list, sizeof r->m.list, copy->list, sizeof copy->list);
  CHECK_EQ (r->m.list[MW_LIST_PORT].n, 3);
  CHECK (r->m.store.generation > 10);
  free (copy);
  rig_free (r);
}

/* A file keeps what memory keeps; a damaged half falls back to the other one. */
static void
test_file_and_damage (void)
{
  const char *path = "test-store.nvm";
  rig *r = calloc (1, sizeof *r);
  uint8_t *head;
  remove (path);
  CHECK_EQ (mw_nvm_file_open (&r->nvm, path, MW_METER_NVM, 4096), MW_OK);
  open_meter (r);
  CHECK_EQ (mw_meter_start (&r->m, utc_of (START)), MW_OK);
  rig_load (r, 230, 1000, 0);
  mw_meter_run (&r->m, 86400);
  mw_meter_stop (&r->m);
  mw_nvm_file_close (&r->nvm);

  CHECK_EQ (mw_nvm_file_open (&r->nvm, path, MW_METER_NVM / 2, 4096), MW_ERR_STORAGE);
  CHECK_EQ (mw_nvm_file_open (&r->nvm, path, MW_METER_NVM, 4096), MW_OK);
  open_meter (r);
  CHECK_EQ (mw_meter_start (&r->m, utc_of ("2026-03-02T00:00:00")), MW_OK);
  CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AP, 0), 24 * POWER_W);
  head = r->nvm.image + r->m.store.half * MW_STORE_HALF;
  head[8] ^= 1; /* a bit of the generation, in the head of the half in force */
  open_meter (r);
  CHECK_EQ (mw_meter_start (&r->m, utc_of ("2026-03-02T01:00:00")), MW_OK);
  CHECK (mw_energy_wh (&r->m, MW_Q_AP, 0) > 20 * POWER_W);
  mw_nvm_file_close (&r->nvm);
  remove (path);
  free (r);
}

/* Too small a memory, and one that fails, are refused in words. */
static void
test_no_memory (void)
{
  rig *r = calloc (1, sizeof *r);
  CHECK_EQ (mw_nvm_file_open (&r->nvm, NULL, 256 * 1024, 4096), MW_OK);
  open_meter (r);
  CHECK_EQ (mw_meter_start (&r->m, utc_of (START)), MW_ERR_STORAGE);
  rig_free (r);
  r = rig_make (3);
  r->nvm.cut = 1;
  CHECK_EQ (mw_meter_start (&r->m, utc_of (START)), MW_ERR_STORAGE);
  rig_free (r);
}

/* Memory that fails in operation: metering goes on, the display says so.  Memory that was
 * written and cannot be read: a new life, with the error on record. */
static void
test_memory_errors (void)
{
  rig *r = rig_new (3, START);
  char text[40];
  rig_load (r, 230, 1000, 0);
  mw_meter_run (&r->m, 3600);
  r->nvm.cut = 1;
  mw_meter_run (&r->m, 3600);
  CHECK_EQ (r->m.store.err, MW_ERR_STORAGE);
  CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AP, 0), 2 * POWER_W);
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ERROR1), MW_ERROR_NVM);
  CHECK (mw_error_shown (&r->m));
  r->nvm.cut = 0;
  r->nvm.image[0] ^= 1;
  r->nvm.image[MW_STORE_HALF] ^= 1;
  open_meter (r);
  CHECK_EQ (mw_meter_start (&r->m, utc_of (START)), MW_OK);
  CHECK (r->m.store.damaged);
  CHECK_EQ (mw_energy_wh (&r->m, MW_Q_AP, 0), 0);
  CHECK_STR (log_text (r, MW_LOG_STANDARD, 0, text, sizeof text), "14");
  CHECK_EQ (mw_meter_number (&r->m, MW_V_ERROR1), MW_ERROR_NVM);
  rig_free (r);
}

CHECK_MAIN (test_power_cut_at_every_write, test_everything_is_found_again, test_file_and_damage,
            test_no_memory, test_memory_errors)
