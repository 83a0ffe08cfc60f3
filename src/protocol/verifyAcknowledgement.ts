import { bytesToHex, hexToBytes, utf8ToBytes } from '../crypto/bytes.ts';
import { leafHash } from '../crypto/merkle/leafHash.ts';
import { verifyInclusion } from '../crypto/merkle/verifyInclusion.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Acknowledgement, Body, SignedVerdict } from './evidence.ts';
import { checkEvidence } from './checkEvidence.ts';
import { holds } from './holds.ts';
import type { Bytes32 } from './ids.ts';
import { logOf, organisationsBehind } from './networkLookups.ts';
import type { NetworkFile } from './NetworkFile.ts';
import { parseBody } from './parseBody.ts';
import { signerOf, type SigningContext } from './signing.ts';

/**
 * Checks an acknowledgement by itself: the body hashes to the entry, and k coordinators of different organisations
 * judged that entry for that log. Verdicts that do not hold do not count. Its place in the log is what a receipt proves.
 *
 * @param context - Domain and primitives.
 * @param network - The pinned network file.
 * @param acknowledgement - What a node answered.
 * @returns The body.
 * @throws MedsealError `EVIDENCE_INVALID` with the reason.
 */
export function verifyAcknowledgement(
  context: SigningContext,
  network: NetworkFile,
  acknowledgement: Acknowledgement,
): Body {
  return checkEvidence(() => check(context, network, acknowledgement));
}

function check(
  context: SigningContext,
  network: NetworkFile,
  acknowledgement: Acknowledgement,
): Body {
  const { entry, log, verdicts } = acknowledgement;
  const { channel, log: identity } = logOf(network, log);
  const hash = bytesToHex(context.primitives.sha256(utf8ToBytes(acknowledgement.body)));
  if (hash !== entry) throw invalid('the entry is not the hash of its body');
  const body = parseBody(acknowledgement.body);
  if (body.log !== log) throw invalid('the body names another log');
  const signers = verdicts
    .filter((signed) => holds(() => covers(context, signed, identity.id, entry)))
    .map((signed) => signed.coordinator);
  if (organisationsBehind(channel, signers) < channel.threshold) {
    throw invalid('too few coordinators judged the entry');
  }
  return body;
}

function covers(
  context: SigningContext,
  { verdict, coordinator, signature, index, proof }: SignedVerdict,
  log: Bytes32,
  entry: Bytes32,
): boolean {
  if (verdict.log !== log) return false;
  const included = verifyInclusion(context.primitives, {
    index,
    size: verdict.size,
    leaf: leafHash(context.primitives, hexToBytes(entry)),
    proof: proof.map(hexToBytes),
    root: hexToBytes(verdict.root),
  });
  return included && signerOf(context, 'Verdict', verdict, signature) === coordinator;
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
