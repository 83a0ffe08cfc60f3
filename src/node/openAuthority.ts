import type { Files } from '../folder/Files.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import type { SignedApplication } from '../protocol/AgentPort.ts';
import { seconds } from '../protocol/Clock.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { createAuthority } from '../services/enrolment/createAuthority.ts';
import { IssuedIdFiles } from '../services/enrolment/IssuedIdFiles.ts';
import { sharedIssuedIds } from '../services/enrolment/sharedIssuedIds.ts';
import type { LedgerIndex } from '../services/LedgerIndex.ts';
import type { AuthorityPort } from '../services/ports.ts';
import type { Succession } from '../services/succession/Succession.ts';
import { accountsIn } from './atLedger/accountsIn.ts';
import { formerIn } from './atLedger/formerIn.ts';
import { contextOf } from './contextOf.ts';
import { isAdmitted } from './founding/admissions.ts';
import type { SharedFiles } from './databases/SharedFiles.ts';
import type { OrganisationHome } from './NodeFolder.ts';

/** Tells whether a member of the authority, by its own folder, accepts an application. */
export type Accepts = (files: Files, application: SignedApplication) => Promise<boolean>;

/** Accepts every application, as the members of a demonstration do. */
export const acceptEveryone: Accepts = async () => await Promise.resolve(true);

/** Options of `openAuthority`. */
export interface OpenAuthorityOptions {
  readonly network: NetworkFile;
  readonly succession: Pick<Succession, 'files' | 'fork' | 'dropped'>;
  /** The node's view of the ledger. */
  readonly index: LedgerIndex;
  readonly ports: NodePorts;
  /** The folder that the organisation's machines share. */
  readonly shared: Pick<SharedFiles, 'of'>;
  /** None is accepted if absent. */
  readonly accepts: Accepts | undefined;
}

/**
 * Opens an organisation's member of the authority.
 *
 * @param home - The organisation.
 * @param options - The network, and whom it accepts.
 */
export function openAuthority(
  { organisation, authorityFiles, authorityKey }: OrganisationHome,
  { network, succession, index, ports, accepts, shared }: OpenAuthorityOptions,
): AuthorityPort {
  return createAuthority(contextOf(ports, { network, organisation, index }), {
    key: authorityKey,
    accepts: async (application) => (await accepts?.(authorityFiles, application)) === true,
    admits: async (...admitted) => await isAdmitted(authorityFiles, ...admitted),
    issued: sharedIssuedIds(new IssuedIdFiles(authorityFiles), () => {
      const files = shared.of(organisation);
      return files && new IssuedIdFiles(files);
    }),
    // Those to come have to be enrolled before they are used.
    named: (name) =>
      succession.files
        .slice(succession.files.indexOf(network))
        .flatMap((file) => accountsIn(file, name)),
    former: () => formerIn(succession, seconds(ports.clock)),
  });
}
