import { recipientKey } from '../../crypto/keys/ageIdentity.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toPublicError } from '../../errors/toPublicError.ts';
import {
  acknowledgementCheck,
  type AcknowledgementCheck,
} from '../../protocol/evidence/acknowledgementCheck.ts';
import type { Acknowledgement, Body } from '../../protocol/evidence/evidence.ts';
import type { Bytes32, Hex, LogName } from '../../protocol/ids.ts';
import { readerSalt } from '../../protocol/release/readerSalt.ts';
import { MOST_RELEASED } from '../../protocol/release/ReleaseAsked.ts';
import {
  releasedName,
  viewInEntry,
  type ViewInEntry,
} from '../../protocol/release/releasedView.ts';
import type { RefusedView } from '../../protocol/release/ReleasedShares.ts';
import { inLanes } from '../inLanes.ts';
import type { ReleaseRequest, ViewToRelease } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/** Number of views that are looked at at once. */
const LANES = 4;

/** An entry that a quorum accepted. */
interface EntryRead {
  readonly view: Acknowledgement;
  readonly body: Body;
}

/** A view of one record in such an entry, with its name. */
export interface ViewRead extends ViewToRelease, EntryRead, ViewInEntry {
  readonly name: Bytes32;
}

/** Views of a request for shares: those that may still be released, and the reasons why the others are not. */
export class ReleasableViews {
  /** All views that were asked for. */
  readonly all: readonly ViewRead[];
  #left: readonly ViewRead[];
  readonly #refused = new Map<ViewRead, MedsealError>();

  private constructor(all: readonly ViewRead[]) {
    this.all = all;
    this.#left = all;
  }

  /**
   * Reads views of a log.
   *
   * @param context - The organisation's context.
   * @param request - Not trusted.
   * @throws MedsealError `REQUEST_TOO_LARGE`, `REQUEST_MALFORMED`; `EVIDENCE_INVALID` if one is not an accepted view with
   * this recipient.
   */
  static async read(
    context: ServiceContext,
    { log, recipient, views }: Pick<ReleaseRequest, 'log' | 'recipient' | 'views'>,
  ): Promise<ReleasableViews> {
    const { network, primitives } = context;
    requireDistinct(views);
    recipientKey(recipient);
    const check = acknowledgementCheck(context, network);
    const saltOf = (place: number): Hex => readerSalt(primitives, recipient, place);
    const read: ViewRead[] = [];
    /** Verified entries by name and place: many views may be of one set. */
    const verified = new Map<string, EntryRead>();
    for (const each of views) {
      const name = `${each.view.index} ${each.view.entry}`;
      const seen = await context.turns.run(() => {
        const { view, body } = verified.get(name) ?? readEntry(check, log, each.view);
        verified.set(name, { view, body });
        return readView(context, { ...each, view, body }, saltOf);
      });
      read.push(seen);
    }
    return new ReleasableViews(read);
  }

  /** Views that may still be released. */
  get left(): readonly ViewRead[] {
    return this.#left;
  }

  /** Goes on with the views that pass a step; throws if the only one does not. */
  async narrow(step: (view: ViewRead) => Promise<void>): Promise<void> {
    await inLanes(this.#left, LANES, async (view) => {
      await step(view).catch((error: unknown) => {
        if (!(error instanceof MedsealError)) throw error;
        this.#refused.set(view, error);
      });
    });
    this.#left = this.#left.filter((view) => !this.#refused.has(view));
    const [only] = this.all;
    const reason = only && this.all.length === 1 ? this.#refused.get(only) : undefined;
    // An error has one reason: several views have theirs in the answer, or one's would be taken for another's.
    if (reason !== undefined) throw reason;
  }

  /** Reasons why nothing is released for some of several views. */
  refused(): readonly RefusedView[] {
    return this.all.flatMap((view) => {
      const reason = this.#refused.get(view);
      if (reason === undefined) return [];
      return [{ entry: view.name, problem: toPublicError(reason).toProblem() }];
    });
  }
}

/** The error of an entry that is not a view of a record. */
export function noView(): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason: 'it is not an accepted view of a record' });
}

/** Requires that each view is named once: each costs a share, and one that is named 128 times would cost as many. */
function requireDistinct(views: readonly ViewToRelease[]): void {
  if (views.length > MOST_RELEASED) {
    throw new MedsealError('REQUEST_TOO_LARGE', { what: 'number of views', limit: MOST_RELEASED });
  }
  const named = new Set(views.map(({ view, pair }) => `${view.entry} ${pair?.nth ?? ''}`));
  if (named.size > 0 && named.size === views.length) return;
  throw new MedsealError('REQUEST_MALFORMED', { what: 'views' });
}

/** Reads an entry of the log that a quorum accepted. */
function readEntry(check: AcknowledgementCheck, log: LogName, view: Acknowledgement): EntryRead {
  const body = check.request(view);
  if (view.log !== log || body.flag !== 'A') throw noView();
  return { view, body };
}

/** Reads a view of one record that commits to the recipient. */
function readView(
  { primitives }: ServiceContext,
  asked: ViewToRelease & EntryRead,
  saltOf: (place: number) => Hex,
): ViewRead {
  const seen = viewInEntry(primitives, asked.body, asked.pair);
  if (seen === undefined) throw noView();
  const { leaf } = seen;
  const name = releasedName(primitives, { entry: asked.view.entry, ...(leaf && { leaf }) });
  if (seen.message.salt === saltOf(asked.place)) return { ...asked, ...seen, name };
  throw new MedsealError('EVIDENCE_INVALID', { reason: 'the view names another recipient' });
}
