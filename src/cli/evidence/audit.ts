import { readChartEvents, type ChartEvent } from '../../bindings/readChartEvents.ts';
import type { AuditEvent } from '../../client/audit/Audit.ts';
import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import { examineAudit } from '../../client/audit/examineAudit.ts';
import { keepAudit, recallAudit } from '../../client/audit/keptAudit.ts';
import {
  untoldRecords,
  viewedRecords,
  writesIn,
  type ViewedRecord,
} from '../../client/audit/viewedRecords.ts';
import type { Party } from '../../client/party/Party.ts';
import { faultsOf } from '../../client/audit/readAudit.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import type { Address } from '../../protocol/ids.ts';
import { namedLedger } from '../namedLedger.ts';
import { describeBody, describeMoment, short } from '../describeBody.ts';
import { namesOf } from '../contact/findContact.ts';
import { wholeChartViews } from '../../client/audit/wholeChartViews.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { describeList } from './describeList.ts';
import { enteredAfterwards } from './enteredAfterwards.ts';
import { writeAuditFhir } from './writeAuditFhir.ts';
import { tellWaiting } from '../tellWaiting.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { AUDITED, EVENT_TOLD } from './evidenceAnswers.ts';
import type { Of } from '../../protocol/struct/Of.ts';

/** Options of `medseal audit`. */
export interface AuditVerbOptions extends VisitorOptions {
  readonly rpc?: string;
  readonly fhir?: string;
  readonly afresh?: boolean;
}

/**
 * Tells a patient in plain words all that happened to the chart: every write, view and refusal in every log, and with
 * a ledger every change of the rules.
 *
 * @param terminal - Asks for the passphrase.
 * @param options - See `medseal audit --help`.
 */
export async function audit(
  terminal: Terminal,
  options: AuditVerbOptions,
): Promise<AnswerOf<typeof AUDITED>> {
  const visitor = await openVisitor(terminal, options);
  const { network, party } = visitor;
  const { ledger, unanswered } = await namedLedger(network, options);
  const found = await examineAudit(party, {
    kept: await recallAudit(party),
    ...(options.afresh === true && { afresh: true }),
    ...(ledger && { ledger }),
    ...tellWaiting(terminal),
  });
  await keepAudit(party, found).catch((error: unknown) => {
    // Without it, the next audit verifies all again.
    if (!isMedsealError(error)) throw error;
  });
  const rules = ledger ? await readChartEvents(ledger, network.contracts, found.handle) : [];
  const nameOf = namer(party, await namesOf(visitor));
  const events = found.logs
    .flatMap((log) => log.events)
    .toSorted((left, right) => (left.body?.at ?? 0) - (right.body?.at ?? 0));
  const afterwards = enteredAfterwards(events);
  const writes = writesIn(events);
  const whole = wholeChartViews(events);
  const told = await Promise.all(
    events.map(async (event) => {
      const records = viewedRecords(party.primitives, event, writes);
      return await tell(nameOf, event, afterwards, { records, isWhole: whole.has(event) });
    }),
  );
  const faults = faultsOf(found);
  const fhir =
    options.fhir === undefined
      ? undefined
      : await writeAuditFhir(options.fhir, { party, events, rules, ...(ledger && { ledger }) });
  const unchecked = [
    ...found.logs.flatMap((log) => log.unchecked.map((what) => `${log.log}: ${what}`)),
    ...unanswered,
    ...(unanswered.length > 0 ? ['grants, their ends and epochs, which the ledger has'] : []),
    ...(options.rpc === undefined
      ? ['grants, their ends and epochs: --rpc <url> reads them from the ledger']
      : []),
  ];
  const counts = found.logs.map(({ log, checkpoint, complete, events: listed }) => {
    const untold = listed.reduce((sum, event) => sum + untoldRecords(event), 0);
    const size = checkpoint?.size ?? 0;
    return { log, size, listed: listed.length, complete, ...(untold > 0 && { untold }) };
  });
  const ok = faults.length === 0;
  const again = ok && unanswered.length > 0;
  const lines = [
    `Events of the chart ${found.handle}`,
    '',
    ...told.flatMap(({ at, text, log, index }) => [
      `  ${at}  ${text}`,
      `${' '.repeat(27)}${log} #${index}`,
    ]),
    ...(rules.length > 0 ? ['', 'Rules, on the ledger:', '', ...rules.map(describeRule)] : []),
    '',
    ...counts.map(describeList),
    ...(ok ? [] : ['', 'Failed checks:', ...faults.map((fault) => `  - ${fault}`)]),
    ...(fhir ? ['', `Wrote ${fhir.resources} FHIR resources to ${fhir.file}.`] : []),
    '',
    'Not checked:',
    ...unchecked.map((what) => `  - ${what}`),
  ];
  const { handle } = found;
  const value = {
    handle,
    events: told,
    rules,
    logs: counts,
    ...(fhir && { fhir }),
    faults,
    unchecked,
  };
  return { ok: ok && !again, ...(again && { again }), value, lines };
}

type Told = Of<typeof EVENT_TOLD>;

async function tell(
  nameOf: (who: Address) => Promise<string>,
  event: AuditEvent,
  afterwards: (body: Body) => string,
  { records, isWhole }: { readonly records: readonly ViewedRecord[]; readonly isWhole: boolean },
): Promise<Told> {
  const { log, index, body, fault, released } = event;
  const place = { log, index };
  if (body === undefined) {
    const text = fault === undefined ? 'An event whose text was erased.' : `Failed check: ${fault}`;
    return { ...place, at: ''.padEnd(23), text };
  }
  const { party: who, type } = body.request;
  const act = `${await nameOf(who)} ${describeBody(body)}`.replace(/^You was/, 'You were');
  const text = act + describeRecords(records, untoldRecords(event), isWhole) + afterwards(body);
  const by = released && [...new Set(released.map(({ organisation }) => organisation))];
  return {
    ...place,
    at: describeMoment(body.at),
    text: by === undefined || by.length === 0 ? text : `${text}; released by ${by.join(', ')}`,
    party: who,
    flag: body.flag,
    type,
    ...(by && { released: by }),
    ...(isWhole && { wholeChart: true }),
    ...(records.length > 0 && {
      records: records.map(({ record, version, isAccepted, write, released: of }) => ({
        record,
        version,
        accepted: isAccepted,
        ...(write && { category: write.message.category }),
        released: of,
      })),
    }),
  };
}

/** Says how many released records of each category a view of several was of, and of how many nobody told which they were. */
function describeRecords(
  records: readonly ViewedRecord[],
  untold: number,
  isWhole: boolean,
): string {
  const counts = new Map<string, number>();
  for (const { isAccepted, write } of records) {
    const category = write?.message.category ?? 'unknown category';
    if (isAccepted) counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  const parts = [...counts].map(([category, count]) => `${count} of ${category}`);
  if (untold > 0) parts.push(`${untold} that no node named`);
  const whole = isWhole ? ', the whole chart' : '';
  if (parts.length === 0) return isWhole ? ', together with other views the whole chart' : '';
  return `${whole}: ${parts.join(', ')}`;
}

/** Tells who a party is, as coordinators confirm, with its name where the device knows one; asks once for each. */
function namer(
  party: Party,
  names: ReadonlyMap<string, string>,
): (who: Address) => Promise<string> {
  const asked = new Map<Address, Promise<string>>();
  const ask = async (who: Address): Promise<string> => {
    const { party: facts } = await confirmFacts(party, { party: who });
    const role = facts === undefined ? 'someone' : `a ${facts.role} of ${facts.organisation}`;
    return `${names.get(who) ?? short(who)} (${role})`;
  };
  return async (who) => {
    if (who === party.address) return 'You';
    const answer = asked.get(who) ?? ask(who);
    asked.set(who, answer);
    return await answer;
  };
}

function describeRule(event: ChartEvent): string {
  return `  block ${String(event.block).padEnd(6)} ${describeChange(event)}`;
}

function describeChange(event: ChartEvent): string {
  switch (event.kind) {
    case 'Enrolled':
      return 'you were enrolled';
    case 'Granted':
      return `you gave a right, ${short(event.grant)}`;
    case 'Revoked':
      return `the right ${short(event.grant)} ended`;
    case 'EpochAdvanced':
      return `epoch ${event.epoch} of your keys began`;
    case 'EpochsCommitted':
      return `you committed to the keys of ${event.count} epochs from ${event.first}`;
    case 'VitalReported':
      return `your ${event.what} was reported by ${short(event.reporter)}; it has no effect unless another organisation confirms it`;
    case 'VitalConfirmed':
      return `your ${event.what} was confirmed by ${short(event.confirmer)}`;
    case 'VitalUndone':
      return `the report of your ${event.what} was undone`;
    case 'WillSet':
      return `you set your will, number ${event.number}`;
    case 'Appointed':
      return `another key began to act for you, ${short(event.mandate)}`;
    case 'MandateEnded':
      return `the key ${short(event.key)} acts for you no longer`;
  }
}
