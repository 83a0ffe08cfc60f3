/* A sensor in C: reads lines of readings, signs each batch as docs/sensors.md says, and sends it over MQTT until its
 * gateway acknowledges it. What stands before SENSOR_CORE_ONLY needs no system and no heap: it compiles for a Cortex-M4. */
#include <secp256k1.h>
#include <secp256k1_recovery.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t byte;
static void copy(byte *to, const byte *from, size_t size) { while (size--) *to++ = *from++; }
static void number(byte *to, uint64_t value, int size) { while (size--) to[size] = (byte)value, value >>= 8; }
static uint32_t turn(uint32_t x, int by) { return x >> by | x << (32 - by); }
static const uint32_t K[64] = {
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
  0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
  0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
  0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
  0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
  0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};
typedef struct { uint32_t h[8]; byte block[64]; uint64_t size; } Sha;
static void sha_block(Sha *s) { /* FIPS 180-4, 6.2.2 */
  uint32_t w[64], v[8];
  for (int i = 0; i < 16; i++)
    w[i] = (uint32_t)s->block[4 * i] << 24 | s->block[4 * i + 1] << 16 | s->block[4 * i + 2] << 8 | s->block[4 * i + 3];
  for (int i = 16; i < 64; i++)
    w[i] = w[i - 16] + (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3) + w[i - 7] +
           (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10);
  for (int i = 0; i < 8; i++) v[i] = s->h[i];
  for (int i = 0; i < 64; i++) {
    uint32_t e = v[4], a = v[0];
    uint32_t t = v[7] + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & v[5]) ^ (~e & v[6])) + K[i] + w[i];
    uint32_t u = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
    for (int j = 7; j > 0; j--) v[j] = v[j - 1];
    v[4] += t, v[0] = t + u;
  }
  for (int i = 0; i < 8; i++) s->h[i] += v[i];
}
static const Sha BEGUN = {
  {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}, {0}, 0};
static void sha_add(Sha *s, const byte *data, size_t size) {
  for (; size--; s->size % 64 ? (void)0 : sha_block(s)) s->block[s->size++ % 64] = *data++;
}
static void sha_end(Sha *s, byte out[32]) {
  byte length[8], pad = 0x80, zero = 0;
  number(length, s->size * 8, 8);
  for (sha_add(s, &pad, 1); s->size % 64 != 56;) sha_add(s, &zero, 1);
  sha_add(s, length, 8);
  for (int i = 0; i < 8; i++) number(out + 4 * i, s->h[i], 4);
}
static void keccak(const byte *data, size_t size, byte out[32]) { /* Ethereum's: less than 136 bytes of data */
  uint64_t s[25] = {0}, c[5], t, lfsr = 1;
  for (size_t i = 0; i < size; i++) s[i / 8] ^= (uint64_t)data[i] << 8 * (i % 8);
  s[size / 8] ^= (uint64_t)1 << 8 * (size % 8), s[16] ^= (uint64_t)1 << 63;
  for (int round = 0; round < 24; round++) {
    for (int x = 0; x < 5; x++) c[x] = s[x] ^ s[x + 5] ^ s[x + 10] ^ s[x + 15] ^ s[x + 20];
    for (int i = 0; i < 25; i++) t = c[(i + 1) % 5], s[i] ^= c[(i + 4) % 5] ^ (t << 1 | t >> 63);
    t = s[1];
    for (int i = 1, x = 1, y = 0; i < 25; i++) {
      int z = y, by = i * (i + 1) / 2 % 64;
      y = (2 * x + 3 * y) % 5, x = z;
      uint64_t next = s[x + 5 * y];
      s[x + 5 * y] = by ? t << by | t >> (64 - by) : t, t = next;
    }
    for (int y = 0, x; y < 25; y += 5) {
      for (x = 0; x < 5; x++) c[x] = s[y + x];
      for (x = 0; x < 5; x++) s[y + x] = c[x] ^ (~c[(x + 1) % 5] & c[(x + 2) % 5]);
    }
    for (int j = 0; j < 7; j++, lfsr = (lfsr << 1) ^ (lfsr >> 7 ? 0x171 : 0))
      if (lfsr & 1) s[0] ^= (uint64_t)1 << ((1 << j) - 1);
  }
  for (int i = 0; i < 32; i++) out[i] = (byte)(s[i / 8] >> 8 * (i % 8));
}

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
#include <mosquitto.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
enum { SLOTS = 256, LINE = 65536, MESSAGE = 1 << 20 };
static struct { char *text; char digest[65]; } ring[SLOTS]; /* the oldest is overwritten: its patient sees a gap */
static unsigned made, waiting;
static char name[43] = "0x", topics[4][80], grant[65], hello[400];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static char *hex(char *to, const byte *bytes, size_t size) {
  for (size_t i = 0; i < size; i++) sprintf(to + 2 * i, "%02x", bytes[i]);
  return to;
}
static void send_slot(struct mosquitto *m, unsigned i) {
  if (ring[i].text) mosquitto_publish(m, NULL, topics[0], (int)strlen(ring[i].text), ring[i].text, 1, false);
}
static void empty_slot(unsigned i) { if (ring[i].text) free(ring[i].text), ring[i].text = NULL, waiting--; }
static void connected(struct mosquitto *m, void *unused, int failed) {
  if (failed) exit((fprintf(stderr, "refused: %s\n", mosquitto_connack_string(failed)), 1));
  mosquitto_subscribe(m, NULL, topics[1], 1), mosquitto_subscribe(m, NULL, topics[2], 1);
  pthread_mutex_lock(&lock);
  mosquitto_publish(m, NULL, topics[3], (int)strlen(hello), hello, 1, false);
  for (unsigned i = 0; i < SLOTS; i++) send_slot(m, (made + i) % SLOTS);
  pthread_mutex_unlock(&lock);
}
static void heard(struct mosquitto *m, void *unused, const struct mosquitto_message *said) {
  char text[1024] = "", *found;
  memcpy(text, said->payload, said->payloadlen < 1023 ? (size_t)said->payloadlen : 1023);
  pthread_mutex_lock(&lock);
  if ((found = strstr(text, "\"grant\":\"0x")) && strlen(found) > 74) memcpy(grant, found + 11, 64);
  for (unsigned i = 0; i < SLOTS; i++) if (ring[i].text && strstr(text, ring[i].digest)) empty_slot(i);
  pthread_cond_broadcast(&changed), pthread_mutex_unlock(&lock);
}
static void keep(const char *path, const byte data[68]) {
  FILE *f = fopen(path, "wb");
  if (!f || fwrite(data, 1, 68, f) != 68 || fclose(f)) exit((perror(path), 1));
}
int main(int count, char **a) {
  umask(077); /* the file holds the key */
  if (count < 5) return fprintf(stderr, "sensor FILE HOST PORT READINGS-PER-BATCH [CA-FILE USER PASSWORD]\n"), 2;
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
  if (count > 7) mosquitto_username_pw_set(m, a[6], a[7]);
  char seal[131];
  byte by[65];
  if (!hello_sign(context, kept, address, by)) return fprintf(stderr, "no signature\n"), 1;
  sprintf(hello, "{\"format\":\"medseal-hello/1\",\"device\":\"%s\",\"model\":\"\",\"serial\":\"\",\"signature\":\"0x%s\"}",
          name, hex(seal, by, 65));
  mosquitto_connect_callback_set(m, connected), mosquitto_message_callback_set(m, heard);
  if (mosquitto_connect(m, a[2], atoi(a[3]), 30) || mosquitto_loop_start(m)) return fprintf(stderr, "no broker\n"), 1;
  pthread_mutex_lock(&lock);
  for (struct timespec until; !*grant;) { /* a gateway that started again forgot who announced itself */
    clock_gettime(CLOCK_REALTIME, &until), until.tv_sec += 5;
    if (pthread_cond_timedwait(&changed, &lock, &until))
      mosquitto_publish(m, NULL, topics[3], (int)strlen(hello), hello, 1, false);
  }
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
    empty_slot(slot), waiting++, hex(ring[slot].digest, b.digest, 32);
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
