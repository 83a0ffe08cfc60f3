import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { httpAgent, type Fetch } from '../client/agent/httpAgent.ts';
import { memoryDevice } from '../client/party/memoryDevice.ts';
import { openParty } from '../client/party/Party.ts';
import { readAudit } from '../client/audit/readAudit.ts';
import { createValidator } from '../fhir/createValidator.ts';
import { DEMO_PATIENTS } from '../fhir/demo/demoPatients.ts';
import { makeDemoBundle } from '../fhir/demo/makeDemoBundle.ts';
import { seconds } from '../protocol/Clock.ts';
import type { CastMember } from '../scenario/Cast.ts';
import { sharingScenario } from '../scenario/sharingScenario.ts';
import { StepRunner } from '../scenario/StepRunner.ts';
import { loadFhirDefinitions } from '../node/loadFhirDefinitions.ts';
import { openNetwork, type RunningNetwork } from '../node/openNetwork.ts';
import { scratchFolder } from '../node/test/scratchFolder.ts';
import { agentRoutes } from './agentRoutes.ts';
import { networkApp } from './networkApp.ts';
import { answerFault, paths, templateOf } from './test/describedDoor.ts';

const BASE = 'http://127.0.0.1:8480/hospital';

let folder: string;
let network: RunningNetwork;
let app: ReturnType<typeof networkApp>;
/** Answers that were seen, by method, path of the document and status. */
const answered = new Set<string>();
const faults = new Set<string>();

/** The last sealed file that was fetched. */
let lastFile: { input: string; headers: Record<string, string> } | undefined;

/** Calls the server, and compares its answer with the document. */
const recording: Fetch = async (input, init = {}) => {
  const headers = { ...(init.headers as Record<string, string>), host: '127.0.0.1:8480' };
  const answer = await app.request(input, { ...init, headers });
  if (input.includes('/v1/files/') && init.body === undefined) lastFile = { input, headers };
  const { method = 'GET' } = init;
  const path = new URL(input).pathname.replace('/hospital', '');
  const fault = await answerFault(method, path, answer.clone());
  if (fault !== undefined) faults.add(fault);
  answered.add(`${method} ${templateOf(path)} ${answer.status}`);
  return answer;
};

before(async () => {
  folder = await scratchFolder();
  network = await openNetwork({ folder, demo: true });
  app = networkApp(network.agents);
});
after(async () => {
  await network.close();
  await rm(folder, { recursive: true });
});

async function actor(name: string, role: CastMember['role']): Promise<CastMember> {
  const party = await openParty({
    ...network.ports,
    seed: network.ports.random(32),
    network: network.file,
    agent: httpAgent(BASE, recording),
    log: 'care/hospital',
    device: memoryDevice(),
  });
  return { name, role, organisation: 'hospital', party, fresh: true };
}

describe('the document of an agent’s server', () => {
  it('describes every route that is served', () => {
    const routes = agentRoutes(network.agents.values().next().value as never).routes;
    for (const { method, path } of routes.filter((route) => route.method !== 'ALL')) {
      const template = path.replaceAll(/:(\w+)(?:\{\.\+\})?/g, '{$1}');
      assert.ok(paths[template]?.[method.toLowerCase()] !== undefined, `${method} ${template}`);
    }
  });

  it('describes only what is served', async () => {
    for (const [template, methods] of Object.entries(paths)) {
      for (const method of Object.keys(methods)) {
        const path = template.replaceAll(/\{\w+\}/g, 'x').replace(/^\/$/, '');
        const answer = await recording(`${BASE}${path}`, {
          method: method.toUpperCase(),
          headers: { 'content-type': 'application/json' },
          ...(method !== 'get' && { body: '{' }),
        });
        assert.notEqual(answer.status, 405, `${method} ${template}`);
        const { code, values } = (await answer.json().catch(() => ({}))) as Partial<{
          code: string;
          values: { what?: string };
        }>;
        assert.ok(code !== 'NOT_FOUND' || values?.what !== 'path', `${method} ${template}`);
      }
    }
    assert.deepEqual([...faults], []);
  });

  it('fits every answer of a scenario, and of a patient who looks at all that happened', async () => {
    const cast = {
      patient: await actor('patient', 'patient'),
      doctor: await actor('doctor', 'doctor'),
      specialist: await actor('specialist', 'doctor'),
    };
    const { random, clock } = network.ports;
    const [patient] = DEMO_PATIENTS;
    assert.ok(patient !== undefined);
    const bundle = makeDemoBundle({ random, at: seconds(clock), patient });
    const runner = new StepRunner(
      () => 0,
      () => undefined,
    );
    await sharingScenario(runner, cast, bundle, createValidator(loadFhirDefinitions()));
    await readAudit(cast.patient.party);
    const { agent } = cast.doctor.party;
    const log = 'care/hospital';
    await agent.batches({ log, from: 0 });
    assert.ok((await agent.blocks({ from: 0 })).some(({ events }) => events.length > 0));
    const { size } = await agent.checkpoint(log);
    assert.equal((await agent.checkpoints({ log, from: size - 1 })).length, 1);
    assert.ok((await agent.entries({ log, from: 0 })).length >= size);
    await agent.inclusion({ log, index: 0, size });
    await agent.consistency({ log, from: 1, to: size });
    await agent.tile({ log: 'care/hospital', level: 0, index: 0, width: 1 });
    await agent.keepCard(await agent.card(cast.doctor.party.address));
    for (const path of ['', '/v1/openapi.json', '/v1/tlog/care/hospital/checkpoint']) {
      assert.equal((await recording(BASE + path)).status, 200, path);
    }
    await requireRanges();
    assert.deepEqual([...faults], []);
    for (const expected of [
      'GET /v1/receipts/{channel}/{organisation}/{index} 200',
      'GET /v1/files/{hash} 200',
      'GET /v1/files/{hash} 206',
      'GET /v1/files/{hash} 416',
      'HEAD /v1/files/{hash} 200',
      'PUT /v1/files/{hash} 204',
      'POST /v1/submissions 200',
      'POST /v1/audits/entries 200',
      'POST /v1/audits/tallies 200',
      'POST /v1/keepsakes 200',
    ]) {
      assert.ok(answered.has(expected), expected);
    }
  });
});

/** Fetches the last sealed file again, in parts. */
async function requireRanges(): Promise<void> {
  assert.ok(lastFile !== undefined);
  const { input, headers } = lastFile;
  const ask = async (more: Record<string, string>, method = 'GET'): Promise<Response> =>
    await recording(input, { method, headers: { ...headers, ...more } });
  const whole = new Uint8Array(await (await ask({})).arrayBuffer());
  const head = await ask({}, 'HEAD');
  assert.equal(head.headers.get('content-length'), `${whole.length}`);
  assert.equal((await head.arrayBuffer()).byteLength, 0);
  const part = await ask({ range: 'bytes=100-299' });
  assert.equal(part.headers.get('content-range'), `bytes 100-299/${whole.length}`);
  assert.deepEqual(new Uint8Array(await part.arrayBuffer()), whole.slice(100, 300));
  const tag = part.headers.get('etag') ?? '';
  assert.equal((await ask({ range: 'bytes=-5', 'if-range': tag })).status, 206);
  assert.equal((await ask({ range: 'bytes=-5', 'if-range': '"other"' })).status, 200);
  const beyond = await ask({ range: `bytes=${whole.length}-` });
  assert.equal(beyond.headers.get('content-range'), `bytes */${whole.length}`);
}
