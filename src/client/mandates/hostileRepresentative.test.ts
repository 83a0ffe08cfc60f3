import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { base64 } from '@scure/base';
import { simulatedCipher as cipher } from '../../../proof/simulation/simulatedCipher.ts';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import { everything, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { packetsHash } from '../../protocol/rights/packetsHash.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import { contextOf } from '../../node/contextOf.ts';
import { checkDepositCopy } from '../../services/deposits/checkDepositCopy.ts';
import { turnFormerKeys } from '../epochs/turnFormerKeys.ts';
import { closeMandates } from './closeMandates.ts';
import { refreshPackets } from '../epochs/refreshPackets.ts';
import { epochIdentity } from '../epochs/epochIdentity.ts';
import { addRecord } from '../records/addRecord.ts';
import { readChart } from '../records/readChart.ts';
import { revokeRight } from '../rights/revokeRight.ts';
import { grantRight } from '../rights/grantRight.ts';
import { changeKey } from '../party/changeKey.ts';
import { commitEpochs } from '../epochs/commitEpochs.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { memoryDevice } from '../party/memoryDevice.ts';
import type { Party } from '../party/Party.ts';
import { openSealed } from '../records/openSealed.ts';
import { keepPatientState } from '../state/keepPatientState.ts';
import { readPatientState, type PatientState } from '../state/PatientState.ts';
import { restorePatient } from '../state/restorePatient.ts';
import { confirmFacts } from '../audit/confirmFacts.ts';
import { inTime } from '../test/inTime.ts';
import { actFor } from './actFor.ts';
import { endMandate, resignMandate } from './endMandate.ts';
import { giveMandate } from './giveMandate.ts';
import type { MandateOffer } from './MandateOffer.ts';
import { offerMandate } from './offerMandate.ts';

let network: TestNetwork;
before(async () => {
  network = await startTestNetwork({ guarded: true, cipher, further: ['mandates'] });
});
after(async () => await network.close());

function now(): number {
  return Math.floor(network.clock.now() / 1000);
}

interface Family {
  readonly leo: Party;
  /** Every state that Leo's device gave to nodes, as a node that colludes has it. */
  readonly kept: string[];
  /** Every packet that it gave. */
  readonly packets: string[];
  readonly marta: Party;
  readonly offer: MandateOffer;
  readonly handle: `0x${string}`;
}

async function family(appoint = false): Promise<Family> {
  const [patient, other] = [await network.party('patient'), await network.party('patient')];
  const kept: string[] = [];
  const packets: string[] = [];
  const agent = new Proxy(patient.agent, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return async (...given: readonly unknown[]): Promise<unknown> => {
        const asked = (given[0] ?? {}) as {
          readonly state?: unknown;
          readonly packets?: readonly { readonly packet: string }[];
        };
        const { state } = asked;
        const submitted = Array.isArray(given[0]) ? (given[0] as readonly (typeof asked)[]) : [];
        for (const each of [asked, ...submitted]) {
          packets.push(...(each.packets ?? []).map(({ packet }) => packet));
        }
        if (name === 'keep' && typeof state === 'string') kept.push(state);
        return await (Reflect.apply(value, target, given) as Promise<unknown>);
      };
    },
  });
  const leo = { ...patient, agent };
  // 90 days hide the end.
  const random = (length: number): Uint8Array =>
    length === 2 ? Uint8Array.of(0, 90) : other.random(length);
  const marta = { ...other, random };
  await commitEpochs(leo, 4);
  const { handle } = await readPatientState(leo);
  const until = now() + 30 * 86_400;
  const offer = await offerMandate(marta, { handle, reason: 'my son', until, appoint });
  return { leo, kept, packets, marta, offer, handle };
}

async function opens(party: Party, handle: Family['handle'], sealed: string): Promise<boolean> {
  return await openSealed(party, handle, sealed).then(
    () => true,
    () => false,
  );
}

/** Keeps a state as a representative with a program of its own could: sealed to whom it likes. */
async function keepOnlyForOneself(acting: Party, state: PatientState): Promise<void> {
  const { primitives } = acting;
  const bytes = await sealBytes([acting.recipient], utf8ToBytes(canonicalJson(state)), { cipher });
  const sealed = base64.encode(bytes);
  const request = sign(acting, acting, 'Keep', {
    handle: state.handle,
    revision: state.revision,
    state: bytesToHex(primitives.sha256(utf8ToBytes(sealed))),
    packets: packetsHash(primitives, []),
    deadline: now() + 300,
  });
  await acting.agent.keep({ request, state: sealed, packets: [] });
}

/** The identity that a keyring gives, or none. */
function identityIn(keyring: PatientState['keyring'], epoch: number): string | undefined {
  try {
    return epochIdentity(keyring, epoch, 'laboratory');
  } catch {
    return undefined;
  }
}

describe('a representative who means harm', () => {
  it('does not keep the patient from ending the mandate by a state that only the representative opens', async () => {
    const { leo, marta, offer, handle } = await family();
    const { mandate } = await giveMandate(leo, offer);
    const forLeo = await actFor(marta, offer.mandate);
    const { state } = await restorePatient(forLeo);
    await keepOnlyForOneself(forLeo, { ...state, revision: state.revision + 1 });
    let failed: unknown;
    await inTime(network, endMandate(leo, mandate)).catch((error: unknown) => (failed = error));
    const { patient } = await confirmFacts(leo, { handle });
    assert.equal(patient?.mandates?.[0]?.state, 'ended', String(failed));
  });

  it('does not keep the patient from the chart once the ledger has the end', async () => {
    const { leo, marta, offer, handle } = await family();
    await giveMandate(leo, offer);
    const forLeo = await actFor(marta, offer.mandate);
    const { state } = await restorePatient(forLeo);
    await keepOnlyForOneself(forLeo, { ...state, revision: state.revision + 5 });
    const message = { handle, key: offer.mandate.key, deadline: now() + 300 };
    await leo.agent.mandate(sign(leo, leo, 'EndMandate', message));
    const doctor = await network.party('doctor');
    await inTime(network, grantRight(leo, everything(doctor)));
  });

  it('does not take the last revision there is', async () => {
    const { leo, marta, offer } = await family();
    const { mandate } = await giveMandate(leo, offer);
    const forLeo = await actFor(marta, offer.mandate);
    const { state } = await restorePatient(forLeo);
    await keepPatientState(forLeo, { ...state, revision: Number.MAX_SAFE_INTEGER - 1 }).catch(
      () => undefined,
    );
    // Ended on the ledger, as a support line would have the patient do it by hand.
    const message = { handle: state.handle, key: offer.mandate.key, deadline: now() + 300 };
    await leo.agent.mandate(sign(leo, leo, 'EndMandate', message));
    await restorePatient(leo).catch(() => undefined);
    await keepPatientState(leo, await readPatientState(leo));
    assert.ok(mandate);
  });

  it('leaves no recipient in the state to which all later states are sealed', async () => {
    const { leo, kept, marta, offer, handle } = await family();
    const { mandate } = await giveMandate(leo, offer);
    const forLeo = await actFor(marta, offer.mandate);
    const { state } = await restorePatient(forLeo);
    const terms = { ...offer.mandate.terms, until: Number.MAX_SAFE_INTEGER };
    const digest = `0x${'ab'.repeat(32)}` as const;
    const planted = { mandate: { ...offer.mandate, terms }, digest, recipient: marta.recipient };
    await keepPatientState(forLeo, { ...state, mandates: [...(state.mandates ?? []), planted] });
    await restorePatient(leo);
    await inTime(network, endMandate(leo, mandate));
    await keepPatientState(leo, await readPatientState(leo));
    assert.equal(await opens(marta, handle, kept.at(-1) ?? ''), false);
  });

  it('leaves none there either who stole the phone before the patient changed the key', async () => {
    const { leo, kept, marta, offer, handle } = await family();
    const terms = { ...offer.mandate.terms, until: Number.MAX_SAFE_INTEGER };
    const digest = `0x${'ab'.repeat(32)}` as const;
    const planted = { mandate: { ...offer.mandate, terms }, digest, recipient: marta.recipient };
    // The thief has the old seed; no mandate was ever given.
    await keepPatientState(leo, { ...(await readPatientState(leo)), mandates: [planted] });
    const { party: renewed } = await inTime(network, changeKey(leo, leo.random(32)));
    await keepPatientState(renewed, await readPatientState(renewed));
    assert.equal(await opens(marta, handle, kept.at(-1) ?? ''), false);
  });

  it('leaves no opening in the state by which the patient’s device seals all keys to another', async () => {
    const { leo, packets, marta, offer, handle } = await family();
    const doctor = await network.party('doctor');
    const right = await grantRight(leo, { ...everything(doctor), until: now() + 300 * 86_400 });
    const { mandate } = await giveMandate(leo, offer);
    const forLeo = await actFor(marta, offer.mandate);
    const { state } = await restorePatient(forLeo);
    const grants = state.grants.map((each) => {
      const terms = { ...each.grant.terms, grantee: marta.address };
      return each.digest === right.digest
        ? { ...each, grant: { ...each.grant, terms }, sealedTo: 0 }
        : each;
    });
    await keepPatientState(forLeo, { ...state, grants });
    await restorePatient(leo);
    await inTime(network, endMandate(leo, mandate));
    await inTime(network, refreshPackets(leo));
    const opened = await Promise.all(packets.map(async (each) => await opens(marta, handle, each)));
    assert.deepEqual(
      opened.filter((isOpen) => isOpen),
      [],
    );
  });

  for (const end of ['is ended', 'is over by its date'] as const) {
    it(`whose mandate ${end} gave a right that a node learns of which was away`, async () => {
      const { leo, marta, offer } = await family();
      const doctor = await network.party('doctor');
      const { mandate } = await giveMandate(leo, offer);
      const submissions: unknown[] = [];
      const spied = new Proxy(marta.agent, {
        get: (target, name) => {
          const value: unknown = Reflect.get(target, name, target);
          if (typeof value !== 'function') return value;
          return async (...given: readonly unknown[]): Promise<unknown> => {
            if (name === 'submit') submissions.push(...(given[0] as readonly unknown[]));
            return await (Reflect.apply(value, target, given) as Promise<unknown>);
          };
        },
      });
      const forLeo = await actFor({ ...marta, agent: spied }, offer.mandate);
      await restorePatient(forLeo);
      await grantRight(forLeo, { ...everything(doctor), until: now() + 300 * 86_400 });
      const submission = submissions
        .map((each) => each as Submission)
        .find(({ request }) => (request as { readonly type: string }).type === 'Grant');
      if (end === 'is ended') await inTime(network, endMandate(leo, mandate));
      else network.clock.advance((offer.mandate.until - now() + 86_400) * 1000);
      const { index } = network.services('insurer');
      await index.refresh();
      const options = { network: network.file, organisation: 'insurer', index };
      const context = contextOf(network.ports, options);
      const checked = checkDepositCopy(context, { submission: submission ?? assert.fail() });
      assert.ok(checked.grant);
    });
  }

  it('who has a mandate of the thief of a key loses it when the patient changes the key, and one that the device knows goes on', async () => {
    const { leo, kept, marta, offer, handle } = await family();
    const jano = await network.party('patient');
    const his = await offerMandate(jano, { handle, reason: 'my father', until: now() + 86_400 });
    const { mandate: own } = await giveMandate(leo, his);
    // The thief has the seed on a device of its own, and gives it as the patient would: nodes keep the state with it.
    const thief = { ...leo, device: memoryDevice() };
    await restorePatient(thief);
    const { mandate } = await giveMandate(thief, offer);
    const forThief = await actFor(marta, offer.mandate);
    await restorePatient(forThief);
    const change = changeKey(leo, leo.random(32));
    const { party: renewed, endedMandates } = await inTime(network, change);
    assert.deepEqual(endedMandates, [mandate]);
    const { patient } = await confirmFacts(renewed, { handle });
    const states = patient?.mandates?.map((each) => [each.mandate, each.state]);
    assert.deepEqual(states, [
      [own, 'active'],
      [mandate, 'ended'],
    ]);
    await assert.rejects(actFor(marta, offer.mandate), failsWith('RIGHT_ENDED'));
    const doctor = await network.party('doctor');
    await assert.rejects(
      grantRight(forThief, { ...everything(doctor), until: now() + 86_400 }),
      failsWith('RIGHT_ENDED'),
    );
    await keepPatientState(renewed, await readPatientState(renewed));
    assert.equal(await opens(forThief, handle, kept.at(-1) ?? ''), false);
    await restorePatient(await actFor(jano, his.mandate));
  });

  it('keeps a mandate that the device does not know if the patient says so', async () => {
    const { leo, marta, offer } = await family();
    const second = { ...leo, device: memoryDevice() };
    await restorePatient(second);
    await giveMandate(second, offer);
    const change = changeKey(leo, leo.random(32), { keepMandates: true });
    assert.deepEqual((await inTime(network, change)).endedMandates, []);
    await restorePatient(await actFor(marta, offer.mandate));
  });

  it('who resigned has no key of what is sealed after the next turn of the keys', async () => {
    const { leo, marta, offer, handle } = await family();
    const doctor = await network.party('doctor');
    const right = await grantRight(leo, { ...everything(doctor), until: now() + 86_400 });
    await giveMandate(leo, offer);
    const forLeo = await actFor(marta, offer.mandate);
    const { state } = await restorePatient(forLeo);
    await resignMandate(forLeo);
    await closeMandates(leo);
    await inTime(network, turnFormerKeys(leo));
    await inTime(network, revokeRight(leo, right.digest));
    const content = utf8ToBytes('a later letter');
    await addRecord(leo, { handle, category: 'laboratory', content, purpose: 'PATRQT' });
    const chart = await readChart(leo, { handle, purpose: 'PATRQT' });
    const { epoch } = chart.records.at(-1) ?? assert.fail();
    const { keys } = state.keyring;
    const ahead = { ...state.keyring, prepared: Math.max(...Object.keys(keys).map(Number)) };
    assert.notEqual(identityIn(ahead, epoch), chart.identityFor(epoch, 'laboratory'));
  });

  it('who resigned opens no state that the patient keeps later', async () => {
    const { leo, kept, marta, offer, handle } = await family();
    await giveMandate(leo, offer);
    const forLeo = await actFor(marta, offer.mandate);
    await resignMandate(forLeo);
    network.clock.advance(60_000);
    await keepPatientState(leo, await readPatientState(leo));
    assert.equal(await opens(forLeo, handle, kept.at(-1) ?? ''), false);
  });

  it('whose appointer’s mandate the patient ended opens no later state', async () => {
    const { leo, kept, marta, offer, handle } = await family(true);
    const { mandate } = await giveMandate(leo, offer);
    const forLeo = await actFor(marta, offer.mandate);
    await restorePatient(forLeo);
    const jano = await network.party('patient');
    const his = await offerMandate(jano, { handle, reason: 'cover', until: now() + 86_400 });
    await giveMandate(forLeo, his);
    const janoForLeo = await actFor(jano, his.mandate);
    await restorePatient(leo);
    await inTime(network, endMandate(leo, mandate));
    await keepPatientState(leo, await readPatientState(leo));
    assert.equal(await opens(janoForLeo, handle, kept.at(-1) ?? ''), false);
  });

  it('whose mandate is over by its date takes nothing of the patient’s quota', async () => {
    const { leo, marta, offer, handle } = await family();
    await giveMandate(leo, offer);
    const forLeo = await actFor(marta, offer.mandate);
    network.clock.advance((offer.mandate.until - now() + 86_400) * 1000);
    const key = `0x${'11'.repeat(20)}` as const;
    const codes = new Set<string>();
    for (let place = 0; place < 125; place += 1) {
      const message = { handle, key, deadline: now() + 200 + (place % 50) };
      await marta.agent
        .mandate(sign(forLeo, forLeo, 'EndMandate', message))
        .catch((error: { code?: string }) => codes.add(error.code ?? ''));
    }
    assert.deepEqual([...codes], ['SIGNATURE_INVALID']);
  });
});
