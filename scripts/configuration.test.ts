import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { configurationSchema } from '../src/node/configuration/configurationSchema.ts';
import { configurationPage } from './configurationPage.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

async function same(t: TestContext, path: string, text: string, parser: string): Promise<void> {
  const file = join(root, path);
  const options = { ...(await resolveConfig(file)), parser, plugins: [] };
  t.assert.fileSnapshot(await format(text, options), file, { serializers: [String] });
}

describe('what is published of the configuration', () => {
  it('describes every setting; `node --test --test-update-snapshots scripts/configuration.test.ts` renews it', async (t) => {
    await same(t, 'docs/reference/configuration.md', configurationPage(), 'markdown');
  });

  it('is the schema that the command prints', async (t) => {
    const schema = JSON.stringify(configurationSchema());
    await same(t, 'docs/reference/medseal.schema.json', schema, 'json');
  });
});
