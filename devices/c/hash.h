/* SHA-256 and Ethereum's Keccak, for devices that have neither; without a system and a heap. */
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
