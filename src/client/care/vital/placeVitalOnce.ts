import { utf8ToBytes } from '../../../crypto/bytes.ts';
import type { VitalAsked } from '../../../protocol/AgentPort.ts';
import { canonicalJson } from '../../../protocol/wire/canonicalJson.ts';
import type { LedgerPlace } from '../../../protocol/evidence/evidence.ts';
import type { Facts } from '../../../protocol/evidence/facts.ts';
import type { Bytes32, Handle } from '../../../protocol/ids.ts';
import type { Messages, Signed } from '../../../protocol/struct/requests.ts';
import { digestOf, sign } from '../../../protocol/struct/signing.ts';
import { UNTOLD_LIFE, type VitalFacts } from '../../../protocol/care/vitalRecords.ts';
import { doOnce } from '../../agent/doOnce.ts';
import { nameOnDevice } from '../../party/nameOnDevice.ts';
import type { Party } from '../../party/Party.ts';
import { confirmLife } from './placeVitalRecord.ts';

type ReportType = 'Birth' | 'Death';

/** A report of a birth or a death to be made. */
export interface VitalReport<Type extends ReportType> {
  readonly type: Type;
  readonly handle: Handle;
  /** Values that tell it from another report: a repeat with the same is the same report. */
  readonly values: object;
  /** Makes what is signed; not called for a repeat. */
  readonly make: () => Promise<Messages[Type]>;
  /** Keeps it before the ledger has it; not called for an earlier one of other values. */
  readonly keep?: ((message: Messages[Type]) => Promise<void>) | undefined;
  /** The mother's permission, of a birth. */
  readonly link?: VitalAsked['link'];
}

/** A report that stands on the ledger. */
export interface VitalReported<Type extends ReportType> {
  readonly message: Messages[Type];
  /** Its digest. */
  readonly digest: Bytes32;
  readonly place: LedgerPlace;
}

/**
 * Signs a report, has it put on the ledger, and confirms with k coordinators that it stands there. Cut off anywhere and
 * run again with the same values, it is the same report, which the same file opens; with other values, the one that was cut off is not sent
 * again. One that was undone since is over, and another can be made.
 *
 * @param party - The reporter.
 * @param report - The report.
 * @throws MedsealError as `AgentPort.vital`; `RULE_UNCONFIRMED`; `EARLIER_STANDS` if one of other values stands on the ledger;
 * `NOT_YET` while an earlier one may still be on its way.
 */
export async function placeVitalOnce<Type extends ReportType>(
  party: Party,
  { type, handle, values, make, keep, link }: VitalReport<Type>,
): Promise<VitalReported<Type>> {
  interface Sent extends Pick<VitalAsked, 'link'> {
    readonly request: Signed<Type>;
  }
  const what = type === 'Birth' ? 'birth' : 'death';
  const digestIn = ({ request }: Sent): Bytes32 => digestOf(party, type, request.message);
  let place: LedgerPlace | undefined;
  const send = async ({ request, link: permission }: Sent): Promise<LedgerPlace> => {
    const { transaction, block } = await party.agent.vital({
      request,
      ...(permission && { link: permission }),
    });
    return (place = { transaction, block });
  };
  const known = ({ patient }: Facts): VitalFacts => (patient?.life ?? UNTOLD_LIFE)[what];
  const { done } = await doOnce<Sent, VitalReported<Type>>(party, {
    name: `${what}-${nameOnDevice(party, utf8ToBytes(handle))}`,
    values: canonicalJson(values),
    sign: async () => ({
      request: sign(party, party, type, await make()),
      ...(link && { link }),
    }),
    describe: (sent) => `report of a ${what} (${digestIn(sent)})`,
    ...(keep && { keep: async ({ request }) => await keep(request.message) }),
    send,
    placed: (sent) => {
      const { deadline, step } = sent.request.message;
      return {
        query: { handle },
        deadline,
        isIn: (facts) => known(facts).report === digestIn(sent),
        // Also one that the ledger had, and that was undone since.
        isOver: (facts) => known(facts).step >= step,
      };
    },
    finish: async (sent) => {
      const digest = digestIn(sent);
      await confirmLife(party, handle, (life) => life[what].report === digest);
      return { message: sent.request.message, digest, place: place ?? (await send(sent)) };
    },
  });
  return done;
}
