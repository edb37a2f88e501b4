/* workspace-facts.c: what the catalogue says of the meter that is shown: which functions it
 * has, what its type number means, what its status bits are called; and the names by which
 * other families know the registers that the Overview shows. */
#include <string.h>

#include "workspace-private.h"

/* Registers of KMP by the OBIS codes of the Overview (METERTOOL manual, OMNIPOWER technical
 * description Table 31): for families whose registers have no code. */
static const struct {
  const char *obis;
  guint16 kmp_id;
} kmp_names[] = {
  { "1-0:1.8.0.255", 0x1 },    { "1-0:2.8.0.255", 0x2 },    { "1-0:3.8.0.255", 0x3 },
  { "1-0:4.8.0.255", 0x4 },    { "1-0:1.8.1.255", 0x13 },   { "1-0:1.8.2.255", 0x17 },
  { "1-0:1.8.3.255", 0x1b },   { "1-0:1.8.4.255", 0x1f },   { "1-0:1.7.0.255", 0x3ff },
  { "1-0:2.7.0.255", 0x400 },  { "1-0:3.7.0.255", 0x401 },  { "1-0:4.7.0.255", 0x402 },
  { "1-0:32.7.0.255", 0x41e }, { "1-0:52.7.0.255", 0x41f }, { "1-0:72.7.0.255", 0x420 },
  { "1-0:31.7.0.255", 0x434 }, { "1-0:51.7.0.255", 0x435 }, { "1-0:71.7.0.255", 0x436 },
  { "1-0:21.7.0.255", 0x438 }, { "1-0:41.7.0.255", 0x439 }, { "1-0:61.7.0.255", 0x43a },
  { "1-0:33.7.0.255", 0x492 }, { "1-0:53.7.0.255", 0x493 }, { "1-0:73.7.0.255", 0x494 },
  { "1-0:13.7.0.255", 0x495 }, { "0-0:1.0.0.255", 0x417 },
};

gboolean
mw_workspace_other_name (const char *obis, guint i, char *name, gsize size)
{
  if (i == 0 && g_str_has_prefix (obis, "1-0:")) { /* the channel of Kamstrup meters is 1 */
    g_snprintf (name, size, "1-1:%s", obis + 4);
    return TRUE;
  }
  for (gsize k = 0; i <= 1 && k < G_N_ELEMENTS (kmp_names); k++)
    if (strcmp (kmp_names[k].obis, obis) == 0) {
      g_snprintf (name, size, "kmp:%X", kmp_names[k].kmp_id);
      return TRUE;
    }
  return FALSE;
}

/* ---- from the catalogue ---- */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MwRecognition, mw_recognition_free)

typedef struct {
  MwMeterInfo *meter;
  MwMeterFacts *facts;
} Wish;

void
mw_meter_facts_free (MwMeterFacts *facts)
{
  if (!facts)
    return;
  g_clear_pointer (&facts->functions, g_ptr_array_unref);
  g_clear_pointer (&facts->positions, g_ptr_array_unref);
  g_clear_pointer (&facts->status_bits, g_ptr_array_unref);
  g_free (facts->shape);
  g_free (facts);
}

static void
wish_free (Wish *wish)
{
  mw_meter_info_unref (wish->meter);
  mw_meter_facts_free (wish->facts);
  g_free (wish);
}

/* The type number stands in the type, or beside it. */
static void
take_type_apart (MwStore *store, const MwMeterInfo *meter, MwMeterFacts *facts)
{
  const char *const numbers[] = { meter->type, meter->logical_name };
  for (gsize i = 0; !facts->positions && i < G_N_ELEMENTS (numbers); i++)
    if (numbers[i] && *numbers[i])
      facts->positions =
          mw_store_decode_type_number (store, NULL, numbers[i], &facts->shape, NULL);
}

static gboolean
load_facts (MwStore *store, gpointer data, GCancellable *cancellable, GError **error)
{
  Wish *wish = data;
  MwMeterFacts *facts = g_new0 (MwMeterFacts, 1);
  MwMeterKind kind = mw_meter_kind_of (wish->meter);
  g_autoptr (MwRecognition) known = NULL;
  wish->facts = facts;
  take_type_apart (store, wish->meter, facts);
  if (!kind.family)
    return TRUE;
  if (!kind.model && facts->shape) { /* stored before the model was known */
    known = mw_store_recognise (store, NULL, NULL, facts->shape, NULL);
    if (known && known->model)
      kind = (MwMeterKind){ known->family,  known->model,  known->generation,
                            known->variant, kind.revision, facts->shape };
  }
  facts->functions = mw_store_list_functions (store, &kind, NULL);
  facts->status_bits = mw_store_list_bits (store, kind.family, "status", NULL);
  return TRUE;
}

static void
on_facts (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MwWorkspace) self = user_data;
  Wish *wish = mw_store_run_get_data (result);
  if (!mw_store_run_finish (result, NULL) || wish->meter != self->meter)
    return;
  g_clear_pointer (&self->facts, mw_meter_facts_free);
  self->facts = g_steal_pointer (&wish->facts);
  mw_workspace_emit_meter_changed (self);
}

void
mw_workspace_load_facts (MwWorkspace *self)
{
  if (!self->store || !self->meter)
    return;
  Wish *wish = g_new0 (Wish, 1);
  wish->meter = mw_meter_info_ref (self->meter);
  mw_store_run_async (self->store, load_facts, wish, (GDestroyNotify) wish_free, NULL, on_facts,
                      g_object_ref (self));
}

const MwMeterFacts *
mw_workspace_get_facts (MwWorkspace *self)
{
  static const MwMeterFacts none;
  return self->facts ? self->facts : &none;
}

const char *
mw_workspace_get_missing_reason (MwWorkspace *self, const char *function)
{
  const MwMeterFacts *facts = mw_workspace_get_facts (self);
  if (!self->meter)
    return NULL;
  if (strcmp (function, "iec-request") == 0 && mw_workspace_is_connected (self)
      && mw_session_get_iec_refusal (self->session))
    return mw_session_get_iec_refusal (self->session);
  for (guint i = 0; facts->functions && i < facts->functions->len; i++) {
    const MwFunctionInfo *info = facts->functions->pdata[i];
    if (strcmp (info->id, function) == 0)
      return info->available ? NULL : info->reason;
  }
  return NULL;
}
