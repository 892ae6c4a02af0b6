/* The limit of room-fanout: an epoll loop that does nothing but send ready frames. Commands on stdin: "go <frames> <events per
   frame> <interval ms> <padding>"; answers "listening <port>", "joined <n>" and "done <cpu us> <unsent>" on stdout. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST 20000
static int viewers[MOST];
static int joined;

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static double cpu_us(void) {
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 + u.ru_utime.tv_usec + u.ru_stime.tv_usec;
}

/* RFC 6455, 5.2: one text frame; returns its size. */
static size_t make_frame(unsigned char *out, long frame, long seq, int events, int padding) {
  static char body[70000];
  char pad[4096];
  memset(pad, 'x', padding);
  pad[padding] = 0;
  double at = now_ms();
  int size = sprintf(body, "{\"t\":\"tick\",\"frame\":%ld,\"prev\":%ld,\"seq\":%ld,\"m\":[", frame, seq, seq + events);
  for (int i = 1; i <= events; i++)
    size += sprintf(body + size, "%s{\"e\":\"bench\",\"seq\":%ld,\"data\":{\"at\":%.3f,\"pad\":\"%s\"}}", i > 1 ? "," : "", seq + i, at, pad);
  size += sprintf(body + size, "]}");
  int head = size < 126 ? 2 : 4;
  out[0] = 0x81;
  if (head == 2) out[1] = size;
  else {
    out[1] = 126;
    out[2] = size >> 8;
    out[3] = size & 255;
  }
  memcpy(out + head, body, size);
  return head + size;
}

static void read_viewer(int fd) {
  char data[8192];
  ssize_t n = recv(fd, data, sizeof data, 0);
  if (n <= 0) {
    close(fd);
    return;
  }
  if (n < 3 || memcmp(data, "GET", 3) != 0) return;
  const char *yes = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
  send(fd, yes, strlen(yes), MSG_NOSIGNAL);
  if (joined < MOST) viewers[joined++] = fd;
  printf("joined %d\n", joined);
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  int server = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if (bind(server, (struct sockaddr *)&address, length) || listen(server, 4096)) return 1;
  getsockname(server, (struct sockaddr *)&address, &length);
  printf("listening %d\n", ntohs(address.sin_port));
  int loop = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = server};
  epoll_ctl(loop, EPOLL_CTL_ADD, server, &event);
  event.data.fd = 0;
  epoll_ctl(loop, EPOLL_CTL_ADD, 0, &event);
  static unsigned char frame[70000];
  long frames = 0, sent = 0, seq = 0, unsent = 0;
  int events = 1, interval = 100, padding = 100;
  double started = 0, cpu = 0;
  for (;;) {
    double due = frames > sent ? started + sent * (double)interval - now_ms() : -1;
    struct epoll_event ready[512];
    int n = epoll_wait(loop, ready, 512, frames > sent ? (due > 0 ? (int)due + 1 : 0) : -1);
    for (int i = 0; i < n; i++) {
      int fd = ready[i].data.fd;
      if (fd == server) {
        int viewer;
        while ((viewer = accept4(server, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
          int one = 1;
          setsockopt(viewer, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
          struct epoll_event more = {.events = EPOLLIN, .data.fd = viewer};
          epoll_ctl(loop, EPOLL_CTL_ADD, viewer, &more);
        }
      } else if (fd == 0) {
        char line[200] = {0};
        if (read(0, line, sizeof line - 1) <= 0) return 0;
        if (sscanf(line, "go %ld %d %d %d", &frames, &events, &interval, &padding) != 4 || events > 200 || padding > 4000) return 2;
        started = now_ms();
        cpu = cpu_us();
        sent = 0;
      } else read_viewer(fd);
    }
    if (frames > sent && now_ms() >= started + sent * (double)interval) {
      size_t size = make_frame(frame, ++sent, seq, events, padding);
      seq += events;
      for (int i = 0; i < joined; i++)
        if (send(viewers[i], frame, size, MSG_NOSIGNAL) != (ssize_t)size) unsent++;
      if (sent == frames) printf("done %.0f %ld\n", cpu_us() - cpu, unsent);
    }
  }
}
