import { bytesToHex } from '../../crypto/bytes.ts';
import { handleOf } from '../../crypto/handleOf.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { SignedApplication } from '../../protocol/AgentPort.ts';
import { ZERO32, type Address, type Hex, type Organisation } from '../../protocol/ids.ts';
import {
  organisationId,
  organisationName,
  ownLogOf,
  ownLogsOf,
  presentNodes,
} from '../../protocol/network/networkLookups.ts';
import { parseMessage } from '../../protocol/struct/parseSigned.ts';
import type { Application, Enrolment, Suspension } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { roleNumber } from '../../protocol/network/roleNumber.ts';
import { ROLES, type Role } from '../../protocol/vocabulary.ts';
import { KeyedLock } from '../../database/KeyedLock.ts';
import { checkApplication } from './checkApplication.ts';
import type { FormerAccount } from './formerAccounts.ts';
import { isSuspendable } from './isSuspendable.ts';
import { openedHandle, PATIENT_ID_BYTES, PATIENT_SALT_BYTES } from './openedHandle.ts';
import { senderEnrolment } from './senderEnrolment.ts';
import type { AuthorityPort, DraftedEnrolment, HandleOpening } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/** Seconds in which a drafted enrolment can be brought to the ledger. */
const ENROLMENT_WINDOW = 600;

/** Options of `createAuthority`. */
export interface AuthorityOptions {
  /** Its key: the address that the network file names, and 32 bytes. */
  readonly key: { readonly address: Address; readonly signingKey: Uint8Array };
  /** Decides whether an applicant is who the application says; the member's own procedure. */
  readonly accepts: (application: SignedApplication) => Promise<boolean>;
  /**
   * Decides whether the ledger is to take transactions of an account beside the one that the network file names for its
   * organisation, such as for another channel; no if absent.
   */
  readonly admits?: (account: Address, organisation: Organisation) => Promise<boolean>;
  /** Patient IDs with the parties to which they were issued, kept durably in the authority's own folder. */
  readonly issued: IssuedIds;
  /** Accounts that network files name for an organisation, those to come too; none if absent. */
  readonly named?: (organisation: Organisation) => readonly Address[];
  /** Accounts that the network files named and no longer do; none if absent. */
  readonly former?: () => readonly FormerAccount[];
}

/** A patient ID, the party to which it was issued, and the opening of the handle. */
export interface IssuedId extends HandleOpening {
  readonly party: Address;
  readonly handle: Hex;
}

/** Memory of patient IDs of a member of the authority. */
export interface IssuedIds {
  /** Finds the patient ID that was issued to a party before. */
  find(party: Address): Promise<IssuedId | undefined>;
  /** Keeps an issued ID durably before anybody is told of it. */
  keep(issued: IssuedId): Promise<void>;
}

/**
 * Makes a member of the authority (P1's AAA): it checks applications, issues patient IDs, and signs enrolments.
 *
 * @param context - The organisation's context.
 * @param options - Key, procedure, store.
 */
export function createAuthority(context: ServiceContext, options: AuthorityOptions): AuthorityPort {
  const { network, clock, random, primitives, index } = context;
  const issuing = new KeyedLock();

  return { draft, approve, approveSender, approveSuspension };

  async function draft(application: SignedApplication): Promise<DraftedEnrolment> {
    const role = await check(application);
    const { message } = application.application;
    const issued = role === 'patient' ? await issueOnce(message) : undefined;
    return {
      enrolment: {
        party: message.party,
        role: roleNumber(role),
        organisation: organisationId(message.organisation),
        recipient: message.recipient,
        handle: issued?.handle ?? ZERO32,
        deadline: seconds(clock) + ENROLMENT_WINDOW,
      },
      ...(issued && { patientId: issued.patientId, salt: issued.salt }),
    };
  }

  async function approve(request: {
    application: SignedApplication;
    enrolment: Enrolment;
    opening?: HandleOpening;
  }): Promise<Hex> {
    const { application } = request;
    const role = await check(application);
    const enrolment = parseMessage('Enrolment', request.enrolment);
    const { message } = application.application;
    const now = seconds(clock);
    if (
      enrolment.party !== message.party ||
      enrolment.role !== roleNumber(role) ||
      enrolment.organisation !== organisationId(message.organisation) ||
      enrolment.recipient !== message.recipient ||
      enrolment.deadline < now ||
      enrolment.deadline > now + 2 * ENROLMENT_WINDOW
    ) {
      throw refused('the draft does not fit the application');
    }
    if (role === 'patient')
      await requireNewHandle(enrolment.handle, request.opening, message.organisation);
    else if (enrolment.handle !== ZERO32) throw refused('only a patient has a handle');
    return sign(context, options.key, 'Enrolment', enrolment).signature;
  }

  async function approveSender(offered: Enrolment): Promise<Hex> {
    const enrolment = parseMessage('Enrolment', offered);
    const { party, organisation, deadline } = enrolment;
    const now = seconds(clock);
    const name = organisationName(organisation);
    const expected = senderEnrolment(name, party, deadline);
    if (canonicalJson(enrolment) !== canonicalJson(expected)) {
      throw refused('it is not the enrolment of a sending account');
    }
    if (deadline < now || deadline > now + 2 * ENROLMENT_WINDOW) {
      throw refused('its deadline has passed or is too far ahead');
    }
    await index.refresh();
    const isNamed = isOwnAccount(name, party) || options.named?.(name).includes(party) === true;
    if (!isNamed && (await options.admits?.(party, name)) !== true) {
      throw refused('it is not the account of the organisation, and was not admitted');
    }
    return sign(context, options.key, 'Enrolment', enrolment).signature;
  }

  async function approveSuspension(offered: Suspension): Promise<Hex> {
    const suspension = parseMessage('Suspension', offered);
    const { party, suspended, change, deadline } = suspension;
    const now = seconds(clock);
    if (!suspended || change !== 1) throw refused('people decide about it');
    if (deadline < now || deadline > now + 2 * ENROLMENT_WINDOW) {
      throw refused('its deadline has passed or is too far ahead');
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
      throw refused('it is not an account of before, or people have decided about it');
    }
    return sign(context, options.key, 'Suspension', suspension).signature;
  }

  /** Tells whether an organisation is in the network: nobody enrols people in another's name, or a made-up one. */
  function isMember(organisation: Organisation): boolean {
    return ownLogsOf(network, organisation).length > 0;
  }

  /** Tells whether an organisation may have an account without anybody's asking: the network file names it. */
  function isOwnAccount(organisation: Organisation, account: Address): boolean {
    if (index.administrators(organisation).length > 0) return false;
    const nodes = presentNodes(network);
    // An older file does not name accounts.
    if (nodes.length === 0) return isMember(organisation);
    return nodes.some((each) => each.organisation === organisation && each.sender === account);
  }

  /** A handle that a lying member made up could be another's, or close to it. */
  async function requireNewHandle(
    handle: Hex,
    opening: HandleOpening | undefined,
    organisation: Organisation,
  ): Promise<void> {
    if (opening === undefined) throw refused('the opening of the handle is missing');
    const isOpened = ownLogsOf(network, organisation).some(
      ({ channel }) => openedHandle(primitives, channel.name, opening) === handle,
    );
    if (!isOpened) {
      throw refused('the handle is not the commitment to the ID and the salt');
    }
    await index.refresh();
    if (index.patient(handle) !== undefined) throw refused('the handle is another patient’s');
  }

  /**
   * A patient whose answer was lost asks again, and has the same ID; a new one where somebody who saw it had it enrolled
   * for another party.
   */
  async function issueOnce({ party, organisation }: Application): Promise<IssuedId> {
    await index.refresh();
    return await issuing.run(party, async () => {
      const before = await options.issued.find(party);
      const controller = before && index.patient(before.handle)?.controller;
      if (before !== undefined && (controller ?? party) === party) return before;
      const issued = { ...issue(organisation), party };
      await options.issued.keep(issued);
      return issued;
    });
  }

  function issue(organisation: Organisation): Omit<IssuedId, 'party'> {
    const { channel } = ownLogOf(network, organisation);
    const patientId = `P-${bytesToHex(random(PATIENT_ID_BYTES)).slice(2).toUpperCase()}`;
    const salt = random(PATIENT_SALT_BYTES);
    const handle = handleOf(primitives, { channel: channel.name, patientId, salt });
    return { handle: bytesToHex(handle), patientId, salt: bytesToHex(salt) };
  }

  async function check(signed: SignedApplication): Promise<Role> {
    const { role, organisation } = checkApplication(context, signed);
    if (!(ROLES as readonly string[]).includes(role)) throw refused('the role is unknown');
    organisationId(organisation);
    if (!isMember(organisation)) throw refused('the organisation is not in the network');
    if (!(await options.accepts(signed))) throw refused('a member of the authority declined');
    return role as Role;
  }
}

function refused(reason: string): MedsealError {
  return new MedsealError('ENROLMENT_REFUSED', { reason });
}
