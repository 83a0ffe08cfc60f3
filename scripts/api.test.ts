import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { format, resolveConfig } from 'prettier';
import { apiFaults, apiPage } from './apiPage.ts';
import { publicApi, type Door } from './publicApi.ts';
import { ROOT } from './sdkPrograms.ts';

/** What only those call who operate a network in a process; the code describes it. */
const INSIDE = ['services/createContributor.d.ts#Contributor'];

describe('what the package exports', () => {
  let doors: readonly Door[];
  before(async () => {
    doors = await publicApi();
  });

  it('comes through four doors', () => {
    const names = doors.map(({ name }) => name);
    assert.deepEqual(names, ['medseal', 'medseal/client', 'medseal/fhir', 'medseal/node']);
    for (const { name, doc } of doors) assert.match(doc, /\.\s.*@example/s, name);
  });

  it('has a docstring, says what each parameter is, and names only types that are exported too', () => {
    assert.deepEqual(apiFaults(doors, INSIDE), []);
  });

  it('stands in docs/api.md; `node --test --test-update-snapshots scripts/api.test.ts` renews it', async (t) => {
    const file = join(ROOT, 'docs/api.md');
    const options = { ...(await resolveConfig(file)), parser: 'markdown', plugins: [] };
    t.assert.fileSnapshot(await format(apiPage(doors), options), file, { serializers: [String] });
  });
});
