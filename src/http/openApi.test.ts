import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { format, resolveConfig } from 'prettier';
import { agentLedger } from '../client/agent/agentLedger.ts';
import { httpAgent } from '../client/agent/httpAgent.ts';
import type { Fetch } from '../client/agent/operationCalls.ts';
import { memoryDevice } from '../client/party/memoryDevice.ts';
import { openParty } from '../client/party/Party.ts';
import { askRecovery } from '../client/recovery/askRecovery.ts';
import { carryRecovery } from '../client/recovery/carryRecovery.ts';
import { signRecovery } from '../client/recovery/signRecovery.ts';
import { vetoRecovery } from '../client/recovery/vetoRecovery.ts';
import { readAudit } from '../client/audit/readAudit.ts';
import { certifyErasure } from '../client/audit/certifyErasure.ts';
import { eraseKeys } from '../client/epochs/eraseKeys.ts';
import { requestAccess } from '../client/letters/accessRequests.ts';
import { tellBrowser } from '../client/news/tellBrowser.ts';
import { checkInbox } from '../client/care/inbox/checkInbox.ts';
import { lapseClaim } from '../client/care/claims/lapseClaim.ts';
import { submitClaim } from '../client/care/claims/submitClaim.ts';
import { withdrawClaim } from '../client/care/claims/withdrawClaim.ts';
import { addRecord } from '../client/records/addRecord.ts';
import { changeKey } from '../client/party/changeKey.ts';
import { suspendParty } from '../client/rights/suspendParty.ts';
import { issueUnits } from '../client/care/units/issueUnits.ts';
import { giveMandate } from '../client/mandates/giveMandate.ts';
import { offerMandate } from '../client/mandates/offerMandate.ts';
import { setWill } from '../client/care/vital/setWill.ts';
import { readChart } from '../client/records/readChart.ts';
import { readRecords } from '../client/records/readRecords.ts';
import { readPatientState } from '../client/state/PatientState.ts';
import { createValidator } from '../fhir/createValidator.ts';
import { DEMO_PATIENTS } from '../../demo/charts/demoPatients.ts';
import { makeDemoBundle } from '../../demo/charts/makeDemoBundle.ts';
import { utf8ToBytes } from '../crypto/bytes.ts';
import type { Handle } from '../protocol/ids.ts';
import { enrolWhereFresh } from '../../demo/scenario/enrolWhereFresh.ts';
import type { AccountKey } from '../folder/organisationKeys.ts';
import { findShapeError } from '../protocol/wire/findShapeError.ts';
import { officeChangesOf } from '../protocol/network/officeChangesOf.ts';
import { draftSuccessor, signSuccessor } from '../protocol/network/signSuccessor.ts';
import type { Successor } from '../protocol/network/Successor.ts';
import { successorOf } from '../protocol/network/successorOf.ts';
import { operations } from '../protocol/operations/operations.ts';
import { seconds } from '../protocol/Clock.ts';
import type { CastMember } from '../../demo/scenario/Cast.ts';
import { sharingScenario } from '../../demo/scenario/sharingScenario.ts';
import { StepRunner } from '../../demo/scenario/StepRunner.ts';
import { loadFhirDefinitions } from '../node/loadFhirDefinitions.ts';
import { readAuthorityKeys } from '../node/founding/readAuthorityKeys.ts';
import { changedTerms } from '../node/succession/changedTerms.ts';
import { openNetwork, type RunningNetwork } from '../node/openNetwork.ts';
import { scratchFolder } from '../node/test/scratchFolder.ts';
import { agentRoutes } from './agentRoutes.ts';
import { networkApp } from './networkApp.ts';
import { servedOperations } from './operations/operations.ts';
import { answerFault, paths, templateOf } from './test/describedDoor.ts';
import { ExampleRecorder } from './test/ExampleRecorder.ts';
import { EXAMPLES_FILE } from './test/httpExamples.ts';

const BASE = 'http://127.0.0.1:8480/hospital';

let folder: string;
let network: RunningNetwork;
let app: ReturnType<typeof networkApp>;
/** Answers that were seen, by method, path of the document and status. */
const answered = new Set<string>();
const faults = new Set<string>();
const recorder = new ExampleRecorder();

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
  const { authorization } = headers as { authorization?: string };
  const call = { method, path: input.slice(BASE.length), body: init.body };
  await recorder.note(
    { ...call, ...(authorization !== undefined && { authorization }) },
    answer.clone(),
  );
  return answer;
};

before(async () => {
  folder = await scratchFolder();
  const portal = { sha256: 'ab'.repeat(32), policy: "default-src 'none'" };
  network = await openNetwork({
    folder,
    demo: true,
    portal,
    push: { services: ['push.example'] },
  });
  app = networkApp(network.agents, { opensLedger: true });
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

/** A successor of the network file, by which all members of the authority must sign. */
function stricterAuthority(keys: readonly AccountKey[]): Successor {
  const { file, ports } = network;
  const from = seconds(ports.clock) + 4 * 24 * 3600;
  const authority = file.authority.members.length;
  const terms = changedTerms(ports.primitives, file, { from, authority });
  const made = successorOf(ports.primitives, file, terms);
  const offices = officeChangesOf(file, made).map((each) => {
    return { ...each, change: 1, deadline: from };
  });
  return signSuccessor(ports, file, draftSuccessor(ports, file, terms, { offices }), keys);
}

/** A patient asks an insurer in advance, takes that back, and has its term ended, which changes nothing any more. */
async function claimAhead(
  runner: StepRunner,
  { party: patient }: CastMember,
  handle: Handle,
): Promise<void> {
  const member = await actor('insurer', 'insurer');
  await enrolWhereFresh(runner, member);
  const { party: insurer } = member;
  const policy = { handle, content: utf8ToBytes('policy'), purpose: 'PATRQT' } as const;
  const { record: coverage } = await addRecord(patient, { ...policy, category: 'coverage' });
  const lines = [{ service: 'Surgery', units: 120_000 }];
  const asked = { handle, insurer: insurer.address, coverage, lines, currency: 'EUR' };
  const { digest } = await submitClaim(patient, asked);
  await withdrawClaim(patient, digest);
  assert.equal((await lapseClaim(patient, digest)).already, true);
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
    await readOwnRecords(cast.patient.party);
    const { logs } = await readAudit(cast.patient.party);
    const listed = logs.flatMap(({ events }) => events).filter(({ pairs }) => pairs?.length === 3);
    assert.equal(listed.length, 1, 'the records of a view of several');
    const { agent } = cast.doctor.party;
    const log = 'care/hospital';
    await agent.batches({ log, from: 0 });
    assert.ok((await agent.blocks({ from: 0 })).some(({ events }) => events.length > 0));
    const ledger = agentLedger(agent);
    await ledger.request({ method: 'eth_getBlockByNumber', params: ['latest', false] });
    const { size } = await agent.checkpoint(log);
    assert.equal((await agent.checkpoints({ log, from: size - 1 })).length, 1);
    assert.ok((await agent.entries({ log, from: 0 })).length >= size);
    await agent.inclusion({ log, index: 0, size });
    await agent.consistency({ log, from: 1, to: size });
    await agent.tile({ log: 'care/hospital', level: 0, index: 0, width: 1 });
    await agent.keepCard(await agent.card(cast.doctor.party.address));
    await exchangeLetters(cast.patient, cast.specialist);
    const { handle } =
      (await agent.facts({ nonce: `0x${'5a'.repeat(32)}`, party: cast.patient.party.address }))[0]
        ?.facts.party ?? {};
    assert.ok(handle !== undefined);
    await setWill(cast.patient.party, { handle, grants: [], lasts: 1 });
    const until = seconds(clock) + 86_400;
    const { party: aide } = cast.doctor;
    const offer = await offerMandate(aide, { handle, reason: 'my mother', until });
    await giveMandate(cast.patient.party, offer);
    const { party: specialist } = await changeKey(cast.specialist.party, random(32));
    const { primitives } = network.ports;
    const authority = await readAuthorityKeys(`${folder}/authority`, primitives);
    const { address: account } = cast.doctor.party;
    const [member] = authority.filter(({ organisation }) => organisation === 'hospital');
    assert.ok(member);
    const units = { organisation: 'hospital', account, amount: 50_000 };
    await issueUnits(cast.doctor.party, member, units);
    await claimAhead(runner, cast.patient, handle);
    await eraseKeys(cast.patient.party, 'coverage');
    assert.deepEqual((await certifyErasure(cast.patient.party, 'coverage')).unstated, []);
    const { address: party } = cast.specialist.party;
    const { address: _first, keys: _keys, ...place } = cast.specialist.party;
    const by = await openParty({ ...place, seed: random(32), device: memoryDevice() });
    const lost = await askRecovery(by, { party });
    await carryRecovery(by, signRecovery(by, lost, authority).file);
    await agent.recovery(party);
    await vetoRecovery(specialist);
    const suspension = { party, suspended: true };
    const { block } = await suspendParty(cast.doctor.party, authority, suspension);
    await agent.blocks({ from: block });
    await agent.succeed(stricterAuthority(authority));
    await agent.successors();
    await agent.portal();
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
      'POST /v1/audits/records 200',
      'POST /v1/audits/tallies 200',
      'POST /v1/audits/erased 200',
      'POST /v1/keepsakes 200',
    ]) {
      assert.ok(answered.has(expected), expected);
    }
  });

  it('has an example of each operation from that scenario; --test-update-snapshots records them again', async () => {
    const examples = recorder.examples();
    assert.deepEqual(Object.keys(examples), Object.keys(operations));
    for (const { id, takes, gives } of servedOperations) {
      const example = examples[id];
      const given = Object.values(gives)[0];
      if (takes !== undefined && takes !== 'bytes') {
        assert.equal(findShapeError(takes, example?.body, 'body'), undefined, id);
      }
      if (given !== undefined && 'json' in given) {
        assert.equal(findShapeError(given.json, example?.answer, 'answer'), undefined, id);
      }
    }
    if (!process.execArgv.includes('--test-update-snapshots')) return;
    const options = { ...(await resolveConfig(EXAMPLES_FILE)), parser: 'json', plugins: [] };
    await writeFile(EXAMPLES_FILE, await format(JSON.stringify(examples), options));
  });
});

/** A patient reads some of their records by one view, which is on the audit. */
async function readOwnRecords(patient: CastMember['party']): Promise<void> {
  const { handle } = await readPatientState(patient);
  const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
  const records = chart.records.slice(0, 3);
  assert.equal(records.length, 3);
  for await (const each of readRecords(patient, chart, records)) assert.ok(each);
}

/** One party asks a patient for a right, and the patient reads that. */
async function exchangeLetters(patient: CastMember, asking: CastMember): Promise<void> {
  const { handle } = await readPatientState(patient.party);
  const terms = { categories: ['medications'], actions: ['read'], purpose: 'TREAT' } as const;
  const until = seconds(asking.party.clock) + 3600;
  await requestAccess(asking.party, { handle, ...terms, until });
  assert.equal((await checkInbox(patient.party)).requests.length, 1);
  const { browsers } = await tellBrowser(patient.party, 'https://push.example/browser');
  assert.equal(browsers.length, 1);
}

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
