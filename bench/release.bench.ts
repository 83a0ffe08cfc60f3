/**
 * Measures the cost of a release key: a small record sealed and opened with it, beside one sealed to the epoch's identity alone; a
 * coordinator's shares; and a chart that is read whole, in one thread and in several, beside the same chart without a release
 * key. Each ratio is from one run.
 *
 * `node bench/release.bench.ts [--records N] [--rounds N]`; 500 records and 200 rounds unless given. The targets: a reader
 * spends at most 8 ms more for a record with WebAssembly and 30 with JavaScript, a coordinator makes 1,000 shares a second,
 * sealing keeps half of its rate, and a chart of 500 takes at most twice as long.
 */
import { randomBytes } from 'node:crypto';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { addRecord } from '../src/client/records/addRecord.ts';
import { readChart } from '../src/client/records/readChart.ts';
import { readRecords } from '../src/client/records/readRecords.ts';
import { utf8ToBytes } from '../src/crypto/bytes.ts';
import { ageIdentity, recipientKey, recipientOf } from '../src/crypto/keys/ageIdentity.ts';
import { openBytes } from '../src/crypto/sealing/openBytes.ts';
import { sealBytes } from '../src/crypto/sealing/sealBytes.ts';
import { HeldIdentity } from '../src/crypto/sealing/HeldIdentity.ts';
import { termsOfShares } from '../src/crypto/threshold/combineShares.ts';
import { whoHalfOf } from '../src/crypto/threshold/evidencedKem.ts';
import { evidencedIdentity, evidencedRecipient } from '../src/crypto/threshold/evidencedStanza.ts';
import { extractShare } from '../src/crypto/threshold/extractShare.ts';
import { loadMclPairing } from '../src/crypto/threshold/loadMclPairing.ts';
import { loadNoblePairing } from '../src/crypto/threshold/loadNoblePairing.ts';
import type { LoadAsyncPairing, PairingPort } from '../src/crypto/threshold/PairingPort.ts';
import { parseScalar } from '../src/crypto/threshold/scalars.ts';
import { hexToBytes } from '../src/crypto/bytes.ts';
import { PairingThreads } from '../src/device/PairingThreads.ts';
import { dealShares } from '../src/node/founding/dealShares.ts';
import { startCare, startTestNetwork } from '../src/node/test/testNetwork.ts';
import { nativeCipher } from '../src/native/nativeCipher.ts';
import { nativeKem } from '../src/native/nativeKem.ts';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '200' },
  },
});
const [records, rounds] = [Number(values.records), Number(values.rounds)];
const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const CONTENT = random(4096);
const options = { cipher: nativeCipher };

/** Milliseconds of processor time of each round. */
async function cost(times: number, run: () => unknown): Promise<number> {
  for (let i = 0; i < Math.min(20, times); i++) await run();
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / times;
}

async function measurePairing(name: string, pairing: PairingPort): Promise<void> {
  const { release, secrets } = dealShares(pairing, ['a', 'b', 'c'], 2, random);
  const [one, two] = [...secrets.values()].map(parseScalar);
  const identity = random(200);
  const epoch = ageIdentity(random(32));
  const [recipient, own] = [await recipientOf(epoch), await recipientOf(ageIdentity(random(32)))];
  const target = {
    recipientKey: recipientKey(recipient),
    publicKey: hexToBytes(release.publicKey),
    identity,
    keyId: random(32),
  };
  const evidenced = evidencedRecipient(pairing, nativeKem, target);
  const plain = await cost(rounds, async () => await sealBytes([recipient], CONTENT, options));
  const both = await cost(rounds, async () => await sealBytes([evidenced, own], CONTENT, options));
  const shares = [one, two].map((secret, place) => ({
    index: place + 1,
    share: extractShare(pairing, secret ?? 1n, identity),
  }));
  const held = new HeldIdentity(epoch);
  const opener = evidencedIdentity(pairing, identity, ({ encapsulated }) => [
    {
      who: whoHalfOf(held.secretOf(nativeKem, encapsulated), encapsulated, identity),
      evidence: termsOfShares(shares),
    },
  ]);
  const [plainFile, file] = [
    await sealBytes([recipient], CONTENT, options),
    await sealBytes([evidenced, own], CONTENT, options),
  ];
  const opened = await cost(rounds, async () => await openBytes([held], plainFile, options));
  const released = await cost(rounds, async () => await openBytes([opener], file, options));
  const share = await cost(rounds, () => extractShare(pairing, one ?? 1n, random(200)));
  console.log(
    `${name}: sealing 4 KiB ${both.toFixed(2)} ms, alone ${plain.toFixed(2)}, ratio of rates ${(plain / both).toFixed(2)}; ` +
      `opening ${released.toFixed(2)} ms, alone ${opened.toFixed(2)}, ${(released - opened).toFixed(2)} more; ` +
      `a share ${share.toFixed(2)} ms, ${Math.round(1000 / share)} a second`,
  );
}

/** Time that it took to read a chart. */
interface Took {
  readonly clock: number;
  readonly cpu: number;
  /** Processor time of the main thread, which all nodes share with the reader here. */
  readonly main: number;
}

/** A chart whose doctor can read it, with all nodes in this process. */
async function startChart(guarded: boolean): Promise<{
  read(loadPairing?: LoadAsyncPairing): Promise<Took>;
  close(): Promise<void>;
}> {
  const network = await startTestNetwork({ guarded });
  const { doctor, handle, right } = await startCare(network);
  const version = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  for (let i = 0; i < records; i++) {
    await addRecord(doctor, { ...version, content: utf8ToBytes(`${i} ${'x'.repeat(1000)}`) });
  }
  const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
  return {
    async read(loadPairing = loadMclPairing) {
      const reader = { ...doctor, loadPairing };
      const [begun, all, own] = [performance.now(), process.cpuUsage(), process.threadCpuUsage()];
      let read = 0;
      for await (const each of readRecords(reader, chart, chart.records))
        if ('content' in each) read++;
      const [cpu, main] = [process.cpuUsage(all), process.threadCpuUsage(own)].map(
        ({ user, system }) => (user + system) / 1000,
      ) as [number, number];
      if (read !== records) throw new Error(`${read} of ${records} were read`);
      return { clock: performance.now() - begun, cpu, main };
    },
    close: async () => await network.close(),
  };
}

function told(name: string, { clock, cpu, main }: Took, plain: Took): string {
  return (
    `${name}: ${clock.toFixed(0)} ms by the clock, ${(clock / plain.clock).toFixed(2)} times; ${cpu.toFixed(0)} of processor ` +
    `time, ${(cpu / plain.cpu).toFixed(2)} times; ${main.toFixed(0)} of them in the main thread`
  );
}

await measurePairing('WebAssembly', await loadMclPairing());
await measurePairing('JavaScript', await loadNoblePairing());
const [open, guarded] = [await startChart(false), await startChart(true)];
const threads = new PairingThreads();
const [plain, here] = [await open.read(), await guarded.read()];
const [first, again] = [await guarded.read(threads.load), await guarded.read(threads.load)];
console.log(`a chart of ${records}, ${threads.running} threads, load ${loadavg()[0]?.toFixed(1)}`);
console.log(told('without a release key', plain, plain));
console.log(told('with one, in one thread', here, plain));
console.log(told('with one, in threads that start', first, plain));
console.log(told('with one, in threads that run', again, plain));
await threads.close();
await Promise.all([open.close(), guarded.close()]);
