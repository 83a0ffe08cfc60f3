/**
 * Verifying a log with its bodies: every body against its entry, every author's signature, the verdicts of two
 * coordinators for each entry, the root, in one thread; beside what one core does of signature recoveries alone, in
 * the same run. Arrays of several sizes, because verdicts are shared by an array.
 *
 * `node bench/verify.bench.ts [--entries N] [--arrays 1,16,256] [--json]`; 20,000 entries unless given (the target is
 * 10,000 entries per second on an idle core, for arrays).
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { addressOf } from '../src/crypto/addressOf.ts';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../src/crypto/bytes.ts';
import { inclusionProof } from '../src/crypto/merkle/inclusionProof.ts';
import { leafHash } from '../src/crypto/merkle/leafHash.ts';
import { memoryTree } from '../src/crypto/merkle/memoryTree.ts';
import { MerkleFrontier } from '../src/crypto/merkle/MerkleFrontier.ts';
import { createNoteKey } from '../src/crypto/note/NoteKey.ts';
import { createNativePrimitives } from '../src/native/nativePrimitives.ts';
import { acknowledgementCheck } from '../src/protocol/acknowledgementCheck.ts';
import { canonicalJson } from '../src/protocol/canonicalJson.ts';
import { domainOf } from '../src/protocol/domainOf.ts';
import type { Acknowledgement } from '../src/protocol/evidence.ts';
import type { Address, Bytes32 } from '../src/protocol/ids.ts';
import { ZERO32 } from '../src/protocol/ids.ts';
import type { NetworkFile } from '../src/protocol/NetworkFile.ts';
import { sign } from '../src/protocol/signing.ts';

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '20000' },
    arrays: { type: 'string', default: '1,16,256' },
    json: { type: 'boolean' },
  },
});
const count = Number(values.entries);
const primitives = await createNativePrimitives();

interface Key {
  readonly address: Address;
  readonly signingKey: Uint8Array;
}

function key(): Key {
  const signingKey = new Uint8Array(randomBytes(32));
  return { signingKey, address: addressOf(primitives, primitives.publicKey(signingKey)) };
}

function word(): Bytes32 {
  return bytesToHex(new Uint8Array(randomBytes(32)));
}

const ORGANISATIONS = ['hospital', 'laboratory', 'insurer'];
const coordinators = ORGANISATIONS.map(key);
const origin = 'bench/care/hospital';
const log = bytesToHex(primitives.sha256(utf8ToBytes(origin)));
const network: NetworkFile = {
  format: 'medseal-network/1',
  networkId: word(),
  demo: true,
  ledger: { chainId: 1, genesis: word() },
  contracts: { registry: '0x', consent: '0x', evidence: '0x' },
  authority: { threshold: 2, members: [] },
  channels: [
    {
      name: 'care',
      faulty: 0,
      thresholds: { writes: 2, views: 2 },
      coordinators: ORGANISATIONS.map((organisation, at) => ({
        organisation,
        address: coordinators[at]?.address ?? '0x',
      })),
      logs: [
        {
          name: 'care/hospital',
          organisation: 'hospital',
          origin,
          id: log,
          key: createNoteKey(origin, new Uint8Array(randomBytes(32))).verifierKey,
        },
      ],
    },
  ],
};
const context = { domain: domainOf(network), primitives };
/** 1,000 parties. */
const authors = Array.from({ length: 1000 }, key);

function bodyText(place: number): string {
  const author = authors[place % authors.length] ?? authors[0];
  if (author === undefined) throw new Error('no author');
  const request = sign(context, author, 'Write', {
    log: 'care/hospital',
    action: 'add',
    handle: word(),
    record: word(),
    version: 1,
    category: 'laboratory',
    epoch: 1,
    file: word(),
    size: 1000 + place,
    grant: ZERO32,
    purpose: 'TREAT',
    deadline: 1_800_000_300,
    salt: bytesToHex(new Uint8Array(randomBytes(16))),
  });
  const salt = bytesToHex(new Uint8Array(randomBytes(16)));
  const at = 1_800_000_000;
  return canonicalJson({
    format: 'medseal-body/1',
    flag: 'A',
    log: 'care/hospital',
    at,
    block: 7,
    request,
    salt,
  });
}

/** Entries as coordinators judged them, so many at a time. */
async function judged(size: number): Promise<Acknowledgement[]> {
  const all: Acknowledgement[] = [];
  while (all.length < count) {
    const bodies = Array.from({ length: Math.min(size, count - all.length) }, (_, at) =>
      bodyText(all.length + at),
    );
    const entries = bodies.map((body) => primitives.sha256(utf8ToBytes(body)));
    const tree = memoryTree(
      primitives,
      entries.map((entry) => leafHash(primitives, entry)),
    );
    const verdict = {
      kind: 'writes' as const,
      log,
      size: tree.size,
      root: bytesToHex(tree.root),
      at: 1_800_000_000,
      includeBy: 1_800_000_060,
    };
    const signed = coordinators.map((coordinator) =>
      sign(context, coordinator, 'Verdict', verdict),
    );
    for (const [index, body] of bodies.entries()) {
      const proof = (await inclusionProof(primitives, tree.readHash, index, tree.size)).map(
        bytesToHex,
      );
      const verdicts = signed.map(({ party, signature }) => ({
        verdict,
        coordinator: party,
        signature,
        index,
        proof,
      }));
      const entry = bytesToHex(entries[index] ?? new Uint8Array(32));
      all.push({ log: 'care/hospital', index: all.length, entry, body, verdicts });
    }
  }
  // As they come from a disk or a network: nothing is shared between them.
  return all.map((each) => JSON.parse(JSON.stringify(each)) as Acknowledgement);
}

interface Rate {
  readonly perSecond: number;
  /** By the thread's own time, which others on the machine do not take. */
  readonly perCpuSecond: number;
}

function rate(times: number, work: () => void): Rate {
  const cpu = process.cpuUsage();
  const start = performance.now();
  work();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return {
    perSecond: Math.round((1000 * times) / wall),
    perCpuSecond: Math.round((1e6 * times) / (user + system)),
  };
}

function verify(acknowledgements: readonly Acknowledgement[]): void {
  const check = acknowledgementCheck(context, network);
  const frontier = MerkleFrontier.empty(primitives);
  for (const acknowledgement of acknowledgements) {
    frontier.append(leafHash(primitives, hexToBytes(acknowledgement.entry)));
    check.body(acknowledgement);
  }
  frontier.root();
}

const digest = new Uint8Array(randomBytes(32));
const signature = primitives.sign(digest, authors[0]?.signingKey ?? digest);
const recoveries = (): void => {
  for (let at = 0; at < 20_000; at++) primitives.recover(digest, signature);
};
recoveries();
const results: Record<string, Rate> = { 'signature recoveries alone': rate(20_000, recoveries) };
for (const size of values.arrays.split(',').map(Number)) {
  const acknowledgements = await judged(size);
  verify(acknowledgements.slice(0, 2000));
  results[`entries judged ${size} at a time`] = rate(count, () => verify(acknowledgements));
}
if (values.json === true) console.log(JSON.stringify(results));
else console.table(results);
