/* session-private.h: what session.c (state and properties) and jobs.c (the requests) share. */
#ifndef MW_SESSION_PRIVATE_H
#define MW_SESSION_PRIVATE_H

#include "session/session.h"
#include "session/worker.h"

struct _MwSession {
  GObject parent_instance;

  /* owned */
  MwStore *store;
  GMainContext *context;
  MwWorker *worker;
  MwMeterInfo *meter;
  GPtrArray *registers; /* of MwRegisterInfo, what the family of this meter has */
  GPtrArray *loggers;   /* of MwLoggerInfo */
  char *uri;
  char *port_text;
  const char *protocol; /* static */
  char *iec_refusal;
  char *note;
  guint plan_kinds;
  char *step;
  char *failure;

  MwSessionState state;
  guint waiting; /* jobs asked for and not yet answered */
  int percent;
  int seconds_left;
  gint64 clock_drift;
  gint64 last_answer;
  int signal_local, signal_remote;
  GSource *signal_timer;
};

/* What the worker hands over after a connect. */
typedef struct {
  MwMeterInfo *meter;
  GPtrArray *registers;
  GPtrArray *loggers;
  char *uri;
  char *port_text;
  const char *protocol; /* static */
  char *iec_refusal;
  char *note;
  guint plan_kinds;
  gint64 clock_drift;
  int signal_local, signal_remote;
} MwSessionFound;

void mw_session_found_free (MwSessionFound *found);

void mw_session_set_state (MwSession *self, MwSessionState state);
void mw_session_set_step (MwSession *self, const char *step);
void mw_session_set_failure (MwSession *self, const char *failure);
void mw_session_set_progress (MwSession *self, int percent, int seconds_left);
void mw_session_set_uri (MwSession *self, const char *uri);
void mw_session_set_signal (MwSession *self, int local, int remote);
/* Ask for the signal strengths again and again while a call is up and nothing else is done. */
void mw_session_watch_signal (MwSession *self);
void mw_session_unwatch_signal (MwSession *self);
/* Takes what FOUND holds; NULL forgets the meter. */
void mw_session_set_found (MwSession *self, MwSessionFound *found);

#endif
