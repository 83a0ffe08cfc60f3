import type { RightOpening } from '../../protocol/rights/RightOpening.ts';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import {
  acknowledgedBy,
  judgedBody,
  submissionOf,
  uploaded,
  viewOf,
  writeOf,
} from '../../node/test/requests.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { examineCoordinator } from './examineCoordinator.ts';
import type { OrganisationExamination } from '../examination/OrganisationExamination.ts';

const LOG = 'care/hospital';
/** The organisation whose coordinator is examined. */
const OWN = 'laboratory';
type Rows = ReadonlyMap<string, Uint8Array>;

let network: TestNetwork;
let care: Care;
/** Rows of the coordinator once it promised a write, a view, a refusal and a summary that no log has. */
let promised: Rows;

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  await acknowledgedBy(care.doctor, submissionOf(care, 'View', viewOf(care)));
  await network.checkpoint();
  const before = await rowsNow();
  const { doctor } = care;
  const write = await writeOf(care, { ...(await uploaded(doctor)), deadline: now() + 300 });
  await promise(sign(doctor, doctor, 'Write', write));
  await promise(sign(doctor, doctor, 'View', viewOf(care, { deadline: now() + 300 })));
  const wrong = viewOf(care, { deadline: now() + 300, purpose: 'HRESCH' });
  await promise(sign(doctor, doctor, 'View', wrong), { flag: 'R', code: 'RIGHT_MISSING' });
  const salt = bytesToHex(network.ports.random(16));
  const counts = { SIGNATURE_INVALID: 2 };
  await judge(canonicalJson({ format: 'medseal-summary/1', log: LOG, at: now(), counts, salt }));
  const after = await rowsNow();
  promised = new Map([...after].filter(([key]) => !before.has(key)));
});
after(async () => await network.close());

function now(): number {
  return Math.floor(network.clock.now() / 1000);
}

async function promise(...[request, change]: Parameters<typeof judged>): Promise<void> {
  await judge(...judged(request, change));
}

function judged(
  request: Parameters<typeof judgedBody>[2],
  change: Parameters<typeof judgedBody>[3] = {},
): Parameters<typeof judge> {
  const { body, opening } = judgedBody(network, care, request, change);
  return [body, opening];
}

async function judge(body: string, opening?: RightOpening): Promise<void> {
  const { coordinator } = network.services(OWN);
  const bodies = [{ body, ...(opening && { opening }) }];
  const { refused } = await coordinator.judge({ log: LOG, bodies });
  assert.deepEqual(refused, []);
}

async function rowsNow(): Promise<Rows> {
  const database = network.database(OWN, 'coordinator');
  const options = { valueEncoding: 'view' } as const;
  return new Map(await database.iterator<string, Uint8Array>(options).all());
}

/** Faults that an examination finds in the coordinator's rows, if some are others. */
async function faultsOf(
  changes: ReadonlyMap<string, Uint8Array | undefined>,
  file: NetworkFile = network.file,
): Promise<string[]> {
  const database = new MemoryDatabase<string, Uint8Array>({ valueEncoding: 'view' });
  const rows = new Map<string, Uint8Array | undefined>([...(await rowsNow()), ...changes]);
  await database.batch(
    [...rows].flatMap(([key, value]) => (value ? [{ type: 'put', key, value } as const] : [])),
  );
  const faults: string[] = [];
  const seen = new Map<string, string>();
  const examination = {
    data: '',
    organisation: OWN,
    network: file,
    keys: network.keys.get(OWN),
    ports: network.ports,
    scratch: {
      store: async (name: string) =>
        await Promise.resolve(network.database(OWN, name.split('/').slice(2).join('/'))),
      note: async (key: string, value = '') => await Promise.resolve(void seen.set(key, value)),
      under: async function* (prefix: string) {
        yield* await Promise.resolve([...seen].filter(([key]) => key.startsWith(prefix)));
      },
    },
    hearer: {
      fault: ({ what }: { what: string }) => void faults.push(what),
      part: () => undefined,
      progress: () => undefined,
    },
    ledger: undefined,
  } as unknown as OrganisationExamination;
  await examineCoordinator(examination, database as never);
  return faults;
}

describe('the promises of a coordinator for what no log has', () => {
  it('are sound as they are', async () => {
    const kinds = [...promised.keys()].map((key) =>
      key.split('/', key.startsWith('claim') ? 2 : 1),
    );
    const counts = Object.entries(Object.groupBy(kinds, (kind) => kind.join('/')));
    assert.deepEqual(Object.fromEntries(counts.map(([kind, all]) => [kind, all?.length])), {
      answer: 3,
      body: 4,
      'claim/file': 1,
      'claim/summary': 1,
      'claim/version': 1,
      due: 4,
    });
    assert.deepEqual(await faultsOf(new Map()), []);
  });

  it('are not sound if a field of any is another', async () => {
    const unfound: string[] = [];
    for (const [key, value] of promised) {
      if (key.startsWith('body/')) continue;
      const text = Buffer.from(value).toString();
      for (const [at, field] of fieldsOf(text)) {
        const altered = text.slice(0, at) + other(field) + text.slice(at + field.length);
        if ((await faultsOf(new Map([[key, Buffer.from(altered)]]))).length > 0) continue;
        unfound.push(`${key}: ${altered}`);
      }
    }
    assert.deepEqual(unfound, []);
  });

  it('are not sound if any is lost', async () => {
    const found = new Set<string>();
    for (const key of promised.keys()) {
      const faults = await faultsOf(new Map([[key, undefined]]));
      if (faults.length > 0) found.add(key);
    }
    assert.deepEqual(found, new Set(promised.keys()));
  });

  it('bind nobody any more where the end of their log is agreed, and all else there does', async () => {
    const noted = [...promised.keys()].filter((key) => /^(?:body|answer)\//.test(key));
    const gone = new Map<string, Uint8Array | undefined>(noted.map((key) => [key, undefined]));
    assert.ok((await faultsOf(gone)).length > 0);
    const left = leftBy('hospital');
    const endedAt = (row: unknown) =>
      new Map([...gone, [`ended/${LOG}`, Buffer.from(JSON.stringify(row))]]);
    assert.deepEqual(await faultsOf(endedAt({ size: 1, agreed: 1 }), left), []);
    assert.ok((await faultsOf(endedAt({ size: 1 }), left)).length > 0);
    // An answer names no log: it may be of another one.
    const [answer = ''] = [...promised.keys()].filter((key) => key.startsWith('answer/'));
    const late = Buffer.from(JSON.stringify({ flag: 'A', includeBy: now() + 60 }));
    const due = [...promised.keys()].filter((key) => key.startsWith('due/'));
    const rows = [...endedAt({ size: 1, agreed: 1 }), [answer, late] as const];
    const changes = new Map([...rows, ...due.map((key) => [key, undefined] as const)]);
    assert.ok(
      (await faultsOf(changes, left)).includes(`${OWN}: coordinator: ${answer} was altered`),
    );
  });

  it('are not kept beside an end of a log that cannot be so', async () => {
    const left = leftBy('hospital');
    const fault = `${OWN}: coordinator: ended/${LOG} was altered`;
    const faults = async (row: unknown, of = left): Promise<string[]> =>
      await faultsOf(new Map([[`ended/${LOG}`, Buffer.from(JSON.stringify(row))]]), of);
    assert.deepEqual(await faults({ size: 1, agreed: 1 }), []);
    assert.deepEqual(await faults({ size: 1 }), []);
    // Its copy has one; the copy's own examination tells what it lacks.
    assert.deepEqual(await faults({ size: 2, agreed: 1 }), []);
    for (const row of [{ size: 0, agreed: 1 }, { agreed: 1 }, { size: 1, agreed: true }]) {
      assert.deepEqual(await faults(row), [fault], JSON.stringify(row));
    }
    assert.deepEqual(await faults({ size: 1 }, network.file), [fault], 'its organisation is there');
  });

  it('bind nobody any more where the log went on without them', async () => {
    network.clock.advance(200_000);
    const view = viewOf(care, { deadline: now() + 300 });
    await acknowledgedBy(care.doctor, submissionOf(care, 'View', view));
    await network.checkpoint();
    const noted = [...promised.keys()].filter((key) => /^(?:due|body)\//.test(key));
    const gone = new Map(noted.map((key) => [key, undefined]));
    assert.deepEqual(await faultsOf(gone), []);
    const [answer = ''] = [...promised.keys()].filter((key) => key.startsWith('answer/'));
    const late = Buffer.from(JSON.stringify({ flag: 'A', includeBy: now() + 60 }));
    assert.deepEqual(await faultsOf(new Map([...gone, [answer, late]])), [
      `${OWN}: coordinator: ${answer} was altered`,
    ]);
  });
});

/** The network file after an organisation left. */
function leftBy(organisation: string): NetworkFile {
  const { channels } = network.file;
  const staying = channels.map(({ coordinators, ...channel }) => ({
    ...channel,
    coordinators: coordinators.filter((each) => each.organisation !== organisation),
  }));
  const before = [{ fingerprint: word('first'), until: now(), channels }];
  return { ...network.file, channels: staying, before };
}

/** Places of what stands between the marks of JSON, apart from the names of fields. */
function fieldsOf(text: string): readonly (readonly [at: number, field: string])[] {
  const all = [
    ...text.matchAll(/(?<=[:[,]"?)(?:0x[0-9a-f]+(?:\/[^"]*)?|\d+|care\/\w+|[AR])(?="?[,}\]])/g),
  ];
  return all.map((found) => [found.index, found[0]]);
}

/** Another of the same form. */
function other(field: string): string {
  if (/^\d+$/.test(field)) return `${Number(field) - 1}`;
  if (/^[AR]$/.test(field)) return field === 'A' ? 'R' : 'A';
  if (field.startsWith('care/')) return 'care/insurer';
  return field.replace(/^0x(.)/, (_, digit) => (digit === '0' ? '0x1' : '0x0'));
}
