import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { base64 } from '@scure/base';
import { wordsOf } from '../../src/cli/test/faultOfLine.ts';
import { runMedseal, startDev, temporaryFolder } from '../../src/cli/test/runMedseal.ts';
import { evidenceOfRefusal } from '../../src/client/agent/submit.ts';
import type { Party } from '../../src/client/party/Party.ts';
import { addRecord } from '../../src/client/records/addRecord.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import { readRecord } from '../../src/client/records/readRecord.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { bytesToHex, bytesToUtf8, utf8ToBytes } from '../../src/crypto/bytes.ts';
import { sealBytes } from '../../src/crypto/sealing/sealBytes.ts';
import { openKeystoreParty } from '../../src/device/openKeystoreParty.ts';
import { parseNetworkFile } from '../../src/protocol/network/parseNetworkFile.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import { sign } from '../../src/protocol/struct/signing.ts';
import { npmCommands } from '../shownCommands.ts';
import { ROOT } from '../sdkPrograms.ts';
import { EXAMPLES, PAGE, python, WORDS } from './pythonExample.ts';

const skip = typeof python === 'string' ? python : false;

/** Takes the entry of a request for a record of a chart. */
const REFUSED = `
import json, sys
from open_record import write_of
entry = json.loads(sys.stdin.read())
try:
    write_of(entry, json.loads(entry["body"])["request"]["message"]["handle"])
except ValueError as error:
    sys.exit(str(error))
`;

/** A file that ends behind its header, which seals nothing. */
const CUT = `
import sys, age
from evidence import IDENTITY
sealed = age.seal(sys.stdin.read(), b"")
age.open_file(IDENTITY, sealed)
try:
    age.open_file(IDENTITY, sealed[:-16])
except ValueError as error:
    sys.exit(str(error))
`;

const ends: (() => unknown)[] = [];
const t = { after: (end: () => unknown) => void ends.push(end) };

/** Sends a letter of any content. */
async function write(from: Party, to: Party, content: string): Promise<void> {
  const sealed = base64.encode(await sealBytes([to.recipient], utf8ToBytes(content)));
  const request = sign(from, from, 'Letter', {
    to: to.address,
    letter: bytesToHex(from.primitives.sha256(utf8ToBytes(sealed))),
    until: seconds(from.clock) + 3600,
    salt: bytesToHex(from.random(16)),
  });
  await from.agent.send({ request, sealed });
}

for (const [kind, founded] of [
  ['without', ['--unguarded']],
  ['with', []],
] as const)
  describe(`the page on other languages, in a network ${kind} a release key`, { skip }, () => {
    let folder: string;
    let data: string;
    let url: string;

    before(async () => {
      folder = await temporaryFolder(t);
      data = join(folder, '.medseal');
      const { ready } = await startDev(t, ...founded, '--data', data);
      assert.equal(ready.guarded, kind === 'with');
      ({ url } = ready);
      await writeFile(join(folder, 'note.txt'), 'Haemoglobin 13.2 g/dL \u001B[2J\n');
      const commands = npmCommands(PAGE);
      assert.equal(commands.length, 2);
      for (const { line } of commands) {
        const { code, stderr } = await runMedseal(...wordsOf(line).map(here));
        assert.equal(code, 0, stderr);
      }
    });
    after(async () => {
      for (const each of ends.toReversed()) await each();
    });

    /** A word of the page with the address and the folders of this run. */
    function here(word: string): string {
      return word
        .replace('http://127.0.0.1:8480', url)
        .replace(/^\.medseal/, data)
        .replace(/^note\.txt/, join(folder, 'note.txt'))
        .replace(/^docs\//, join(ROOT, 'docs/'));
    }

    async function partyOf(name: string): Promise<Party> {
      const network = parseNetworkFile(
        JSON.parse(await readFile(join(data, 'network.json'), 'utf8')),
      );
      return await openKeystoreParty({ network, url, keystore: join(data, 'parties'), name });
    }

    /** Runs code beside the example; -B: writes no compiled files, -O: checks hold without `assert`. */
    function beside(code: string, input: string): { code: number | null; stderr: string } {
      assert.ok(typeof python !== 'string');
      const [, ...args] = WORDS.map(here);
      return python.run(['-B', '-O', '-c', code, ...args], {
        cwd: EXAMPLES,
        input,
      });
    }

    it('has an example in Python that opens what TypeScript sealed, and seals what TypeScript opens', async () => {
      assert.ok(typeof python !== 'string');
      await write(await partyOf('doctor-2'), await partyOf('doctor'), '[]');

      const { code, stdout, stderr } = python.run(['-B', ...WORDS.map(here)]);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /^A letter is passed over/m, 'and nobody can keep it from the others');
      assert.match(
        stdout,
        /^laboratory record 0x\w{8}…, version 1:\nHaemoglobin 13\.2 g\/dL \uFFFD/m,
      );
      assert.equal([...stdout.matchAll(/^The view is entry \d+ of care\/hospital/gm)].length, 2);
      assert.match(stdout, /^The addition is entry \d+ of care\/hospital, in a checkpoint of \d+/m);

      const patient = await partyOf('patient');
      const { handle } = await readPatientState(patient);
      const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
      const added = chart.records.at(-1);
      assert.ok(added !== undefined && chart.records.length === 3);
      const { content } = await readRecord(patient, chart, added);
      assert.equal(bytesToUtf8(content), 'Seen by doctor, from Python.');
    });

    it('takes no refused request for a record, whoever lists it', async () => {
      const stranger = await partyOf('doctor-2');
      const { handle } = await readPatientState(await partyOf('patient'));
      const record = { handle, category: 'laboratory', content: utf8ToBytes('x') } as const;
      const refusal = evidenceOfRefusal(
        await addRecord(stranger, { ...record, purpose: 'TREAT' }).catch((error: unknown) => error),
      );
      assert.ok(refusal);
      const { code, stderr } = beside(REFUSED, JSON.stringify(refusal));
      assert.deepEqual([code, stderr], [1, 'the entry puts nothing on the chart\n']);
    });

    it('opens no file that was cut off behind its header', async () => {
      const { recipient } = await partyOf('doctor');
      const { code, stderr } = beside(CUT, recipient);
      assert.deepEqual([code, stderr], [1, 'the file was cut off\n']);
    });
  });
