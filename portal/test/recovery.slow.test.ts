import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { runMedseal } from '../../src/cli/test/runMedseal.ts';
import { givePassphrase } from '../../src/cli/test/givePassphrase.ts';
import { browserMissing } from '../../src/client/test/openBrowser.ts';
import { axeFaults } from './axeFaults.ts';
import { setStage } from './setStage.ts';
import { unlooked } from './unlooked.ts';
import { enterAs } from './walkthrough.ts';

async function medseal(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runMedseal(...args);
  assert.equal(code, 0, stderr + stdout);
  return stdout;
}

describe('a recovery of somebody’s key in the portal', { skip: browserMissing }, () => {
  const stage = setStage();

  it('is told to that person as they enter, with the moment at which their key ends, and to nobody else', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'medseal-'));
    t.after(async () => await rm(folder, { recursive: true, force: true }));
    await givePassphrase(t, folder);
    const home = ['--home', join(folder, 'thief')];
    const shown = await medseal('party', 'show', '--home', stage.data, '--as', 'doctor', '--json');
    const { party } = JSON.parse(shown) as { readonly party: string };
    await medseal('join', stage.url, '--network', join(stage.data, 'network.json'), ...home);
    await medseal('key', 'new', 'thief', ...home);
    const file = join(folder, 'thief.json');
    await medseal('key', 'recover', '--party', party, '--out', file, '--yes', ...home);
    await medseal('party', 'recover', file, '--data', stage.data, '--yes');

    const visit = await stage.visit();
    const { page, complaints } = visit;
    await enterAs(page, stage.url, 'hospital', 'Dr. Lena Brandt');
    const warned = page.getByRole('alert').filter({ hasText: 'asked the authority for a new key' });
    await warned.waitFor();
    assert.match(await warned.innerText(), /This key ends at .*20\d\d/);
    assert.deepEqual(await axeFaults(page), []);
    assert.deepEqual(unlooked(complaints), []);
    await visit.close();

    const other = await stage.visit();
    await enterAs(other.page, stage.url, 'hospital', 'Ana Ferreira');
    assert.equal(await other.page.getByText('asked the authority for a new key').count(), 0);
    await other.close();
  });
});
