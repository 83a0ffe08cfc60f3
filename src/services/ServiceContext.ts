import type { Random } from '../crypto/Random.ts';
import type { Clock } from '../protocol/Clock.ts';
import type { EvidenceReader } from '../protocol/evidence/EvidenceReader.ts';
import type { GrantDigests } from '../protocol/rights/GrantDigests.ts';
import type { Organisation } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import type { VerifiedBodies } from '../protocol/evidence/VerifiedBodies.ts';
import type { SigningContext } from '../protocol/struct/signing.ts';
import type { LedgerIndex } from './LedgerIndex.ts';
import type { Circuits } from './quorum/Circuits.ts';
import type { Turns } from './Turns.ts';
import type { RecoveredSigners } from './deposits/RecoveredSigners.ts';

/** Context that all services of an organisation share. */
export interface ServiceContext extends SigningContext {
  readonly network: NetworkFile;
  /** Organisation of the service. */
  readonly organisation: Organisation;
  readonly clock: Clock;
  readonly random: Random;
  /** Does what judging takes beside a view of the rules. */
  readonly reader: EvidenceReader;
  /** The organisation's own view of the ledger. */
  readonly index: LedgerIndex;
  /** Circuits that tell which of its peers are silent. */
  readonly circuits: Circuits;
  /** Digests of the grants whose openings the organisation was shown. */
  readonly grantDigests: GrantDigests;
  /** Bodies that the organisation verified as support of requests. */
  readonly verifiedBodies: VerifiedBodies;
  /** Signatures that the organisation has recovered. */
  readonly recovered: RecoveredSigners;
  /** Has those wait who verify many signatures. */
  readonly turns: Turns;
}
