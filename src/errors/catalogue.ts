// Over 400 lines: one table of every error, so that no code stands twice.

/**
 * Every error that Medseal throws on purpose, in one table: code, HTTP status, if the same call may succeed later,
 * the sentence, and what the caller can do. Codes are stable: they may be added, never changed.
 *
 * The texts say what is wrong with the caller's input, and nothing about the data of others: a right that is
 * missing, of another scope or of another purpose has one code.
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
    ({ what }) => `The request is malformed: ${what}.`,
    'Correct the request as the API documentation describes it, then send it again.',
  ),
  REQUEST_TOO_LARGE: row<{ what: string; limit: number }>(
    413,
    ({ what, limit }) => `The ${what} is over the limit of ${limit}.`,
    'Send less at once.',
  ),
  REQUEST_SLOW: row(
    408,
    () => 'The request did not arrive in time.',
    'Send it again, over a better connection or less at once.',
    true,
  ),
  HEADERS_TOO_LARGE: row(
    431,
    () => 'The headers of the request are too large.',
    'Send fewer or shorter headers.',
  ),
  OVERLOADED: row(
    503,
    () => 'The node is overloaded.',
    'Try again after the time in the header Retry-After.',
    true,
  ),
  REQUEST_LATE: row(
    408,
    () => 'The deadline of the request has passed.',
    'Sign the request again with a new deadline.',
  ),
  REQUEST_EARLY: row(
    400,
    () => 'The deadline of the request is too far in the future.',
    'Check your clock, then sign the request again with an earlier deadline.',
  ),
  REQUEST_ALTERED: row(
    409,
    () =>
      'A request with this identity was already answered, and this one has other content or another signature.',
    'Sign a new request.',
  ),
  LOG_WRONG: row(
    421,
    () => 'The request names a log or a network that this agent does not serve.',
    'Send the request to the agent whose log it names, or sign a new one for this agent.',
  ),
  SIGNATURE_INVALID: row(
    401,
    () => 'The signature is not a signature of the party over these bytes.',
    'Sign the request with the key that the Registry has for the party: if another device changed it, restore the key from its new words.',
  ),
  QUOTA_SPENT: row<{ what: string }>(
    429,
    ({ what }) => `The quota of ${what} is used up.`,
    'Try again later.',
    true,
  ),
  CLOCK_SKEWED: row<{ limit: number }>(
    409,
    ({ limit }) => `The moment that was signed differs from another clock by more than ${limit} s.`,
    'Compare the clock of this machine and of the node with NTP, set the one that is wrong, then send the request again.',
    true,
  ),

  // Readings of devices
  READINGS_INVALID: row<{ what: string }>(
    400,
    ({ what }) => `The readings are not what their device signed: ${what}.`,
    'Check the device and its gateway. Readings that were altered or belong to another right are never taken.',
  ),
  READINGS_UNTIMELY: row<{ what: string }>(
    409,
    ({ what }) => `The readings are of a time that their right does not cover: ${what}.`,
    "Set the device's clock, or let it say that it does not know the time. Readings from before the right, or ahead of now, are not taken.",
  ),

  // Parties and rights
  PARTY_UNKNOWN: row(
    403,
    () => 'The party is not enrolled.',
    'Apply for enrolment with the authority.',
  ),
  OPERATOR_UNKNOWN: row(
    401,
    () => 'This is not the operator’s code of the running node.',
    'Run `medseal node page --data <folder>` on the node’s machine, and use the code that it prints. Each start of the node makes a new one.',
  ),
  APPLICATION_OTHER: row(
    409,
    () => 'The application that waits is not the one that was shown, or none waits.',
    'Read the list again, and compare the words with the applicant.',
  ),
  APPLICATION_DECLINED: row<{ reason: string }>(
    403,
    ({ reason }) => `The application is declined: ${reason.replaceAll('-', ' ')}.`,
    'Speak with the operator of your organisation. Then apply for what you agreed on, or have this one approved after all.',
  ),
  REQUEST_CLOSED: row<{ how: string }>(
    409,
    ({ how }) => `The request for a right is closed: ${how}.`,
    'Fetch the requests again. If the right is still needed, ask for it once more.',
  ),
  ORDER_CLOSED: row<{ how: string }>(
    409,
    ({ how }) => `The order takes no such answer: ${how}.`,
    'Read the order again: its chart says how far it is.',
  ),
  PARTY_SUSPENDED: row(403, () => 'The party is suspended.', 'Ask the authority for the reason.'),
  RIGHT_MISSING: row(
    403,
    () => 'No right of the party covers this.',
    'Ask the patient for a grant that covers it.',
  ),
  RIGHT_DENIED: row<{ what: string }>(
    409,
    ({ what }) => `A standing rule of yours denies this right: ${what}.`,
    'Leave out what the rule denies, or remove the rule first. No right was given.',
  ),
  RIGHT_ENDED: row(
    403,
    () => 'The right that the request relies on has ended.',
    'Ask the patient for a new grant.',
  ),
  KEEP_TOO_LONG: row(
    403,
    () =>
      'A record may be kept on a device for seven days at most, and no longer than the right holds.',
    'Keep it for less time.',
  ),
  RIGHT_INVALID: row<{ what: string }>(
    400,
    ({ what }) => `The right cannot be given: ${what}.`,
    'Correct it, then sign again.',
  ),
  CATEGORY_EXCLUDED: row<{ category: string; channel: string }>(
    403,
    ({ category, channel }) => `The channel ${channel} takes no records of ${category}.`,
    'Write it in another channel, or have the channel’s organisations change its categories.',
  ),
  CHART_FROZEN: row(
    403,
    () => 'A death of the patient is confirmed: nothing more is added to the chart.',
    'If the patient lives, have the death undone. A doctor or a registrar may still add vital records.',
  ),
  LINE_OF_ANOTHER: row(
    403,
    () =>
      'Someone else began this record: professionals change what professionals wrote, and patients their own.',
    'On your own chart, object to the record: what you say stands beside it. On another’s, add a record of your own.',
  ),
  ROLE_UNFIT: row<{ what: string; role: string }>(
    403,
    ({ what, role }) => `A party with the role ${role} cannot write ${what} on another’s chart.`,
    'Have it written by someone whose role may: docs/use/vital-records.md lists the roles.',
  ),
  RECOVERY_UNFIT: row<{ role: string }>(
    403,
    ({ role }) => `The key of this party, with the role ${role}, cannot be recovered.`,
    'A patient’s key can be only if the channel has a release key and a device kept the chart’s state since. Else have the person enrolled again, with a new chart.',
  ),
  ENROLMENT_REFUSED: row<{ reason: string }>(
    403,
    ({ reason }) => `The enrolment is refused: ${reason}.`,
    'Correct the application, then send it again.',
  ),
  RULE_REFUSED: row<{ reason: string }>(
    409,
    ({ reason }) => `The ledger refused the rule change: ${reason}.`,
    'Read the present state of the ledger, then sign a request that fits it.',
  ),
  EARLIER_STANDS: row<{ what: string }>(
    409,
    ({ what }) =>
      `An earlier ${what}, which was cut off, has taken effect. The new one was not done.`,
    'Read what the ledger has now. Have the earlier one undone if it is wrong; run this again only if you want both.',
  ),

  ORDER_CONFLICTS: row<{ conflicts: string }>(
    409,
    ({ conflicts }) => `The order conflicts with what is on the chart: ${conflicts}.`,
    'Change the order, or give the reason for signing it.',
  ),
  SECOND_MISSING: row(
    403,
    () => 'The medicine needs the signature of a second doctor.',
    'Have a second doctor sign the same prescription, then send it with both signatures.',
  ),
  SLIP_INVALID: row<{ reason: string }>(
    400,
    ({ reason }) => `This is not a prescription to be shown: ${reason}.`,
    'Ask the patient to show it again, as a file if the code cannot be read.',
  ),
  SLIP_REPLACED: row(
    409,
    () => 'The patient gave this prescription another key: what was shown before opens nothing.',
    'Ask the patient to show it again.',
  ),
  CONTRACT_ABSENT: row<{ contract: string }>(
    404,
    ({ contract }) => `The network does not have the contract for ${contract}.`,
    'Ask the operator of a node to add it: `medseal network propose --contract`. Mandates alone cannot be added: a network has them from its founding.',
  ),

  // Epochs, keys, files
  EPOCH_STALE: row<{ epoch: number }>(
    409,
    ({ epoch }) => `This is sealed to a past epoch; the patient is at epoch ${epoch}.`,
    'Seal it again, to the present epoch.',
  ),
  EPOCHS_EXHAUSTED: row(
    409,
    () => 'The patient has not committed to the keys of the next epoch.',
    'Call `commitEpochs` on a device of the patient, then try again.',
  ),
  KEY_PENDING: row(
    425,
    () => 'The key for the present epoch has not been sealed to the party yet.',
    'Try again in a minute: your organisation may have been offline. If that does not help, a device of the patient has to connect.',
    true,
  ),
  RECORD_ERASED: row<{ category: string }>(
    410,
    ({ category }) =>
      `The patient erased earlier keys of the category ${category}: a record that was sealed to them cannot be opened any more.`,
    'This cannot be undone. A reader who opened a record before may still have a copy.',
  ),
  RETENTION_ACTIVE: row<{ category: string; until: string }>(
    409,
    ({ category, until }) =>
      `The terms of this network keep ${category} records that others wrote until ${until}.`,
    'Erase them from that day on. End rights now, and nobody sees them by these rights any more.',
  ),
  RECIPIENT_CHANGED: row(
    409,
    () => 'The recipient of the party has changed since keys were last sealed to it.',
    'Compare the new fingerprint with the party outside this network, for example by telephone; then accept it.',
  ),
  KEY_UNAUTHENTIC: row<{ what: string }>(
    502,
    ({ what }) => `The ${what} is not the one that the ledger and the coordinators confirm.`,
    'Seal nothing to it, and report the node that served it.',
  ),
  KEY_CHANGED: row(
    409,
    () => 'The party has taken another key since.',
    'Use the 24 words of its present key: the change of the key printed them.',
  ),
  STATE_STALE: row(
    409,
    () => 'This is not the newest state of the patient’s devices.',
    'Fetch the newest one, then try again; if the error stays, ask the agent of another organisation.',
  ),
  TAKEOVER_DUE: row(
    409,
    () => 'The authority recovered the key of this patient, and the chart is not taken over yet.',
    'Finish the recovery on the device that asked for it: medseal key recover.',
  ),
  EPOCHS_FOREIGN: row(
    409,
    () => 'Somebody who acts for the patient chose keys for coming records that no device has.',
    'End the mandate: medseal mandate end. The keys of the chart turn then, and the patient chooses them again.',
  ),
  STATE_UNSIGNED: row(
    502,
    () => 'The agent gave a state that no device of the patient signed.',
    'Your phrase and keys are not at fault. Ask the agent of another organisation, and report this one.',
  ),
  RULE_UNCONFIRMED: row(
    502,
    () => 'The coordinators do not confirm the rule change that the agent reports.',
    'Ask the agent of another organisation; if it does not know the change either, report the first agent.',
  ),
  EPOCH_DUE: row<{ epoch: number }>(
    409,
    ({ epoch }) => `A right has ended: epoch ${epoch} of the patient’s keys must begin first.`,
    'Try again in a moment.',
    true,
  ),
  SEAL_UNREADABLE: row(
    422,
    () => 'The sealed file cannot be opened with this key, or it was altered.',
    'Check that the key is for this patient, category and epoch. If it is, report the file as damaged.',
  ),
  SEAL_OLDER: row(
    422,
    () =>
      'The file is sealed under a release key of an earlier version of Medseal, which this version does not compute with.',
    'Ask the patient to open it with their own keys and to add it again, or read it with the version that sealed it.',
  ),
  SEAL_UNGUARDED: row(
    422,
    () => 'The sealed file is not sealed so that opening it takes a release by coordinators.',
    'Seal it to the channel’s present release key and to the patient’s own recipient. If the network file changed meanwhile, open it again under the new one.',
  ),
  SHARE_ABSENT: row(
    503,
    () => 'This organisation has no share of the channel’s release key, or an old one.',
    'The operator restores the newest backup of the share, or has the shares dealt again.',
    true,
  ),
  DEAL_INVALID: row<{ organisation: string; reason: string }>(
    409,
    ({ organisation, reason }) =>
      `The part of ${organisation} in dealing shares of the release key does not hold: ${reason}.`,
    'Ask that organisation. `medseal network deal <file> --without <organisation>` takes it out, so that it or another one deals again. While a network is founded, take its file out of the exchange folder: the others can be enough.',
  ),
  DEALS_MISSING: row<{ missing: string }>(
    409,
    ({ missing }) => `Shares of the release key are not dealt yet: ${missing}.`,
    'Give them the file: each runs `medseal network deal <file>`, or `medseal init --exchange <folder>` while the network is founded.',
  ),
  RELEASE_PENDING: row<{ have: number; need: number; by: string; missing: string }>(
    503,
    ({ have, need, by }) =>
      `The view is recorded, but only ${have} of the ${need} organisations that are needed released the key${by === '' ? '' : `: ${by}`}.`,
    'Try again once more organisations can be reached.',
    true,
  ),
  RELEASE_FALSE: row<{ liars: string; have: number; need: number }>(
    502,
    ({ liars, have, need }) =>
      `The view is recorded, but ${liars} released a false share of the key, and only ${have} of the ${need} organisations that are needed a true one.`,
    'Try again once more organisations can be reached, and save the proof: it convicts whoever released a false share.',
    true,
  ),
  SEED_MALFORMED: row(400, () => 'The seed is not 32 bytes.', 'Use the seed from the keystore.'),
  FILE_ABSENT: row(
    404,
    () => 'The vault does not hold a sealed file with this hash.',
    'Upload the sealed file, then send the request again.',
    true,
  ),
  FILE_MISMATCH: row(
    422,
    () => 'The sealed file does not have the hash or the size that was announced.',
    'Upload the file again; if a node served it, report the node.',
  ),
  FILE_TAKEN: row(
    409,
    () =>
      'The sealed file belongs to another version of a record, and two versions cannot share a file.',
    'Seal the record again, upload the new file and name it in the request.',
  ),
  RANGE_OUTSIDE: row<{ size: number }>(
    416,
    ({ size }) => `The range is outside the ${size} bytes of the sealed file.`,
    'Ask for a range within the file.',
  ),
  FILE_BEYOND_QUOTA: row<{ limit: number }>(
    413,
    ({ limit }) => `The sealed file is larger than the quota of ${limit} bytes.`,
    'Ask the operator for a larger quota.',
  ),
  RELEASE_UNKNOWN: row(
    403,
    () => 'No acknowledged view released this file to the bearer of the ticket.',
    'Send a signed view request for the record first.',
  ),
  NOT_FOUND: row<{ what: string }>(
    404,
    ({ what }) => `There is no such ${what}.`,
    'Check the name or number.',
  ),
  NOT_YET: row<{ what: string }>(
    425,
    ({ what }) => `The ${what} does not exist yet.`,
    'Try again in a moment.',
    true,
  ),

  // FHIR
  CLAIM_ALTERED: row<{ what: string }>(
    422,
    ({ what }) => `The claim’s ${what} is not what was signed.`,
    'Pay nothing on it; ask the claimant for the documents that were signed, and dispute the claim if it was paid.',
  ),
  FHIR_INVALID: row<{ reason: string }>(
    422,
    ({ reason }) => `The FHIR R4 bundle is not valid: ${reason}.`,
    'Correct the resource at the path that the message names.',
  ),
  CONSENT_REFUSED: row<{ reason: string }>(
    422,
    ({ reason }) => `Rights cannot express what this FHIR Consent says: ${reason}.`,
    'Correct the Consent at the paths that the message names, or give the rights yourself. No right was given.',
  ),
  PATIENT_DIFFERS: row<{ reason: string }>(
    422,
    ({ reason }) => `The file is about another patient than the chart: ${reason}.`,
    'Compare the name and the birth date with the chart. If the file belongs there, use --another-patient, or `anotherPatient` in the SDK.',
  ),
  PARTS_UNFIT: row<{ reason: string }>(
    422,
    ({ reason }) => `The parts do not form one bundle: ${reason}.`,
    'Fetch only the parts of this bundle, then put them together again. If the error stays, ask the author to correct the parts.',
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
    () => 'The coordinators do not confirm what the agent says about the request.',
    'Try again; if the error stays, sign a new request or ask the agent of another organisation.',
    true,
  ),
  EVIDENCE_INVALID: row<{ reason: string }>(
    422,
    ({ reason }) => `The evidence is not valid: ${reason}.`,
    'Keep the evidence, and ask an auditor to check the log that it names.',
  ),
  PROMISE_OVERDUE: row<{ log: string; includeBy: number }>(
    504,
    ({ log, includeBy }) =>
      `No receipt came, although the entry was promised to be in the log ${log} by ${includeBy}, which has passed by this clock.`,
    'Keep the acknowledgement, and ask a ledger that you trust if the promise was broken.',
    true,
  ),
  PROMISE_BROKEN: row<{ log: string; includeBy: number; size: number; signers: string }>(
    502,
    ({ log, includeBy, size, signers }) =>
      `The log ${log} does not hold an entry that was promised by ${includeBy}: its later checkpoint of ${size} entries proves that these signers broke their promise: ${signers}.`,
    'Keep the acknowledgement and the checkpoint: together they are proof of misbehaviour.',
  ),
  ENTRY_UNJUDGED: row<{ log: string; index: number; entry: string; got: number; needed: number }>(
    409,
    ({ log, index, entry, got, needed }) =>
      `The log ${log} asks for a checkpoint over entry #${index} (${entry}), which only ${got} of the required ${needed} coordinators judged.`,
    'Ask the organisation that runs the log. The coordinator keeps what it signed as proof of misbehaviour.',
  ),
  CHECKPOINT_REFUSED: row<{ reason: string }>(
    409,
    ({ reason }) => `The checkpoint is refused: ${reason}.`,
    'Read the log again; if the error stays, the log was changed.',
  ),
  CHECKPOINT_AWAITED: row<{ log: string; moment: string }>(
    503,
    ({ log, moment }) =>
      `The node was restored from a backup, and signs no checkpoint of ${log} before the ledger has one of ${moment} or later.`,
    'Go on with the other coordinators, and ask this one again for the next checkpoint.',
    true,
  ),
  LOG_CLOSED: row<{ log: string }>(
    503,
    ({ log }) => `The log ${log} is closed: there is proof that it signed two histories.`,
    'Use the node of another organisation. Look there whether earlier entries came. Sign others again only after the organisation of this log has left: until then they can still come.',
  ),
  LOG_ENDED: row<{ log: string }>(
    503,
    ({ log }) => `The log ${log} has ended: its organisation left the network.`,
    'Use the node of another organisation. Look there whether earlier entries came, and sign one again that did not.',
  ),

  // Ledger
  LEDGER_UNREACHABLE: row(
    503,
    () => 'The ledger cannot be reached.',
    'Try again when the ledger is running.',
    true,
  ),
  LEDGER_AHEAD: row<{ limit: number }>(
    503,
    ({ limit }) => `The newest block of the ledger is more than ${limit} s ahead of the clock.`,
    'Try again later. The operator must compare the clocks of this node and of the ledger with NTP, and set the one that is wrong.',
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
    'Free space on the disk or repair it, then start the ledger again.',
  ),
  ENGINE_FAILED: row<{ program: string; reason: string }>(
    503,
    ({ program, reason }) => `The ledger’s engine (${program}) failed: ${reason}.`,
    'Build the engine with `npm run build engine`, and name it with the setting validator.program.',
  ),
  VALIDATOR_KEY_TWICE: row<{ path: string }>(
    409,
    ({ path }) =>
      `The key of the remote signer is in ${path}/keys.json too: both could sign one block.`,
    'Name another key of the remote signer in validator.signerKey, or stop the signer and remove the setting.',
  ),
  TOKEN_ABSENT: row<{ token: string; reason: string }>(
    503,
    ({ token, reason }) => `The PKCS#11 token ${token} does not sign: ${reason}.`,
    'Check the token and the settings under pkcs11. The node goes on once the token answers.',
    true,
  ),
  TOKEN_PIN_WRONG: row<{ token: string; reason: string }>(
    503,
    ({ token, reason }) => `The PKCS#11 token ${token} did not take the PIN: ${reason}.`,
    'Correct the file that pkcs11.pin names: a wrong PIN is tried once.',
  ),
  TOKEN_KEY_ABSENT: row<{ token: string; key: string; reason: string }>(
    503,
    ({ token, key, reason }) => `The PKCS#11 token ${token} lacks the key ${key}: ${reason}.`,
    'Bring back the token that has it, or make new keys with `medseal network identity --new-keys`.',
  ),
  TOKEN_KEY_UNUSABLE: row<{ token: string; key: string; reason: string }>(
    503,
    ({ token, key, reason }) =>
      `The key ${key} of the PKCS#11 token ${token} cannot be used: ${reason}.`,
    'Name or make a key of secp256k1 that may sign, in a token that has CKM_ECDSA.',
  ),
  TOKEN_KEY_OTHER: row<{ token: string; key: string }>(
    503,
    ({ token, key }) =>
      `The key ${key} of the PKCS#11 token ${token} is another one than the folder names.`,
    'Bring back the token that has it, or make new keys with `medseal network identity --new-keys`.',
  ),
  TOKEN_SILENT: row<{ token: string }>(
    503,
    ({ token }) => `The PKCS#11 token ${token} did not answer in time.`,
    'Check the token and its connection. The node asks again by itself.',
    true,
  ),
  LEDGER_OTHER: row(
    409,
    () => 'The ledger belongs to another network than the network file names.',
    'Use the network file of this ledger.',
  ),
  LEDGER_UNPROVEN: row<{ what: string }>(
    502,
    ({ what }) => `The ledger’s endpoint does not prove what it says about ${what}.`,
    'Do not believe this endpoint. Ask the one of another organisation, and tell the operator of this one.',
  ),
  LEDGER_STALE: row<{ age: number }>(
    503,
    ({ age }) =>
      `The ledger’s newest block is ${age} s old: it stands still, or newer ones are hidden.`,
    'Ask another organisation. If all say the same, tell the operators.',
    true,
  ),
  LEDGER_FORKED: row<{ height: number }>(
    502,
    ({ height }) =>
      `Validators with over a third of the power signed two different blocks of height ${height}: the ledger has forked.`,
    'Trust no block of this ledger until its organisations have met. Show all of them the proof: it is in the folder of this device or node, in a file whose name begins with fork-, if it could be saved.',
  ),
  LEDGER_DISPUTED: row<{ height: number }>(
    502,
    ({ height }) => `Coordinators signed two different blocks of height ${height} as the ledger’s.`,
    'Trust no block of this ledger until its organisations have met. Show all of them the proof: it is in the folder of this device or node, in a file whose name begins with conflict-, if it could be saved. `medseal verify fork` verifies it.',
  ),
  LEDGER_SLOW: row<{ seconds: number }>(
    504,
    ({ seconds }) =>
      `The ledger’s endpoint answers so slowly that a read was given up after ${seconds} s.`,
    'Ask the endpoint of another organisation.',
    true,
  ),
  LEDGER_PRUNED: row<{ lowest: number }>(
    404,
    ({ lowest }) => `The ledger’s endpoint has removed the blocks before ${lowest}.`,
    'Ask an endpoint that keeps all blocks, such as another organisation’s validator. A node asks the others by itself: if none has the blocks, one of them brings back a copy of a validator’s data that has them.',
  ),
  LEDGER_TRUST_OLD: row<{ days: number }>(
    409,
    ({ days }) =>
      `The newest trusted block of the ledger is over ${days} days old, so its validators no longer answer for what they signed.`,
    'Name nodes of the network with --url: k coordinators sign the newest block for you. Otherwise get a newer block from an organisation that you trust, by a way that you trust.',
  ),
  CONTRACTS_OTHER: row<{ contract: string }>(
    409,
    ({ contract }) =>
      `The ledger’s contract ${contract} is not the one that this version of Medseal creates.`,
    'Ask the founder which version of Medseal founded the network, and install that version. If it is this version, do not run the node.',
  ),

  // The portal
  PORTAL_DAMAGED: row<{ file: string }>(
    500,
    ({ file }) => `The portal’s file ${file} is missing, or is not the one that was built.`,
    'Build the portal again with `npm run prepare`, or install the package again; if nobody here changed it, find out who did. A node starts without it with `--set portal.serve=never`.',
  ),

  // A node and its folder
  PORT_IN_USE: row<{ port: number }>(
    409,
    ({ port }) => `Port ${port} is in use.`,
    'Stop the process that uses it, or choose another port (0: any free one).',
  ),
  ADDRESS_UNUSABLE: row<{ address: string }>(
    409,
    ({ address }) => `Medseal cannot listen on the address ${address}.`,
    'Choose an address of this machine; 127.0.0.1 always works.',
  ),
  FOLDER_UNWRITABLE: row<{ path: string }>(
    507,
    ({ path }) => `The folder ${path} cannot be written.`,
    'Check that it exists, that you may write to it, and that the disk has free space.',
  ),
  STORAGE_FULL: row(
    507,
    () => 'The disk of the node is full.',
    'Try again later, or at another organisation. Nothing of the request was stored.',
    true,
  ),
  STORE_TAKEN: row<{ store: string }>(
    409,
    ({ store }) =>
      `Another folder keeps its sealed files in ${store}, and this one may not change them.`,
    'If this folder was restored in place of that one, which never runs again, run `medseal vault take --data`. Otherwise set another `vault.store` for this folder.',
  ),
  STORAGE_FAILED: row(
    507,
    () => 'The node could not write to its disk.',
    'Try again later, or at another organisation. Nothing of the request was stored.',
    true,
  ),
  STORE_DAMAGED: row<{ store: string }>(
    500,
    ({ store }) => `The store ${store} of the node is damaged: a row is not as it was written.`,
    'Stop the node and run `medseal fsck --data`, which says what is damaged and what can bring it back; then find out what is wrong with the disk or memory.',
  ),
  DATABASE_UNREACHABLE: row<{ at: string; reason: string }>(
    503,
    ({ at, reason }) => `The database ${at} cannot be used: ${reason}.`,
    'Check that the server runs, and user, password and certificate; then start the node again.',
    true,
  ),
  DATABASE_UNUSABLE: row<{ at: string; reason: string }>(
    409,
    ({ at, reason }) => `The stores cannot be kept in ${at}: ${reason}.`,
    'Correct it at the server, or name another one in `database.url`.',
  ),
  DATABASE_LOCKED: row<{ at: string }>(
    423,
    ({ at }) => `Another process writes to the stores in ${at}.`,
    'Stop that process; its lease ends with its connection to the server.',
  ),
  STANDBY_REFUSED: row<{ reason: string }>(
    409,
    ({ reason }) => `This node cannot take over from another one: ${reason}.`,
    'Correct that, or start it without `--standby`.',
  ),
  STORES_ELSEWHERE: row<{ organisation: string }>(
    409,
    ({ organisation }) => `The stores of ${organisation} are in PostgreSQL, not in the folder.`,
    'To run the node, name the server in `database.url`. For this command copy them back first: `medseal store migrate --to folder`.',
  ),
  LEASE_LOST: row<{ at: string }>(
    507,
    ({ at }) =>
      `This process lost its lease on the stores in ${at}: another one took over or may, so this one writes nothing.`,
    'Leave the other process running, and start this one again as its standby. If the other is not yours, find out who has the server’s password.',
  ),
  OUTPUT_UNWRITABLE: row<{ reason: string }>(
    507,
    ({ reason }) => `The answer cannot be written to standard output: ${reason}.`,
    'Write it somewhere else. The command has taken effect: run it again or use `medseal status` to see the result.',
  ),
  FOLDER_LOCKED: row<{ path: string; pid: number }>(
    423,
    ({ path, pid }) => `The folder ${path} is in use by process ${pid}.`,
    'Stop that process, or choose another folder with --data.',
  ),
  FOLDER_EXPOSED: row<{ path: string }>(
    409,
    ({ path }) => `Others on this machine can write to ${path}.`,
    'Find out who could have changed it, then make it yours alone with `chmod go-w`. If you are not its owner, use a folder of your own.',
  ),
  FOLDER_FOREIGN: row<{ path: string; what: string }>(
    409,
    ({ path, what }) => `Medseal cannot use the folder ${path}: ${what}.`,
    'Choose another folder with --data.',
  ),
  FOLDER_BACKUP: row<{ path: string }>(
    409,
    ({ path }) => `The folder ${path} is a backup, and a node cannot run on a backup.`,
    'Restore it into another folder with `medseal restore`, and start the node there; the backup is not changed.',
  ),
  FOLDER_NEWER: row<{ path: string; found: number; known: number; store?: string; by?: string }>(
    409,
    ({ path, found, known, store, by }) =>
      `The folder ${path}${by === undefined ? '' : `, which Medseal ${by} used last,`} has ${store === undefined ? 'data' : `the store ${store} in`} format ${found}; this version of Medseal ${known === 0 ? 'does not know it' : `reads formats up to ${known}`}.`,
    'Use the version of Medseal that wrote the folder, or a newer one.',
  ),
  FOLDER_OLDER: row<{ path: string; what: string }>(
    409,
    ({ path, what }) =>
      `An earlier version of Medseal wrote the folder ${path}, and this version cannot bring it forward: ${what}.`,
    'Use the version of Medseal that wrote it; CHANGELOG.md says which versions lead to this one.',
  ),
  NODE_BEHIND: row<{ what: string }>(
    503,
    ({ what }) =>
      `The node runs on an older copy of its folder, and has not caught up yet: ${what}.`,
    'Wait until it has caught up; meanwhile, ask another organisation.',
    true,
  ),
  NODE_DOUBLED: row<{ size: number; known: number }>(
    409,
    ({ size, known }) =>
      `Another copy of this node is running: the ledger has a checkpoint of ${size} entries of its log, but this copy knows ${known}.`,
    'Stop both copies, find out which one holds all acknowledged entries, and start only that one.',
  ),
  BACKUP_FAILED: row<{ reason: string }>(
    503,
    ({ reason }) => `The backup cannot be made: ${reason}.`,
    'Try again, or stop the node and back up its folder.',
    true,
  ),
  BACKUP_DAMAGED: row<{ path: string; what: string }>(
    422,
    ({ path, what }) => `The backup ${path} cannot be restored: ${what}.`,
    'Use another backup, or another copy of this one.',
  ),
  FOLDER_OUTSIDE: row(
    403,
    () => 'The path leads out of the given folder.',
    'Name a path inside the folder.',
  ),
  NODE_ABSENT: row<{ path: string }>(
    404,
    ({ path }) => `There is no node in the folder ${path}.`,
    'Create one there with `medseal init`, or choose another folder with --data.',
  ),
  NETWORK_ABSENT: row<{ path: string }>(
    409,
    ({ path }) => `The node in ${path} does not know its network yet.`,
    'Found the network with `medseal init`, or get the network file from the founder.',
  ),
  CEREMONY_INVALID: row<{ file: string; reason: string }>(
    409,
    ({ file, reason }) => `The network cannot be founded or joined with ${file}: ${reason}.`,
    'Get the file again from the organisation that made it. To found without an organisation, take its identity file away first.',
  ),
  KEYSTORE_DEMO: row(
    403,
    () => 'This keystore is a demonstration keystore, which only a demonstration network accepts.',
    'Start with --demo, or make your own key with `medseal key new`.',
  ),
  KEYSTORE_INVALID: row<{ path: string; reason: string }>(
    400,
    ({ path, reason }) => `The keystore ${path} cannot be used: ${reason}.`,
    'Name the folder that contains the keystore files of the parties.',
  ),
  PHRASE_INVALID: row(
    400,
    () =>
      'The words are not a valid phrase: it has 24 words from the list, in an order that its checksum confirms.',
    'Compare each word, and the order of the words, with the phrase that you wrote down.',
  ),
  PASSPHRASE_WRONG: row(
    403,
    () => 'The passphrase does not open the key, or the key file was altered.',
    'Type it again. If it is lost, restore the key from its phrase of 24 words.',
  ),
  PASSPHRASE_MISSING: row<{ path: string }>(
    400,
    ({ path }) => `The keys in ${path} are protected by a passphrase, and you gave no passphrase.`,
    'Name the file that contains it with --passphrase-file or MEDSEAL_PASSPHRASE_FILE.',
  ),
  PASSPHRASE_WEAK: row<{ least: number }>(
    400,
    ({ least }) =>
      `The passphrase is easy to guess: it has fewer than ${least} characters, or follows a pattern.`,
    'Choose another one, such as five random words.',
  ),
  PASSKEY_REFUSED: row(
    403,
    () => 'The device did not open the key with its passkey.',
    'Try again. If the passkey is gone, use the passphrase or the phrase of 24 words.',
  ),
  DEVICE_FULL: row(
    507,
    () => 'The storage of this browser is full, or the browser refused to store the value.',
    'Make space on the device, or use another browser. Nothing was stored half.',
    true,
  ),
  FILE_CHANGED: row(
    400,
    () => 'The file changed or went away while it was read.',
    'Choose it again once no program writes to it.',
  ),
  UNLOCK_FAILED: row<{ reason: string }>(
    400,
    ({ reason }) => `The key cannot be kept unlocked: ${reason}.`,
    'Lock the key and unlock it again, or type the passphrase with each command.',
  ),
  KEY_ABSENT: row<{ path: string }>(
    404,
    ({ path }) => `There is no key in ${path}.`,
    'Make one with `medseal key new`, or restore one with `medseal key restore`.',
  ),
  HOME_UNJOINED: row<{ path: string }>(
    409,
    ({ path }) => `The device ${path} has not joined a network yet.`,
    'Join one with `medseal join <url>`, and with the network file or its fingerprint from someone you trust.',
  ),
  MOVE_REFUSED: row<{ organisation: string; reason: string }>(
    409,
    ({ organisation, reason }) => `The party cannot move to ${organisation}: ${reason}.`,
    'Move to an organisation of the network, with the address of its node: `medseal party move <organisation> --url <organisation>=https://…`.',
  ),
  NOT_CONFIRMED: row<{ reason: string }>(
    409,
    ({ reason }) => `Nothing was signed or changed: ${reason}.`,
    'Read what is shown, then run the command again and answer yes, or use --yes if nobody can answer.',
  ),
  CARD_INVALID: row<{ reason: string }>(
    400,
    ({ reason }) => `The card cannot be used: ${reason}.`,
    'Get the complete card again from its owner.',
  ),
  NETWORK_FILE_INVALID: row<{ reason: string }>(
    400,
    ({ reason }) => `The network file cannot be used: ${reason}.`,
    'Get the network file again, outside this network, from a source that you trust.',
  ),
  NETWORK_LEFT: row<{ organisation: string; left: string }>(
    409,
    ({ organisation, left }) =>
      `${organisation} left the network at ${left}: its node serves nobody, and its validator has no vote.`,
    'Keep the folder: it has the organisation’s log and records. To join again, make a new folder under another name and give the others its identity file.',
  ),
  NETWORK_LEAVING: row<{ organisation: string; left: string }>(
    409,
    ({ organisation, left }) =>
      `${organisation} leaves the network at ${left}: its log takes nothing more, so that the others can copy all of it.`,
    'Nothing was logged. Send it to another organisation of the network.',
  ),
  SUCCESSOR_INVALID: row<{ reason: string }>(
    400,
    ({ reason }) => `The successor of the network file cannot be used: ${reason}.`,
    'Get the network’s successors again from another node. If two nodes give different ones, warn the authority.',
  ),
  NETWORK_FILE_OTHER: row(
    409,
    () => 'The node uses another network file than the one that this device has pinned.',
    'Compare the fingerprints with `medseal verify network`. If you trust the node’s file, join again on a new device.',
  ),
  NETWORK_FORKED: row<{ number: number }>(
    409,
    ({ number }) =>
      `Two different network files numbered ${number} are signed by a quorum: the network has forked.`,
    'Go by neither until the organisations have met: one of them signed twice, or keys are in other hands. `medseal verify fork` tells which.',
  ),
  NETWORK_FILE_UNNAMED: row<{ path: string; found: string }>(
    409,
    ({ path, found }) =>
      `This device has not pinned a network file, and uses ${path} (fingerprint ${found}) only if you name it.`,
    'Compare the fingerprint with someone you trust, then name the file: --network <file>, or `medseal verify network <file>`.',
  ),
  NETWORK_FILE_AMBIGUOUS: row<{ pinned: string; path: string; found: string }>(
    409,
    ({ pinned, path, found }) =>
      `The network file that this device has pinned has the fingerprint ${pinned}, but ${path} has ${found}.`,
    'Name the file that you trust: --network <file>, or `medseal verify network <file>`.',
  ),
  FINGERPRINT_OTHER: row<{ what: string; found: string; expected: string }>(
    409,
    ({ what, found, expected }) =>
      `The network file ${what} has the fingerprint ${found}, not ${expected}.`,
    'Ask someone you trust for the fingerprint. If it is the second one, the file is false: do not pin it.',
  ),

  CONFIGURATION_INVALID: row<{ key: string; source: string; reason: string }>(
    400,
    ({ key, source, reason }) => `The setting ${key} in ${source} cannot be used: ${reason}.`,
    'Correct it; docs/reference/configuration.md lists the settings and their values.',
  ),

  // Peers and transports
  PEER_UNREACHABLE: row<{ peer: string }>(
    503,
    ({ peer }) => `The ${peer.includes(', ') ? 'peers' : 'peer'} ${peer} cannot be reached.`,
    'Try again when it is running.',
    true,
  ),
  PEER_UNTRUSTED: row<{ peer: string; reason: string }>(
    502,
    ({ peer, reason }) => `The certificate of ${peer} is not trusted: ${reason}.`,
    'Check the address, and that the authority that you name is the one that signed it. Do not connect without TLS instead.',
  ),
  PEER_REFUSES: row<{ peer: string; reason: string }>(
    401,
    ({ peer, reason }) => `${peer} refuses the connection: ${reason}.`,
    'Check the certificate, key, name and password that you give it, and how long the certificate is valid.',
  ),
  PEER_MALFORMED: row<{ what: string }>(
    502,
    ({ what }) => `The peer sent a malformed ${what}.`,
    'Check that both sides run compatible versions of Medseal.',
  ),
  NODE_OLDER: row<{ what: string }>(
    502,
    ({ what }) =>
      `The node, or others that judge for it, run an earlier version of Medseal, which does not know ${what}.`,
    'Ask its operator to update it: all nodes of a network are updated before the first client.',
  ),
  PEER_UNAUTHENTIC: row(
    401,
    () =>
      'The call has no valid signature of an organisation of the network for this node and this content.',
    'Check that both nodes use the same network file, and that the calling node uses its own keys.',
  ),
  PEER_CALL_SKEWED: row<{ limit: number }>(
    401,
    ({ limit }) =>
      `The call was signed at a time that differs from this clock by more than ${limit} s, or before this node started.`,
    'Set the clocks of both nodes, then try again.',
    true,
  ),
  PEER_CALL_REPEATED: row(
    401,
    () => 'The same call was made before.',
    'Sign a new call. If you did not make this call, someone is recording and replaying your traffic: investigate.',
  ),
  PEER_FORBIDDEN: row<{ method: string }>(
    403,
    ({ method }) =>
      `The organisation may not call ${method}, or not for the log or application that the call names.`,
    'Let the organisation that the log or application belongs to make the call.',
  ),
  METHOD_NOT_ALLOWED: row<{ method: string }>(
    405,
    ({ method }) => `The path does not support the method ${method}.`,
    'Use a method in the header Allow.',
  ),
  PEER_FALSE: row<{ peer: string; what: string }>(
    502,
    ({ peer, what }) => `The peer ${peer} gave false data: ${what}`,
    'This node takes the data from another peer or asks again. Tell the operator of the peer.',
  ),
  LISTS_LOST: row<{ count: number; first: string }>(
    500,
    ({ count, first }) =>
      `No organisation that answers can tell which records ${count} views of several records were of; the first is the entry ${first}.`,
    'Bring organisations that are away back. If all are there, restore a backup of one that judged the views.',
  ),
  METHOD_UNKNOWN: row<{ method: string }>(
    404,
    ({ method }) => `The method ${method} does not exist.`,
    'Check the name of the method and the version of Medseal.',
  ),
  ORIGIN_FOREIGN: row(
    403,
    () => 'The request comes from a web page, or names another host than this machine.',
    'Send it from a program, to the address that the node printed.',
  ),
  RUNTIME_OLD: row<{ found: string; oldest: string }>(
    500,
    ({ found, oldest }) => `Medseal needs Node ${oldest} or later, and this is Node ${found}.`,
    'Run it with a newer Node; in the clone, the npm scripts use the Node that comes with the packages.',
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
    'Correct it, then try again.',
  ),
  INTERNAL: row(
    500,
    () => 'An internal error happened.',
    'Try again; if the error stays, send the request id to the operator.',
    true,
  ),
} as const;

/** A stable error code. */
export type ErrorCode = keyof typeof catalogue;

/** The values that the text of a code names. */
export type ErrorDetails<Code extends ErrorCode> =
  (typeof catalogue)[Code] extends Row<infer Values> ? Values : never;
