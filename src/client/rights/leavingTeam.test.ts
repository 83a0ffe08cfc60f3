import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { openBytes } from '../../crypto/sealing/openBytes.ts';
import { everything, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import type { Packet } from '../../protocol/rights/epochs.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { addRecord } from '../records/addRecord.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { grantRight, type GrantGiven } from './grantRight.ts';
import { openSealed } from '../records/openSealed.ts';
import type { Party } from '../party/Party.ts';
import { readPatientState } from '../state/PatientState.ts';
import { readChart } from '../records/readChart.ts';
import { refreshPackets } from '../epochs/refreshPackets.ts';
import { suspendParty } from './suspendParty.ts';
import { readNotes } from '../test/readNotes.ts';

/** A patient's chart that a team was let into: each of its members by a grant, and an author who is of no team. */
interface SharedChart {
  readonly patient: Party;
  readonly handle: Handle;
  readonly grants: readonly GrantGiven[];
  readonly writing: GrantGiven;
}

describe('whoever leaves a team', () => {
  let network: TestNetwork;
  let author: Party;
  /** One who leaves, and two who stay. */
  let team: readonly [Party, Party, Party];
  let charts: readonly SharedChart[];
  let aside: SharedChart;
  const added: { readonly handle: Handle; readonly epoch: number; readonly file: Bytes32 }[] = [];

  before(async () => {
    network = await startTestNetwork();
    author = await network.party('lab', { organisation: 'laboratory' });
    const member = async (): Promise<Party> => await network.party('doctor');
    team = [await member(), await member(), await member()];
    charts = [await chartFor(team), await chartFor(team)];
    aside = await chartFor(team.slice(1));
    for (const chart of [...charts, aside]) await add(chart, 'before');
    added.length = 0;
    const [leaver] = team;
    const keys = network.authorityKeys;
    await suspendParty(author, keys, { party: leaver.address, suspended: true });
    // No device of a patient is there when these are added.
    for (const chart of [...charts, aside]) await add(chart, 'after');
    await network.checkpoint('laboratory');
  });
  after(async () => await network.close());

  async function chartFor(members: readonly Party[]): Promise<SharedChart> {
    const patient = await network.party('patient');
    await commitEpochs(patient, 4);
    const grants: GrantGiven[] = [];
    for (const each of members) {
      grants.push(await grantRight(patient, { ...everything(each), actions: ['read'] }));
    }
    const writing = await grantRight(patient, { ...everything(author), actions: ['add'] });
    return { patient, handle: writing.grant.handle, grants, writing };
  }

  async function add({ handle, writing }: SharedChart, note: string): Promise<void> {
    const { acknowledgement } = await addRecord(author, {
      handle,
      category: 'laboratory',
      content: utf8ToBytes(note),
      purpose: 'TREAT',
      grant: writing.grant,
    });
    const { request } = JSON.parse(acknowledgement.body) as { request: { message: Write } };
    const { epoch, file } = request.message;
    added.push({ handle, epoch, file });
  }

  /** Every key that was ever sealed to the one who left. */
  async function keysOfLeaver({ handle, grants }: SharedChart): Promise<readonly string[]> {
    const keys: string[] = [];
    for (const organisation of ['hospital', 'laboratory', 'insurer']) {
      const range = { gte: `packet/${grants[0]?.digest}/`, lt: `packet/${grants[0]?.digest}0` };
      for (const kept of await network.database(organisation, 'kept').values(range).all()) {
        const packet = await openSealed<Packet>(team[0], handle, JSON.parse(kept) as string);
        for (const epoch of Object.values(packet.identities)) keys.push(...Object.values(epoch));
      }
    }
    return keys;
  }

  it('is shown nothing more, on any chart', async () => {
    for (const { grants } of charts) {
      await assert.rejects(
        readNotes(team[0], grants[0] ?? assert.fail()),
        failsWith('PARTY_SUSPENDED'),
      );
    }
  });

  it('has keys that open nothing of what is added, on every chart that it could read, though the files lie there', async () => {
    for (const chart of charts) {
      const after = added.find(({ handle }) => handle === chart.handle);
      assert.equal(after?.epoch, 2);
      const keys = await keysOfLeaver(chart);
      assert.ok(keys.length >= 16);
      const sealed = await collectBytes(network.services().contributor.file(after.file));
      await assert.rejects(openBytes(keys, sealed), failsWith('SEAL_UNREADABLE'));
    }
  });

  it('turns no keys on charts that it never could read', async () => {
    assert.equal(added.find(({ handle }) => handle === aside.handle)?.epoch, 1);
    assert.deepEqual(await readNotes(team[1], aside.grants[0] ?? assert.fail()), [
      'before',
      'after',
    ]);
  });

  it('takes nothing from those who stay, as soon as a device of the patient has connected', async () => {
    for (const { patient, grants } of charts) {
      const { sealed, pending } = await refreshPackets(patient);
      assert.deepEqual([sealed, pending], [2, [grants[0]?.digest]]);
      for (const place of [1, 2] as const) {
        assert.deepEqual(await readNotes(team[place], grants[place] ?? assert.fail()), [
          'before',
          'after',
        ]);
      }
    }
  });

  it('can be given nothing more', async () => {
    const { patient } = aside;
    const { revision } = await readPatientState(patient);
    const right = { ...everything(team[0]), actions: ['read'] as const };
    await assert.rejects(grantRight(patient, right), failsWith('PARTY_SUSPENDED'));
    assert.equal((await readPatientState(patient)).revision, revision);
  });

  it('is another party in another team, which may what is granted to that one alone', async () => {
    const again = await network.party('doctor', { organisation: 'insurer' });
    const [chart] = charts;
    assert.ok(chart);
    const { handle, patient, grants } = chart;
    const { party } = await confirmFacts(patient, { party: again.address });
    assert.deepEqual([party?.organisation, party?.suspended], ['insurer', false]);
    await assert.rejects(readNotes(again, grants[0] ?? assert.fail()), failsWith('RIGHT_MISSING'));
    await assert.rejects(
      readChart(again, { handle, purpose: 'TREAT' }),
      failsWith('RIGHT_MISSING'),
    );
    const right = await grantRight(patient, { ...everything(again), actions: ['read'] });
    assert.deepEqual(await readNotes(again, right), ['before', 'after']);
  });
});
