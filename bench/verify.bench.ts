/**
 * Verifying a log with its bodies: every body against its entry, every author's signature, the verdicts of two
 * coordinators for each entry, the root, in one thread; beside what one core does of signature recoveries alone, in
 * the same run. Arrays of several sizes, because verdicts are shared by an array.
 *
 * `node bench/verify.bench.ts [--entries N] [--arrays 1,16,256] [--json]`; 20,000 entries unless given (the target is
 * 10,000 entries per second on an idle core, for arrays).
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { addressOf } from '../src/crypto/addressOf.ts';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../src/crypto/bytes.ts';
import { inclusionProof } from '../src/crypto/merkle/inclusionProof.ts';
import { leafHash } from '../src/crypto/merkle/leafHash.ts';
import { memoryTree } from '../src/crypto/merkle/memoryTree.ts';
import { MerkleFrontier } from '../src/crypto/merkle/MerkleFrontier.ts';
import { createNoteKey } from '../src/crypto/note/NoteKey.ts';
import { encryptBodies } from '../src/log/encryptBodies.ts';
import { examineRows } from '../src/log/examineRows.ts';
import { LogRows } from '../src/log/LogRows.ts';
import { openEvidenceLog } from '../src/log/openEvidenceLog.ts';
import { createNativePrimitives } from '../src/native/nativePrimitives.ts';
import { openOrganisationFolder } from '../src/folder/OrganisationFolder.ts';
import { ReaderPool } from '../src/node/readers/ReaderPool.ts';
import { acknowledgementCheck } from '../src/protocol/evidence/acknowledgementCheck.ts';
import { canonicalJson } from '../src/protocol/wire/canonicalJson.ts';
import { domainOf } from '../src/protocol/struct/domainOf.ts';
import type { Acknowledgement } from '../src/protocol/evidence/evidence.ts';
import type { Address, Bytes32 } from '../src/protocol/ids.ts';
import { ZERO32 } from '../src/protocol/ids.ts';
import type { NetworkFile } from '../src/protocol/network/NetworkFile.ts';
import { readEvidenceBody } from '../src/protocol/evidence/readEvidence.ts';
import { sign } from '../src/protocol/struct/signing.ts';
import { newEntryOf } from '../src/services/entries/newEntryOf.ts';

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
    begunBy: author.address,
    about: ZERO32,
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

async function rate(times: number, work: () => void | Promise<void>): Promise<Rate> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
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

/** The same log at rest, examined row by row as `medseal fsck` does: two threads verify signatures beside this one. */
async function examined(acknowledgements: readonly Acknowledgement[]): Promise<Rate> {
  const path = await mkdtemp(join(tmpdir(), 'medseal-bench-'));
  const readers = new ReaderPool({ threads: 2, readFirst: 0, onFailure: console.error });
  const bodies = encryptBodies({ primitives, random: randomBytes, storageKey: randomBytes(32) });
  const identity = network.channels[0]?.logs[0];
  if (identity === undefined) throw new Error('no log');
  const folder = await openOrganisationFolder(path);
  try {
    const open = { identity, database: await folder.database('log'), primitives, bodies };
    const evidence = await openEvidenceLog(open);
    for (let from = 0; from < count; from += 256) {
      const some = acknowledgements.slice(from, from + 256);
      await evidence.append(
        some.map((each) => newEntryOf(each, readEvidenceBody(context, each.body))),
      );
    }
    await evidence.close();
    const database = await folder.database('log');
    await database.open();
    const given = { ...context, network, identity, bodies, reader: readers.reader(context) };
    const faults: unknown[] = [];
    const hearer = { fault: (fault: unknown) => void faults.push(fault) };
    const found = await rate(count, async () => {
      await examineRows(new LogRows(database), given, hearer);
    });
    if (faults.length > 0) throw new Error(JSON.stringify(faults[0]));
    await database.close();
    return found;
  } finally {
    await readers.close();
    await rm(path, { recursive: true });
  }
}

const digest = new Uint8Array(randomBytes(32));
const signature = primitives.sign(digest, authors[0]?.signingKey ?? digest);
const recoveries = (): void => {
  for (let at = 0; at < 20_000; at++) primitives.recover(digest, signature);
};
recoveries();
const results: Record<string, Rate> = {
  'signature recoveries alone': await rate(20_000, recoveries),
};
const sizes = values.arrays.split(',').map(Number);
const largest = Math.max(...sizes);
for (const size of sizes) {
  const acknowledgements = await judged(size);
  verify(acknowledgements.slice(0, 2000));
  results[`entries judged ${size} at a time`] = await rate(count, () => verify(acknowledgements));
  if (size === largest) {
    results[`entries of a log at rest examined, judged ${size} at a time`] =
      await examined(acknowledgements);
  }
}
if (values.json === true) console.log(JSON.stringify(results));
else console.table(results);
