import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { HOSTILE, OBEYED } from '../errors/test/hostile.ts';
import { runProgram } from './runProgram.ts';
import { exchangeCards } from './test/exchangeCards.ts';
import { captureStreams } from './test/captureStreams.ts';
import { startPeople, type People, type Person } from './test/startPeople.ts';

let people: People;
let anna: Person;
let house: Person;
/** A node that answers everything with words that nobody should print. */
let hostileUrl: string;
let hostileNode: ReturnType<typeof createServer> | undefined;
let document: string;
let part: string;

before(async () => {
  people = await startPeople();
  anna = await people.enrolled('anna', 'patient');
  house = await people.enrolled('house', 'doctor');
  await exchangeCards(people.folder, anna, house);
  await anna.ask('grant', 'house', '--category', 'all', '--action', 'all', '--yes');
  await house.ask('inbox');
  const [first] = await added('--title', TITLE, '--type', 'text/plain', '--category', 'reports');
  document = first ?? '';
  const bundle = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      {
        resource: {
          resourceType: 'Observation',
          status: 'final',
          category: [{ coding: [{ code: 'laboratory', display: FHIR_TITLE }] }],
          code: { text: FHIR_TITLE },
        },
      },
    ],
  };
  await writeFile(at('bundle.json'), JSON.stringify(bundle));
  const { records } = await house.ask<{ records: { record: string }[] }>(
    'record',
    'add',
    at('bundle.json'),
    '--patient',
    'anna',
    '--yes',
  );
  part = records[0]?.record ?? '';
  const node = createServer((_request, response) => {
    const values = { what: HOSTILE, reason: HOSTILE, argument: HOSTILE, path: HOSTILE };
    response.writeHead(404, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify({ code: 'ARGUMENT_INVALID', detail: HOSTILE, values }));
  });
  hostileNode = node;
  await new Promise<void>((resolve) => {
    node.listen(0, '127.0.0.1', resolve);
  });
  hostileUrl = `http://127.0.0.1:${(node.address() as AddressInfo).port}`;
});
after(async () => {
  await people.end();
  hostileNode?.close();
});

function at(name: string): string {
  return join(people.folder, name);
}
/** The part of it that JSON can hold. */
const TITLE = HOSTILE.toWellFormed();
/** The part of it that FHIR can hold. */
const FHIR_TITLE = TITLE.replaceAll(/\p{Cc}/gu, '');
/** The part of it that a file name can hold. */
const NAME = `${HOSTILE.slice(0, 100).replaceAll('/', '')}.txt`.toWellFormed();

async function added(...options: readonly string[]): Promise<readonly string[]> {
  await writeFile(at(NAME), `${HOSTILE} at ${performance.now()}`.toWellFormed());
  const line = ['record', 'add', at(NAME), '--patient', 'anna', ...options, '--yes'];
  const { records } = await house.ask<{ records: { record: string }[] }>(...line);
  return records.map(({ record }) => record);
}

/** Output that a person sees who runs it on a terminal, without the progress that is wiped. */
async function seen(home: string, ...args: readonly string[]): Promise<string> {
  const streams = captureStreams();
  Object.assign(streams.stdout, { isTTY: true, columns: 80 });
  Object.assign(streams.stderr, { isTTY: true, columns: 80 });
  await runProgram([...args, '--home', join(people.folder, home)], streams);
  return `${streams.out().toString()}${streams.err()}`.replaceAll('\r\u001B[K', '');
}

/** Every verb that can print what others wrote, at whose device. */
const LINES: Readonly<Record<string, () => readonly [string, ...string[]]>> = {
  'a list with titles': () => ['house', 'record', 'list', '--patient', 'anna', '--titles'],
  'a list of all versions': () => ['anna', 'record', 'list', '--all', '--titles'],
  'a document on the terminal': () => ['anna', 'record', 'get', document],
  'its bytes': () => ['anna', 'record', 'get', document, '--raw'],
  'a part of a bundle': () => ['anna', 'record', 'get', part],
  'a whole bundle': () => ['anna', 'record', 'get', part, '--whole'],
  'what is signed with a title': () => [
    'house',
    'record',
    'add',
    at(NAME),
    '--patient',
    'anna',
    '--title',
    TITLE,
    '--type',
    HOSTILE,
    '--yes',
    '--again',
  ],
  'what is signed with a file’s name': () => [
    'house',
    'record',
    'amend',
    document,
    at(NAME),
    '--patient',
    'anna',
    '--yes',
  ],
  'an objection': () => ['anna', 'record', 'object', document, '--words', TITLE, '--yes'],
  'a document that is objected to': () => ['house', 'record', 'get', document, '--patient', 'anna'],
  'what is withdrawn': () => ['anna', 'record', 'withdraw', part, '--yes'],
  'an audit': () => ['anna', 'audit'],
  'a chain': () => ['anna', 'chain'],
  rights: () => ['anna', 'grants'],
  letters: () => ['anna', 'inbox'],
  'a grant in a file': () => ['anna', 'inbox', '--file', at(NAME)],
  'a card in a file': () => ['anna', 'contact', 'add', 'eve', at(NAME)],
  'a party that is named so': () => ['anna', 'party', 'show', HOSTILE],
  'a record that is named so': () => ['anna', 'record', 'get', HOSTILE],
  'a key in a file': () => ['anna', 'key', 'import', at(NAME)],
  'words in a file': () => ['anna', 'key', 'restore', 'eve', '--phrase-file', at(NAME)],
  'a network file': () => ['eve', 'join', hostileUrl, '--network', at(NAME)],
  'evidence in a file': () => ['anna', 'verify', at(NAME)],
  'a command that is not one': () => ['anna', HOSTILE],
  'an option that is not one': () => ['anna', 'status', `--${HOSTILE}`],
  'a choice that is not one': () => ['anna', 'record', 'add', at(NAME), '--category', HOSTILE],
  'a node’s error at join': () => ['eve', 'join', hostileUrl],
  'a node’s error in status': () => ['anna', 'status', '--url', hostileUrl],
  'a node’s error in a list': () => ['anna', 'record', 'list', '--url', hostileUrl],
  'a node’s error in an audit': () => ['anna', 'audit', '--url', hostileUrl],
  'a node’s error in a log': () => ['anna', 'log', '--url', hostileUrl],
  'a node’s error in a verification': () => ['anna', 'verify', 'log', '--url', hostileUrl],
  'a ledger’s error': () => ['anna', 'audit', '--rpc', hostileUrl],
  'a folder': () => ['anna', 'fsck', '--data', at('folder')],
  'a backup': () => ['anna', 'backup', '--data', at('folder'), '--to', at(`to ${NAME}`)],
  'a node': () => ['anna', 'up', '--check', '--data', at('folder'), '--set', `${HOSTILE}=1`],
};

describe('text that others wrote', () => {
  before(async () => {
    await mkdir(at('folder'), { recursive: true });
    for (const name of ['folder.json', 'medseal.json', NAME]) {
      await writeFile(join(at('folder'), name), `{"${HOSTILE}": "${HOSTILE}"`);
    }
  });
  for (const [what, line] of Object.entries(LINES)) {
    // @attack a record's title drove the reader's terminal and forged rows | every text of others is one visible line
    it(`drives no terminal and forges no row: ${what}`, async () => {
      const [home, ...args] = line();
      for (const more of [[], ['--json']]) {
        const shown = await seen(home, ...args, ...more);
        assert.ok(shown.length > 0);
        assert.doesNotMatch(shown, OBEYED);
        // A document has lines of its own; everything else has one for each row.
        if (!args.includes('get')) assert.doesNotMatch(shown, /^ ?0xdeadbeef/m);
      }
    });
  }

  it('is all there for a program', async () => {
    const [record] = await added('--title', TITLE, '--category', 'reports');
    const { records } = await anna.ask<{ records: { record: string; title?: string }[] }>(
      'record',
      'list',
      '--titles',
    );
    const found = records.find((each) => each.record === record);
    assert.ok(found?.title?.startsWith(TITLE), found?.title);
  });

  it('in other scripts is shown as it is', async () => {
    const title = 'צילום חזה 👩🏽‍⚕️ می‌خواهم Tiê\u0301ng';
    await added('--title', title, '--category', 'reports');
    assert.ok(
      (await seen('house', 'record', 'list', '--patient', 'anna', '--titles')).includes(title),
    );
  });
});
