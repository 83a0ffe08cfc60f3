import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { wordsOf } from '../../src/cli/test/faultOfLine.ts';
import { runMedseal, startDev, temporaryFolder } from '../../src/cli/test/runMedseal.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import { readRecord } from '../../src/client/records/readRecord.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { bytesToUtf8 } from '../../src/crypto/bytes.ts';
import { openKeystoreParty } from '../../src/device/openKeystoreParty.ts';
import { parseNetworkFile } from '../../src/protocol/parseNetworkFile.ts';
import { npmCommands } from '../shownCommands.ts';
import { ROOT } from '../sdkPrograms.ts';
import { fromPypi } from './fromPypi.ts';

const PAGE = await readFile(join(ROOT, 'docs/other-languages.md'), 'utf8');
const [, packages = ''] = /^pip install (.+)$/m.exec(PAGE) ?? [];
const [, example = ''] = /^python3 (.+)$/m.exec(PAGE) ?? [];

const python = fromPypi(...packages.split(' '));
const skip = typeof python === 'string' ? python : false;

describe('the page on other languages', { skip }, () => {
  it('has an example in Python that opens what TypeScript sealed, and seals what TypeScript opens', async (t) => {
    assert.ok(typeof python !== 'string');
    const folder = await temporaryFolder(t);
    const data = join(folder, '.medseal');
    const { ready } = await startDev(t, '--data', data);
    await writeFile(join(folder, 'note.txt'), 'Haemoglobin 13.2 g/dL\n');
    const here = (word: string): string =>
      word
        .replace('http://127.0.0.1:8480', ready.url)
        .replace(/^\.medseal/, data)
        .replace(/^note\.txt/, join(folder, 'note.txt'))
        .replace(/^docs\//, join(ROOT, 'docs/'));
    const commands = npmCommands(PAGE);
    assert.equal(commands.length, 2);
    for (const { line } of commands) {
      const { code, stderr } = await runMedseal(...wordsOf(line).map(here));
      assert.equal(code, 0, stderr);
    }

    // -B: writes no compiled files beside the example.
    const { code, stdout, stderr } = python.run(['-B', ...example.split(' ').map(here)]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^laboratory record 0x\w{8}…, version 1:\nHaemoglobin 13\.2 g\/dL\n/m);
    assert.equal([...stdout.matchAll(/^The view is entry \d+ of care\/hospital/gm)].length, 2);
    assert.match(stdout, /^The addition is entry \d+ of care\/hospital, in a checkpoint of \d+/m);

    const network = parseNetworkFile(
      JSON.parse(await readFile(join(data, 'network.json'), 'utf8')),
    );
    const place = { network, url: ready.url, keystore: join(data, 'parties') };
    const patient = await openKeystoreParty({ ...place, name: 'patient' });
    const { handle } = await readPatientState(patient);
    const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
    const added = chart.records.at(-1);
    assert.ok(added !== undefined && chart.records.length === 3);
    const { content } = await readRecord(patient, chart, added);
    assert.equal(bytesToUtf8(content), 'Seen by doctor, from Python.');
  });
});
