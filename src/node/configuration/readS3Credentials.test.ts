import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { readS3Credentials } from './readS3Credentials.ts';

const KEYS = { accessKeyId: 'id-of-key', secretAccessKey: 'secret+of/key=' };
const LINES = 'aws_access_key_id = id-of-key\naws_secret_access_key=secret+of/key=\n';

describe('credentials of an S3 server', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medseal-credentials-'));
  });
  after(async () => await rm(folder, { recursive: true }));

  async function fileWith(text: string): Promise<string> {
    const path = join(folder, 'credentials');
    await writeFile(path, text);
    return path;
  }

  it('are read from the environment, with a token if there is one', async () => {
    const environment = {
      AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
    };
    assert.deepEqual(await readS3Credentials(environment), KEYS);
    const ending = await readS3Credentials({ ...environment, AWS_SESSION_TOKEN: 'token' });
    assert.deepEqual(ending, { ...KEYS, sessionToken: 'token' });
  });

  it('are read from a file in its section of defaults, whatever the environment has', async () => {
    const others = '[other]\naws_access_key_id = wrong\naws_secret_access_key = wrong\n';
    const environment = { AWS_ACCESS_KEY_ID: 'wrong', AWS_SECRET_ACCESS_KEY: 'wrong' };
    for (const text of [
      LINES,
      `${others}[default]\r\n${LINES}`,
      `[ default ]\n${LINES}${others}`,
    ]) {
      assert.deepEqual(await readS3Credentials(environment, await fileWith(text)), KEYS);
    }
  });

  it('are refused if a part is missing, without a word of the rest', async () => {
    const invalid = failsWith('CONFIGURATION_INVALID', { key: 'vault.credentials' });
    await assert.rejects(readS3Credentials({}), invalid);
    await assert.rejects(readS3Credentials({}, join(folder, 'absent')), invalid);
    const half = LINES.split('\n')[1] ?? '';
    for (const text of ['', half, `[other]\n${LINES}`, '{"aws_access_key_id": "x"}']) {
      await assert.rejects(readS3Credentials({}, await fileWith(text)), (error: unknown) => {
        assert.ok(!inspect(error, { depth: 9 }).includes('secret+of'));
        return invalid(error);
      });
    }
  });
});
