import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceSupport } from '../../protocol/evidence/judgeEvidence.ts';
import { dailyBytesOf } from '../../protocol/network/dailyBytesOf.ts';
import type { EvidenceType, Signed, Write } from '../../protocol/struct/requests.ts';
import { isKnownOn } from '../entries/isKnownOn.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { addedSince } from './addedSince.ts';
import { ByteAllowance, DAILY_BYTES } from './ByteAllowance.ts';
import type { CoordinatorOptions } from './CoordinatorOptions.ts';
import type { ExaminedBody } from './examineBody.ts';
import { RefusalAllowance, type WantedRefusal } from './RefusalAllowance.ts';

/** Counts what a coordinator agrees to in a day; what is beyond throws `QUOTA_SPENT`. */
export class DailyQuotas {
  readonly #context: ServiceContext;
  readonly #deposits: CoordinatorOptions['deposits'];
  readonly #refusals = new RefusalAllowance();
  readonly #asks = new RefusalAllowance();
  readonly #bytes: ByteAllowance;

  constructor(
    context: ServiceContext,
    { deposits, logs }: Pick<CoordinatorOptions, 'deposits' | 'logs'>,
  ) {
    this.#context = context;
    this.#deposits = deposits;
    this.#bytes = new ByteAllowance(
      () => dailyBytesOf(context.network),
      (since) => addedSince(context, logs, since),
    );
  }

  /** Counts a refusal. */
  takeRefusal(
    { party, message }: Signed<EvidenceType>,
    { answer, pairs = [], at }: ExaminedBody,
    { opening }: EvidenceSupport,
  ): void {
    const { handle } = message;
    const known = isKnownOn(this.#context, { party, message }, opening);
    const isPatient = this.#context.index.patient(handle)?.controller === party;
    const counted = { pairs: pairs.length, ...(answer && { request: answer.request }) };
    if (this.#refusals.take({ handle, party, known, isPatient, ...counted }, at)) return;
    throw new MedsealError('QUOTA_SPENT', { what: 'refusals' });
  }

  /** Counts a request for a right, or its answer; strangers have no standing right on the chart. */
  async takeAsk(ask: WantedRefusal, at: number): Promise<void> {
    const { index } = this.#context;
    const grantees = ask.known ? [] : await this.#deposits.grantees(ask.handle);
    const known =
      ask.known ||
      grantees.some(({ grantee, grant }) => {
        return grantee === ask.party && index.grant(grant)?.state === 'active';
      });
    if (this.#asks.take({ ...ask, known }, at)) return;
    throw new MedsealError('QUOTA_SPENT', { what: 'requests for rights' });
  }

  /** Counts the bytes of the file of a write. */
  async takeBytes({ author, at }: ExaminedBody, { handle, file, size }: Write): Promise<void> {
    if (author === undefined) return;
    const { index } = this.#context;
    const role = index.party(author)?.role;
    const isPatient = index.patient(handle)?.controller === author;
    const wanted = { party: author, role, handle, isPatient, bytes: size, file };
    if (await this.#bytes.take(wanted, at)) return;
    throw new MedsealError('QUOTA_SPENT', { what: DAILY_BYTES });
  }
}
