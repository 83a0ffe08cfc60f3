// Over 400 lines: the fields of all signed structs stand in one table, in the order that is signed.
import { claimTypes, type ClaimStructs } from './claimTypes.ts';
import type { MandateTerms } from '../care/mandates.ts';
import type { DispenseTerms, PrescriptionTerms } from '../care/prescriptions.ts';
import type { Messages, Terms } from './requests.ts';
import { structsOf } from './structsOf.ts';
import type { BirthTerms, DeathTerms, UndoTerms, WillTerms } from '../care/vitalRecords.ts';

/** The structs with those that are only within others. */
interface Structs extends Messages, ClaimStructs {
  Terms: Terms;
  PrescriptionTerms: PrescriptionTerms;
  DispenseTerms: DispenseTerms;
  BirthTerms: BirthTerms;
  DeathTerms: DeathTerms;
  UndoTerms: UndoTerms;
  WillTerms: WillTerms;
  MandateTerms: MandateTerms;
}

/**
 * Everything that is signed, as EIP-712 structs in words that a person can read. A moment is in Unix seconds, but
 * for that of a call between organisations.
 *
 * *Rule requests* change rules and go to the ledger; *evidence requests* become entries of a log; *statements*
 * are what authority members and coordinators sign.
 */
export const requestTypes = structsOf<Structs>()({
  // Rule requests
  Grant: [
    { name: 'handle', type: 'bytes32' },
    { name: 'terms', type: 'Terms' },
    { name: 'deadline', type: 'uint64' },
  ],
  Terms: [
    { name: 'grantee', type: 'address' },
    { name: 'categories', type: 'string[]' },
    { name: 'record', type: 'bytes32' },
    { name: 'read', type: 'bool' },
    { name: 'add', type: 'bool' },
    { name: 'amend', type: 'bool' },
    { name: 'purpose', type: 'string' },
    { name: 'from', type: 'uint64' },
    { name: 'until', type: 'uint64' },
    { name: 'salt', type: 'bytes16' },
  ],
  Revoke: [
    { name: 'handle', type: 'bytes32' },
    { name: 'grant', type: 'bytes32' },
    { name: 'epoch', type: 'uint64' },
    { name: 'packets', type: 'bytes32' },
    { name: 'deadline', type: 'uint64' },
  ],
  End: [
    { name: 'handle', type: 'bytes32' },
    { name: 'grant', type: 'bytes32' },
    { name: 'deadline', type: 'uint64' },
  ],
  CommitEpochs: [
    { name: 'handle', type: 'bytes32' },
    { name: 'first', type: 'uint64' },
    { name: 'count', type: 'uint64' },
    { name: 'root', type: 'bytes32' },
    { name: 'deadline', type: 'uint64' },
  ],

  // Evidence requests
  Write: [
    { name: 'log', type: 'string' },
    { name: 'action', type: 'string' },
    { name: 'handle', type: 'bytes32' },
    { name: 'record', type: 'bytes32' },
    { name: 'version', type: 'uint64' },
    { name: 'begunBy', type: 'address' },
    { name: 'about', type: 'bytes32' },
    { name: 'category', type: 'string' },
    { name: 'epoch', type: 'uint64' },
    { name: 'file', type: 'bytes32' },
    { name: 'size', type: 'uint64' },
    { name: 'grant', type: 'bytes32' },
    { name: 'purpose', type: 'string' },
    { name: 'deadline', type: 'uint64' },
    { name: 'salt', type: 'bytes16' },
  ],
  View: [
    { name: 'log', type: 'string' },
    { name: 'what', type: 'string' },
    { name: 'handle', type: 'bytes32' },
    { name: 'record', type: 'bytes32' },
    { name: 'version', type: 'uint64' },
    { name: 'grant', type: 'bytes32' },
    { name: 'purpose', type: 'string' },
    { name: 'deadline', type: 'uint64' },
    { name: 'salt', type: 'bytes16' },
  ],
  KeptView: [
    { name: 'log', type: 'string' },
    { name: 'what', type: 'string' },
    { name: 'handle', type: 'bytes32' },
    { name: 'record', type: 'bytes32' },
    { name: 'version', type: 'uint64' },
    { name: 'grant', type: 'bytes32' },
    { name: 'purpose', type: 'string' },
    { name: 'keep', type: 'uint64' },
    { name: 'deadline', type: 'uint64' },
    { name: 'salt', type: 'bytes16' },
  ],
  ViewSet: [
    { name: 'log', type: 'string' },
    { name: 'handle', type: 'bytes32' },
    { name: 'root', type: 'bytes32' },
    { name: 'count', type: 'uint64' },
    { name: 'grant', type: 'bytes32' },
    { name: 'purpose', type: 'string' },
    { name: 'keep', type: 'uint64' },
    { name: 'deadline', type: 'uint64' },
    { name: 'salt', type: 'bytes16' },
  ],
  Ask: [
    { name: 'log', type: 'string' },
    { name: 'what', type: 'string' },
    { name: 'handle', type: 'bytes32' },
    { name: 'request', type: 'bytes32' },
    { name: 'grant', type: 'bytes32' },
    { name: 'purpose', type: 'string' },
    { name: 'deadline', type: 'uint64' },
    { name: 'salt', type: 'bytes16' },
  ],
  Erase: [
    { name: 'log', type: 'string' },
    { name: 'handle', type: 'bytes32' },
    { name: 'category', type: 'string' },
    { name: 'epoch', type: 'uint64' },
    { name: 'grant', type: 'bytes32' },
    { name: 'purpose', type: 'string' },
    { name: 'deadline', type: 'uint64' },
    { name: 'salt', type: 'bytes16' },
  ],

  // Statements
  Application: [
    { name: 'party', type: 'address' },
    { name: 'role', type: 'string' },
    { name: 'organisation', type: 'string' },
    { name: 'recipient', type: 'bytes32' },
    { name: 'deadline', type: 'uint64' },
  ],
  Enrolment: [
    { name: 'party', type: 'address' },
    { name: 'role', type: 'uint8' },
    { name: 'organisation', type: 'bytes32' },
    { name: 'recipient', type: 'bytes32' },
    { name: 'handle', type: 'bytes32' },
    { name: 'deadline', type: 'uint64' },
  ],
  Verdict: [
    { name: 'kind', type: 'string' },
    { name: 'log', type: 'bytes32' },
    { name: 'size', type: 'uint64' },
    { name: 'root', type: 'bytes32' },
    { name: 'at', type: 'uint64' },
    { name: 'includeBy', type: 'uint64' },
  ],
  Checkpoint: [
    { name: 'log', type: 'bytes32' },
    { name: 'size', type: 'uint64' },
    { name: 'root', type: 'bytes32' },
  ],
  Attestation: [
    { name: 'nonce', type: 'bytes32' },
    { name: 'facts', type: 'bytes32' },
    { name: 'at', type: 'uint64' },
  ],
  NewestState: [
    { name: 'nonce', type: 'bytes32' },
    { name: 'handle', type: 'bytes32' },
    { name: 'revision', type: 'uint64' },
    { name: 'state', type: 'bytes32' },
    { name: 'at', type: 'uint64' },
  ],
  Tally: [
    { name: 'nonce', type: 'bytes32' },
    { name: 'log', type: 'bytes32' },
    { name: 'handle', type: 'bytes32' },
    { name: 'size', type: 'uint64' },
    { name: 'count', type: 'uint64' },
    { name: 'last', type: 'bytes32' },
  ],
  Erased: [
    { name: 'log', type: 'bytes32' },
    { name: 'erase', type: 'bytes32' },
    { name: 'handle', type: 'bytes32' },
    { name: 'versions', type: 'uint64' },
    { name: 'list', type: 'bytes32' },
    { name: 'at', type: 'uint64' },
    { name: 'backup', type: 'uint64' },
    { name: 'stated', type: 'uint64' },
  ],
  ShareRelease: [
    { name: 'log', type: 'bytes32' },
    { name: 'entries', type: 'bytes32' },
    { name: 'shares', type: 'bytes32' },
    { name: 'seals', type: 'bytes32' },
    { name: 'key', type: 'bytes32' },
    { name: 'recipient', type: 'bytes32' },
    { name: 'at', type: 'uint64' },
  ],
  ShareDeal: [
    { name: 'ceremony', type: 'bytes32' },
    { name: 'part', type: 'string' },
    { name: 'content', type: 'bytes32' },
  ],
  Upload: [
    { name: 'log', type: 'string' },
    { name: 'file', type: 'bytes32' },
    { name: 'size', type: 'uint64' },
    { name: 'deadline', type: 'uint64' },
    { name: 'salt', type: 'bytes16' },
  ],
  Letter: [
    { name: 'to', type: 'address' },
    { name: 'letter', type: 'bytes32' },
    { name: 'until', type: 'uint64' },
    { name: 'salt', type: 'bytes16' },
  ],
  Collect: [
    { name: 'taken', type: 'bytes32[]' },
    { name: 'deadline', type: 'uint64' },
    { name: 'salt', type: 'bytes16' },
  ],
  FindRights: [
    { name: 'after', type: 'bytes32' },
    { name: 'deadline', type: 'uint64' },
    { name: 'salt', type: 'bytes16' },
  ],
  Notify: [
    { name: 'endpoint', type: 'bytes32' },
    { name: 'until', type: 'uint64' },
    { name: 'deadline', type: 'uint64' },
    { name: 'salt', type: 'bytes16' },
  ],
  Keep: [
    { name: 'handle', type: 'bytes32' },
    { name: 'revision', type: 'uint64' },
    { name: 'state', type: 'bytes32' },
    { name: 'packets', type: 'bytes32' },
    { name: 'deadline', type: 'uint64' },
  ],

  // Changes of who is who, and of epochs by others than the patient
  Suspension: [
    { name: 'party', type: 'address' },
    { name: 'suspended', type: 'bool' },
    { name: 'change', type: 'uint64' },
    { name: 'deadline', type: 'uint64' },
  ],
  KeyChange: [
    { name: 'party', type: 'address' },
    { name: 'signer', type: 'address' },
    { name: 'recipient', type: 'bytes32' },
    { name: 'change', type: 'uint64' },
    { name: 'deadline', type: 'uint64' },
  ],
  Recovery: [
    { name: 'party', type: 'address' },
    { name: 'signer', type: 'address' },
    { name: 'recipient', type: 'bytes32' },
    { name: 'change', type: 'uint64' },
    { name: 'deadline', type: 'uint64' },
  ],
  Veto: [
    { name: 'party', type: 'address' },
    { name: 'deadline', type: 'uint64' },
  ],
  OfficeChange: [
    { name: 'office', type: 'string' },
    { name: 'members', type: 'address[]' },
    { name: 'organisations', type: 'bytes32[]' },
    { name: 'threshold', type: 'uint8' },
    { name: 'change', type: 'uint64' },
    { name: 'deadline', type: 'uint64' },
  ],
  StakeChange: [
    { name: 'organisation', type: 'bytes32' },
    { name: 'key', type: 'bytes32' },
    { name: 'amount', type: 'uint64' },
    { name: 'change', type: 'uint64' },
    { name: 'deadline', type: 'uint64' },
  ],
  KeyReplacement: [
    { name: 'organisation', type: 'bytes32' },
    { name: 'former', type: 'bytes32' },
    { name: 'key', type: 'bytes32' },
    { name: 'deadline', type: 'uint64' },
  ],
  KeyRemoval: [
    { name: 'organisation', type: 'bytes32' },
    { name: 'key', type: 'bytes32' },
    { name: 'removal', type: 'uint64' },
    { name: 'deadline', type: 'uint64' },
  ],
  NetworkChange: [
    { name: 'number', type: 'uint64' },
    { name: 'predecessor', type: 'bytes32' },
    { name: 'successor', type: 'bytes32' },
    { name: 'from', type: 'uint64' },
  ],
  Advance: [
    { name: 'handle', type: 'bytes32' },
    { name: 'epoch', type: 'uint64' },
    { name: 'packets', type: 'bytes32' },
    { name: 'deadline', type: 'uint64' },
  ],

  // Requests for rights, in letters
  AccessRequest: [
    { name: 'handle', type: 'bytes32' },
    { name: 'terms', type: 'Terms' },
    { name: 'deadline', type: 'uint64' },
  ],

  // Prescriptions
  Prescription: [
    { name: 'terms', type: 'PrescriptionTerms' },
    { name: 'prescriber', type: 'address' },
    { name: 'second', type: 'address' },
    { name: 'holder', type: 'address' },
    { name: 'slip', type: 'address' },
    { name: 'amount', type: 'uint24' },
    { name: 'fills', type: 'uint8' },
    { name: 'interval', type: 'uint16' },
    { name: 'from', type: 'uint64' },
    { name: 'until', type: 'uint64' },
    { name: 'replaces', type: 'bytes32' },
    { name: 'deadline', type: 'uint64' },
  ],
  PrescriptionCheck: [
    { name: 'prescription', type: 'bytes32' },
    { name: 'order', type: 'bytes32' },
  ],
  PrescriptionTerms: [
    { name: 'handle', type: 'bytes32' },
    { name: 'record', type: 'bytes32' },
    { name: 'content', type: 'bytes32' },
    { name: 'medicine', type: 'string' },
    { name: 'code', type: 'string' },
    { name: 'unit', type: 'string' },
    { name: 'controlled', type: 'bool' },
    { name: 'salt', type: 'bytes16' },
  ],
  Dispense: [
    { name: 'prescription', type: 'bytes32' },
    { name: 'step', type: 'uint16' },
    { name: 'amount', type: 'uint24' },
    { name: 'terms', type: 'DispenseTerms' },
    { name: 'deadline', type: 'uint64' },
  ],
  DispenseTerms: [
    { name: 'pharmacist', type: 'address' },
    { name: 'content', type: 'bytes32' },
    { name: 'salt', type: 'bytes16' },
  ],
  HoldPrescription: [
    { name: 'prescription', type: 'bytes32' },
    { name: 'step', type: 'uint16' },
    { name: 'held', type: 'bool' },
    { name: 'deadline', type: 'uint64' },
  ],
  CancelPrescription: [
    { name: 'prescription', type: 'bytes32' },
    { name: 'deadline', type: 'uint64' },
  ],
  PassPrescription: [
    { name: 'prescription', type: 'bytes32' },
    { name: 'step', type: 'uint16' },
    { name: 'holder', type: 'address' },
    { name: 'slip', type: 'address' },
    { name: 'deadline', type: 'uint64' },
  ],

  // Births, deaths and wills
  Birth: [
    { name: 'terms', type: 'BirthTerms' },
    { name: 'reporter', type: 'address' },
    { name: 'handle', type: 'bytes32' },
    { name: 'step', type: 'uint16' },
    { name: 'deadline', type: 'uint64' },
  ],
  BirthTerms: [
    { name: 'record', type: 'bytes32' },
    { name: 'content', type: 'bytes32' },
    { name: 'link', type: 'bytes32' },
    { name: 'salt', type: 'bytes16' },
  ],
  Death: [
    { name: 'terms', type: 'DeathTerms' },
    { name: 'reporter', type: 'address' },
    { name: 'handle', type: 'bytes32' },
    { name: 'step', type: 'uint16' },
    { name: 'deadline', type: 'uint64' },
  ],
  DeathTerms: [
    { name: 'record', type: 'bytes32' },
    { name: 'content', type: 'bytes32' },
    { name: 'at', type: 'uint64' },
    { name: 'salt', type: 'bytes16' },
  ],
  BirthLink: [
    { name: 'handle', type: 'bytes32' },
    { name: 'child', type: 'bytes32' },
    { name: 'registrar', type: 'address' },
    { name: 'deadline', type: 'uint64' },
    { name: 'salt', type: 'bytes16' },
  ],
  ConfirmVital: [
    { name: 'what', type: 'string' },
    { name: 'handle', type: 'bytes32' },
    { name: 'step', type: 'uint16' },
    { name: 'report', type: 'bytes32' },
    { name: 'confirmer', type: 'address' },
    { name: 'deadline', type: 'uint64' },
  ],
  UndoVital: [
    { name: 'terms', type: 'UndoTerms' },
    { name: 'what', type: 'string' },
    { name: 'handle', type: 'bytes32' },
    { name: 'step', type: 'uint16' },
    { name: 'report', type: 'bytes32' },
    { name: 'first', type: 'address' },
    { name: 'second', type: 'address' },
    { name: 'deadline', type: 'uint64' },
  ],
  UndoTerms: [
    { name: 'content', type: 'bytes32' },
    { name: 'reason', type: 'string' },
    { name: 'salt', type: 'bytes16' },
  ],
  ObjectToVital: [
    { name: 'what', type: 'string' },
    { name: 'handle', type: 'bytes32' },
    { name: 'step', type: 'uint16' },
    { name: 'report', type: 'bytes32' },
    { name: 'deadline', type: 'uint64' },
  ],
  Will: [
    { name: 'terms', type: 'WillTerms' },
    { name: 'handle', type: 'bytes32' },
    { name: 'number', type: 'uint16' },
    { name: 'deadline', type: 'uint64' },
  ],
  WillTerms: [
    { name: 'grants', type: 'bytes32[]' },
    { name: 'lasts', type: 'uint64' },
    { name: 'salt', type: 'bytes16' },
  ],

  // Claims, and what is paid on them
  ...claimTypes,

  // Mandates
  Mandate: [
    { name: 'terms', type: 'MandateTerms' },
    { name: 'handle', type: 'bytes32' },
    { name: 'key', type: 'address' },
    { name: 'powers', type: 'uint8' },
    { name: 'until', type: 'uint64' },
    { name: 'deadline', type: 'uint64' },
  ],
  MandateTerms: [
    { name: 'representative', type: 'address' },
    { name: 'recipient', type: 'bytes32' },
    { name: 'reason', type: 'string' },
    { name: 'audit', type: 'bool' },
    { name: 'until', type: 'uint64' },
    { name: 'salt', type: 'bytes16' },
  ],
  EndMandate: [
    { name: 'handle', type: 'bytes32' },
    { name: 'key', type: 'address' },
    { name: 'deadline', type: 'uint64' },
  ],

  // Between organisations
  PeerCall: [
    { name: 'caller', type: 'string' },
    { name: 'receiver', type: 'string' },
    { name: 'method', type: 'string' },
    { name: 'path', type: 'string' },
    { name: 'body', type: 'bytes32' },
    { name: 'at', type: 'uint64' },
    { name: 'nonce', type: 'bytes16' },
  ],
});
