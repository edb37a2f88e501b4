/* main.c: mw-refmeter: reference meters as a process.
 *
 * One poll loop: the pseudo-terminal, listening sockets, connections, standard input, signals.
 * Time passes for all meters before anything else is done; each connection is a port of its
 * own.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "host/options.h"
#include "host/sockets.h"

#define CONNECTIONS 256
/* Exit status of --power-cut-after: the power is gone, nothing is saved. */
#define POWER_CUT 70

typedef struct connection {
  mw_wire wire;
  mw_channel port;
} connection;

typedef struct house {
  mw_host_options options;
  mw_ref *meters;          /* options.count */
  int *listeners;          /* one per meter; -1 */
  connection *terminal[2]; /* optical head, module port */
  int slave[2];
  connection *modem;
  int modem_slave;
  mw_host_modem modem_state;
  connection *connections[CONNECTIONS];
  uint64_t seed;
  bool input; /* standard input is open */
  char line[256];
  size_t line_len;
} house;

static volatile sig_atomic_t stop;

static void
on_signal (int number)
{
  (void) number;
  stop = 1;
}

static uint64_t
now_us (void)
{
  struct timespec t;
  clock_gettime (CLOCK_MONOTONIC, &t);
  return (uint64_t) t.tv_sec * 1000000u + (uint64_t) t.tv_nsec / 1000u;
}

/* --- opening --------------------------------------------------------------------------------
 */

static connection *
connect_to (house *h, int fd, bool terminal, mw_ref *meter, enum mw_ref_port port)
{
  connection *c = calloc (1, sizeof *c);
  if (!c)
    return NULL;
  mw_wire_init (&c->wire, fd, terminal, &h->options.wire, h->options.meter.seed + ++h->seed);
  meter->klass->connect (meter, &c->port, port, now_us () / 1000);
  return c;
}

static int
open_meters (house *h)
{
  char why[256];
  unsigned n = h->options.count;
  h->meters = calloc (n, sizeof *h->meters);
  h->listeners = calloc (n, sizeof *h->listeners);
  if (!h->meters || !h->listeners)
    return 6;
  for (unsigned i = 0; i < n; i++) {
    h->options.meter.index = i;
    if (mw_ref_open (&h->meters[i], &h->options.meter, 0, why, sizeof why)
        && !h->meters[i].nvm.cut)
      continue;
    if (h->meters[i].nvm.cut)
      _exit (POWER_CUT);
    fprintf (stderr, "mw-refmeter: %s\n", why);
    while (i > 0)
      mw_ref_close (&h->meters[--i]);
    return strstr (why, "memory") ? 6 : 1;
  }
  return 0;
}

static const char *const terminals[2] = { "optical", "module" };

/* Has the meter the ports that are asked for? */
static int
check_ports (const house *h)
{
  const mw_host_options *o = &h->options;
  const mw_ref *meter = &h->meters[0];
  const char *why = NULL;
  for (unsigned i = 0; i < 2 && !why; i++)
    why = o->terminal[i] ? meter->klass->lacks (meter, (enum mw_ref_port) i) : NULL;
  if (!why && o->tcp >= 0)
    why = meter->klass->lacks (meter, o->framing);
  if (why)
    fprintf (stderr, "mw-refmeter: a %s: %s\n", meter->model, why);
  return why ? 1 : 0;
}

/* Several meters share the line of the module port. */
static bool
join (house *h, connection *c, enum mw_ref_port port)
{
  unsigned n = h->options.count;
  mw_channel *member = calloc (n, sizeof *member);
  if (!member)
    return false;
  for (unsigned i = 0; i < n; i++)
    h->meters[i].klass->connect (&h->meters[i], &member[i], port, now_us () / 1000);
  c->port.klass = &mw_channel_bus;
  c->port.port.bus.member = member;
  c->port.port.bus.n = n;
  return true;
}

static int
open_terminal (house *h, unsigned i)
{
  const char *path = h->options.terminal[i];
  connection *c;
  int fd = mw_wire_open_terminal (path, &h->slave[i]);
  if (fd < 0) {
    fprintf (stderr, "mw-refmeter: no pseudo-terminal at %s: %s\n", path, strerror (errno));
    return 2;
  }
  c = h->terminal[i] = connect_to (h, fd, true, &h->meters[0], (enum mw_ref_port) i);
  if (!c || (h->options.count > 1 && !join (h, c, (enum mw_ref_port) i)))
    return 6;
  mw_wire_rest (&c->wire, mw_channel_line (&c->port).baud);
  return 0;
}

static int
open_modem (house *h)
{
  const char *path = h->options.modem;
  int fd = mw_wire_open_terminal (path, &h->modem_slave);
  if (fd < 0) {
    fprintf (stderr, "mw-refmeter: no pseudo-terminal at %s: %s\n", path, strerror (errno));
    return 2;
  }
  h->modem = calloc (1, sizeof *h->modem);
  if (!h->modem)
    return 6;
  mw_wire_init (&h->modem->wire, fd, true, &h->options.wire, h->options.meter.seed + ++h->seed);
  mw_host_modem_init (&h->modem_state, &h->modem->port, &h->meters[0], &h->options.network,
                      now_us () / 1000);
  mw_wire_rest (&h->modem->wire, mw_channel_line (&h->modem->port).baud);
  return 0;
}

static int
open_ports (house *h)
{
  mw_host_options *o = &h->options;
  int port = o->tcp, status = check_ports (h);
  if (status)
    return status;
  for (unsigned i = 0; i<o->count; i++, port += port> 0) {
    h->listeners[i] = port < 0 ? -1 : mw_socket_listen (o->listen, (uint16_t) port);
    if (port >= 0 && h->listeners[i] < 0) {
      fprintf (stderr, "mw-refmeter: cannot listen on %s port %d: %s\n", o->listen, port,
               strerror (errno));
      return 2;
    }
  }
  for (unsigned i = 0; i < 2 && !status; i++)
    if (o->terminal[i])
      status = open_terminal (h, i);
  if (!status && o->modem)
    status = open_modem (h);
  return status;
}

/* TEXT as a JSON string. */
static void
put_json (const char *text)
{
  putchar ('"');
  for (; *text; text++)
    if (*text == '"' || *text == '\\')
      printf ("\\%c", *text);
    else if ((unsigned char) *text < 0x20)
      printf ("\\u%04x", (unsigned) *text);
    else
      putchar (*text);
  putchar ('"');
}

static void
announce (const house *h)
{
  const char *comma = "";
  printf ("{\"model\":\"%s\",\"serial\":", h->meters[0].model);
  put_json (h->meters[0].serial);
  if (h->meters[0].generation[0])
    printf (",\"generation\":\"%s\",\"type-number\":\"%s\"", h->meters[0].generation,
            h->meters[0].type_number);
  printf (",\"count\":%u,\"ports\":[", h->options.count);
  for (unsigned i = 0; i < 2; i++) {
    if (!h->terminal[i])
      continue;
    printf ("%s{\"kind\":\"%s\",\"path\":", comma, terminals[i]);
    put_json (h->options.terminal[i]);
    printf (",\"baud\":%u,\"serial\":", mw_channel_line (&h->terminal[i]->port).baud);
    put_json (h->meters[0].serial);
    putchar ('}');
    comma = ",";
  }
  if (h->modem) {
    printf ("%s{\"kind\":\"modem\",\"path\":", comma);
    put_json (h->options.modem);
    printf (",\"baud\":%u,\"serial\":", mw_channel_line (&h->modem->port).baud);
    put_json (h->meters[0].serial);
    putchar ('}');
    comma = ",";
  }
  for (unsigned i = 0; i < h->options.count && h->listeners[i] >= 0; i++, comma = ",") {
    printf ("%s{\"kind\":\"tcp\",\"address\":", comma);
    put_json (h->options.listen);
    printf (",\"port\":%u,\"framing\":\"%s\",\"serial\":", mw_socket_port (h->listeners[i]),
            mw_ref_framing_name (h->options.framing));
    put_json (h->meters[i].serial);
    putchar ('}');
  }
  printf ("]}\n");
  fflush (stdout);
}

/* --- the loop -------------------------------------------------------------------------------
 */

static void
close_connection (house *h, unsigned i)
{
  h->connections[i]->port.klass->reset (&h->connections[i]->port, now_us () / 1000);
  close (h->connections[i]->wire.fd);
  free (h->connections[i]);
  h->connections[i] = NULL;
}

static void
accept_all (house *h)
{
  for (unsigned i = 0; i < h->options.count && h->listeners[i] >= 0; i++) {
    int fd;
    while ((fd = mw_socket_accept (h->listeners[i])) >= 0) {
      unsigned slot = 0;
      while (slot < CONNECTIONS && h->connections[slot])
        slot++;
      if (slot < CONNECTIONS)
        h->connections[slot] = connect_to (h, fd, false, &h->meters[i], h->options.framing);
      if (slot == CONNECTIONS || !h->connections[slot])
        close (fd);
    }
  }
}

/* "modem …": what the network and the modem do. */
static bool
perform_modem (house *h, char *line, char *reply, size_t cap)
{
  char *words[4] = { "", "", "", "" };
  unsigned n = 0;
  for (char *w = strtok (line, " "); w && n < 4; w = strtok (NULL, " "))
    words[n++] = w;
  return h->modem && mw_host_modem_command (&h->modem_state, words + 1, reply, cap);
}

/* A command; with several meters "SERIAL command" addresses one of them. */
static void
perform (house *h, char *line)
{
  static char reply[4u << 20]; /* the whole of a log */
  char *rest = strchr (line, ' ');
  mw_ref *meter = &h->meters[0];
  for (unsigned i = 0; rest && i < h->options.count; i++)
    if (strlen (h->meters[i].serial) == (size_t) (rest - line)
        && strncmp (h->meters[i].serial, line, (size_t) (rest - line)) == 0) {
      meter = &h->meters[i];
      line = rest + 1;
      break;
    }
  reply[0] = '\0';
  if (strncmp (line, "modem ", 6) == 0 ? !perform_modem (h, line, reply, sizeof reply)
                                       : !mw_ref_command (meter, line, reply, sizeof reply))
    fprintf (stderr, "mw-refmeter: not understood: %s\n", line);
  else if (reply[0])
    puts (reply);
  fflush (stdout);
}

static void
read_input (house *h)
{
  char buf[256];
  ssize_t n = read (STDIN_FILENO, buf, sizeof buf);
  if (n <= 0) {
    h->input = n < 0 && errno == EINTR;
    return;
  }
  for (ssize_t i = 0; i < n; i++) {
    if (buf[i] != '\n' && h->line_len + 1 < sizeof h->line) {
      h->line[h->line_len++] = buf[i];
    } else if (buf[i] == '\n') {
      h->line[h->line_len] = '\0';
      h->line_len = 0;
      perform (h, h->line);
    }
  }
}

static void
pump (house *h)
{
  uint64_t now = now_us ();
  for (unsigned i = 0; i < h->options.count; i++)
    mw_ref_advance (&h->meters[i], now / 1000);
  for (unsigned i = 0; i < 2; i++)
    if (h->terminal[i])
      mw_wire_pump (&h->terminal[i]->wire, &h->terminal[i]->port, now);
  if (h->modem)
    mw_wire_pump (&h->modem->wire, &h->modem->port, now);
  for (unsigned i = 0; i < CONNECTIONS; i++) {
    connection *c = h->connections[i];
    if (!c)
      continue;
    mw_wire_pump (&c->wire, &c->port, now);
    if (c->wire.closed || c->port.klass->is_dead (&c->port))
      close_connection (h, i);
  }
}

/* All of them, those that are not there, too. */
static connection *
connection_at (const house *h, unsigned i)
{
  return i < CONNECTIONS       ? h->connections[i]
         : i < CONNECTIONS + 2 ? h->terminal[i - CONNECTIONS]
                               : h->modem;
}

static uint64_t
deadline (house *h, uint64_t now)
{
  uint64_t next = UINT64_MAX;
  for (unsigned i = 0; i < h->options.count; i++) {
    uint64_t d = mw_ref_deadline (&h->meters[i]) * 1000u;
    next = d < next ? d : next;
  }
  for (unsigned i = 0; i < CONNECTIONS + 3; i++) {
    connection *c = connection_at (h, i);
    uint64_t d = c ? mw_wire_deadline (&c->wire, &c->port) : UINT64_MAX;
    next = d < next ? d : next;
  }
  return next > now ? next - now : 0;
}

static void
wait_for_events (house *h, const sigset_t *signals)
{
  struct pollfd fds[CONNECTIONS + 1004];
  uint64_t now = now_us (), wait = deadline (h, now);
  nfds_t n = 0;
  if (h->input)
    fds[n++] = (struct pollfd){ STDIN_FILENO, POLLIN, 0 };
  bool input = h->input;
  for (unsigned i = 0; i < h->options.count && h->listeners[i] >= 0; i++)
    fds[n++] = (struct pollfd){ h->listeners[i], POLLIN, 0 };
  for (unsigned i = 0; i < CONNECTIONS + 3; i++) {
    connection *c = connection_at (h, i);
    if (c)
      fds[n++] = (struct pollfd){
        c->wire.fd,
        (short) (POLLIN | (mw_wire_wants_write (&c->wire, &c->port, now) ? POLLOUT : 0)), 0
      };
  }
  if (wait > 1000000)
    wait = 1000000;
  struct timespec t = { (time_t) (wait / 1000000u), (long) (wait % 1000000u) * 1000 };
  if (ppoll (fds, n, &t, signals) > 0 && input && fds[0].revents)
    read_input (h);
}

static void
run (house *h)
{
  struct sigaction action = { .sa_handler = on_signal };
  sigset_t blocked, waiting;
  sigemptyset (&blocked);
  sigaddset (&blocked, SIGTERM);
  sigaddset (&blocked, SIGINT);
  sigprocmask (SIG_BLOCK, &blocked, &waiting); /* they come inside ppoll alone */
  sigaction (SIGTERM, &action, NULL);
  sigaction (SIGINT, &action, NULL);
  signal (SIGPIPE, SIG_IGN);
  announce (h);
  while (!stop) {
    pump (h);
    if (h->meters[0].nvm.cut)
      _exit (POWER_CUT);
    wait_for_events (h, &waiting);
    accept_all (h);
  }
}

int
main (int argc, char **argv)
{
  static house h;
  int status = mw_host_options_parse (&h.options, argc, argv);
  if (status)
    return status < 0 ? 0 : status;
  h.input = true;
  mw_ms begun = now_us () / 1000;
  if ((status = open_meters (&h)))
    return status;
  if ((status = open_ports (&h)) == 0) {
    /* A meter on this machine's clock catches up with what its history took; one with a clock
     * of its own begins there. */
    if (h.options.meter.clock_utc != INT64_MIN)
      begun = now_us () / 1000;
    for (unsigned i = 0; i < h.options.count; i++)
      h.meters[i].start_ms = begun;
    run (&h);
  }
  for (unsigned i = 0; i < h.options.count; i++)
    mw_ref_close (&h.meters[i]);
  for (unsigned i = 0; i < 2; i++)
    if (h.terminal[i])
      (void) unlink (h.options.terminal[i]);
  return status;
}
