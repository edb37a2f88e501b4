/* cosem.h: the DLMS side of an OMNIPOWER meter of variant 1: the registers and loggers of KMP
 * under the OBIS codes that the OMNIPOWER technical description prints.
 *
 *   0.1.1.0.0.255       clock
 *   1.1.1.8.0.255 …     registers (class 3; maxima with their time class 4; texts class 1)
 *   1.1.99.1.0.255 …    loggers (class 7), by range, by entry, by columns
 *   0.0.40.0.0.255, 0.0.41.0.0.255, 0.0.42.0.0.255   association, SAP assignment, device name
 *
 * Objects are made of the tables when they are asked for; nothing of them is kept.  The client
 * is 19, the logical device 16, the password that of KMP in five digits; a public client (16)
 * reads clock and identity.  Which class stands behind a code, and the access, is this
 * reference meter's own: no public source prints it.
 */
#ifndef MW_MODELS_KAMSTRUP_COSEM_H
#define MW_MODELS_KAMSTRUP_COSEM_H

#include "models/kamstrup/kamstrup.h"

#define MW_KAMSTRUP_LOGICAL_DEVICE 16u
#define MW_KAMSTRUP_MANAGEMENT 1u
#define MW_KAMSTRUP_CLIENT 19u
#define MW_KAMSTRUP_PUBLIC 16u

enum mw_kamstrup_level { MW_KAMSTRUP_NOBODY, MW_KAMSTRUP_EVERYBODY, MW_KAMSTRUP_UTILITY };

enum mw_kobject_kind {
  MW_KOBJECT_CLOCK,
  MW_KOBJECT_ASSOCIATION,
  MW_KOBJECT_SAP,
  MW_KOBJECT_NAME,
  MW_KOBJECT_LOGGER,
  MW_KOBJECT_REGISTER,
};

typedef struct mw_kobject {
  uint8_t kind; /* enum mw_kobject_kind */
  uint8_t version;
  uint16_t class_id;
  mw_obis ln;
  const mw_kregister *value; /* REGISTER */
  const mw_kregister *time;  /* … and when it was so; NULL */
  const mw_klogger *logger;  /* LOGGER */
} mw_kobject;

/* The next object of those of LEVEL, *AT from 0 on; false: there are no more. */
bool mw_kobject_next (const mw_kamstrup *m, unsigned level, unsigned *at, mw_kobject *out);
bool mw_kobject_find (const mw_kamstrup *m, const mw_obis *ln, mw_kobject *out);
/* What LEVEL may do with attribute N: 1 read, 2 write. */
uint8_t mw_kobject_rights (const mw_kobject *o, unsigned level, int n);

/* V of register R as A-XDR. */
void mw_kobject_put (mw_wr *w, const mw_kregister *r, const mw_kmp_value *v);

/* cosem_profile.c */
uint8_t mw_kprofile_open (mw_kamstrup_link *l, const mw_kobject *o,
                          const mw_dlms_selection *access, mw_dlms_stream *s);
void mw_kprofile_piece (mw_kamstrup_link *l, const mw_kobject *o, mw_dlms_stream *s, mw_wr *w);
/* The piece was sent. */
void mw_kprofile_passed (mw_kamstrup_link *l, const mw_kobject *o, mw_dlms_stream *s);

/* cosem_attributes.c: everything that is one piece, and the object list. */
void mw_kobject_piece (mw_kamstrup_link *l, const mw_kobject *o, mw_dlms_stream *s, mw_wr *w);
/* A piece of the object list was sent. */
void mw_kobject_passed (const mw_kamstrup_link *l, mw_dlms_stream *s);

/* ctx is the mw_kamstrup_link. */
extern const mw_dlms_ops mw_kamstrup_cosem;

#endif
