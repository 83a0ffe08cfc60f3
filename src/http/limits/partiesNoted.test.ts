import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { readAudit } from '../../client/audit/readAudit.ts';
import { handOver } from '../../client/letters/accessRequests.ts';
import { checkInbox } from '../../client/care/inbox/checkInbox.ts';
import type { Party } from '../../client/party/Party.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import { readChart } from '../../client/records/readChart.ts';
import { lookForRights } from '../../client/rights/lookForRights.ts';
import { readRecord } from '../../client/records/readRecord.ts';
import { grantRight } from '../../client/rights/grantRight.ts';
import {
  BEGIN,
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import { answerFor, noteParty, type AnswerWork } from '../callers/callerNow.ts';

let network: TestNetwork;
let care: Care;
/** Parties that each method of the agent was noted to be for. */
const noted = new Map<string, Set<string>>();

before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
after(async () => await network.close());

function note(name: string, work: AnswerWork): void {
  noted.set(name, new Set([...(noted.get(name) ?? []), ...work.parties()]));
}

/** Values that each method was called with. */
const sent = new Map<string, unknown[][]>();

/** Accounts that an answer is charged to: what a party must have sent itself, and what others can send again. */
async function chargedFor(party: Party, name: string, values: unknown[]): Promise<Set<string>> {
  const method = party.agent[name as keyof AgentPort] as (...all: unknown[]) => Promise<unknown>;
  return await answerFor('stranger', async (work) => {
    await method(...values).catch(() => undefined);
    return new Set(work.parties());
  });
}

/** The party at an agent that answers as a server has it answer. */
function served(party: Party): Party {
  const agent = new Proxy(party.agent, {
    get: (target, name: keyof AgentPort) => {
      const method = target[name] as (...values: unknown[]) => Promise<unknown>;
      if (name === 'download') {
        return async function* (...values: Parameters<AgentPort['download']>) {
          const parts: Uint8Array[] = [];
          await answerFor(name, async (work) => {
            for await (const part of target.download(...values)) parts.push(part);
            note(name, work);
          });
          yield* parts;
        };
      }
      // An audit waits for a checkpoint above its own entry.
      if (name === 'checkpoint') {
        return async (...values: unknown[]) => {
          await network.checkpoint('hospital');
          return await method(...values);
        };
      }
      return async (...values: unknown[]) => {
        sent.set(name, [...(sent.get(name) ?? []), values]);
        return await answerFor(name, async (work) => {
          const answer = await method(...values);
          note(name, work);
          return answer;
        });
      };
    },
  });
  return { ...party, agent };
}

describe('what an agent does for a party', () => {
  // @class a request that a party signs, or has a ticket for | is charged to nobody, or to another
  it('is noted for it, whatever it signs or has a ticket for, and for nobody else', async () => {
    const { handle, right } = care;
    const [patient, doctor] = [served(care.patient), served(care.doctor)];
    const content = Uint8Array.of(1);
    await addRecord(patient, { handle, category: 'vitals', content, purpose: 'PATRQT' });
    await readChart(patient, { handle, purpose: 'PATRQT' });
    await readAudit(patient);
    await grantRight(patient, { ...everything(doctor), until: BEGIN + 999 });
    await handOver(patient, right);
    await checkInbox(doctor);
    const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
    const [record] = chart.records;
    await readRecord(doctor, chart, record ?? assert.fail());
    await lookForRights(doctor);
    const [own, others] = [care.patient.address, care.doctor.address];
    assert.deepEqual([...(noted.get('submit') ?? [])], [own, others]);
    for (const method of ['upload', 'audit', 'tallies', 'keep']) {
      assert.deepEqual([...(noted.get(method) ?? [])], [own], method);
    }
    // Its reader has the letter too.
    assert.deepEqual([...(noted.get('send') ?? [])], [`${own} again`]);
    for (const method of ['collect', 'download', 'findRights']) {
      assert.deepEqual([...(noted.get(method) ?? [])], [others], method);
    }
    for (const method of ['facts', 'network', 'card', 'sheet']) {
      assert.equal(noted.get(method)?.size ?? 0, 0, `${method} is open to everybody`);
    }
  });

  // @actor a patient with the audit that shows a doctor's signed views, anybody with the ledger, or a letter's reader | sends what the doctor signed again from a few addresses, so that the doctor's own requests are refused
  it('is charged apart where others can have it done again: an audit, the ledger and a letter have what it signed', async () => {
    const { patient, doctor } = care;
    const again = [doctor, patient].map(({ address }) => `${address} again`);
    for (const method of ['submit', 'send', 'submit']) {
      for (const values of sent.get(method) ?? []) {
        const accounts = await chargedFor(doctor, method, values);
        assert.ok(accounts.size === 1 && again.some((each) => accounts.has(each)), method);
      }
      // Requests that are late are refused, by whomever they are sent.
      network.clock.advance(3_600_000);
    }
  });

  // @actor a party that owes for its answers | adds what others signed before to its lists, so that they pay for most of it
  it('is charged to whoever sends it beside what others signed, not to them', async () => {
    const charged = new Map<string, number>();
    await answerFor('somebody', async (work) => {
      for (const name of ['one', 'sender', 'two']) {
        noteParty(name, (milliseconds) => void charged.set(name, milliseconds), name !== 'sender');
      }
      work.chargeParties(30);
      await Promise.resolve();
    });
    assert.deepEqual([...charged], [['sender', 30]]);
  });
});
