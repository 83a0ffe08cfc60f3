import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SignedApplication } from '../../protocol/AgentPort.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signatory, word } from '../../protocol/test/sampleNetwork.ts';
import type { Role } from '../../protocol/vocabulary.ts';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import { memoryFiles } from '../../folder/test/memoryFiles.ts';
import {
  approvedParties,
  approveParty,
  approveShown,
  declinedParties,
  declineShown,
  requireApproval,
  waitingParties,
  type Approval,
} from './approvals.ts';

const doctor: Approval = {
  party: signatory('doctor').address,
  role: 'doctor',
  organisation: 'hospital',
};

function applicationOf(approval: Approval): SignedApplication {
  const message = { ...approval, recipient: word('recipient'), deadline: 0 };
  return { application: { type: 'Application', party: approval.party, message } } as never;
}

describe('a member of the authority that approves by hand', () => {
  it('signs nothing that was not approved, and remembers who waits', async () => {
    const files = memoryFiles();
    await assert.rejects(requireApproval(files, applicationOf(doctor)), failsWith('NOT_YET'));
    await assert.rejects(requireApproval(files, applicationOf(doctor)), failsWith('NOT_YET'));
    assert.deepEqual(await waitingParties(files), [{ ...doctor, recipient: word('recipient') }]);
  });

  it('signs what was approved, before or after it was asked, as often as it is asked', async () => {
    const files = memoryFiles();
    await approveParty(files, doctor);
    assert.equal(await requireApproval(files, applicationOf(doctor)), true);
    const nurse: Approval = { ...doctor, party: signatory('nurse').address, role: 'nurse' };
    await assert.rejects(requireApproval(files, applicationOf(nurse)), failsWith('NOT_YET'));
    await approveParty(files, nurse);
    assert.equal(await requireApproval(files, applicationOf(nurse)), true);
    assert.equal(await requireApproval(files, applicationOf(nurse)), true);
    assert.deepEqual(await waitingParties(files), []);
  });

  it('signs no other role, no other organisation and nobody else on the strength of an approval', async () => {
    const files = memoryFiles();
    await approveParty(files, doctor);
    for (const other of [
      { ...doctor, role: 'insurer' as Role },
      { ...doctor, organisation: 'laboratory' },
      { ...doctor, party: signatory('another').address },
    ]) {
      await assert.rejects(requireApproval(files, applicationOf(other)), failsWith('NOT_YET'));
    }
  });

  const shown = { ...doctor, recipient: word('recipient') };

  it('approves what waits, exactly as it was shown, and only once', async () => {
    const files = memoryFiles();
    await assert.rejects(requireApproval(files, applicationOf(doctor)), failsWith('NOT_YET'));
    await approveShown(files, shown);
    assert.equal(await requireApproval(files, applicationOf(doctor)), true);
    assert.deepEqual(await waitingParties(files), []);
    assert.deepEqual(await approvedParties(files, () => true), [shown]);
    assert.deepEqual(await approvedParties(files, () => false), []);
    await assert.rejects(approveShown(files, shown), failsWith('APPLICATION_OTHER'));
  });

  it('approves nothing that does not wait, or that the applicant altered since it was shown', async () => {
    const files = memoryFiles();
    await assert.rejects(approveShown(files, shown), failsWith('APPLICATION_OTHER'));
    await assert.rejects(requireApproval(files, applicationOf(doctor)), failsWith('NOT_YET'));
    for (const other of [
      { ...shown, role: 'insurer' as const },
      { ...shown, organisation: 'laboratory' },
      { ...shown, recipient: word('another') },
      { ...shown, party: signatory('another').address },
    ]) {
      await assert.rejects(approveShown(files, other), failsWith('APPLICATION_OTHER'));
    }
    assert.deepEqual(await approvedParties(files, () => true), []);
    assert.deepEqual(await waitingParties(files), [shown]);
  });

  it('signs nothing for another recipient than the one that was shown', async () => {
    const files = memoryFiles();
    await approveParty(files, { ...shown, recipient: word('another') });
    await assert.rejects(requireApproval(files, applicationOf(doctor)), failsWith('NOT_YET'));
  });

  it('takes no file that was altered, or is of another party, for an approval or an application', async () => {
    const other = signatory('another').address;
    const { role: _, ...cut } = doctor;
    for (const value of [
      { ...doctor, party: other },
      { ...doctor, role: 'owner' },
      cut,
      {},
      null,
    ]) {
      const files = memoryFiles();
      for (const folder of ['approved', 'waiting']) {
        await writeJsonFile(files, `${folder}/${doctor.party}.json`, value);
      }
      const altered = (folder: string) =>
        failsWith('FOLDER_FOREIGN', {
          path: files.path,
          what: `${folder}/${doctor.party}.json was altered`,
        });
      await assert.rejects(requireApproval(files, applicationOf(doctor)), altered('approved'));
      await assert.rejects(waitingParties(files), altered('waiting'));
    }
  });

  // @attack an applicant who was declined applies on and on | it takes no place with the same application
  it('declines what waits, exactly as it was shown, frees its place, and tells the applicant why', async () => {
    const files = memoryFiles();
    const ask = async (approval: Approval = doctor) =>
      await requireApproval(files, applicationOf(approval));
    await assert.rejects(ask(), failsWith('NOT_YET'));
    const other = { ...shown, recipient: word('another') };
    await assert.rejects(declineShown(files, other, 'not-known'), failsWith('APPLICATION_OTHER'));
    await declineShown(files, shown, 'not-known');
    assert.deepEqual(await waitingParties(files), []);
    assert.deepEqual(await declinedParties(files), [{ ...shown, reason: 'not-known' }]);
    const told = failsWith('APPLICATION_DECLINED', { reason: 'not-known' });
    await assert.rejects(ask(), told);
    await assert.rejects(ask(), told);
    assert.deepEqual(await waitingParties(files), [], 'it takes no place again');
    await assert.rejects(declineShown(files, shown, 'other-key'), failsWith('APPLICATION_OTHER'));
    // Applying for another role is another application.
    await assert.rejects(ask({ ...doctor, role: 'nurse' }), failsWith('NOT_YET'));
    await declineShown(files, { ...shown, role: 'nurse' }, 'other-role');
    await assert.rejects(ask(), failsWith('NOT_YET'));
  });

  it('approves after all what it declined, exactly as it was shown', async () => {
    for (const approve of [approveShown, approveParty]) {
      const files = memoryFiles();
      await assert.rejects(requireApproval(files, applicationOf(doctor)), failsWith('NOT_YET'));
      await declineShown(files, shown, 'not-told');
      await assert.rejects(
        approveShown(files, { ...shown, role: 'nurse' }),
        failsWith('APPLICATION_OTHER'),
      );
      await approve(files, shown);
      assert.equal(await requireApproval(files, applicationOf(doctor)), true);
      assert.deepEqual(await declinedParties(files), []);
    }
  });

  it('takes no decline that was altered', async () => {
    const files = memoryFiles();
    const path = `declined/${doctor.party}.json`;
    await writeJsonFile(files, path, { ...shown, reason: 'because' });
    const altered = failsWith('FOLDER_FOREIGN', { path: files.path, what: `${path} was altered` });
    await assert.rejects(requireApproval(files, applicationOf(doctor)), altered);
    await assert.rejects(declinedParties(files), altered);
  });
});
