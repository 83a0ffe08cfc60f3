import { fromProblem } from '../../errors/fromProblem.ts';
import { isView } from '../../protocol/evidence/askedView.ts';
import type { AgentPort, Submission } from '../../protocol/AgentPort.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import type { Acknowledgement, Outcome } from '../../protocol/evidence/evidence.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';

/** Answer that a client got to a request. */
interface Told {
  readonly submission: Submission;
  readonly outcome: Outcome;
}

/** Number of requests that are sent again at once. */
const AT_ONCE = 64;

/** Answers of nodes to clients, which must stay true whatever happens to the processes. */
export class Promised {
  /** Faults, each in a sentence. */
  readonly violations: string[] = [];
  /** Entries of requests that were accepted or refused, by log and place. */
  readonly entries = new Map<string, Acknowledgement>();
  /** Requests without an answer, at the log they were meant for. */
  #open: Submission[] = [];
  #fresh: Told[] = [];

  /** Notes that a request leaves. */
  asked(submissions: readonly Submission[]): void {
    this.#open.push(...submissions);
  }

  /** Notes its answer. */
  told(submissions: readonly Submission[], outcomes: readonly Outcome[]): void {
    const asked = new Set(submissions);
    this.#open = this.#open.filter((submission) => !asked.has(submission));
    for (const [place, submission] of submissions.entries()) {
      const outcome = outcomes[place];
      if (outcome === undefined) continue;
      const kept = outcome.outcome !== 'refused' || outcome.acknowledgement !== undefined;
      if (kept) this.#fresh.push({ submission, outcome });
      this.#note(outcome);
      if (outcome.outcome === 'refused' && outcome.problem.code === 'INTERNAL') {
        this.violations.push(`a client was told INTERNAL: ${outcome.problem.detail}`);
      }
    }
  }

  /**
   * Sends everything again that was sent since the last check: a request that was answered gets the first answer
   * again, and is in its log; one that was not is answered now.
   * @param at - The agents, by the logs that they speak for.
   */
  async hold(at: ReadonlyMap<LogName, AgentPort>): Promise<void> {
    const [fresh, open] = [this.#fresh, this.#open];
    [this.#fresh, this.#open] = [[], []];
    for (const group of groupsOf(fresh, ({ submission }) => logOf(submission, at))) {
      await this.#holdGroup(group, at);
    }
    for (const group of groupsOf(open, (submission) => logOf(submission, at))) {
      const [first] = group;
      const agent = first && at.get(logOf(first, at));
      if (agent === undefined) continue;
      const outcomes = await agent.submit(group);
      for (const outcome of outcomes) this.#note(outcome);
    }
  }

  async #holdGroup(group: readonly Told[], at: ReadonlyMap<LogName, AgentPort>): Promise<void> {
    const [first] = group;
    const agent = first && at.get(logOf(first.submission, at));
    if (agent === undefined) return;
    const again = await agent.submit(group.map(({ submission }) => submission));
    for (const [place, { submission, outcome }] of group.entries()) {
      const { type } = submission.request;
      const now = again[place];
      if (nameOf(now) !== nameOf(outcome) && !mayDiffer(submission, now)) {
        this.violations.push(
          `a ${type} that was ${nameOf(outcome)} is ${nameOf(now)} when it is sent again`,
        );
      }
      if (!('acknowledgement' in outcome) || outcome.acknowledgement === undefined) continue;
      const { log, index, entry } = outcome.acknowledgement;
      const [found] = await agent.entries({ log, from: index });
      if (found?.entry !== entry) this.violations.push(`${log} #${index} is lost`);
    }
  }

  #note(outcome: Outcome): void {
    if (!('acknowledgement' in outcome) || outcome.acknowledgement === undefined) return;
    const { log, index } = outcome.acknowledgement;
    const place = `${log} #${index}`;
    const known = this.entries.get(place);
    if (known !== undefined && known.entry !== outcome.acknowledgement.entry) {
      this.violations.push(`${place} was given to two requests`);
    }
    this.entries.set(place, outcome.acknowledgement);
  }

  /** Tells whether any request has two entries. */
  checkOnce(): void {
    const seen = new Map<string, string>();
    for (const [place, { body }] of this.entries) {
      const request = canonicalJson(parseBody(body).request);
      const other = seen.get(request);
      if (other !== undefined) this.violations.push(`${other} and ${place} are of one request`);
      seen.set(request, place);
    }
  }

  /** Returns the sealed files of accepted writes, with their places. */
  files(): ReadonlyMap<Bytes32, string> {
    const files = new Map<Bytes32, string>();
    for (const [place, { body }] of this.entries) {
      const { flag, request } = parseBody(body);
      if (flag === 'A' && 'file' in request.message) files.set(request.message.file, place);
    }
    return files;
  }
}

/** Returns the part that is the same in two answers to one request; their releases may differ. */
function nameOf(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'not answered';
  if (outcome.outcome === 'placed') return `placed in ${outcome.transaction}`;
  if (outcome.outcome === 'kept') return 'kept';
  const { acknowledgement } = outcome;
  if (acknowledgement === undefined) return 'refused without evidence';
  const as = outcome.outcome === 'refused' ? `refused (${outcome.problem.code})` : outcome.outcome;
  return `${as} at ${acknowledgement.log} #${acknowledgement.index}`;
}

/** A release is repeated only while the right holds. */
function mayDiffer({ request }: Submission, now: Outcome | undefined): boolean {
  if (now?.outcome !== 'refused') return false;
  return isView(request) || fromProblem(now.problem).retry;
}

/** Returns the log that a request is for; any log if it is not an evidence request. */
function logOf({ request }: Submission, at: ReadonlyMap<LogName, AgentPort>): LogName {
  const [any = 'care/hospital'] = at.keys();
  return 'log' in request.message ? request.message.log : any;
}

function groupsOf<Item>(items: readonly Item[], of: (item: Item) => string): Item[][] {
  const groups: Item[][] = [];
  for (const same of Map.groupBy(items, of).values()) {
    for (let from = 0; from < same.length; from += AT_ONCE) {
      groups.push(same.slice(from, from + AT_ONCE));
    }
  }
  return groups;
}
