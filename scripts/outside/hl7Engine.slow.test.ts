import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, it } from 'node:test';
import type { AuditEvent } from '@medplum/fhirtypes';
import { auditInFhir } from '../../src/fhir/auditInFhir.ts';
import { consentOfGrant } from '../../src/fhir/consentOfGrant.ts';
import type { Body } from '../../src/protocol/evidence.ts';
import { ZERO32 } from '../../src/protocol/ids.ts';
import type { Terms, View } from '../../src/protocol/requests.ts';
import { sign } from '../../src/protocol/signing.ts';
import {
  doctor,
  HANDLE,
  LOG,
  NOW,
  RECORD,
  sampleBody,
  sampleView,
} from '../../src/protocol/test/sampleEvidence.ts';
import { context, word } from '../../src/protocol/test/sampleNetwork.ts';

/** Folder of compiled profiles, such as those of IHE; the definitions of R4 alone if absent. */
const PROFILES = process.env['FHIR_PROFILES'];
const CACHE = resolve(import.meta.dirname, '../../.cache/outside/hl7Engine');

/** Builds the engine beside the project's caches, or says why it cannot be had. */
function builtEngine(): { readonly classpath: string } | string {
  if (spawnSync('mvn', ['-v']).status !== 0) return 'Java and Maven are not installed';
  mkdirSync(join(CACHE, 'src/main/java'), { recursive: true });
  const source = join(import.meta.dirname, 'hl7Engine');
  cpSync(join(source, 'pom.xml'), join(CACHE, 'pom.xml'));
  cpSync(join(source, 'Validate.java'), join(CACHE, 'src/main/java/Validate.java'));
  const goals = ['compile', 'dependency:build-classpath', '-Dmdep.outputFile=classpath'];
  const { status, stdout } = spawnSync('mvn', ['-q', '-B', ...goals], {
    cwd: CACHE,
    encoding: 'utf8',
  });
  if (status !== 0) return `HL7’s engine cannot be built: ${stdout.slice(0, 300)}`;
  const classpath = `${join(CACHE, 'target/classes')}:${readFileSync(join(CACHE, 'classpath'), 'utf8')}`;
  return { classpath };
}

const engine = builtEngine();
const folder = mkdtempSync(join(tmpdir(), 'medseal-hl7-'));
after(() => rmSync(folder, { recursive: true }));

/** The lines of the engine about resources, by the names of their files. */
function errorsOf(resources: Readonly<Record<string, object>>): readonly string[] {
  assert.ok(typeof engine === 'object');
  const asked = mkdtempSync(join(folder, 'asked-'));
  for (const [name, resource] of Object.entries(resources)) {
    writeFileSync(join(asked, `${name}.json`), JSON.stringify(resource));
  }
  const folders = [asked, ...(PROFILES === undefined ? [] : [resolve(PROFILES)])];
  const { status, stdout, stderr } = spawnSync(
    'java',
    ['-cp', engine.classpath, 'Validate', ...folders],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, stderr);
  const lines = stdout.trim().split('\n');
  const done = lines.filter((line) => line.endsWith('\tdone'));
  assert.equal(done.length, Object.keys(resources).length);
  return lines.filter((line) => !line.endsWith('\tdone'));
}

function viewed(view: Partial<View>, change: Partial<Body> = {}): Body {
  const request = sign(context, doctor, 'View', { ...sampleView, ...view });
  return sampleBody({ request, ...change });
}

function asked(what: 'request' | 'grant' | 'decline'): Body {
  const message = {
    log: LOG,
    what,
    handle: HANDLE,
    request: word('request'),
    grant: what === 'grant' ? word('grant') : ZERO32,
    purpose: 'TREAT',
    deadline: NOW + 300,
    salt: `0x${'0d'.repeat(16)}`,
  } as const;
  return sampleBody({ request: sign(context, doctor, 'Ask', message) });
}

/** An event of every kind, and a Provenance of each version. */
function everyEvent(): Readonly<Record<string, object>> {
  const bodies = [
    sampleBody(),
    sampleBody({}, { action: 'amend', version: 2, file: word('another file') }),
    viewed({ what: 'record', record: RECORD, version: 2 }),
    viewed({ what: 'chart' }),
    viewed({ what: 'audit' }),
    ...(['request', 'grant', 'decline'] as const).map(asked),
    viewed({ grant: word('grant') }, { flag: 'R', code: 'RIGHT_ENDED' }),
    viewed({}, { flag: 'R', code: 'RIGHT_MISSING' }),
  ];
  const rules = (['Granted', 'Revoked'] as const).map((kind) => ({
    kind,
    grant: word('grant'),
    handle: HANDLE,
    patient: doctor.address,
    at: NOW,
    transaction: word('transaction'),
    id: word(kind),
  }));
  const bundle = auditInFhir(
    bodies.map((body, index) => ({
      entry: word(`entry ${index}`),
      body,
      ...(index % 2 === 0 && { organisation: 'hospital' }),
    })),
    rules,
  );
  const resources = (bundle.entry ?? []).map(({ resource }, index) => [
    `${String(index).padStart(2, '0')}-${resource?.resourceType}`,
    resource,
  ]);
  return { ...(Object.fromEntries(resources) as Record<string, object>), bundle };
}

function consentOf(changed: Partial<Terms>): object {
  const terms: Terms = {
    grantee: doctor.address,
    categories: ['laboratory', 'sensitive'],
    record: ZERO32,
    read: true,
    add: false,
    amend: false,
    purpose: 'TREAT',
    from: NOW,
    until: NOW + 1000,
    salt: `0x${'00'.repeat(16)}`,
    ...changed,
  };
  const grant = { handle: HANDLE, terms, deadline: NOW };
  return consentOfGrant({ grant, digest: word('grant'), holds: true, organisation: 'hospital' });
}

describe('HL7’s own engine', { skip: typeof engine === 'string' && engine }, () => {
  it('finds no fault in Consents, AuditEvents and Provenances, and finds those that are put in', () => {
    const good = {
      ...everyEvent(),
      'consent-read': consentOf({}),
      'consent-amend': consentOf({ add: true, amend: true }),
      'consent-record': consentOf({ record: RECORD, purpose: 'BTG' }),
    };
    const [read] = Object.values(good).filter(
      (each) => 'action' in each && each.action === 'R',
    ) as AuditEvent[];
    assert.ok(read);
    const spoilt = {
      'spoilt-agents': { ...read, agent: [] },
      'spoilt-action': { ...read, action: 'X' },
      ...(PROFILES !== undefined && {
        'spoilt-profile': {
          ...read,
          meta: {
            profile: [
              'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientQuery',
            ],
          },
        },
      }),
    };
    const errors = errorsOf({ ...good, ...spoilt });
    const found = new Set(errors.map((line) => line.split('.json')[0] ?? ''));
    assert.deepEqual([...found].toSorted(), Object.keys(spoilt).toSorted(), errors.join('\n'));
  });
});
