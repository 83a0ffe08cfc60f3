import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { simulatedCipher as cipher } from '../../../proof/simulation/simulatedCipher.ts';
import { everything, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import { submitRule } from '../agent/submit.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import type { Party } from '../party/Party.ts';
import { readChart } from '../records/readChart.ts';
import { grantRight } from '../rights/grantRight.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import { keysOfStates } from '../state/keysOfStates.ts';
import { readPatientState } from '../state/PatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { inTime } from '../test/inTime.ts';
import { actFor } from './actFor.ts';
import { giveMandate } from './giveMandate.ts';
import type { MandateOffer } from './MandateOffer.ts';
import { offerMandate } from './offerMandate.ts';

const DAY = 86_400;

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork({ guarded: true, cipher, further: ['mandates'] });
});
after(async () => await network.close());

function now(): number {
  return Math.floor(network.clock.now() / 1000);
}

/** A party whose offers have an end on the ledger that is `days` later. */
async function hidingBy(days: number): Promise<Party> {
  const party = await network.party('patient');
  const random = (length: number): Uint8Array =>
    length === 2 ? Uint8Array.of(0, days) : party.random(length);
  return { ...party, random };
}

interface Acting {
  readonly leo: Party;
  readonly marta: Party;
  readonly forLeo: Party;
  readonly offer: MandateOffer;
  readonly handle: `0x${string}`;
}

/** A patient, and a representative who acts for 30 days; the ledger shows an end 90 days later. */
async function acting(appoint = false): Promise<Acting> {
  const [leo, marta] = [await network.party('patient'), await hidingBy(90)];
  await commitEpochs(leo, 4);
  const { handle } = await readPatientState(leo);
  const until = now() + 30 * DAY;
  const offer = await offerMandate(marta, { handle, reason: 'my son', until, appoint });
  await giveMandate(leo, offer);
  const forLeo = await actFor(marta, offer.mandate);
  await restorePatient(forLeo);
  return { leo, marta, forLeo, offer, handle };
}

function grantTo(by: Party, handle: Acting['handle'], grantee: Party): Grant {
  const { actions, ...right } = everything(grantee);
  const does = (action: (typeof actions)[number]): boolean => actions.includes(action);
  return {
    handle,
    terms: {
      ...right,
      record: ZERO32,
      read: does('read'),
      add: does('add'),
      amend: does('amend'),
      from: now(),
      until: now() + 300 * DAY,
      salt: bytesToHex(by.random(16)),
    },
    deadline: now() + 300,
  };
}

/** Brings a grant to the ledger as an organisation that colludes does: the ledger takes it. */
async function placeGrant(by: Party, grant: Grant): Promise<void> {
  const request = sign(by, by, 'Grant', grant);
  const [placed] = await network.services('hospital').administrator.carry('Grant', [request]);
  assert.ok(placed && 'block' in placed);
}

async function refusesAll({ forLeo, handle }: Acting, doctor: Party): Promise<void> {
  const refused = failsWith('SIGNATURE_INVALID');
  const grant = grantTo(forLeo, handle, doctor);
  await assert.rejects(submitRule(forLeo, 'Grant', grant), refused);
  const root = `0x${'ab'.repeat(32)}` as const;
  const commit = { handle, first: 2, count: 9, root, deadline: now() + 300 };
  await assert.rejects(submitRule(forLeo, 'CommitEpochs', commit, { sheets: [] }), refused);
  await assert.rejects(keepPatientState(forLeo, await readPatientState(forLeo)), refused);
}

describe('from the exact end of a mandate on, in the days by which the ledger hides it', () => {
  it('nodes take no right, state, epoch or mandate of the acting key', async () => {
    const each = await acting(true);
    const { forLeo, offer, handle } = each;
    const doctor = await network.party('doctor');
    const jano = await hidingBy(0);
    const until = offer.mandate.until - DAY;
    network.clock.advance((offer.mandate.terms.until - now() - 2) * 1000);
    const { digest } = await grantRight(forLeo, { ...everything(doctor), until: now() + DAY });
    assert.ok(digest, 'two seconds before it a right is taken');
    network.clock.advance((offer.mandate.terms.until - now()) * 1000);
    await refusesAll(each, doctor);
    const his = await offerMandate(jano, { handle, reason: 'cover', until });
    const asked = sign(forLeo, forLeo, 'Mandate', his.mandate);
    await assert.rejects(forLeo.agent.mandate(asked), failsWith('SIGNATURE_INVALID'));
  });

  it('a right that the ledger took of the key counts for nothing, and one of before goes on', async () => {
    const { forLeo, offer, handle } = await acting();
    const doctor = await network.party('doctor');
    const { grant: earlier } = await grantRight(forLeo, {
      ...everything(doctor),
      until: now() + 300 * DAY,
    });
    network.clock.advance((offer.mandate.terms.until - now()) * 1000);
    const grant = grantTo(forLeo, handle, doctor);
    await placeGrant(forLeo, grant);
    await inTime(network, readChart(doctor, { handle, grant: earlier, purpose: 'TREAT' }));
    await assert.rejects(
      inTime(network, readChart(doctor, { handle, grant, purpose: 'TREAT' })),
      failsWith('RIGHT_MISSING'),
    );
  });

  it('a right that the patient gave meanwhile counts, whoever brought it to the ledger', async () => {
    const { leo, offer, handle } = await acting();
    const doctor = await network.party('doctor');
    network.clock.advance((offer.mandate.terms.until - now() + DAY) * 1000);
    const grant = grantTo(leo, handle, doctor);
    await placeGrant(leo, grant);
    await inTime(network, readChart(doctor, { handle, grant, purpose: 'TREAT' }));
  });

  it('nodes that were started again know it', async () => {
    const { forLeo, offer, handle } = await acting();
    const doctor = await network.party('doctor');
    const { grant: earlier } = await grantRight(forLeo, {
      ...everything(doctor),
      until: now() + 300 * DAY,
    });
    network.clock.advance((offer.mandate.terms.until - now()) * 1000);
    const grant = grantTo(forLeo, handle, doctor);
    await placeGrant(forLeo, grant);
    for (const organisation of ['hospital', 'laboratory', 'insurer'])
      await network.restart(organisation);
    await inTime(network, readChart(doctor, { handle, grant: earlier, purpose: 'TREAT' }));
    await assert.rejects(
      inTime(network, readChart(doctor, { handle, grant, purpose: 'TREAT' })),
      failsWith('RIGHT_MISSING'),
    );
  });

  it('who was appointed by the key sees nothing and gives nothing, though their own end is later', async () => {
    const { marta, forLeo, offer, handle } = await acting(true);
    const [doctor, jano] = [await network.party('doctor'), await hidingBy(0)];
    const until = offer.mandate.until - DAY;
    const his = await offerMandate(jano, { handle, reason: 'cover', until });
    await giveMandate(forLeo, his);
    const janoForLeo = await actFor(jano, his.mandate);
    await restorePatient(janoForLeo);
    await grantRight(janoForLeo, { ...everything(doctor), until: now() + DAY });
    network.clock.advance((offer.mandate.terms.until - now()) * 1000);
    await assert.rejects(
      readChart(janoForLeo, { handle, purpose: 'PATRQT' }),
      failsWith('RIGHT_ENDED'),
    );
    await refusesAll({ leo: forLeo, marta, forLeo: janoForLeo, offer: his, handle }, doctor);
    const grant = grantTo(janoForLeo, handle, doctor);
    await placeGrant(janoForLeo, grant);
    await assert.rejects(
      inTime(network, readChart(doctor, { handle, grant, purpose: 'TREAT' })),
      failsWith('RIGHT_MISSING'),
    );
  });

  it('of a mandate whose opening no node ever saw nothing is taken at all', async () => {
    const [leo, marta] = [await network.party('patient'), await hidingBy(90)];
    const doctor = await network.party('doctor');
    await commitEpochs(leo, 4);
    const { handle } = await readPatientState(leo);
    const offer = await offerMandate(marta, { handle, reason: 'x', until: now() + 30 * DAY });
    await giveMandate(leo, offer);
    const forLeo = await actFor(marta, offer.mandate);
    // A device of its own leaves the opening out.
    const grant = grantTo(forLeo, handle, doctor);
    const { acting: _, ...bare } = forLeo;
    await assert.rejects(submitRule(bare, 'Grant', grant), failsWith('SIGNATURE_INVALID'));
    const other = { ...offer.mandate, terms: { ...offer.mandate.terms, until: now() + 90 * DAY } };
    await assert.rejects(
      submitRule(bare, 'Grant', grant, { mandates: [other] }),
      failsWith('SIGNATURE_INVALID'),
    );
    await placeGrant(forLeo, grant);
    await assert.rejects(
      inTime(network, readChart(doctor, { handle, grant, purpose: 'TREAT' })),
      failsWith('RIGHT_MISSING'),
    );
  });

  // @actor a representative who signs a rule | has nodes keep openings of other charts, or of mandates that were never given
  it('openings of another chart are refused beside a rule, and one that was never given is not kept', async () => {
    const [{ forLeo, offer, handle }, other] = [await acting(), await acting()];
    const [doctor, jano] = [await network.party('doctor'), await hidingBy(0)];
    const grant = grantTo(forLeo, handle, doctor);
    // A program of its own says what comes beside the rule.
    const { acting: _, ...bare } = forLeo;
    await assert.rejects(
      submitRule(bare, 'Grant', grant, { mandates: [offer.mandate, other.offer.mandate] }),
      failsWith('REQUEST_MALFORMED'),
    );
    const never = await offerMandate(jano, { handle, reason: 'x', until: now() + DAY });
    await submitRule(bare, 'Grant', grant, { mandates: [offer.mandate, never.mandate] });
    const { contributor } = network.services('hospital');
    const { kept } = await contributor.keptAfter(0);
    const copies = await contributor.keptCopies(kept.map(({ id }) => id));
    const beside = copies.flatMap((copy) =>
      copy !== null && 'submission' in copy ? (copy.submission.mandates ?? []) : [],
    );
    assert.ok(beside.some(({ key }) => key === offer.mandate.key));
    assert.ok(beside.every(({ key }) => key !== never.mandate.key));
  });

  it('a device that knows the mandate counts a state of the key for less than each of the patient’s own', async () => {
    const { leo, forLeo, offer, handle } = await acting();
    const kept = { handle, revision: 99, state: ZERO32, packets: ZERO32, deadline: now() + 300 };
    const keep = sign(forLeo, forLeo, 'Keep', kept);
    const { key } = offer.mandate;
    assert.deepEqual((await keysOfStates(leo, handle, [keep])).acting, [key]);
    network.clock.advance((offer.mandate.terms.until - now()) * 1000);
    const { acting: present, acted } = await keysOfStates(leo, handle, [keep]);
    assert.deepEqual([present, acted], [[], [key]]);
  });
});
