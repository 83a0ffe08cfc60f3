import type { Bundle } from '@medplum/fhirtypes';
import assert from 'node:assert/strict';
import { utf8ToBytes } from '../../../../crypto/bytes.ts';
import { fillForm } from '../../../../fhir/forms/fillForm.ts';
import { readReport, type ReportValues } from '../../../../fhir/forms/reportForm.ts';
import {
  BEGIN,
  behind,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../../node/test/testNetwork.ts';
import type { AgentPort } from '../../../../protocol/AgentPort.ts';
import {
  ZERO32,
  type Address,
  type Bytes32,
  type Handle,
  type RecordId,
} from '../../../../protocol/ids.ts';
import { handOver } from '../../../letters/accessRequests.ts';
import type { Party } from '../../../party/Party.ts';
import { addBundle } from '../../../records/addBundle.ts';
import { nameOfContent } from '../../../records/addedOnce.ts';
import { addRecord } from '../../../records/addRecord.ts';
import type { LoggedVersion } from '../../../records/logVersion.ts';
import { readChart } from '../../../records/readChart.ts';
import { readRecord } from '../../../records/readRecord.ts';
import { grantRight, type GrantGiven } from '../../../rights/grantRight.ts';
import { checkInbox } from '../../inbox/checkInbox.ts';
import { answerOrder, type OrderAnswered } from '../answerOrder.ts';
import { listOrders, type OrdersOnChart } from '../listOrders.ts';
import { readOrders, type OrderRead } from '../readOrders.ts';
import { tellOrder } from '../tellOrder.ts';

/** A moment before the test, as forms take it. */
export const TAKEN = `${new Date(BEGIN * 1000).toISOString().slice(0, 19)}Z`;

/** A report that nobody must act upon. */
export const NORMAL: ReportValues = {
  report: { taken: TAKEN, conclusion: 'Better than last time.' },
  results: [{ test: 'HbA1c', value: '6.70', unit: '%', low: '4', high: '5.6' }],
};

/** Starts a network with a doctor who may order on a chart, and a laboratory without a right. */
export async function startOrderStage(): Promise<OrderStage> {
  const network = await startTestNetwork({ cared: true });
  const care = await startCare(network);
  const lab = await network.party('lab', { organisation: 'laboratory' });
  await handOver(care.patient, care.right);
  await checkInbox(care.doctor);
  return new OrderStage(network, care, lab);
}

/** A doctor, a laboratory and a chart, for tests of orders. */
export class OrderStage {
  readonly network: TestNetwork;
  readonly care: Care;
  readonly lab: Party;

  /** @param network - Of several organisations. */
  constructor(network: TestNetwork, care: Care, lab: Party) {
    this.network = network;
    this.care = care;
    this.lab = lab;
  }

  /** Gives a laboratory what it needs to answer orders. */
  async share(to: Party): Promise<GrantGiven> {
    return await this.#share(to, ['read', 'add']);
  }

  /** Lets the laboratory correct what it wrote, too. */
  async shareToAmend(to = this.lab): Promise<GrantGiven> {
    return await this.#share(to, ['read', 'add', 'amend']);
  }

  async #share(to: Party, actions: readonly ('read' | 'add' | 'amend')[]): Promise<GrantGiven> {
    const given = await grantRight(this.care.patient, {
      grantee: to.address,
      categories: ['procedures', 'reports', 'laboratory'],
      actions,
      purpose: 'TREAT',
      until: BEGIN + 86_400,
    });
    await handOver(this.care.patient, given);
    await checkInbox(to);
    return given;
  }

  /** Puts the next version of a record of the laboratory on the chart, with the same words, or withdraws it. */
  async amend(
    { grant }: GrantGiven,
    written: OrderAnswered['records'][number],
    withdraws = false,
  ): Promise<void> {
    const { handle } = this.care;
    const chart = await readChart(this.lab, { handle, grant, purpose: 'TREAT' });
    const found = chart.records.find((each) => each.record === written.record);
    const { content } = await readRecord(this.lab, chart, found ?? assert.fail());
    const amends = { ...written, begunBy: this.lab.address, about: ZERO32 } as const;
    const { category } = written;
    const terms = { handle, category, purpose: 'TREAT', grant } as const;
    await addRecord(this.lab, {
      ...terms,
      content: withdraws ? new Uint8Array() : content,
      amends,
    });
    await this.copied();
  }

  /** Lets each organisation have what the others wrote. */
  async copied(): Promise<void> {
    for (const each of ['hospital', 'laboratory']) await this.network.checkpoint(each);
  }

  /** Puts an order of the doctor on the chart, and tells the laboratory if it is named. */
  async order(laboratory?: Address, service = 'HbA1c'): Promise<LoggedVersion> {
    const { doctor, handle, right } = this.care;
    const values = { service, ordered: TAKEN, ...(laboratory && { laboratory }) };
    const bundle = fillForm('order', values, { handle, author: doctor.address, at: BEGIN });
    const added = await addBundle(doctor, { handle, bundle, purpose: 'TREAT', grant: right.grant });
    const placed = added.records[0] ?? assert.fail();
    await tellOrder(doctor, { ...placed, handle, ...(laboratory && { laboratory }) });
    await this.copied();
    return placed;
  }

  /** Answers an order with what was typed. */
  async answer(
    by: Party,
    record: RecordId,
    values: ReportValues = NORMAL,
    filling = 'one',
  ): Promise<OrderAnswered> {
    const { handle } = this.care;
    const bundle = reportBundle(by, handle, record, values);
    const once = await nameOfContent(by, handle, [utf8ToBytes(JSON.stringify(values))], filling);
    const answered = await answerOrder(by, { handle, record, bundle, once });
    await this.copied();
    return answered;
  }

  /** The list of a party. */
  async todo(party: Party, everywhere = false): Promise<readonly OrdersOnChart[]> {
    const all: OrdersOnChart[] = [];
    for await (const each of listOrders(party, everywhere)) all.push(each);
    return all;
  }

  /** The orders in the list of a party. */
  async ordersOf(party: Party, everywhere = false): Promise<readonly OrderRead[]> {
    return (await this.todo(party, everywhere)).flatMap(({ orders }) => orders);
  }

  /** The orders of the chart, as the patient reads them. */
  async onChart(): Promise<readonly OrderRead[]> {
    const { patient, handle } = this.care;
    const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
    return (await readOrders(patient, chart)).orders;
  }
}

/** The resources of a report. */
export function reportBundle(
  by: Party,
  handle: Handle,
  record: RecordId,
  values: ReportValues = NORMAL,
): Bundle {
  const request = { code: { text: 'HbA1c' } };
  const context = { handle, author: by.address, at: BEGIN, order: { record, request } };
  const { bundle, faults } = readReport(values, context);
  assert.ok(bundle, JSON.stringify(faults));
  return bundle;
}

/** A party whose node has lost one file. */
export function withoutFile(party: Party, file: Bytes32): Party {
  const { agent } = party;
  const download: AgentPort['download'] = async function* lost(ticket, hash) {
    for await (const piece of agent.download(ticket, hash)) {
      yield hash === file ? piece.map((byte) => byte ^ 1) : piece;
    }
  };
  return behind(party, { download });
}
