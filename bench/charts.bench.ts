/**
 * A patient's chart through a whole network in one process, on this disk: how fast small records are sealed and added,
 * how long a chart takes to open and where the time goes, what a grant costs on a short and on a long chart, and how
 * long the keys of 50 grantees take to turn.
 *
 * `node bench/charts.bench.ts [--records N] [--grantees N] [--json]`
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { addRecord } from '../src/client/records/addRecord.ts';
import { commitEpochs } from '../src/client/epochs/commitEpochs.ts';
import type { DeviceStore } from '../src/client/party/DeviceStore.ts';
import { enrol } from '../src/client/party/enrol.ts';
import { fetchVersion } from '../src/client/records/fetchVersion.ts';
import { grantRight } from '../src/client/rights/grantRight.ts';
import { openParty, type Party } from '../src/client/party/Party.ts';
import { readPatientState } from '../src/client/state/PatientState.ts';
import { readChart } from '../src/client/records/readChart.ts';
import { readRecords } from '../src/client/records/readRecords.ts';
import { revokeRight } from '../src/client/rights/revokeRight.ts';
import { collectBytes } from '../src/crypto/sealing/collectBytes.ts';
import { openBytes } from '../src/crypto/sealing/openBytes.ts';
import { openNetwork } from '../src/node/openNetwork.ts';
import type { AgentPort } from '../src/protocol/AgentPort.ts';
import type { Role } from '../src/protocol/vocabulary.ts';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '500' },
    grantees: { type: 'string', default: '50' },
    json: { type: 'boolean' },
  },
});
const records = Number(values.records);
const grantees = Number(values.grantees);
/** Bytes of a small record. */
const SMALL = 2000;

const folder = await mkdtemp(join(tmpdir(), 'medseal-bench-'));
const network = await openNetwork({ folder, demo: true, unguarded: true });
const until = Math.floor(Date.now() / 1000) + 3600;
const report: Record<string, string> = {};

function device(): DeviceStore {
  const kept = new Map<string, string>();
  return {
    read: async (name) => await Promise.resolve(JSON.parse(kept.get(name) ?? 'null') ?? undefined),
    write: async (name, value) => {
      kept.set(name, JSON.stringify(value));
      await Promise.resolve();
    },
  };
}

async function enrolled(role: Role): Promise<Party> {
  const agent = network.agents.get('hospital');
  if (agent === undefined) throw new Error('no agent');
  const { ports, file } = network;
  const seed = ports.random(32);
  const options = { network: file, agent, log: 'care/hospital', device: device() };
  const party = await openParty({ ...ports, seed, ...options });
  await enrol(party, { role, organisation: 'hospital' });
  return party;
}

function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

async function timed<Value>(run: () => Promise<Value>): Promise<[Value, number]> {
  const begun = performance.now();
  const value = await run();
  return [value, performance.now() - begun];
}

/** Gives a right; says how many bytes of grant and packet went to the agent. */
async function granted(patient: Party, to: Party): Promise<[`0x${string}`, number, number]> {
  let bytes = 0;
  const counting: AgentPort = new Proxy(patient.agent, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as (...sent: unknown[]) => unknown;
      return (...sent: unknown[]) => {
        if (name === 'submit') bytes += JSON.stringify(sent).length;
        return method(...sent);
      };
    },
  });
  const [{ digest }, ms] = await timed(
    async () =>
      await grantRight(
        { ...patient, agent: counting },
        {
          grantee: to.address,
          categories: ['vitals', 'laboratory'],
          actions: ['read'],
          purpose: 'TREAT',
          until,
        },
      ),
  );
  return [digest, bytes, ms];
}

try {
  const patient = await enrolled('patient');
  await commitEpochs(patient, 8);
  const { handle } = await readPatientState(patient);
  const content = new Uint8Array(SMALL).fill(7);
  const own = { handle, purpose: 'PATRQT' } as const;
  const [, emptyBytes, emptyMs] = await granted(patient, await enrolled('doctor'));

  const [, adding] = await timed(async () => {
    for (let number = 0; number < records; number++) {
      await addRecord(patient, { ...own, category: 'vitals', content });
    }
  });
  report['small records sealed and added, one after another'] =
    `${Math.round(records / (adding / 1000))}/s`;

  const [, fullBytes, fullMs] = await granted(patient, await enrolled('doctor'));
  report[`a grant on a chart of 0, of ${records} records`] =
    `${emptyBytes} bytes in ${emptyMs.toFixed(0)} ms, ${fullBytes} bytes in ${fullMs.toFixed(0)} ms`;

  const [chart, listing] = await timed(async () => await readChart(patient, own));
  let views = 0;
  const watched: Party = {
    ...patient,
    agent: {
      ...patient.agent,
      async submit(submissions) {
        const [outcomes, ms] = await timed(async () => await patient.agent.submit(submissions));
        views += ms;
        return outcomes;
      },
    },
  };
  const [opened, reading] = await timed(async () => {
    let count = 0;
    for await (const read of readRecords(watched, chart, chart.records)) {
      if ('error' in read) throw read.error;
      count += 1;
    }
    return count;
  });
  let unsealing = 0;
  const few = chart.records.slice(0, 100);
  const [, alone] = await timed(async () => {
    for (const record of few) {
      const { sealed } = await fetchVersion(patient, own, record);
      const file = await collectBytes(sealed.read());
      const [, ms] = await timed(
        async () =>
          await openBytes([chart.openerFor(record)], file, { cipher: network.ports.cipher }),
      );
      unsealing += ms;
    }
  });
  const unsealed = (unsealing / few.length) * opened;
  report[`a chart of ${opened} records opened`] =
    `${inSeconds(listing + reading)}: listed and checked ${inSeconds(listing)}, ` +
    `views made evidence ${inSeconds(views)}, ` +
    `fetched, checked, unsealed ${inSeconds(reading - views)} (unsealing alone takes ${inSeconds(unsealed)})`;
  report['the same, one record after another'] =
    `${inSeconds(listing + (alone / few.length) * opened)} (by ${few.length} of them)`;

  let last: `0x${string}` = '0x';
  for (let number = 0; number <= grantees; number++) {
    [last] = await granted(patient, await enrolled('nurse'));
  }
  const [, turning] = await timed(async () => await revokeRight(patient, last));
  report[`a revocation with ${grantees + 2} other grantees`] = `${turning.toFixed(0)} ms`;
} finally {
  await network.close();
  await rm(folder, { recursive: true });
}

if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
else
  for (const [what, value] of Object.entries(report)) {
    process.stdout.write(`${what.padEnd(52)} ${value}\n`);
  }
