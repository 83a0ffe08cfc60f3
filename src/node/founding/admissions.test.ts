import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import { memoryFiles } from '../../folder/test/memoryFiles.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { signatory } from '../../protocol/test/sampleNetwork.ts';
import { admitAccount, admittedAccounts, isAdmitted } from './admissions.ts';

const account = signatory('account').address;
const admitted = { organisation: 'hospital', account };

describe('an account that a member of the authority admits', () => {
  it('is admitted for its organisation alone, and no other is', async () => {
    const files = memoryFiles();
    assert.deepEqual(await admittedAccounts(files), []);
    assert.equal(await isAdmitted(files, account, 'hospital'), false);
    await admitAccount(files, admitted);
    await admitAccount(files, admitted);
    assert.deepEqual(await admittedAccounts(files), [admitted]);
    assert.equal(await isAdmitted(files, account, 'hospital'), true);
    assert.equal(await isAdmitted(files, account, 'insurer'), false);
    assert.equal(await isAdmitted(files, signatory('another').address, 'hospital'), false);
  });

  it('is refused if its file was altered, or put there for another', async () => {
    for (const altered of [
      { organisation: 'hospital' },
      { ...admitted, account: signatory('another').address },
      { ...admitted, organisation: '../insurer' },
      [],
    ]) {
      const files = memoryFiles();
      await writeJsonFile(files, `admitted/${account}.json`, altered);
      await assert.rejects(admittedAccounts(files), failsWith('FOLDER_FOREIGN'));
      await assert.rejects(isAdmitted(files, account, 'hospital'), failsWith('FOLDER_FOREIGN'));
    }
  });
});
