import type { SeatKey } from '../../protocol/network/signSuccessor.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Address, Hex, Organisation } from '../../protocol/ids.ts';
import {
  organisationName,
  ownLogsOf,
  presentNodes,
} from '../../protocol/network/networkLookups.ts';
import { parseMessage } from '../../protocol/struct/parseSigned.ts';
import type { Enrolment, Suspension } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import type { AuthorityPort } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import type { FormerAccount } from './formerAccounts.ts';
import { isSuspendable } from './isSuspendable.ts';
import { senderEnrolment } from './senderEnrolment.ts';

/** Seconds in which a drafted enrolment can be brought to the ledger. */
export const ENROLMENT_WINDOW = 600;

/** Options of `accountApprovals`. */
export interface AccountOptions {
  /** Its key: the address that the network file names, and 32 bytes. */
  readonly key: SeatKey;
  /**
   * Decides whether the ledger is to take transactions of an account beside the one that the network file names for its
   * organisation, such as for another channel; no if absent.
   */
  readonly admits?: (account: Address, organisation: Organisation) => Promise<boolean>;
  /** Accounts that network files name for an organisation, those to come too; none if absent. */
  readonly named?: (organisation: Organisation) => readonly Address[];
  /** Accounts that the network files named and no longer do; none if absent. */
  readonly former?: () => readonly FormerAccount[];
}

/**
 * Makes the part of a member of the authority that signs for the accounts of organisations: their enrolment, and the
 * suspension of those that the network file no longer names.
 *
 * @param context - The organisation's context.
 * @param options - Key, and which accounts are whose.
 */
export function accountApprovals(
  context: ServiceContext,
  options: AccountOptions,
): Pick<AuthorityPort, 'approveSender' | 'approveSuspension'> {
  const { network, clock, index } = context;

  return { approveSender, approveSuspension };

  async function approveSender(offered: Enrolment): Promise<Hex> {
    const enrolment = parseMessage('Enrolment', offered);
    const { party, organisation, deadline } = enrolment;
    const now = seconds(clock);
    const name = organisationName(organisation);
    const expected = senderEnrolment(name, party, deadline);
    if (canonicalJson(enrolment) !== canonicalJson(expected)) {
      throw enrolmentRefused('it is not the enrolment of a sending account');
    }
    if (!isTimely(deadline, now)) {
      throw enrolmentRefused('its deadline has passed or is too far ahead');
    }
    await index.refresh();
    const isNamed = isOwnAccount(name, party) || options.named?.(name).includes(party) === true;
    if (!isNamed && (await options.admits?.(party, name)) !== true) {
      throw enrolmentRefused('it is not the account of the organisation, and was not admitted');
    }
    return sign(context, options.key, 'Enrolment', enrolment).signature;
  }

  async function approveSuspension(offered: Suspension): Promise<Hex> {
    const suspension = parseMessage('Suspension', offered);
    const { party, suspended, change, deadline } = suspension;
    const now = seconds(clock);
    if (!suspended || change !== 1) throw enrolmentRefused('people decide about it');
    if (!isTimely(deadline, now)) {
      throw enrolmentRefused('its deadline has passed or is too far ahead');
    }
    const found = options.former?.().find(({ account }) => account === party);
    await index.refresh();
    const isAdmitted = found && (await options.admits?.(party, found.organisation));
    if (
      found === undefined ||
      isAdmitted === true ||
      index.party(party)?.organisation !== found.organisation ||
      !isSuspendable({ index, network }, party)
    ) {
      throw enrolmentRefused('it is not an account of before, or people have decided about it');
    }
    return sign(context, options.key, 'Suspension', suspension).signature;
  }

  /** Tells whether an organisation may have an account without anybody's asking: the network file names it. */
  function isOwnAccount(organisation: Organisation, account: Address): boolean {
    if (index.administrators(organisation).length > 0) return false;
    const nodes = presentNodes(network);
    // An older file does not name accounts.
    if (nodes.length === 0) return ownLogsOf(network, organisation).length > 0;
    return nodes.some((each) => each.organisation === organisation && each.sender === account);
  }
}

/** Tells whether a deadline has not passed, and is not further ahead than clocks and drafts make it. */
export function isTimely(deadline: number, now: number): boolean {
  return deadline >= now && deadline <= now + 2 * ENROLMENT_WINDOW;
}

/** The error of an enrolment that a member of the authority does not sign. */
export function enrolmentRefused(reason: string): MedsealError {
  return new MedsealError('ENROLMENT_REFUSED', { reason });
}
