/* Sends the frames of a pcap file over and over at a set rate, and says how many the kernel took. packet(7).
   Usage: sender INTERFACE FILE PACKETS_PER_SECOND SECONDS */
#define _GNU_SOURCE
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define BATCH 64
#define MOST 200000

static struct iovec frames[MOST];

static int read_frames(const char *path) {
  FILE *file = fopen(path, "rb");
  uint8_t header[24];
  uint32_t record[4];
  int count = 0;
  if (!file || fread(header, 24, 1, file) != 1) return 0;
  while (count < MOST && fread(record, 16, 1, file) == 1) {
    frames[count].iov_len = record[2];
    frames[count].iov_base = malloc(record[2]);
    if (!frames[count].iov_base || fread(frames[count].iov_base, record[2], 1, file) != 1) break;
    count++;
  }
  fclose(file);
  return count;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  int count = read_frames(argv[2]);
  double rate = atof(argv[3]), seconds = atof(argv[4]);
  int out = socket(AF_PACKET, SOCK_RAW, 0);
  struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(argv[1])};
  if (count == 0 || out < 0 || bind(out, (struct sockaddr *)&to, sizeof to) < 0) {
    perror("sender");
    return 1;
  }
  long sent = 0, next = 0;
  double start = now();
  for (double t = start; t < start + seconds; t = now()) {
    long due = (long)((t - start) * rate) - sent;
    if (due < BATCH / 2) {
      usleep(100);
      continue;
    }
    struct mmsghdr batch[BATCH] = {0};
    int size = due < BATCH ? (int)due : BATCH;
    for (int i = 0; i < size; i++) {
      batch[i].msg_hdr.msg_iov = &frames[(next + i) % count];
      batch[i].msg_hdr.msg_iovlen = 1;
    }
    int taken = sendmmsg(out, batch, size, 0);
    if (taken <= 0) continue;
    sent += taken;
    next = (next + taken) % count;
  }
  printf("%ld %.3f\n", sent, now() - start);
  return 0;
}
