import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { readAudit } from '../../client/audit/readAudit.ts';
import { lyingTo } from '../../client/test/lyingTo.ts';
import { logRowKeys } from '../../log/keys.ts';
import { encodeTombstone, tombstoneOf } from '../../log/tombstone.ts';
import { acknowledgedBy, submissionOf, viewOf, writeOf } from '../../node/test/requests.ts';
import {
  ORGANISATIONS,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import { parseEntryBody } from '../../protocol/evidence/parseBody.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { ContributorPort } from '../ports.ts';

const LOG = 'care/hospital';
const VIEW = { keyEncoding: 'view', valueEncoding: 'view' } as const;

let network: TestNetwork;
let care: Care;
/** Three entries about the patient, the second a write, which no other organisation has copied yet. */
let entries: readonly Acknowledgement[];

/** Number of the patient's audits. */
let audits = 0;

beforeEach(async () => {
  audits = 0;
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  for (const name of ['laboratory', 'insurer'] as const) {
    const { contributor } = network.services(name);
    network.liars.contributor.set(name, { ...contributor, notice: ignore });
  }
  entries = [
    await acknowledgedBy(care.doctor, submissionOf(care, 'View', viewOf(care))),
    await acknowledgedBy(care.doctor, submissionOf(care, 'Write', await writeOf(care))),
    await acknowledgedBy(care.doctor, submissionOf(care, 'View', viewOf(care))),
  ];
  await network.services().administrator.checkpoint();
});
afterEach(async () => await network.close());

function second(): Acknowledgement {
  return entries[1] ?? assert.fail();
}

/** Takes the body of the second entry from an organisation's copy of the log, as an erasure does. */
async function erase(organisation: Organisation, tombstone = true): Promise<void> {
  const row = tombstone ? encodeTombstone(tombstoneOf(parseEntryBody(second().body))) : undefined;
  const database = network.database(organisation, 'logs/hospital');
  await database.put(logRowKeys.body(1), row ?? new Uint8Array(0), VIEW);
}

/** Takes it from what an organisation's coordinator keeps. */
async function forget(organisation: Organisation): Promise<void> {
  await network.database(organisation, 'coordinator').del(`body/${second().entry}`);
}

/** Another organisation as its peers see it, changed where said. */
function as(organisation: Organisation, change: Partial<ContributorPort>): void {
  const real = network.services(organisation).contributor;
  network.liars.contributor.set(organisation, { ...real, ...change });
}

async function copiedBy(organisation: Organisation): Promise<void> {
  await network.services(organisation).contributor.catchUp();
}

async function bodyAt(organisation: Organisation): Promise<string | undefined> {
  const { contributor } = network.services(organisation);
  return (await contributor.read({ log: LOG, from: 1, to: 2 }))[0]?.body;
}

/** Returns each organisation's count for the patient, or its error. */
async function counts(): Promise<(readonly [number, Bytes32] | string)[]> {
  const { acknowledgement: audit } = await readAudit(lyingTo(network, care.patient, {}));
  audits += 1;
  const { size, root } = await network.agent().checkpoint(LOG);
  for (const name of ['laboratory', 'insurer'] as const) await copiedBy(name);
  return await Promise.all(
    ORGANISATIONS.map(async (name) => {
      try {
        const asked = { audit, log: LOG, size, root };
        const { tally } = await network.services(name).coordinator.tally(asked);
        return [
          tally.count - audits,
          tally.last === audit.entry ? word('audit') : tally.last,
        ] as const;
      } catch (error) {
        return isMedsealError(error) ? error.code : String(error);
      }
    }),
  );
}

/** The three entries, and the audits behind them. */
const ALL = [3, word('audit')] as const;

describe('an entry that comes without its body', () => {
  it('gets it from its own coordinator that judged it: nothing goes from a chart by one peer’s word', async () => {
    await erase('hospital');
    await copiedBy('laboratory');
    assert.equal(await bodyAt('laboratory'), second().body);
    await copiedBy('insurer');
    assert.deepEqual(await counts(), [ALL, ALL, ALL]);
  });

  it('gets it from another peer that has it, which may be anybody: it proves itself', async () => {
    await erase('hospital');
    await forget('insurer');
    await copiedBy('laboratory');
    await copiedBy('insurer');
    assert.equal(await bodyAt('insurer'), second().body);
    assert.deepEqual(await counts(), [ALL, ALL, ALL]);
  });

  it('is not given another body by a peer that lies', async () => {
    await erase('hospital', false);
    await forget('insurer');
    const [first] = entries;
    const lie = { ...second(), body: first?.body ?? '' };
    as('laboratory', { read: async () => await Promise.resolve([lie]) });
    await copiedBy('insurer');
    assert.equal(await bodyAt('insurer'), undefined);
  });

  it('is counted by all where k organisations still say alike whom it concerned', async () => {
    await copiedBy('laboratory');
    for (const name of ['hospital', 'laboratory'] as const) {
      await erase(name);
      await forget(name);
    }
    await forget('insurer');
    await copiedBy('insurer');
    assert.equal(await bodyAt('insurer'), undefined);
    assert.deepEqual(await counts(), [ALL, ALL, ALL]);
    network.liars.contributor.clear();
    const audit = await readAudit(lyingTo(network, care.patient, {}));
    const log = audit.logs.find((each) => each.log === LOG);
    assert.equal(log?.complete, true, 'the list is proven whole, without the body');
  });

  it('is not counted by who has one organisation’s word alone, and that one says so', async () => {
    await copiedBy('laboratory');
    for (const name of ORGANISATIONS) await forget(name);
    await erase('hospital');
    // The laboratory knows, but cannot be asked.
    as('laboratory', { read: away });
    await copiedBy('insurer');
    assert.deepEqual(await counts(), [ALL, ALL, 'NOT_YET']);
    await erase('laboratory');
    network.liars.contributor.clear();
    await copiedBy('insurer');
    assert.deepEqual(await counts(), [ALL, ALL, ALL]);
  });

  it('is not counted for another patient because one peer says so', async () => {
    await erase('hospital');
    for (const name of ORGANISATIONS) await forget(name);
    const real = network.services().contributor;
    as('hospital', {
      read: async (range) =>
        (await real.read(range)).map((each) =>
          each.body === undefined ? { ...each, tombstone: { handle: word('other') } } : each,
        ),
    });
    await copiedBy('insurer');
    await copiedBy('laboratory');
    assert.deepEqual(await counts(), [ALL, 'NOT_YET', 'NOT_YET']);
  });

  it('is found when its body arrives later, with its file and its place on the chart', async () => {
    await erase('hospital', false);
    for (const name of ORGANISATIONS) await forget(name);
    await network.lose('insurer', 'vault-index', 'vault');
    as('insurer', { notice: ignore });
    await copiedBy('insurer');
    assert.deepEqual((await counts())[2], 'NOT_YET');
    as('laboratory', { read: async () => await Promise.resolve([second()]) });
    await copiedBy('insurer');
    const { contributor } = network.services('insurer');
    await contributor.filesTried();
    assert.equal(await bodyAt('insurer'), second().body);
    const { request } = JSON.parse(second().body) as { request: { message: { file: Bytes32 } } };
    assert.equal((await contributor.stats([request.message.file])).length, 1);
    assert.deepEqual((await counts())[2], ALL);
  });
});

async function away(): Promise<never> {
  return await Promise.reject(new Error('unplugged'));
}

async function ignore(): Promise<void> {
  await Promise.resolve();
}
