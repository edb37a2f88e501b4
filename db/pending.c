/* pending.c: functions of store.h that are being written. */
#include "store.h"

G_DEFINE_QUARK (mw - store - error - quark, mw_store_error)

GType
mw_store_get_type (void)
{
  return G_TYPE_POINTER;
}

MwStore *
mw_store_open (const char *path, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

MwStore *
mw_store_ref (MwStore *store)
{
  return NULL;
}

void
mw_store_unref (MwStore *store)
{
}

const char *
mw_store_get_path (MwStore *store)
{
  return NULL;
}

char *
mw_store_dup_default_path (void)
{
  return NULL;
}

guint
mw_store_get_generation (MwStore *store)
{
  return 0;
}

void
mw_store_run_async (MwStore *store, MwStoreFunc func, gpointer data, GDestroyNotify destroy,
                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
}

gboolean
mw_store_run_finish (GAsyncResult *result, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return 0;
}

gpointer
mw_store_run_get_data (GAsyncResult *result)
{
  return 0;
}

MwMeterInfo *
mw_store_save_meter (MwStore *store, const MwMeterInfo *info, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

GPtrArray *
mw_store_list_meters (MwStore *store, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

MwMeterInfo *
mw_store_get_meter (MwStore *store, gint64 meter_id, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

MwMeterInfo *
mw_store_find_meter (MwStore *store, const char *serial, const char *family, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

gboolean
mw_store_set_meter_label (MwStore *store, gint64 meter_id, const char *label, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return 0;
}

gboolean
mw_store_forget_meter (MwStore *store, gint64 meter_id, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return 0;
}

void
mw_readout_info_free (MwReadoutInfo *info)
{
}

gint64
mw_store_save_readout (MwStore *store, const MwReadout *readout, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return 0;
}

GPtrArray *
mw_store_list_readouts (MwStore *store, gint64 meter_id, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

MwReadout *
mw_store_load_readout (MwStore *store, gint64 readout_id, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

MwReadout *
mw_store_load_newest_readout (MwStore *store, gint64 meter_id, const char *profile,
                              GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

gboolean
mw_store_delete_readout (MwStore *store, gint64 readout_id, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return 0;
}

gboolean
mw_store_save_series (MwStore *store, const MwSeries *series, GBytes *raw, guint *n_new,
                      GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return 0;
}

MwSeries *
mw_store_load_series (MwStore *store, gint64 meter_id, const char *logger, gint64 from,
                      gint64 to, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

GPtrArray *
mw_store_load_series_versions (MwStore *store, gint64 meter_id, const char *logger, gint64 from,
                               gint64 to, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

GPtrArray *
mw_store_list_loggers (MwStore *store, gint64 meter_id, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

gboolean
mw_store_get_newest_row (MwStore *store, gint64 meter_id, const char *logger, MwNewestRow *row,
                         GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return 0;
}

GArray *
mw_store_list_spans (MwStore *store, gint64 meter_id, const char *logger, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

void
mw_raw_answer_free (MwRawAnswer *answer)
{
}

GPtrArray *
mw_store_list_raw_answers (MwStore *store, gint64 meter_id, const char *logger, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

void
mw_register_profile_free (MwRegisterProfile *profile)
{
}

gboolean
mw_store_save_register_profile (MwStore *store, const MwRegisterProfile *profile,
                                GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return 0;
}

MwRegisterProfile *
mw_store_load_register_profile (MwStore *store, const char *family, const char *name,
                                GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

GPtrArray *
mw_store_list_register_profiles (MwStore *store, const char *family, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

gboolean
mw_store_delete_register_profile (MwStore *store, const char *family, const char *name,
                                  GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return 0;
}

void
mw_recent_link_free (MwRecentLink *link)
{
}

gboolean
mw_store_note_link (MwStore *store, const char *uri, gint64 meter_id, gint64 at, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return 0;
}

GPtrArray *
mw_store_list_recent_links (MwStore *store, guint limit, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

gboolean
mw_store_forget_link (MwStore *store, const char *uri, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return 0;
}

gboolean
mw_store_save_object_list (MwStore *store, gint64 meter_id, const char *firmware,
                           const char *view, GBytes *data, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return 0;
}

GBytes *
mw_store_load_object_list (MwStore *store, gint64 meter_id, const char *firmware,
                           const char *view, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

char *
mw_store_dup_setting (MwStore *store, const char *key, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

MwAuditRecord *
mw_audit_record_new (void)
{
  return NULL;
}

void
mw_audit_record_free (MwAuditRecord *record)
{
}

gint64
mw_store_append_audit (MwStore *store, const MwAuditRecord *record, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return 0;
}

GPtrArray *
mw_store_list_audit (MwStore *store, const char *serial, guint limit, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

gboolean
mw_store_verify_audit (MwStore *store, guint64 *n_records, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return 0;
}

void
mw_family_info_free (MwFamilyInfo *info)
{
}

GPtrArray *
mw_store_list_families (MwStore *store, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

void
mw_recognition_free (MwRecognition *recognition)
{
}

MwRecognition *
mw_store_recognise (MwStore *store, const char *logical_name, const char *iec_identification,
                    const char *type_number, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

GPtrArray *
mw_store_list_registers (MwStore *store, const char *family, const char *type, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

GPtrArray *
mw_store_list_family_loggers (MwStore *store, const char *family, GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

char *
mw_store_dup_event_text (MwStore *store, const char *family, const char *logger, gint64 code,
                         char **description)
{
  return NULL;
}

void
mw_status_bit_free (MwStatusBit *bit)
{
}

GPtrArray *
mw_store_list_status_bits (MwStore *store, const char *family, const char *logger,
                           GError **error)
{
  g_set_error_literal (error, MW_STORE_ERROR, MW_STORE_ERROR_FAILED, "not in this build");
  return NULL;
}

char *
mw_store_dup_status_text (MwStore *store, const char *family, const char *logger,
                          guint32 status)
{
  return NULL;
}

char *
mw_store_dup_object_name (MwStore *store, const char *family, guint16 class_id,
                          const char *obis)
{
  return NULL;
}
