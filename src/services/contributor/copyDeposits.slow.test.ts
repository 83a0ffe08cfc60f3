// Over 400 lines: catching up, rebuilding, lies and repair of what is kept are tried over the same set-up and truth.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { addRecord } from '../../client/records/addRecord.ts';
import { grantRight, type GrantGiven } from '../../client/rights/grantRight.ts';
import { changeKey } from '../../client/party/changeKey.ts';
import { memoryDevice } from '../../client/party/memoryDevice.ts';
import { enrol } from '../../client/party/enrol.ts';
import { openParty, type Party } from '../../client/party/Party.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { readChart } from '../../client/records/readChart.ts';
import { readRecord } from '../../client/records/readRecord.ts';
import { restorePatient } from '../../client/state/restorePatient.ts';
import { revokeRight } from '../../client/rights/revokeRight.ts';
import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import { bytesToHex, bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { packetsHash } from '../../protocol/rights/packetsHash.ts';
import {
  BEGIN,
  everything,
  ORGANISATIONS,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { ContributorPort, DepositCopy } from '../ports.ts';

let network: TestNetwork;
let care: Care;
/** A doctor of the laboratory, with a right that was given while the laboratory was away. */
let reader: Party;
let given: GrantGiven;

async function begin(): Promise<void> {
  network = await startTestNetwork({ seed: 'kept copies' });
  await away('laboratory', async () => {
    care = await startCare(network);
    reader = await network.party('doctor', { organisation: 'laboratory' });
    given = await grantRight(care.patient, everything(reader));
    const passing = await grantRight(care.patient, everything(care.stranger));
    await addRecord(care.doctor, record('before'));
    await revokeRight(care.patient, passing.digest);
    await addRecord(care.doctor, record('after'));
  });
  // The next look deletes what the last end of a right made superfluous.
  for (const name of ['hospital', 'insurer'] as const) {
    await network.services(name).contributor.catchUp();
  }
}

async function end(): Promise<void> {
  await network.close();
}

/** Lets the laboratory have missed everything once more. */
async function missed(): Promise<void> {
  network.liars.contributor.clear();
  for (const database of ['kept', 'contributor']) await network.lose('laboratory', database);
  assert.equal((await all('laboratory')).size, 0);
}

function record(text: string) {
  const { handle, right } = care;
  const content = utf8ToBytes(text);
  return { handle, category: 'reports', content, purpose: 'TREAT', grant: right.grant } as const;
}

/** Runs something while nobody can have an organisation keep anything. */
async function away(organisation: Organisation, run: () => Promise<void>): Promise<void> {
  const { contributor } = network.services(organisation);
  const lie = { keep: unplugged, keepRules: unplugged };
  network.liars.contributor.set(organisation, { ...contributor, ...lie });
  await run();
  network.liars.contributor.delete(organisation);
}

/** Everything that an organisation keeps, as it would give it, by its name. */
async function all(organisation: Organisation): Promise<Map<Bytes32, DepositCopy | null>> {
  const { contributor } = network.services(organisation);
  const { kept } = await contributor.keptAfter(0);
  const copies = new Map<Bytes32, DepositCopy | null>();
  for (const { id } of kept) copies.set(id, (await contributor.keptCopies([id]))[0] ?? null);
  return copies;
}

function sorted(copies: Map<Bytes32, DepositCopy | null>): unknown[] {
  return [...copies].toSorted(([left], [right]) => (left < right ? -1 : 1));
}

/** An organisation as its peers see it, changed where said. */
function as(organisation: Organisation, change: Partial<ContributorPort>): void {
  const real = network.services(organisation).contributor;
  network.liars.contributor.set(organisation, { ...real, ...change });
}

/** Makes it so that an organisation can ask no other for anything but what is named. */
function alone(organisation: Organisation, but: readonly string[] = []): void {
  for (const other of ORGANISATIONS.filter((name) => name !== organisation)) {
    const methods = Object.keys(network.services(other).contributor);
    const asked = methods.filter((name) => !but.includes(name));
    as(other, Object.fromEntries(asked.map((name) => [name, unplugged])));
  }
}

/** The state that an organisation keeps, without its coordinator's signature. */
async function stateOf(organisation: Organisation): Promise<unknown> {
  const { contributor } = network.services(organisation);
  const wanted = { handle: care.handle, nonce: care.handle };
  const { said, sealed } = await contributor.state(wanted);
  return { keep: said.keep, sealed };
}

async function textsFor(party: Party, { grant }: GrantGiven): Promise<string[]> {
  const chart = await readChart(party, { handle: care.handle, grant, purpose: 'TREAT' });
  const texts: string[] = [];
  for (const each of chart.records) {
    texts.push(bytesToUtf8((await readRecord(party, chart, each)).content));
  }
  return texts;
}

describe('an organisation that was away', () => {
  beforeEach(begin);
  afterEach(end);

  it('catches up on packets, sheets, states and cards, and is then as if it had been there', async () => {
    const { contributor } = network.services('laboratory');
    assert.equal((await all('laboratory')).size, 0);
    await contributor.catchUp();
    assert.deepEqual(sorted(await all('laboratory')), sorted(await all('hospital')));
    await network.checkpoint();
    await contributor.filesTried();
    alone('laboratory');
    const [packet] = await network
      .database('laboratory', 'kept')
      .values({ gte: `packet/${given.digest}/`, reverse: true, limit: 1 })
      .all();
    assert.ok(packet);
    assert.deepEqual(
      await network.agent('laboratory').sheet({ handle: care.handle, epoch: 2 }),
      await network.agent('hospital').sheet({ handle: care.handle, epoch: 2 }),
    );
    for (const { address, recipient } of [care.patient, care.doctor, reader]) {
      assert.deepEqual(await contributor.card(address), { party: address, recipient });
    }
    assert.deepEqual(await stateOf('laboratory'), await stateOf('insurer'));
  });

  it('lets its visitors read with the packets that it missed', async () => {
    await network.services('laboratory').contributor.catchUp();
    await network.checkpoint();
    assert.deepEqual(await textsFor(reader, given), ['before', 'after']);
  });

  it('learns when rights end, and turns the keys with the others', async () => {
    const { contributor, coordinator } = network.services('laboratory');
    const at = network.clock.now() / 1000;
    const advance = { handle: care.handle, epoch: 3, packets: word('none'), deadline: at + 3700 };
    const due = { ...advance, packets: `0x${'00'.repeat(32)}` as const };
    await contributor.catchUp();
    network.clock.advance(3_601_000);
    const [signed] = await coordinator.advance([due]);
    assert.ok(signed);
  });

  it('takes the card of a party that changed its key meanwhile, and blames nobody for a former one', async () => {
    const insurer = network.services('insurer').contributor;
    await insurer.catchUp();
    let changed = care.doctor;
    await away('insurer', async () => {
      changed = (await changeKey(care.doctor, network.ports.random(32))).party;
    });
    await missed();
    const { contributor } = network.services('laboratory');
    const former = await insurer.card(care.doctor.address);
    assert.equal(former.recipient, care.doctor.recipient);
    network.failures.length = 0;
    for (let times = 0; times < 2; times++) await contributor.catchUp();
    const { recipient, keyChanges } = changed;
    assert.deepEqual(await contributor.card(care.doctor.address), {
      party: care.doctor.address,
      recipient,
      keyChanges,
    });
    assert.deepEqual(network.failures, []);
    const { right } = care;
    await addRecord(changed, { ...record('with the new key'), grant: right.grant });
  });

  it('asks for nothing twice', async () => {
    const { contributor } = network.services('laboratory');
    await contributor.catchUp();
    const asked: Bytes32[] = [];
    for (const name of ['hospital', 'insurer'] as const) {
      const real = network.services(name).contributor;
      as(name, {
        keptCopies: async (ids) => {
          asked.push(...ids);
          return await real.keptCopies(ids);
        },
      });
    }
    await contributor.catchUp();
    await grantRight(care.patient, { ...everything(care.stranger), until: BEGIN + 60 });
    await contributor.catchUp();
    assert.deepEqual(asked, []);
    const before = sorted(await all('laboratory'));
    await contributor.repair();
    assert.deepEqual(sorted(await all('laboratory')), before);
  });

  it('goes on with the next peer where one breaks off', async () => {
    as('hospital', { keptCopies: unplugged });
    await network.services('laboratory').contributor.catchUp();
    assert.deepEqual(sorted(await all('laboratory')), sorted(await all('insurer')));
  });

  it('hears of all that a peer keeps after the peer has lost and found its own', async () => {
    const { contributor } = network.services('laboratory');
    as('insurer', { keptAfter: unplugged });
    await contributor.catchUp();
    network.liars.contributor.clear();
    await network.loseAll('hospital');
    await network.services('hospital').contributor.catchUp();
    await away('laboratory', async () => {
      await grantRight(care.patient, { ...everything(care.stranger), until: BEGIN + 60 });
    });
    as('insurer', { keptAfter: unplugged });
    await contributor.catchUp();
    assert.deepEqual(sorted(await all('laboratory')), sorted(await all('hospital')));
  });
});

describe('an organisation whose whole folder is lost but its keys', () => {
  beforeEach(begin);
  afterEach(end);

  it('has every shared record, packet, sheet, state and card again, and gives them with nobody else there', async () => {
    for (const name of ORGANISATIONS) await network.checkpoint(name);
    const before = sorted(await all('hospital'));
    const texts = await textsFor(care.doctor, { ...care.right, placed: given.placed });
    assert.deepEqual(texts, ['before', 'after']);
    for (const name of ORGANISATIONS) await network.checkpoint(name);
    await network.loseAll('hospital');
    const { contributor } = network.services();
    await contributor.catchUp();
    await contributor.filesTried();
    assert.deepEqual(sorted(await all('hospital')), before);
    // The others are still asked to judge, whether they keep what is released, what came meanwhile, and for the newest
    // state: two must, everywhere.
    alone('hospital', ['keptAfter', 'keptCopies', 'state']);
    assert.deepEqual(await textsFor(care.doctor, { ...care.right, placed: given.placed }), texts);
    const device = { ...care.patient, device: memoryDevice() };
    const { state, unknown } = await restorePatient(device);
    assert.deepEqual([state, unknown], [await readPatientState(care.patient), []]);
    await addRecord(care.doctor, record('once more'));
    const again = await textsFor(care.doctor, { ...care.right, placed: given.placed });
    assert.deepEqual(again, [...texts, 'once more']);
  });
});

describe('a peer that lies about what it keeps', () => {
  before(begin);
  beforeEach(missed);
  after(end);

  const lies: [string, Lie][] = [
    ['another packet of a grant', onSubmission(({ packets }) => ({ packets: swapped(packets) }))],
    ['no packet of a grant', onSubmission(({ packets }) => (packets ? { packets: [] } : {}))],
    [
      'another packet, of a patient’s deposit',
      (copy) =>
        'patient' in copy
          ? { patient: { ...copy.patient, packets: [...swapped(copy.patient.packets), {}] } }
          : copy,
    ],
    [
      'another state',
      (copy) => ('patient' in copy ? { patient: { ...copy.patient, state: 'b3RoZXI=' } } : copy),
    ],
    [
      'a sheet with another recipient',
      onSubmission(({ sheets }) => ({
        sheets: sheets?.map((each) => ({ ...each, sheet: { ...each.sheet, recipients: {} } })),
      })),
    ],
    [
      'a sheet whose proof proves nothing',
      onSubmission(({ sheets }) => ({ sheets: sheets?.map((each) => ({ ...each, proof: [] })) })),
    ],
    [
      'another recipient on a card',
      (copy) => ('card' in copy ? { card: { ...copy.card, recipient: 'age1pq1other' } } : copy),
    ],
    [
      'another party on a card',
      (copy) => ('card' in copy ? { card: { ...copy.card, party: `0x${'11'.repeat(20)}` } } : copy),
    ],
    ['nothing of the form of anything', () => ({})],
    ['something that is not an object', () => 7],
    [
      'what is called by another’s name',
      (copy) =>
        'card' in copy
          ? { card: { party: care.doctor.address, recipient: care.doctor.recipient } }
          : null,
    ],
  ];
  for (const [name, lie] of lies) {
    it(`and gives ${name}, is not believed; another’s copy is taken`, async () => {
      const real = network.services('hospital').contributor;
      const truth = await all('insurer');
      as('hospital', {
        keptCopies: async (ids) =>
          (await real.keptCopies(ids)).map((copy) => copy && lie(copy)) as DepositCopy[],
      });
      as('insurer', { keptAfter: unplugged });
      const { contributor } = network.services('laboratory');
      await contributor.catchUp();
      for (const [id, copy] of await all('laboratory')) assert.deepEqual(copy, truth.get(id));
      network.liars.contributor.delete('insurer');
      await contributor.catchUp();
      assert.deepEqual(sorted(await all('laboratory')), sorted(truth));
    });
  }

  it('keeps nobody busy for ever: a list without an end is read a bounded time', async () => {
    let pages = 0;
    as('hospital', {
      keptAfter: async (place) => {
        pages += 1;
        const id = word(`place ${place}`);
        return await Promise.resolve({
          series: `0x${'11'.repeat(16)}`,
          kept: [{ place: place + 1, id }],
        });
      },
      keptCopies: async (ids) => await Promise.resolve(ids.map(() => null)),
    });
    await network.services('laboratory').contributor.catchUp();
    assert.equal(pages, 64);
    assert.deepEqual(sorted(await all('laboratory')), sorted(await all('insurer')));
  });

  const lists: [string, unknown][] = [
    ['nothing', null],
    ['no list', { series: `0x${'11'.repeat(16)}`, kept: 'all' }],
    [
      'places that do not ascend',
      { series: `0x${'11'.repeat(16)}`, kept: [{ place: 0, id: word('x') }] },
    ],
    ['malformed names', { series: `0x${'11'.repeat(16)}`, kept: [{ place: 1, id: '../x' }] }],
    ['no name of the order', { series: '', kept: [] }],
  ];
  for (const [name, page] of lists) {
    it(`and lists ${name}, is passed over`, async () => {
      as('hospital', { keptAfter: async () => await Promise.resolve(page as never) });
      await network.services('laboratory').contributor.catchUp();
      assert.deepEqual(sorted(await all('laboratory')), sorted(await all('insurer')));
    });
  }
});

describe('a peer that knows more than the ledger', () => {
  beforeEach(begin);
  afterEach(end);

  // @actor a stolen phone and a node | to take readers their keys after a change
  it('takes no keys from readers with the patient’s former key', async () => {
    const { contributor } = network.services('laboratory');
    await contributor.catchUp();
    const { patient } = care;
    const { party: renewed } = await changeKey(patient, network.ports.random(32));
    await contributor.catchUp();
    const epoch = (await confirmFacts(renewed, { handle: care.handle })).patient?.epoch ?? 0;
    // One for the present epoch, one for an epoch that nobody prepared, one that the former key could have sealed.
    const forged = [epoch, 10_000, 2].map((each) => {
      const packets = [{ grant: given.digest, epoch: each, packet: '' }];
      const keep = {
        handle: care.handle,
        revision: 999_999,
        state: word('no state'),
        packets: packetsHash(patient.primitives, packets),
        deadline: BEGIN,
      };
      return { patient: { request: sign(patient, patient, 'Keep', keep), packets } };
    });
    const ids = forged.map(({ patient: { request } }) =>
      bytesToHex(network.ports.primitives.sha256(utf8ToBytes(canonicalJson(request)))),
    );
    for (const name of ['hospital', 'insurer'] as const) {
      as(name, {
        keptAfter: async (place) =>
          await Promise.resolve({
            series: `0x${'11'.repeat(16)}`,
            kept: ids.map((id, i) => ({ place: i + 1, id })).filter((each) => each.place > place),
          }),
        keptCopies: async () => await Promise.resolve(forged),
      });
    }
    await contributor.catchUp();
    network.liars.contributor.clear();
    const held = await all('laboratory');
    assert.deepEqual(ids.map((id) => held.has(id)).slice(0, 2), [false, false]);
    await network.checkpoint();
    await contributor.filesTried();
    assert.deepEqual(await textsFor(reader, given), ['before', 'after']);
  });

  it('cannot bring what the ledger refused, or never heard of, after its time', async () => {
    const { handle, patient, right } = care;
    const deadline = BEGIN + 300;
    const terms = { ...right.grant.terms, salt: `0x${'ab'.repeat(16)}` as const };
    const requests = [
      sign(patient, patient, 'Grant', { handle, terms, deadline }),
      sign(patient, patient, 'Revoke', {
        handle,
        grant: right.digest,
        epoch: 3,
        packets: word('x'),
        deadline,
      }),
      sign(patient, patient, 'CommitEpochs', {
        handle,
        first: 3,
        count: 0,
        root: word('x'),
        deadline,
      }),
    ];
    network.clock.advance(301_000);
    const ids = requests.map((_, place) => word(`id ${place}`));
    as('hospital', {
      keptAfter: async (place) =>
        await Promise.resolve({
          series: `0x${'11'.repeat(16)}`,
          kept: ids.map((id, i) => ({ place: i + 1, id })).filter((each) => each.place > place),
        }),
      keptCopies: async () =>
        await Promise.resolve(requests.map((request) => ({ submission: { request } }))),
    });
    as('insurer', { keptAfter: unplugged });
    await network.services('laboratory').contributor.catchUp();
    assert.equal((await all('laboratory')).size, 0);
  });

  it('blames no peer for the card of a party that is not enrolled yet, and takes it once it is', async () => {
    const known = await all('hospital');
    await network.services('laboratory').contributor.catchUp();
    const before = (await all('laboratory')).size;
    const seed = new Uint8Array(32).fill(77);
    const device = memoryDevice();
    const { ports, file } = network;
    const agent = network.agent('hospital');
    const log = 'care/hospital';
    const party = await openParty({ ...ports, seed, network: file, agent, log, device });
    const { address, recipient } = party;
    const card = { party: address, recipient };
    const application = sign(party, party, 'Application', {
      party: address,
      role: 'doctor',
      organisation: 'hospital',
      recipient: recipientHash(party.primitives, recipient),
      deadline: BEGIN + 300,
    });
    await network.services('hospital').contributor.keep({ application: { application, card } });
    const applied = [...(await all('hospital')).keys()].filter((id) => !known.has(id));
    assert.equal(applied.length, 1);
    for (const _again of [1, 2]) await network.services('laboratory').contributor.catchUp();
    assert.deepEqual([network.failures, (await all('laboratory')).size], [[], before]);
    const cursor = await network.database('laboratory', 'contributor').get('kept-at/hospital');
    assert.deepEqual((JSON.parse(String(cursor)) as { early: unknown }).early, applied);
    await away('laboratory', async () => {
      await enrol(party, { role: 'doctor', organisation: 'hospital' });
    });
    await network.services('laboratory').contributor.catchUp();
    alone('laboratory');
    assert.deepEqual(await network.services('laboratory').contributor.card(address), card);
    assert.deepEqual(network.failures, []);
  });
});

describe('repair of what is kept', () => {
  beforeEach(begin);
  afterEach(end);

  const rows: [string, string][] = [
    ['packet', 'packet/'],
    ['sheet', 'sheet/'],
    ['state', 'state/'],
    ['card', 'card/'],
    ['source', 'source/'],
  ];
  for (const [name, prefix] of rows) {
    it(`makes a ${name} good that was lost or altered, as a peer keeps it`, async () => {
      const { contributor } = network.services();
      const database = network.database('hospital', 'kept');
      const before = sorted(await all('hospital'));
      for (const damage of ['altered', 'lost'] as const) {
        const [key = ''] = await database.keys({ gt: prefix, limit: 1 }).all();
        if (damage === 'lost') await database.del(key);
        else await database.put(key, `"${'00'.repeat(40)}"`);
        const { deposits } = await contributor.repair();
        assert.ok(damage === 'lost' || deposits.restored.length > 0);
        assert.deepEqual(deposits.lost, []);
        assert.deepEqual(sorted(await all('hospital')), before);
      }
    });
  }

  const told: [string, string, (row: string) => string][] = [
    ['a state’s number', 'state/', (row) => row.replace(/"revision":\d+/, '"revision":999')],
    ...['state/', 'card/'].map((prefix): [string, string, (row: string) => string] => [
      `what brought a row ${prefix}`,
      prefix,
      (row) => row.replace(/(?<="source":"0x)./, (digit) => (digit === '0' ? '1' : '0')),
    ]),
  ];
  for (const [name, prefix, alter] of told) {
    it(`makes ${name} good that was altered, as the row was`, async () => {
      const database = network.database('hospital', 'kept');
      const [[key, value] = ['', '']] = await database.iterator({ gt: prefix, limit: 1 }).all();
      assert.notEqual(alter(value), value);
      await database.put(key, alter(value));
      const { deposits } = await network.services().contributor.repair();
      assert.ok(deposits.restored.length > 0);
      assert.deepEqual(deposits.lost, []);
      assert.equal(await database.get(key), value);
    });
  }

  it('says what no peer has', async () => {
    const database = network.database('hospital', 'kept');
    const [key = ''] = await database.keys({ gt: 'sheet/', limit: 1 }).all();
    await database.del(key);
    alone('hospital');
    const { deposits } = await network.services().contributor.repair();
    assert.deepEqual([deposits.restored.length, deposits.lost.length], [0, 1]);
    assert.equal(deposits.examined, (await all('hospital')).size);
  });

  it('finds nothing to do if nothing is wrong', async () => {
    const { deposits } = await network.services().contributor.repair();
    assert.deepEqual([deposits.restored, deposits.lost], [[], []]);
    assert.ok(deposits.examined > 5);
  });
});

describe('what nodes keep', () => {
  beforeEach(begin);
  afterEach(end);

  it('does not grow with states of which newer ones took the place', async () => {
    const sizes: number[] = [];
    for (let more = 0; more < 3; more++) {
      await grantRight(care.patient, { ...everything(care.stranger), actions: ['add'] });
      sizes.push((await all('hospital')).size);
    }
    // Each grant stays; of the states that came with them there is one.
    assert.deepEqual(
      sizes.map((size) => size - (sizes[0] ?? 0)),
      [0, 1, 2],
    );
  });

  it('tells nobody who finds the disk what a grant gives', async () => {
    const values = await network.database('hospital', 'kept').values().all();
    const text = values.join('\n');
    const { salt } = care.right.grant.terms;
    // With its quote, which base64 has not: five letters can stand in a sealed packet by chance.
    for (const secret of ['"TREAT', 'purpose', salt, salt.slice(2)])
      assert.ok(!text.includes(secret), secret);
  });
});

type Lie = (copy: DepositCopy) => unknown;

function swapped(packets: readonly object[] = []): object[] {
  return packets.map((packet) => ({ ...packet, packet: 'c3dhcHBlZA==' }));
}

/** A lie about what goes along with a rule request. */
function onSubmission(change: (submission: Submission) => object): Lie {
  return (copy) =>
    'submission' in copy
      ? { submission: { ...copy.submission, ...change(copy.submission) } }
      : copy;
}

async function unplugged(): Promise<never> {
  return await Promise.reject(new Error('unplugged'));
}
