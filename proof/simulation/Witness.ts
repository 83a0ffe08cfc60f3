import { checkGrant, type RightQuestion } from '../../src/bindings/checkGrant.ts';
import type { LedgerProvider } from '../../src/bindings/LedgerProvider.ts';
import type { Submission } from '../../src/protocol/AgentPort.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import { parseCheckpoint } from '../../src/crypto/note/checkpoint.ts';
import { askedView } from '../../src/protocol/evidence/askedView.ts';
import { canonicalJson } from '../../src/protocol/wire/canonicalJson.ts';
import type {
  Acknowledgement,
  Body,
  LedgerPlace,
  Outcome,
} from '../../src/protocol/evidence/evidence.ts';
import { ZERO32, type Bytes32, type Hex } from '../../src/protocol/ids.ts';
import { parseBody } from '../../src/protocol/evidence/parseBody.ts';
import type {
  EvidenceType,
  Grant,
  RuleType,
  Signed,
  View,
  Write,
} from '../../src/protocol/struct/requests.ts';
import { acceptedPairs, viewOfPair, type ViewPair } from '../../src/protocol/evidence/viewSet.ts';
import type {
  CheckpointAnswer,
  CheckpointRequest,
  JudgedBody,
  Judgement,
} from '../../src/services/ports.ts';
import { INCLUSION_WINDOW } from '../../src/services/coordinator/promiseBodies.ts';
import type { Consortium } from './Consortium.ts';
import { entriesAt } from './entriesAt.ts';
import type { FaultPlan } from './FaultPlan.ts';
import type { Scheduler } from './Scheduler.ts';
import type { SimulatedDelivery, Observer } from './SimulatedNetwork.ts';

/** Seconds that a coordinator accepts between an entry's moment and its own. */
const MAX_SKEW = 5;

/** A request that a coordinator accepted. */
interface Accepted {
  readonly coordinator: string;
  readonly body: Body;
  readonly opening: Grant | undefined;
  /** Blocks that were its newest from when it was asked until it answered. */
  readonly blocks: readonly number[];
}

/** A root of a log that a coordinator signed. */
interface SignedRoot {
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes32;
}

/** Answer that a client got to a request. */
export interface Told {
  readonly request: Signed<EvidenceType>;
  readonly acknowledgement: Acknowledgement;
}

/** State at the time that a delivery reached its service. */
interface Asked {
  /** The newest block that the service could read. */
  readonly block: number;
  /** Milliseconds. */
  readonly now: number;
  /** Milliseconds by which the service's clock was ahead. */
  readonly skew: number;
}

/** Place on the ledger that a client was told for a rule request. */
export interface ToldPlace extends LedgerPlace {
  readonly request: Signed<RuleType>;
}

/** Sees everything that happens in a run, and notes violations of its rules. */
export class Witness implements Observer {
  readonly violations: string[] = [];
  /** Every acknowledgement that a client was given. */
  readonly told: Told[] = [];
  /** Every place on the ledger that a client was told. */
  readonly placed: ToldPlace[] = [];
  /** Roots that coordinators signed, by coordinator, log and size. */
  readonly signed = new Map<string, SignedRoot>();
  readonly #scheduler: Scheduler;
  readonly #plan: FaultPlan;
  readonly #accepted: Accepted[] = [];
  readonly #versions = new Map<string, { readonly signature: Hex; readonly at: number }>();
  readonly #writes = new Map<Bytes32, Write>();
  /** Lists of sets of views, by the signature of the request. */
  readonly #lists = new Map<Hex, readonly ViewPair[]>();
  /** State at the time that a delivery reached its service. */
  readonly #asked = new WeakMap<SimulatedDelivery, Asked>();
  #consortium: Consortium | undefined;

  constructor(scheduler: Scheduler, plan: FaultPlan) {
    this.#scheduler = scheduler;
    this.#plan = plan;
  }

  /** Begins to watch a consortium. */
  watch(consortium: Consortium): void {
    this.#consortium = consortium;
  }

  asked(delivery: SimulatedDelivery): void {
    const skew = this.#plan.skew(delivery.to);
    const block = this.#consortium?.blocksAt(delivery.to).present ?? 0;
    this.#asked.set(delivery, { block, now: this.#scheduler.now, skew });
    if (delivery.method !== 'agent.submit') return;
    for (const { request, pairs } of delivery.values[0] as readonly Submission[]) {
      const write = request.message as Write;
      if (request.type === 'Write') this.#writes.set(write.file, write);
      if (pairs !== undefined) this.#lists.set(request.signature, pairs);
    }
  }

  async answered(delivery: SimulatedDelivery, answer: unknown): Promise<void> {
    const [first, second] = delivery.values;
    switch (delivery.method) {
      case 'coordinator.judge':
        this.#judged(delivery, (first as { bodies: JudgedBody[] }).bodies, answer as Judgement);
        break;
      case 'coordinator.signCheckpoint':
        this.#signs(delivery.to, first as CheckpointRequest, answer as CheckpointAnswer);
        break;
      case 'agent.submit':
        for (const outcome of answer as readonly Outcome[]) await this.#releases(delivery, outcome);
        break;
      case 'agent.download':
        await this.#downloads(delivery.to, second as Bytes32);
        break;
      default:
        break;
    }
  }

  /** Notes the answer that a client got. */
  heard(submission: Submission, outcome: Outcome): void {
    if (outcome.outcome === 'placed') {
      const { transaction, block } = outcome;
      this.placed.push({ request: submission.request as Signed<RuleType>, transaction, block });
      return;
    }
    if (outcome.outcome === 'kept') return;
    const problem = outcome.outcome === 'refused' ? outcome.problem.code : undefined;
    if (problem === 'INTERNAL') this.violate(`a client was told INTERNAL`);
    const { acknowledgement } = outcome;
    if (acknowledgement === undefined) return;
    this.told.push({ request: submission.request as Signed<EvidenceType>, acknowledgement });
  }

  /** Asks the contract about every right that a coordinator accepted. */
  async checkRights(
    ledger: LedgerProvider,
    contracts: { readonly consent: `0x${string}` },
  ): Promise<void> {
    /** Each question is asked once: coordinators judge the same. */
    const known = new Map<string, boolean>();
    for (const { coordinator, body, opening, blocks } of this.#accepted) {
      const { request, at } = body;
      const { grant } = request.message;
      if (grant === ZERO32 || request.type === 'Ask') continue;
      if (opening === undefined) {
        this.violate(`${coordinator} accepted a request without its opening`);
        continue;
      }
      const { party, type, message } = request;
      const { purpose } = message;
      for (const wanted of this.#wantedIn(body)) {
        const asked = { opening, party, purpose, at, ...this.#wanted(type, wanted, opening) };
        let right = false;
        for (const block of blocks) {
          if (right) break;
          const name = canonicalJson({ ...asked, block });
          right = known.get(name) ?? (await checkGrant(ledger, contracts, asked, block));
          known.set(name, right);
        }
        if (!right) {
          this.violate(`${coordinator} accepted a ${type} at ${at} that Consent.check denies`);
        }
      }
    }
  }

  /** Requests that an accepted body lets pass: a set of views is of several records. */
  #wantedIn(body: Body): readonly (View | Write)[] {
    const { request } = body;
    if (request.type !== 'ViewSet') return [request.message as View | Write];
    return this.#viewsIn(body);
  }

  /** The views of records that an accepted body is of. */
  #viewsIn({ request, left }: Body): readonly View[] {
    if (request.type === 'ViewSet') {
      const set = request as Signed<'ViewSet'>;
      const pairs = acceptedPairs(this.#lists.get(request.signature) ?? [], left);
      return pairs.map((pair) => viewOfPair(set, pair).message);
    }
    const view = askedView(request);
    return view?.what === 'record' ? [view] : [];
  }

  #wanted(
    type: EvidenceType,
    message: View | Write,
    { terms }: Grant,
  ): Pick<RightQuestion, 'action' | 'category' | 'record'> {
    if (type === 'Write') return message as Write;
    const { record, version } = message;
    const written = [...this.#writes.values()].find(
      (write) => write.record === record && write.version === version,
    );
    const [category = 'other'] = terms.categories;
    return { action: 'read', record, category: written?.category ?? category };
  }

  #judged(
    delivery: SimulatedDelivery,
    bodies: readonly JudgedBody[],
    { refused, verdict }: Judgement,
  ): void {
    const asked = this.#asked.get(delivery);
    if (verdict === undefined || asked === undefined) return;
    const coordinator = delivery.to;
    const blocks = this.#blocksSince(coordinator, asked.block);
    const passed = new Set(refused.map(({ index }) => index));
    for (const [place, judged] of bodies.entries()) {
      const body = parseBody(judged.body);
      if (passed.has(place) || body.flag !== 'A') continue;
      this.#accepted.push({
        coordinator,
        body,
        opening: judged.opening as Grant | undefined,
        blocks,
      });
      // It may have waited for the ledger before it looked at its clock.
      const off = Math.max(asked.now / 1000 - body.at, body.at - this.#scheduler.now / 1000);
      // Clocks may have been set right since it was asked.
      const skew = Math.max(Math.abs(asked.skew), Math.abs(this.#plan.skew(coordinator)));
      if (off > MAX_SKEW + 1 + skew / 1000) {
        this.violate(`${coordinator} accepted a moment that is ${off} s off`);
      }
      if (body.request.type === 'Write')
        this.#takes(coordinator, body.request as Signed<'Write'>, body.at);
    }
  }

  /** The blocks that an organisation may have judged by: its node may have gone back to older ones meanwhile. */
  #blocksSince(organisation: string, first: number): readonly number[] {
    const newest = Math.max(first, this.#consortium?.blocksAt(organisation).newest ?? 0);
    return Array.from({ length: newest - first + 1 }, (_, place) => first + place);
  }

  /** No coordinator agrees to two versions of one number while the first may still come to be in the log. */
  #takes(coordinator: string, { message, signature }: Signed<'Write'>, at: number): void {
    const { handle, record, version } = message;
    const number = `${coordinator} ${handle} ${record} ${version}`;
    const known = this.#versions.get(number);
    if (known !== undefined && known.signature !== signature && at <= known.at + INCLUSION_WINDOW) {
      this.violate(`${coordinator} agreed to two versions ${version} of one record`);
    }
    this.#versions.set(number, { signature, at });
  }

  /** No coordinator signs two roots for one size. */
  #signs(coordinator: string, { note }: CheckpointRequest, { signed }: CheckpointAnswer): void {
    if (signed === undefined) return;
    const { origin, size, root } = parseCheckpoint(note.slice(0, note.indexOf('\n\n') + 1));
    const checkpoint = { origin, size, root: bytesToHex(root) };
    const place = `${coordinator} ${origin} ${size}`;
    const known = this.signed.get(place);
    if (known !== undefined && known.root !== checkpoint.root) {
      this.violate(`${coordinator} signed two roots for size ${checkpoint.size}`);
    }
    this.signed.set(place, checkpoint);
  }

  /** A view stands in the log of the agent, accepted, before the answer releases anything. */
  async #releases({ to, values }: SimulatedDelivery, outcome: Outcome): Promise<void> {
    if (outcome.outcome !== 'acknowledged') return;
    const { acknowledgement } = outcome;
    const entries = await this.#entriesOf(to, acknowledgement.index);
    if (entries === undefined) return;
    const [held] = entries;
    const body = held && parseBody(held.body);
    if (held?.entry !== acknowledgement.entry || body?.flag !== 'A') {
      this.violate(`${to} acknowledged what is not in its log`);
      return;
    }
    const asked = (values[0] as readonly Submission[]).some(
      ({ request }) => canonicalJson(request) === canonicalJson(body.request),
    );
    if (!asked) this.violate(`${to} acknowledged another request`);
  }

  /** A sealed file leaves an agent only after an accepted view of its record. */
  async #downloads(organisation: string, file: Bytes32): Promise<void> {
    const write = this.#writes.get(file);
    const entries = await this.#entriesOf(organisation);
    if (entries === undefined) return;
    const evidenced = entries.some(({ body: text }) => {
      const body = parseBody(text);
      return (
        body.flag === 'A' &&
        this.#viewsIn(body).some(
          (view) =>
            view.handle === write?.handle &&
            view.record === write.record &&
            view.version === write.version,
        )
      );
    });
    if (!evidenced) this.violate(`${organisation} gave a file without evidence`);
  }

  /** Returns the entries of an organisation's log; undefined if it crashes meanwhile: then no answer leaves it either. */
  async #entriesOf(
    organisation: string,
    from = 0,
  ): Promise<readonly Acknowledgement[] | undefined> {
    const running = this.#consortium?.services(organisation);
    const entries = await entriesAt(running?.contributor, `care/${organisation}`, from);
    const up = running !== undefined && this.#consortium?.services(organisation) === running;
    return up ? entries : undefined;
  }

  /** Notes a violation. */
  violate(what: string): void {
    this.violations.push(`at ${this.#scheduler.now}: ${what}`);
  }
}
