/* options.h: the command line of mw-refmeter. */
#ifndef MW_HOST_OPTIONS_H
#define MW_HOST_OPTIONS_H

#include "host/modem.h"
#include "host/refmeter.h"
#include "host/wire.h"

typedef struct mw_host_options {
  mw_ref_options meter;
  mw_wire_config wire;
  const char
      *terminal[2];  /* path of the pseudo-terminal of MW_REF_OPTICAL, _MODULE; NULL: none */
  const char *modem; /* path of the modem's pseudo-terminal; NULL: none */
  mw_modem_network network;
  int tcp; /* port; -1: none, 0: any that is free */
  enum mw_ref_port framing;
  const char *listen; /* address */
  unsigned count;
} mw_host_options;

/* 0 when all is well, else the exit status (0 < n), or -1 when help was printed. */
int mw_host_options_parse (mw_host_options *o, int argc, char **argv);

#endif
