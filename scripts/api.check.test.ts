import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { format, resolveConfig } from 'prettier';
import { apiFaults, apiPage } from './apiPage.ts';
import { compileExamples } from './compileExamples.ts';
import { emitDeclarations, type Declarations } from './declarations.ts';
import { exampleFaults } from './exampleFaults.ts';
import { httpPage } from './httpPage.ts';
import { openApiDocument } from './openApiDocument.ts';
import { publicApi, type EntryPoint } from './publicApi.ts';
import { ROOT } from './sdkPrograms.ts';
import { typeDocs } from './typeDocs.ts';

/** Types for operators of a network in a process, which the code describes. */
const INSIDE = ['services/contributor/createContributor.d.ts#Contributor'];

/** Functions of the client that ask nobody and refuse nothing: they throw no error that a caller can act upon. */
const HARMLESS = [
  'addedBefore',
  'agentAddress',
  'aloneOn',
  'applicationWords',
  'attachedTo',
  'brokenPromiseOf',
  'browserName',
  'categoryOfDocument',
  'chainBlocks',
  'chainGenesis',
  'claimBasis',
  'claimsTold',
  'contactCardOf',
  'copyWitness',
  'criticalBy',
  'directionsIn',
  'disputesTold',
  'domainOf',
  'draftLeaverSuspensions',
  'effectivePart',
  'entryOfEvent',
  'erasedCategories',
  'erasureToCertify',
  'evidenceOfRefusal',
  'examineNetwork',
  'examinePortal',
  'falseReleaseOf',
  'faultsOf',
  'followDevices',
  'forgetAdded',
  'forkFault',
  'formatBill',
  'formatClaimFile',
  'formatContactCard',
  'formatDeviceCode',
  'formatSlip',
  'furtherEntries',
  'identitiesOf',
  'incompleteSets',
  'isAboutVersion',
  'isAnswerAmong',
  'isDeviceName',
  'isErasedIn',
  'isMedsealError',
  'isPending',
  'isSealProven',
  'isWithdrawn',
  'knownRights',
  'listCorrections',
  'looksLikeContactCard',
  'mayPrepareAgain',
  'memoryDevice',
  'momentOfAudit',
  'nameOfContent',
  'nameOfHash',
  'networkOnCard',
  'newestOfEach',
  'noteContacts',
  'notedContacts',
  'objectionsAmong',
  'ordersKept',
  'originFault',
  'originsOf',
  'ownApplicationWords',
  'ownHandle',
  'pairOfEvent',
  'partIn',
  'pinOfDevice',
  'preparedIn',
  'prescriptionFileOf',
  'provesFault',
  'readAsked',
  'readAskedFor',
  'readMistakes',
  'readersBefore',
  'readersToTell',
  'recallAcknowledged',
  'recallAudit',
  'recallSealed',
  'recordsForClaim',
  'recoveryFileOf',
  'recoveryIn',
  'recoveryWords',
  'sayConflicts',
  'sharedMistake',
  'shortCodeOf',
  'signersOf',
  'stepsTold',
  'sumUpAudit',
  'suspensionFileOf',
  'unreadLeft',
  'untoldRecords',
  'viewedRecords',
  'waitsForAnswer',
  'wholeChartViews',
  'writesIn',
];

/** Holds a file that is made against what it would be now, without showing all of it where it differs. */
async function requireCurrent(t: TestContext, file: string, text: string): Promise<void> {
  const stale = (await readFile(file, 'utf8').catch(() => '')) !== text;
  if (stale && !process.execArgv.includes(UPDATE)) {
    assert.fail(
      `${file} is not what the code says now: node --test ${UPDATE} scripts/api.check.test.ts`,
    );
  }
  t.assert.fileSnapshot(text, file, { serializers: [String] });
}

const UPDATE = '--test-update-snapshots';

let declarations: Declarations;
before(async () => {
  declarations = await emitDeclarations();
});
after(async () => {
  await declarations[Symbol.asyncDispose]();
});

describe('what the package exports', () => {
  let doors: readonly EntryPoint[];
  before(async () => {
    doors = await publicApi(declarations.folder);
  });

  it('has four entry points', () => {
    const names = doors.map(({ name }) => name);
    assert.deepEqual(names, ['medseal', 'medseal/client', 'medseal/fhir', 'medseal/node']);
    for (const { name, doc } of doors) assert.match(doc, /\.\s.*@example/s, name);
  });

  it('has a docstring, says what each parameter is, and names only types that are exported too', () => {
    assert.deepEqual(apiFaults(doors, INSIDE), []);
  });

  it('has an example of each function of the client, and says which errors it throws', () => {
    const client = doors.find(({ name }) => name === 'medseal/client');
    assert.ok(client);
    assert.deepEqual(exampleFaults(client, HARMLESS), []);
  });

  it('has only examples that compile', async () => {
    const doc = ['@example', '```ts', 'const seed = phraseToSeed(24);', '```'].join('\n');
    const wrong: EntryPoint = { name: 'wrong', doc, file: '', exports: [] };
    const [fault, ...others] = await compileExamples([...doors, wrong], declarations.folder);
    assert.match(fault ?? '', /^wrong-1\.ts.*TS2345/, 'one that is wrong is found');
    assert.deepEqual(others, []);
  });

  it('stands on a page that the package brings along, each under its name', () => {
    const page = apiPage(doors);
    for (const { name, exports } of doors) {
      assert.ok(page.includes(`\n## ${name}\n`), name);
      for (const each of exports) assert.ok(page.includes(`\n#### ${each.name}\n`), each.name);
    }
  });
});

describe('the OpenAPI document of an agent', () => {
  let docs: Awaited<ReturnType<typeof typeDocs>>;
  before(async () => {
    docs = await typeDocs(declarations.folder);
  });

  it('has of each type the fields that the type has', async () => {
    const { components } = openApiDocument(docs) as {
      components: { schemas: Record<string, { properties?: object; required?: string[] }> };
    };
    let compared = 0;
    for (const [name, { properties, required = [] }] of Object.entries(components.schemas)) {
      const type = docs.get(name);
      if (type === undefined || properties === undefined) continue;
      compared += 1;
      assert.deepEqual(
        Object.keys(properties).toSorted(),
        [...type.members.keys()].toSorted(),
        name,
      );
      const needed = [...type.members].filter(([, { isOptional }]) => !isOptional);
      assert.deepEqual(required.toSorted(), needed.map(([field]) => field).toSorted(), name);
    }
    assert.ok(compared > 40, `${compared} types`);
  });

  it('is of the form of OpenAPI 3.1', async () => {
    const document = openApiDocument(docs);
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    assert.ok(valid, JSON.stringify(errors));
  });

  it('stands in src/http/openapi.json; the same command renews it', async (t) => {
    const document = openApiDocument(docs);
    const file = join(ROOT, 'src/http/openapi.json');
    const options = { ...(await resolveConfig(file)), parser: 'json', plugins: [] };
    const text = await format(JSON.stringify(document), options);
    await requireCurrent(t, file, text);
  });

  it('stands in docs/reference/http.md; the same command renews it', async (t) => {
    const file = join(ROOT, 'docs/reference/http.md');
    const options = { ...(await resolveConfig(file)), parser: 'markdown', plugins: [] };
    await requireCurrent(t, file, await format(httpPage(), options));
  });
});
