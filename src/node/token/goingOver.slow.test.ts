import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fetchReceipt } from '../../client/audit/fetchReceipt.ts';
import { commitEpochs } from '../../client/epochs/commitEpochs.ts';
import { enrol } from '../../client/party/enrol.ts';
import { memoryDevice } from '../../client/party/memoryDevice.ts';
import { openParty, type Party } from '../../client/party/Party.ts';
import { makeLaterKeys } from '../../folder/organisationKeys.ts';
import { identityOf } from '../../folder/OrganisationIdentity.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { seconds, type Clock } from '../../protocol/Clock.ts';
import { verifyReceipt } from '../../protocol/evidence/verifyReceipt.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { officeChangesOf } from '../../protocol/network/officeChangesOf.ts';
import { draftSuccessor, signSuccessor } from '../../protocol/network/signSuccessor.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import { successorOf } from '../../protocol/network/successorOf.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { IdentityFile } from '../founding/identityFiles.ts';
import { changedTerms } from '../succession/changedTerms.ts';
import { addTo } from '../test/foundFolder.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { TrialNodes } from '../test/TrialNodes.ts';
import { PkcsToken } from './PkcsToken.ts';
import { makeFakeToken, type TestToken } from './test/startFakeToken.ts';

/** A network of three, of which one goes over from keys in its folder to keys in a token. */

const NAMES = ['hospital', 'laboratory', 'insurer'] as const;
const OWNER = 'laboratory';
const DAY = 24 * 3600;
const machine = await machinePorts();
/** Seconds by which the clock of everybody is ahead, so that delays pass. */
let ahead = 0;
const clock: Clock = {
  now: () => machine.clock.now() + ahead * 1000,
  after: (milliseconds, run) => machine.clock.after(milliseconds, run),
};
const ports = { ...machine, clock };
let root: string;
let nodes: TrialNodes;
let network: NetworkFile;
let fake: TestToken;

before(async () => {
  root = await scratchFolder();
  fake = await makeFakeToken(join(root, 'token'));
  await fake.is({ perLabel: true });
  nodes = new TrialNodes(root, ports);
  await nodes.listen(NAMES);
  network = await nodes.found(NAMES);
});
after(async () => {
  await nodes.close();
  await rm(root, { recursive: true });
});

async function patientOf(name: Organisation): Promise<Party> {
  const place = { agent: nodes.agentOf(name), log: `care/${name}`, device: memoryDevice() };
  const network = nodes.at(name).file;
  const patient = await openParty({ ...ports, ...place, seed: ports.random(32), network });
  await enrol(patient, { role: 'patient', organisation: name });
  await commitEpochs(patient, 3);
  return patient;
}

/** Makes the keys in the token, and returns the identity file that names them. */
async function newIdentity(): Promise<IdentityFile> {
  const { settings } = fake;
  const { primitives } = ports;
  nodes.tokens.set(OWNER, () => new PkcsToken({ ...settings, primitives, patience: 60_000 }));
  await nodes.inFolder(OWNER, async ({ homes: [home], token }) => {
    assert.ok(home !== undefined && token !== undefined);
    const held = { ...ports, token: { organisation: OWNER, keys: token } };
    await makeLaterKeys(home.folder.files, held, true);
  });
  return await nodes.inFolder(OWNER, async ({ homes: [home] }) => {
    assert.ok(home !== undefined);
    const { keys, authorityKey, later } = home;
    const [coordinator = assert.fail()] = later.node.seats;
    const [sender = assert.fail()] = later.node.senders;
    const identity = identityOf(OWNER, { ...keys, coordinator, sender }, authorityKey, false);
    return await Promise.resolve({
      format: 'medseal-identity/1',
      ...identity,
      url: `http://${OWNER}.example`,
    });
  });
}

async function changeTo(identity: IdentityFile): Promise<Successor> {
  const wish = { identities: [identity], newKeys: [OWNER] };
  const from = seconds(clock) + 3 * DAY + 600;
  const terms = changedTerms(ports.primitives, network, { ...wish, from });
  const made = successorOf(ports.primitives, network, terms);
  const offices = officeChangesOf(network, made).map((each) => {
    return { ...each, change: 1, deadline: seconds(clock) + DAY };
  });
  let successor = draftSuccessor(ports, network, terms, { offices });
  for (const name of ['hospital', 'insurer'] as const) {
    successor = await nodes.inFolder(name, async ({ homes: [home = assert.fail()] }) => {
      const keys = [home.keys.coordinator, home.authorityKey];
      return await Promise.resolve(signSuccessor(ports, network, successor, keys));
    });
  }
  return successor;
}

describe('an organisation that goes over to keys in a token', () => {
  it('signs with them once a successor of the network file names them', async () => {
    const identity = await newIdentity();
    const successor = await changeTo(identity);
    await nodes.startAll(NAMES);
    for (const name of NAMES) await nodes.agentOf(name).succeed(successor);
    await nodes.stopAll();
    ahead += 3 * DAY + 1200;
    await nodes.startAll(NAMES);
    const { file } = nodes.at(OWNER);
    const seats = file.channels.flatMap(({ coordinators }) => coordinators);
    assert.ok(seats.some(({ address }) => address === identity.coordinator));
    const patient = await patientOf(OWNER);
    const receipt = await fetchReceipt(patient, await addTo(patient, new Uint8Array(90)));
    const context = { domain: domainOf(network), primitives: ports.primitives };
    verifyReceipt(context, nodes.at('insurer').file, receipt, { strict: true });
    assert.ok((await fake.starts()).length > 1);
  });

  it('does not keep the others from going on while the token is away', async () => {
    await fake.is({ does: 'absent' });
    const patient = await patientOf('hospital');
    const { verdicts } = await addTo(patient, new Uint8Array(80));
    assert.deepEqual(verdicts.length, 2);
  });
});
