import { addRecord } from '../../src/client/records/addRecord.ts';
import { commitEpochs } from '../../src/client/epochs/commitEpochs.ts';
import { requestAccess } from '../../src/client/letters/accessRequests.ts';
import { checkInbox } from '../../src/client/care/inbox/checkInbox.ts';
import { enrol } from '../../src/client/party/enrol.ts';
import { fetchReceipt } from '../../src/client/audit/fetchReceipt.ts';
import { grantRight } from '../../src/client/rights/grantRight.ts';
import { httpAgent } from '../../src/client/agent/httpAgent.ts';
import type { Fetch } from '../../src/client/agent/operationCalls.ts';
import { memoryDevice } from '../../src/client/party/memoryDevice.ts';
import { openParty, type Party } from '../../src/client/party/Party.ts';
import { readPatientState, type KnownGrant } from '../../src/client/state/PatientState.ts';
import { readAudit } from '../../src/client/audit/readAudit.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import { readHistory } from '../../src/client/records/readHistory.ts';
import { readRecord } from '../../src/client/records/readRecord.ts';
import { restorePatient } from '../../src/client/state/restorePatient.ts';
import { revokeRight } from '../../src/client/rights/revokeRight.ts';
import { networkApp } from '../../src/http/networkApp.ts';
import { LONGEST_WAIT } from '../../src/services/agent/awaitEntries.ts';
import { TestClock } from '../../src/ledger/test/TestClock.ts';
import { BEGIN, startTestNetwork, type TestNetwork } from '../../src/node/test/testNetwork.ts';
import type { Clock } from '../../src/protocol/Clock.ts';
import type { Acknowledgement, Receipt } from '../../src/protocol/evidence/evidence.ts';
import { verifyReceipt } from '../../src/protocol/evidence/verifyReceipt.ts';
import type { History } from '../../src/protocol/evidence/evidence.ts';

/** A request that an honest client made, and what was answered. */
export interface Exchange {
  readonly method: string;
  /** Behind the agent's address. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer<ArrayBuffer>;
  readonly status: number;
}

/** A small network in memory whose records a release key guards, an HTTP door before it, and people who do everything once. */
export interface Life {
  readonly network: TestNetwork;
  readonly patient: Party;
  readonly doctor: Party;
  readonly right: KnownGrant;
  readonly receipt: Receipt;
  readonly acknowledgement: Acknowledgement;
  readonly history: History;
  /** All that was asked for. */
  readonly exchanges: readonly Exchange[];
  /** The agents' door, as a client's `fetch`. */
  readonly fetch: Fetch;
  /** Lets a party do all that it does, and looks at each answer: what is in between may have altered it. */
  relive(fetch: Fetch, what: number): Promise<void>;
  close(): Promise<void>;
}

const URL = 'http://127.0.0.1/hospital';
/** Number of things that `relive` can do. */
export const DEEDS = 8;

/** Starts a network, and has a patient and a doctor do everything once. */
export async function startLife(seed = 'life'): Promise<Life> {
  const network = await startTestNetwork({
    seed,
    guarded: true,
    clock: new PassingWaits(BEGIN * 1000),
  });
  const app = networkApp(new Map([['hospital', network.agent()]]), {
    clock: network.clock,
    limits: { burst: 1e9, requestsPerSecond: 1e9 },
  });
  const fetch: Fetch = async (url, init = {}) => {
    // Whoever asks for a checkpoint may wait for one that was promised.
    if (url.endsWith('/v1/checkpoints/care/hospital')) await network.checkpoint();
    const headers = new Headers(init.headers);
    headers.set('host', '127.0.0.1');
    return await app.request(url, { ...init, headers });
  };
  const exchanges: Exchange[] = [];
  const recording: Fetch = async (url, init = {}) => {
    const request = new Request(url, { ...init });
    const body = init.body === undefined ? undefined : Buffer.from(await request.arrayBuffer());
    const {
      signal: _,
      duplex: _half,
      ...rest
    } = init as RequestInit & { readonly duplex?: string };
    const answer = await fetch(url, { ...rest, ...(body && { body }) });
    exchanges.push({
      method: init.method ?? 'GET',
      path: url.slice(URL.length),
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(body && { body }),
      status: answer.status,
    });
    return answer;
  };
  const open = async (agent: Fetch, options: { readonly seed?: Uint8Array } = {}): Promise<Party> =>
    await openParty({
      ...network.ports,
      clock: hurrying(network.clock),
      seed: options.seed ?? network.ports.random(32),
      network: network.file,
      agent: httpAgent(URL, agent),
      log: 'care/hospital',
      device: memoryDevice(),
    });

  const patient = await open(recording);
  const doctor = await open(recording);
  await enrol(patient, { role: 'patient', organisation: 'hospital' });
  await enrol(doctor, { role: 'doctor', organisation: 'hospital' });
  await commitEpochs(patient, 16);
  const { handle } = await readPatientState(patient);
  const purpose = 'TREAT';
  const right = await grantRight(patient, {
    grantee: doctor.address,
    categories: ['laboratory', 'other'],
    actions: ['read', 'add'],
    purpose,
    until: BEGIN + 3600,
  });
  const { grant } = right;
  const content = Buffer.from('{"resourceType":"Observation"}');
  const added = await addRecord(doctor, {
    handle,
    purpose,
    grant,
    category: 'laboratory',
    content,
  });
  await network.checkpoint();
  const { acknowledgement } = added;
  const receipt = await fetchReceipt(doctor, acknowledgement);
  const history = await readHistory(doctor, receipt.checkpoint);
  const deeds: readonly ((party: { patient: Party; doctor: Party }) => Promise<unknown>)[] = [
    async ({ doctor: reader }) => {
      const chart = await readChart(reader, { handle, grant, purpose });
      for (const each of chart.records) await readRecord(reader, chart, each);
    },
    async ({ doctor: author }) =>
      await addRecord(author, { handle, purpose, grant, category: 'other', content }),
    async ({ doctor: holder }) => {
      verifyReceipt(holder, network.file, await fetchReceipt(holder, acknowledgement));
    },
    async ({ patient: subject }) => await readAudit(subject),
    async ({ doctor: asker, patient: asked }) => {
      const terms = {
        categories: ['other'],
        actions: ['read'],
        purpose,
        until: BEGIN + 900,
      } as const;
      await requestAccess(asker, { handle, ...terms });
      await checkInbox(asked);
    },
    async ({ patient: giver }) => {
      const given = { grantee: doctor.address, categories: ['other'], actions: ['read'] } as const;
      const { digest } = await grantRight(giver, { ...given, purpose, until: BEGIN + 1800 });
      await revokeRight(giver, digest);
    },
    async ({ patient: lost }) => await restorePatient(lost),
    async ({ doctor: holder }) => {
      await holder.agent.card(patient.address);
      await holder.agent.blocks({ from: 0 });
      await holder.agent.batches({ log: holder.log, from: 0 });
      await holder.agent.entries({ log: holder.log, from: 0 });
      await holder.agent.checkpoints({ log: holder.log, from: 0 });
      await holder.agent.consistency({ log: holder.log, from: 1, to: 2 });
      await holder.agent.inclusion({ log: holder.log, index: 0, size: 2 });
      await readHistory(holder, receipt.checkpoint);
    },
  ];
  for (const deed of deeds) await deed({ patient, doctor });

  return {
    network,
    patient,
    doctor,
    right,
    receipt,
    acknowledgement,
    history,
    exchanges,
    fetch,
    async relive(through, what) {
      const agent = httpAgent(URL, through);
      // One deed must not spoil the next.
      const at = { patient: await copyOf(patient), doctor: await copyOf(doctor) };
      await deeds[what % DEEDS]?.({
        patient: { ...at.patient, agent },
        doctor: { ...at.doctor, agent },
      });
    },
    close: async () => await network.close(),
  };
}

/** A clock that stands, and at which a chart is not held back: an altered request names entries that never come. */
class PassingWaits extends TestClock {
  override after(milliseconds: number, run: () => void): () => void {
    if (milliseconds !== LONGEST_WAIT) return super.after(milliseconds, run);
    const timer = setImmediate(run);
    return () => clearImmediate(timer);
  }
}

/** A clock on which no one waits: whatever is due later is due at once, and time goes on meanwhile. */
function hurrying(clock: Clock): Clock {
  let ahead = 0;
  return {
    now: () => clock.now() + ahead,
    after(milliseconds, run) {
      const timer = setTimeout(() => {
        ahead += Math.min(milliseconds, 10);
        run();
      }, 1);
      return () => clearTimeout(timer);
    },
  };
}

async function copyOf(party: Party): Promise<Party> {
  const device = memoryDevice();
  for (const name of ['patient', 'asked', 'asked-for', 'rights']) {
    const value = await party.device.read(name);
    if (value !== undefined) await device.write(name, value);
  }
  return { ...party, device };
}
