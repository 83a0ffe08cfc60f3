import { seconds } from '../../protocol/Clock.ts';
import type { SignedApplication } from '../../protocol/AgentPort.ts';
import { ZERO32, type Hex } from '../../protocol/ids.ts';
import { organisationId, ownLogsOf } from '../../protocol/network/networkLookups.ts';
import { parseMessage } from '../../protocol/struct/parseSigned.ts';
import type { Enrolment } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { roleNumber } from '../../protocol/network/roleNumber.ts';
import { ROLES, type Role } from '../../protocol/vocabulary.ts';
import {
  accountApprovals,
  ENROLMENT_WINDOW,
  enrolmentRefused,
  isTimely,
  type AccountOptions,
} from './accountApprovals.ts';
import { PatientIds, type IssuedIds } from './PatientIds.ts';
import { checkApplication } from './checkApplication.ts';
import type { AuthorityPort, DraftedEnrolment, HandleOpening } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/** Options of `createAuthority`. */
export interface AuthorityOptions extends AccountOptions {
  /** Decides whether an applicant is who the application says; the member's own procedure. */
  readonly accepts: (application: SignedApplication) => Promise<boolean>;
  /** Patient IDs with the parties to which they were issued, kept durably in the authority's own folder. */
  readonly issued: IssuedIds;
}

/**
 * Makes a member of the authority (P1's AAA): it checks applications, issues patient IDs, and signs enrolments.
 *
 * @param context - The organisation's context.
 * @param options - Key, procedure, store.
 */
export function createAuthority(context: ServiceContext, options: AuthorityOptions): AuthorityPort {
  const { network, clock } = context;
  const ids = new PatientIds(context, options.issued);

  return { draft, approve, ...accountApprovals(context, options) };

  async function draft(application: SignedApplication): Promise<DraftedEnrolment> {
    const role = await check(application);
    const { message } = application.application;
    const issued = role === 'patient' ? await ids.issueOnce(message) : undefined;
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
    if (
      enrolment.party !== message.party ||
      enrolment.role !== roleNumber(role) ||
      enrolment.organisation !== organisationId(message.organisation) ||
      enrolment.recipient !== message.recipient ||
      !isTimely(enrolment.deadline, seconds(clock))
    ) {
      throw enrolmentRefused('the draft does not fit the application');
    }
    if (role === 'patient')
      await ids.requireNew(enrolment.handle, request.opening, message.organisation);
    else if (enrolment.handle !== ZERO32) throw enrolmentRefused('only a patient has a handle');
    return sign(context, options.key, 'Enrolment', enrolment).signature;
  }

  async function check(signed: SignedApplication): Promise<Role> {
    const { role, organisation } = checkApplication(context, signed);
    if (!(ROLES as readonly string[]).includes(role)) throw enrolmentRefused('the role is unknown');
    organisationId(organisation);
    // Nobody enrols people in another's name, or a made-up one.
    if (ownLogsOf(network, organisation).length === 0)
      throw enrolmentRefused('the organisation is not in the network');
    if (!(await options.accepts(signed)))
      throw enrolmentRefused('a member of the authority declined');
    return role as Role;
  }
}
