/* cutoff.c: see cutoff.h. */
#include "core/kamstrup/cutoff.h"

#include <string.h>

void
mw_kcutoff_init (mw_kcutoff *c)
{
  memset (c, 0, sizeof *c);
  c->state = MW_KCS_CONNECTED;
}

void
mw_kcutoff_configured (mw_kcutoff *c)
{
  memset (c->over_s, 0, sizeof c->over_s);
  memset (c->sum_mvs, 0, sizeof c->sum_mvs);
  c->block_s = 0;
}

/* Limits. */

static uint32_t
delay (const mw_kcutoff_config *cfg, unsigned x)
{
  uint32_t t = 0;
  for (unsigned i = 0; i <= x; i++)
    t += cfg->t[i];
  return t;
}

/* Is channel CH (0-2 a phase, 3 the power) beyond k_x times its limit? */
static bool
exceeds (const mw_kcutoff_config *cfg, const mw_kmeasured *in, unsigned x, unsigned ch)
{
  if (!(cfg->basis & MW_KBASIS_LOAD) || cfg->by_power != (ch == 3))
    return false;
  if (ch == 3) /* mW against W × 0.1 */
    return in->import_mw > (int64_t) cfg->power_w * cfg->k[x] * 100;
  return ch < in->phases && in->current_ma[ch] > cfg->current_da * cfg->k[x] * 10;
}

/* Is a delay over? */
static bool
is_overloaded (const mw_kcutoff *c, const mw_kcutoff_config *cfg)
{
  for (unsigned x = 0; x < 3; x++)
    for (unsigned ch = 0; ch < 4; ch++)
      if (c->over_s[x][ch] > delay (cfg, x))
        return true;
  return false;
}

static bool
is_short (const mw_kcutoff_config *cfg, const mw_kmeasured *in)
{
  for (unsigned ph = 0; ph < in->phases; ph++)
    if (in->current_ma[ph] > cfg->short_a * 1000u)
      return true;
  return false;
}

/* Movements. */

static uint8_t
state_of (unsigned cause)
{
  switch (cause) {
  case MW_KCC_COMMAND:
    return MW_KCS_COMMAND;
  case MW_KCC_BUTTON:
    return MW_KCS_BUTTON;
  case MW_KCC_PREPAYMENT:
    return MW_KCS_PREPAYMENT;
  case MW_KCC_EXPIRED:
    return MW_KCS_EXPIRED;
  default:
    return MW_KCS_CUT;
  }
}

/* Open for CAUSE now, or when the current allows it. */
static void
open_for (mw_kcutoff *c, const mw_kcutoff_config *cfg, const mw_kmeasured *in, unsigned cause)
{
  if (is_short (cfg, in)) {
    c->pending_cause = (uint8_t) cause;
    return;
  }
  mw_kcutoff_configured (c);
  c->state = state_of (cause);
  c->cause = (uint8_t) cause;
  c->pending_cause = 0;
  c->lock_s = MW_KLOCK_S;
  c->count++;
  if (cause == MW_KCC_LOAD || cause == MW_KCC_PREPAYMENT || cause == MW_KCC_EXPIRED)
    c->wait_s = cfg->wait_s;
}

static void
close_now (mw_kcutoff *c)
{
  mw_kcutoff_configured (c);
  c->state = MW_KCS_CONNECTED;
  c->closing = false;
  c->closing_s = 0;
  c->lock_s = MW_KLOCK_S;
}

/* Close no sooner than 5 s after the wish, of which WAITED have passed. */
static void
begin_closing (mw_kcutoff *c, uint32_t waited)
{
  c->closing = true;
  c->closing_s = (uint8_t) (waited < MW_KRECONNECT_S ? MW_KRECONNECT_S - waited : 0);
  if (c->closing_s == 0)
    close_now (c);
}

static bool
may_close (const mw_kcutoff *c)
{
  return c->wait_s == 0 && (c->wish == MW_KPW_CONNECT || c->wish == MW_KPW_LIMITED);
}

/* Commands. */

static enum mw_err
disconnect (mw_kcutoff *c, const mw_kcutoff_config *cfg, const mw_kmeasured *in)
{
  if (mw_kcutoff_is_closed (c)) {
    open_for (c, cfg, in, MW_KCC_COMMAND);
    return MW_OK;
  }
  c->closing = false; /* open already: now it takes a command to close it */
  c->state = MW_KCS_COMMAND;
  c->cause = MW_KCC_COMMAND;
  return MW_OK;
}

static enum mw_err
release (mw_kcutoff *c)
{
  if (mw_kcutoff_is_closed (c) || c->state == MW_KCS_EXPIRED || c->closing)
    return MW_ERR_REFUSED;
  c->state = MW_KCS_RELEASED;
  return MW_OK;
}

static enum mw_err
reconnect (mw_kcutoff *c)
{
  if (mw_kcutoff_is_closed (c)) {
    c->pending_cause = 0; /* of a disconnection that has not come yet */
    return MW_OK;
  }
  if (c->state != MW_KCS_RELEASED || !may_close (c))
    return MW_ERR_REFUSED;
  if (!c->closing)
    begin_closing (c, 0);
  return MW_OK;
}

enum mw_err
mw_kcutoff_do (mw_kcutoff *c, const mw_kcutoff_config *cfg, const mw_kmeasured *in,
               enum mw_kcutoff_command command)
{
  if (command < MW_KCUT_DISCONNECT || command > MW_KCUT_RECONNECT)
    return MW_ERR_VALUE;
  if (c->lock_s)
    return MW_ERR_REFUSED;
  if (command == MW_KCUT_DISCONNECT)
    return disconnect (c, cfg, in);
  return command == MW_KCUT_RELEASE ? release (c) : reconnect (c);
}

/* May the push-button close it from the state in which it is? */
static bool
button_may_close (const mw_kcutoff *c, const mw_kcutoff_config *cfg)
{
  switch (c->state) {
  case MW_KCS_RELEASED:
  case MW_KCS_BUTTON:
    return true;
  case MW_KCS_CUT:
    return c->cause == MW_KCC_LOAD && cfg->reconnect == MW_KRECONNECT_MANUAL;
  case MW_KCS_PREPAYMENT: /* with credit as configured; for the small load always (4.8.14) */
    return c->wish == MW_KPW_LIMITED || cfg->reconnect == MW_KRECONNECT_MANUAL;
  default:
    return false;
  }
}

enum mw_err
mw_kcutoff_button (mw_kcutoff *c, const mw_kcutoff_config *cfg, const mw_kmeasured *in)
{
  if (mw_kcutoff_is_closed (c)) {
    if (!(cfg->button & MW_KBUTTON_DISCONNECT))
      return MW_ERR_REFUSED;
    open_for (c, cfg, in, MW_KCC_BUTTON);
    return MW_OK;
  }
  if (!(cfg->button & MW_KBUTTON_RECONNECT) || !button_may_close (c, cfg) || !may_close (c))
    return MW_ERR_REFUSED;
  if (!c->closing)
    begin_closing (c, 0);
  return MW_OK;
}

void
mw_kcutoff_neutral (mw_kcutoff *c, const mw_kcutoff_config *cfg, const mw_kmeasured *in)
{
  if (mw_kcutoff_is_closed (c))
    open_for (c, cfg, in, MW_KCC_NEUTRAL);
}

enum mw_kcutoff_state
mw_kcutoff_shown (const mw_kcutoff *c)
{
  bool warned = false;
  for (unsigned x = 0; x < 3; x++)
    for (unsigned ch = 0; ch < 4; ch++)
      warned |= c->over_s[x][ch] > 0;
  return mw_kcutoff_is_closed (c) && warned ? MW_KCS_WARNING : (enum mw_kcutoff_state) c->state;
}

uint8_t
mw_kcutoff_feedback (const mw_kcutoff *c, const mw_kmeasured *in, unsigned present)
{
  bool closed = mw_kcutoff_is_closed (c), wrong = false;
  uint8_t bits = MW_KFEEDBACK_VALID;
  for (unsigned ph = 0; ph < in->phases; ph++) {
    bool voltage = present >> ph & 1u;
    bits = (uint8_t) (bits | (voltage ? MW_KFEEDBACK_VOLTAGE << ph : 0u));
    wrong |= voltage && !closed;
  }
  bits |= wrong ? 0 : MW_KFEEDBACK_OK;
  bits |= closed ? 0 : MW_KFEEDBACK_CUT;
  if (c->pending_cause || c->closing)
    bits |= MW_KFEEDBACK_PENDING;
  return bits;
}

/* Time. */

/* The block that is running: its length, 0: none. */
static uint32_t
block_of (const mw_kcutoff *c, const mw_kcutoff_config *cfg)
{
  if (!(cfg->basis & MW_KBASIS_VOLTAGE))
    return 0;
  if (mw_kcutoff_is_closed (c))
    return cfg->over_s;
  return c->state == MW_KCS_CUT && c->cause == MW_KCC_VOLTAGE && !c->closing ? cfg->back_s : 0;
}

/* Is one phase's mean over BLOCK seconds above V? */
static bool
any_above (const uint64_t sum_mvs[MW_PHASES], unsigned phases, uint32_t v, uint32_t block)
{
  bool any = false;
  for (unsigned ph = 0; ph < phases; ph++)
    any |= sum_mvs[ph] > (uint64_t) v * 1000u * block;
  return any;
}

/* Would the breaker move at the end of a block with these sums? */
static bool
moves (const mw_kcutoff *c, const mw_kcutoff_config *cfg, const uint64_t sum_mvs[MW_PHASES],
       unsigned phases, uint32_t block)
{
  bool closed = mw_kcutoff_is_closed (c);
  return any_above (sum_mvs, phases, closed ? cfg->over_v : cfg->back_v, block) == closed;
}

static uint32_t
block_horizon (const mw_kcutoff *c, const mw_kcutoff_config *cfg, const mw_kmeasured *in)
{
  uint32_t block = block_of (c, cfg), left = block - c->block_s;
  uint64_t this[MW_PHASES], next[MW_PHASES];
  if (block == 0 || (mw_kcutoff_is_closed (c) && is_short (cfg, in)))
    return UINT32_MAX;
  for (unsigned ph = 0; ph < MW_PHASES; ph++) {
    next[ph] = (uint64_t) in->voltage_mv[ph] * block;
    this[ph] = c->sum_mvs[ph] + (uint64_t) in->voltage_mv[ph] * left;
  }
  if (moves (c, cfg, this, in->phases, block))
    return left;
  return moves (c, cfg, next, in->phases, block) ? left + block : UINT32_MAX;
}

static uint32_t
load_horizon (const mw_kcutoff *c, const mw_kcutoff_config *cfg, const mw_kmeasured *in)
{
  uint32_t n = UINT32_MAX;
  if (!mw_kcutoff_is_closed (c) || is_short (cfg, in))
    return n;
  for (unsigned x = 0; x < 3; x++)
    for (unsigned ch = 0; ch < 4; ch++) {
      uint32_t t = delay (cfg, x) + 1, now = c->over_s[x][ch];
      uint32_t left = t > now ? t - now : 1;
      if (exceeds (cfg, in, x, ch) && left < n)
        n = left;
    }
  return n;
}

/* Does it close by itself when nothing holds it back? */
static bool
closes_by_itself (const mw_kcutoff *c, const mw_kcutoff_config *cfg)
{
  bool load = c->state == MW_KCS_CUT && c->cause == MW_KCC_LOAD;
  bool paid = (c->state == MW_KCS_PREPAYMENT || c->state == MW_KCS_EXPIRED)
              && c->wish == MW_KPW_CONNECT;
  return cfg->reconnect == MW_KRECONNECT_AUTOMATIC && (load || paid) && !c->closing
         && (c->wish == MW_KPW_CONNECT || c->wish == MW_KPW_LIMITED);
}

uint32_t
mw_kcutoff_horizon (const mw_kcutoff *c, const mw_kcutoff_config *cfg, const mw_kmeasured *in)
{
  uint32_t block = block_horizon (c, cfg, in), n = load_horizon (c, cfg, in);
  n = block < n ? block : n;
  if (c->closing && c->closing_s < n)
    n = c->closing_s;
  if (closes_by_itself (c, cfg) && c->wait_s < n)
    n = c->wait_s;
  if (c->pending_cause && !is_short (cfg, in))
    n = 1;
  return n ? n : 1;
}

static void
pass (mw_kcutoff *c, const mw_kcutoff_config *cfg, const mw_kmeasured *in, uint32_t n)
{
  uint32_t block = block_of (c, cfg), skip;
  bool closed = mw_kcutoff_is_closed (c);
  c->lock_s = (uint16_t) (c->lock_s > n ? c->lock_s - n : 0);
  c->wait_s = c->wait_s > n ? c->wait_s - n : 0;
  c->closing_s = (uint8_t) (c->closing_s > n ? c->closing_s - n : 0);
  for (unsigned x = 0; x < 3; x++)
    for (unsigned ch = 0; ch < 4; ch++) {
      uint32_t *s = &c->over_s[x][ch];
      *s = !closed || !exceeds (cfg, in, x, ch) ? 0 : *s > UINT32_MAX - n ? UINT32_MAX : *s + n;
    }
  if (block == 0)
    return;
  skip = c->block_s + n > block ? (c->block_s + n) / block * block : 0;
  if (skip == c->block_s + n) /* the block that ends now is the one to be judged */
    skip -= block;
  for (unsigned ph = 0; ph < MW_PHASES; ph++)
    c->sum_mvs[ph] = (skip ? 0 : c->sum_mvs[ph])
                     + (uint64_t) in->voltage_mv[ph] * (skip ? c->block_s + n - skip : n);
  c->block_s += n - skip;
}

/* The end of a block; true when the breaker moved. */
static bool
judge_block (mw_kcutoff *c, const mw_kcutoff_config *cfg, const mw_kmeasured *in)
{
  uint32_t block = block_of (c, cfg);
  bool now, closed = mw_kcutoff_is_closed (c);
  if (block == 0 || c->block_s < block)
    return false;
  now = moves (c, cfg, c->sum_mvs, in->phases, block);
  memset (c->sum_mvs, 0, sizeof c->sum_mvs);
  c->block_s = 0;
  if (now && closed && !is_short (cfg, in))
    open_for (c, cfg, in, MW_KCC_VOLTAGE);
  else if (now && !closed)
    begin_closing (c, block);
  return closed != mw_kcutoff_is_closed (c);
}

static void
act_closed (mw_kcutoff *c, const mw_kcutoff_config *cfg, const mw_kmeasured *in)
{
  bool unpaid = c->pending_cause == MW_KCC_PREPAYMENT || c->pending_cause == MW_KCC_EXPIRED;
  if (unpaid && c->wish == MW_KPW_CONNECT)
    c->pending_cause = 0;
  if (c->wish == MW_KPW_CUT || c->wish == MW_KPW_EXPIRED)
    open_for (c, cfg, in, c->wish == MW_KPW_CUT ? MW_KCC_PREPAYMENT : MW_KCC_EXPIRED);
  else if (c->pending_cause)
    open_for (c, cfg, in, c->pending_cause);
  else if (is_overloaded (c, cfg) && !is_short (cfg, in))
    open_for (c, cfg, in, MW_KCC_LOAD);
}

static void
act_open (mw_kcutoff *c, const mw_kcutoff_config *cfg)
{
  if (c->state == MW_KCS_PREPAYMENT && c->wish == MW_KPW_EXPIRED)
    c->state = MW_KCS_EXPIRED;
  if (c->state == MW_KCS_EXPIRED && c->wish == MW_KPW_CONNECT)
    c->state = MW_KCS_PREPAYMENT; /* kWh were added: as after any other cut-off */
  if (c->closing && c->closing_s == 0)
    close_now (c);
  else if (closes_by_itself (c, cfg) && c->wait_s == 0)
    begin_closing (c, cfg->wait_s);
}

void
mw_kcutoff_step (mw_kcutoff *c, const mw_kcutoff_config *cfg, const mw_kmeasured *in,
                 enum mw_kprepayment_wish wish, uint32_t seconds)
{
  c->wish = (uint8_t) wish;
  pass (c, cfg, in, seconds);
  if (judge_block (c, cfg, in))
    return;
  if (mw_kcutoff_is_closed (c))
    act_closed (c, cfg, in);
  else
    act_open (c, cfg);
}

void
mw_kcutoff_dark (mw_kcutoff *c, uint64_t seconds)
{
  uint32_t n = seconds > UINT32_MAX ? UINT32_MAX : (uint32_t) seconds;
  c->lock_s = (uint16_t) (c->lock_s > n ? c->lock_s - n : 0);
  c->wait_s = c->wait_s > n ? c->wait_s - n : 0;
  mw_kcutoff_configured (c);
}
