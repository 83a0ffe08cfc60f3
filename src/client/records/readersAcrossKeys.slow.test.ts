import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Invoice } from '@medplum/fhirtypes';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { startClaimCase, type ClaimCase } from '../../services/care/claims/test/claimCase.ts';
import { signBill } from '../care/claims/bills.ts';
import { decideClaim } from '../care/claims/decideClaim.ts';
import { disputeClaim } from '../care/claims/disputeClaim.ts';
import { drawVerifiers } from '../care/claims/drawVerifiers.ts';
import { examineDispute, judgeClaim } from '../care/claims/judgeClaim.ts';
import { disputesTold } from '../care/claims/keptClaimSteps.ts';
import { endClaimRights } from '../care/claims/permitClaim.ts';
import { listClaims } from '../care/claims/readClaims.ts';
import { submitClaim } from '../care/claims/submitClaim.ts';
import { checkInbox } from '../care/inbox/checkInbox.ts';
import type { Party } from '../party/Party.ts';
import { enterState, KEY_STATES, partyIn, type KeyState } from '../test/keyStates.ts';

/** Verifiers of claims, in the states of the release key that `readersAcrossKeys.test.ts` goes through. */

const SIDES = ['patient', 'insurer'] as const;
type Side = (typeof SIDES)[number];

/** A network with claims that were denied: one for each state and side that disputes, and one whose insurer's rights ended. */
interface Denied {
  readonly at: ClaimCase;
  /** A verifier of the insurer's organisation, whom nobody draws. */
  readonly other: Party;
  readonly claims: ReadonlyMap<KeyState, ClaimsOf>;
  readonly ended: Bytes32;
}

/** The claims of a state, by who disputes them, and their insurer: one with few rights finds them faster. */
interface ClaimsOf extends Readonly<Record<Side, Bytes32>> {
  readonly payer: Party;
}

const REASON = 'It was decided wrongly';
const denied = new Map<boolean, Denied>();

before(async () => {
  for (const guarded of [false, true]) denied.set(guarded, await denyClaims(guarded));
});
after(async () => {
  for (const { at } of denied.values()) await at.network.close();
});

async function denyClaims(guarded: boolean): Promise<Denied> {
  const at = await startClaimCase(undefined, undefined, [], guarded);
  const { network, care, otherInsurer } = at;
  const other = await network.party('verifier', { organisation: 'insurer' });
  const { record: coverage } = await at.write('coverage');
  const claims = new Map<KeyState, ClaimsOf>();
  for (const state of KEY_STATES.filter((each) => each.guarded === guarded)) {
    const payer = await network.party('insurer', { organisation: 'insurer' });
    const [patient, insurer] = [await claim(at, coverage, payer), await claim(at, coverage, payer)];
    claims.set(state, { payer, patient, insurer });
  }
  const ended = await claim(at, coverage, otherInsurer);
  await network.checkpoint();
  for (const party of [...[...claims.values()].map(({ payer }) => payer), otherInsurer]) {
    for (const { digest } of (await listClaims(party)).claims)
      await decideClaim(party, digest, { outcome: 'deny', reason: 'not-covered' });
  }
  assert.ok((await endClaimRights(care.patient, ended)) > 0);
  return { at, other, claims, ended };
}

async function claim(at: ClaimCase, coverage: Bytes32, insurer: Party): Promise<Bytes32> {
  const { handle, right, doctor, patient } = at.care;
  const { record: treatment } = await at.write('encounters');
  const bill = await signBill(doctor, { handle, treatment, total: 8_000, grant: right.grant });
  const lines = [{ service: 'Consultation', units: 8_000 }];
  const papers = { handle, coverage, treatment, bill, currency: 'EUR', lines };
  return (await submitClaim(patient, { ...papers, insurer: insurer.address })).digest;
}

/** The people of claims, as they are in a state. */
interface People extends Readonly<Record<Side, Party>> {
  readonly otherInsurer: Party;
  readonly verifier: Party;
  readonly other: Party;
}

for (const state of KEY_STATES) {
  describe(state.about, () => {
    let people: People;
    let claims: ClaimsOf;
    let ended: Bytes32;

    before(async () => {
      const place = denied.get(state.guarded) ?? assert.fail();
      const { network, care, otherInsurer, verifier } = place.at;
      await enterState(network, state);
      claims = place.claims.get(state) ?? assert.fail();
      ({ ended } = place);
      const now = (party: Party): Party => partyIn(network, state, party);
      people = {
        patient: now(care.patient),
        insurer: now(claims.payer),
        otherInsurer: now(otherInsurer),
        verifier: now(verifier),
        other: now(place.other),
      };
    });

    /** Requires that nobody gets the papers of a claim from somebody who cannot read them. */
    async function staysHidden(party: Party, digest: Bytes32, code: ErrorCode): Promise<void> {
      await assert.rejects(disputeClaim(party, digest, { reason: REASON }), failsWith(code));
      await checkInbox(people.verifier);
      assert.deepEqual(await disputesTold(people.verifier, digest), []);
    }

    for (const side of SIDES) {
      const code = side === 'patient' ? undefined : state.refused;
      // @actor a verifier who was not drawn | to judge a claim, with the letters of the one who was
      it(`a claim that the ${side} disputes ${code === undefined ? 'is read by the verifier who is drawn, and no other' : 'is read by no verifier'}`, async () => {
        const { verifier, other, patient, insurer } = people;
        const digest = claims[side];
        const disputant = people[side];
        if (code !== undefined) return await staysHidden(disputant, digest, code);
        await disputeClaim(disputant, digest, { reason: REASON });
        await drawVerifiers(side === 'patient' ? insurer : patient, digest);
        await drawVerifiers(disputant, digest);
        for (const each of [verifier, other]) await checkInbox(each);
        await assert.rejects(examineDispute(other, digest), failsWith('NOT_FOUND'));
        const withLetters = { ...other, device: verifier.device };
        await assert.rejects(examineDispute(withLetters, digest), failsWith('RIGHT_MISSING'));
        const [told = assert.fail()] = await disputesTold(verifier, digest);
        assert.equal((told.evidence.bill as Invoice).totalGross?.value, 80);
        const examined = await examineDispute(verifier, digest);
        assert.deepEqual(examined.reason, 'every hash and signature is right');
        const { facts } = await judgeClaim(verifier, digest, examined);
        assert.deepEqual([facts.state, facts.safe], ['judged', true]);
      });
    }

    it('a claim is read by no verifier from an insurer whose rights to its papers ended', async () => {
      await staysHidden(people.otherInsurer, ended, 'NOT_FOUND');
    });
  });
}
