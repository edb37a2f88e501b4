/* mw_errors_def.h: the rows of enum mw_err: symbol, name, text. */
#ifndef MW_ERRORS_DEF_H
#define MW_ERRORS_DEF_H

/* clang-format off */
#define MW_ERRORS(ROW) \
  ROW (MW_OK,              "ok",          "no error") \
  ROW (MW_ERR_SHORT,       "short",       "the data ends before it is complete") \
  ROW (MW_ERR_TRAILING,    "trailing",    "bytes follow where the data should end") \
  ROW (MW_ERR_SPACE,       "space",       "the buffer is too small") \
  ROW (MW_ERR_VALUE,       "value",       "a field holds a value that its clause does not allow") \
  ROW (MW_ERR_CHECK,       "check",       "a check sum does not match") \
  ROW (MW_ERR_DEPTH,       "depth",       "the data is nested too deeply") \
  ROW (MW_ERR_PROTOCOL,    "protocol",    "the other side broke the protocol") \
  ROW (MW_ERR_TIMEOUT,     "timeout",     "no answer in time") \
  ROW (MW_ERR_CLOSED,      "closed",      "the other side closed the connection") \
  ROW (MW_ERR_REJECTED,    "rejected",    "the other side refused the connection") \
  ROW (MW_ERR_ACCESS,      "access",      "the password or key was not accepted") \
  ROW (MW_ERR_REFUSED,     "refused",     "the meter refused the request") \
  ROW (MW_ERR_UNSUPPORTED, "unsupported", "this is not supported here") \
  ROW (MW_ERR_STATE,       "state",       "this call is not possible in this state") \
  ROW (MW_ERR_STORAGE,     "storage",     "the storage failed") \
  ROW (MW_ERR_CANCELLED,   "cancelled",   "cancelled")
/* clang-format on */

#endif
