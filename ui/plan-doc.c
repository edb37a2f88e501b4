#include "plan-doc.h"

#include <glib/gi18n.h>

#include "xml.h"

#define STEPS_KEPT 500

struct _MwPlanDoc {
  GObject parent_instance;

  /* owned */
  GPtrArray *states; /* of MwPlan, in the order in which they came */
  MwPlan *base;
  GFile *file;

  guint at; /* the state that holds */
};

G_DEFINE_FINAL_TYPE (MwPlanDoc, mw_plan_doc, G_TYPE_OBJECT)

static guint changed_signal;

static void
changed (MwPlanDoc *self)
{
  g_signal_emit (self, changed_signal, 0);
}

const MwPlan *
mw_plan_doc_get_plan (MwPlanDoc *self)
{
  return self->states->pdata[self->at];
}

const MwPlan *
mw_plan_doc_get_base (MwPlanDoc *self)
{
  return self->base;
}

GFile *
mw_plan_doc_get_file (MwPlanDoc *self)
{
  return self->file;
}

gboolean
mw_plan_doc_is_changed (MwPlanDoc *self)
{
  return !mw_plan_equal (mw_plan_doc_get_plan (self), self->base);
}

void
mw_plan_doc_apply (MwPlanDoc *self, const MwPlan *plan)
{
  MwPlan *next = mw_plan_copy (plan);
  mw_plan_tidy (next);
  if (mw_plan_equal (next, mw_plan_doc_get_plan (self))) {
    mw_plan_free (next);
    changed (self); /* what a field showed is put right */
    return;
  }
  g_ptr_array_set_size (self->states, (int) self->at + 1);
  g_ptr_array_add (self->states, next);
  if (self->states->len > STEPS_KEPT)
    g_ptr_array_remove_index (self->states, 0);
  self->at = self->states->len - 1;
  changed (self);
}

gboolean
mw_plan_doc_can_undo (MwPlanDoc *self)
{
  return self->at > 0;
}

gboolean
mw_plan_doc_can_redo (MwPlanDoc *self)
{
  return self->at + 1 < self->states->len;
}

void
mw_plan_doc_undo (MwPlanDoc *self)
{
  if (!mw_plan_doc_can_undo (self))
    return;
  self->at--;
  changed (self);
}

void
mw_plan_doc_redo (MwPlanDoc *self)
{
  if (!mw_plan_doc_can_redo (self))
    return;
  self->at++;
  changed (self);
}

void
mw_plan_doc_reset (MwPlanDoc *self, const MwPlan *plan, GFile *file)
{
  MwPlan *copy = mw_plan_copy (plan);
  g_ptr_array_set_size (self->states, 0);
  g_ptr_array_add (self->states, copy);
  self->at = 0;
  g_clear_pointer (&self->base, mw_plan_free);
  self->base = mw_plan_copy (copy);
  g_set_object (&self->file, file);
  changed (self);
}

gboolean
mw_plan_doc_load (MwPlanDoc *self, GFile *file, GError **error)
{
  g_autofree char *path = g_file_get_path (file);
  g_autoptr (MwPlan) plan = mw_plan_load (path, error);
  if (!plan)
    return FALSE;
  if (plan->kind != mw_plan_doc_get_plan (self)->kind) {
    g_set_error (error, MW_PLAN_ERROR, MW_PLAN_ERROR_CONTENT,
                 _ ("%s holds a plan of another kind: “%s”."), path,
                 mw_plan_kind_name (plan->kind));
    return FALSE;
  }
  mw_plan_doc_reset (self, plan, file);
  return TRUE;
}

gboolean
mw_plan_doc_save (MwPlanDoc *self, GFile *file, GError **error)
{
  g_autofree char *path = g_file_get_path (file);
  if (!mw_plan_save (mw_plan_doc_get_plan (self), path, error))
    return FALSE;
  g_clear_pointer (&self->base, mw_plan_free);
  self->base = mw_plan_copy (mw_plan_doc_get_plan (self));
  g_set_object (&self->file, file);
  changed (self);
  return TRUE;
}

static void
mw_plan_doc_finalize (GObject *object)
{
  MwPlanDoc *self = MW_PLAN_DOC (object);
  g_ptr_array_unref (self->states);
  g_clear_pointer (&self->base, mw_plan_free);
  g_clear_object (&self->file);
  G_OBJECT_CLASS (mw_plan_doc_parent_class)->finalize (object);
}

static void
mw_plan_doc_class_init (MwPlanDocClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mw_plan_doc_finalize;
  changed_signal = g_signal_new ("changed", MW_TYPE_PLAN_DOC, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
mw_plan_doc_init (MwPlanDoc *self)
{
  self->states = g_ptr_array_new_with_free_func ((GDestroyNotify) mw_plan_free);
}

MwPlanDoc *
mw_plan_doc_new (MwPlanKind kind, int first_year)
{
  MwPlanDoc *self = g_object_new (MW_TYPE_PLAN_DOC, NULL);
  g_autoptr (MwPlan) plan = mw_plan_new (kind, first_year);
  mw_plan_doc_reset (self, plan, NULL);
  return self;
}
