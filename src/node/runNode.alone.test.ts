import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { httpAgent } from '../client/agent/httpAgent.ts';
import { memoryDevice } from '../client/party/memoryDevice.ts';
import { openParty } from '../client/party/Party.ts';
import { readPatientState } from '../client/state/PatientState.ts';
import { createValidator } from '../fhir/createValidator.ts';
import { DEMO_PATIENTS } from '../../demo/charts/demoPatients.ts';
import { makeDemoBundle } from '../../demo/charts/makeDemoBundle.ts';
import { CATEGORIES, PURPOSES, ROLES } from '../protocol/vocabulary.ts';
import type { CastMember } from '../../demo/scenario/Cast.ts';
import { sharingScenario } from '../../demo/scenario/sharingScenario.ts';
import { StepRunner } from '../../demo/scenario/StepRunner.ts';
import { parseConfiguration } from './configuration/parseConfiguration.ts';
import { foundAlone } from './founding/foundAlone.ts';
import { loadFhirDefinitions } from './loadFhirDefinitions.ts';
import { openNodeFolder } from './NodeFolder.ts';
import { machinePorts } from '../folder/NodePorts.ts';
import type { RunningNode } from './openNode.ts';
import { createLogger } from './operate/createLogger.ts';
import { runNode, type NodeProcess } from './runNode.ts';
import { identifyingStrings } from './test/privacy/identifyingStrings.ts';
import { NeedleScanner } from './test/privacy/NeedleScanner.ts';
import { needlesOf } from './test/privacy/needlesOf.ts';
import { scratchFolder } from './test/scratchFolder.ts';
import { seededRandom } from './test/testNetwork.ts';

/** A network that is not a demonstration, run as `medseal up` does, and a scenario that is played on it over HTTP. */

const ports = await machinePorts();
const lines: string[] = [];
const secrets = new Set<string>();
let path: string;
let node: NodeProcess;
let running: RunningNode;

before(async () => {
  path = await scratchFolder();
  const create = { demo: false, hosts: ['hospital', 'laboratory', 'insurer'] };
  const folder = await openNodeFolder(path, { ports, create });
  await foundAlone(folder, ports);
  await folder.close();
  node = await start();
  running = await node.ready;
  await play();
});
after(async () => {
  await node.stop();
  await rm(path, { recursive: true });
});

function write(line: string): void {
  lines.push(line);
}

async function start(): Promise<NodeProcess> {
  const free = ['listen.port', 'operate.port', 'ledger.port'].map((key) => [key, '0'] as const);
  const configuration = parseConfiguration({
    line: new Map([...free, ['authority.accepts', 'everyone'], ['log.level', 'trace']]),
  });
  const folder = await openNodeFolder(path, { ports });
  const log = createLogger({ level: 'trace', format: 'json', write });
  return await runNode({ folder, configuration, ports, log, version: '1.2.3' });
}

async function play(): Promise<void> {
  const actor = async (role: CastMember['role']): Promise<CastMember> => {
    const party = await openParty({
      ...ports,
      seed: ports.random(32),
      network: running.file,
      agent: httpAgent(`${node.urls.agents}/hospital`),
      log: 'care/hospital',
      device: memoryDevice(),
    });
    secrets.add(party.address).add(party.recipient);
    return { name: role, role, organisation: 'hospital', party, fresh: true };
  };
  const cast = {
    patient: await actor('patient'),
    doctor: await actor('doctor'),
    specialist: await actor('doctor'),
  };
  const [patient] = DEMO_PATIENTS;
  assert.ok(patient);
  const bundle = makeDemoBundle({ random: seededRandom('log'), at: 1_800_000_000, patient });
  const runner = new StepRunner(
    () => 0,
    () => undefined,
  );
  await sharingScenario(runner, cast, bundle, createValidator(loadFhirDefinitions()));
  const { patientId, salt, handle } = await readPatientState(cast.patient.party);
  secrets.add(patientId).add(salt.slice(2)).add(handle.slice(2));
  const words = [...CATEGORIES, ...PURPOSES, ...ROLES, 'hospital', 'laboratory', 'insurer'];
  for (const text of identifyingStrings(bundle, words)) secrets.add(text);
}

async function operate(path: string): Promise<Response> {
  return await fetch(node.urls.operate + path);
}

describe('the log of a node that a scenario was played on', () => {
  it('tells of every request: what, how it went, how long, by its id', () => {
    const requests = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ event }) => event === 'request');
    assert.ok(requests.length > 30, `${requests.length} requests`);
    for (const { door, id, method, route, status, ms } of requests) {
      assert.equal(door, 'agents');
      assert.match(String(id), /^[0-9a-f]{32}$/);
      assert.match(String(method), /^(?:GET|POST|PUT)$/);
      assert.match(String(route), /^\/hospital\/v1\/[a-z/:{}.+]+$/);
      assert.equal(typeof status, 'number');
      assert.equal(typeof ms, 'number');
    }
  });

  it('holds nothing of anybody: no name, no record, no party, no chart, no hash', () => {
    assert.ok(secrets.size > 20);
    const needles = [...secrets].flatMap((text) => needlesOf(ports.primitives, text));
    const whole = Buffer.from(lines.join(''));
    assert.deepEqual(new NeedleScanner(needles).scan('log', whole), []);
    assert.doesNotMatch(whole.toString(), /0x[0-9a-f]{16}/);
  });

  it('would be caught if it did', () => {
    const [secret = ''] = secrets;
    const scanner = new NeedleScanner(needlesOf(ports.primitives, secret));
    assert.equal(scanner.scan('log', Buffer.from(`{"party":"${secret}"}`)).length > 0, true);
  });
});

describe('what the operator is told', () => {
  it('is that it lives, that it is ready, and what it depends on', async () => {
    assert.deepEqual(await (await operate('/healthz')).json(), { status: 'ok' });
    const ready = await operate('/readyz');
    assert.equal(ready.status, 200);
    const { ledger, index, ...rest } = (await ready.json()) as {
      ledger: { block: number };
      index: { compared: unknown };
    };
    assert.deepEqual(index.compared, [], 'all organisations are in one process');
    const succession = { number: 0, refused: {} };
    assert.deepEqual(rest, { ready: true, waitingFor: [], notYet: [], peers: {}, succession });
    assert.ok(ledger.block > 3);
    assert.equal((await operate('/elsewhere')).status, 404);
  });

  it('has every request, outcome, log and vault in its metrics, and nobody in a label', async () => {
    const response = await operate('/metrics');
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    for (const line of [
      /^medseal_build_info\{version="1\.2\.3"\} 1$/m,
      /^medseal_requests_total\{door="agents",method="POST",route="\/hospital\/v1\/submissions",status="200"\} \d+$/m,
      /^medseal_submissions_total\{organisation="hospital",kind="Write",outcome="acknowledged",code=""\} \d+$/m,
      /^medseal_submissions_total\{organisation="hospital",kind="View",outcome="refused",code="RIGHT_MISSING"\} \d+$/m,
      /^medseal_submissions_total\{organisation="hospital",kind="Grant",outcome="placed",code=""\} \d+$/m,
      /^medseal_log_entries\{organisation="hospital",log="care\/hospital"\} [1-9]\d*$/m,
      /^medseal_replica_lag_entries\{organisation="insurer",log="care\/hospital"\} \d+$/m,
      /^medseal_rule_rows\{organisation="insurer"\} [1-9]\d*$/m,
      /^medseal_checkpoint_lag_entries\{organisation="hospital"\} \d+$/m,
      /^medseal_vault_bytes\{organisation="hospital"\} \d+$/m,
      /^nodejs_eventloop_lag_p99_seconds /m,
      /^medseal_ready 1$/m,
    ]) {
      assert.match(text, line);
    }
    assert.doesNotMatch(text, /0x[0-9a-f]{8}/);
  });
});

describe('a node that is stopped', () => {
  it('ends what is under way, lets go of everything, and can be run again', async () => {
    const { file } = running;
    assert.equal(await node.stop(), true);
    assert.equal(await node.stop(), true);
    await assert.rejects(fetch(node.urls.agents));
    await assert.rejects(operate('/healthz'));
    const said = lines.map((line) => (JSON.parse(line) as { event: string }).event);
    assert.deepEqual(said.slice(-2), ['stopping', 'stopped']);
    assert.ok(!said.includes('background failure'));
    node = await start();
    running = await node.ready;
    assert.deepEqual(running.file, file);
  });

  it('stops while it waits, too', async () => {
    await node.stop();
    node = await start();
    assert.equal(await node.stop(), true);
    node = await start();
    await node.ready;
  });
});
