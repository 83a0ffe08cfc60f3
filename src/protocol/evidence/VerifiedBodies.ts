import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { acknowledgementCheck, type AcknowledgementCheck } from './acknowledgementCheck.ts';
import type { Acknowledgement, Body } from './evidence.ts';
import type { Bytes32 } from '../ids.ts';
import { keepNewest } from '../../crypto/keepNewest.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import { parseBody } from './parseBody.ts';
import type { SigningContext } from '../struct/signing.ts';
import { verifyAcknowledgement } from './verifyAcknowledgement.ts';

/** Number of bodies that are remembered: charts of some hundred records that are read at once. */
const MOST = 65_536;
/** Number of whole acknowledgements that are remembered: those of some dozen claims. */
const MOST_WHOLE = 4096;

/**
 * Hashes of the bodies that one organisation verified, or that its own coordinator agreed to: the version of a record is
 * presented again with every view of it. That a body was judged stays true, whoever presents it and with whatever
 * verdicts; so only the body is compared, whole, by its hash.
 */
export class VerifiedBodies {
  readonly #known = new Set<Bytes32>();
  /** Results of acknowledgements, verdicts and all, by their hashes. */
  readonly #whole = new Map<Bytes32, Body | MedsealError>();
  #check: AcknowledgementCheck | undefined;

  /** Tells if the body of an entry needs no verdicts any more. */
  knows(entry: Bytes32): boolean {
    return this.#known.has(entry);
  }

  /**
   * Notes an entry of which the organisation's own rows say that it was verified or agreed to.
   * @param entry - The hash of its body, as those rows have it.
   */
  add(entry: Bytes32): void {
    this.#known.add(entry);
    keepNewest(this.#known, MOST);
  }

  /**
   * Verifies an acknowledgement as `verifyAcknowledgement` does, unless its body was verified before.
   * @param context - Domain and primitives, the same each time.
   * @param network - The pinned network file, the same each time.
   * @param acknowledgement - Not trusted.
   * @returns The body.
   * @throws MedsealError `EVIDENCE_INVALID` with the reason.
   */
  verify(context: SigningContext, network: NetworkFile, acknowledgement: Acknowledgement): Body {
    const { body, entry, log } = (acknowledgement ?? {}) as Partial<Acknowledgement>;
    if (typeof body === 'string' && entry !== undefined && this.#known.has(entry)) {
      const hash = bytesToHex(context.primitives.sha256(utf8ToBytes(body)));
      const known = hash === entry ? parseBody(body) : undefined;
      if (known !== undefined && known.log === log) return known;
    }
    const verified = verifyAcknowledgement(context, network, acknowledgement);
    this.add(acknowledgement.entry);
    return verified;
  }

  /**
   * Verifies an acknowledgement as `verifyAcknowledgement` does, its verdicts too, for whoever keeps them; one that is
   * named again costs no signature.
   * @param context - Domain and primitives, the same each time.
   * @param network - The pinned network file, the same each time.
   * @param acknowledgement - Not trusted.
   * @returns The body.
   * @throws MedsealError `EVIDENCE_INVALID` with the reason.
   */
  verifyWhole(
    context: SigningContext,
    network: NetworkFile,
    acknowledgement: Acknowledgement,
  ): Body {
    const { log, entry, body, verdicts } = acknowledgement;
    const text = utf8ToBytes(JSON.stringify([log, entry, body, verdicts]));
    const id = bytesToHex(context.primitives.sha256(text));
    const found = this.#whole.get(id) ?? this.#found(context, network, acknowledgement);
    this.#whole.set(id, found);
    keepNewest(this.#whole, MOST_WHOLE);
    if (found instanceof MedsealError) throw found;
    return found;
  }

  #found(
    context: SigningContext,
    network: NetworkFile,
    acknowledgement: Acknowledgement,
  ): Body | MedsealError {
    this.#check ??= acknowledgementCheck(context, network);
    try {
      return this.#check.request(acknowledgement);
    } catch (error) {
      return toMedsealError(error);
    }
  }
}
