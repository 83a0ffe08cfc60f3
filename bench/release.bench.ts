/**
 * Measures the cost of a release key: a small record sealed and opened with it, beside one sealed to the epoch's identity alone, and
 * beside one sealed with a pairing (P3's bilinear map); a coordinator's check and share; and a chart that is read whole beside the same chart without a release key. Each ratio is from
 * one run.
 *
 * `node bench/release.bench.ts [--records N] [--rounds N]`; 500 records and 200 rounds unless given. The targets: sealing keeps 0.7
 * of its rate, a coordinator makes 3,000 shares a second with check and proof, and a chart of 500 takes at most 2.2 times as long,
 * the first time.
 */
import { randomBytes } from 'node:crypto';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import addon from 'secp256k1/bindings.js';
import { addRecord } from '../src/client/records/addRecord.ts';
import { readChart } from '../src/client/records/readChart.ts';
import { readRecords } from '../src/client/records/readRecords.ts';
import { utf8ToBytes } from '../src/crypto/bytes.ts';
import { ageIdentity, recipientKey, recipientOf } from '../src/crypto/keys/ageIdentity.ts';
import { openBytes } from '../src/crypto/sealing/openBytes.ts';
import { sealBytes } from '../src/crypto/sealing/sealBytes.ts';
import { HeldIdentity } from '../src/crypto/sealing/HeldIdentity.ts';
import { whoHalfOf } from '../src/crypto/threshold/evidencedKem.ts';
import { evidencedIdentity, evidencedRecipient } from '../src/crypto/threshold/evidencedStanza.ts';
import { extractShare, isShareOf } from '../src/crypto/threshold/extractShare.ts';
import type { GroupPort } from '../src/crypto/threshold/GroupPort.ts';
import { nobleGroup } from '../src/crypto/threshold/nobleGroup.ts';
import { isSealFor, readSeal } from '../src/crypto/threshold/releaseSeal.ts';
import { scalarBytes } from '../src/crypto/threshold/scalars.ts';
import { sampleKey } from '../src/crypto/threshold/test/sampleKey.ts';
import { startCare, startTestNetwork } from '../src/node/test/testNetwork.ts';
import { nativeCipher } from '../src/native/nativeCipher.ts';
import { nativeGroup } from '../src/native/nativeGroup.ts';
import { nativeKem } from '../src/native/nativeKem.ts';
import { openingOf, sealIn } from './support/openingOf.ts';
import { pairingScheme } from './support/pairingScheme.ts';

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

async function measureGroup(name: string, group: GroupPort): Promise<void> {
  const { key, secrets } = sampleKey(group, random);
  const { members } = key;
  const identity = random(200);
  const epoch = ageIdentity(random(32));
  const [recipient, own] = [await recipientOf(epoch), await recipientOf(ageIdentity(random(32)))];
  const target = {
    recipientKey: recipientKey(recipient),
    publicKey: key.publicKey,
    identity,
    keyId: random(32),
  };
  const evidenced = evidencedRecipient(group, nativeKem, target, random);
  const plain = await cost(rounds, async () => await sealBytes([recipient], CONTENT, options));
  const both = await cost(rounds, async () => await sealBytes([evidenced, own], CONTENT, options));
  const [plainFile, file] = [
    await sealBytes([recipient], CONTENT, options),
    await sealBytes([evidenced, own], CONTENT, options),
  ];
  const combine = await openingOf(group, { target, members, secrets, random }, file);
  const held = new HeldIdentity(epoch);
  const opener = evidencedIdentity(identity, ({ encapsulated }) => [
    {
      who: whoHalfOf(held.secretOf(nativeKem, encapsulated), encapsulated, identity),
      evidence: combine(),
    },
  ]);
  const opened = await cost(rounds, async () => await openBytes([held], plainFile, options));
  const released = await cost(rounds, async () => await openBytes([opener], file, options));
  const { seal, label } = await sealIn(target, file);
  const { point } = readSeal(seal);
  const memberKey = members.get(1) ?? new Uint8Array();
  const secret = scalarBytes(secrets.get(1) ?? 1n);
  const of = { ...target, point, index: 1, memberKey };
  const check = await cost(rounds, () => isSealFor(group, label, seal));
  const share = await cost(rounds, () => extractShare(group, of, secret, random));
  const one = extractShare(group, of, secret, random);
  const verified = await cost(rounds, () => isShareOf(group, of, one));
  console.log(
    `${name}: sealing 4 KiB ${both.toFixed(2)} ms, alone ${plain.toFixed(2)}, ratio of rates ${(plain / both).toFixed(2)}; ` +
      `opening ${released.toFixed(2)} ms, alone ${opened.toFixed(2)}, ${(released - opened).toFixed(2)} more; ` +
      `a check ${check.toFixed(3)} ms and a share with its proof ${share.toFixed(3)}, ${Math.round(1000 / (check + share))} a second; ` +
      `a share verified in ${verified.toFixed(3)} ms`,
  );
}

/** The same with a pairing, in JavaScript, for comparison. */
async function measurePairing(): Promise<void> {
  const [epoch, version] = [ageIdentity(random(32)), random(200)];
  const [recipient, own] = [await recipientOf(epoch), await recipientOf(ageIdentity(random(32)))];
  const scheme = pairingScheme(nativeKem, recipientKey(recipient), version, random);
  const few = Math.ceil(rounds / 4);
  const to = [scheme.recipient, own];
  const plain = await cost(rounds, async () => await sealBytes([recipient], CONTENT, options));
  const both = await cost(few, async () => await sealBytes(to, CONTENT, options));
  const [plainFile, file] = [
    await sealBytes([recipient], CONTENT, options),
    await sealBytes(to, CONTENT, options),
  ];
  const held = new HeldIdentity(epoch);
  const opener = scheme.identity((encapsulated) => held.secretOf(nativeKem, encapsulated));
  const opened = await cost(rounds, async () => await openBytes([held], plainFile, options));
  const released = await cost(few, async () => await openBytes([opener], file, options));
  const share = await cost(few, () => scheme.share());
  const one = scheme.share();
  const verified = await cost(few, () => scheme.isShare(one));
  console.log(
    `with a pairing, in JavaScript: sealing 4 KiB ${both.toFixed(2)} ms, alone ${plain.toFixed(2)}, ratio of rates ` +
      `${(plain / both).toFixed(3)}; opening ${released.toFixed(2)} ms, alone ${opened.toFixed(2)}, ` +
      `${(released - opened).toFixed(2)} more; a share ${share.toFixed(2)} ms, ${Math.round(1000 / share)} a second, and no ` +
      `check; a share verified in ${verified.toFixed(2)} ms`,
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
  read(): Promise<Took>;
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
    async read() {
      const [begun, all, own] = [performance.now(), process.cpuUsage(), process.threadCpuUsage()];
      let read = 0;
      for await (const each of readRecords(doctor, chart, chart.records))
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

await measureGroup('native', nativeGroup(addon));
await measureGroup('JavaScript', nobleGroup);
await measurePairing();
const [open, guarded] = [await startChart(false), await startChart(true)];
const [plain, cold, warm] = [await open.read(), await guarded.read(), await guarded.read()];
console.log(`a chart of ${records}, load ${loadavg()[0]?.toFixed(1)}`);
console.log(told('without a release key', plain, plain));
console.log(told('with one', cold, plain));
console.log(told('with one, read again', warm, plain));
await Promise.all([open.close(), guarded.close()]);
