import { PairingThreads } from '../PairingThreads.ts';

/** A program that has threads compute, and then has nothing more to do. */
const threads = new PairingThreads({ threads: 2 });
const pairing = await threads.load(500);
await threads.started();
const hashed = await Promise.all(
  [1, 2, 3, 4].map(async (each) => await pairing.hashToG1(Uint8Array.of(each))),
);
process.stdout.write(`${threads.running} threads, ${hashed.length} hashes`);
