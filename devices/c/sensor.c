/* A sensor in C: reads lines of readings, signs each batch as docs/use/sensors.md says, and sends it over MQTT until its
 * gateway acknowledges it. What stands before SENSOR_CORE_ONLY needs no system and no heap: it compiles for a Cortex-M4. */
#include <secp256k1.h>
#include <secp256k1_recovery.h>
#include "hash.h"

typedef struct { /* one batch; `clock` is 1 if the times are Unix milliseconds, 0 if they count from the start */
  byte grant[32], previous[32], root[32], digest[32], signature[65], nodes[32][32];
  uint32_t boot, count;
  uint64_t first, start, end;
  byte clock;
} Batch;
static void join(byte left[32], const byte right[32]) {
  Sha s = BEGUN;
  sha_add(&s, (const byte *)"\1", 1), sha_add(&s, left, 32), sha_add(&s, right, 32), sha_end(&s, left);
}
/* Adds the line of a reading to the batch's tree (RFC 6962, 2.1), in memory that does not grow with it. */
void batch_add(Batch *b, const char *line, size_t size) {
  byte node[32];
  int level = 0;
  Sha s = BEGUN;
  sha_add(&s, (const byte *)"", 1), sha_add(&s, (const byte *)line, size), sha_end(&s, node);
  for (; b->count >> level & 1; level++) join(b->nodes[level], node), copy(node, b->nodes[level], 32);
  copy(b->nodes[level], node, 32), b->count++;
}
static int sign(const secp256k1_context *tiny, const byte key[32], const byte digest[32], byte signature[65]) {
  secp256k1_ecdsa_recoverable_signature made;
  int v = 0, done = secp256k1_ecdsa_sign_recoverable(tiny, &made, digest, key, NULL, NULL);
  done = done && secp256k1_ecdsa_recoverable_signature_serialize_compact(tiny, signature, &v, &made);
  return signature[64] = (byte)(27 + v), done;
}
/* Makes root and digest, and signs; `tiny` is a secp256k1 context, `key` the device's 32 bytes. Returns 1. */
int batch_sign(Batch *b, const secp256k1_context *tiny, const byte key[32]) {
  byte text[179] = "medseal/readings/1", *at = text + 18;
  int any = 0;
  for (int level = 0; level < 32; level++)
    if (b->count >> level & 1) {
      if (any++) join(b->nodes[level], b->root);
      copy(b->root, b->nodes[level], 32);
    }
  copy(at, b->grant, 32), number(at + 32, b->boot, 4), number(at + 36, b->first, 8), number(at + 44, b->count, 4);
  at[48] = b->clock, number(at + 49, b->start, 8), number(at + 57, b->end, 8);
  copy(at + 65, b->previous, 32), copy(at + 97, b->root, 32); /* no file: the gateway seals */
  Sha s = BEGUN;
  return sha_add(&s, text, sizeof text), sha_end(&s, b->digest), sign(tiny, key, b->digest, b->signature);
}
int device_address(const secp256k1_context *tiny, const byte key[32], byte address[20]) {
  secp256k1_pubkey made;
  byte point[65], hash[32];
  size_t size = 65;
  if (!secp256k1_ec_pubkey_create(tiny, &made, key)) return 0;
  secp256k1_ec_pubkey_serialize(tiny, point, &size, &made, SECP256K1_EC_UNCOMPRESSED);
  return keccak(point + 1, 64, hash), copy(address, hash + 12, 20), 1;
}
/* Signs the device's announcement to its gateway, without a model and a serial number. Returns 1. */
int hello_sign(const secp256k1_context *tiny, const byte key[32], const byte address[20], byte signature[65]) {
  byte none[32], digest[32];
  Sha s = BEGUN, empty = BEGUN;
  sha_end(&empty, none), sha_add(&s, (const byte *)"medseal/hello/1", 15), sha_add(&s, address, 20);
  return sha_add(&s, none, 32), sha_add(&s, none, 32), sha_end(&s, digest), sign(tiny, key, digest, signature);
}
#ifndef SENSOR_CORE_ONLY
#include <fcntl.h>
#include <libgen.h>
#include <mosquitto.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#ifndef AGAIN
#define AGAIN 10 /* seconds until a batch that nobody acknowledged is sent again; each time twice as long */
#endif
enum { SLOTS = 256, LINE = 65536, MESSAGE = 1 << 20, LONGEST = 600 };
static struct { char *text, digest[65]; time_t due, wait; } ring[SLOTS]; /* the oldest is overwritten: it is a gap */
static unsigned made, waiting;
static _Atomic int online;
static char name[43] = "0x", topics[4][80], grant[65], hello[400];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static char *hex(char *to, const byte *bytes, size_t size) {
  for (size_t i = 0; i < size; i++) sprintf(to + 2 * i, "%02x", bytes[i]);
  return to;
}
static time_t now(void) { struct timespec t; return clock_gettime(CLOCK_MONOTONIC, &t), t.tv_sec; }
static void announce(struct mosquitto *m) { mosquitto_publish(m, NULL, topics[3], (int)strlen(hello), hello, 1, false); }
static void send_slot(struct mosquitto *m, unsigned i) {
  if (!ring[i].text || !online) return; /* what is sent while there is no connection would wait in the library, each time */
  mosquitto_publish(m, NULL, topics[0], (int)strlen(ring[i].text), ring[i].text, 1, false);
  ring[i].due = now() + ring[i].wait, ring[i].wait = ring[i].wait * 2 < LONGEST ? ring[i].wait * 2 : LONGEST;
}
static void *again(void *m) { /* a broker may have what its gateway lost, and a gateway forgets who announced itself */
  for (;; pthread_mutex_unlock(&lock)) {
    sleep(AGAIN < 5 ? AGAIN : 5), pthread_mutex_lock(&lock);
    if (!*grant && online) announce(m);
    for (unsigned i = 0; i < SLOTS; i++) if (ring[(made + i) % SLOTS].due <= now()) send_slot(m, (made + i) % SLOTS);
  }
  return NULL;
}
static void empty_slot(unsigned i) { if (ring[i].text) free(ring[i].text), ring[i].text = NULL, waiting--; }
static void connected(struct mosquitto *m, void *unused, int failed) {
  if (failed) exit((fprintf(stderr, "refused: %s\n", mosquitto_connack_string(failed)), 1));
  mosquitto_subscribe(m, NULL, topics[1], 1), mosquitto_subscribe(m, NULL, topics[2], 1);
  online = 1;
  pthread_mutex_lock(&lock), announce(m);
  for (unsigned i = 0; i < SLOTS; i++) ring[(made + i) % SLOTS].wait = AGAIN, send_slot(m, (made + i) % SLOTS);
  pthread_mutex_unlock(&lock);
}
static void disconnected(struct mosquitto *m, void *unused, int why) { online = 0; }
static void heard(struct mosquitto *m, void *unused, const struct mosquitto_message *said) {
  char text[1024] = "", *found;
  if (said->payloadlen > 0) memcpy(text, said->payload, said->payloadlen < 1023 ? (size_t)said->payloadlen : 1023);
  pthread_mutex_lock(&lock);
  if ((found = strstr(text, "\"grant\":\"0x")) && strspn(found + 11, "0123456789abcdef") == 64 && found[75] == '"')
    memcpy(grant, found + 11, 64); /* 64 digits as they are signed and sent on, or it is no right */
  for (unsigned i = 0; i < SLOTS; i++) if (ring[i].text && strstr(text, ring[i].digest)) empty_slot(i);
  pthread_cond_broadcast(&changed), pthread_mutex_unlock(&lock);
}
static void keep(const char *path, const byte data[68]) { /* a loss of power leaves the old file or the new one */
  char temporary[4096];
  if (snprintf(temporary, sizeof temporary, "%s.new", path) >= (int)sizeof temporary) exit((fprintf(stderr, "path\n"), 1));
  FILE *f = fopen(temporary, "wb");
  int done = f && fwrite(data, 1, 68, f) == 68 && !fflush(f) && !fsync(fileno(f));
  if (!f || fclose(f) || !done || rename(temporary, path)) exit((perror(path), 1));
  int folder = open(dirname(temporary), O_RDONLY);
  if (folder < 0 || fsync(folder) || close(folder)) exit((perror(path), 1));
}
/* The first line of a file that only its owner may read: an argument is seen by everybody on the machine. */
static int password_in(const char *path, char line[256]) {
  struct stat is;
  FILE *f = fopen(path, "r");
  int done = f && !fstat(fileno(f), &is) && !(is.st_mode & 077) && fgets(line, 256, f) && strlen(line) < 255 && !fclose(f);
  return line[strcspn(line, "\r\n")] = 0, done && *line;
}
int main(int count, char **a) {
  umask(077); /* the file holds the key */
  if (count != 5 && count != 6 && count != 8) return fprintf(stderr, "sensor FILE HOST PORT BATCH [CA [USER PASSWORD-FILE]]\n"), 2;
  byte kept[68] = {0}, address[20]; /* key, number of starts, root of the last batch */
  secp256k1_context *context = secp256k1_context_create(SECP256K1_CONTEXT_SIGN);
  FILE *f = fopen(a[1], "rb");
  if (f && fread(kept, 1, 68, f) != 68) return fprintf(stderr, "%s is not a sensor's file\n", a[1]), 1;
  while (!f && !secp256k1_ec_seckey_verify(context, kept)) if (getrandom(kept, 32, 0) != 32) return perror("key"), 1;
  uint32_t boot = (f != NULL) + ((uint32_t)kept[32] << 24 | kept[33] << 16 | kept[34] << 8 | kept[35]);
  number(kept + 32, boot, 4), keep(a[1], kept), device_address(context, kept, address);
  hex(name + 2, address, 20), mosquitto_lib_init(), printf("medseal-device:1:%s\n", name), fflush(stdout);
  const char *last[] = {"readings", "binding", "acknowledged", "hello"};
  for (int i = 0; i < 4; i++) sprintf(topics[i], "medseal/device/%s/%s", name, last[i]);
  struct mosquitto *m = mosquitto_new(name, false, NULL);
  if (count > 5 && mosquitto_tls_set(m, a[5], NULL, NULL, NULL, NULL)) return fprintf(stderr, "CA file\n"), 1;
  char seal[131], password[256] = "";
  byte by[65];
  if (count == 8 && !password_in(a[7], password))
    return fprintf(stderr, "%s: a password in one line, in a file that only you may read\n", a[7]), 1;
  if (count == 8) mosquitto_username_pw_set(m, a[6], password);
  if (!hello_sign(context, kept, address, by)) return fprintf(stderr, "no signature\n"), 1;
  sprintf(hello, "{\"format\":\"medseal-hello/1\",\"device\":\"%s\",\"model\":\"\",\"serial\":\"\",\"signature\":\"0x%s\"}",
          name, hex(seal, by, 65));
  mosquitto_connect_callback_set(m, connected), mosquitto_disconnect_callback_set(m, disconnected);
  mosquitto_message_callback_set(m, heard);
  if (mosquitto_connect(m, a[2], atoi(a[3]), 30) || mosquitto_loop_start(m)) return fprintf(stderr, "no broker\n"), 1;
  pthread_t timer;
  if (pthread_create(&timer, NULL, again, m)) return perror("timer"), 1;
  pthread_mutex_lock(&lock);
  while (!*grant) pthread_cond_wait(&changed, &lock);
  pthread_mutex_unlock(&lock);
  static char line[LINE], lines[MESSAGE];
  for (uint64_t first = 0, used = 0;; used = 0) {
    Batch b = {.boot = boot, .first = first, .clock = 1};
    while ((int)b.count < atoi(a[4]) && used < MESSAGE - LINE - 1024 && fgets(line, LINE, stdin)) {
      char *at = strstr(line, "\"at\":");
      if (!at) continue;
      b.end = strtoull(at + 5, NULL, 10), used += (size_t)sprintf(lines + used, "%s", line);
      batch_add(&b, line, strcspn(line, "\n"));
      if (b.count == 1) b.start = b.end;
    }
    if (b.count == 0) break;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < 32; i++) sscanf(grant + 2 * i, "%2hhx", &b.grant[i]);
    copy(b.previous, kept + 36, 32);
    if (!batch_sign(&b, context, kept)) return fprintf(stderr, "no signature\n"), 1;
    first += b.count, copy(kept + 36, b.root, 32), keep(a[1], kept);
    unsigned slot = made++ % SLOTS;
    char signature[131], previous[65], root[65];
    empty_slot(slot), waiting++, hex(ring[slot].digest, b.digest, 32), ring[slot].wait = AGAIN;
    sprintf(ring[slot].text = malloc(used + 1024),
            "{\"format\":\"medseal-readings/1\",\"header\":{\"grant\":\"0x%s\",\"boot\":%u,\"first\":%llu,\"count\":%u,"
            "\"clock\":\"set\",\"start\":%llu,\"end\":%llu,\"previous\":\"0x%s\",\"root\":\"0x%s\",\"file\":\"0x%064d\"},"
            "\"signature\":\"0x%s\"}\n%.*s", grant, boot, (unsigned long long)b.first, b.count,
            (unsigned long long)b.start, (unsigned long long)b.end, hex(previous, b.previous, 32), hex(root, b.root, 32), 0,
            hex(signature, b.signature, 65), (int)used, lines);
    send_slot(m, slot), pthread_mutex_unlock(&lock);
  }
  pthread_mutex_lock(&lock);
  while (waiting) pthread_cond_wait(&changed, &lock); /* a reading is given up only once it is acknowledged */
  return pthread_mutex_unlock(&lock), mosquitto_disconnect(m), mosquitto_loop_stop(m, false), 0;
}
#endif
