import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { backUp } from '../../backup/backUp.ts';
import { folderTarget } from '../../backup/folderTarget.ts';
import { httpAgent } from '../../client/agent/httpAgent.ts';
import { httpOperator } from '../../client/operator/httpOperator.ts';
import { enrol } from '../../client/party/enrol.ts';
import { memoryDevice } from '../../client/party/memoryDevice.ts';
import { openParty, type Party } from '../../client/party/Party.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { OperatorPort } from '../../protocol/operator/OperatorPort.ts';
import type { PartyApplication } from '../../protocol/operator/PartyApplication.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { Role } from '../../protocol/vocabulary.ts';
import { parseConfiguration } from '../configuration/parseConfiguration.ts';
import { foundAlone } from '../founding/foundAlone.ts';
import { openNodeFolder } from '../NodeFolder.ts';
import type { RunningNode } from '../openNode.ts';
import { createLogger } from '../operate/createLogger.ts';
import { runNode, type NodeProcess } from '../runNode.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { readOperatorAccess } from './OperatorCode.ts';

const ports = await machinePorts();
const lines: string[] = [];
let path: string;
let node: NodeProcess;
let running: RunningNode;
let operator: OperatorPort;
let code: string;

before(async () => {
  path = await scratchFolder();
  const create = { demo: false, hosts: ['hospital', 'laboratory', 'insurer'] };
  const folder = await openNodeFolder(path, { ports, create });
  await foundAlone(folder, ports);
  await folder.close();
  const free = ['listen.port', 'operate.port', 'ledger.port'].map((key) => [key, '0'] as const);
  node = await runNode({
    folder: await openNodeFolder(path, { ports }),
    configuration: parseConfiguration({ line: new Map([...free, ['log.level', 'trace']]) }),
    ports,
    log: createLogger({ level: 'trace', format: 'json', write: (line) => void lines.push(line) }),
    version: '1.2.3',
  });
  running = await node.ready;
  const access = await readOperatorAccess(await openFolder(path));
  code = access.code;
  operator = httpOperator(access.url, code);
});
after(async () => {
  await node.stop();
  await rm(path, { recursive: true });
});

function silent(): undefined {
  return undefined;
}

async function newcomer(): Promise<Party> {
  return await openParty({
    ...ports,
    seed: ports.random(32),
    network: running.file,
    agent: httpAgent(`${node.urls.agents}/hospital`),
    log: 'care/hospital',
    device: memoryDevice(),
  });
}

function asApplied({ address, recipient }: Party, role: Role): PartyApplication {
  const { primitives } = ports;
  return {
    party: address,
    role,
    organisation: 'hospital',
    recipient: recipientHash(primitives, recipient),
  };
}

async function apply(party: Party, role: Role = 'doctor'): Promise<void> {
  await enrol(party, { role, organisation: 'hospital' });
}

/** Standing of an applicant with each member, as one member's operator sees it. */
async function standing(member: Organisation, { address }: Party): Promise<string | undefined> {
  const all = await operator.applications();
  return all
    .find((each) => each.member === member && each.application.party === address)
    ?.members.map(({ organisation, stands }) => `${organisation} ${stands}`)
    .join(', ');
}

/** Has somebody enrolled by two members. */
async function enrolled(): Promise<Party> {
  const party = await newcomer();
  const application = asApplied(party, 'doctor');
  for (const member of ['hospital', 'laboratory']) {
    await assert.rejects(apply(party), failsWith('NOT_YET'));
    await operator.approve({ member, application });
  }
  await apply(party);
  return party;
}

describe('applications that an operator decides about', () => {
  it('are enrolled once a quorum approved, each member by its own operator, who sees how far it is', async () => {
    const party = await newcomer();
    const application = asApplied(party, 'doctor');
    await assert.rejects(apply(party), failsWith('NOT_YET'));
    const unknown = 'laboratory unknown, insurer unknown';
    assert.equal(await standing('hospital', party), `hospital waits, ${unknown}`);
    assert.equal(await standing('laboratory', party), undefined);
    await operator.approve({ member: 'hospital', application });
    assert.equal(await standing('hospital', party), `hospital approved, ${unknown}`);
    await assert.rejects(apply(party), failsWith('NOT_YET'));
    const others = 'laboratory waits, insurer waits';
    assert.equal(await standing('hospital', party), `hospital approved, ${others}`);
    assert.equal(await standing('laboratory', party), `hospital approved, ${others}`);
    await operator.approve({ member: 'laboratory', application });
    await apply(party);
    assert.equal(await standing('hospital', party), undefined);
    assert.equal(await standing('insurer', party), undefined);
    const { parties } = await operator.parties(party.address);
    assert.deepEqual(
      parties.map(({ party: found, role, suspended }) => ({ found, role, suspended })),
      [{ found: party.address, role: 'doctor', suspended: false }],
    );
  });

  it('are approved as they were shown, or not at all: altered, again, unasked, or by nobody’s member', async () => {
    const party = await newcomer();
    const application = asApplied(party, 'nurse');
    const other = failsWith('APPLICATION_OTHER');
    const member = 'hospital';
    await assert.rejects(operator.approve({ member, application }), other);
    await assert.rejects(apply(party, 'nurse'), failsWith('NOT_YET'));
    // The applicant alters it after it was shown.
    await assert.rejects(apply(party, 'doctor'), failsWith('NOT_YET'));
    await assert.rejects(operator.approve({ member, application }), other);
    await assert.rejects(apply(party, 'nurse'), failsWith('NOT_YET'));
    await assert.rejects(
      operator.approve({ member, application: { ...application, organisation: 'laboratory' } }),
      other,
    );
    // It has not come to this member.
    await assert.rejects(operator.approve({ member: 'insurer', application }), other);
    await assert.rejects(
      operator.approve({ member: 'stranger', application }),
      failsWith('NOT_FOUND', { what: 'member of the authority' }),
    );
    await operator.approve({ member, application });
    await assert.rejects(operator.approve({ member, application }), other);
    assert.equal(
      await standing('hospital', party),
      'hospital approved, laboratory unknown, insurer unknown',
    );
  });

  it('are declined as they were shown, with a reason that the applicant hears, until they are approved after all', async () => {
    const party = await newcomer();
    const application = asApplied(party, 'nurse');
    const member = 'hospital';
    const reason = 'other-role' as const;
    const other = failsWith('APPLICATION_OTHER');
    await assert.rejects(operator.decline({ member, application, reason }), other);
    await assert.rejects(apply(party, 'nurse'), failsWith('NOT_YET'));
    const altered = { ...application, role: 'doctor' } as const;
    await assert.rejects(operator.decline({ member, application: altered, reason }), other);
    await assert.rejects(
      operator.decline({ member: 'stranger', application, reason }),
      failsWith('NOT_FOUND', { what: 'member of the authority' }),
    );
    await assert.rejects(
      operator.decline({ member, application, reason: 'I said so' as typeof reason }),
      { code: 'REQUEST_MALFORMED' },
    );
    await operator.decline({ member, application, reason });
    await assert.rejects(apply(party, 'nurse'), failsWith('APPLICATION_DECLINED', { reason }));
    assert.equal(
      await standing('hospital', party),
      'hospital declined, laboratory unknown, insurer unknown',
    );
    const shown = (await operator.applications()).find((each) => each.reason !== undefined);
    assert.equal(shown?.reason, reason);
    await operator.approve({ member, application });
    await assert.rejects(apply(party, 'nurse'), failsWith('NOT_YET'));
    // Another member declines, and the others can still make the quorum.
    await operator.decline({ member: 'insurer', application, reason });
    await assert.rejects(apply(party, 'nurse'), failsWith('NOT_YET'));
    assert.equal(
      await standing('hospital', party),
      'hospital approved, laboratory waits, insurer declined',
    );
    await operator.decline({ member: 'laboratory', application, reason });
    await assert.rejects(apply(party, 'nurse'), failsWith('APPLICATION_DECLINED', { reason }));
    await operator.approve({ member: 'laboratory', application });
    await apply(party, 'nurse');
    assert.equal(await standing('hospital', party), undefined);
  });

  it('of one address give up a place of that address, once all are taken', async () => {
    const folder = join(path, 'authority/hospital/waiting');
    const before = await readdir(folder);
    const { recipient } = asApplied(await newcomer(), 'doctor');
    const added = Array.from({ length: 1000 - before.length }, (_, number) => {
      const party = `0x${number.toString(16).padStart(40, '0')}`;
      const text = JSON.stringify({ party, role: 'doctor', organisation: 'hospital', recipient });
      return [join(folder, `${party}.json`), text] as const;
    });
    await Promise.all(added.map(async ([file, text]) => await writeFile(file, text)));
    const own = await Promise.all([newcomer(), newcomer()]);
    for (const party of own) await assert.rejects(apply(party), failsWith('NOT_YET'));
    const names = await readdir(folder);
    assert.equal(names.length, 1000);
    const has = own.map(({ address }) => names.includes(`${address}.json`));
    assert.deepEqual(has, [false, true], 'both came from one address');
    await Promise.all(added.map(async ([file]) => await rm(file, { force: true })));
  });

  it('are refused of somebody who has that key already, and nothing is shown of them', async () => {
    const party = await enrolled();
    await assert.rejects(
      apply(party, 'nurse'),
      failsWith('ENROLMENT_REFUSED', { reason: 'the party is enrolled already' }),
    );
    assert.equal(await standing('hospital', party), undefined);
  });
});

describe('suspensions that an operator signs', () => {
  it('hold once a quorum signed the same words, one member after the other', async () => {
    const { address: party } = await enrolled();
    const draft = await operator.draft({ party, suspended: true });
    assert.deepEqual([draft.signedBy, draft.missing, draft.party.suspended], [[], 2, false]);
    const { signed } = await operator.sign({ member: 'hospital', signed: draft.signed });
    const again = await operator.sign({ member: 'hospital', signed });
    assert.deepEqual([again.signedBy, again.missing, again.placed], [['hospital'], 1, undefined]);
    const shown = await operator.review(signed);
    assert.deepEqual([shown.signedBy, shown.missing], [['hospital'], 1]);
    const done = await operator.sign({ member: 'laboratory', signed });
    assert.deepEqual([done.signedBy, done.missing], [['hospital', 'laboratory'], 0]);
    assert.ok((done.placed?.block ?? 0) > 0);
    const { parties } = await operator.parties(party);
    assert.equal(parties[0]?.suspended, true);
    // The same words a second time are those of a change that was made.
    const late = failsWith('ARGUMENT_INVALID', {
      argument: 'suspension',
      reason: 'the file is about another party, or about the opposite change',
    });
    await assert.rejects(operator.sign({ member: 'laboratory', signed }), late);
    await assert.rejects(operator.sign({ member: 'insurer', signed: done.signed }), late);
    const back = await operator.draft({ party, suspended: false });
    assert.equal(back.signed.message.change, 2);
  });

  it('are refused of strangers, of nobody, twice, altered, too late, or for too long', async () => {
    const { address: party } = await enrolled();
    const member = 'hospital';
    const stranger = (await newcomer()).address;
    const unknown = failsWith('PARTY_UNKNOWN');
    await assert.rejects(operator.draft({ party: stranger, suspended: true }), unknown);
    const resumed = { argument: 'party', reason: 'it is not suspended' };
    await assert.rejects(
      operator.draft({ party, suspended: false }),
      failsWith('ARGUMENT_INVALID', resumed),
    );
    const { signed } = await operator.draft({ party, suspended: true });
    const { message } = signed;
    for (const [code, other] of [
      ['PARTY_UNKNOWN', { party: stranger }],
      ['ARGUMENT_INVALID', { suspended: false }],
      ['ARGUMENT_INVALID', { change: 2 }],
      ['ARGUMENT_INVALID', { deadline: 1 }],
      ['ARGUMENT_INVALID', { deadline: message.deadline + 40 * 24 * 3600 }],
    ] as const) {
      const altered = { message: { ...message, ...other }, signatures: [] };
      await assert.rejects(operator.sign({ member, signed: altered }), { code });
      assert.equal((await operator.parties(party)).parties[0]?.suspended, false);
    }
    const key = { address: stranger, signingKey: ports.random(32) };
    const context = { domain: domainOf(running.file), primitives: ports.primitives };
    const { signature } = sign(context, key, 'Suspension', message);
    await assert.rejects(
      operator.sign({ member, signed: { message, signatures: [signature] } }),
      failsWith('ARGUMENT_INVALID', {
        argument: 'suspension',
        reason: 'the file holds no suspension',
      }),
    );
    const nobody = failsWith('NOT_FOUND', { what: 'member of the authority' });
    await assert.rejects(operator.sign({ member: 'stranger', signed }), nobody);
  });
});

describe('what an operator is told of the node', () => {
  it('is how it stands, in the counts that its metrics have', async () => {
    const state = await operator.state();
    assert.deepEqual(state.organisations, ['hospital', 'laboratory', 'insurer']);
    assert.deepEqual([state.version, state.ready, state.waitingFor], ['1.2.3', true, []]);
    assert.deepEqual(state.authority, {
      members: ['hospital', 'laboratory', 'insurer'],
      threshold: 2,
    });
    assert.equal(state.logs.length, 9);
    assert.equal(state.logs.filter(({ own }) => own).length, 3);
    assert.ok((state.disk.free ?? 0) > state.disk.reserve);
    assert.ok((state.answered['agents 425'] ?? 0) > 0);
    assert.equal(state.backup, undefined);
  });

  it('has the last backup, which leaves the code out', async (t) => {
    const target = await scratchFolder();
    t.after(async () => await rm(target, { recursive: true }));
    const folder = join(target, 'copy');
    await backUp({ data: path, target: await folderTarget(folder), ports, progress: silent });
    assert.ok(((await operator.state()).backup ?? 0) > 1_700_000_000);
    const names = await readdir(folder);
    assert.ok(names.includes('network.json'));
    assert.ok(!names.includes('operator.json'));
  });

  it('is refused on a socket that names another host, whatever else it says', async () => {
    const { port } = new URL(node.urls.operate);
    for (const [host, status] of [
      [`127.0.0.1:${port}`, 200],
      [`evil.example:${port}`, 403],
      [`127.0.0.1.evil.example:${port}`, 403],
      [`127.0.0.1:${port}@evil.example`, 400],
    ] as const) {
      const headers = { host, authorization: `Bearer ${code}` };
      const asked = request({ port, host: '127.0.0.1', path: '/v1/operator/state', headers }).end();
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      answer.resume();
      assert.equal(answer.statusCode, status, host);
    }
  });

  it('leaves neither the code nor a party in the log', () => {
    const said = lines.join('');
    assert.match(
      said,
      /"member":"hospital","role":"doctor","organisation":"hospital","event":"application approved"/,
    );
    assert.match(
      said,
      /"member":"laboratory","suspended":true,"missing":0,"event":"suspension signed"/,
    );
    assert.ok(!said.includes(code));
    assert.doesNotMatch(said, /0x[0-9a-f]{16}/);
  });
});

describe('the operator of an organisation that is suspended', () => {
  it('approves and signs nothing', async () => {
    const party = await newcomer();
    const application = asApplied(party, 'doctor');
    await assert.rejects(apply(party), failsWith('NOT_YET'));
    const account = running.organisations.get('laboratory')?.sender.address;
    assert.ok(account);
    const { signed } = await operator.draft({ party: account, suspended: true });
    const first = await operator.sign({ member: 'hospital', signed });
    await operator.sign({ member: 'insurer', signed: first.signed });
    const member = 'laboratory';
    const suspended = failsWith('PARTY_SUSPENDED');
    await assert.rejects(operator.approve({ member, application }), suspended);
    const back = await operator.draft({ party: account, suspended: false });
    await assert.rejects(operator.sign({ member, signed: back.signed }), suspended);
  });
});
