/* objects.h: what the files of this folder share: handlers per kind of object. */
#ifndef MW_MODELS_OBJECTS_H
#define MW_MODELS_OBJECTS_H

#include "models/model.h"

/* ops.c */
uint8_t mw_model_open (mw_model_link *l, uint16_t a, const mw_dlms_selection *access,
                       mw_dlms_stream *s);
mw_span mw_model_piece (mw_model_link *l, mw_dlms_stream *s);
uint8_t mw_model_rights (enum mw_level level, const mw_model_object *o, uint8_t access);
void mw_model_authentication_failed (mw_model *model);

/* methods.c: perform METHOD; what happens when a cell is written: may change VALUE. */
uint8_t mw_model_invoke (mw_model_link *l, const mw_model_object *o, unsigned method,
                         mw_cur *parameter, mw_wr *reply);
/* mw_user.script: a table that is the model's own. */
enum mw_err mw_model_script (void *ctx, enum mw_script_table table, uint16_t script);
uint8_t mw_model_cell_written (mw_model *model, unsigned cell, mw_span *value);

/* objects_clock.c */
uint8_t mw_model_set_clock (mw_model *model, mw_cur *value);
uint8_t mw_clock_method (mw_model_link *l, unsigned method, mw_cur *parameter);
extern const mw_model_handler mw_handler_clock;

/* objects_registers.c */
extern const mw_model_handler mw_handler_period3, mw_handler_fuse, mw_handler_demand,
    mw_handler_alarm, mw_handler_alarm_on, mw_handler_alarm_off, mw_handler_error;
uint8_t mw_register_reset (mw_model_link *l, const mw_model_object *o, unsigned method);

/* objects_profile.c */
/* Value number of attribute A for a display list: texts too. */
uint16_t mw_model_list_value (const mw_model *model, uint16_t a);
extern const mw_model_handler mw_handler_profile, mw_handler_log, mw_handler_list;
uint8_t mw_profile_method (mw_model_link *l, const mw_model_object *o, unsigned method);

/* objects_calendar.c, objects_tariffs.c */
extern const mw_model_handler mw_handler_calendar, mw_handler_special_days,
    mw_handler_activation, mw_handler_scripts;
uint8_t mw_calendar_method (mw_model_link *l);
uint8_t mw_special_days_method (mw_model_link *l, unsigned method, mw_cur *parameter);
uint8_t mw_activation_method (mw_model_link *l, const mw_model_object *o, unsigned method,
                              mw_cur *parameter);
mw_name mw_name_get (mw_cur *c);
void mw_name_put (mw_wr *w, const mw_name *name);

/* objects_limits.c */
extern const mw_model_handler mw_handler_schedule, mw_handler_limiter, mw_handler_monitor,
    mw_handler_switch_mode;
/* The core's number of a script table; false when the core has none of that name. */
bool mw_table_of (const uint8_t ln[6], enum mw_script_table *out);
void mw_table_name (enum mw_script_table table, uint8_t ln[6]);

/* objects_association.c */
extern const mw_model_handler mw_handler_association, mw_handler_sap;
uint8_t mw_association_method (mw_model_link *l, unsigned method, mw_cur *parameter);

/* objects_identity.c */
extern const mw_model_handler mw_handler_identity, mw_handler_status, mw_handler_partition,
    mw_handler_flash_spy, mw_handler_performance, mw_handler_stamp, mw_handler_system_title;

/* objects_image.c */
extern const mw_model_handler mw_handler_image;
uint8_t mw_image_method (mw_model_link *l, unsigned method, mw_cur *parameter);
/* Activate the image that was verified (the schedule's and the script's way too). */
enum mw_err mw_image_activate (mw_model *model);

/* model.c: what the model does by the clock, and when next. */
#define MW_MODEL_PERIOD_S 60u
void mw_model_plan (mw_model *model);
void mw_model_due (void *model);

/* prepayment.c */
bool mw_prepay_runs (const mw_model *model);
void mw_prepay_minute (mw_model *model);
/* The customer selects the emergency credit (manual 4.4.3.1). */
void mw_prepay_select (void *model);
/* Cursor EC (Table 24) as the credits are. */
void mw_prepay_show (mw_model *model);
/* Credit transfer of AMOUNT, 10^-2 of the currency. */
uint8_t mw_prepay_transfer (mw_model *model, int64_t amount);
/* Payment mode or a reference is written: MW_DAR_SUCCESS when VALUE is one that can be. */
uint8_t mw_prepay_written (mw_model *model, unsigned cell, mw_span value);

/* objects_mbus.c: read the devices that are due; is any installed? */
void mw_mbus_minute (mw_model *model);
bool mw_mbus_runs (const mw_model *model);
/* Cursor MB: a device answers (manual 5.5.3.7). */
bool mw_mbus_answers (const mw_model *model);
/* objects_mbus.c: clients (class 72) and valves (class 70 of channels 1-4). */
uint8_t mw_mbus_method (mw_model_link *l, unsigned channel, unsigned method, mw_cur *parameter);
uint8_t mw_valve_method (mw_model_link *l, unsigned channel, unsigned method);

#endif
