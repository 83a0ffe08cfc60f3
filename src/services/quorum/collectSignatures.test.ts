import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { TestClock } from '../../ledger/test/TestClock.ts';
import { ZERO32, type Hex } from '../../protocol/ids.ts';
import { organisationId } from '../../protocol/network/networkLookups.ts';
import type { Enrolment } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { context, network, signatory, word } from '../../protocol/test/sampleNetwork.ts';
import { collectSignatures } from './collectSignatures.ts';
import type { AuthorityPort } from '../ports.ts';
import { Circuits } from './Circuits.ts';

const clock = new TestClock(1_800_000_000_000);
const services = { ...context, network, clock, circuits: new Circuits(clock) };
const enrolment: Enrolment = {
  party: signatory('party').address,
  role: 1,
  organisation: organisationId('hospital'),
  recipient: word('recipient'),
  handle: ZERO32,
  deadline: 1_800_000_300,
};

/** Collects from members that give these signers' signatures. */
async function collected(...signers: readonly string[]): Promise<readonly Hex[]> {
  const members = signers.map((name) => ({ name }));
  const answers = new Map<object, string>(members.map((member) => [member, member.name]));
  return await collectSignatures(
    services,
    members as unknown as readonly AuthorityPort[],
    { type: 'Enrolment', message: enrolment },
    async (member) => {
      const key = signatory(`authority of ${answers.get(member)}`);
      return await Promise.resolve(sign(context, key, 'Enrolment', enrolment).signature);
    },
  );
}

/** Collects from three members, of which those with an error do not sign. */
async function asked(...errors: readonly (MedsealError | undefined)[]): Promise<unknown> {
  const names = ['hospital', 'laboratory', 'insurer'];
  const members = new Map<object, MedsealError | undefined>(
    errors.map((error, place) => [{ name: names[place] }, error]),
  );
  return await collectSignatures(
    services,
    members.keys() as never,
    { type: 'Enrolment', message: enrolment },
    async (member) => {
      const error = members.get(member);
      if (error !== undefined) throw error;
      const key = signatory('authority of hospital');
      return await Promise.resolve(sign(context, key, 'Enrolment', enrolment).signature);
    },
  );
}

describe('signatures of members of the authority', () => {
  // @attack a member of the authority gives another's signature, so that the contract refuses the enrolment | a signature counts once, whoever gives it
  it('count once each, whoever gives them', async () => {
    await assert.rejects(collected('hospital', 'hospital'), failsWith('ENROLMENT_REFUSED'));
    const signatures = await collected('hospital', 'hospital', 'insurer');
    assert.equal(signatures.length, 2);
    assert.equal(new Set(signatures).size, 2);
    assert.deepEqual(signatures.toSorted(), (await collected('insurer', 'hospital')).toSorted());
  });

  it('of others do not count', async () => {
    await assert.rejects(collected('hospital', 'nobody'), failsWith('ENROLMENT_REFUSED'));
  });

  it('may still come while one member alone declined, and not once a quorum cannot be reached', async () => {
    const waits = new MedsealError('NOT_YET', { what: 'approval of the application' });
    const declined = new MedsealError('APPLICATION_DECLINED', { reason: 'not-known' });
    await assert.rejects(asked(undefined, declined, waits), failsWith('NOT_YET'));
    await assert.rejects(asked(undefined, waits, declined), failsWith('NOT_YET'));
    await assert.rejects(
      asked(undefined, declined, declined),
      failsWith('APPLICATION_DECLINED', { reason: 'not-known' }),
    );
  });
});
