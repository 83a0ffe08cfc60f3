import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { commitEpochs } from '../client/epochs/commitEpochs.ts';
import { enrol } from '../client/party/enrol.ts';
import { memoryDevice } from '../client/party/memoryDevice.ts';
import { openParty, type Party } from '../client/party/Party.ts';
import { signVersion } from '../client/records/logVersion.ts';
import { readChart } from '../client/records/readChart.ts';
import { sealVersion } from '../client/records/sealVersion.ts';
import { grantRight } from '../client/rights/grantRight.ts';
import { readPatientState, type PatientState } from '../client/state/PatientState.ts';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../crypto/bytes.ts';
import { plainKeys } from '../folder/keyGuard.ts';
import { openFolder } from '../folder/openFolder.ts';
import { openOrganisationKeys } from '../folder/organisationKeys.ts';
import { signPeerCall } from '../peers/peerCall.ts';
import type { Submission } from '../protocol/AgentPort.ts';
import { seconds } from '../protocol/Clock.ts';
import { domainOf } from '../protocol/struct/domainOf.ts';
import type { Receipt } from '../protocol/evidence/evidence.ts';
import { parseBody } from '../protocol/evidence/parseBody.ts';
import type { Write } from '../protocol/struct/requests.ts';
import { failsWith } from '../protocol/test/failsWith.ts';
import { addText, ChannelTrial, DAY, INSIDE } from './test/ChannelTrial.ts';
import { NeedleScanner, type Found } from './test/privacy/NeedleScanner.ts';
import { needlesOf } from './test/privacy/needlesOf.ts';
import { piecesUnder } from './test/privacy/piecesUnder.ts';

/** A network of three, and a channel of two of them: what the third learns, and what one can do in the other. */

const SECRET = 'Takes part in the trial of a new medicine';
let trial: ChannelTrial;
let patient: Party;
let state: PatientState;
let careState: PatientState;
let receipt: Receipt;

before(async () => {
  trial = await ChannelTrial.openRunning();
  const { care, research } = trial;
  const inCare = await trial.enrolled(care, 'hospital', 'patient');
  await addText(inCare, 'Seen at the hospital', 'other');
  patient = await trial.enrolled(research, 'hospital', 'patient');
  receipt = await addText(patient, SECRET);
  state = await readPatientState(patient);
  careState = await readPatientState(inCare);
});
after(async () => {
  await trial.close();
});

/** Places under folders in which one of some texts lies in any way. */
async function placesOf(texts: Iterable<string>, ...folders: readonly string[]): Promise<Found[]> {
  const { primitives } = trial.ports;
  const scanner = new NeedleScanner([...texts].flatMap((text) => needlesOf(primitives, text)));
  const hexed = new NeedleScanner(
    [...texts]
      .filter((text) => /^0x[0-9a-f]{32,}$/.test(text))
      .map((text) => ({ text, encoding: 'bytes', bytes: hexToBytes(text) })),
  );
  const found: Found[] = [];
  for (const folder of folders) {
    for await (const { where, bytes } of piecesUnder(folder)) {
      found.push(...scanner.scan(where, bytes), ...hexed.scan(where, bytes));
    }
  }
  return found;
}

describe('a further channel, for whoever is not in it', () => {
  // @attack a request or right of one channel is sent to another, of the same party | another network id is signed
  it('refuses in one channel what was signed for the other', async () => {
    const { care, research, ports } = trial;
    const { handle } = state;
    const version = { handle, content: utf8ToBytes('x'), purpose: 'PATRQT' } as const;
    const record = bytesToHex(ports.random(32));
    const sealed = await sealVersion(patient, record, { ...version, category: 'vitals' });
    const { submission } = signVersion(patient, sealed);
    const careLog = { ...submission.request.message, log: 'care/hospital' };
    const replays: Submission[] = [
      submission,
      { ...submission, request: { ...submission.request, message: careLog } },
    ];
    for (const replay of replays) {
      const [outcome] = await care.agentOf('hospital').submit([replay]);
      assert.equal(outcome?.outcome, 'refused');
      const { problem } = outcome as { problem: { code: string } };
      assert.match(problem.code, /^(?:LOG_WRONG|PARTY_UNKNOWN)$/);
    }
    // A party of both keys would not do either: the signature is for one network.
    const seed = ports.random(32);
    const both = await trial.party(care, 'hospital', seed);
    await enrol(both, { role: 'patient', organisation: 'hospital' });
    await commitEpochs(both, 2);
    const twin = await trial.party(research, 'hospital', seed);
    await enrol(twin, { role: 'patient', organisation: 'hospital' });
    await commitEpochs(twin, 2);
    const grant = {
      grantee: patient.address,
      categories: ['laboratory'],
      actions: ['read'],
      purpose: 'TREAT',
      until: seconds(ports.clock) + DAY,
    } as const;
    let signed: Submission | undefined;
    const agent: Party['agent'] = {
      ...twin.agent,
      async submit(submissions) {
        signed ??= submissions.find(({ request }) => request.type === 'Grant');
        return await twin.agent.submit(submissions);
      },
    };
    await grantRight({ ...twin, agent }, grant);
    const [placed] = await care.agentOf('hospital').submit([signed ?? assert.fail()]);
    assert.equal(placed?.outcome, 'refused');
    const { problem } = placed as { problem: { code: string } };
    assert.match(problem.code, /^(?:SIGNATURE_INVALID|RULE_REFUSED|NOT_FOUND|RIGHT_MISSING)$/);
  });

  // @attack the same asks the channel's nodes, or those of the first network, for the channel's log | `PEER_UNAUTHENTIC`, `NOT_FOUND`
  it('answers nothing to an organisation that is not in it, by a typed refusal', async () => {
    const { care, research, network, channel, ports } = trial;
    // Its coordinator's own key.
    const folder = await openFolder(`${care.path('insurer')}/node/insurer`);
    const keys = await openOrganisationKeys(folder, { ...ports, guard: plainKeys });
    const body = JSON.stringify('research/hospital');
    const path = '/peer/v1/contributor/latestCheckpoint';
    for (const [file, receiver] of [
      [network, 'hospital'],
      [channel, 'hospital'],
      [channel, 'laboratory'],
    ] as const) {
      const authorization = signPeerCall(
        { ...ports, domain: domainOf(file), key: keys.coordinator },
        { caller: 'insurer', receiver, method: 'POST', path, content: utf8ToBytes(body) },
      );
      const headers = { authorization, 'content-type': 'application/json' };
      const url = `${research.url(receiver)}${path}`;
      const answer = await fetch(url, { method: 'POST', headers, body });
      assert.equal(answer.status, 401);
      assert.equal(((await answer.json()) as { code: string }).code, 'PEER_UNAUTHENTIC');
    }
    // Nor do the same organisations' nodes of the first network, which know no such log.
    for (const name of INSIDE) {
      const agent = care.agentOf(name);
      await assert.rejects(agent.checkpoint('research/hospital'), failsWith('NOT_FOUND'));
      const { log } = receipt.acknowledgement;
      await assert.rejects(agent.receipt({ log, index: 0 }), failsWith('NOT_FOUND'));
    }
  });

  it('gives a doctor of the first network nothing, and does not enrol one of an organisation outside', async () => {
    const { care, research, network, ports } = trial;
    const doctor = await trial.enrolled(care, 'insurer', 'insurer');
    const seen = openParty({
      ...ports,
      seed: ports.random(32),
      network,
      agent: research.agentOf('hospital'),
      log: 'care/hospital',
      device: memoryDevice(),
    });
    await assert.rejects(seen, failsWith('NETWORK_FILE_OTHER'));
    const stranger = await trial.party(research, 'hospital');
    const { handle } = state;
    await assert.rejects(
      readChart(stranger, { handle, purpose: 'TREAT' }),
      failsWith('PARTY_UNKNOWN'),
    );
    await assert.rejects(enrol(stranger, { role: 'insurer', organisation: 'insurer' }));
    await assert.rejects(
      readChart(doctor, { handle: careState.handle, purpose: 'TREAT' }),
      failsWith('RIGHT_MISSING'),
    );
  });

  // @attack an organisation outside a channel looks in its folder for what it has of it | it has nothing: a channel has nodes, files and contracts of its own
  it('leaves nothing at the organisation outside but what the ledger tells everybody', async () => {
    const { care, research, channel } = trial;
    await research.stopAll();
    await care.stopAll();
    const file = parseBody(receipt.acknowledgement.body).request.message as Write;
    const [{ logs } = assert.fail()] = channel.channels;
    const inside = [
      state.handle,
      state.patientId,
      state.salt,
      patient.address,
      channel.networkId,
      ...Object.values(channel.contracts),
      ...logs.flatMap(({ name, id, origin, key }) => [name, id, origin, key]),
      'research/',
      SECRET,
      file.file,
      file.record,
      receipt.acknowledgement.entry,
      receipt.acknowledgement.body,
      receipt.checkpoint.note,
    ];
    const outside = care.path('insurer');
    assert.deepEqual(await placesOf(inside, `${outside}/node`, outside), []);
    // The same search finds what it holds, in either channel.
    const held = await placesOf([careState.handle, 'care/hospital'], `${outside}/node`);
    assert.deepEqual(
      new Set(held.map(({ text }) => text)),
      new Set([careState.handle, 'care/hospital']),
    );
    const own = await placesOf(inside, `${research.path('laboratory')}/node`);
    assert.ok(new Set(own.map(({ text }) => text)).size > 5);
    // The folder with the ledger has what everybody may read there: contracts, the handle, the account, and no more.
    const ledger = `${care.path('hospital')}/node/ledger`;
    const told = new Set((await placesOf(inside, ledger)).map(({ text }) => text));
    for (const text of ['research/', SECRET, state.patientId, state.salt, file.file]) {
      assert.ok(!told.has(text), text);
    }
    assert.ok(told.has(state.handle));
    assert.ok(!told.has(careState.patientId));
  });
});
