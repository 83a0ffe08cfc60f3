import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { readFormGiven, type FormGiven } from './formSource.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medseal-form-'));
});
after(async () => {
  await rm(folder, { recursive: true });
});

async function given(text: string): Promise<FormGiven['values'] | undefined> {
  const file = join(folder, 'values.json');
  await writeFile(file, text);
  return (await readFormGiven(file, { form: 'vital-signs' }))?.values;
}

describe('the values of a form in a JSON file', () => {
  it('have the digits that were written, of a code that is longer than a number and of a measurement', async () => {
    const values = await given('{"temperature": 37.0, "note": 999000011000001104}');
    assert.deepEqual(values, { temperature: '37.0', note: '999000011000001104' });
  });

  it('are texts and numbers, each under a name of its own; an error names the field', async () => {
    for (const [text, reason] of [
      ['{"pulse": true}', /values\.json: pulse: must be a text or a number/],
      ['{"pulse": {"value": 72}}', /values\.json: pulse: must be a text or a number/],
      ['{"pulse": 72, "pulse": 73}', /it must hold a JSON object/],
      ['{"pulse": 72', /it must hold a JSON object/],
      ['[72]', /it must hold a JSON object/],
      ['{"pulses": 72}', /--set pulses: the fields of vital-signs are/],
    ] as const) {
      await assert.rejects(
        given(text),
        (error) =>
          error instanceof MedsealError &&
          error.code === 'ARGUMENT_INVALID' &&
          reason.test(error.message),
        text,
      );
    }
  });
});
