import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { simulatedCipher as cipher } from '../../../proof/simulation/simulatedCipher.ts';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { everything, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { readAudit } from '../audit/readAudit.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import type { AuditQuery } from '../../protocol/AgentPort.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import type { Party } from '../party/Party.ts';
import { addRecord } from '../records/addRecord.ts';
import { readChart } from '../records/readChart.ts';
import { readRecord } from '../records/readRecord.ts';
import { endRight } from '../rights/endRight.ts';
import { grantRight } from '../rights/grantRight.ts';
import { listGrants } from '../rights/listGrants.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import { readPatientState } from '../state/PatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { changeKey } from '../party/changeKey.ts';
import { submitEvidence, submitRule } from '../agent/submit.ts';
import { earlierIdentity } from '../../crypto/keys/earlierIdentity.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { inTime } from '../test/inTime.ts';
import { actFor } from './actFor.ts';
import { actingKeys } from './actingKeys.ts';
import { endMandate, resignMandate } from './endMandate.ts';
import { giveMandate } from './giveMandate.ts';
import { listMandates } from './listMandates.ts';
import type { MandateOffer } from './MandateOffer.ts';
import { offerMandate } from './offerMandate.ts';

let network: TestNetwork;
let doctor: Party;
before(async () => {
  network = await startTestNetwork({ guarded: true, cipher, further: ['mandates'] });
  doctor = await network.party('doctor');
});
after(async () => await network.close());

function now(): number {
  return Math.floor(network.clock.now() / 1000);
}

interface Family {
  readonly leo: Party;
  readonly marta: Party;
  readonly offer: MandateOffer;
  readonly handle: `0x${string}`;
}

/** A patient with a record, and another party that offers to act for them. */
async function family(wanted: { audit?: boolean; appoint?: boolean } = {}): Promise<Family> {
  const [leo, marta] = [await network.party('patient'), await network.party('patient')];
  await commitEpochs(leo, 4);
  const { handle } = await readPatientState(leo);
  const content = utf8ToBytes('a blood count');
  const words = { handle, category: 'laboratory', content, purpose: 'PATRQT' } as const;
  await addRecord(leo, words);
  const until = now() + 30 * 86_400;
  const offer = await offerMandate(marta, { handle, reason: 'my son', until, ...wanted });
  return { leo, marta, offer, handle };
}

function viewOf(handle: Family['handle']) {
  return {
    what: 'chart',
    handle,
    record: ZERO32,
    version: 0,
    purpose: 'PATRQT',
    deadline: now() + 300,
    salt: `0x${'5a'.repeat(16)}`,
  } as const;
}

async function textsSeenBy(party: Party, handle: Family['handle']): Promise<readonly string[]> {
  const chart = await readChart(party, { handle, purpose: 'PATRQT' });
  const read = chart.records.map(async (record) => {
    return bytesToUtf8((await readRecord(party, chart, record)).content);
  });
  return await Promise.all(read);
}

/** An offer that its representative signs with other words. */
async function resigned(representative: Party, offer: MandateOffer): Promise<MandateOffer> {
  const { mandate } = offer;
  const acting = await actingKeys(representative, mandate);
  const { signature } = sign(representative, representative, 'Mandate', mandate);
  const { signature: keySignature } = sign(representative, acting, 'Mandate', mandate);
  return { ...offer, signature, keySignature };
}

describe('a mandate', () => {
  it('lets its representative read the chart and give and end rights, under their own name in the audit', async () => {
    const { leo, marta, offer, handle } = await family({ audit: true });
    await giveMandate(leo, offer);
    const forLeo = await actFor(marta, offer.mandate);
    await restorePatient(forLeo);
    assert.deepEqual(await textsSeenBy(forLeo, handle), ['a blood count']);
    const { digest, grant } = await grantRight(forLeo, everything(doctor));
    const chart = await readChart(doctor, { handle, grant, purpose: 'TREAT' });
    assert.equal(chart.records.length, 1);
    // The patient's own device learns of it.
    await restorePatient(leo);
    assert.ok((await listGrants(leo)).some((each) => each.digest === digest));
    await inTime(network, endRight(forLeo, digest));
    await assert.rejects(
      readChart(doctor, { handle, grant, purpose: 'TREAT' }),
      failsWith('RIGHT_ENDED'),
    );
    for (const party of [leo, forLeo]) {
      const { logs } = await inTime(network, readAudit(party));
      const views = logs
        .flatMap(({ events }) => events)
        .flatMap(({ body }) => (body === undefined ? [] : [body.request]))
        .filter(({ party: by }) => by === marta.address);
      assert.ok(views.length > 1, 'the representative is named');
    }
  });

  it('that ended lets nothing be seen, given or kept, and opens nothing that is sealed later', async () => {
    const { leo, marta, offer, handle } = await family({ audit: true });
    const { mandate } = await giveMandate(leo, offer);
    const forLeo = await actFor(marta, offer.mandate);
    await restorePatient(forLeo);
    await textsSeenBy(forLeo, handle);
    const { keyring: had } = await readPatientState(forLeo);
    await inTime(network, endMandate(leo, mandate));
    await assert.rejects(
      readChart(forLeo, { handle, purpose: 'PATRQT' }),
      failsWith('RIGHT_ENDED'),
    );
    await assert.rejects(inTime(network, readAudit(forLeo)), failsWith('RIGHT_ENDED'));
    await assert.rejects(grantRight(forLeo, everything(doctor)), failsWith('RIGHT_ENDED'));
    // Whoever has the keys does not ask the SDK.
    const { revision } = await readPatientState(leo);
    const state = { ...(await readPatientState(forLeo)), revision };
    await assert.rejects(keepPatientState(forLeo, state), failsWith('SIGNATURE_INVALID'));
    const commit = { handle, first: 9, count: 4, root: ZERO32, deadline: now() + 300 };
    await assert.rejects(
      submitRule(forLeo, 'CommitEpochs', commit, { sheets: [] }),
      failsWith('SIGNATURE_INVALID'),
    );
    await assert.rejects(actFor(marta, offer.mandate), failsWith('RIGHT_ENDED'));
    await assert.rejects(giveMandate(leo, offer), failsWith('RIGHT_ENDED'));
    const content = utf8ToBytes('a later letter');
    await addRecord(leo, { handle, category: 'laboratory', content, purpose: 'PATRQT' });
    assert.deepEqual(await textsSeenBy(leo, handle), ['a blood count', 'a later letter']);
    const chart = await readChart(leo, { handle, purpose: 'PATRQT' });
    const { epoch } = chart.records.at(-1) ?? assert.fail();
    const later = chart.identityFor(epoch, 'laboratory');
    const old = Object.keys(had.keys).flatMap((end) => {
      const key = had.keys[Number(end)]?.laboratory;
      return key === undefined ? [] : [[Number(end), key] as const];
    });
    for (const [end, key] of old) {
      if (end >= epoch) assert.notEqual(earlierIdentity(key, end - epoch), later);
    }
    const [listed] = await listMandates(leo);
    assert.equal(listed?.state, 'ended');
  });

  it('is laid down by its representative, who then reads nothing more', async () => {
    const { leo, marta, offer, handle } = await family();
    await giveMandate(leo, offer);
    const forLeo = await actFor(marta, offer.mandate);
    await resignMandate(forLeo);
    await assert.rejects(
      readChart(forLeo, { handle, purpose: 'PATRQT' }),
      failsWith('RIGHT_ENDED'),
    );
    await assert.rejects(resignMandate(leo), failsWith('ARGUMENT_INVALID'));
  });

  it('without leave to audit shows who saw what to the patient alone', async () => {
    const { leo, marta, offer } = await family();
    await giveMandate(leo, offer);
    const forLeo = await actFor(marta, offer.mandate);
    await restorePatient(forLeo);
    await assert.rejects(inTime(network, readAudit(forLeo)), failsWith('RIGHT_MISSING'));
    await inTime(network, readAudit(leo));
  });

  it('gives no writing and no erasing', async () => {
    const { leo, marta, offer, handle } = await family();
    await giveMandate(leo, offer);
    const forLeo = await actFor(marta, offer.mandate);
    await restorePatient(forLeo);
    const content = utf8ToBytes('by another');
    await assert.rejects(
      addRecord(forLeo, { handle, category: 'laboratory', content, purpose: 'PATRQT' }),
      failsWith('RIGHT_MISSING'),
    );
  });

  it('serves the party that it names alone, on the chart that it names', async () => {
    const { leo, offer, handle } = await family();
    const other = await family();
    await giveMandate(leo, offer);
    await assert.rejects(actFor(other.marta, offer.mandate), failsWith('RIGHT_MISSING'));
    await assert.rejects(giveMandate(other.leo, offer), failsWith('RIGHT_MISSING'));
    // A thief of the opening names it under another name.
    const thief = await network.party('doctor');
    const along = { opening: offer.mandate };
    const grant = digestOf(thief, 'Mandate', offer.mandate);
    const view = { ...viewOf(handle), grant, log: thief.log };
    await assert.rejects(submitEvidence(thief, 'View', view, along), failsWith('RIGHT_MISSING'));
    const elsewhere = { ...view, handle: other.handle };
    await assert.rejects(
      submitEvidence(thief, 'View', elsewhere, along),
      failsWith('RIGHT_MISSING'),
    );
  });

  it('is given by nobody but the patient, or who acts and may appoint', async () => {
    const { leo, marta, offer, handle } = await family({ appoint: true });
    const jano = await network.party('patient');
    const until = now() + 86_400;
    // No days that hide the end: it must not be later than that of who appoints.
    const exact = {
      ...jano,
      random: (size: number) => (size === 2 ? new Uint8Array(2) : jano.random(size)),
    };
    const hisOffer = await offerMandate(exact, { handle, reason: 'cover', until });
    await assert.rejects(
      doctor.agent.mandate(
        sign(doctor, { ...doctor, address: leo.address }, 'Mandate', hisOffer.mandate),
      ),
      failsWith('SIGNATURE_INVALID'),
    );
    await assert.rejects(
      doctor.agent.mandate(sign(doctor, doctor, 'Mandate', hisOffer.mandate)),
      failsWith('RIGHT_MISSING'),
    );
    await giveMandate(leo, offer);
    const forLeo = await actFor(marta, offer.mandate);
    await restorePatient(forLeo);
    await giveMandate(forLeo, hisOffer);
    const janoForLeo = await actFor(jano, hisOffer.mandate);
    await restorePatient(janoForLeo);
    assert.deepEqual(await textsSeenBy(janoForLeo, handle), ['a blood count']);
    const third = await offerMandate(doctor, { handle, reason: 'more', until });
    await assert.rejects(giveMandate(janoForLeo, third), failsWith('RIGHT_MISSING'));
    const asked = sign(janoForLeo, janoForLeo, 'Mandate', third.mandate);
    await assert.rejects(janoForLeo.agent.mandate(asked), failsWith('SIGNATURE_INVALID'));
    const longer = await offerMandate(doctor, {
      handle,
      reason: 'more',
      until: until + 900 * 86_400,
    });
    await assert.rejects(giveMandate(forLeo, longer), failsWith('RIGHT_MISSING'));
  });

  it('goes on after the patient’s key changed, and the state is sealed to both', async () => {
    const { leo, marta, offer, handle } = await family();
    await giveMandate(leo, offer);
    const { party: renewed } = await inTime(network, changeKey(leo, leo.random(32)));
    const forLeo = await actFor(marta, offer.mandate);
    await restorePatient(forLeo);
    assert.deepEqual(await textsSeenBy(forLeo, handle), ['a blood count']);
    await grantRight(forLeo, everything(doctor));
    await restorePatient(renewed);
    assert.equal((await listGrants(renewed)).length > 0, true);
  });

  it('is not made of an offer that was altered, is another’s, or is over', async () => {
    const { leo, marta, offer, handle } = await family();
    const { mandate } = offer;
    const altered = { ...mandate, powers: 7 };
    await assert.rejects(
      giveMandate(leo, { ...offer, mandate: altered }),
      failsWith('SIGNATURE_INVALID'),
    );
    await assert.rejects(
      giveMandate(leo, { ...offer, recipient: doctor.recipient }),
      failsWith('KEY_UNAUTHENTIC'),
    );
    const forged = { ...mandate, terms: { ...mandate.terms, representative: doctor.address } };
    await assert.rejects(
      giveMandate(leo, { ...offer, mandate: forged }),
      failsWith('SIGNATURE_INVALID'),
    );
    await assert.rejects(
      offerMandate(marta, { handle, reason: 'late', until: now() }),
      failsWith('ARGUMENT_INVALID'),
    );
    for (const days of [91, 3650, -1]) {
      const until = mandate.terms.until + days * 86_400;
      await assert.rejects(
        giveMandate(leo, await resigned(marta, { ...offer, mandate: { ...mandate, until } })),
        failsWith('ARGUMENT_INVALID'),
        `the ledger’s end lies ${days} days after the exact one`,
      );
    }
    const toOneself = await offerMandate(leo, { handle, reason: 'me', until: now() + 1000 });
    await assert.rejects(giveMandate(leo, toOneself), failsWith('ARGUMENT_INVALID'));
    network.clock.advance(8 * 86_400_000);
    await assert.rejects(giveMandate(leo, offer), failsWith('RIGHT_ENDED'));
  });

  it('that two devices gave at once is known to both, whichever state nodes have', async () => {
    const { leo, offer, handle } = await family();
    const second = { ...leo, device: memoryDevice() };
    await restorePatient(second);
    const jano = await network.party('patient');
    const his = await offerMandate(jano, { handle, reason: 'my father', until: now() + 86_400 });
    const given = await Promise.all([giveMandate(leo, offer), giveMandate(second, his)]);
    // A third device keeps a state that has neither: it began before.
    const third = { ...leo, device: memoryDevice() };
    const { state } = await restorePatient(third);
    await keepPatientState(third, { ...state, mandates: [] });
    for (const device of [leo, second]) await restorePatient(device);
    await keepPatientState(leo, await readPatientState(leo));
    for (const device of [second, third]) await restorePatient(device);
    await keepPatientState(second, await readPatientState(second));
    for (const device of [leo, second, third]) {
      await restorePatient(device);
      const opened = (await listMandates(device)).filter(({ opening }) => opening !== undefined);
      const digests = opened.map(({ mandate }) => mandate);
      assert.deepEqual(new Set(digests), new Set(given.map(({ mandate }) => mandate)));
    }
  });

  it('that ended shows its former holder nothing more of an audit that was released before', async () => {
    const { leo, marta, offer } = await family({ audit: true });
    const { mandate } = await giveMandate(leo, offer);
    const queries: AuditQuery[] = [];
    const agent = new Proxy(marta.agent, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return async (...given: readonly unknown[]): Promise<unknown> => {
          if (name === 'audit') queries.push(given[0] as AuditQuery);
          return await (Reflect.apply(value, target, given) as Promise<unknown>);
        };
      },
    });
    const forLeo = await actFor({ ...marta, agent }, offer.mandate);
    await restorePatient(forLeo);
    await inTime(network, readAudit(forLeo));
    const query = { ...(queries[0] ?? assert.fail()), from: 0 };
    assert.ok((await marta.agent.audit(query)).length > 0, 'the ticket lives');
    await inTime(network, endMandate(leo, mandate));
    await assert.rejects(marta.agent.audit(query), failsWith('RIGHT_ENDED'));
  });

  it('ends at the second that it names, though the ledger shows a later one', async () => {
    const { leo, marta, offer, handle } = await family();
    await giveMandate(leo, offer);
    assert.ok(offer.mandate.until >= offer.mandate.terms.until);
    const forLeo = await actFor(marta, offer.mandate);
    network.clock.advance((offer.mandate.terms.until - now() - 1) * 1000);
    await readChart(forLeo, { handle, purpose: 'PATRQT' });
    network.clock.advance(1000);
    await assert.rejects(
      readChart(forLeo, { handle, purpose: 'PATRQT' }),
      failsWith('RIGHT_ENDED'),
    );
    await assert.rejects(actFor(marta, offer.mandate), failsWith('RIGHT_ENDED'));
  });
});
