import type { OperationId } from '../../src/protocol/operations/operations.ts';
import type { Messages } from '../../src/protocol/struct/requests.ts';

/** Something that people do with Medseal, and the places in which they meet it. */
export interface Feature {
  readonly name: string;
  /** For its users, in one or two sentences. */
  readonly says: string;
  /** Structs that are signed for it. */
  readonly structs: readonly (keyof Messages)[];
  /** Functions of the package's `client`, the main ones. */
  readonly sdk: readonly string[];
  /** Verbs of `medseal`; the name of a group stands for all of its verbs. */
  readonly verbs: readonly string[];
  readonly operations: readonly OperationId[];
  /** Paths of the portal's screens. */
  readonly screens: readonly string[];
  /** Files of `demo/scenario` that play it, with its denials. */
  readonly scenarios: readonly string[];
  /** Page of `docs/`. */
  readonly page: string;
  /** Places in which it is not, with the reason. */
  readonly not?: Partial<Readonly<Record<Place, string>>>;
}

/** Places in which a feature can be met. */
export type Place = 'sdk' | 'verbs' | 'operations' | 'screens' | 'scenarios';

/** All features, in the order in which people meet them. */
export const FEATURES: readonly Feature[] = [
  {
    name: 'Enrolment',
    says: 'A party applies; k of n members of the authority enrol, suspend and resume it. Patients are known by a salted handle.',
    structs: ['Application', 'Enrolment', 'Suspension', 'Attestation'],
    sdk: ['enrol', 'suspendParty', 'draftSuspension', 'findParty'],
    verbs: ['party', 'join'],
    operations: ['apply', 'suspend', 'getParty', 'putParty', 'askFacts', 'getNetwork'],
    screens: ['/operator'],
    scenarios: ['sharingScenario.ts'],
    page: 'use/start.md',
  },
  {
    name: 'Moves',
    says: 'Another organisation’s node serves a party, whose devices follow, also after its own organisation left the network.',
    structs: [],
    sdk: ['moveParty', 'servedBy', 'followNetwork'],
    verbs: ['party move'],
    operations: ['collect', 'listSuccessors'],
    screens: ['/me'],
    scenarios: ['moveScenario.ts'],
    page: 'why/decisions/moves-of-parties.md',
  },
  {
    name: 'Keys',
    says: 'Keys lie under a passphrase that is asked for once in a session, change without losing the chart, and come back from 24 words.',
    structs: ['Keep', 'NewestState', 'KeyChange'],
    sdk: ['openParty', 'changeKey', 'restorePatient', 'seedToPhrase'],
    verbs: ['key', 'status'],
    operations: ['changeKey', 'keep'],
    screens: ['/me/keys/:what?', '/me'],
    scenarios: ['endsScenario.ts'],
    page: 'use/start.md',
  },
  {
    name: 'Recovery',
    says: 'Somebody who lost key and words gets their party back: the authority signs, a delay passes in which the former key stops it, and all evidence still verifies offline.',
    structs: ['Recovery', 'Veto'],
    sdk: ['askRecovery', 'signRecovery', 'carryRecovery', 'finishRecovery', 'vetoRecovery'],
    verbs: ['key recover', 'key veto', 'party recover'],
    operations: ['recover', 'getRecovery', 'veto'],
    screens: [],
    scenarios: ['recoveryScenario.ts'],
    page: 'use/lost-key.md',
    not: {
      screens: 'a banner above every screen warns; the command line asks, signs and vetoes',
    },
  },
  {
    name: 'Contacts',
    says: 'A recipient key that changed gets nothing before the patient compared and accepted it.',
    structs: [],
    sdk: ['confirmContact', 'acceptRecipient', 'noteContacts'],
    verbs: ['contact', 'patient card'],
    operations: [],
    screens: ['/card', '/patients'],
    scenarios: ['endsScenario.ts'],
    page: 'use/start.md',
    not: { operations: 'an alias stays on its device' },
  },
  {
    name: 'Records',
    says: 'FHIR bundles are validated, split by category, sealed before they leave the author, amended and put together again unchanged; other content of any size is streamed.',
    structs: ['Write', 'View', 'KeptView', 'ViewSet', 'Upload'],
    sdk: ['addBundle', 'addDocument', 'addRecord', 'readChart', 'readRecord', 'readBundle'],
    verbs: ['record add', 'record list', 'record get', 'record amend', 'record withdraw'],
    operations: ['submit', 'putFile', 'getFile', 'getSheet'],
    screens: ['/records', '/records/:record', '/add', '/chart/:tab?', '/patients/:handle/:tab?'],
    scenarios: ['sharingScenario.ts', 'visitScenario.ts'],
    page: 'use/start.md',
  },
  {
    name: 'Rights',
    says: 'A patient gives rights by category, action, purpose and time, or to one record, sees who can see what, and ends them. Every end begins new keys.',
    structs: [
      'Grant',
      'Revoke',
      'End',
      'CommitEpochs',
      'Advance',
      'Letter',
      'Collect',
      'FindRights',
    ],
    sdk: ['grantRight', 'listGrants', 'endRight', 'revokeRight', 'knownRights'],
    verbs: ['grant', 'grants', 'revoke', 'inbox'],
    operations: ['submit', 'send', 'collect', 'findRights'],
    screens: ['/share/:record?', '/rights', '/inbox', '/inbox/:right', '/home'],
    scenarios: ['sharingScenario.ts', 'endsScenario.ts'],
    page: 'use/start.md',
  },
  {
    name: 'Requests for a right',
    says: 'A party asks a patient for a right, and the patient grants or declines; both are in the log.',
    structs: ['AccessRequest', 'Ask'],
    sdk: ['requestAccess', 'approveAccess', 'declineAccess', 'withdrawRequest'],
    verbs: ['request', 'approve', 'deny', 'withdraw'],
    operations: ['submit', 'send'],
    screens: ['/requests', '/ask/:handle?', '/asked'],
    scenarios: ['sharingScenario.ts'],
    page: 'use/consent.md',
  },
  {
    name: 'News',
    says: 'The portal says on every screen what letters bring. A browser can be told that there is news while it is closed, by a push without content.',
    structs: ['Notify'],
    sdk: ['checkInbox', 'listTold', 'tellBrowser', 'stopTelling'],
    verbs: ['inbox', 'notify'],
    operations: ['collect', 'notify'],
    screens: ['/me'],
    scenarios: [],
    page: 'use/portal.md',
    not: { scenarios: 'a scenario has no browser that a push service knows' },
  },
  {
    name: 'Standing rules',
    says: 'Rights follow from rules that permit and deny, renewed by the patient’s device.',
    structs: [],
    sdk: ['addRule', 'readRules', 'previewRules', 'applyRules'],
    verbs: ['rule'],
    operations: ['submit', 'keep'],
    screens: ['/rules'],
    scenarios: ['rulesScenario.ts'],
    page: 'use/consent.md',
  },
  {
    name: 'FHIR Consent and AuditEvent',
    says: 'Rights are taken from FHIR Consents, never wider, and written as such; an audit is written as AuditEvents.',
    structs: [],
    sdk: ['grantRight'],
    verbs: ['consent'],
    operations: ['submit'],
    screens: ['/files'],
    scenarios: ['rulesScenario.ts'],
    page: 'use/consent.md',
  },
  {
    name: 'Taking records along',
    says: 'A patient makes one archive of every version of every record with its proof, one FHIR bundle, a summary, the audit and the rights; it is verified without any network, and brought along to a chart in another one.',
    structs: [],
    sdk: ['exportChart', 'examineArchive', 'importChart', 'originFault'],
    verbs: ['export', 'import'],
    operations: ['submit'],
    screens: ['/files'],
    scenarios: [],
    page: 'use/take-along.md',
    not: {
      scenarios:
        'the archive is a file on the patient’s device, and a network does nothing new for it',
    },
  },
  {
    name: 'Evidence',
    says: 'Every write, view and refusal is an entry that k coordinators of different organisations judged; audits prove that nothing was left out, receipts verify offline.',
    structs: ['Verdict', 'Checkpoint', 'Tally'],
    sdk: ['readAudit', 'fetchReceipt', 'verifyReceipt', 'examineChain', 'followPromise'],
    verbs: ['audit', 'chain', 'log', 'verify'],
    operations: [
      'listAudited',
      'listViewedRecords',
      'listTallies',
      'listReleases',
      'getReceipt',
      'getCheckpoint',
      'listCheckpoints',
      'listBatches',
      'listEntries',
      'getInclusion',
      'getConsistency',
      'getTlogCheckpoint',
      'getTlogTile',
    ],
    screens: ['/evidence', '/acts', '/verify', '/explorer/log/:channel/:organisation'],
    scenarios: ['sharingScenario.ts'],
    page: 'build/concepts.md',
  },
  {
    name: 'Release keys',
    says: 'In a network with a release key, who keeps a key packet and a sealed file opens nothing without shares of k organisations, each given for a logged view.',
    structs: ['ShareRelease', 'ShareDeal'],
    sdk: ['guardChart', 'verifyReleaseProof', 'keepRecord'],
    verbs: ['network deal', 'record kept'],
    operations: ['releaseShares'],
    screens: ['/kept'],
    scenarios: ['sharingScenario.ts'],
    page: 'build/threshold.md',
  },
  {
    name: 'Erasure',
    says: 'A patient erases a category: its keys and its files, at every organisation, and gets a certificate that each of them signs.',
    structs: ['Erase', 'Erased'],
    sdk: ['eraseKeys', 'certifyErasure', 'verifyErasure'],
    verbs: ['record erase', 'record certificate', 'backups-ended'],
    operations: ['submit', 'keep', 'stateErased'],
    screens: ['/me'],
    scenarios: ['eraseScenario.ts'],
    page: 'why/durability.md',
  },
  {
    name: 'Mistakes and objections',
    says: 'A patient or a reader says that something is wrong, its author answers within the days that the network states, a statement of disagreement stays with the record, and every face shows it.',
    structs: [],
    sdk: [
      'reportMistake',
      'answerMistake',
      'objectToRecord',
      'listCorrections',
      'answerObjection',
      'disagreeWithAnswer',
      'tellReaders',
    ],
    verbs: ['mistake', 'record object'],
    operations: ['send', 'submit'],
    screens: ['/mistakes', '/beside', '/records/:record'],
    scenarios: ['sharingScenario.ts', 'correctionScenario.ts', 'toldScenario.ts'],
    page: 'use/corrections.md',
  },
  {
    name: 'Messages about rights',
    says: 'Somebody whose right ends asks the patient for more time, who extends it or declines; a patient asks why a right is needed.',
    structs: [],
    sdk: ['askAboutRight', 'extendRight'],
    verbs: ['mistake ask', 'mistake extend'],
    operations: ['send', 'collect'],
    screens: ['/rights', '/mistakes'],
    scenarios: ['extensionScenario.ts'],
    page: 'use/start.md',
  },
  {
    name: 'Orders and results',
    says: 'A doctor orders, a laboratory reads the order by its own right and answers with results, and the doctor signs them off.',
    structs: [],
    sdk: ['tellOrder', 'listOrders', 'answerOrder', 'signOffOrder', 'withdrawOrder'],
    verbs: ['order'],
    operations: ['send', 'submit'],
    screens: ['/todo', '/orders/:handle/:record'],
    scenarios: ['orderScenario.ts'],
    page: 'use/portal.md',
  },
  {
    name: 'Prescriptions',
    says: 'A doctor prescribes what was checked against allergies and active medicines; pharmacies dispense by a slip, each amount once.',
    structs: [
      'Prescription',
      'PrescriptionCheck',
      'Dispense',
      'HoldPrescription',
      'CancelPrescription',
      'PassPrescription',
    ],
    sdk: ['issuePrescription', 'reviewOrder', 'dispense', 'readPrescriptions'],
    verbs: ['prescription'],
    operations: ['submit', 'send'],
    screens: ['/prescriptions', '/prescribe/:handle', '/dispense'],
    scenarios: ['prescriptionScenario.ts'],
    page: 'use/prescriptions.md',
  },
  {
    name: 'Claims',
    says: 'A doctor, laboratory or pharmacy claims payment of an insurer, who decides on papers that coordinators vouch for. An approved amount is held for a term, in which drawn verifiers judge disputes.',
    structs: [
      'Bill',
      'InsuranceClaim',
      'ClaimCheck',
      'ClaimDecision',
      'ClaimSupplement',
      'WithdrawClaim',
      'DisputeClaim',
      'ClaimJudgement',
      'IssueUnits',
      'RedeemUnits',
    ],
    sdk: ['signBill', 'submitClaim', 'decideClaim', 'disputeClaim', 'drawVerifiers', 'judgeClaim'],
    verbs: ['claim', 'unit'],
    operations: ['submit', 'placeUnits', 'settle'],
    screens: ['/claims', '/claims/new', '/claims/permit', '/claims/:claim', '/claim/:handle'],
    scenarios: ['claimScenario.ts'],
    page: 'use/claims.md',
  },
  {
    name: 'Births, deaths and wills',
    says: 'Two organisations confirm a birth and a death; a holder objects; a will opens records after a death.',
    structs: ['Birth', 'BirthLink', 'Death', 'ConfirmVital', 'UndoVital', 'ObjectToVital', 'Will'],
    sdk: ['registerBirth', 'reportDeath', 'confirmVital', 'objectToVital', 'undoVital', 'setWill'],
    verbs: ['birth', 'death', 'will'],
    operations: ['placeVital'],
    screens: ['/vital', '/birth', '/will'],
    scenarios: ['birthScenario.ts', 'deathScenario.ts'],
    page: 'use/vital-records.md',
  },
  {
    name: 'Acting for a patient',
    says: 'A mandate lets another party act on a chart by a key of its own, under its own name, until it ends or is ended.',
    structs: ['Mandate', 'EndMandate'],
    sdk: ['offerMandate', 'giveMandate', 'actFor', 'listMandates', 'endMandate', 'resignMandate'],
    verbs: ['mandate'],
    operations: ['placeMandate'],
    screens: ['/family'],
    scenarios: ['mandateScenario.ts', 'endOfMandate.ts'],
    page: 'use/mandates.md',
  },
  {
    name: 'Sensors',
    says: 'Devices sign readings and seal them for a chart; a gateway brings them there once.',
    structs: [],
    sdk: ['bindDevice', 'readReadings', 'proveReading', 'sealReadings', 'readingsToFhir'],
    verbs: ['device', 'readings', 'gateway', 'sensors'],
    operations: ['submit'],
    screens: ['/devices', '/readings', '/readings/:handle'],
    scenarios: ['sensorScenario.ts', 'sealedReadings.ts'],
    page: 'use/sensors.md',
  },
  {
    name: 'The ledger and its explorer',
    says: 'One node’s embedded EVM ledger, or one that all organisations hold together; anybody looks at blocks, transactions and logs.',
    structs: [],
    sdk: ['agentLedger', 'ledgerWitness'],
    verbs: ['verify node', 'verify network', 'verify fork', 'verify portal'],
    operations: ['listBlocks', 'askLedger', 'getPortal'],
    screens: ['/explorer', '/explorer/block/:block', '/explorer/tx/:hash', '/explorer/find/:hex'],
    scenarios: ['sharingScenario.ts'],
    page: 'run/ledger.md',
  },
  {
    name: 'Networks that change',
    says: 'Organisations join, leave, change keys, addresses, stakes, thresholds, the engine and parameters of the ledger by signed successors of the network file; channels are networks of some of them.',
    structs: ['OfficeChange', 'StakeChange', 'KeyReplacement', 'KeyRemoval', 'NetworkChange'],
    sdk: ['followNetwork', 'examineNetwork', 'confirmNewest'],
    verbs: ['network', 'channel', 'engine add'],
    operations: ['listSuccessors', 'succeed'],
    screens: ['/operator'],
    scenarios: [],
    page: 'run/operate.md',
    not: { scenarios: 'the tests of each verb found networks and change them' },
  },
  {
    name: 'Nodes',
    says: 'An organisation founds, runs, backs up, examines, repairs and restores its node; Prometheus reads its state.',
    structs: ['PeerCall'],
    sdk: [],
    verbs: ['init', 'up', 'node', 'backup', 'restore', 'fsck', 'vault', 'store'],
    operations: ['getPage', 'getOpenApi'],
    screens: ['/operator'],
    scenarios: [],
    page: 'run/operate.md',
    not: {
      sdk: 'operators use the command',
      scenarios: 'the tests of each verb kill, fill and restore nodes',
    },
  },
  {
    name: 'Trying it',
    says: 'A whole network with invented people in one process, and the papers’ scenarios played step by step.',
    structs: [],
    sdk: [],
    verbs: ['dev', 'scenario', 'completion'],
    operations: [],
    screens: [],
    scenarios: ['sharingScenario.ts', 'careScenario.ts'],
    page: 'use/start.md',
    not: {
      sdk: 'it uses the others',
      operations: 'it uses the others',
      screens: 'it uses the others',
    },
  },
];

/** Something that people could expect and that is not there. */
export interface Missing {
  readonly name: string;
  readonly says: string;
}

/** Parts that are not there yet, or not whole. */
export const MISSING: readonly Missing[] = [
  {
    name: 'Custody and emergencies',
    says: 'The authority lets nobody act for a child or a person who cannot, and no doctor opens a chart in an emergency without a right that was given before.',
  },
  {
    name: 'Recovery of patients',
    says: 'A patient who lost key and words is enrolled again: nothing is sealed ahead for a new key, so nobody could open the chart.',
  },
  {
    name: 'Erasure of one record',
    says: 'A category is erased, one record alone is not. Bodies of entries stay: the log can erase one, and no service does.',
  },
  { name: 'FHIR gateway', says: 'There is no FHIR REST, SMART or Bulk Data.' },
  {
    name: 'Studies',
    says: 'A researcher gets identified records or none: there is no noise, no federated learning and no view of SQL on FHIR.',
  },
  {
    name: 'Years',
    says: 'No network was run for a year: ten million rows of an index, entries at some organisations alone, and the headers of a busy year in minutes were not tried.',
  },
  {
    name: 'Upgrades',
    says: 'A contract that runs is not replaced by another one. Version 0.2.0 will be the first whose folders later versions bring forward.',
  },
  {
    name: 'Keys in hardware',
    says: 'A remote signer can have the key that signs blocks, and a PKCS#11 token those of coordinator, account and member of the authority: only SoftHSM was tried, and the node waits for each signature. The keys of log, TLS, bodies and shares are in its folder, under the passphrase. A validator with a remote signer states no upgrade of the engine.',
  },
  {
    name: 'Another ledger',
    says: 'The contracts would run on another EVM ledger; no node does.',
  },
  {
    name: 'Broken promises',
    says: 'Nobody watches for its holder that an acknowledged entry is in the log in time: the holder asks.',
  },
  {
    name: 'Teams',
    says: 'A team is let in by a right for each member.',
  },
  {
    name: 'Contract wallets',
    says: 'The contracts take their signatures; agents take those of keys alone.',
  },
  {
    name: 'Quotas',
    says: 'Rule requests and questions have none of their own. A restart forgets all counts but those of bytes.',
  },
  {
    name: 'From channel to channel',
    says: 'An author who is in both writes a record again; nothing does it for them.',
  },
];
