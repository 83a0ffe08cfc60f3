import type { Abi } from 'viem';
import type { Primitives } from '../crypto/Primitives.ts';
import { malformed } from '../errors/malformed.ts';
import type { InsuranceClaim } from '../protocol/care/claims.ts';
import type { Hex } from '../protocol/ids.ts';
import { LEDGER_REQUESTS, type LedgerType } from '../protocol/struct/ledgerRequests.ts';
import { orderNumber } from '../protocol/care/orderNumber.ts';
import type { PrescriptionTerms } from '../protocol/care/prescriptions.ts';
import type { Messages } from '../protocol/struct/requests.ts';
import { encodeBatch } from './encodeBatch.ts';
import { claimsAbi } from './generated/claimsAbi.ts';
import { consentAbi } from './generated/consentAbi.ts';
import { evidenceAbi } from './generated/evidenceAbi.ts';
import { mandatesAbi } from './generated/mandatesAbi.ts';
import { prescriptionsAbi } from './generated/prescriptionsAbi.ts';
import { registryAbi } from './generated/registryAbi.ts';
import { settlementAbi } from './generated/settlementAbi.ts';
import { validatorsAbi } from './generated/validatorsAbi.ts';
import { vitalRecordsAbi } from './generated/vitalRecordsAbi.ts';
import { hideTerms, type HiddenType } from './hideTerms.ts';

const ABIS: Readonly<Record<string, Abi>> = {
  registry: registryAbi,
  consent: consentAbi,
  evidence: evidenceAbi,
  validators: validatorsAbi,
  prescriptions: prescriptionsAbi,
  vitalRecords: vitalRecordsAbi,
  settlement: settlementAbi,
  claims: claimsAbi,
  mandates: mandatesAbi,
};

/** A request with what goes to its contract beside it. */
export interface Carried<Type extends LedgerType = LedgerType> {
  readonly message: Messages[Type];
  /** Signature of its party; absent if an office signs it. */
  readonly signature?: Hex;
  /** Signature of the other key that the contract asks for, over the same digest. */
  readonly cosignature?: Hex | undefined;
  /** The claim, as its claimant signed it, where the request is a step of one. */
  readonly claim?: InsuranceClaim | undefined;
  /** Signatures of those in office: over the request, or of coordinators who vouch for it; in ascending order of their addresses. */
  readonly signatures?: readonly Hex[];
}

/**
 * Calldata for the contract that takes requests of a kind. Of terms only their struct hash goes in.
 *
 * @param primitives - Hashes.
 * @param type - The kind.
 * @param requests - Any number of it; each is taken or refused for itself.
 * @throws MedsealError `REQUEST_MALFORMED` for a step without its claim.
 */
export function encodeRequests<Type extends LedgerType>(
  primitives: Primitives,
  type: Type,
  requests: readonly Carried<Type>[],
): Hex {
  const { contract, call, signer } = LEDGER_REQUESTS[type];
  const abi = ABIS[contract] ?? [];
  const taking = abi.find((each) => each.type === 'function' && each.name === call);
  const inputs = taking?.type === 'function' ? taking.inputs : [];
  const rows = requests.map((request) => inputs.map((input) => valueOf(input, request)));
  return encodeBatch(abi, call, rows as never);

  function valueOf(
    input: (typeof inputs)[number],
    { message, signature = '0x', cosignature, claim, signatures = [] }: Carried<Type>,
  ): unknown {
    switch (`${input.name} ${input.type}`) {
      case 'signatures bytes[]':
        if (signer === undefined) return signature;
        return cosignature ?? (signer === 'account' ? signature : '0x');
      case 'signatures bytes[2][]':
        return [signature, cosignature ?? '0x'];
      case 'signatures bytes[][]':
      case 'checks bytes[][]':
        return signatures;
      case 'orders bytes32[]':
        return orderNumber(primitives, (message as { terms: PrescriptionTerms }).terms);
      case 'claims tuple[]':
        if (claim === undefined) throw malformed('claim');
        return hideTerms(primitives, 'InsuranceClaim', claim);
      default:
        if (!('terms' in message)) return message;
        return hideTerms(primitives, type as HiddenType, message as Messages['Grant']);
    }
  }
}
