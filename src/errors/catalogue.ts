// Over 400 lines: one table of every error, so that no code stands twice.

/**
 * Every error that Medseal throws on purpose, in one table: code, HTTP status, whether trying again unchanged
 * can help, the sentence, and what the caller can do. Codes are stable: they may be added, never changed.
 *
 * The texts say what is wrong with what the caller sent, and nothing about what others hold: a right that is
 * absent, of another scope or of another purpose is one code.
 */

interface Row<Values> {
  readonly status: number;
  readonly retry: boolean;
  readonly text: (values: Values) => string;
  readonly next: string;
}

function row<Values extends Record<string, string | number> = Record<string, never>>(
  status: number,
  text: (values: Values) => string,
  next: string,
  retry = false,
): Row<Values> {
  return { status, retry, text, next };
}

/** The table; a key is a code. */
export const catalogue = {
  // Requests
  REQUEST_MALFORMED: row<{ what: string }>(
    400,
    ({ what }) => `The request is not of the form that it must have: ${what}.`,
    'Compare the request with the documented form and send it again.',
  ),
  REQUEST_TOO_LARGE: row<{ what: string; limit: number }>(
    413,
    ({ what, limit }) => `The ${what} is over the limit of ${limit}.`,
    'Send less at a time.',
  ),
  REQUEST_SLOW: row(
    408,
    () => 'The request did not arrive in time.',
    'Send it again, over a better connection or less at a time.',
    true,
  ),
  HEADERS_TOO_LARGE: row(
    431,
    () => 'The head of the request is too large.',
    'Send fewer or shorter headers.',
  ),
  OVERLOADED: row(
    503,
    () => 'There is too much to do just now.',
    'Try again after the time that Retry-After names.',
    true,
  ),
  REQUEST_LATE: row(
    408,
    () => 'The deadline of the request has passed.',
    'Sign the request again with a new deadline.',
  ),
  REQUEST_EARLY: row(
    400,
    () => 'The deadline of the request lies too far ahead.',
    'Sign the request again with a nearer deadline, and check the clock.',
  ),
  REQUEST_ALTERED: row(
    409,
    () => 'A request with this identity was already answered, and this one differs from it.',
    'Sign a new request.',
  ),
  LOG_WRONG: row(
    421,
    () => 'The request names another log or another network than this agent serves.',
    'Send the request to the agent whose log it names, or sign it for this one.',
  ),
  SIGNATURE_INVALID: row(
    401,
    () => 'The signature is not one of the party over these bytes.',
    'Sign the request with the key that the Registry holds for the party.',
  ),
  QUOTA_SPENT: row<{ what: string }>(
    429,
    ({ what }) => `The quota of ${what} is spent for now.`,
    'Wait a while, then try again.',
    true,
  ),
  CLOCK_SKEWED: row<{ limit: number }>(
    409,
    ({ limit }) => `The moment that the entry names is more than ${limit} s from this clock.`,
    'Set the clock of the agent, then send the request again.',
    true,
  ),

  // Parties and rights
  PARTY_UNKNOWN: row(
    403,
    () => 'The party is not enrolled.',
    'Apply for enrolment with the authority.',
  ),
  PARTY_SUSPENDED: row(403, () => 'The party is suspended.', 'Ask the authority for the reason.'),
  RIGHT_MISSING: row(
    403,
    () => 'No right of the party covers this.',
    'Ask the patient for a grant that covers it.',
  ),
  RIGHT_ENDED: row(
    403,
    () => 'The right that the request relies on has ended.',
    'Ask the patient for a new grant.',
  ),
  RIGHT_INVALID: row<{ what: string }>(
    400,
    ({ what }) => `The right cannot be given: ${what}.`,
    'Correct what is named, and sign again.',
  ),
  ENROLMENT_REFUSED: row<{ reason: string }>(
    403,
    ({ reason }) => `The enrolment is refused: ${reason}.`,
    'Correct the application and send it again.',
  ),
  RULE_REFUSED: row<{ reason: string }>(
    409,
    ({ reason }) => `The ledger refused the rule change: ${reason}.`,
    'Read the state of the ledger again, and sign a request that fits it.',
  ),

  // Epochs, keys, files
  EPOCH_STALE: row<{ epoch: number }>(
    409,
    ({ epoch }) => `The record is sealed to a past epoch; the patient is at epoch ${epoch}.`,
    'Seal the record again to the present epoch.',
  ),
  EPOCHS_EXHAUSTED: row(
    409,
    () => 'No further epoch is committed.',
    'Commit to more epochs, then try again.',
  ),
  KEY_PENDING: row(
    425,
    () => 'The key for the present epoch has not been sealed to the party yet.',
    'Try again in a minute: your organisation may have been away. If that does not help, a device of the patient has to connect.',
    true,
  ),
  RECORD_ERASED: row<{ category: string }>(
    410,
    ({ category }) =>
      `The patient erased what was in the category ${category}: it is gone for good.`,
    'Nothing opens it again. Whoever read it before may have kept it.',
  ),
  RECIPIENT_CHANGED: row(
    409,
    () => 'The party has another recipient than the one that keys were sealed to before.',
    'Compare the new fingerprint with the party, by another way than this network; then accept it.',
  ),
  KEY_UNAUTHENTIC: row<{ what: string }>(
    502,
    ({ what }) => `The ${what} is not the one that the ledger and the coordinators confirm.`,
    'Seal nothing to it. Report the node that served it.',
  ),
  STATE_STALE: row(
    409,
    () => 'This is not the newest state of the patient’s devices.',
    'Fetch the newest one and try again; if it stays so, ask the agent of another organisation.',
  ),
  STATE_UNSIGNED: row(
    502,
    () => 'The agent gives a state that none of the patient’s devices signed.',
    'Phrase and keys are fine. Ask the agent of another organisation, and report this one.',
  ),
  RULE_UNCONFIRMED: row(
    502,
    () => 'The coordinators do not confirm the rule change that the agent reports.',
    'Ask the agent of another organisation; if the change is not there, report the first one.',
  ),
  EPOCH_DUE: row<{ epoch: number }>(
    409,
    ({ epoch }) =>
      `A right has ended, and the patient’s keys have to turn to epoch ${epoch} first.`,
    'Try again in a moment.',
    true,
  ),
  SEAL_UNREADABLE: row(
    422,
    () => 'The sealed file cannot be opened with this key, or it was altered.',
    'Check that the key is for this patient, category and epoch; then report the file as damaged.',
  ),
  SEED_MALFORMED: row(400, () => 'The seed is not 32 bytes.', 'Use the seed of the keystore.'),
  FILE_ABSENT: row(
    404,
    () => 'The vault does not hold a sealed file of this hash.',
    'Upload the sealed file, then send the request again.',
    true,
  ),
  FILE_MISMATCH: row(
    422,
    () => 'The sealed file does not have the hash or the size that it was announced with.',
    'Upload the file again; if it was read from a node, report the node.',
  ),
  FILE_TAKEN: row(
    409,
    () => 'The sealed file belongs to another version of a record: no two share one.',
    'Seal the record again, and upload and name the new file.',
  ),
  RANGE_OUTSIDE: row<{ size: number }>(
    416,
    ({ size }) => `The part that is asked for is not within the ${size} bytes of the sealed file.`,
    'Ask for a part that is.',
  ),
  FILE_BEYOND_QUOTA: row<{ limit: number }>(
    413,
    ({ limit }) => `The sealed file is over the quota of ${limit} bytes.`,
    'Ask the operator for a larger quota.',
  ),
  RELEASE_UNKNOWN: row(
    403,
    () => 'No acknowledged view releases this file to the bearer.',
    'Send a signed view request first.',
  ),
  NOT_FOUND: row<{ what: string }>(
    404,
    ({ what }) => `There is no such ${what}.`,
    'Check the name or number.',
  ),
  NOT_YET: row<{ what: string }>(
    425,
    ({ what }) => `The ${what} is not there yet.`,
    'Try again in a moment.',
    true,
  ),

  // FHIR
  FHIR_INVALID: row<{ reason: string }>(
    422,
    ({ reason }) => `The FHIR R4 bundle is not valid: ${reason}.`,
    'Correct the resource at the named path.',
  ),
  PATIENT_DIFFERS: row<{ reason: string }>(
    422,
    ({ reason }) => `The file is not of the patient whose chart this is: ${reason}.`,
    'Compare name and birth date with the chart. If it belongs there all the same, insist: --another-patient, or `anotherPatient` in the SDK.',
  ),
  PARTS_UNFIT: row<{ reason: string }>(
    422,
    ({ reason }) => `The parts do not make up one bundle: ${reason}.`,
    'Fetch the parts of this bundle alone, and put them together again. If it stays so, ask the author: a part is wrong.',
  ),

  // Evidence
  VERDICTS_MISSING: row<{ got: number; needed: number }>(
    503,
    ({ got, needed }) => `Only ${got} of ${needed} coordinators agreed.`,
    'Try again when more coordinators can be reached.',
    true,
  ),
  ANSWER_DISPUTED: row(
    409,
    () => 'The coordinators do not find what the agent says of the request.',
    'Try again; if it stays so, sign a new request or ask the agent of another organisation.',
    true,
  ),
  EVIDENCE_INVALID: row<{ reason: string }>(
    422,
    ({ reason }) => `The evidence does not hold: ${reason}.`,
    'Keep the evidence, and ask an auditor to look at the log that it names.',
  ),
  PROMISE_OVERDUE: row<{ log: string; includeBy: number }>(
    504,
    ({ log, includeBy }) =>
      `No receipt came, though ${log} was to hold the entry by ${includeBy}, and that time has passed by this clock.`,
    'Keep the acknowledgement. A ledger that you trust tells whether the promise was broken.',
    true,
  ),
  PROMISE_BROKEN: row<{ log: string; includeBy: number; size: number; signers: string }>(
    502,
    ({ log, includeBy, size, signers }) =>
      `The log ${log} does not hold an entry that was promised by ${includeBy}: its checkpoint of ${size} entries, made after that, convicts those who promised: ${signers}.`,
    'Keep the acknowledgement and the checkpoint: together they are the proof.',
  ),
  ENTRY_UNJUDGED: row<{ log: string; index: number; entry: string; got: number; needed: number }>(
    409,
    ({ log, index, entry, got, needed }) =>
      `The log ${log} wants a checkpoint signed over entry #${index} (${entry}), which ${got} of ${needed} coordinators judged.`,
    'Ask the organisation whose log it is. What it signed is kept where the coordinator is.',
  ),
  CHECKPOINT_REFUSED: row<{ reason: string }>(
    409,
    ({ reason }) => `The checkpoint is refused: ${reason}.`,
    'Read the log again; if the refusal stays, the log was changed.',
  ),

  // Ledger
  LEDGER_UNREACHABLE: row(
    503,
    () => 'The ledger cannot be reached.',
    'Try again when the ledger is up.',
    true,
  ),
  LEDGER_AHEAD: row<{ limit: number }>(
    503,
    ({ limit }) => `The newest block of the ledger is more than ${limit} s ahead of the clock.`,
    'Try again later. The operator compares the clocks of this node and of the ledger’s with NTP, and sets the one that is wrong.',
    true,
  ),
  LEDGER_REJECTED: row<{ code: number; reason: string }>(
    502,
    ({ code, reason }) => `The ledger rejected the call (${code}): ${reason}.`,
    'Check the call against the Ethereum JSON-RPC specification.',
  ),
  LEDGER_STOPPED: row(
    503,
    () => 'The ledger stopped after a failed write.',
    'Free space on the disk or mend it, then start again.',
  ),
  LEDGER_OTHER: row(
    409,
    () => 'The ledger is of another network than the network file names.',
    'Use the network file of this ledger.',
  ),
  CONTRACTS_OTHER: row<{ contract: string }>(
    409,
    ({ contract }) =>
      `The ledger’s contract ${contract} is not the one that this version of Medseal creates.`,
    'Ask who founded the network which version made it, and install that; if it is the same, do not run this node.',
  ),

  // A node and its folder
  PORT_IN_USE: row<{ port: number }>(
    409,
    ({ port }) => `Port ${port} is in use.`,
    'Stop what uses it, or choose another (0: any free one).',
  ),
  ADDRESS_UNUSABLE: row<{ address: string }>(
    409,
    ({ address }) => `The address ${address} cannot be listened on.`,
    'Choose an address that this machine has; 127.0.0.1 is its own.',
  ),
  FOLDER_UNWRITABLE: row<{ path: string }>(
    507,
    ({ path }) => `The folder ${path} cannot be written.`,
    'Check that it exists, is yours, and that the disk has room.',
  ),
  STORAGE_FULL: row(
    507,
    () => 'There is no room on the disk of the node.',
    'Try again later, or at another organisation. Nothing of the request was kept.',
    true,
  ),
  STORAGE_FAILED: row(
    507,
    () => 'The node could not write to its disk.',
    'Try again later, or at another organisation. Nothing of the request was kept.',
    true,
  ),
  OUTPUT_UNWRITABLE: row<{ reason: string }>(
    507,
    ({ reason }) => `The answer cannot be written to standard output: ${reason}.`,
    'Write it somewhere else. What the command did is done: doing it again shows it, or `medseal status`.',
  ),
  FOLDER_LOCKED: row<{ path: string; pid: number }>(
    423,
    ({ path, pid }) => `The folder ${path} is in use by process ${pid}.`,
    'Stop that process, or choose another folder with --data.',
  ),
  FOLDER_FOREIGN: row<{ path: string; what: string }>(
    409,
    ({ path, what }) => `The folder ${path} is not one that this can use: ${what}.`,
    'Choose another folder with --data.',
  ),
  FOLDER_BACKUP: row<{ path: string }>(
    409,
    ({ path }) => `The folder ${path} is a backup, and no node starts on one.`,
    'Make a folder of it with `medseal restore`, and start that; the backup stays as it is.',
  ),
  FOLDER_NEWER: row<{ path: string; found: number; known: number }>(
    409,
    ({ path, found, known }) =>
      `The folder ${path} has data format ${found}; this version knows up to ${known}.`,
    'Use the newer version of Medseal that wrote it.',
  ),
  NODE_BEHIND: row<{ what: string }>(
    503,
    ({ what }) =>
      `The node runs on an older copy of its folder, and does not know yet what it missed: ${what}.`,
    'Wait until it knows; ask another organisation meanwhile.',
    true,
  ),
  NODE_DOUBLED: row<{ size: number; known: number }>(
    409,
    ({ size, known }) =>
      `Another copy of this node is at work: the ledger has ${size} entries of its log, and it knows of ${known}.`,
    'Stop both copies, find out which one holds what was acknowledged, and start that one alone.',
  ),
  BACKUP_FAILED: row<{ reason: string }>(
    503,
    ({ reason }) => `The backup cannot be made: ${reason}.`,
    'Try again; a node that is stopped can be backed up as well.',
    true,
  ),
  BACKUP_DAMAGED: row<{ path: string; what: string }>(
    422,
    ({ path, what }) => `The backup ${path} cannot be restored: ${what}.`,
    'Use another backup, or another copy of this one.',
  ),
  FOLDER_OUTSIDE: row(
    403,
    () => 'The path leads out of the folder that was given.',
    'Name a path inside the folder.',
  ),
  NODE_ABSENT: row<{ path: string }>(
    404,
    ({ path }) => `The folder ${path} holds no node.`,
    'Make one there with `medseal init`, or choose another folder with --data.',
  ),
  NETWORK_ABSENT: row<{ path: string }>(
    409,
    ({ path }) => `The node in ${path} does not know its network yet.`,
    'Found the network with `medseal init`, or take the network file of who founded it.',
  ),
  CEREMONY_INVALID: row<{ file: string; reason: string }>(
    409,
    ({ file, reason }) => `The network cannot be founded, or joined, by ${file}: ${reason}.`,
    'Get the file again, from the organisation that it is of; every organisation’s must be there.',
  ),
  KEYSTORE_DEMO: row(
    403,
    () => 'This keystore is a demonstration keystore, which only a demonstration network accepts.',
    'Start with --demo, or make a key of your own.',
  ),
  KEYSTORE_INVALID: row<{ path: string; reason: string }>(
    400,
    ({ path, reason }) => `The keystore ${path} cannot be used: ${reason}.`,
    'Name the folder that holds the keystore files of the parties.',
  ),
  PHRASE_INVALID: row(
    400,
    () => 'The words are not a phrase of 24 words whose checksum holds.',
    'Compare each word, and their order, with what was written down.',
  ),
  PASSPHRASE_WRONG: row(
    403,
    () => 'The passphrase does not open the key, or the key file was altered.',
    'Type it again. Who has lost it can restore the key from its phrase of 24 words.',
  ),
  PASSPHRASE_MISSING: row<{ path: string }>(
    400,
    ({ path }) => `The keys in ${path} have a passphrase, and none was given.`,
    'Name the file that holds it with --passphrase-file or MEDSEAL_PASSPHRASE_FILE.',
  ),
  PASSPHRASE_WEAK: row<{ least: number }>(
    400,
    ({ least }) => `The passphrase has fewer than ${least} characters.`,
    'Choose a longer one; five random words are good.',
  ),
  UNLOCK_FAILED: row<{ reason: string }>(
    400,
    ({ reason }) => `The key cannot be kept unlocked: ${reason}.`,
    'Lock the key and unlock it again, or type the passphrase with each command.',
  ),
  KEY_ABSENT: row<{ path: string }>(
    404,
    ({ path }) => `There is no key in ${path}.`,
    'Make one with `medseal key new`, or bring one back with `medseal key restore`.',
  ),
  HOME_UNJOINED: row<{ path: string }>(
    409,
    ({ path }) => `The device ${path} has joined no network.`,
    'Join one: `medseal join <url>`, with the network file or its fingerprint from someone you trust.',
  ),
  NOT_CONFIRMED: row<{ reason: string }>(
    409,
    ({ reason }) => `Nothing was signed or changed: ${reason}.`,
    'Read what is shown; run it again and answer yes, or with --yes if no one can be asked.',
  ),
  CARD_INVALID: row<{ reason: string }>(
    400,
    ({ reason }) => `The card cannot be used: ${reason}.`,
    'Get the card again, whole, from the person whose card it is.',
  ),
  NETWORK_FILE_INVALID: row<{ reason: string }>(
    400,
    ({ reason }) => `The network file cannot be used: ${reason}.`,
    'Get the network file again, out of band, from a source that you trust.',
  ),
  NETWORK_FILE_OTHER: row(
    409,
    () => 'The node runs by another network file than the pinned one.',
    'Compare fingerprints: `medseal verify network`. Join again on a new device, if you trust the node’s file.',
  ),
  NETWORK_FILE_UNNAMED: row<{ path: string; found: string }>(
    409,
    ({ path, found }) =>
      `This device has pinned no network file. ${path}, with the fingerprint ${found}, is not used unless it is named.`,
    'Compare the fingerprint with someone you trust; then name the file: --network <file>, or medseal verify network <file>.',
  ),
  NETWORK_FILE_AMBIGUOUS: row<{ pinned: string; path: string; found: string }>(
    409,
    ({ pinned, path, found }) =>
      `The network file that this device has pinned has the fingerprint ${pinned}, and ${path} has ${found}.`,
    'Name the one that you trust: --network <file>, or medseal verify network <file>.',
  ),
  FINGERPRINT_OTHER: row<{ what: string; found: string; expected: string }>(
    409,
    ({ what, found, expected }) =>
      `The network file ${what} has the fingerprint ${found}, not ${expected}.`,
    'Ask someone you trust for the fingerprint. If it is the second one, the first file is false: pin nothing.',
  ),

  CONFIGURATION_INVALID: row<{ key: string; source: string; reason: string }>(
    400,
    ({ key, source, reason }) => `The setting ${key} in ${source} cannot be used: ${reason}.`,
    'Correct it; the table of settings in docs/configuration.md says what it takes.',
  ),

  // Peers and transports
  PEER_UNREACHABLE: row<{ peer: string }>(
    503,
    ({ peer }) => `The peer ${peer} cannot be reached.`,
    'Try again when it is up.',
    true,
  ),
  PEER_MALFORMED: row<{ what: string }>(
    502,
    ({ what }) => `The peer sent a ${what} of an unknown form.`,
    'Check that both sides run versions that fit.',
  ),
  PEER_UNAUTHENTIC: row(
    401,
    () =>
      'The call is not signed, for this node and exactly so, by an organisation of the network.',
    'Check that both nodes run by the same network file, and that this one has its own keys.',
  ),
  PEER_CALL_SKEWED: row<{ limit: number }>(
    401,
    ({ limit }) =>
      `The call was signed more than ${limit} s from this clock, or before this node started.`,
    'Set the clocks of both nodes, then try again.',
    true,
  ),
  PEER_CALL_REPEATED: row(
    401,
    () => 'The call was made before.',
    'Sign a new call. If nobody made this one, somebody records what the nodes say: see to it.',
  ),
  PEER_FORBIDDEN: row<{ method: string }>(
    403,
    ({ method }) => `The organisation may not call ${method}, or not for what it names.`,
    'Have the organisation call whose log or application it is.',
  ),
  METHOD_NOT_ALLOWED: row<{ method: string }>(
    405,
    ({ method }) => `The path does not take ${method}.`,
    'Use a method that the header Allow names.',
  ),
  PEER_FALSE: row<{ peer: string; what: string }>(
    502,
    ({ peer, what }) => `The peer ${peer} gave what proves false: ${what}`,
    'It was taken from another peer, or is asked for again. Tell who runs the peer.',
  ),
  METHOD_UNKNOWN: row<{ method: string }>(
    404,
    ({ method }) => `There is no method ${method} here.`,
    'Check the name and the version.',
  ),
  ORIGIN_FOREIGN: row(
    403,
    () => 'The request comes from a web page, or names another host than this machine.',
    'Call it from a program, at the address that the node printed.',
  ),
  RUNTIME_OLD: row<{ found: string; oldest: string }>(
    500,
    ({ found, oldest }) => `Medseal takes Node ${oldest} or later, and this is Node ${found}.`,
    'Run it with a newer Node; in the clone, npm scripts find the one that came with the packages.',
  ),
  CLOSED: row<{ what: string }>(
    503,
    ({ what }) => `The ${what} is closed.`,
    'Start it again.',
    true,
  ),
  ARGUMENT_INVALID: row<{ argument: string; reason: string }>(
    400,
    ({ argument, reason }) => `${argument}: ${reason}.`,
    'Run the command with --help to see what it takes.',
  ),
  INTERNAL: row(
    500,
    () => 'Something went wrong inside.',
    'Try again; if it stays, send the request id to the operator.',
    true,
  ),
} as const;

/** A stable error code. */
export type ErrorCode = keyof typeof catalogue;

/** The values that the text of a code names. */
export type ErrorDetails<Code extends ErrorCode> =
  (typeof catalogue)[Code] extends Row<infer Values> ? Values : never;
