/* refmeter.h: one reference meter on a host: memory, core, personality, scenario and the
 * passing of time; what mw-refmeter and inproc.h have in common.
 *
 *   mw_ref ── klass ──► mx381.c      mw_meter, mw_model                  me381, mt381
 *                  └──► kamstrup.c   mw_kmeter, its registers and loggers  k382, omnipower-3p …
 *
 * A class says how its meters are built, live, and which ports they have; everything else is
 * the same for all. Threads: one; the struct must not move once it is open.
 */
#ifndef MW_HOST_REFMETER_H
#define MW_HOST_REFMETER_H

#include "core/meter.h"
#include "core/scenario.h"
#include "hal/host/nvm-file.h"
#include "host/channel.h"

typedef struct mw_ref mw_ref;

typedef struct mw_ref_options {
  const char *model;       /* NULL: mt381 */
  const char *generation;  /* "J"; NULL: the model's newest */
  const char *type_number; /* NULL: the model's usual one */
  const char *serial;      /* NULL: the family's first */
  const char *password;    /* NULL: the family's usual one */
  const char *scenario;    /* a name or a file; NULL: household */
  const char *nvm;         /* file; NULL: in memory */
  int address;             /* of KMP, 0 to 63; -1: the model's usual one */
  uint32_t seed;
  uint32_t history_s;
  int64_t clock_utc; /* INT64_MIN: now */
  double speed;      /* 0 or less: 1 */
  uint64_t power_cut_after;
  unsigned index; /* of several meters: serial number, address, file and seed count up */
} mw_ref_options;

/* What a person has set by hand, over the scenario; bits per phase. */
typedef struct mw_ref_override {
  uint8_t voltage, current, phi;
  mw_load load;
} mw_ref_override;

/* The ways into a meter. What a class does not have it refuses with a sentence. */
enum mw_ref_port {
  MW_REF_OPTICAL, /* an optical head */
  MW_REF_MODULE,  /* the connector of modules, as a line */
  MW_REF_WRAPPER, /* over TCP: DLMS in the wrapper, DLMS in HDLC, IEC 62056-21, KMP */
  MW_REF_HDLC,
  MW_REF_IEC,
  MW_REF_KMP,
  MW_N_REF_PORTS
};

/* One family of meters. */
typedef struct mw_ref_class {
  const char *serial;  /* the first one's, unless another is given */
  uint8_t serial_max;  /* characters */
  uint32_t nvm;        /* octets of memory */
  bool strict;         /* at another speed its lines understand nothing, timing or not */
  const char *framing; /* over TCP when nothing is said */
  /* Is OPTIONS->model one of this class? */
  bool (*knows) (const char *model);
  const char *(*name) (unsigned i); /* of its models, each once; NULL: there are no more */
  unsigned (*phases) (const char *model);
  /* Build meter and personality on the open memory, and set meter and model; nothing is read
   * from the memory yet. */
  bool (*build) (mw_ref *r, const mw_ref_options *options, const char *serial, char *why,
                 size_t cap);
  /* Is the memory that of such a meter? It has been mounted. */
  bool (*fits) (const mw_ref *r);
  enum mw_err (*start) (mw_ref *r, int64_t utc);
  void (*stop) (mw_ref *r);
  void (*key) (mw_ref *r, enum mw_key key, uint32_t seconds);
  void (*lcd) (mw_ref *r, char *reply, size_t cap);
  /* Further commands of a person; WORDS are as many as were given, then "". NULL: none. */
  bool (*command) (mw_ref *r, char *const *words, char *reply, size_t cap);
  /* NULL when the meter has such a port, else a sentence. */
  const char *(*lacks) (const mw_ref *r, enum mw_ref_port port);
  void (*connect) (mw_ref *r, mw_channel *c, enum mw_ref_port port, mw_ms now);
} mw_ref_class;

extern const mw_ref_class mw_ref_mx381, mw_ref_kamstrup;

struct mw_ref {
  const mw_ref_class *klass;
  mw_nvm_file nvm;
  mw_meter *meter; /* the metering core, wherever the class keeps it */
  void *own;       /* of the class, from the heap: freed when the meter is closed */
  const char *model;
  char serial[24];
  char generation[4], type_number[20]; /* of Kamstrup meters; else "" */
  mw_scenario scenario;
  mw_ref_override override;
  double speed;
  mw_ms start_ms; /* since when `lived` counts */
  uint64_t lived; /* seconds simulated since then */
};

/* False with a sentence in WHY when an option is wrong or memory or file cannot be had. */
bool mw_ref_open (mw_ref *r, const mw_ref_options *options, mw_ms now, char *why, size_t cap);
/* Everything is saved. */
void mw_ref_close (mw_ref *r);
/* Live up to NOW. */
void mw_ref_advance (mw_ref *r, mw_ms now);
/* When the next second of the meter begins. */
mw_ms mw_ref_deadline (const mw_ref *r);
/* A command (commands.c); REPLY is "" when there is nothing to say. */
bool mw_ref_command (mw_ref *r, const char *line, char *reply, size_t cap);

/* The class that MODEL belongs to (NULL: mt381), or NULL. */
const mw_ref_class *mw_ref_class_of (const char *model);
/* "me381, mt381, …": all there are. */
void mw_ref_models (char *out, size_t cap);
/* "wrapper", …; false when it is none. */
bool mw_ref_framing (const char *name, enum mw_ref_port *out);
const char *mw_ref_framing_name (enum mw_ref_port port);

/* "90d", "36h", "15m", "30s" or seconds; "2026-01-01T00:00:00Z", with an offset or without
 * (UTC). False when it is none. */
bool mw_ref_parse_duration (const char *text, uint32_t *seconds);
bool mw_ref_parse_time (const char *text, int64_t *utc);

#endif
