/* model.h: the personality of a reference meter: COSEM objects over the metering core.
 *
 *   client --APDU--> mw_dlms_server --ops--> mw_model_link --> objects (tables in flash)
 *                                                                │ value numbers, functions
 *                                                                ▼
 *                                                            mw_meter, cells
 *
 * One mw_model belongs to one mw_meter; every connection has an mw_model_link of its own.  All
 * calls come from the thread that runs the meter.  What the core does not know (texts, keys,
 * M-Bus settings …) is a cell: A-XDR octets, kept in the core's store.
 *
 * Order of life: mw_meter_init → mw_model_init (defaults of the catalogue, areas attached) →
 * mw_meter_start → mw_model_started.
 */
#ifndef MW_MODELS_MODEL_H
#define MW_MODELS_MODEL_H

#include "core/meter.h"
#include "dlms/server.h"
#include "models/mw_model_cells.h"
#include "models/tables.h"

#define MW_SERIAL_MAX 8 /* Mx381 manual 6.11.4.1 */
#define MW_PASSWORD_MAX 16
#define MW_MODEL_SCRATCH 1200u
#define MW_MODEL_NO_ATTR 0xffffu
#define MW_LOCKOUT_S 60 /* manual 6.13.2.2: after too many failures */

/* Client SAPs of manual Table 63. */
#define MW_CLIENT_PUBLIC 16u
#define MW_CLIENT_MANAGEMENT 1u
#define MW_CLIENT_PREESTABLISHED 102u
#define MW_LOGICAL_DEVICE 1u

enum mw_level { MW_LEVEL_NONE, MW_LEVEL_PUBLIC, MW_LEVEL_READER, MW_LEVEL_MANAGER };

/* Image transfer (class 18): 512 blocks of 256 octets, of which the arrival is kept. */
#define MW_IMAGE_BLOCK 256u
#define MW_IMAGE_BLOCKS 512u

typedef struct mw_image {
  uint32_t size;
  uint32_t crc; /* over the blocks in order, as far as they came */
  uint8_t identifier[32];
  uint8_t identifier_len;
  uint8_t status;                     /* image_transfer_status 0 … 7 */
  bool disabled;                      /* not image_transfer_enabled */
  uint32_t next;                      /* first block that has not come */
  uint8_t block[MW_IMAGE_BLOCKS / 8]; /* bit per block */
} mw_image;

/* Prepayment (prepayment.c). */
typedef struct mw_prepaid {
  int64_t rest;     /* 10^-12 of the currency, used and not yet taken from a credit */
  uint32_t wh;      /* of the energy register when it was looked at last */
  uint32_t granted; /* emergency credit that was given, 10^-2 of the currency */
  int32_t day;      /* local day whose auxiliary charge was taken, from 1970 */
  bool running;     /* payment mode 1 has begun */
  bool open;        /* the disconnector was opened for want of credit */
} mw_prepaid;

/* What is wired to the M-Bus, at the primary address of its number: not kept. */
#define MW_WIRED 4
typedef struct mw_wired {
  bool present;
  uint32_t identification; /* BCD */
  uint16_t manufacturer;
  uint8_t version, type; /* EN 13757-3, device type: 4 heat, 7 water … */
  uint8_t status;        /* bit 2 battery, 6 fraud, 7 valve alarm (manual 5.5.3.16) */
  uint32_t value;        /* in the unit of value 1 */
} mw_wired;

/* What is kept beside the cells. */
typedef struct mw_model_kept {
  uint8_t tables[16]; /* signature of the tables it was made with */
  uint16_t capture[MW_N_PROFILES][MW_CAPTURES_MAX]; /* attribute numbers of the columns */
  uint32_t name[MW_N_PROFILES][MW_CAPTURES_MAX];    /* of columns that the core does not know */
  uint16_t list[MW_N_LISTS][MW_LIST_MAX];
  uint8_t password[MW_PASSWORD_MAX];
  uint8_t password_len;
  uint8_t model; /* enum mw_model_id whose memory it is */
  mw_image image;
  mw_prepaid prepaid;
  uint8_t unread[MW_WIRED]; /* readings in turn that failed, per channel */
} mw_model_kept;

typedef struct mw_model {
  mw_meter *meter;
  enum mw_model_id id;
  char serial[MW_SERIAL_MAX + 1];
  int64_t started;      /* UTC */
  uint8_t failures;     /* of passwords, since the last success */
  uint16_t refused;     /* defaults of the catalogue that the core did not take: none */
  int64_t locked_until; /* UTC: associations with a password are refused */
  uint8_t cells[MW_MODEL_ROOM];
  mw_model_kept kept;
  mw_wired wired[MW_WIRED];
  uint8_t scratch[MW_MODEL_SCRATCH];
} mw_model;

typedef struct mw_model_config {
  enum mw_model_id id;
  const char *serial;   /* up to MW_SERIAL_MAX characters */
  const char *password; /* of the management client, for a new meter; NULL: 12345678 */
} mw_model_config;

/* One connection. Zero it, set MODEL and SERVER, give it as ctx with mw_model_ops. */
typedef struct mw_model_link {
  mw_model *model;
  const mw_dlms_server *server; /* for what was negotiated; may be NULL */
  uint16_t client;
  uint8_t level;     /* enum mw_level */
  uint8_t mechanism; /* enum mw_acse_mechanism */
  bool local;        /* at the optical head */
  bool internal;     /* the meter itself: every access is allowed */
  bool more, unkept; /* more attributes of this request come; some have changed */
  int64_t row_utc;   /* of the profile row made last */
  uint8_t row_status, row_clock;
} mw_model_link;

extern const mw_dlms_ops mw_model_ops;

/* Between mw_meter_init and mw_meter_start. METER must have been given as many phases as the
 * model has.  METER and MODEL stay the caller's and must not move. */
enum mw_err mw_model_init (mw_model *model, mw_meter *meter, const mw_model_config *config);
void mw_model_started (mw_model *model);
const char *mw_model_name (enum mw_model_id id);
bool mw_model_by_name (const char *name, enum mw_model_id *out);
unsigned mw_model_phases (enum mw_model_id id);
/* COSEM logical device name (manual 6.11.1), 16 octets. */
void mw_model_logical_device_name (const mw_model *model, uint8_t out[16]);
/* The key of the device of CHANNEL, 1 … 4, is pressed: a valve that is ready opens (Table 37).
 */
void mw_model_valve_key (mw_model *model, unsigned channel);
/* Is it the password of the management client? */
bool mw_model_password_is (const mw_model *model, mw_span password);

/* --- for ports and the files of this folder ------------------------------------------------
 */

/* The attribute (its number in mw_model_attrs), or MW_MODEL_NO_ATTR with *DAR. */
uint16_t mw_model_attr_find (const mw_model *model, const mw_dlms_attr *attr, uint8_t *dar);
const mw_model_object *mw_model_object_find (const mw_model *model, uint16_t class_id,
                                             const uint8_t ln[6], uint8_t *dar);
/* The first object at LN whose class has a value in attribute 2; for IEC 62056-21. */
uint16_t mw_model_attr_of_obis (const mw_model *model, const uint8_t ln[6]);
/* Value number of attribute A for captures; MW_V_NONE when it cannot be captured. */
uint16_t mw_model_value_id (const mw_model *model, uint16_t a);
/* Is attribute A a string that the display can show although it is too long to be captured? */
bool mw_model_is_text (uint16_t a);
/* Attribute that is value ID, MW_MODEL_NO_ATTR when none is. */
uint16_t mw_model_attr_of_value (const mw_model *model, uint16_t id);
/* Write VALUE as A-XDR of the type of attribute A. ROW: the record's time, for the clock. */
void mw_model_put_value (const mw_model *model, uint16_t a, const mw_value *value, mw_stamp row,
                         mw_wr *w);
/* A whole attribute that fits into CAP octets; the length, 0 when it cannot be read so. */
size_t mw_model_read_small (mw_model *model, uint16_t a, uint8_t *buf, size_t cap);
/* scaler_unit of the object of attribute A; false when it has none. */
bool mw_model_scaler (uint16_t a, int *scaler, unsigned *unit);

/* Types and limits (types.c). */
bool mw_type_check (const char *type, mw_cur *c);
bool mw_limit_check (const mw_model_attr *a, mw_span value);
unsigned mw_type_tag (char letter);

/* A number for class, logical name and attribute of A that every firmware has alike. */
uint32_t mw_model_attr_name (uint16_t a);

/* Cells (model.c). */
mw_span mw_model_cell_get (const mw_model *model, unsigned cell);
enum mw_err mw_model_cell_set (mw_model *model, unsigned cell, mw_span value);
int64_t mw_model_cell_int (const mw_model *model, unsigned cell);
void mw_model_cell_set_int (mw_model *model, unsigned cell, unsigned tag, int64_t value);
mw_span mw_model_default (unsigned at);
/* What the model keeps has changed: to be committed. */
void mw_model_touch (mw_model *model);
uint8_t mw_model_dar (enum mw_err err);

/* What stands behind MW_BIND_FN (one per enum mw_model_fn).  OPEN sets stream->end, the number
 * of pieces (NULL: one); PIECE writes piece stream->row; WRITE takes a value whose type and
 * limits are right. */
typedef struct mw_model_handler {
  uint8_t (*open) (mw_model_link *l, const mw_model_attr *a, const mw_dlms_selection *sel,
                   mw_dlms_stream *s);
  void (*piece) (mw_model_link *l, const mw_model_attr *a, mw_dlms_stream *s, mw_wr *w);
  uint8_t (*write) (mw_model_link *l, const mw_model_attr *a, mw_cur *c);
  void (*passed) (mw_model_link *l, mw_dlms_stream *s); /* the piece was sent */
} mw_model_handler;

extern const mw_model_handler *const mw_model_handlers[MW_N_FNS];

/* Methods, one function per class (methods.c and the files of the classes). */
typedef uint8_t (*mw_model_method) (mw_model_link *l, const mw_model_object *o, unsigned method,
                                    mw_cur *parameter, mw_wr *reply);

#endif
