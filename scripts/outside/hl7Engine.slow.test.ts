import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, it } from 'node:test';
import type { AuditEvent, Observation } from '@medplum/fhirtypes';
import { auditInFhir } from '../../src/fhir/auditInFhir.ts';
import { consentOfGrant } from '../../src/fhir/consentOfGrant.ts';
import { exactJson } from '../../src/fhir/exactJson.ts';
import { bundleOfReadings } from '../../src/fhir/sensors/bundleOfReadings.ts';
import type { Body } from '../../src/protocol/evidence/evidence.ts';
import { ZERO32 } from '../../src/protocol/ids.ts';
import type { Terms, View } from '../../src/protocol/struct/requests.ts';
import { sign } from '../../src/protocol/struct/signing.ts';
import {
  doctor,
  HANDLE,
  LOG,
  NOW,
  RECORD,
  sampleBody,
  sampleView,
} from '../../src/protocol/test/sampleEvidence.ts';
import { context, primitives, word } from '../../src/protocol/test/sampleNetwork.ts';
import { signReadings } from '../../src/protocol/sensors/signReadings.ts';
import { sampleHeader, sensor } from '../../src/protocol/test/sampleReadings.ts';
import { SENSOR_KINDS } from '../../src/sensors/simulate/createSignals.ts';
import { SimulatedSensor } from '../../src/sensors/simulate/SimulatedSensor.ts';

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
    writeFileSync(join(asked, `${name}.json`), exactJson(resource));
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

/** Bundles of what devices measure: of each kind, of a recording, and of a device without a clock. */
function everyReading(): Readonly<Record<string, object>> {
  const takenAt = NOW * 1000;
  const samples = Array.from({ length: 720 }, (_, place) => 1024 + (place % 90));
  const recording = { samples, rate: 360, factor: 0.005, origin: -5.12 };
  const kinds = SENSOR_KINDS.map((kind) => [kind, { kind }] as const);
  const choices = [...kinds, ['recording', { kind: 'ecg', recording }] as const];
  const measured = choices.map(([name, choice]) => {
    const device = new SimulatedSensor(primitives, { ...choice, seed: '', number: 0, boot: 1 });
    device.bind(word('right of the sensor'));
    const { bytes } = device.measure(2, takenAt - 2000);
    const { address } = device;
    return [
      name,
      bundleOfReadings(primitives, bytes, { handle: HANDLE, device: { address }, takenAt }),
    ] as const;
  });
  const lines = ['{"at":5000,"code":149530,"value":70.0}', '{"at":6000,"code":199999,"value":1e2}'];
  const {
    count: _,
    root: _root,
    file: _file,
    ...about
  } = sampleHeader({ clock: 'unset', start: 5000, end: 9000 });
  const { bytes } = signReadings({ primitives }, sensor.signingKey, about, lines);
  const unset = bundleOfReadings(primitives, bytes, { handle: HANDLE, device: sensor, takenAt });
  return { ...Object.fromEntries(measured), 'no-clock': unset };
}

/** The change by which an Observation claims a profile of R4. */
function claimOf(profile: string): Partial<Observation> {
  return { meta: { profile: [`http://hl7.org/fhir/StructureDefinition/${profile}`] } };
}

/** The Observation of a bundle with a code, changed. */
function changedIn(
  bundle: object | undefined,
  code: number,
  change: Partial<Observation>,
): Observation {
  const { entry = [] } = bundle as { entry?: readonly { resource: Observation }[] };
  const found = entry.find(({ resource }) => resource.code?.coding?.[0]?.code === String(code));
  assert.ok(found);
  return { ...found.resource, ...change };
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

  it('finds no fault in bundles of readings, and finds those that are put in', () => {
    const bundles = everyReading();
    const { wearable, ecg } = bundles;
    const pulse = changedIn(wearable, 149_530, claimOf('heartrate'));
    const temperature = changedIn(wearable, 150_364, claimOf('bodytemp'));
    // R4 has a profile for each vital sign, with its code and its units.
    const good = {
      ...bundles,
      pulse,
      temperature,
      oxygen: changedIn(wearable, 150_456, claimOf('oxygensat')),
    };
    const units = { system: 'http://unitsofmeasure.org', code: 'kg', unit: 'kg', value: 70 };
    const { valueSampledData: sampled } = changedIn(ecg, 131_330, {});
    const spoilt = {
      'spoilt-category': changedIn(wearable, 149_530, { category: [] }),
      'spoilt-time': changedIn(wearable, 149_530, { effectiveDateTime: 'yesterday' }),
      'spoilt-pulse': { ...pulse, valueQuantity: units },
      'spoilt-temperature': { ...temperature, valueQuantity: units },
      'spoilt-curve': changedIn(ecg, 131_330, {
        valueSampledData: { ...sampled, period: undefined } as never,
      }),
    };
    const errors = errorsOf({ ...good, ...spoilt });
    const found = new Set(errors.map((line) => line.split('.json')[0] ?? ''));
    assert.deepEqual([...found].toSorted(), Object.keys(spoilt).toSorted(), errors.join('\n'));
  });
});
