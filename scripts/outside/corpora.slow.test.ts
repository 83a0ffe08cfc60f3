import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Consent } from '@medplum/fhirtypes';
import { createValidator } from '../../src/fhir/createValidator.ts';
import { DEMO_PATIENTS } from '../../demo/charts/demoPatients.ts';
import { makeDemoBundle } from '../../demo/charts/makeDemoBundle.ts';
import { parseFhirJson } from '../../src/fhir/parseFhirJson.ts';
import { rightsOfConsent } from '../../src/fhir/rightsOfConsent.ts';
import { syntheaAbsent, syntheaPatients } from '../../src/fhir/test/synthea.ts';
import { loadFhirDefinitions } from '../../src/node/loadFhirDefinitions.ts';
import { ZERO32 } from '../../src/protocol/ids.ts';
import { TOLD_IN_TRIAL } from '../../src/protocol/evidence/alsoTold.ts';
import { fetchOnce } from './fetchOnce.ts';
import { measureCorpus } from './measureCorpus.ts';
import { measureTold } from './measureTold.ts';

/**
 * The figures as they were when somebody last looked at them. If a change alters them, this test fails; write the
 * new figures here once you have found them right.
 */
const EXPECTED = JSON.parse(
  readFileSync(join(import.meta.dirname, 'corpora.expected.json'), 'utf8'),
) as Readonly<Record<string, unknown>>;

const npm = (name: string, version: string, sha256: string) => ({
  name: `${name}-${version}`,
  url: `https://registry.npmjs.org/${name}/-/${name}-${version}.tgz`,
  sha256,
  unpack: ['tar', 'xzf'] as const,
});

const examples = await fetchOnce(
  npm(
    'hl7.fhir.r4.examples',
    '4.0.1',
    'dce87f1b5b9341867033f7d1f544fa1b5232503f6d62813887ac6b8a8b6cb682',
  ),
);
const ips = await fetchOnce(
  npm(
    'hl7.fhir.uv.ips',
    '2.0.0',
    '4a5cff17580f869140614ac51097d81540c63644d550ced8d4cd9b9bce7345c4',
  ),
);
const cases = await fetchOnce({
  name: 'fhir-test-cases-1.7.69',
  url: 'https://repo1.maven.org/maven2/org/hl7/fhir/testcases/fhir-test-cases/1.7.69/fhir-test-cases-1.7.69.jar',
  sha256: '827a559099ae3297c3f96ab5749b419a24600d74b6a09e23620881a9c17df741',
  unpack: ['python3', '-c', "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall('.')"],
});

const skipFor = (found: { readonly folder: string } | string): string | false =>
  typeof found === 'string' && found;

function pathIn(found: { readonly folder: string } | string, ...names: readonly string[]): string {
  assert.ok(typeof found !== 'string');
  return join(found.folder, ...names);
}

function* jsonIn(folder: string): Generator<readonly [string, Uint8Array]> {
  for (const file of readdirSync(folder).toSorted()) {
    // A package tells of itself in these.
    if (!file.endsWith('.json') || file === 'package.json' || file === '.index.json') continue;
    yield [file, readFileSync(join(folder, file))];
  }
}

describe('charts of others', () => {
  const validator = createValidator(loadFhirDefinitions());

  it(
    'HL7’s examples of R4 are taken, come back and are sorted as before',
    { skip: skipFor(examples) },
    () => {
      const { measured } = measureCorpus(jsonIn(pathIn(examples, 'package')), validator);
      assert.deepEqual(measured, EXPECTED['HL7 R4 examples']);
    },
  );

  it(
    'no Consent of HL7’s examples gives a right: each only denies, or is refused by its path',
    { skip: skipFor(examples) },
    () => {
      const consents = [...jsonIn(pathIn(examples, 'package'))].filter(([file]) =>
        file.startsWith('Consent-'),
      );
      const found = consents.map(([file, bytes]) => {
        const consent = parseFhirJson(bytes) as Consent;
        const patientNames = [consent.patient?.reference ?? ''];
        const read = rightsOfConsent(consent, { handle: ZERO32, at: 0, patientNames });
        return 'rights' in read
          ? [file, read.rights.length]
          : [file, read.outcome.issue[0]?.expression];
      });
      const refused = found.filter(([, what]) => Array.isArray(what));
      assert.deepEqual([found.length, refused.length], [12, 12]);
      assert.ok(refused.every(([, what]) => String(what).startsWith('Consent.')));
    },
  );

  it('the examples of the International Patient Summary are too', { skip: skipFor(ips) }, () => {
    const { measured } = measureCorpus(jsonIn(pathIn(ips, 'package/example')), validator);
    assert.deepEqual(measured, EXPECTED['IPS']);
  });

  it(
    'of HL7’s test cases no more are refused that HL7’s own validator takes',
    { skip: skipFor(cases) },
    () => {
      const folder = pathIn(cases, 'org/hl7/fhir/testcases/validator');
      const known = outcomesIn(folder);
      const files = known.map(({ file }) => [file, readFileSync(join(folder, file))] as const);
      const { measured, accepted } = measureCorpus(files, validator);
      const disagreed = known.filter(({ file, isValid }) => isValid && !accepted.has(file));
      const both = known.filter(({ file, isValid }) => !isValid && !accepted.has(file)).length;
      const { files: all, equal } = measured;
      assert.deepEqual(
        {
          files: all,
          accepted: accepted.size,
          equal,
          'refused by both': both,
          'refused here alone': disagreed.map(({ file }) => file),
        },
        EXPECTED['fhir-test-cases'],
      );
    },
  );

  it('a category of the demonstration’s patients tells no more of others than before', () => {
    let next = 0;
    const random = (length: number): Uint8Array => Uint8Array.from({ length }, () => next++);
    const charts = DEMO_PATIENTS.map((patient) => {
      return makeDemoBundle({ random, at: 1_700_000_000, patient });
    });
    assert.deepEqual(measureTold(charts), EXPECTED['told by demonstration patients']);
  });

  it(
    'one of the Synthea patients tells what is said before a right is signed',
    { skip: syntheaAbsent },
    () => {
      const charts = syntheaPatients().map(([, chart]) => chart);
      assert.deepEqual(measureTold(charts), TOLD_IN_TRIAL);
    },
  );
});

/** The cases of R4 in JSON of which HL7 says what its own validator found, each file once. */
function outcomesIn(
  folder: string,
): readonly { readonly file: string; readonly isValid: boolean }[] {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
    readonly 'test-cases': readonly { file: string; version?: string; java?: unknown }[];
  };
  const found = new Map<string, { file: string; isValid: boolean }>();
  for (const { file, version, java } of manifest['test-cases']) {
    const outcome = join(folder, 'outcomes', String(java));
    const isR4 = version === '4.0' && file.endsWith('.json') && typeof java === 'string';
    if (!isR4 || found.has(file) || !existsSync(outcome) || !existsSync(join(folder, file)))
      continue;
    const { issue = [] } = JSON.parse(readFileSync(outcome, 'utf8')) as {
      readonly issue?: readonly { readonly severity: string }[];
    };
    const isValid = !issue.some(({ severity }) => severity === 'error' || severity === 'fatal');
    found.set(file, { file, isValid });
  }
  return [...found.values()];
}
