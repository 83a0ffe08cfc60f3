import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { changeRecipient } from '../../node/test/changeRecipient.ts';
import { networkApp } from '../../http/networkApp.ts';
import { suspend } from '../../node/test/suspend.ts';
import {
  behind,
  everything,
  startTestNetwork,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { AttestedFacts } from '../../protocol/evidence/facts.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { acceptRecipient } from './acceptRecipient.ts';
import { addRecord } from '../records/addRecord.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { httpAgent } from '../agent/httpAgent.ts';
import { grantRight, type GrantGiven } from './grantRight.ts';
import { listChangedRecipients } from './listChangedRecipients.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import { refreshPackets } from '../epochs/refreshPackets.ts';
import { revokeRight } from './revokeRight.ts';
import { readNotes } from '../test/readNotes.ts';

const WEEK = 7 * 24 * 3600;
let network: TestNetwork;
let patient: Party;
let doctor: Party;
let handle: Handle;
let right: GrantGiven;

before(async () => {
  network = await startTestNetwork();
});
after(async () => await network.close());
beforeEach(async () => {
  patient = await network.party('patient');
  doctor = await network.party('doctor');
  await commitEpochs(patient, 4);
  ({ handle } = await readPatientState(patient));
  right = await give(doctor);
  await add('before');
});

async function give(to: Party): Promise<GrantGiven> {
  const until = Math.floor(network.clock.now() / 1000) + WEEK;
  return await grantRight(patient, { ...everything(to), actions: ['read'], until });
}

async function add(note: string): Promise<Bytes32> {
  const content = utf8ToBytes(note);
  const version = { handle, category: 'vitals', content, purpose: 'PATRQT' } as const;
  return (await addRecord(patient, version)).record;
}

function fingerprint({ primitives, recipient }: Party): Bytes32 {
  return recipientHash(primitives, recipient);
}

/** The doctor with another recipient, which nodes offer. */
async function changed(by: 'party' | 'authority' = 'party', change = 1): Promise<Party> {
  const other = await changeRecipient(network, doctor, change, by);
  await other.agent.keepCard({ party: other.address, recipient: other.recipient });
  return other;
}

/** Asserts that something fails, and that nothing was sealed or accepted by it. */
async function sealsNothing(
  lies: Partial<AgentPort>,
  run: (liar: Party) => Promise<unknown>,
  code: Parameters<typeof failsWith>[0],
): Promise<void> {
  const state = await readPatientState(patient);
  let kept = 0;
  const keep: AgentPort['keep'] = async () => {
    kept += 1;
    return await Promise.resolve([]);
  };
  await assert.rejects(run(behind(patient, { keep, ...lies })), failsWith(code));
  assert.equal(kept, 0);
  assert.deepEqual(await readPatientState(patient), state);
}

describe('a recipient that changed', () => {
  for (const by of ['party', 'authority'] as const) {
    it(`by the ${by} gets nothing before the patient accepts it, and then what its grantee may read`, async () => {
      const other = await changed(by);
      const listed = await listChangedRecipients(patient);
      assert.deepEqual(listed, [
        {
          grantee: doctor.address,
          before: fingerprint(doctor),
          fingerprint: fingerprint(other),
          offered: true,
          grants: [right.digest],
        },
      ]);
      await assert.rejects(readNotes(other, right), failsWith('SEAL_UNREADABLE'));
      assert.equal(await acceptRecipient(patient, listed[0] ?? assert.fail()), 1);
      assert.deepEqual(await readNotes(other, right), ['before']);
      assert.deepEqual(await listChangedRecipients(patient), []);
      await assert.rejects(readNotes(doctor, right), failsWith('SEAL_UNREADABLE'));
    });
  }

  it('is sealed to in coming epochs as well, once it is accepted', async () => {
    const nurse = await network.party('nurse');
    const ending = await give(nurse);
    const other = await changed();
    await acceptRecipient(patient, { grantee: doctor.address, fingerprint: fingerprint(other) });
    assert.deepEqual((await revokeRight(patient, ending.digest)).pending, []);
    await add('after');
    assert.deepEqual(await readNotes(other, right), ['before', 'after']);
  });

  it('gets the epochs that its grantee waited for, once it is accepted', async () => {
    const nurse = await network.party('nurse');
    const ending = await give(nurse);
    const other = await changed();
    assert.deepEqual((await revokeRight(patient, ending.digest)).pending, [right.digest]);
    await add('meanwhile');
    await acceptRecipient(patient, { grantee: doctor.address, fingerprint: fingerprint(other) });
    assert.deepEqual(await readNotes(other, right), ['before', 'meanwhile']);
    assert.deepEqual(await refreshPackets(patient), { sealed: 0, pending: [] });
  });

  it('gets packets that were sealed ahead to the one before, and these stay outrun when the right ends', async () => {
    const nurse = await network.party('nurse');
    const until = Math.floor(network.clock.now() / 1000) + 60;
    await grantRight(patient, { ...everything(nurse), actions: ['read'], until });
    await refreshPackets(patient);
    const other = await changed();
    const accepted = { grantee: doctor.address, fingerprint: fingerprint(other) };
    assert.equal(await acceptRecipient(patient, accepted), 2);
    network.clock.advance(60_000);
    await add('after the end');
    assert.deepEqual(await readNotes(other, right), ['before', 'after the end']);
    const state = await readPatientState(patient);
    assert.equal(state.grants.find(({ digest }) => digest === right.digest)?.sealedTo, 2);
  });

  it('gets the record that was shared alone', async () => {
    const lab = await network.party('lab');
    const record = await add('alone');
    await add('not shared');
    const until = Math.floor(network.clock.now() / 1000) + WEEK;
    const alone = { ...everything(lab), actions: ['read'] as const, record, until };
    const shared = await grantRight(patient, alone);
    doctor = lab;
    const other = await changed();
    assert.equal(
      await acceptRecipient(patient, { grantee: lab.address, fingerprint: fingerprint(other) }),
      1,
    );
    assert.deepEqual(await readNotes(other, shared), ['alone']);
  });

  it('gets nothing by a new grant, a refresh or a revocation before it is accepted', async () => {
    const nurse = await network.party('nurse');
    const ending = await give(nurse);
    const other = await changed();
    await sealsNothing({}, async () => await give(doctor), 'RECIPIENT_CHANGED');
    assert.deepEqual((await refreshPackets(patient)).sealed, 0);
    assert.deepEqual((await revokeRight(patient, ending.digest)).pending, [right.digest]);
    assert.deepEqual((await refreshPackets(patient)).pending, [right.digest]);
    await assert.rejects(readNotes(other, right), failsWith('SEAL_UNREADABLE'));
  });

  it('is listed for nobody whose right has ended, and accepted for nobody who never had one', async () => {
    const other = await changed();
    await revokeRight(patient, right.digest);
    assert.deepEqual(await listChangedRecipients(patient), []);
    const nurse = await network.party('nurse');
    await sealsNothing(
      {},
      async (liar) =>
        await acceptRecipient(liar, { grantee: nurse.address, fingerprint: fingerprint(nurse) }),
      'NOT_FOUND',
    );
    const accepted = { grantee: doctor.address, fingerprint: fingerprint(other) };
    assert.equal(
      await acceptRecipient(patient, accepted),
      0,
      'nothing is sealed to who may read nothing',
    );
  });

  it('is listed without being offered until a node has it, and cannot be accepted then', async () => {
    const other = await changeRecipient(network, doctor);
    const [listed] = await listChangedRecipients(patient);
    assert.equal(listed?.offered, false);
    const accept = async (liar: Party): Promise<unknown> =>
      await acceptRecipient(liar, { grantee: doctor.address, fingerprint: fingerprint(other) });
    await sealsNothing({}, accept, 'NOT_FOUND');
  });
});

describe('what is not accepted', () => {
  let other: Party;
  beforeEach(async () => {
    other = await changed();
  });

  /** Accepts the doctor's new recipient at an agent that lies. */
  const accept = async (liar: Party): Promise<unknown> =>
    await acceptRecipient(liar, { grantee: doctor.address, fingerprint: fingerprint(other) });

  for (const [name, recipient] of [
    ['the recipient before', () => doctor.recipient],
    ['another party’s recipient', () => patient.recipient],
  ] as const) {
    it(`is ${name}, offered in place of the accepted one`, async () => {
      const card = { party: doctor.address, recipient: recipient() };
      const lies = { card: async () => await Promise.resolve(card) };
      await sealsNothing(lies, accept, 'KEY_UNAUTHENTIC');
      await assert.rejects(
        listChangedRecipients(behind(patient, lies)),
        failsWith('KEY_UNAUTHENTIC'),
      );
    });
  }

  it('is a fingerprint that is not the Registry’s: the one before, another party’s, a made-up one', async () => {
    for (const wrong of [fingerprint(doctor), fingerprint(patient), word('made up')]) {
      const accepted = { grantee: doctor.address, fingerprint: wrong };
      await sealsNothing(
        {},
        async (liar) => await acceptRecipient(liar, accepted),
        'RECIPIENT_CHANGED',
      );
    }
  });

  it('is one that changed again since it was compared', async () => {
    const third = await changed('party', 2);
    await sealsNothing({}, accept, 'RECIPIENT_CHANGED');
    await acceptRecipient(patient, { grantee: doctor.address, fingerprint: fingerprint(third) });
    assert.deepEqual(await readNotes(third, right), ['before']);
  });

  it('is one that fewer than k coordinators tell of', async () => {
    const { agent } = patient;
    const facts: AgentPort['facts'] = async (query) => (await agent.facts(query)).slice(0, 1);
    await sealsNothing({ facts }, accept, 'VERDICTS_MISSING');
  });

  it('is one in facts that the node altered', async () => {
    const recipient = word('made up');
    const facts: AgentPort['facts'] = async (query) => {
      const given = await patient.agent.facts(query);
      return given.map(
        (each) =>
          ({
            ...each,
            facts: { ...each.facts, party: { ...each.facts.party, recipient } },
          }) as AttestedFacts,
      );
    };
    await sealsNothing({ facts }, accept, 'KEY_UNAUTHENTIC');
  });

  it('is what coordinators said under an earlier nonce', async () => {
    const earlier = await patient.agent.facts({ nonce: word('earlier'), party: doctor.address });
    const lies = { facts: async () => await Promise.resolve(earlier) };
    await sealsNothing(lies, accept, 'KEY_UNAUTHENTIC');
    await assert.rejects(
      listChangedRecipients(behind(patient, lies)),
      failsWith('KEY_UNAUTHENTIC'),
    );
  });

  it('is that of a party that is suspended', async () => {
    await suspend(network, doctor, 1);
    await sealsNothing({}, accept, 'PARTY_SUSPENDED');
    assert.equal((await listChangedRecipients(patient))[0]?.offered, false);
    await suspend(network, doctor, 2);
    await accept(patient);
    assert.deepEqual(await readNotes(other, right), ['before']);
  });
});

describe('a card', () => {
  it('is kept where the Registry has its hash, at every organisation, whoever brings it', async () => {
    const other = await changeRecipient(network, doctor);
    const card = { party: doctor.address, recipient: other.recipient };
    await patient.agent.keepCard(card);
    await patient.agent.keepCard(card);
    for (const organisation of ['hospital', 'laboratory', 'insurer'] as const) {
      assert.deepEqual(await network.agent(organisation).card(doctor.address), card);
    }
  });

  it('goes over HTTP as well', async () => {
    const app = networkApp(new Map([['hospital', network.agent()]]));
    const agent = httpAgent('http://127.0.0.1:8480/hospital', async (url, init) => {
      const headers = { ...(init?.headers as Record<string, string>), host: '127.0.0.1:8480' };
      return await app.request(url, { ...init, headers });
    });
    const other = await changeRecipient(network, doctor);
    await agent.keepCard({ party: doctor.address, recipient: other.recipient });
    assert.equal((await agent.card(doctor.address)).recipient, other.recipient);
  });

  it('is offered by an organisation that was away when it was kept', async () => {
    const other = await changed();
    const stale = { party: doctor.address, recipient: doctor.recipient };
    const key = `card/${doctor.address}`;
    await network.database('hospital', 'kept').put(key, JSON.stringify(stale));
    assert.equal((await network.agent().card(doctor.address)).recipient, other.recipient);
  });

  it('is not kept where the Registry has another hash, or none', async () => {
    const before = await doctor.agent.card(doctor.address);
    const wrong = [
      { party: doctor.address, recipient: patient.recipient },
      { party: doctor.address, recipient: '' },
      { party: doctor.address, recipient: [doctor.recipient] },
      { party: word('nobody').slice(0, 42), recipient: doctor.recipient },
      { recipient: doctor.recipient },
      null,
      'card',
    ];
    for (const card of wrong) {
      const keeping = doctor.agent.keepCard(card as Parameters<AgentPort['keepCard']>[0]);
      await assert.rejects(keeping, failsWith('REQUEST_MALFORMED'));
    }
    assert.deepEqual(await doctor.agent.card(doctor.address), before);
  });
});
