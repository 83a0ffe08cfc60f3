import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { everything } from '../../node/test/testNetwork.ts';
import { seconds } from '../../protocol/Clock.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { Vital } from '../../protocol/struct/vitalTypes.ts';
import { startClaimCase, type ClaimCase } from '../../services/care/claims/test/claimCase.ts';
import { confirmClaim } from '../care/claims/confirmClaim.ts';
import { decideClaim } from '../care/claims/decideClaim.ts';
import { disputeClaim } from '../care/claims/disputeClaim.ts';
import { permitClaim } from '../care/claims/permitClaim.ts';
import { prepareClaim, type NewClaim } from '../care/claims/prepareClaim.ts';
import { listClaims } from '../care/claims/readClaims.ts';
import { submitClaim } from '../care/claims/submitClaim.ts';
import { withdrawClaim } from '../care/claims/withdrawClaim.ts';
import { changeKey } from '../party/changeKey.ts';
import type { Party } from '../party/Party.ts';
import { dispense } from '../care/prescriptions/dispense.ts';
import { readPrescriptions } from '../care/prescriptions/readPrescriptions.ts';
import { readSlip } from '../care/prescriptions/readSlip.ts';
import { prescribe } from '../care/prescriptions/test/prescribe.ts';
import { addRecord } from '../records/addRecord.ts';
import { nameOfContent } from '../records/addedOnce.ts';
import { readChart } from '../records/readChart.ts';
import { grantRight } from '../rights/grantRight.ts';
import { readPatientState } from '../state/PatientState.ts';
import { issueUnits } from '../care/units/issueUnits.ts';
import { readAccount } from '../care/units/readUnits.ts';
import { DIED, dyingDevice } from '../test/dyingDevice.ts';
import { placesToCut } from '../test/placesToCut.ts';
import { readLife } from '../care/vital/readLife.ts';
import { registerBirth } from '../care/vital/registerBirth.ts';
import { reportDeath } from '../care/vital/reportDeath.ts';

/** Cuts off at every so many of the calls that change something, and once at each kind of them. */
const EVERY = Number(process.env['EVERY'] ?? 10);

let at: ClaimCase;
before(async () => {
  at = await startClaimCase(undefined, undefined, ['prescriptions', 'vitalRecords']);
});
after(async () => await at.network.close());

/** A step on something new. */
interface Made {
  readonly party: Party;
  readonly take: (party: Party) => Promise<unknown>;
  /** Number of times that it took effect. */
  readonly effects: () => Promise<number>;
}

/** A new doctor with a right to the chart. */
async function newDoctor(): Promise<Pick<Made, 'party'> & { readonly right: Right }> {
  const party = await at.network.party('doctor');
  const { grant } = await grantRight(at.care.patient, everything(party));
  return { party, right: { handle: at.care.handle, grant, purpose: 'TREAT' } as const };
}

type Right = Pick<NewClaim, 'handle'> & Required<Pick<NewClaim, 'grant' | 'purpose'>>;

let orders = 0;
function order(right: Right): Parameters<typeof prescribe>[1] {
  orders += 1;
  const [from, medicine] = [seconds(at.network.clock), `Amoxicillin 500 mg capsules ${orders}`];
  const amounts = { unit: 'capsule', amount: 90, fills: 1, interval: 0 };
  return { ...right, medicine, dosage: 'One', ...amounts, from, until: from + 86_400 };
}

async function prescribed(): Promise<Made> {
  const { party, right } = await newDoctor();
  const wanted = order(right);
  return {
    party,
    take: async (doctor) => await prescribe(doctor, wanted),
    effects: async () => {
      const chart = await readChart(at.care.patient, { handle: right.handle, purpose: 'PATRQT' });
      const { prescriptions: listed } = await readPrescriptions(at.care.patient, chart);
      return listed.filter(({ message }) => message.terms.medicine === wanted.medicine).length;
    },
  };
}

async function dispensed(): Promise<Made> {
  const party = await at.network.party('pharmacist', { organisation: 'laboratory' });
  const { handle, right } = at.care;
  const { digest } = await prescribe(
    at.care.doctor,
    order({ handle, grant: right.grant, purpose: 'TREAT' }),
  );
  const chart = await readChart(at.care.patient, { handle, purpose: 'PATRQT' });
  const { prescriptions: all } = await readPrescriptions(at.care.patient, chart);
  const slip = all.find((each) => each.digest === digest)?.slip ?? assert.fail();
  return {
    party,
    take: async (pharmacist) => await dispense(pharmacist, slip, { amount: 10 }),
    effects: async () => (await readSlip(party, slip)).facts.dispensed / 10,
  };
}

async function reported(what: Vital): Promise<Made> {
  const party = await at.network.party('registrar', { organisation: 'laboratory' });
  const { handle } = await readPatientState(await at.network.party('patient'));
  const report = { handle, content: word('paper') };
  const died = seconds(at.network.clock) - 3600;
  return {
    party,
    take: async (registrar) => {
      if (what === 'birth') await registerBirth(registrar, report);
      else await reportDeath(registrar, { ...report, at: died });
    },
    effects: async () => (await readLife(at.care.doctor, handle))[what].step,
  };
}

async function added(): Promise<Made> {
  const { party, right } = await newDoctor();
  const { handle } = right;
  orders += 1;
  const content = utf8ToBytes(`note ${orders}`);
  return {
    party,
    take: async (doctor) => {
      const once = await nameOfContent(doctor, handle, [content], 'vitals');
      return await addRecord(doctor, { ...right, category: 'vitals', content, once });
    },
    effects: async () => await writtenBy(party, 'vitals'),
  };
}

/** Number of records that a party wrote on the chart. */
async function writtenBy({ address }: Party, category: string): Promise<number> {
  const chart = await readChart(at.care.patient, { handle: at.care.handle, purpose: 'PATRQT' });
  return chart.records.filter((each) => each.author === address && each.category === category)
    .length;
}

async function wantedOf(right: Right, insurer = at.insurer): Promise<NewClaim> {
  const lines = [{ service: 'Consultation', units: 8_000 }];
  const { record: coverage } = await at.write('coverage');
  return { ...right, insurer: insurer.address, coverage, lines, currency: 'EUR' };
}

async function claimed(isAhead: boolean): Promise<Made> {
  const { party, right } = await newDoctor();
  const visit = await at.write('encounters', party, right.grant);
  const wanted = { ...(await wantedOf(right)), ...(!isAhead && { treatment: visit.record }) };
  return {
    party,
    take: async (doctor) => {
      const permits = await permitClaim(at.care.patient, await prepareClaim(doctor, wanted));
      return await submitClaim(doctor, wanted, permits);
    },
    effects: async () => {
      const { claims: all } = await listClaims(at.care.patient);
      return all.filter(({ message }) => message.terms.claimant === party.address).length;
    },
  };
}

/** Units for a new account; the party's device is the member's of the authority. */
async function issued(again: boolean): Promise<Made> {
  const party = await at.network.party('doctor');
  const { address: account } = await at.network.party('insurer', { organisation: 'insurer' });
  const [member] = at.network.file.authority.members;
  const seat = at.network.authorityKeys.find((each) => each.address === member?.address);
  const units = { organisation: member?.organisation ?? '', account, amount: 70 };
  if (again) await issueUnits(party, seat ?? assert.fail(), units);
  return {
    party,
    take: async (device) => await issueUnits(device, seat ?? assert.fail(), { ...units, again }),
    effects: async () => (await readAccount(party, account)).balance / 70 - Number(again),
  };
}

/** A claim at a new insurer, as a step of it begins. */
async function open(): Promise<{ digest: `0x${string}`; insurer: Party; claimant: Party }> {
  const insurer = await at.network.party('insurer', { organisation: 'insurer' });
  const { party: claimant, right } = await newDoctor();
  const visit = await at.write('encounters', claimant, right.grant);
  const wanted = { ...(await wantedOf(right, insurer)), treatment: visit.record };
  const prepared = await prepareClaim(claimant, wanted);
  const permits = await permitClaim(at.care.patient, prepared);
  const { digest } = await submitClaim(claimant, prepared, permits);
  await at.network.checkpoint();
  await listClaims(insurer);
  return { digest, insurer, claimant };
}

async function stepped(
  who: 'insurer' | 'claimant',
  before: number,
  step: (party: Party, digest: `0x${string}`) => Promise<unknown>,
): Promise<Made> {
  const { digest, ...parties } = await open();
  if (before > 0) await denied(parties.insurer, digest);
  return {
    party: parties[who],
    take: async (party) => await step(party, digest),
    effects: async () => (await confirmClaim(at.verifier, digest)).step - before,
  };
}

async function denied(insurer: Party, digest: `0x${string}`): Promise<void> {
  await decideClaim(insurer, digest, { outcome: 'deny', reason: 'not-covered' });
}

/**
 * The kinds of steps, by the file that takes them.
 *
 * src/client/care/prescriptions/dispense.ts: dispense
 * src/client/care/vital/placeVitalOnce.ts: reports of a birth and a death
 * src/client/care/claims/takeClaimStep.ts: decision, withdrawal, dispute
 * src/client/care/units/issueUnits.ts: issue of units
 */
const KINDS: Record<string, () => Promise<Made>> = {
  dispense: dispensed,
  'report of a birth': async () => await reported('birth'),
  'report of a death': async () => await reported('death'),
  prescription: prescribed,
  record: added,
  claim: async () => await claimed(false),
  authorisation: async () => await claimed(true),
  'decision on a claim': async () => await stepped('insurer', 0, denied),
  withdrawal: async () => await stepped('claimant', 0, withdrawClaim),
  'issue of units': async () => await issued(false),
  'further issue of units': async () => await issued(true),
  dispute: async () =>
    await stepped('claimant', 1, async (party, digest) => {
      return await disputeClaim(party, digest, { reason: 'as billed' });
    }),
};

/** A refusal of a letter is told as an error of its own. */
function diedIn(error: Error): boolean {
  return [error, error.cause].some((each) => (each as Error | undefined)?.message === DIED);
}

describe('a step that was cut off, after which its party changed its key', () => {
  for (const [kind, make] of Object.entries(KINDS)) {
    // @actor a cut in any step that must be taken once, and a change of its party's key before the same command | has it taken twice: the device looked for it under a name of the present key
    it(`is taken once when the same command is run again: a ${kind}`, async (t) => {
      const whole = await make();
      const counted = dyingDevice(whole.party, Infinity, true);
      await whole.take(counted.party);
      assert.equal(await whole.effects(), 1);
      const calls = counted.calls();
      const places = placesToCut(calls, EVERY);
      t.diagnostic(`${places.length} places of ${calls.length}`);
      for (const step of places) {
        for (const isDone of [false, true]) {
          // One that died with its last call was forgotten: the same command is another step.
          if (step === calls.length && isDone) continue;
          const { party, take, effects } = await make();
          const where = `call ${step} (${calls[step - 1]}), ${isDone ? 'done' : 'not done'}`;
          const cut = take(dyingDevice(party, step, isDone).party);
          await assert.rejects(cut, diedIn, where);
          const { party: changed } = await changeKey(party, at.network.ports.random(32));
          await take(changed);
          assert.equal(await effects(), 1, where);
        }
      }
    });
  }
});
